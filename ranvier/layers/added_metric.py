"""AddedMetric: the running mean of a number that a layer's `call` reports with `add_metric`."""

from __future__ import annotations

from typing import Any

import numpy as np

from .. import ops
from ..graph.variable import Variable


class AddedMetric:
    """The mean of one number a batch, over the batches so far; 0 before the first.

    A metric in all but its room, which layers do not know.

    Args:
        name: its key in logs and in the History.
    """

    def __init__(self, name: str) -> None:
        self.name = name
        self.variables = [
            Variable(np.float64(0), dtype="float64", trainable=False, name=word)
            for word in ("total", "count")
        ]

    def update_state(self, value: Any) -> None:
        """Take one batch's number in."""
        total, count = self.variables
        total.assign_add(ops.cast(ops.mean(value), "float64"))
        count.assign_add(1.0)

    def result(self) -> Any:
        """Return the mean so far."""
        total, count = self.variables
        return ops.cast(ops.divide_no_nan(total, count), "float32")

    def reset_state(self) -> None:
        """Forget all batches."""
        for variable in self.variables:
            variable.assign(0.0)
