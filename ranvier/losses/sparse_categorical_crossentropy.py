"""The crossentropy of labels that are class numbers."""

from __future__ import annotations

from typing import Any

from .. import ops
from ..graph.dtype import epsilon, is_float
from ..graph.errors import ShapeError
from ..graph.shape import normal_axis
from ..ops.reduce import floats, given
from .loss import LossFunctionWrapper


def sparse_categorical_crossentropy(
    y_true: Any,
    y_pred: Any,
    from_logits: bool = False,
    ignore_class: int | None = None,
    axis: int = -1,
) -> Any:
    """Return the crossentropy of labels that are class numbers.

    -log(p), p the label's share of y_pred / sum(y_pred), kept from epsilon to 1 - epsilon. A
    number that is no class picks p = 0.

    Args:
        y_true: class numbers from 0.
        y_pred: odds of each class.
        from_logits: y_pred are logits, to which softmax was not applied; default False.
        ignore_class: rows of this label have loss 0; default None.
        axis: over which the classes lie; default -1.

    Shape:
        (batch, ...) or (batch, ..., 1), (batch, ..., classes) -> (batch, ...)

    Raises:
        ShapeError: if labels have another shape than predictions without their classes.

    Example:
        >>> float(sparse_categorical_crossentropy([1], [[0.5, 0.5]])[0])
        0.693147...

    Source: keras.losses.sparse_categorical_crossentropy. Keras takes the logarithm of every class
    and multiplies by one-hot labels; the label's share is picked first here, with the same result.
    """
    y_pred = floats(y_pred)
    y_true = class_numbers(y_true, y_pred, axis)
    valid = None
    if ignore_class is not None:
        valid = ops.not_equal(y_true, ignore_class)
        # Odds of 1 in place of what is ignored: they may be NaN, and their gradient is dropped.
        y_pred = ops.where(ops.expand_dims(valid, axis), y_pred, 1.0)
    if from_logits:
        top = ops.stop_gradient(ops.max(y_pred, axis, keepdims=True))
        shifted = ops.subtract(y_pred, top)
        total = ops.log(ops.sum(ops.exp(shifted), axis))
        loss = ops.subtract(total, picked(y_true, shifted, axis))
    else:
        odds = ops.divide(picked(y_true, y_pred, axis), ops.sum(y_pred, axis))
        loss = ops.negative(ops.log(ops.clip(odds, epsilon(), 1.0 - epsilon())))
    return loss if valid is None else ops.where(valid, loss, 0.0)


sparse_categorical_crossentropy.takes_labels = True  # type: ignore[attr-defined]


def class_numbers(y_true: Any, y_pred: Any, axis: int = -1) -> Any:
    """Return labels as integers without an axis of size 1 for the classes.

    Raises:
        ShapeError: if their shape does not fit the predictions.
    """
    y_true = given(y_true)
    if is_float(str(y_true.dtype)) or str(y_true.dtype) == "bool":
        y_true = ops.cast(y_true, "int32")
    at = normal_axis(axis, len(y_pred.shape))
    if len(y_true.shape) == len(y_pred.shape) and y_true.shape[at] == 1:
        y_true = ops.squeeze(y_true, at)
    rest = tuple(y_pred.shape[:at]) + tuple(y_pred.shape[at + 1 :])
    if tuple(y_true.shape) != rest:
        raise ShapeError(
            f"sparse_categorical_crossentropy: y_true has shape {tuple(y_true.shape)} and y_pred "
            f"{tuple(y_pred.shape)}; expected class numbers of shape {rest}. For one-hot labels, "
            "use 'categorical_crossentropy'."
        )
    return y_true


def picked(y_true: Any, y_pred: Any, axis: int = -1) -> Any:
    """Return the prediction at each label's class, 0 where there is no such class."""
    at = normal_axis(axis, len(y_pred.shape))
    line = [1] * len(y_pred.shape)
    line[at] = y_pred.shape[at]
    kind = "int64" if str(y_true.dtype) == "int64" else "int32"
    hit = ops.equal(ops.expand_dims(y_true, at), ops.iota(line, at, kind))
    return ops.sum(ops.where(hit, y_pred, 0.0), at)


class SparseCategoricalCrossentropy(LossFunctionWrapper):
    """The crossentropy of labels that are class numbers.

    -log(p), p the label's share of y_pred / sum(y_pred), kept from epsilon to 1 - epsilon.

    Args:
        from_logits: y_pred are logits, to which softmax was not applied; default False.
        ignore_class: rows of this label do not count, also in the mean; default None.
        reduction: as for `Loss`.
        axis: over which the classes lie; default -1.
        name: default "sparse_categorical_crossentropy".
        dtype: as for `Loss`.

    Source: keras.losses.SparseCategoricalCrossentropy.
    """

    def __init__(
        self,
        from_logits: bool = False,
        ignore_class: int | None = None,
        reduction: str | None = "sum_over_batch_size",
        axis: int = -1,
        name: str | None = "sparse_categorical_crossentropy",
        dtype: Any = None,
    ) -> None:
        super().__init__(
            sparse_categorical_crossentropy, reduction, name, dtype,
            from_logits=from_logits, ignore_class=ignore_class, axis=axis,
        )  # fmt: skip

    def mask(self, y_true: Any, y_pred: Any, values: Any) -> Any:
        """Return which rows have another label than `ignore_class`."""
        config = self._kwargs
        if config["ignore_class"] is None:
            return None
        labels = class_numbers(y_true, y_pred, config["axis"])
        return ops.not_equal(labels, config["ignore_class"])
