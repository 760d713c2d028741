"""Constraints: what weights are brought back to after each step."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from ..graph.catalog import listing as _listing
from ..graph.configurable import resolved, restored, written
from ..graph.errors import absent as _absent
from .constraint import Constraint
from .non_neg import NonNeg
from .norm import MaxNorm, MinMaxNorm, UnitNorm

#: Every name that `kernel_constraint=` and the like take.
CATALOG: dict[str, type[Constraint]] = {
    "MaxNorm": MaxNorm, "max_norm": MaxNorm, "maxnorm": MaxNorm,
    "MinMaxNorm": MinMaxNorm, "min_max_norm": MinMaxNorm,
    "NonNeg": NonNeg, "non_neg": NonNeg, "nonneg": NonNeg,
    "UnitNorm": UnitNorm, "unit_norm": UnitNorm, "unitnorm": UnitNorm,
}  # fmt: skip

max_norm, min_max_norm, non_neg, unit_norm = MaxNorm, MinMaxNorm, NonNeg, UnitNorm


def get(identifier: Any) -> Callable[..., Any] | None:
    """Return the constraint meant by a name, a config, a class, an object, a function or None.

    Raises:
        ArgumentError: if the name is unknown; it offers the nearest.

    Example:
        >>> get("max_norm")
        MaxNorm(max_value=2, axis=0)

    Source: keras.constraints.get.
    """
    return None if identifier is None else resolved(identifier, CATALOG, "constraint", "w")


def serialize(constraint: Any) -> dict[str, Any]:
    """Return the config of a constraint as a dict of Keras' form.

    Source: keras.constraints.serialize.
    """
    return written(constraint)


def deserialize(
    config: str | Mapping[str, Any], custom_objects: Mapping[str, Any] | None = None
) -> Any:
    """Return the constraint that `serialize`, or Keras, wrote.

    Source: keras.constraints.deserialize.
    """
    return restored(config, CATALOG, "constraint", custom_objects)


if not TYPE_CHECKING:  # a checker would take any name for known
    __dir__ = _listing(globals())
    __getattr__ = _absent(__name__, globals())
