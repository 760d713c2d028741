"""Makes libraries: graph -> IR with the weights in it -> object, header, shared object."""

from __future__ import annotations

from collections.abc import Sequence

from ...graph.graph import Graph
from ...graph.node import Node
from .header import header
from .interface import Interface, Tensor
from .library import write_library
from .link import linked
from .machine import compile_object
from .program import float_type
from .target import named


def make_library(
    graph: Graph, inputs: Sequence[str], outputs: Sequence[str], *, prefix: str, name: str,
    version: str, batch: int, target: str | None, cpu: str | None, shared: str | None,
) -> tuple[bytes, str, bytes | None]:  # fmt: skip
    """Return object code, header and shared object of a library; see `engines.library`."""
    machine = named(target, cpu)
    sides = [
        tuple(Tensor(n, _row(node), node.dtype) for n, node in zip(names, nodes, strict=True))
        for names, nodes in ((inputs, graph.inputs), (outputs, graph.outputs))
    ]
    told = f"{machine.triple} {machine.name}"
    interface = Interface(prefix, name, version, told, batch, sides[0], sides[1])
    text, pool = write_library(graph, machine, machine.lanes(float_type(graph)), interface)
    code = pool.filled(compile_object(text, machine))
    made = None if shared is None else linked(code, machine, shared)
    return code, header(interface, "@malloc(" in text), made


def _row(node: Node) -> tuple[int, ...]:
    """Return the sizes of one row."""
    return tuple(size or 0 for size in node.shape[1:])
