"""Mean errors of regression as metrics."""

from __future__ import annotations

from typing import Any

from .. import losses, ops
from .mean import MeanMetricWrapper


def cosine_similarity(y_true: Any, y_pred: Any, axis: int = -1) -> Any:
    """Return the cosine of the angle between labels and predictions: 1 where they point one way.

    Example:
        >>> cosine_similarity([[1.0, 0.0]], [[2.0, 0.0]]).numpy()
        array([1.], dtype=float32)

    Source: what keras.metrics.CosineSimilarity averages; the loss of that name has the other sign.
    """
    return ops.negative(losses.cosine_similarity(y_true, y_pred, axis=axis))


class MeanSquaredError(MeanMetricWrapper):
    """The mean squared error.

    mean((y_pred - y_true)^2)

    Args:
        name: default "mean_squared_error".
        dtype: of the result; default the default float type.

    Example:
        >>> float(MeanSquaredError()([[0.0], [0.0]], [[1.0], [3.0]]))
        5.0

    Source: keras.metrics.MeanSquaredError.
    """

    direction = "down"

    def __init__(self, name: str = "mean_squared_error", dtype: object = None) -> None:
        super().__init__(losses.mean_squared_error, name, dtype)


class MeanAbsoluteError(MeanMetricWrapper):
    """The mean absolute error, in the units of the labels.

    mean(|y_pred - y_true|)

    Args:
        name: default "mean_absolute_error".
        dtype: of the result; default the default float type.

    Example:
        >>> float(MeanAbsoluteError()([[0.0], [0.0]], [[1.0], [3.0]]))
        2.0

    Source: keras.metrics.MeanAbsoluteError.
    """

    direction = "down"

    def __init__(self, name: str = "mean_absolute_error", dtype: object = None) -> None:
        super().__init__(losses.mean_absolute_error, name, dtype)


class MeanAbsolutePercentageError(MeanMetricWrapper):
    """The mean error in percent of the label.

    100 * mean(|y_true - y_pred| / max(|y_true|, epsilon))

    Args:
        name: default "mean_absolute_percentage_error".
        dtype: of the result; default the default float type.

    Example:
        >>> float(MeanAbsolutePercentageError()([[2.0], [4.0]], [[1.0], [3.0]]))
        37.5

    Source: keras.metrics.MeanAbsolutePercentageError.
    """

    direction = "down"

    def __init__(self, name: str = "mean_absolute_percentage_error", dtype: object = None) -> None:
        super().__init__(losses.mean_absolute_percentage_error, name, dtype)


class MeanSquaredLogarithmicError(MeanMetricWrapper):
    """The mean squared error of log(1 + value), which looks at ratios.

    mean((log(y_true + 1) - log(y_pred + 1))^2), values being at least epsilon

    Args:
        name: default "mean_squared_logarithmic_error".
        dtype: of the result; default the default float type.

    Example:
        >>> float(MeanSquaredLogarithmicError()([[0.0]], [[0.0]]))
        0.0

    Source: keras.metrics.MeanSquaredLogarithmicError.
    """

    direction = "down"

    def __init__(self, name: str = "mean_squared_logarithmic_error", dtype: object = None) -> None:
        super().__init__(losses.mean_squared_logarithmic_error, name, dtype)


class LogCoshError(MeanMetricWrapper):
    """The mean logarithm of the hyperbolic cosine of the error.

    mean(log(cosh(y_pred - y_true)))

    Args:
        name: default "logcosh".
        dtype: of the result; default the default float type.

    Example:
        >>> round(float(LogCoshError()([[0.0]], [[1.0]])), 4)
        0.4338

    Source: keras.metrics.LogCoshError.
    """

    direction = "down"

    def __init__(self, name: str = "logcosh", dtype: object = None) -> None:
        super().__init__(losses.log_cosh, name, dtype)


class CosineSimilarity(MeanMetricWrapper):
    """The mean cosine of the angle between labels and predictions, -1 to 1.

    sum(y_true * y_pred) / (norm(y_true) * norm(y_pred))

    Args:
        name: default "cosine_similarity".
        dtype: of the result; default the default float type.
        axis: along which vectors lie; default -1.

    Example:
        >>> round(float(CosineSimilarity()([[1.0, 0.0]], [[1.0, 1.0]])), 4)
        0.7071

    Source: keras.metrics.CosineSimilarity.
    """

    direction = "up"

    def __init__(
        self, name: str = "cosine_similarity", dtype: object = None, axis: int = -1
    ) -> None:
        super().__init__(cosine_similarity, name, dtype, axis=axis)
        self.axis = axis
