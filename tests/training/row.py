"""A row of the training table: a net, how it is compiled, and what it is trained on."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

#: Batches of 7 rows, no multiple of a vector: ten steps an epoch, and with 66 rows the last one
#: has 3. Keras compiles a step of its own for those 3, so only some rows of the table ask for it.
BATCH, WHOLE, PARTIAL = 7, 70, 66


@dataclass(frozen=True)
class Row:
    """One way to train, written for Keras and for Ranvier alike.

    Attributes:
        make: gives the model, from the module `keras` or `ranvier`.
        compiled: gives the arguments of `compile`, from the same.
        x: inputs, in any form that `fit` takes.
        y: targets.
        fit: further arguments of `fit`; sample weights are cut with the rows.
        rows: how many rows of data to use.
        batch: rows a step.
        answers: whether to compare what evaluate, predict and the `_on_batch` methods return.
        loose: how much wider than usual the tolerance is, for float32 and for float64; the
            reason stands beside it.
        rounded: parts of names of results that Keras rounds to float32 always.
        float64: whether Keras can run it in float64.
        start: the size of the start weights.
    """

    make: Callable[[Any], Any]
    compiled: Callable[[Any], dict[str, Any]]
    x: Any
    y: Any
    fit: Mapping[str, Any] = field(default_factory=dict)
    rows: int = PARTIAL
    batch: int = BATCH
    answers: bool = False
    loose: tuple[float, float] = (1.0, 1.0)
    rounded: tuple[str, ...] = ()
    float64: bool = True
    start: float = 1.0

    def arguments(self, rows: int) -> dict[str, Any]:
        """Return further arguments of `fit` for the first rows."""
        return {k: cut(v, rows) if k == "sample_weight" else v for k, v in self.fit.items()}


def leaves(value: Any) -> list[Any]:
    """Return the arrays in a list, tuple or dict of arrays."""
    if isinstance(value, dict):
        value = list(value.values())
    return (
        [one for v in value for one in leaves(v)] if isinstance(value, (list, tuple)) else [value]
    )


def cut(value: Any, rows: int) -> Any:
    """Return the first rows of arrays in any structure."""
    if isinstance(value, (list, tuple)):
        return type(value)(cut(v, rows) for v in value)
    if isinstance(value, dict):
        return {k: cut(v, rows) for k, v in value.items()}
    return None if value is None else value[:rows]


def start(model: Any, size: float) -> None:
    """Give the weights their start: of a size that suits their inputs, the same on both sides."""
    rng = np.random.default_rng(17)
    for variable in model.weights:
        if variable.name in ("mean", "variance", "count"):
            continue  # of Normalization, which has adapted itself
        numbers = rng.normal(size=variable.shape)
        if variable.name in ("moving_variance", "moving_stddev", "renorm_stddev"):
            numbers = 1 + numbers**2
        fan_in = variable.shape[0] if len(variable.shape) > 1 else 9
        variable.assign((size * numbers / np.sqrt(fan_in)).astype(variable.dtype))
