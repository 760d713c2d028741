"""The crossentropy of one-hot labels."""

from __future__ import annotations

from typing import Any

from .. import ops
from ..graph.dtype import epsilon
from ..graph.errors import warn
from ..graph.number import check_numbers
from .loss import LossFunctionWrapper
from .pair import pair, same_shape, smoothed


def categorical_crossentropy(
    y_true: Any,
    y_pred: Any,
    from_logits: bool = False,
    label_smoothing: float = 0.0,
    axis: int = -1,
) -> Any:
    """Return the crossentropy of one-hot labels.

    -sum(y_true log(p)) over `axis`, p = y_pred / sum(y_pred) kept from epsilon to 1 - epsilon.

    Args:
        y_true: labels.
        y_pred: predictions.
        from_logits: y_pred are logits, to which softmax was not applied; default False.
        label_smoothing: how far labels move towards equal odds, from 0 to 1; default 0.
        axis: over which the classes lie; default -1.

    Shape:
        (batch, ..., classes), (batch, ..., classes) -> (batch, ...)

    Example:
        >>> float(categorical_crossentropy([[0.0, 1.0]], [[0.5, 0.5]])[0])
        0.693147...

    Source: keras.losses.categorical_crossentropy.
    """
    y_true, y_pred = pair(y_true, y_pred)
    same_shape(y_true, y_pred, "categorical_crossentropy", WAY_OUT)
    warn_one_class(y_pred, "categorical_crossentropy")
    y_true = smoothed(y_true, label_smoothing, 1 / y_true.shape[-1])
    log_p = ops.log_softmax(y_pred, axis) if from_logits else ops.log(clipped_odds(y_pred, axis))
    return ops.negative(ops.sum(ops.multiply(y_true, log_p), axis))


#: The usual reason for two shapes: class numbers in place of one-hot rows.
WAY_OUT = (
    "For labels that are class numbers, use 'sparse_categorical_crossentropy', or "
    "`to_categorical` on the labels."
)


def clipped_odds(y_pred: Any, axis: int) -> Any:
    """Return predictions divided by their sum, kept from epsilon to 1 - epsilon."""
    odds = ops.divide(y_pred, ops.sum(y_pred, axis, keepdims=True))
    return ops.clip(odds, epsilon(), 1.0 - epsilon())


def warn_one_class(y_pred: Any, place: str) -> None:
    """Warn where there is one class only, so that the loss would always be 0."""
    if y_pred.shape[-1] == 1:
        warn(
            f"{place}: y_pred has shape {tuple(y_pred.shape)}, one class, so the loss is always 0. "
            "For two classes with one output, use 'binary_crossentropy'.",
            SyntaxWarning,
        )


class CategoricalCrossentropy(LossFunctionWrapper):
    """The crossentropy of one-hot labels.

    -sum(y_true log(p)) over `axis`, p = y_pred / sum(y_pred) kept from epsilon to 1 - epsilon.

    Args:
        from_logits: y_pred are logits, to which softmax was not applied; default False.
        label_smoothing: how far labels move towards equal odds, from 0 to 1; default 0.
        axis: over which the classes lie; default -1.
        reduction: as for `Loss`.
        name: default "categorical_crossentropy".
        dtype: as for `Loss`.

    Source: keras.losses.CategoricalCrossentropy.
    """

    def __init__(
        self,
        from_logits: bool = False,
        label_smoothing: float = 0.0,
        axis: int = -1,
        reduction: str | None = "sum_over_batch_size",
        name: str | None = "categorical_crossentropy",
        dtype: Any = None,
    ) -> None:
        check_numbers("CategoricalCrossentropy", label_smoothing=label_smoothing or 0.0)
        super().__init__(
            categorical_crossentropy, reduction, name, dtype,
            from_logits=from_logits, label_smoothing=label_smoothing, axis=axis,
        )  # fmt: skip
