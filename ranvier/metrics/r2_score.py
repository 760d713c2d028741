"""R2Score, the share of the labels' variance that predictions explain."""

from __future__ import annotations

from typing import Any

import numpy as np

from .. import ops
from ..graph.errors import ArgumentError, ShapeError, warn
from ..graph.whole import whole
from ..losses.pair import same_rank
from .metric import Metric


class R2Score(Metric):
    """The coefficient of determination: 1 is perfect, 0 is no better than the mean.

    1 - sum((y_true - y_pred)^2) / sum((y_true - mean(y_true))^2), for each output

    Args:
        class_aggregation: "uniform_average" (default): mean over outputs;
            "variance_weighted_average": weighted by variance; None: one number an output.
        num_regressors: number of inputs, for the adjusted score; default 0: not adjusted.
        name: default "r2_score".
        dtype: of the result; default the default float type.

    Shape:
        y_true and y_pred: (rows, outputs).

    Raises:
        ArgumentError: if an argument is out of its range.

    Example:
        >>> round(float(R2Score()([[1.0], [4.0], [3.0]], [[2.0], [4.0], [4.0]])), 4)
        0.5714

    Source: keras.metrics.R2Score.
    """

    direction = "up"

    def __init__(
        self,
        class_aggregation: str | None = "uniform_average",
        num_regressors: int = 0,
        name: str = "r2_score",
        dtype: object = None,
    ) -> None:
        super().__init__(name=name, dtype=dtype)
        ways = (None, "uniform_average", "variance_weighted_average")
        if class_aggregation not in ways:
            raise ArgumentError(
                f"R2Score, `class_aggregation`: got {class_aggregation!r}, expected one of {ways}."
            )
        self.class_aggregation = class_aggregation
        self.num_regressors = whole("R2Score, `num_regressors`", num_regressors, 0)
        self.num_samples = self.add_variable((), dtype="float64", name="num_samples")
        self._built = False

    def _build(self, y_true: Any, y_pred: Any) -> None:
        if len(y_pred.shape) != 2 or len(y_true.shape) != 2:
            raise ShapeError(
                f"R2Score: got y_true of shape {tuple(y_true.shape)} and y_pred of shape "
                f"{tuple(y_pred.shape)}, expected both (rows, outputs)."
            )
        shape = (y_pred.shape[1],)
        self.squared_sum = self.add_variable(shape, dtype="float64", name="squared_sum")
        self.sum = self.add_variable(shape, dtype="float64", name="sum")
        self.total_mse = self.add_variable(shape, dtype="float64", name="residual")
        self.count = self.add_variable(shape, dtype="float64", name="count")
        self._built = True

    def update_state(self, y_true: Any, y_pred: Any, sample_weight: Any = None) -> None:
        """Take one batch into the sums."""
        y_pred = ops.convert_to_tensor(y_pred, self.dtype)
        y_true, y_pred = same_rank(ops.convert_to_tensor(y_true, self.dtype), y_pred)
        if not self._built:
            self._build(y_true, y_pred)
        weight = ops.cast(1.0 if sample_weight is None else ops.convert_to_tensor(sample_weight),
                          self.dtype)  # fmt: skip
        if len(weight.shape) == 1:
            weight = ops.expand_dims(weight, 1)
        # Squares of labels far from 0 cancel in `result`: float64 keeps what is left.
        label = ops.cast(y_true, "float64")
        weighted = ops.multiply(label, ops.cast(weight, "float64"))
        wide = ops.multiply(ops.ones_like(y_true), weight)
        error = ops.multiply(ops.square(ops.subtract(y_true, y_pred)), weight)
        self.sum.assign_add(ops.sum(weighted, 0))
        self.squared_sum.assign_add(ops.sum(ops.multiply(label, weighted), 0))
        self.total_mse.assign_add(ops.cast(ops.sum(error, 0), "float64"))
        self.count.assign_add(ops.cast(ops.sum(wide, 0), "float64"))
        self.num_samples.assign_add(ops.cast(ops.size(y_true), "float64"))

    def result(self) -> Any:
        """Return the score so far."""
        if not self._built:
            return ops.cast(0.0, self.dtype)
        total = ops.subtract(self.squared_sum, ops.divide(ops.square(self.sum), self.count))
        score = ops.subtract(1.0, ops.divide(self.total_mse, total))
        score = ops.where(ops.isinf(score), 0.0, score)
        if self.class_aggregation == "uniform_average":
            score = ops.mean(score)
        elif self.class_aggregation == "variance_weighted_average":
            score = ops.divide(ops.sum(ops.multiply(total, score)), ops.sum(total))
        return ops.cast(self._adjusted(score), self.dtype)

    def _adjusted(self, score: Any) -> Any:
        if not self.num_regressors:
            return score
        free = float(np.asarray(self.num_samples)) - self.num_regressors - 1
        if free <= 0:
            warn(
                f"R2Score: {self.num_regressors} regressors leave no freedom for "
                f"{int(self.num_samples)} labels, so the score is not adjusted.",
                UserWarning,
            )
            return score
        return 1.0 - (1.0 - score) * (free + self.num_regressors) / free
