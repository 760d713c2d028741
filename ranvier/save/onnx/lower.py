"""The table of ops: one row for each that is no map; maps are spelt in words."""

from __future__ import annotations

from ...graph.node import Node
from . import activation, convolution, move, product, reduce, window
from .lowering import Lowering, Row
from .pool import pool
from .recur import recur
from .writer import Value


def named(op: str) -> Row:
    """Return the row of a map of one operand that ONNX has under a name of its own."""

    def row(lo: Lowering, node: Node) -> Value:
        return lo.mapped(lo[node.inputs[0]], lambda x: lo.writer.emit(op, (x,)))

    return row


#: The row of each op by its name.
LOWER: dict[str, Row] = {
    "add": convolution.add,
    "argmax": reduce.position("ArgMax"),
    "argmin": reduce.position("ArgMin"),
    "argsort": move.argsort,
    "broadcast": move.broadcast,
    "concat": move.concat,
    "contract": product.contract,
    "cumsum": reduce.cumsum,
    "divide": activation.divide,
    "iota": move.iota,
    "max": pool("MaxPool", "ReduceMax", ("float32", "float64")),
    "min": reduce.reduction("ReduceMin"),
    "overlap": window.overlap,
    "peak": pool("MaxPool", "ReduceMax", ("float32", "float64")),
    "prod": reduce.reduction("ReduceProd"),
    "put": move.put,
    "put_along": move.put_along,
    "recur": recur,  # type: ignore[dict-item]
    "reshape": move.reshape,
    "rows_add": move.rows_add,
    "select": activation.select,
    "slice": move.slice,
    "sum": pool("AveragePool", "ReduceSum", ("float32",)),
    "take": move.take,
    "take_along": move.take_along,
    "transpose": move.transpose,
    "windows": window.windows,
    # Maps that words could spell, but that runtimes know and fuse.
    "relu": named("Relu"),
    "sigmoid": named("Sigmoid"),
    "softplus": named("Softplus"),
}
