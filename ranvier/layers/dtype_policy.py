"""The types a layer computes in and keeps its weights in."""

from __future__ import annotations

from typing import Any

from ..graph import dtype as dt
from ..graph.copied import Slotted
from ..graph.errors import ArgumentError, nearest, warn

_KNOWN = ("float32", "float64", "int32", "int64", "uint32", "bool")


class DTypePolicy(Slotted):
    """The element type of a layer.

    Args:
        name: "float32", "float64", an integer type, or None for the default float type. "mixed_*"
            names are accepted and mean float32: processors gain nothing from half floats.

    Source: keras.DTypePolicy; here both types are always the same.
    """

    __slots__ = ("name",)

    def __init__(self, name: Any = None) -> None:
        name = dt.floatx() if name is None else name
        if isinstance(name, str) and name.startswith("mixed_"):
            warn(f"dtype {name!r} computes in float32 here.", UserWarning)
            name = "float32"
        if name in ("float16", "bfloat16"):
            raise ArgumentError(
                f"`dtype`: got {name!r}. Layers compute in 'float32' or 'float64'; half floats "
                "are read as data, but not computed in."
            )
        if isinstance(name, str) and name in ("uint8", "int8", "int16", "uint16"):
            name = dt.canonical(name)
        if not isinstance(name, str):
            name = dt.canonical(name)
        if name not in _KNOWN:
            raise ArgumentError(f"`dtype`: got {name!r}. {nearest(name, _KNOWN)}")
        self.name: str = name

    @staticmethod
    def of(value: Any) -> DTypePolicy:
        """Return a policy from a name, a type, a config as Keras writes it, or a policy."""
        if isinstance(value, DTypePolicy):
            return value
        if isinstance(value, dict):
            value = value.get("config", value).get("name")
        elif hasattr(value, "compute_dtype"):
            value = value.name
        return DTypePolicy(value)

    @property
    def compute_dtype(self) -> str:
        return self.name

    @property
    def variable_dtype(self) -> str:
        return self.name

    def get_config(self) -> dict[str, Any]:
        """Return the name."""
        return {"name": self.name}

    def __eq__(self, other: object) -> bool:
        return isinstance(other, DTypePolicy) and other.name == self.name

    def __hash__(self) -> int:
        return hash(self.name)

    def __repr__(self) -> str:
        return f'<DTypePolicy "{self.name}">'
