"""Activations: functions of one value that layers apply, by name or by themselves."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from ..graph.catalog import listing as _listing
from ..graph.configurable import resolved, restored, written
from ..graph.errors import absent as _absent
from ..ops import (
    celu,
    elu,
    glu,
    hard_shrink,
    hard_sigmoid,
    hard_silu,
    hard_tanh,
    leaky_relu,
    log_sigmoid,
    log_softmax,
    mish,
    relu6,
    selu,
    sigmoid,
    silu,
    soft_shrink,
    softmax,
    softplus,
    softsign,
    sparse_plus,
    sparse_sigmoid,
    sparsemax,
    squareplus,
    tanh,
    tanh_shrink,
    threshold,
)  # fmt: skip
from .gelu import gelu
from .heaviside import heaviside
from .linear import exponential, linear
from .relu import relu

swish, hard_swish = silu, hard_silu

#: Every name that `activation=` takes.
CATALOG: dict[str, Any] = {
    "celu": celu, "elu": elu, "exponential": exponential, "gelu": gelu, "glu": glu,
    "hard_shrink": hard_shrink, "hard_sigmoid": hard_sigmoid, "hard_silu": hard_silu,
    "hard_swish": hard_silu, "hard_tanh": hard_tanh, "heaviside": heaviside,
    "leaky_relu": leaky_relu, "linear": linear, "log_sigmoid": log_sigmoid,
    "log_softmax": log_softmax, "mish": mish, "relu": relu, "relu6": relu6, "selu": selu,
    "sigmoid": sigmoid, "silu": silu, "soft_shrink": soft_shrink, "softmax": softmax,
    "softplus": softplus, "softsign": softsign, "sparse_plus": sparse_plus,
    "sparse_sigmoid": sparse_sigmoid, "sparsemax": sparsemax, "squareplus": squareplus,
    "swish": silu, "tanh": tanh, "tanh_shrink": tanh_shrink, "threshold": threshold,
}  # fmt: skip


def get(identifier: Any) -> Callable[..., Any]:
    """Return the activation meant by a name, a config, a function or None (linear).

    Raises:
        ArgumentError: if the name is unknown; it offers the nearest.

    Example:
        >>> get("relu")([-1.0, 1.0]).numpy()
        array([0., 1.], dtype=float32)

    Source: keras.activations.get.
    """
    return linear if identifier is None else resolved(identifier, CATALOG, "activation", "x")


def serialize(activation: Any) -> str | dict[str, Any]:
    """Return the name of an activation of this room, or the config of another.

    Example:
        >>> serialize(silu)
        'silu'

    Source: keras.activations.serialize.
    """
    if any(known is activation for known in CATALOG.values()):
        return activation.__name__
    if inspect.isclass(activation):
        activation = activation()
    return written(activation)


def deserialize(
    config: str | Mapping[str, Any], custom_objects: Mapping[str, Any] | None = None
) -> Callable[..., Any]:
    """Return the activation that `serialize`, or Keras, wrote.

    Source: keras.activations.deserialize.
    """
    return restored(config, CATALOG, "activation", custom_objects)


if not TYPE_CHECKING:  # a checker would take any name for known
    __dir__ = _listing(globals())
    __getattr__ = _absent(__name__, globals())
