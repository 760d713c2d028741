"""What a layer returns for given shapes: its `call` is traced on placeholders, without numbers."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from ..graph.errors import OpenBatchError, ShapeError, TraceError
from ..graph.mask import mask_of, set_mask
from ..graph.node import CAST, Node, input_node
from ..graph.structure import flatten, mapped, packed
from ..graph.trace import Trace
from ..ops.reshape import reshape_
from .keras_tensor import KerasTensor

Shape = tuple[int | None, ...]
#: Two sizes that stand in for an open one: what differs between the traces is open.
_PROBES = (7, 11)
#: Ops after which an array has the numbers that it had.
_KEEPING = (CAST, reshape_)


def infer(function: Callable[..., Any], args: Any, kwargs: Any, name: str = "") -> Any:
    """Return KerasTensors shaped like what `function` returns for arguments with KerasTensors.

    Where the values carry masks, the placeholders do, too, so that `call` takes the same way.

    Raises:
        TraceError: if it returns something that depends on no input.
    """
    tensors = [x for x in flatten([args, kwargs]) if isinstance(x, KerasTensor)]
    if not any(None in x.shape[1:] for x in tensors):
        try:
            outputs = _trace(function, args, kwargs, lambda shape: shape)
            return mapped(lambda y: _tensor(*_aval(y, name)), outputs)
        except OpenBatchError:
            pass  # it mixes rows: found out at two exact sizes instead
    first, second = (_probed(function, args, kwargs, n) for n in _PROBES)
    leaves = []
    for a, b in zip(flatten(first), flatten(second), strict=True):
        shape, dtype, mask = _aval(a, name)
        other, _, other_mask = _aval(b, name)
        opened = None if mask is None or other_mask is None else _opened(mask, other_mask)
        leaves.append(_tensor(_opened(shape, other), dtype, opened))
    return packed(first, leaves)


def _tensor(shape: Shape, dtype: str, mask: Shape | None) -> KerasTensor:
    tensor = KerasTensor(shape, dtype)
    tensor.mask_shape = mask
    return tensor


def _opened(a: Shape, b: Shape) -> Shape:
    return tuple(s if s == t else None for s, t in zip(a, b, strict=True))


def _closed(size: int, shape: tuple[int | None, ...]) -> tuple[int, ...]:
    return tuple(size if s is None else s for s in shape)


def _trace(function: Any, args: Any, kwargs: Any, sized: Callable[[Any], Any]) -> Any:
    made: dict[KerasTensor, Node] = {}

    def placeholder(x: Any) -> Any:
        if not isinstance(x, KerasTensor):
            return x
        if x not in made:
            made[x] = input_node(x.name, sized(x.shape), x.dtype)
            if x.mask_shape is not None:
                set_mask(made[x], input_node(f"{x.name}_mask", sized(x.mask_shape), "bool"))
        return made[x]

    with Trace() as trace:
        outputs = function(*mapped(placeholder, args), **mapped(placeholder, kwargs))
    for layer, node in trace.lookups:
        while getattr(node, "op", None) in _KEEPING:
            node = node.inputs[0]
        layer._lookups += [tensor for tensor, own in made.items() if own is node]
    return outputs


def _probed(function: Any, args: Any, kwargs: Any, size: int) -> Any:
    """Return what a function returns where every open size is `size`."""
    try:
        return _trace(function, args, kwargs, partial(_closed, size))
    except ShapeError as error:
        error.args = (
            f"{error} Here {size} stands for sizes that are open, as the number of rows is: write "
            "-1 for them, or ops.shape(x)[0].",
        )
        raise  # with the line of the user's code in its traceback


def _aval(y: Any, name: str) -> tuple[Shape, str, Shape | None]:
    """Return the shape of an output, its element type, and the shape of its mask."""
    if not hasattr(y, "shape") or not hasattr(y, "dtype"):
        raise TraceError(
            f"{name}: `call` returned {y!r:.80} of type {type(y).__name__}, expected arrays. "
            "Return the result of layers or of ranvier.ops."
        )
    mask = mask_of(y)
    return tuple(y.shape), str(y.dtype), None if mask is None else tuple(mask.shape)
