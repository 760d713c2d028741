"""The language: every computation is a graph of ops on arrays of known shape."""

from .array import Array
from .dial import dial
from .graph import Graph
from .node import Node, apply, cast, const_node, input_node, order, rows_node
from .op import Aval, Op
from .trace import Trace, current
from .variable import Variable

__all__ = [
    "Array", "Aval", "Graph", "Node", "Op", "Trace", "Variable", "apply", "cast", "const_node",
    "current", "dial", "input_node", "order", "rows_node",
]  # fmt: skip
