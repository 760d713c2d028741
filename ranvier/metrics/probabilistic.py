"""Losses of probabilities as metrics."""

from __future__ import annotations

from typing import Any

from .. import losses
from ..graph.number import check_numbers
from ..losses.pair import ranked_pair
from .mean import MeanMetricWrapper


class KLDivergence(MeanMetricWrapper):
    """The mean Kullback-Leibler divergence of predictions from labels.

    sum(y_true * log(y_true / y_pred))

    Args:
        name: default "kl_divergence".
        dtype: of the result; default the default float type.

    Example:
        >>> float(KLDivergence()([[0.5, 0.5]], [[0.5, 0.5]]))
        0.0

    Source: keras.metrics.KLDivergence.
    """

    direction = "down"

    def __init__(self, name: str = "kl_divergence", dtype: object = None) -> None:
        super().__init__(losses.kl_divergence, name, dtype)


class Poisson(MeanMetricWrapper):
    """The mean Poisson loss.

    mean(y_pred - y_true * log(y_pred + epsilon))

    Args:
        name: default "poisson".
        dtype: of the result; default the default float type.

    Example:
        >>> float(Poisson()([[0.0]], [[1.0]]))
        1.0

    Source: keras.metrics.Poisson.
    """

    direction = "down"

    def __init__(self, name: str = "poisson", dtype: object = None) -> None:
        super().__init__(losses.poisson, name, dtype)


class BinaryCrossentropy(MeanMetricWrapper):
    """The mean crossentropy of labels 0 and 1.

    -mean(y_true * log(y_pred) + (1 - y_true) * log(1 - y_pred))

    Args:
        name: default "binary_crossentropy".
        dtype: of the result; default the default float type.
        from_logits: whether predictions are logits, not probabilities; default False.
        label_smoothing: how far labels move towards equal shares, 0 to 1; default 0.

    Example:
        >>> round(float(BinaryCrossentropy()([[1.0]], [[0.5]])), 4)
        0.6931

    Source: keras.metrics.BinaryCrossentropy; labels (rows,) beside predictions (rows, 1) count as
    a column.
    """

    direction = "down"

    def __init__(
        self,
        name: str = "binary_crossentropy",
        dtype: object = None,
        from_logits: bool = False,
        label_smoothing: float = 0.0,
    ) -> None:
        check_numbers("BinaryCrossentropy", label_smoothing=label_smoothing or 0.0)
        super().__init__(
            losses.binary_crossentropy,
            name,
            dtype,
            from_logits=from_logits,
            label_smoothing=label_smoothing,
        )
        self.from_logits = from_logits
        self.label_smoothing = label_smoothing

    def update_state(  # type: ignore[override]
        self, y_true: Any, y_pred: Any, sample_weight: Any = None
    ) -> None:
        """Take one batch into the mean; a vector of labels fits a column of predictions."""
        super().update_state(*ranked_pair(y_true, y_pred), sample_weight)


class CategoricalCrossentropy(MeanMetricWrapper):
    """The mean crossentropy of one-hot labels.

    -sum(y_true * log(y_pred))

    Args:
        name: default "categorical_crossentropy".
        dtype: of the result; default the default float type.
        from_logits: whether predictions are logits, not probabilities; default False.
        label_smoothing: how far labels move towards equal shares, 0 to 1; default 0.
        axis: of the classes; default -1.

    Example:
        >>> round(float(CategoricalCrossentropy()([[0.0, 1.0]], [[0.5, 0.5]])), 4)
        0.6931

    Source: keras.metrics.CategoricalCrossentropy.
    """

    direction = "down"

    def __init__(
        self,
        name: str = "categorical_crossentropy",
        dtype: object = None,
        from_logits: bool = False,
        label_smoothing: float = 0.0,
        axis: int = -1,
    ) -> None:
        check_numbers("CategoricalCrossentropy", label_smoothing=label_smoothing or 0.0)
        super().__init__(
            losses.categorical_crossentropy,
            name,
            dtype,
            from_logits=from_logits,
            label_smoothing=label_smoothing,
            axis=axis,
        )
        self.from_logits = from_logits
        self.label_smoothing = label_smoothing
        self.axis = axis


class SparseCategoricalCrossentropy(MeanMetricWrapper):
    """The mean crossentropy of labels that are class numbers.

    -log(y_pred[y_true])

    Args:
        name: default "sparse_categorical_crossentropy".
        dtype: of the result; default the default float type.
        from_logits: whether predictions are logits, not probabilities; default False.
        ignore_class: labels of this class count as 0; default None.
        axis: of the classes; default -1.

    Example:
        >>> round(float(SparseCategoricalCrossentropy()([1], [[0.5, 0.5]])), 4)
        0.6931

    Source: keras.metrics.SparseCategoricalCrossentropy.
    """

    direction = "down"

    def __init__(
        self,
        name: str = "sparse_categorical_crossentropy",
        dtype: object = None,
        from_logits: bool = False,
        ignore_class: int | None = None,
        axis: int = -1,
    ) -> None:
        super().__init__(
            losses.sparse_categorical_crossentropy,
            name,
            dtype,
            from_logits=from_logits,
            ignore_class=ignore_class,
            axis=axis,
        )
        self.from_logits = from_logits
        self.ignore_class = ignore_class
        self.axis = axis
