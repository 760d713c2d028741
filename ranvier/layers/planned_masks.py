"""PlannedMasks: masks as a functional model plans with them, beside those that values carry."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import Any

from ..graph.mask import mask_of
from ..graph.structure import flatten, mapped
from .call import Call
from .keras_tensor import KerasTensor


class PlannedMasks:
    """Keeps the masks that layers take off their inputs, for layers that ask for one.

    `MultiHeadAttention` takes off the masks of its inputs, so that a sum of its query and its
    output carries none. Layers further on that have one input and ask for its `mask` get one
    nonetheless: it follows from the connections alone.

    Args:
        value_of: returns the value of a KerasTensor, None while there is none.

    Source: the masks of KerasTensors in Keras' functional models. Layers of several inputs do not
    get these there either: a second `MultiHeadAttention` sees every step.
    """

    def __init__(self, value_of: Callable[[KerasTensor], Any]) -> None:
        self._value_of = value_of
        self._lost: dict[KerasTensor, Any] = {}

    def before(self, call: Call) -> dict[KerasTensor, Any]:
        """Return the masks of a call's inputs."""
        found = {}
        for x in call.inputs:
            carried = mask_of(self._value_of(x))
            mask = self._lost.get(x) if carried is None else carried
            if mask is not None:
                found[x] = mask
        return found

    def arguments(self, call: Call, masks: dict[KerasTensor, Any]) -> dict[str, Any]:
        """Return what a call is to get, as its inputs themselves carry their masks no more."""
        if not any(x in self._lost for x in masks):
            return {}
        bound = inspect.signature(call.layer.call).bind_partial(*call.args, **call.kwargs)
        tensors = [
            part for part in bound.arguments.values()
            if any(isinstance(x, KerasTensor) for x in flatten(part))
        ]  # fmt: skip
        if len(tensors) > 1 or not call.layer.takes("mask"):
            return {}
        return {"mask": _of(masks, tensors[0])}

    def after(self, call: Call, masks: dict[KerasTensor, Any]) -> None:
        """Keep what a call took off its inputs, and what follows for its outputs."""
        for x, mask in masks.items():
            if mask_of(self._value_of(x)) is None:
                self._lost[x] = mask
        layer = call.layer
        if not any(x in self._lost for x in masks) or not layer.supports_masking or not call.args:
            return
        first = mapped(lambda x: self._value_of(x) if isinstance(x, KerasTensor) else x,
                       call.args[0])  # fmt: skip
        found = flatten(layer.compute_mask(first, _of(masks, call.args[0])))
        for y, mask in zip(call.outputs, found, strict=False):
            if mask is not None and mask_of(self._value_of(y)) is None:
                self._lost[y] = mask


def _of(masks: dict[KerasTensor, Any], structure: Any) -> Any:
    return mapped(lambda x: masks.get(x) if isinstance(x, KerasTensor) else None, structure)
