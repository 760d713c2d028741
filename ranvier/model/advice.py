"""Advice before training: a loss that does not go with the last activation."""

from __future__ import annotations

from typing import Any

from ..graph.errors import warn
from . import slots

_CATEGORICAL = ("sparse_categorical_crossentropy", "categorical_crossentropy")
_BINARY = ("binary_crossentropy", "bce")


def advise(model: Any) -> None:
    """Warn, once for each `compile`, where a loss and the last activation disagree.

    Cross-entropies take probabilities, or, with from_logits=True, raw scores; the wrong one of
    both trains badly and raises no error.
    """
    compiled = model.compiled_step
    if compiled.advised or compiled.loss is None:
        return
    compiled.advised = True
    names = model.step_output_names
    for tensor, name, loss in zip(
        model.known_outputs(), names, slots.losses_of(model), strict=True
    ):
        activation = last_activation(tensor)
        if loss is None or activation is None:
            continue
        kind = slots.loss_name(loss)
        wanted = "softmax" if kind in _CATEGORICAL else "sigmoid" if kind in _BINARY else None
        if wanted is None:
            continue
        logits = from_logits(loss)
        place = f"output '{name}'"
        if activation == "linear" and not logits:
            warn(
                f"compile, `loss`: '{kind}' expects probabilities, but {place} has no activation, "
                f"so it gives any numbers. Write activation='{wanted}' in the last layer, or use "
                "the loss's class with from_logits=True.",
                UserWarning,
            )
        elif activation in ("softmax", "sigmoid") and logits:
            warn(
                f"compile, `loss`: '{kind}' has from_logits=True, but {place} already ends in "
                f"{activation}, so it would be applied twice. Leave one of both out.",
                UserWarning,
            )
        elif activation == "softmax" and tensor.shape[-1] == 1:
            warn(
                f"{place}: softmax of one unit is always 1. For two classes use "
                "activation='sigmoid'.",
                UserWarning,
            )


def from_logits(loss: Any) -> bool:
    """Tell whether a loss takes raw scores."""
    if hasattr(loss, "from_logits"):
        return bool(loss.from_logits)
    return bool(getattr(loss, "_kwargs", {}).get("from_logits", False))


def last_activation(tensor: Any) -> str | None:
    """Return the name of the activation that made an output, None where that is unclear."""
    history = getattr(tensor, "history", None)
    if history is None:
        return None
    layer = history[0].layer
    if type(layer).__name__ == "Softmax":
        return "softmax"
    if not hasattr(layer, "activation"):
        inner = getattr(layer, "_function", None)
        if inner is not None and len(inner.outputs) == 1:
            return last_activation(inner.outputs[0])
        return None
    activation = layer.activation
    if activation is None:
        return "linear"
    return getattr(activation, "__name__", None)
