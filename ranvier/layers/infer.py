"""What a layer returns for given shapes: its `call` is traced on placeholders, without numbers."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from ..graph.errors import OpenBatchError, TraceError
from ..graph.node import CAST, Node, input_node
from ..graph.trace import Trace
from ..ops.reshape import reshape_
from .keras_tensor import KerasTensor
from .structure import flatten, mapped, packed

#: Two sizes that stand in for an open one: what differs between the traces is open.
_PROBES = (7, 11)
#: Ops after which an array has the numbers that it had.
_KEEPING = (CAST, reshape_)


def infer(function: Callable[..., Any], args: Any, kwargs: Any, name: str = "") -> Any:
    """Return KerasTensors shaped like what `function` returns for arguments with KerasTensors.

    Raises:
        TraceError: if it returns something that depends on no input.
    """
    tensors = [x for x in flatten([args, kwargs]) if isinstance(x, KerasTensor)]
    if not any(None in x.shape[1:] for x in tensors):
        try:
            outputs = _trace(function, args, kwargs, lambda shape: shape)
            return mapped(lambda y: KerasTensor(*_aval(y, name)), outputs)
        except OpenBatchError:
            pass  # it mixes rows: found out at two exact sizes instead
    first, second = (_trace(function, args, kwargs, partial(_closed, n)) for n in _PROBES)
    leaves = []
    for a, b in zip(flatten(first), flatten(second), strict=True):
        shape, dtype = _aval(a, name)
        other, _ = _aval(b, name)
        open_shape = tuple(s if s == t else None for s, t in zip(shape, other, strict=True))
        leaves.append(KerasTensor(open_shape, dtype))
    return packed(first, leaves)


def _closed(size: int, shape: tuple[int | None, ...]) -> tuple[int, ...]:
    return tuple(size if s is None else s for s in shape)


def _trace(function: Any, args: Any, kwargs: Any, sized: Callable[[Any], Any]) -> Any:
    made: dict[KerasTensor, Node] = {}

    def placeholder(x: Any) -> Any:
        if not isinstance(x, KerasTensor):
            return x
        if x not in made:
            made[x] = input_node(x.name, sized(x.shape), x.dtype)
        return made[x]

    with Trace() as trace:
        outputs = function(*mapped(placeholder, args), **mapped(placeholder, kwargs))
    for layer, node in trace.lookups:
        while getattr(node, "op", None) in _KEEPING:
            node = node.inputs[0]
        layer._lookups += [tensor for tensor, own in made.items() if own is node]
    return outputs


def _aval(y: Any, name: str) -> tuple[tuple[int | None, ...], str]:
    if not hasattr(y, "shape") or not hasattr(y, "dtype"):
        raise TraceError(
            f"{name}: `call` returned {y!r:.80} of type {type(y).__name__}, expected arrays. "
            "Return the result of layers or of ranvier.ops."
        )
    return tuple(y.shape), str(y.dtype)
