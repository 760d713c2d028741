"""What a compiled model tells apart: classes or numbers, and in which form it says them."""

from __future__ import annotations

from typing import Any


def loss_names(model: Any) -> list[str]:
    """Return the names of a model's losses, in small letters."""
    given = model.loss
    if isinstance(given, dict):
        given = list(given.values())
    losses = list(given) if isinstance(given, (list, tuple)) else [given]
    return [_name(one) for one in losses]


def _name(loss: Any) -> str:
    if isinstance(loss, str):
        return loss.lower()
    if loss is None:
        return ""
    return str(getattr(loss, "__name__", None) or type(loss).__name__).lower()


def has_classes(model: Any) -> bool:
    """Tell whether the model has one output and a crossentropy on it: then targets are classes."""
    names = loss_names(model)
    return len(names) == 1 and ("crossentropy" in names[0] or names[0] == "bce")


def gives_logits(model: Any) -> bool:
    """Tell whether the outputs are logits, as `from_logits=True` of the loss says."""
    config = model.loss.get_config() if hasattr(model.loss, "get_config") else {}
    return bool(config.get("from_logits", False))
