"""Regularizers: penalties that are added to the loss."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from ..graph.catalog import listing as _listing
from ..graph.configurable import resolved, restored, written
from ..graph.errors import absent as _absent
from .norm import L1, L1L2, L2
from .orthogonal import OrthogonalRegularizer
from .regularizer import Regularizer

#: Every name that `kernel_regularizer=` and the like take.
CATALOG: dict[str, type[Regularizer]] = {
    "L1": L1, "l1": L1,
    "L1L2": L1L2, "l1_l2": L1L2, "l1l2": L1L2,
    "L2": L2, "l2": L2,
    "OrthogonalRegularizer": OrthogonalRegularizer,
    "orthogonal_regularizer": OrthogonalRegularizer,
}  # fmt: skip

l1, l2, l1_l2, orthogonal_regularizer = L1, L2, L1L2, OrthogonalRegularizer


def get(identifier: Any) -> Callable[..., Any] | None:
    """Return the regularizer meant by a name, a config, a class, an object, a function or None.

    Raises:
        ArgumentError: if the name is unknown; it offers the nearest.

    Example:
        >>> get("l2")
        L2(l2=0.01)

    Source: keras.regularizers.get.
    """
    if identifier is None:
        return None
    if isinstance(identifier, str) and CATALOG.get(identifier) is L1L2:
        # As Keras documents it; its code makes an object of two zeros, which does nothing.
        return L1L2(0.01, 0.01)
    return resolved(identifier, CATALOG, "regularizer", "x")


def serialize(regularizer: Any) -> dict[str, Any]:
    """Return the config of a regularizer as a dict of Keras' form.

    Source: keras.regularizers.serialize.
    """
    return written(regularizer)


def deserialize(
    config: str | Mapping[str, Any], custom_objects: Mapping[str, Any] | None = None
) -> Any:
    """Return the regularizer that `serialize`, or Keras, wrote.

    Source: keras.regularizers.deserialize.
    """
    return restored(config, CATALOG, "regularizer", custom_objects)


if not TYPE_CHECKING:  # a checker would take any name for known
    __dir__ = _listing(globals())
    __getattr__ = _absent(__name__, globals())
