"""The crossentropy of one-hot labels, with less weight on what is easy."""

from __future__ import annotations

from typing import Any

from .. import ops
from ..graph.number import check_numbers
from .categorical_crossentropy import WAY_OUT, clipped_odds, warn_one_class
from .loss import LossFunctionWrapper
from .pair import pair, same_shape, smoothed


def categorical_focal_crossentropy(
    y_true: Any,
    y_pred: Any,
    alpha: float = 0.25,
    gamma: float = 2.0,
    from_logits: bool = False,
    label_smoothing: float = 0.0,
    axis: int = -1,
) -> Any:
    """Return the crossentropy of one-hot labels, with less weight on what is easy.

    -sum(alpha (1 - p)^gamma y_true log(p)) over `axis`, p as in `categorical_crossentropy`.

    Args:
        y_true: labels.
        y_pred: predictions.
        alpha: factor on the loss; default 0.25.
        gamma: how much easy rows lose; default 2.
        from_logits: y_pred are logits, to which softmax was not applied; default False.
        label_smoothing: how far labels move towards equal odds, from 0 to 1; default 0.
        axis: over which the classes lie; default -1.

    Shape:
        (batch, ..., classes), (batch, ..., classes) -> (batch, ...)

    Example:
        >>> categorical_focal_crossentropy([[0.0, 1.0]], [[0.0, 1.0]]).tolist()[0] < 1e-6
        True

    Source: keras.losses.categorical_focal_crossentropy.
    """
    y_true, y_pred = pair(y_true, y_pred)
    same_shape(y_true, y_pred, "categorical_focal_crossentropy", WAY_OUT)
    warn_one_class(y_pred, "categorical_focal_crossentropy")
    y_true = smoothed(y_true, label_smoothing, 1 / y_true.shape[-1])
    p = clipped_odds(ops.softmax(y_pred, axis) if from_logits else y_pred, axis)
    focus = ops.multiply(ops.power(ops.subtract(1.0, p), gamma), alpha)
    return ops.sum(ops.multiply(focus, ops.multiply(ops.negative(y_true), ops.log(p))), axis)


class CategoricalFocalCrossentropy(LossFunctionWrapper):
    """The crossentropy of one-hot labels, with less weight on what is easy.

    -sum(alpha (1 - p)^gamma y_true log(p)) over `axis`, p as in `categorical_crossentropy`.

    Args:
        alpha: factor on the loss; default 0.25.
        gamma: how much easy rows lose; default 2.
        from_logits: y_pred are logits, to which softmax was not applied; default False.
        label_smoothing: how far labels move towards equal odds, from 0 to 1; default 0.
        axis: over which the classes lie; default -1.
        reduction: as for `Loss`.
        name: default "categorical_focal_crossentropy".
        dtype: as for `Loss`.

    Source: keras.losses.CategoricalFocalCrossentropy; Lin et al., Focal loss (2017).
    """

    def __init__(
        self,
        alpha: float = 0.25,
        gamma: float = 2.0,
        from_logits: bool = False,
        label_smoothing: float = 0.0,
        axis: int = -1,
        reduction: str | None = "sum_over_batch_size",
        name: str | None = "categorical_focal_crossentropy",
        dtype: Any = None,
    ) -> None:
        check_numbers(
            "CategoricalFocalCrossentropy", gamma=gamma, label_smoothing=label_smoothing or 0.0
        )
        super().__init__(
            categorical_focal_crossentropy, reduction, name, dtype,
            alpha=alpha, gamma=gamma, from_logits=from_logits,
            label_smoothing=label_smoothing, axis=axis,
        )  # fmt: skip
