"""Accuracy, and what it means for one output, one-hot labels and class numbers."""

from __future__ import annotations

from typing import Any

from .. import ops
from ..graph.dtype import floatx
from ..graph.errors import ShapeError
from ..graph.number import check_numbers
from .mean import MeanMetricWrapper
from .rank import pair, same_shape

#: What takes predictions with a number for each class.
_FITTED = (
    "Predictions with a number for each class go with metrics=['accuracy'] in compile, or with "
    "SparseCategoricalAccuracy."
)


def accuracy(y_true: Any, y_pred: Any) -> Any:
    """Return 1 where a prediction equals its label, else 0.

    Shape:
        two of (rows, ...) -> (rows, ...)

    Example:
        >>> accuracy([1, 2, 3], [1, 2, 0]).numpy()
        array([1., 1., 0.], dtype=float32)
    """
    y_true, y_pred = pair("accuracy", y_true, y_pred, way=_FITTED)
    return ops.cast(ops.equal(y_true, y_pred), floatx())


def binary_accuracy(y_true: Any, y_pred: Any, threshold: float = 0.5) -> Any:
    """Return 1 where a probability lies on the side of the threshold that its label names.

    Args:
        y_true: 0 or 1.
        y_pred: probabilities; above the threshold counts as 1.
        threshold: default 0.5.

    Example:
        >>> binary_accuracy([1.0, 0.0, 1.0], [0.9, 0.2, 0.5]).numpy()
        array([1., 1., 0.], dtype=float32)

    Source: keras.metrics.binary_accuracy.
    """
    y_true, y_pred = pair("binary_accuracy", y_true, y_pred, way=_FITTED)
    guess = ops.cast(ops.greater(y_pred, threshold), str(y_true.dtype))
    return ops.cast(ops.equal(y_true, guess), floatx())


def categorical_accuracy(y_true: Any, y_pred: Any) -> Any:
    """Return 1 where the largest prediction stands at the largest label (one-hot labels).

    Shape:
        two of (rows, ..., classes) -> (rows, ...)

    Raises:
        ShapeError: if the labels have another shape.

    Example:
        >>> categorical_accuracy([[0, 1], [1, 0]], [[0.1, 0.9], [0.2, 0.8]]).numpy()
        array([1., 0.], dtype=float32)

    Source: keras.metrics.categorical_accuracy.
    """
    y_true, y_pred = one_hot_pair("categorical_accuracy", y_true, y_pred)
    return ops.cast(ops.equal(ops.argmax(y_true, -1), ops.argmax(y_pred, -1)), floatx())


def sparse_categorical_accuracy(y_true: Any, y_pred: Any) -> Any:
    """Return 1 where the largest prediction stands at the number that the label is.

    Shape:
        (rows, ...) or (rows, ..., 1), and (rows, ..., classes) -> (rows, ...)

    Raises:
        ShapeError: if the labels have another shape.

    Example:
        >>> sparse_categorical_accuracy([1, 0], [[0.1, 0.9], [0.2, 0.8]]).numpy()
        array([1., 0.], dtype=float32)

    Source: keras.metrics.sparse_categorical_accuracy.
    """
    y_true, y_pred = class_numbers("sparse_categorical_accuracy", y_true, y_pred)
    return ops.cast(ops.equal(y_true, ops.argmax(y_pred, -1)), floatx())


def one_hot_pair(metric: str, y_true: Any, y_pred: Any) -> tuple[Any, Any]:
    """Return labels and predictions, or raise ShapeError where labels are no rows of 0 and 1."""
    y_true, y_pred = ops.convert_to_tensor(y_true), ops.convert_to_tensor(y_pred)
    if not same_shape(y_true, y_pred):
        raise ShapeError(
            f"{metric}: got labels of shape {tuple(y_true.shape)} for predictions of shape "
            f"{tuple(y_pred.shape)}, expected equal shapes. For labels that are class numbers use "
            f"sparse_{metric}."
        )
    return y_true, y_pred


def class_numbers(metric: str, y_true: Any, y_pred: Any) -> tuple[Any, Any]:
    """Return labels without their last axis of size 1, and predictions, or raise ShapeError."""
    y_true, y_pred = ops.convert_to_tensor(y_true), ops.convert_to_tensor(y_pred)
    rank = len(y_pred.shape)
    if len(y_true.shape) == rank and rank and y_true.shape[-1] == 1:
        y_true = ops.squeeze(y_true, -1)
    if len(y_true.shape) != rank - 1:
        raise ShapeError(
            f"{metric}: got labels of shape {tuple(y_true.shape)} for predictions of shape "
            f"{tuple(y_pred.shape)}, expected one class number a row. For one-hot labels use "
            f"{metric.replace('sparse_', '')}."
        )
    return y_true, y_pred


class Accuracy(MeanMetricWrapper):
    """How often predictions equal labels.

    Args:
        name: default "accuracy".
        dtype: of the result; default the default float type.

    Example:
        >>> float(Accuracy()([1, 2, 3, 4], [0, 2, 3, 4]))
        0.75

    Source: keras.metrics.Accuracy. In `compile`, "accuracy" means BinaryAccuracy,
    CategoricalAccuracy or SparseCategoricalAccuracy, by the shapes of output and labels.
    """

    direction = "up"

    def __init__(self, name: str = "accuracy", dtype: object = None) -> None:
        super().__init__(accuracy, name, dtype)


class BinaryAccuracy(MeanMetricWrapper):
    """How often probabilities lie on the right side of a threshold.

    Args:
        name: default "binary_accuracy".
        dtype: of the result; default the default float type.
        threshold: above it a probability counts as 1; default 0.5.

    Example:
        >>> float(BinaryAccuracy()([[1], [1], [0], [0]], [[0.9], [0.4], [0.2], [0.1]]))
        0.75

    Source: keras.metrics.BinaryAccuracy.
    """

    direction = "up"

    def __init__(
        self, name: str = "binary_accuracy", dtype: object = None, threshold: float = 0.5
    ) -> None:
        check_numbers("BinaryAccuracy", threshold=threshold)
        super().__init__(binary_accuracy, name, dtype, threshold=threshold)
        self.threshold = threshold


class CategoricalAccuracy(MeanMetricWrapper):
    """How often the largest output is the right class, for one-hot labels.

    Args:
        name: default "categorical_accuracy".
        dtype: of the result; default the default float type.

    Example:
        >>> float(CategoricalAccuracy()([[0, 1], [1, 0]], [[0.1, 0.9], [0.2, 0.8]]))
        0.5

    Source: keras.metrics.CategoricalAccuracy.
    """

    direction = "up"

    def __init__(self, name: str = "categorical_accuracy", dtype: object = None) -> None:
        super().__init__(categorical_accuracy, name, dtype)


class SparseCategoricalAccuracy(MeanMetricWrapper):
    """How often the largest output is the right class, for class numbers as labels.

    Args:
        name: default "sparse_categorical_accuracy".
        dtype: of the result; default the default float type.

    Example:
        >>> float(SparseCategoricalAccuracy()([1, 0], [[0.1, 0.9], [0.2, 0.8]]))
        0.5

    Source: keras.metrics.SparseCategoricalAccuracy.
    """

    direction = "up"

    def __init__(self, name: str = "sparse_categorical_accuracy", dtype: object = None) -> None:
        super().__init__(sparse_categorical_accuracy, name, dtype)
