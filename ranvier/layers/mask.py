"""The masks of a call: inputs hand theirs to `call`, and outputs carry what `compute_mask` says."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import Any

from ..graph.errors import warn
from ..graph.function import parameters
from ..graph.mask import mask_of, set_mask
from ..graph.structure import flatten, mapped


def with_masks(
    call: Callable[..., Any], first: Any, args: tuple[Any, ...], kwargs: dict[str, Any]
) -> tuple[dict[str, Any], Any]:
    """Return the keywords with the masks that the inputs carry, and the masks of the first one.

    Args:
        call: what is to be called, `self` before its other parameters.
        first: the first argument.
        args, kwargs: all arguments. A mask given among them goes before the one carried.
    """
    given = kwargs.get("mask")
    masks = given if given is not None else mapped(mask_of, first)
    names = list(parameters(call))
    if given is None and any(m is not None for m in flatten(masks)):
        at = names.index("mask") - 1 if "mask" in names else 0
        if at > 0 and len(args) <= at:
            kwargs = {**kwargs, "mask": masks}
    masked = _masked(call)
    if masked:
        bound = dict(zip(names[1:], args, strict=False)) | kwargs
        found = {f"{name}_mask": mask_of(bound.get(name)) for name in masked}
        kwargs = {**{k: m for k, m in found.items() if m is not None
                     and bound.get(k) is None}, **kwargs}  # fmt: skip
    return kwargs, masks


def pass_masks(layer: Any, own: bool, first: Any, masks: Any, outputs: Any) -> None:
    """Let the outputs carry the masks that the layer's `compute_mask` returns.

    Args:
        layer: the layer that was called.
        own: whether its class defines `compute_mask`.
        first, masks: its first input and the masks of it.
        outputs: what it returned.
    """
    known = any(m is not None for m in flatten(masks))
    if not (layer.supports_masking or own):
        if known and not (layer._keeps_masks or layer.takes("mask")):
            warn(
                f"{layer._place} got an input with a mask, which it "
                "does not pass on: the layers behind it see every step.",
                UserWarning,
            )
        return
    leaves = flatten(outputs)
    if (not known and not own) or all(mask_of(y) is not None for y in leaves):
        return
    found = flatten(layer.compute_mask(first, masks if known else None))
    for y, mask in zip(leaves, found, strict=False):
        if mask_of(y) is None:
            set_mask(y, mask)


@lru_cache(maxsize=1024)
def _masked(call: Callable[..., Any]) -> tuple[str, ...]:
    """Return the parameters that have one for their mask beside them: `query`, `query_mask`."""
    names = parameters(call)
    return tuple(name for name in names if f"{name}_mask" in names)
