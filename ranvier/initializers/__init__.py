"""Initializers: what gives weights their first numbers."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from ..graph.catalog import listing as _listing
from ..graph.configurable import resolved, restored, written
from ..graph.dtype import canonical
from ..graph.errors import ShapeError
from ..graph.errors import absent as _absent
from .constant import Constant, Identity, Ones, Zeros
from .distribution import RandomNormal, RandomUniform, TruncatedNormal
from .initializer import Initializer, RandomInitializer
from .orthogonal import Orthogonal
from .variance_scaling import (
    GlorotNormal,
    GlorotUniform,
    HeNormal,
    HeUniform,
    LecunNormal,
    LecunUniform,
    VarianceScaling,
    compute_fans,
)  # fmt: skip

#: Every name that `kernel_initializer=` and the like take.
CATALOG: dict[str, type[Initializer]] = {
    "Constant": Constant, "constant": Constant,
    "GlorotNormal": GlorotNormal, "glorot_normal": GlorotNormal,
    "GlorotUniform": GlorotUniform, "glorot_uniform": GlorotUniform,
    "HeNormal": HeNormal, "he_normal": HeNormal,
    "HeUniform": HeUniform, "he_uniform": HeUniform,
    "Identity": Identity, "identity": Identity, "IdentityInitializer": Identity,
    "LecunNormal": LecunNormal, "lecun_normal": LecunNormal,
    "LecunUniform": LecunUniform, "lecun_uniform": LecunUniform,
    "Ones": Ones, "ones": Ones, "one": Ones,
    "Orthogonal": Orthogonal, "orthogonal": Orthogonal, "OrthogonalInitializer": Orthogonal,
    "RandomNormal": RandomNormal, "random_normal": RandomNormal, "normal": RandomNormal,
    "RandomUniform": RandomUniform, "random_uniform": RandomUniform, "uniform": RandomUniform,
    "TruncatedNormal": TruncatedNormal, "truncated_normal": TruncatedNormal,
    "VarianceScaling": VarianceScaling, "variance_scaling": VarianceScaling,
    "Zeros": Zeros, "zeros": Zeros, "zero": Zeros,
}  # fmt: skip

constant, zeros, ones, identity, orthogonal = Constant, Zeros, Ones, Identity, Orthogonal
IdentityInitializer, OrthogonalInitializer = Identity, Orthogonal
glorot_normal, glorot_uniform = GlorotNormal, GlorotUniform
he_normal, he_uniform = HeNormal, HeUniform
lecun_normal, lecun_uniform = LecunNormal, LecunUniform
random_normal, random_uniform, truncated_normal = RandomNormal, RandomUniform, TruncatedNormal
variance_scaling = VarianceScaling


def get(identifier: Any) -> Callable[..., Any] | None:
    """Return the initializer meant by a name, a config, a class, a function, an array or None.

    Args:
        identifier: an array stands for weights of exactly these numbers.

    Raises:
        ArgumentError: if the name is unknown; it offers the nearest.

    Example:
        >>> get("zeros")((2,)).tolist()
        [0.0, 0.0]

    Source: keras.initializers.get.
    """
    if identifier is None:
        return None
    if isinstance(identifier, (np.ndarray, np.generic)) or hasattr(identifier, "__ranvier_value__"):
        return _numbers(np.asarray(identifier))
    return resolved(identifier, CATALOG, "initializer", "shape", dtype=None)


def _numbers(array: np.ndarray) -> Callable[..., Any]:
    def initialize(shape: Any, dtype: Any = None) -> np.ndarray:
        if tuple(shape) != array.shape:
            raise ShapeError(
                f"initializer: got an array of shape {array.shape} for weights of shape "
                f"{tuple(shape)}."
            )
        return array.astype(canonical(dtype))

    return initialize


def serialize(initializer: Any) -> dict[str, Any]:
    """Return the config of an initializer as a dict of Keras' form.

    Example:
        >>> serialize(Zeros())["class_name"]
        'Zeros'

    Source: keras.initializers.serialize.
    """
    return written(initializer)


def deserialize(
    config: str | Mapping[str, Any], custom_objects: Mapping[str, Any] | None = None
) -> Any:
    """Return the initializer that `serialize`, or Keras, wrote.

    Source: keras.initializers.deserialize.
    """
    return restored(config, CATALOG, "initializer", custom_objects)


if not TYPE_CHECKING:  # a checker would take any name for known
    __dir__ = _listing(globals())
    __getattr__ = _absent(__name__, globals())
