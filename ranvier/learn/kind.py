"""What a compiled model tells apart: classes or numbers, and in which form it says them."""

from __future__ import annotations

from typing import Any

import numpy as np


def losses_of(model: Any) -> list[Any]:
    """Return a model's losses in the order of its outputs; one alone where all share it."""
    given = model.loss
    if isinstance(given, dict):
        names = getattr(model, "output_names", None) or []
        return [given[n] for n in names if n in given] or list(given.values())
    return list(given) if isinstance(given, (list, tuple)) else [given]


def name_of(loss: Any) -> str:
    """Return what a loss is called, in small letters, whatever name it was given."""
    if isinstance(loss, str):
        return loss.lower()
    if loss is None:
        return ""
    return str(getattr(loss, "__name__", None) or type(loss).__name__).lower()


def has_classes(model: Any) -> bool:
    """Tell whether the model has one output and a crossentropy on it: then targets are classes."""
    names = [name_of(one) for one in losses_of(model)]
    return len(names) == 1 and ("crossentropy" in names[0] or names[0] == "bce")


def takes_logits(loss: Any) -> bool:
    """Tell whether a loss reads outputs as logits: it has `from_logits=True`."""
    config = loss.get_config() if hasattr(loss, "get_config") else {}
    return bool(config.get("from_logits", False))


def chances(scores: np.ndarray, activation: str) -> np.ndarray:
    """Return what an activation makes of raw scores: "softmax", "sigmoid", or as they are."""
    if activation == "softmax":
        e = np.exp(scores - scores.max(-1, keepdims=True))
        return np.asarray(e / e.sum(-1, keepdims=True))
    if activation == "sigmoid":
        with np.errstate(over="ignore"):
            return np.asarray(1 / (1 + np.exp(-scores)))
    return scores
