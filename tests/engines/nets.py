"""Training, test and prediction steps of small dense networks, made of ops and optimizers."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from ranvier import ops
from ranvier.graph import Graph, Node, Trace, Variable, input_node
from ranvier.ops.contract import contract_
from ranvier.optimizers import SGD
from ranvier.transform.dedupe import dedupe
from ranvier.transform.fold import fold
from ranvier.transform.grad import gradients


class Net:
    """A dense classifier with relu between its layers: its weights, and its three steps.

    Args:
        sizes: of the inputs, the hidden layers, the classes.
        optimizer: makes the optimizer of the training step.
        dropout: share of hidden units that are dropped while training.
    """

    def __init__(
        self, sizes: Sequence[int], optimizer: Callable[[], Any] = SGD, dropout: float = 0.0,
        dtype: str = "float32", seed: int = 0,
    ) -> None:  # fmt: skip
        rng = np.random.default_rng([5, seed])
        self.sizes, self.dtype, self.dropout = sizes, dtype, dropout
        self.weights: list[Variable] = []
        for i, (n, m) in enumerate(zip(sizes, sizes[1:], strict=False)):
            kernel = rng.normal(size=(n, m)) / np.sqrt(n)
            self.weights.append(Variable(kernel, dtype=dtype, name=f"kernel{i}"))
            self.weights.append(Variable(np.zeros(m), dtype=dtype, name=f"bias{i}"))
        self.total = Variable(0.0, dtype="float64", name="total", trainable=False)
        self.drawn = Variable(np.array([3, 0], np.uint32), dtype="uint32", trainable=False)
        self.optimizer = optimizer()
        self.optimizer.build(self.weights)

    def scores(self, x: Node, training: bool) -> Node:
        """Return the last layer's output."""
        for i in range(0, len(self.weights), 2):
            x = x @ self.weights[i] + self.weights[i + 1]
            if i + 2 < len(self.weights):
                x = ops.relu(x)
                if training and self.dropout:
                    state = self.drawn.value
                    kept = ops.random_uniform(x.shape, state, self.dtype) >= self.dropout
                    x = ops.where(kept, x / (1 - self.dropout), 0.0)
                    self.drawn.assign(ops.next_state(state))
        return x

    def _inputs(self) -> tuple[Node, Node]:
        return (input_node("x", (None, self.sizes[0]), self.dtype),
                input_node("y", (None,), "int32"))  # fmt: skip

    def _loss(self, x: Node, y: Node, training: bool) -> Node:
        chosen = ops.one_hot(y, self.sizes[-1], dtype=self.dtype)
        return ops.mean(-ops.sum(chosen * ops.log_softmax(self.scores(x, training)), -1))

    def train(self) -> Graph:
        """Return the step that learns, and adds up the loss."""
        with Trace() as trace:
            x, y = self._inputs()
            loss = self._loss(x, y, True)
            self.total.assign_add(ops.cast(loss, "float64"))
            slopes = gradients(loss, [trace.leaf(w) for w in self.weights])
            self.optimizer.apply(slopes, self.weights)
        return dedupe(fold(Graph((x, y), (loss,), tuple(trace.updates.items()))))

    def test(self) -> Graph:
        """Return the step that adds up the loss."""
        with Trace() as trace:
            x, y = self._inputs()
            self.total.assign_add(ops.cast(self._loss(x, y, False), "float64"))
        return dedupe(fold(Graph((x, y), (), tuple(trace.updates.items()))))

    def predict(self) -> Graph:
        """Return the step that gives each row's probabilities."""
        with Trace():
            x, _ = self._inputs()
            out = ops.softmax(self.scores(x, False))
        return dedupe(fold(Graph((x,), (out,))))

    def data(self, rows: int, seed: int = 1) -> list[np.ndarray]:
        """Return inputs and labels."""
        rng = np.random.default_rng([9, seed])
        x = rng.normal(size=(rows, self.sizes[0])).astype(self.dtype)
        return [x, rng.integers(0, self.sizes[-1], rows).astype("int32")]


def convolutions(
    height: int, width: int, channels: int, units: int, same: bool, dtype: str = "float32",
    rate: float = 0.1,
) -> Graph:  # fmt: skip
    """Return a step of two convolutions with 3x3 filters: their results, and filters that learn."""
    rng = np.random.default_rng([height, width, channels, units])
    shapes = ((3, 3, channels, channels), (3, 3, channels, units))
    filters = [Variable(rng.normal(size=s) / (9 * channels) ** 0.5, dtype=dtype) for s in shapes]
    with Trace() as trace:
        x = input_node("x", (None, height, width, channels), dtype)
        y: Node = x
        for kernel in filters:
            y = ops.tanh(ops.conv(y, trace.leaf(kernel), padding="same" if same else "valid"))
        slopes = gradients(ops.sum(ops.square(y)) / height, [trace.leaf(w) for w in filters])
        for kernel, slope in zip(filters, slopes, strict=True):
            kernel.assign(trace.leaf(kernel) - rate * slope)
    return dedupe(fold(Graph((x,), (y,), tuple(trace.updates.items()))))


def pooled(
    places: tuple[int, ...], channels: int, units: int, edge: int = 3, pool: int = 2,
    same: bool = True, dtype: str = "float32", activation: Callable = ops.relu,
    over: bool = False,
) -> Graph:  # fmt: skip
    """Return a step of two convolutions, the second before pooling: both filters learn.

    `over` lets the last windows of pooling reach over the end.
    """
    rng = np.random.default_rng([*places, channels, units])
    axes, padding = len(places), "same" if same else "valid"
    shapes = ((1,) * axes + (channels, channels), (edge,) * axes + (channels, units))
    filters = [Variable(rng.normal(size=s) / np.prod(s[:-1]) ** 0.5, dtype=dtype) for s in shapes]
    with Trace() as trace:
        x = input_node("x", (None, *places, channels), dtype)
        first, second = (trace.leaf(w) for w in filters)
        y = activation(ops.conv(ops.conv(x, first), second, padding=padding))
        y = ops.max_pool(y, pool, padding="same" if over else "valid")
        slopes = gradients(ops.sum(ops.square(y)) / places[0], [first, second])
        for kernel, slope in zip(filters, slopes, strict=True):
            kernel.assign(trace.leaf(kernel) - 0.01 * slope)
    return dedupe(fold(Graph((x,), (y,), tuple(trace.updates.items()))))


def passing(inputs: int, units: int, dtype: str = "float32", marked: bool = True) -> Graph:
    """Return a step of a dense layer on mostly zeros: its outputs, and a kernel that learns."""
    rng = np.random.default_rng(inputs * 1000 + units)
    kernel = Variable(rng.normal(size=(inputs, units)), dtype=dtype, name="w")
    bias = Variable(rng.normal(size=units), dtype=dtype, name="b")
    slot = Variable(rng.normal(size=(inputs, units)), dtype=dtype, name="m")
    with Trace() as trace:
        x = input_node("x", (None, inputs), dtype, zeros=marked)
        w = trace.leaf(kernel)
        y = ops.relu(ops.matmul(x, w) + trace.leaf(bias))
        slope = contract_(x, y, spec="yk,yz->kz")
        moved = 0.9 * trace.leaf(slot) - 0.01 * slope
        return Graph((x,), (y,), ((kernel, w + moved), (slot, moved)))
