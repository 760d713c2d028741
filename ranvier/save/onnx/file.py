"""A graph as the bytes of an ONNX file."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from ...graph import Graph
from ...graph.errors import ArgumentError, EngineError
from .lower import LOWER
from .lowering import Lowering
from .writer import Line, Part, Port, Value

#: The version of the operators that files are written in: ONNX 1.13 of 2022 and whatever is newer.
OPSET = 18
_IR = 8  # the version of the file format that came with it
_BATCH = "batch"
_MOST_BYTES = 2**31 - 2**20  # of one protobuf message, with room for all but the weights


def onnx_bytes(
    graph: Graph, inputs: Sequence[str], outputs: Sequence[str], name: str, version: str
) -> bytes:
    """Return a graph as an ONNX file.

    Args:
        graph: what is computed; it changes no variable.
        inputs: a name for each input of the graph.
        outputs: a name for each output.
        name: of the graph.
        version: of Ranvier, kept as the producer's.

    Raises:
        EngineError: if an op has no form in ONNX, or the package `onnx` is missing.
        ArgumentError: if there are more weights than one file holds.
    """
    part, numbers = lowered(graph, inputs, outputs, name)
    size = sum(array.nbytes for array in numbers.values())
    if size > _MOST_BYTES:
        raise ArgumentError(
            f"ONNX: {size / 2**30:.1f} GB of weights, but one file holds less than 2 GB. Export "
            "parts of the model, each to a file of its own."
        )
    onnx = _onnx()
    model = onnx.helper.make_model(
        _graph(onnx, part, numbers), producer_name="ranvier", producer_version=version,
        opset_imports=[onnx.helper.make_opsetid("", OPSET)], ir_version=_IR,
    )  # fmt: skip
    content: bytes = model.SerializeToString()
    return content


def lowered(
    graph: Graph, inputs: Sequence[str], outputs: Sequence[str], name: str
) -> tuple[Part, dict[str, Any]]:
    """Return a graph in ONNX's words, and the numbers that it needs by their names."""
    lo = Lowering(LOWER, graph.nodes)
    ports = []
    for node, wish in zip(graph.inputs, inputs, strict=True):
        port = Port(lo.writer.unique(wish), node.dtype, node.shape)
        lo.open_input(node, Value(port.name, node.dtype))
        ports.append(port)
    ends = [lo.writer.unique(wish) for wish in outputs]
    lo.run()
    results = [Port(end, y.dtype, y.shape) for end, y in zip(ends, graph.outputs, strict=True)]
    lines = _ended(lo, [lo[node] for node in graph.outputs], ends)
    used = {x for line in lines for x in line.used()}
    numbers = {key: array for key, array in lo.writer.numbers.items() if key in used}
    return Part(name, ports, results, lines), numbers


def _ended(lo: Lowering, values: Sequence[Value], ends: Sequence[str]) -> list[Line]:
    """Return the lines that the outputs need, their values under the names of the outputs.

    What is an input, a number or another output already is copied.
    """
    made = {name for line in lo.writer.lines for name in line.outputs}
    names: dict[str, str] = {}
    for value, end in zip(values, ends, strict=True):
        if value.name in names or value.name not in made:
            copy = lo.writer.emit("Identity", (value,))
            names[copy.name] = end
        else:
            names[value.name] = end
    lines = lo.writer.kept(names)
    for line in lines:
        line.rename(names)
    return lines


# --- bytes --------------------------------------------------------------------------------------
def _onnx() -> Any:
    try:
        import onnx
    except ImportError:
        raise EngineError(
            "ONNX: the package `onnx` is not installed. pip install 'ranvier[onnx]'"
        ) from None
    return onnx


def _graph(onnx: Any, part: Part, numbers: Mapping[str, Any]) -> Any:
    return onnx.helper.make_graph(
        [_node(onnx, line) for line in part.lines],
        part.name,
        [_port(onnx, port) for port in part.inputs],
        [_port(onnx, port) for port in part.outputs],
        [onnx.numpy_helper.from_array(array, key) for key, array in numbers.items()],
    )


def _node(onnx: Any, line: Line) -> Any:
    attrs = dict(line.attrs)
    for key, value in attrs.items():
        if isinstance(value, Part):
            attrs[key] = _graph(onnx, value, {})
        elif key == "to":
            attrs[key] = _type(onnx, value)
    return onnx.helper.make_node(line.op, line.inputs, line.outputs, line.outputs[0], **attrs)


def _port(onnx: Any, port: Port) -> Any:
    shape = [_BATCH if s is None else s for s in port.shape]
    return onnx.helper.make_tensor_value_info(port.name, _type(onnx, port.dtype), shape)


def _type(onnx: Any, dtype: str) -> int:
    found: int = onnx.helper.np_dtype_to_tensor_dtype(np.dtype(dtype))
    return found
