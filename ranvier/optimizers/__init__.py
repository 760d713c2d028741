"""Optimizers: each changes weights by their gradients, eagerly or traced into the step."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, cast

from ..graph.catalog import listing as _listing
from ..graph.configurable import restored, written
from ..graph.errors import ArgumentTypeError
from ..graph.errors import absent as _absent
from ..graph.foreign import instead
from . import schedules
from .adadelta import Adadelta
from .adafactor import Adafactor
from .adagrad import Adagrad
from .adam import Adam
from .adamax import Adamax
from .adamw import AdamW
from .ftrl import Ftrl
from .lamb import Lamb
from .lion import Lion
from .nadam import Nadam
from .optimizer import Optimizer
from .rmsprop import RMSprop
from .sgd import SGD

CATALOG = {
    "adadelta": Adadelta,
    "adafactor": Adafactor,
    "adagrad": Adagrad,
    "adam": Adam,
    "adamax": Adamax,
    "adamw": AdamW,
    "ftrl": Ftrl,
    "lamb": Lamb,
    "lion": Lion,
    "nadam": Nadam,
    "rmsprop": RMSprop,
    "sgd": SGD,
}


def get(identifier: Any, custom_objects: Mapping[str, Any] | None = None) -> Optimizer | None:
    """Return an optimizer for a name, a config, a class or an optimizer.

    Args:
        identifier: "adam", a dict of `serialize`, an `Optimizer`, or None.
        custom_objects: your own classes by name; they are looked at first.

    Returns:
        An optimizer with its default arguments for a name; None for None.

    Raises:
        ArgumentError: for an unknown name, with the nearest known ones.
        ArgumentTypeError: for anything that is no optimizer.

    Example:
        >>> get("sgd").momentum
        0.0

    Source: keras.optimizers.get; a class is made with its defaults.
    """
    if identifier is None or isinstance(identifier, Optimizer):
        return identifier
    if isinstance(identifier, str):
        identifier = restored(identifier, CATALOG, "`optimizer`", custom_objects)
    if isinstance(identifier, type) and issubclass(identifier, Optimizer):
        return identifier()
    if isinstance(identifier, Mapping):
        return deserialize(identifier, custom_objects)
    raise ArgumentTypeError(
        f"`optimizer`: got {identifier!r:.80}, expected a name such as 'adam', or an optimizer "
        f"such as ranvier.optimizers.Adam(learning_rate=0.001).{instead(identifier)}"
    )


def serialize(optimizer: Optimizer) -> dict[str, Any]:
    """Return an optimizer as the dict that Keras writes, without its state.

    Source: keras.optimizers.serialize.
    """
    return written(optimizer)


def deserialize(
    config: Mapping[str, Any], custom_objects: Mapping[str, Any] | None = None
) -> Optimizer:
    """Return the optimizer that a dict of `serialize` describes.

    Example:
        >>> deserialize(serialize(Adam(0.5))).learning_rate.numpy()
        array(0.5, dtype=float32)

    Source: keras.optimizers.deserialize.
    """
    return cast(Optimizer, restored(config, CATALOG, "optimizers.deserialize", custom_objects))


__all__ = [
    "CATALOG", "Adadelta", "Adafactor", "Adagrad", "Adam", "AdamW", "Adamax", "Ftrl", "Lamb",
    "Lion", "Nadam", "Optimizer", "RMSprop", "SGD", "deserialize", "get", "schedules",
    "serialize",
]  # fmt: skip

_GONE = {
    "legacy": "the optimizers in ranvier.optimizers itself take `lr` and `decay`, too.",
    "experimental": "its optimizers, as AdamW, are in ranvier.optimizers itself.",
}

if not TYPE_CHECKING:  # a checker would take any name for known
    __dir__ = _listing(globals(), "schedules")
    __getattr__ = _absent(__name__, globals(), _GONE)
