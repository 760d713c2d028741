"""Axes, sizes and shifts come as a list, a tuple, a range or an array, or one alone."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from ranvier import ops
from ranvier.graph.shape import is_several

X = np.arange(24, dtype=np.float32).reshape(2, 3, 4)
FORMS: dict[str, Callable[[Any], Any]] = {"list": list, "tuple": tuple, "array": np.array}
CALLS: dict[str, tuple[Callable[[Any], Any], range, Any]] = {
    "sum": (lambda r: ops.sum(X, axis=r), range(2), X.sum((0, 1))),
    "roll": (lambda r: ops.roll(X, r, axis=r), range(1, 3), np.roll(X, (1, 2), (1, 2))),
    "tile": (lambda r: ops.tile(X, r), range(1, 4), np.tile(X, (1, 2, 3))),
    "ones": (lambda r: ops.ones(r), range(2, 4), np.ones((2, 3), np.float32)),
    "split": (lambda r: ops.split(X, r, 2)[1], range(1, 3), X[:, :, 1:2]),
    "array_split": (lambda r: ops.array_split(X, r, 2)[1], range(1, 3), X[:, :, 1:2]),
}


@pytest.mark.parametrize("form", ["range", *FORMS])
@pytest.mark.parametrize("name", CALLS)
def test_several_come_in_any_form(name: str, form: str) -> None:
    call, given, expected = CALLS[name]
    np.testing.assert_array_equal(call(FORMS.get(form, lambda r: r)(given)), expected)


@pytest.mark.parametrize("value", [2, np.int64(2), np.array(2), "ab", None], ids=repr)
def test_one_alone_is_not_several(value: Any) -> None:
    assert not is_several(value)
