"""A short config may ask an op for any number of elements: what it lays out at once is bounded."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from ranvier import ops
from ranvier.graph import budget
from ranvier.graph.errors import ModelFileError

HUGE: dict[str, Callable[[], Any]] = {
    "eye": lambda: ops.eye(10**6),
    "diag": lambda: ops.diag([1.0, 2.0], 10**6),
    "diagflat": lambda: ops.diagflat([[1.0, 2.0]], -(10**6)),
    "pad": lambda: ops.pad([1.0, 2.0], 10**10, mode="edge"),
    "array_split": lambda: ops.array_split([1.0, 2.0], 10**12),
    "bartlett": lambda: ops.bartlett(10**10),
    "blackman": lambda: ops.blackman(10**10),
    "hamming": lambda: ops.hamming(10**10),
    "hanning": lambda: ops.hanning(10**10),
    "kaiser": lambda: ops.kaiser(10**10, 2.0),
}


@pytest.mark.parametrize("name", HUGE)
def test_what_a_file_may_ask_of_an_op_is_bounded(name: str) -> None:
    with budget.limited(1000), pytest.raises(ModelFileError, match="constant of shape"):
        HUGE[name]()
