"""The crossentropy of labels 0 and 1."""

from __future__ import annotations

from typing import Any

from .. import ops
from ..graph.dtype import epsilon
from ..graph.number import check_numbers
from .loss import LossFunctionWrapper
from .pair import pair, same_shape, smoothed


def binary_crossentropy(
    y_true: Any,
    y_pred: Any,
    from_logits: bool = False,
    label_smoothing: float = 0.0,
    axis: int = -1,
) -> Any:
    """Return the crossentropy of labels 0 and 1.

    mean(-y_true log(p) - (1 - y_true) log(1 - p)) over `axis`, p kept from epsilon to 1 - epsilon.

    Args:
        y_true: labels.
        y_pred: predictions.
        from_logits: y_pred are logits, to which sigmoid was not applied; default False.
        label_smoothing: how far labels move towards 0.5, from 0 to 1; default 0.
        axis: over which the mean is taken; default -1.

    Shape:
        (batch, ..., n), (batch, ..., n) -> (batch, ...)

    Example:
        >>> float(binary_crossentropy([[1.0]], [[0.0]], from_logits=True)[0])
        0.693147...

    Source: keras.losses.binary_crossentropy.
    """
    y_true, y_pred = pair(y_true, y_pred)
    same_shape(y_true, y_pred, "binary_crossentropy", WAY_OUT)
    y_true = smoothed(y_true, label_smoothing, 0.5)
    return ops.mean(element_crossentropy(y_true, y_pred, from_logits), axis)


#: The usual reason for two shapes: a softmax over classes under a loss for yes or no.
WAY_OUT = (
    "For one class in several, use 'categorical_crossentropy' (one-hot labels) or "
    "'sparse_categorical_crossentropy' (class numbers)."
)


def element_crossentropy(y_true: Any, y_pred: Any, from_logits: bool) -> Any:
    """Return the binary crossentropy of each element."""
    if from_logits:
        # -log(sigmoid(x)) is softplus(-x), and -log(1 - sigmoid(x)) is softplus(x).
        yes = ops.multiply(y_true, ops.softplus(ops.negative(y_pred)))
        return ops.add(yes, ops.multiply(ops.subtract(1.0, y_true), ops.softplus(y_pred)))
    p = ops.clip(y_pred, epsilon(), 1.0 - epsilon())
    yes = ops.multiply(y_true, ops.log(p))
    no = ops.multiply(ops.subtract(1.0, y_true), ops.log(ops.subtract(1.0, p)))
    return ops.negative(ops.add(yes, no))


class BinaryCrossentropy(LossFunctionWrapper):
    """The crossentropy of labels 0 and 1.

    mean(-y_true log(p) - (1 - y_true) log(1 - p)) over `axis`, p kept from epsilon to 1 - epsilon.

    Args:
        from_logits: y_pred are logits, to which sigmoid was not applied; default False.
        label_smoothing: how far labels move towards 0.5, from 0 to 1; default 0.
        axis: over which the mean is taken; default -1.
        reduction: as for `Loss`.
        name: default "binary_crossentropy".
        dtype: as for `Loss`.

    Source: keras.losses.BinaryCrossentropy.
    """

    def __init__(
        self,
        from_logits: bool = False,
        label_smoothing: float = 0.0,
        axis: int = -1,
        reduction: str | None = "sum_over_batch_size",
        name: str | None = "binary_crossentropy",
        dtype: Any = None,
    ) -> None:
        check_numbers("BinaryCrossentropy", label_smoothing=label_smoothing or 0.0)
        super().__init__(
            binary_crossentropy, reduction, name, dtype,
            from_logits=from_logits, label_smoothing=label_smoothing, axis=axis,
        )  # fmt: skip
