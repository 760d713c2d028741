"""RootMeanSquaredError."""

from __future__ import annotations

from typing import Any

from .. import ops
from .mean import Mean
from .rank import pair


class RootMeanSquaredError(Mean):
    """The square root of the mean squared error, in the units of the labels.

    sqrt(mean((y_pred - y_true)^2))

    Args:
        name: default "root_mean_squared_error".
        dtype: of the result; default the default float type.

    Example:
        >>> float(RootMeanSquaredError()([0.0, 0.0], [3.0, 3.0]))
        3.0

    Source: keras.metrics.RootMeanSquaredError.
    """

    direction = "down"

    def __init__(self, name: str = "root_mean_squared_error", dtype: object = None) -> None:
        super().__init__(name, dtype)

    def update_state(  # type: ignore[override]
        self, y_true: Any, y_pred: Any, sample_weight: Any = None
    ) -> None:
        """Take one batch into the mean of squares."""
        y_true, y_pred = pair("RootMeanSquaredError", y_true, y_pred, self.dtype)
        super().update_state(ops.square(ops.subtract(y_pred, y_true)), sample_weight)

    def result(self) -> Any:
        """Return the error so far."""
        return ops.sqrt(super().result())
