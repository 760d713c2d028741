"""Advice before training: losses, metrics and targets that do not go with the last activation."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

from ..data import Slot
from ..data.finite import some_rows
from ..data.label import known_loss
from ..graph.errors import warn
from . import slots

_CATEGORICAL = ("sparse_categorical_crossentropy", "categorical_crossentropy")
_BINARY = ("binary_crossentropy", "bce")
#: Activations that make no probabilities.
_HIDDEN = ("relu", "relu6", "leaky_relu", "elu", "selu", "gelu", "silu", "mish", "softplus", "tanh")
#: Losses that take the distance of an output from its target.
_DISTANCES = ("mean_squared_error", "mean_absolute_error", "huber", "log_cosh")
#: The least and the most that activations give, and how far from them is still rounding.
_RANGES = {"sigmoid": (0, 1), "softmax": (0, 1), "tanh": (-1, 1), "relu": (0, math.inf)}
_SLACK = 1e-3
#: From how many rows of a target it is judged, about.
_ROWS = 512


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
        words = _disagreement(slots.loss_name(loss), from_logits(loss), activation, tensor, name)
        if words:
            warn(words, UserWarning)


def _disagreement(kind: str, logits: bool, activation: str, tensor: Any, name: str) -> str:
    """Say what is wrong with a crossentropy of what an activation gives, or nothing."""
    wanted = "softmax" if kind in _CATEGORICAL else "sigmoid" if kind in _BINARY else None
    place, units = f"output '{name}'", tensor.shape[-1]
    if wanted is None:
        return ""
    if activation == "linear" and not logits:
        return (
            f"compile, `loss`: '{kind}' expects probabilities, but {place} has no activation, "
            f"so it gives any numbers. Write activation='{wanted}' in the last layer, or use "
            "the loss's class with from_logits=True."
        )
    if activation in _HIDDEN and not logits:
        return (
            f"compile, `loss`: '{kind}' expects probabilities, but {place} ends in {activation}, "
            f"which is for hidden layers. Write activation='{wanted}' in the last layer."
        )
    if activation == "softmax" and kind in _BINARY and (units or 0) > 2:
        return (
            f"compile, `loss`: '{kind}' takes each of {place}'s {units} numbers for a question "
            "of its own, but softmax answers one. Write loss='categorical_crossentropy', or "
            "'sparse_categorical_crossentropy' for class numbers."
        )
    if activation in ("softmax", "sigmoid") and logits:
        return (
            f"compile, `loss`: '{kind}' has from_logits=True, but {place} already ends in "
            f"{activation}, so it would be applied twice. Leave one of both out."
        )
    if activation == "softmax" and units == 1:
        return (
            f"{place}: softmax of one unit is always 1. For two classes use activation='sigmoid'."
        )
    return ""


def advise_targets(model: Any, targets: Sequence[Any], outputs: Sequence[Slot]) -> None:
    """Warn where an activation cannot reach some of the targets, and of accuracy for quantities."""
    for target, slot, tensor in zip(targets, outputs, model.known_outputs(), strict=False):
        if target is None or target.size == 0 or known_loss(slot) not in _DISTANCES:
            continue
        activation = last_activation(tensor)
        least, most = _RANGES.get(activation or "", (-math.inf, math.inf))
        target = some_rows(target, _ROWS)
        low, high = float(target.min()), float(target.max())
        if low < least - _SLACK or high > most + _SLACK:
            reach = f"from {least} to {most}" if most < math.inf else f"at least {least}"
            warn(
                f"y: values run from {low:g} to {high:g}, but output '{slot.name}' ends in "
                f"{activation}, whose numbers are {reach}. For quantities leave the activation of "
                "the last layer out, or scale y."
            )
        if len(outputs) > 1:  # their metrics are given apart
            continue
        metrics = model.compiled_step.config["metrics"]
        named = metrics if isinstance(metrics, (list, tuple)) else [metrics]
        some = target.reshape(-1)[:_ROWS]
        if {"accuracy", "acc"} & {m for m in named if isinstance(m, str)} and (
            activation == "linear" and (some != some.round()).any()
        ):
            warn(
                "compile, `metrics`: 'accuracy' counts classes that were met, and y holds "
                "quantities. Use metrics=['mae'] or ['RootMeanSquaredError'].",
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
