"""The graphs whose printed forms are kept beside this file."""

from __future__ import annotations

import numpy as np

from ranvier import ops
from ranvier.graph import Graph, Trace, Variable, input_node
from ranvier.transform.grad import gradients


def dense_step() -> Graph:
    """Return one step of a small classifier: dense, relu, dense, crossentropy, plain descent."""
    weights = [Variable(np.ones(s)) for s in ((4, 3), (3,), (3, 2), (2,))]
    with Trace() as trace:
        x = input_node("x", (None, 4), "float32")
        y = input_node("y", (None,), "int32")
        hidden = ops.relu(x @ weights[0] + weights[1])
        scores = hidden @ weights[2] + weights[3]
        chosen = ops.one_hot(y, 2) * ops.log_softmax(scores)
        loss = ops.mean(-ops.sum(chosen, -1))
        slopes = gradients(loss, [trace.leaf(w) for w in weights])
        for w, g in zip(weights, slopes, strict=True):
            w.assign_sub(0.1 * g)
    return Graph((x, y), (loss,), tuple(trace.updates.items()))


def regression() -> Graph:
    """Return a loss and its slopes: mean squared error with a penalty on the weights."""
    w = Variable(np.ones((3, 1)))
    with Trace() as trace:
        x = input_node("x", (None, 3), "float32")
        y = input_node("y", (None, 1), "float32")
        loss = ops.mean(ops.mean((x @ w - y) ** 2, -1)) + 0.01 * ops.sum(w**2)
        slopes = gradients(loss, [trace.leaf(w), x])
    return Graph((x, y), (loss, *slopes))


def constants() -> Graph:
    """Return what folding is for: known numbers, and operations that change nothing."""
    x = input_node("x", (None, 3), "float32")
    three = ops.add(np.ones(3, np.float32), 2.0)
    a = (x + 0.0) * 1.0 / 1.0 - 0.0
    b = ops.negative(-(a * 2.0 * 3.0))
    c = b + -ops.exp(a)
    d = ops.reshape(ops.reshape(c, (None, 3, 1)), (None, 3)) * ops.broadcast_to(three, (1, 3))
    spread = ops.broadcast_to(ops.reshape(ops.sum(d), (1, 1)), (None, 3))
    return Graph((x,), (d + spread * 0.5, ops.sum(-d, -1), x / 4.0))


def repetition() -> Graph:
    """Return the same computation written twice, and leaves read twice."""
    v = Variable(np.ones(3))
    with Trace():
        x = input_node("x", (None, 3), "float32")
        one = ops.tanh(x * v + 1.0)
        two = ops.tanh(x * v + 1.0)
        rows = ops.cast(ops.shape(x)[0], "float32") + ops.cast(ops.shape(x)[0], "float32")
        return Graph((x,), (one + two, ops.sum(one) + ops.sum(two), rows))
