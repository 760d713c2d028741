"""How often the right class is among the k largest outputs."""

from __future__ import annotations

from typing import Any

from .. import ops
from ..graph.dtype import floatx
from ..graph.whole import whole
from .accuracy import class_numbers, one_hot_pair
from .mean import MeanMetricWrapper


def top_k_categorical_accuracy(y_true: Any, y_pred: Any, k: int = 5) -> Any:
    """Return 1 where the class of a one-hot label is among the k largest predictions.

    Shape:
        two of (rows, ..., classes) -> (rows, ...)

    Raises:
        ShapeError: if the labels have another shape.

    Example:
        >>> top_k_categorical_accuracy([[0, 0, 1]], [[0.5, 0.1, 0.4]], k=2).numpy()
        array([1.], dtype=float32)

    Source: keras.metrics.top_k_categorical_accuracy.
    """
    y_true, y_pred = one_hot_pair("top_k_categorical_accuracy", y_true, y_pred)
    return ops.cast(ops.in_top_k(ops.argmax(y_true, -1), y_pred, k), floatx())


def sparse_top_k_categorical_accuracy(
    y_true: Any, y_pred: Any, k: int = 5, from_sorted_ids: bool = False
) -> Any:
    """Return 1 where a class number is among the k largest predictions.

    Args:
        y_true: class numbers.
        y_pred: (rows, ..., classes); with from_sorted_ids, class numbers, best first.
        k: default 5.
        from_sorted_ids: whether y_pred holds class numbers instead of scores; default False.

    Example:
        >>> sparse_top_k_categorical_accuracy([2], [[0.5, 0.1, 0.4]], k=2).numpy()
        array([1.], dtype=float32)

    Source: keras.metrics.sparse_top_k_categorical_accuracy.
    """
    y_true, y_pred = class_numbers("sparse_top_k_categorical_accuracy", y_true, y_pred)
    if not from_sorted_ids:
        return ops.cast(ops.in_top_k(ops.cast(y_true, "int32"), y_pred, k), floatx())
    found = ops.equal(ops.expand_dims(y_true, -1), y_pred[..., :k])
    return ops.cast(ops.any(found, -1), floatx())


class TopKCategoricalAccuracy(MeanMetricWrapper):
    """How often the right class is among the k largest outputs, for one-hot labels.

    Args:
        k: default 5.
        name: default "top_k_categorical_accuracy".
        dtype: of the result; default the default float type.

    Example:
        >>> float(TopKCategoricalAccuracy(k=2)([[0, 0, 1]], [[0.5, 0.1, 0.4]]))
        1.0

    Source: keras.metrics.TopKCategoricalAccuracy.
    """

    direction = "up"

    def __init__(
        self, k: int = 5, name: str = "top_k_categorical_accuracy", dtype: object = None
    ) -> None:
        self.k = whole("TopKCategoricalAccuracy, `k`", k, 1)
        super().__init__(top_k_categorical_accuracy, name, dtype, k=k)


class SparseTopKCategoricalAccuracy(MeanMetricWrapper):
    """How often the right class is among the k largest outputs, for class numbers as labels.

    Args:
        k: default 5.
        name: default "sparse_top_k_categorical_accuracy".
        dtype: of the result; default the default float type.
        from_sorted_ids: whether predictions are class numbers, best first; default False.

    Example:
        >>> float(SparseTopKCategoricalAccuracy(k=2)([2], [[0.5, 0.1, 0.4]]))
        1.0

    Source: keras.metrics.SparseTopKCategoricalAccuracy.
    """

    direction = "up"

    def __init__(
        self,
        k: int = 5,
        name: str = "sparse_top_k_categorical_accuracy",
        dtype: object = None,
        from_sorted_ids: bool = False,
    ) -> None:
        self.k = whole("SparseTopKCategoricalAccuracy, `k`", k, 1)
        super().__init__(
            sparse_top_k_categorical_accuracy, name, dtype, k=k, from_sorted_ids=from_sorted_ids
        )
        self.from_sorted_ids = from_sorted_ids
