"""A table of data made ready for a program: arrays in its order, and the specs it is traced for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from ..data import is_finite
from ..graph import dtype as dt
from .step import Spec, Specs

#: Rows of a table, and numbers in a row, from which zeros are looked for; in how many rows; and the
#: share of zeros from which passing over them is faster than multiplying by them.
_MANY, _WIDE, _SEEN, _ZEROS = 128, 64, 64, 0.4


@dataclass(frozen=True)
class Feed:
    """Arrays as a program takes them.

    Attributes:
        arrays: inputs, then the targets and the weights that there are.
        specs: what the step is traced for.
        rows: how many rows each array has.
    """

    arrays: list[np.ndarray]
    specs: Specs
    rows: int

    def met(self) -> Feed:
        """Return the feed of a step whose products pass over no zeros."""
        x = tuple(spec._replace(zeros=False) for spec in self.specs.x)
        return replace(self, specs=replace(self.specs, x=x))


def feed(table: Any, inputs: Sequence[Any], outputs: int, zeros: Sequence[bool] = ()) -> Feed:
    """Return the feed of a table.

    Args:
        table: arrays by purpose (`data.Table`).
        inputs: the model's inputs with their `.dtype`.
        outputs: how many outputs the model has; targets and weights are padded to it.
        zeros: which inputs are mostly zeros (`mostly_zero`); those past its end are not.
    """
    x = list(table.x)
    y = list(table.y) + [None] * (outputs - len(table.y))
    w = list(table.weights) + [None] * (outputs - len(table.weights))
    specs = Specs(
        tuple(_input(a, str(inputs[i].dtype), any(zeros[i : i + 1])) for i, a in enumerate(x)),
        tuple(None if a is None else _spec(a) for a in y),
        tuple(None if a is None else Spec(a.shape[1:], dt.floatx()) for a in w),
    )
    arrays = [a for group in (x, y, w) for a in group if a is not None]
    return Feed(arrays, specs, len(x[0]))


def _input(array: np.ndarray, dtype: str, zeros: bool) -> Spec:
    """An input takes its own type, but floats given for an integer input stay floats."""
    kept = array.dtype.kind == "f" and not dt.is_float(dtype)
    spec = _spec(array, None if kept else dtype)
    return spec._replace(zeros=zeros and dt.is_float(spec.dtype))


def mostly_zero(array: np.ndarray, rows: np.ndarray | None = None) -> bool:
    """Tell whether so much of an input, or of some rows, is zero that products pass over zeros.

    A few rows tell, the same ones each time. A short table is done before that pays.
    """
    count = len(array if rows is None else rows)
    if count < _MANY or array[0].size < _WIDE:
        return False
    step = -(-count // _SEEN)
    seen = array[::step] if rows is None else array[rows[::step]]
    return bool(np.count_nonzero(seen) < (1 - _ZEROS) * seen.size)


def hides_lost_weights(model: Any) -> bool:
    """Tell whether weights are no numbers which products that pass over zeros may never meet.

    Zero times NaN or infinity is NaN, but what is passed over gives nothing: a model whose weights
    of an input that is always zero are lost would look well. From then on its products meet zeros.
    """
    if not any(model._zeros):
        return False
    weights = model.weights
    seen = [(id(v), v.version) for v in weights]
    if seen == model._finite:
        return False
    if all(is_finite(v.numpy()) for v in weights):
        model._finite = seen
        return False
    model._zeros = ()
    return True


def _spec(array: np.ndarray, dtype: str | None = None) -> Spec:
    """Floats are read in the default float type; integers and booleans stay what they are."""
    if dtype is None:
        dtype = dt.floatx() if array.dtype.kind == "f" else dt.canonical(array.dtype)
    return Spec(array.shape[1:], dtype)
