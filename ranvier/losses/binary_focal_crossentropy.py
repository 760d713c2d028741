"""The crossentropy of labels 0 and 1, with less weight on what is easy."""

from __future__ import annotations

from typing import Any

from .. import ops
from ..graph.number import check_numbers
from .binary_crossentropy import WAY_OUT, element_crossentropy
from .loss import LossFunctionWrapper
from .pair import pair, same_shape, smoothed


def binary_focal_crossentropy(
    y_true: Any,
    y_pred: Any,
    apply_class_balancing: bool = False,
    alpha: float = 0.25,
    gamma: float = 2.0,
    from_logits: bool = False,
    label_smoothing: float = 0.0,
    axis: int = -1,
) -> Any:
    """Return the crossentropy of labels 0 and 1, with less weight on what is easy.

    mean((1 - p_t)^gamma crossentropy) over `axis`; p_t is the odds given to the label.

    Args:
        y_true: labels.
        y_pred: predictions.
        apply_class_balancing: weigh label 1 by alpha and 0 by 1 - alpha; default False.
        alpha: see above; default 0.25.
        gamma: how much easy rows lose; default 2.
        from_logits: y_pred are logits, to which sigmoid was not applied; default False.
        label_smoothing: how far labels move towards 0.5, from 0 to 1; default 0.
        axis: over which the mean is taken; default -1.

    Shape:
        (batch, ..., n), (batch, ..., n) -> (batch, ...)

    Example:
        >>> binary_focal_crossentropy([[1.0]], [[1.0]]).tolist()[0] < 1e-6
        True

    Source: keras.losses.binary_focal_crossentropy.
    """
    y_true, y_pred = pair(y_true, y_pred)
    same_shape(y_true, y_pred, "binary_focal_crossentropy", WAY_OUT)
    y_true = smoothed(y_true, label_smoothing, 0.5)
    p = ops.sigmoid(y_pred) if from_logits else y_pred
    other = ops.subtract(1.0, y_true)
    odds = ops.add(ops.multiply(y_true, p), ops.multiply(other, ops.subtract(1.0, p)))
    focus = ops.power(ops.subtract(1.0, odds), gamma)
    loss = ops.multiply(focus, element_crossentropy(y_true, p, False))
    if apply_class_balancing:
        weight = ops.add(ops.multiply(y_true, alpha), ops.multiply(other, 1.0 - alpha))
        loss = ops.multiply(weight, loss)
    return ops.mean(loss, axis)


class BinaryFocalCrossentropy(LossFunctionWrapper):
    """The crossentropy of labels 0 and 1, with less weight on what is easy.

    mean((1 - p_t)^gamma crossentropy) over `axis`; p_t is the odds given to the label.

    Args:
        apply_class_balancing: weigh label 1 by alpha and 0 by 1 - alpha; default False.
        alpha: see above; default 0.25.
        gamma: how much easy rows lose; default 2.
        from_logits: y_pred are logits, to which sigmoid was not applied; default False.
        label_smoothing: how far labels move towards 0.5, from 0 to 1; default 0.
        axis: over which the mean is taken; default -1.
        reduction: as for `Loss`.
        name: default "binary_focal_crossentropy".
        dtype: as for `Loss`.

    Source: keras.losses.BinaryFocalCrossentropy; Lin et al., Focal loss (2017).
    """

    def __init__(
        self,
        apply_class_balancing: bool = False,
        alpha: float = 0.25,
        gamma: float = 2.0,
        from_logits: bool = False,
        label_smoothing: float = 0.0,
        axis: int = -1,
        reduction: str | None = "sum_over_batch_size",
        name: str | None = "binary_focal_crossentropy",
        dtype: Any = None,
    ) -> None:
        check_numbers(
            "BinaryFocalCrossentropy", gamma=gamma, label_smoothing=label_smoothing or 0.0
        )
        super().__init__(
            binary_focal_crossentropy, reduction, name, dtype,
            apply_class_balancing=apply_class_balancing, alpha=alpha, gamma=gamma,
            from_logits=from_logits, label_smoothing=label_smoothing, axis=axis,
        )  # fmt: skip
