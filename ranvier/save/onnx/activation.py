"""Activations that stand in a graph as several ops, but in ONNX as one that runtimes know."""

from __future__ import annotations

from ...graph.constant import number
from ...graph.node import Node
from .lowering import Lowering
from .writer import Value


def select(lo: Lowering, node: Node) -> Value:
    """Where; of x above 0 and a slope or an exponential below it, LeakyRelu or Elu."""
    condition, x, low = node.inputs
    # `alpha` of these operators is a float32, too little for a float64.
    if node.dtype == "float32" and x.shape == node.shape and _above_zero(condition, x):
        alpha, inner = _scaled(low)
        if inner is x:
            return _named(lo, "LeakyRelu", x, alpha)
        if inner.op.name == "expm1" and _below_zero(inner.inputs[0], condition, x):
            return _named(lo, "Elu", x, alpha)
    return lo.spelled(node)


def _named(lo: Lowering, op: str, x: Node, alpha: float) -> Value:
    return lo.mapped(lo[x], lambda value: lo.writer.emit(op, (value,), alpha=alpha))


def _scaled(node: Node) -> tuple[float, Node]:
    """Return a factor, 1 where there is none, and what it multiplies."""
    if node.op.name == "multiply":
        for factor, rest in (node.inputs, node.inputs[::-1]):
            found = number(factor)
            if found is not None and rest.shape == node.shape:
                return found, rest
    return 1.0, node


def _above_zero(condition: Node, x: Node) -> bool:
    op = condition.op.name
    if op not in ("greater", "greater_equal") or condition.inputs[0] is not x:
        return False
    return number(condition.inputs[1]) == 0


def _below_zero(node: Node, condition: Node, x: Node) -> bool:
    """Tell whether a node is x with 0 in place of what is above it."""
    if node.op.name != "select" or node.inputs[0] is not condition or node.inputs[2] is not x:
        return False
    return number(node.inputs[1]) == 0


def divide(lo: Lowering, node: Node) -> Value:
    """Div; Softmax where it is exp(x - max(x)) over its own sum."""
    found = _shares(node)
    if found is None:
        return lo.spelled(node)
    x, axis = found
    return lo.writer.emit("Softmax", (lo[x],), axis=axis)


def _shares(node: Node) -> tuple[Node, int] | None:
    """Return x and the axis of a softmax, None for any other quotient."""
    e, total = node.inputs
    if e.op.name != "exp" or total.op.name != "sum" or total.inputs[0] is not e:
        return None
    inner, axes = e.inputs[0], total.attrs["axis"]
    if inner.op.name != "subtract" or len(axes) != 1 or not total.attrs["keepdims"]:
        return None
    x, top = inner.inputs
    if top.op.name != "max" or top.inputs[0] is not x or top.attrs != total.attrs:
        return None
    return (x, axes[0]) if x.shape == node.shape else None
