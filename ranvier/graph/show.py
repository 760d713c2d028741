"""A graph as stable text: for golden tests, for people, and for the key of compiled code."""

from __future__ import annotations

from typing import Any

from .graph import Graph
from .variable import Variable


def show(graph: Graph) -> str:
    """Return one line a node, numbered from 0, the same text for the same graph in any process."""
    name = {node: f"%{i}" for i, node in enumerate(graph.nodes)}
    place = {v: i for i, v in enumerate(graph.variables)}
    lines = []
    for node, own in name.items():
        attrs = [
            f"{k}={_plain(v, place)}" for k, v in sorted(node.attrs.items())
            if k not in ("shape", "dtype") or node.inputs
        ]  # fmt: skip
        words = " ".join([node.op.name, *[name[x] for x in node.inputs], *attrs])
        lines.append(f"{own} = {words} : {node.dtype}{list(node.shape)}")
    lines.extend(
        f"in {name[n]}" if n in name else f"in unused : {n.dtype}{list(n.shape)}"
        for n in graph.inputs
    )
    lines.extend(f"out {name[n]}" for n in graph.outputs)
    lines.extend(f"set v{place[v]} = {name[n]}" for v, n in graph.updates)
    return "\n".join(lines) + "\n"


def _plain(value: Any, place: dict[Variable, int]) -> str:
    if isinstance(value, Variable):
        return f"v{place[value]}"
    return repr(value).replace(" ", "")
