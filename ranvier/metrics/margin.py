"""Hinge losses, which ask for a margin, as metrics."""

from __future__ import annotations

from .. import losses
from .mean import MeanMetricWrapper


class Hinge(MeanMetricWrapper):
    """The mean hinge loss of labels -1 and 1 (or 0 and 1).

    mean(max(1 - y_true * y_pred, 0))

    Args:
        name: default "hinge".
        dtype: of the result; default the default float type.

    Example:
        >>> float(Hinge()([[1.0]], [[0.5]]))
        0.5

    Source: keras.metrics.Hinge.
    """

    direction = "down"

    def __init__(self, name: str = "hinge", dtype: object = None) -> None:
        super().__init__(losses.hinge, name, dtype)


class SquaredHinge(MeanMetricWrapper):
    """The mean squared hinge loss of labels -1 and 1 (or 0 and 1).

    mean(max(1 - y_true * y_pred, 0)^2)

    Args:
        name: default "squared_hinge".
        dtype: of the result; default the default float type.

    Example:
        >>> float(SquaredHinge()([[1.0]], [[0.5]]))
        0.25

    Source: keras.metrics.SquaredHinge.
    """

    direction = "down"

    def __init__(self, name: str = "squared_hinge", dtype: object = None) -> None:
        super().__init__(losses.squared_hinge, name, dtype)


class CategoricalHinge(MeanMetricWrapper):
    """The mean hinge loss between the right class and the best wrong one.

    max(1 + max((1 - y_true) * y_pred) - sum(y_true * y_pred), 0)

    Args:
        name: default "categorical_hinge".
        dtype: of the result; default the default float type.

    Example:
        >>> float(CategoricalHinge()([[0.0, 1.0]], [[0.5, 0.5]]))
        1.0

    Source: keras.metrics.CategoricalHinge.
    """

    direction = "down"

    def __init__(self, name: str = "categorical_hinge", dtype: object = None) -> None:
        super().__init__(losses.categorical_hinge, name, dtype)
