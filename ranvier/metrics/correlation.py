"""PearsonCorrelation and ConcordanceCorrelation."""

from __future__ import annotations

from typing import Any

from .. import ops
from ..graph.dtype import epsilon
from .mean import MeanMetricWrapper
from .rank import pair


def pearson_correlation(y_true: Any, y_pred: Any, axis: int = -1) -> Any:
    """Return the correlation of labels and predictions along an axis, -1 to 1.

    mean((y_true - mean(y_true)) * (y_pred - mean(y_pred))) / (std(y_true) * std(y_pred))

    Example:
        >>> pearson_correlation([[0.0, 1.0, 2.0]], [[1.0, 3.0, 5.0]]).numpy().round(4)
        array([1.], dtype=float32)

    Source: keras.metrics.pearson_correlation.
    """
    y_true, y_pred = pair("pearson_correlation", y_true, y_pred)
    parts = []
    for y in (y_true, y_pred):
        off = ops.subtract(y, ops.mean(y, axis, keepdims=True))
        parts.append(ops.divide(off, ops.std(off, axis, keepdims=True)))
    return ops.mean(ops.multiply(*parts), axis)


def concordance_correlation(y_true: Any, y_pred: Any, axis: int = -1) -> Any:
    """Return how well predictions agree with labels along an axis: -1 to 1, 1 where equal.

    2 * covariance / (variance(y_true) + variance(y_pred) + (mean(y_true) - mean(y_pred))^2)

    Example:
        >>> concordance_correlation([[0.0, 1.0, 2.0]], [[0.0, 1.0, 2.0]]).numpy().round(4)
        array([1.], dtype=float32)

    Source: Lin (1989); keras.metrics.concordance_correlation.
    """
    y_true, y_pred = pair("concordance_correlation", y_true, y_pred)
    mean_true, mean_pred = (ops.mean(y, axis, keepdims=True) for y in (y_true, y_pred))
    off_true, off_pred = ops.subtract(y_true, mean_true), ops.subtract(y_pred, mean_pred)
    spread = ops.add(ops.var(off_true, axis, True), ops.var(off_pred, axis, True))
    spread = ops.add(spread, ops.square(ops.subtract(mean_true, mean_pred)))
    both = ops.multiply(2.0, ops.multiply(off_true, off_pred))
    return ops.mean(ops.divide(both, ops.add(spread, epsilon())), axis)


class PearsonCorrelation(MeanMetricWrapper):
    """The mean over rows of the correlation along an axis.

    Args:
        name: default "pearson_correlation".
        dtype: of the result; default the default float type.
        axis: along which to correlate; default -1.

    Example:
        >>> round(float(PearsonCorrelation(axis=0)([[0.0], [1.0]], [[2.0], [1.0]])), 4)
        -1.0

    Source: keras.metrics.PearsonCorrelation.
    """

    direction = "up"

    def __init__(
        self, name: str = "pearson_correlation", dtype: object = None, axis: int = -1
    ) -> None:
        super().__init__(pearson_correlation, name, dtype, axis=axis)
        self.axis = axis


class ConcordanceCorrelation(MeanMetricWrapper):
    """The mean over rows of the concordance along an axis.

    Args:
        name: default "concordance_correlation".
        dtype: of the result; default the default float type.
        axis: along which to compare; default -1.

    Example:
        >>> round(float(ConcordanceCorrelation()([[0.0, 2.0]], [[0.0, 2.0]])), 4)
        1.0

    Source: Lin (1989); keras.metrics.ConcordanceCorrelation.
    """

    direction = "up"

    def __init__(
        self, name: str = "concordance_correlation", dtype: object = None, axis: int = -1
    ) -> None:
        super().__init__(concordance_correlation, name, dtype, axis=axis)
        self.axis = axis
