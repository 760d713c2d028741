"""Random graphs of maps, reductions, contractions, moves and indices, with random updates."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from ranvier import ops
from ranvier.graph import Graph, Node, Trace, Variable, input_node
from ranvier.graph.dtype import is_float
from ranvier.transform.dedupe import dedupe
from ranvier.transform.fold import fold
from ranvier.transform.grad import gradients

#: One, a few, just below, at and above the lanes of a vector.
SIZES = (1, 2, 3, 5, 16, 17)


def random_graph(seed: int, dtype: str, length: int = 24) -> tuple[Graph, list[np.ndarray]]:
    """Return a graph and data of 40 rows for its inputs, the same for the same seed."""
    return _Maker(seed, dtype).graph(length)


class _Maker:
    """Keeps the nodes made so far, and makes one more from some of them."""

    def __init__(self, seed: int, dtype: str) -> None:
        self.rng, self.dtype = np.random.default_rng([11, seed]), dtype
        a, b = self.rng.choice(SIZES, 2)
        shapes = [(a,), (b,), (a, b), (b, a), (a, a), (a, b), (), (2, a, b)]
        self.variables = [
            Variable(self.rng.uniform(-1, 1, s), dtype=dtype, name=f"v{i}")
            for i, s in enumerate(shapes) if self.rng.random() < 0.75
        ]  # fmt: skip
        x_shape = [(int(a),), (int(a), int(b))][self.rng.integers(2)]
        self.x = input_node("x", (None, *x_shape), dtype)
        self.y = input_node("y", (None,), "int32")
        self.fixed = input_node("f", (int(a),), dtype)
        self.data = [
            self.rng.uniform(-1, 1, (40, *x_shape)).astype(dtype),
            self.rng.integers(0, int(a), 40).astype("int32"),
            self.rng.uniform(-1, 1, (int(a),)).astype(dtype),
        ]
        self.a = int(a)

    def graph(self, length: int) -> tuple[Graph, list[np.ndarray]]:
        with Trace() as trace:
            chosen = ops.one_hot(self.y, self.a, dtype=self.dtype)
            self.pool: list[Node] = [self.x, self.fixed, chosen]
            self.pool.extend(trace.leaf(v) for v in self.variables)
            makers = (self.unary, self.binary, self.binary, self.reduction, self.product,
                      self.move, self.move, self.join, self.index)  # fmt: skip
            while len(self.pool) < length + 3 + len(self.variables):
                made = makers[self.rng.integers(len(makers))]()
                if made is not None and ops_size(made) <= 700:
                    self.pool.append(made)
            updates = self.updates(trace)
            outputs = tuple(self.pool[-i] for i in range(1, 1 + self.rng.integers(1, 6)))
        graph = Graph((self.x, self.y, self.fixed), outputs, tuple(updates.items()))
        return dedupe(fold(graph)), self.data

    # --- one more node --------------------------------------------------------------------------
    def pick(self, wanted: Callable[[Node], bool] = lambda n: True) -> Node | None:  # type: ignore[assignment]
        """Return a node, later ones more often."""
        nodes = [n for n in self.pool if wanted(n)]
        if not nodes:
            return None
        at = int(len(nodes) * self.rng.random() ** 0.6)
        return nodes[at]

    def unary(self) -> Node | None:
        x = self.pick()
        kind = self.rng.integers(7)
        forms = (ops.tanh, lambda v: v * 0.5 + 0.1, lambda v: v * v * 0.7, ops.relu, ops.sigmoid,
                 ops.negative, lambda v: ops.sqrt(ops.absolute(v) + 0.5))  # fmt: skip
        return forms[kind](x)

    def binary(self) -> Node | None:
        x = self.pick()
        y = self.pick(lambda n: fits(n.shape, x.shape))
        forms = (lambda p, q: 0.5 * (p + q), lambda p, q: 0.5 * (p - q), ops.multiply, ops.maximum,
                 lambda p, q: ops.where(ops.less(p, q), p - q, 0.5 * (q - p)))  # fmt: skip
        return None if y is None else forms[self.rng.integers(5)](x, y)

    def reduction(self) -> Node | None:
        x = self.pick(lambda n: n.ndim > 0)
        if x is None:
            return None
        axes = [i for i in range(x.ndim) if self.rng.random() < 0.5] or [x.ndim - 1]
        form = (ops.mean, ops.sum, ops.max, ops.min)[self.rng.integers(4)]
        if x.shape[0] is None and 0 in axes and form in (ops.max, ops.min):
            form = ops.mean
        x = form(x, axis=tuple(axes), keepdims=bool(self.rng.integers(2)))
        return bounded(x) if form is ops.sum else x

    def product(self) -> Node | None:
        x = self.pick(lambda n: n.ndim == 2)
        kind = self.rng.integers(3)
        if x is None:
            return None
        if kind == 0:
            y = self.pick(lambda n: n.ndim == 2 and n.shape[0] == x.shape[1])
            return None if y is None else bounded(x @ y * 0.3)
        if kind == 1 and x.shape[0] is None:
            y = self.pick(lambda n: n.ndim == 2 and n.shape[0] is None)
            return bounded(ops.einsum("bi,bj->ij", x, y) * 0.05)
        y = self.pick(lambda n: n.ndim == 2 and n.shape[1] == x.shape[1] and n.shape[0] is not None)
        return None if y is None else bounded(ops.einsum("ai,ci->ac", x, y) * 0.3)

    def move(self) -> Node | None:
        x = self.pick(lambda n: n.ndim > 0)
        if x is None:
            return None
        lead = int(x.shape[0] is None)
        kind = self.rng.integers(5)
        if kind == 0:
            axes = [*range(lead), *(lead + self.rng.permutation(x.ndim - lead))]
            return ops.transpose(x, [int(i) for i in axes])
        if kind == 1:
            rest = [int(s) for s in x.shape[lead:]]
            flat = int(np.prod(rest))
            forms = [(flat,), (flat, 1), (1, flat), tuple(reversed(rest))]
            return ops.reshape(x, (*x.shape[:lead], *forms[self.rng.integers(4)]))
        if kind == 2 and x.ndim > lead:
            parts = [slice(None)] * x.ndim
            axis = int(self.rng.integers(lead, x.ndim))
            n = int(x.shape[axis])
            low = int(self.rng.integers(n))
            step = int(self.rng.choice([1, 1, 2, -1]))
            parts[axis] = slice(low, None, step)
            return x[tuple(parts)]
        if kind == 3:
            return ops.flip(x, x.ndim - 1) if x.ndim > lead else None
        if lead or x.ndim > 2:
            return None
        return ops.broadcast_to(x, (int(self.rng.choice([2, 3])), *x.shape))

    def join(self) -> Node | None:
        x = self.pick(lambda n: n.shape[-1:] not in ((), (None,)))
        if x is None:
            return None
        axis = x.ndim - 1
        y = self.pick(
            lambda n: n.ndim == x.ndim and n.shape[:-1] == x.shape[:-1] and n.shape[-1] is not None
        )
        if self.rng.random() < 0.3:
            pad = [(0, 0)] * axis + [(int(self.rng.integers(3)), int(self.rng.integers(3)))]
            return ops.pad(x, pad)
        return ops.concatenate([x, y], axis)

    def index(self) -> Node | None:
        x = self.pick(lambda n: n.shape[-1:] not in ((), (None,)))
        if x is None:
            return None
        kind = self.rng.integers(3)
        if kind == 0:
            return bounded(ops.cumsum(x, axis=x.ndim - 1) * 0.2)
        if kind == 1 and x.shape[0] is not None and x.shape[0] >= self.a:
            return ops.take(x, self.y, axis=0)
        return ops.sort(x, axis=x.ndim - 1)

    # --- updates --------------------------------------------------------------------------------
    def updates(self, trace: Trace) -> dict[Variable, Node]:
        """Let some variables be swapped, descended, or given any value of their shape."""
        swapped = self.rng.random() < 0.4
        for v in self.variables:
            kind = self.rng.random()
            twins = [w for w in self.variables if w is not v and w.shape == v.shape]
            if swapped and twins:
                other = twins[self.rng.integers(len(twins))]
                old, new = trace.leaf(v), trace.leaf(other)
                v.assign(new)
                other.assign(old)
            elif kind < 0.35:
                loss = self.pick(lambda n: is_float(n.dtype))
                (slope,) = gradients(ops.sum(ops.tanh(loss)) * 0.1, [trace.leaf(v)])
                v.assign(trace.leaf(v) - 0.1 * ops.tanh(slope))
            elif kind < 0.8:
                node = self.pick(lambda n, v=v: n.shape == v.shape and n.op.kind != "leaf")
                if node is not None:
                    v.assign(node)
        return trace.updates


def bounded(x: Node) -> Node:
    """Return the node between -1 and 1, so that no rounding grows from op to op."""
    return ops.tanh(x)


def fits(small: tuple, large: tuple) -> bool:
    """Tell whether one shape broadcasts to the other without an open axis meeting a fixed one."""
    if len(small) > len(large):
        return False
    pairs = zip(reversed(small), reversed(large), strict=False)
    if any(s != t and s != 1 for s, t in pairs):
        return False
    return None not in large or None in small or len(small) < len(large)


def ops_size(x: Node) -> int:
    return int(np.prod([s or 1 for s in x.shape]))
