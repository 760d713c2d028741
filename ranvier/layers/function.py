"""Function: the calls between some KerasTensors, found from their history and run again."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from contextlib import nullcontext
from typing import Any

from ..graph.errors import ArgumentError, ShapeError
from ..graph.foreign import instead
from ..graph.structure import flatten, packed
from . import context
from .call import Call
from .input_layer import Input, InputLayer
from .keras_tensor import KerasTensor
from .layer import Layer
from .op_layer import OpLayer
from .planned_masks import PlannedMasks


class Function:
    """The computation from `inputs` to `outputs`, without state of its own.

    Args:
        inputs: a KerasTensor, or nested lists, tuples and dicts of them. One that is no `Input`
            becomes the place where the function starts.
        outputs: the same, all computable from the inputs.

    Attributes:
        inputs, outputs: the KerasTensors, flat.
        input_struct, output_struct: the same in their structure.
        calls: the calls in the order in which they run.
        operations: every layer and operation, in Keras' order: by depth, then as found.
        layers: those that are no plain operations of `ranvier.ops`.

    Raises:
        ArgumentError: if an output does not depend on the inputs, or two layers share a name.
    """

    def __init__(self, inputs: Any, outputs: Any) -> None:
        for what, structure in (("inputs", inputs), ("outputs", outputs)):
            wrong = [x for x in flatten(structure) if not isinstance(x, KerasTensor)]
            if wrong or not flatten(structure):
                first = wrong[0] if wrong else structure
                raise ArgumentError(
                    f"Model, `{what}`: got {first!r:.60}, expected "
                    f"what Input or a layer called on an Input returns.{instead(first)}"
                )
        given: list[KerasTensor] = flatten(inputs)
        #: Where a function starts amid another: the tensor given -> the Input in its place.
        self._starts = {x: x if _is_input(x) else _fresh_input(x) for x in given}
        self.inputs = [self._starts[x] for x in given]
        self.outputs: list[KerasTensor] = [self._starts.get(y, y) for y in flatten(outputs)]
        self.input_struct = packed(inputs, self.inputs)
        self.output_struct = packed(outputs, self.outputs)
        found, places = self._find()
        depths, layer_depths = self._depths(found)
        for x in self.inputs:  # an input that nothing uses still belongs to the model
            call = _maker(x)
            if call not in depths:
                depths[call] = layer_depths[call.layer] = 0
                places[call.layer] = -1
        self.calls = sorted(depths, key=lambda call: -depths[call])
        self.operations: list[Layer] = sorted(
            layer_depths, key=lambda layer: (-layer_depths[layer], places[layer])
        )
        self.depths = layer_depths
        self.layers = [layer for layer in self.operations if not isinstance(layer, OpLayer)]
        _check_names(self.operations)

    def source(self, tensor: KerasTensor) -> KerasTensor:
        """Return the tensor itself, or the Input in its place where the function starts there."""
        return self._starts.get(tensor, tensor)

    def _find(self) -> tuple[list[Call], dict[Layer, int]]:
        """Return the calls that the outputs need, makers before users, and layers as met."""
        found: dict[Call, None] = {}
        places: dict[Layer, int] = {}
        starts = {_maker(x) for x in self.inputs}
        opened: set[Call] = set()
        stack = [(y, False) for y in reversed(self.outputs)]
        while stack:
            tensor, done = stack.pop()
            call = self._made_by(tensor)
            if done:
                found[call] = None
                continue
            if call in opened:
                continue
            opened.add(call)
            places.setdefault(call.layer, len(places))
            stack.append((tensor, True))
            if call in starts:
                continue
            if call.is_input:
                raise ArgumentError(
                    f"Model: the outputs depend on the Input '{tensor.name}', which is not among "
                    f"`inputs` {[x.name for x in self.inputs]}. Add it there."
                )
            stack.extend((self.source(x), False) for x in reversed(call.inputs))
        return list(found), places

    def _made_by(self, tensor: KerasTensor) -> Call:
        if tensor.history is None:
            raise ArgumentError(
                f"Model: {tensor} was made by hand, so nothing says how to compute it. "
                "Start from Input(shape=...)."
            )
        return tensor.history[0]

    def _depths(self, found: Iterable[Call]) -> tuple[dict[Call, int], dict[Layer, int]]:
        """Return how many calls lie behind each call, and behind each layer, up to an output."""
        calls = list(found)
        inside = set(calls)
        depths: dict[Call, int] = {}
        layer_depths: dict[Layer, int] = {}
        starts = {_maker(x) for x in self.inputs}
        for call in reversed(calls):
            depth = max(depths.get(call, 0), layer_depths.get(call.layer, 0))
            depths[call] = layer_depths[call.layer] = depth
            if call in starts:
                continue
            for x in call.inputs:
                before = self._made_by(self.source(x))
                if before in inside:
                    depths[before] = max(depth + 1, depths.get(before, 0))
        return depths, layer_depths

    def run(
        self,
        values: Any,
        training: bool | None = None,
        mask: Any = None,
        at: Sequence[KerasTensor] | None = None,
    ) -> Any:
        """Return the outputs, in their structure, for values of the inputs.

        Args:
            values: arrays, nodes or KerasTensors: flat, or in the structure of the inputs.
            training: the flag for layers that behave differently; None: as the outer call says.
            mask: masks of the inputs, in the same structure; handed to layers that take one.
            at: tensors within the function whose values are given instead of those of the inputs.
        """
        leaves, starts = flatten(values), self.inputs if at is None else list(at)
        if len(leaves) != len(starts):
            raise ShapeError(
                f"Model: got {len(leaves)} inputs, expected {len(starts)}: "
                f"{[x.name for x in starts]}."
            )
        known: dict[KerasTensor, Any] = dict(zip(starts, leaves, strict=True))
        masks = dict(zip(starts, flatten(mask), strict=True)) if mask is not None else {}
        planned = PlannedMasks(lambda x: known.get(self.source(x)))
        with context.calling(training) if training is not None else nullcontext():
            for call in self.calls:
                if any(y in known for y in call.outputs):
                    continue
                args, kwargs = call.filled(lambda x: known[self.source(x)])
                given = masks.get(self.source(call.inputs[0])) if masks else None
                if given is not None and "mask" not in kwargs and call.layer.takes("mask"):
                    kwargs["mask"] = given
                before = planned.before(call)
                results = call.layer(*args, **kwargs, **planned.arguments(call, before))
                known.update(zip(call.outputs, flatten(results), strict=True))
                planned.after(call, before)
        return packed(self.output_struct, [known[y] for y in self.outputs])


def _maker(tensor: KerasTensor) -> Call:
    assert tensor.history is not None
    return tensor.history[0]


def _is_input(x: KerasTensor) -> bool:
    return x.history is not None and isinstance(x.history[0].layer, InputLayer)


def _fresh_input(x: KerasTensor) -> KerasTensor:
    tensor: KerasTensor = Input(batch_shape=x.shape, dtype=x.dtype, name=x.name)
    return tensor


def _check_names(layers: Iterable[Layer]) -> None:
    seen: dict[str, Layer] = {}
    for layer in layers:
        if layer.name in seen:
            raise ArgumentError(
                f"Model: two layers have the name '{layer.name}' ({seen[layer.name]!r} and "
                f"{layer!r}). Give each a name of its own with name=."
            )
        seen[layer.name] = layer
