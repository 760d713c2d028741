"""Plans of op cases, random graphs and training steps, checked byte by byte."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from ranvier import ops
from ranvier.graph import Graph, Trace, Variable, input_node
from ranvier.optimizers import SGD, Adam
from ranvier.plan import build, split
from tests.cases import CASES
from tests.cases.case import Case, Signature
from tests.cases.engine import CAPACITY
from tests.engines.nets import Net
from tests.engines.random_graph import random_graph
from tests.ops.test_cases import with_gradients
from tests.plan.check_plan import check_plan, inputs_are_fed


@pytest.fixture(autouse=True)
def sharing(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let even the smallest kernels be cut up."""
    monkeypatch.setattr(split, "_PRODUCT", 1)
    monkeypatch.setattr(split, "_ELEMENTS", 1)


def check(graph: Graph, capacity: int, lanes: int) -> None:
    plan = build(graph, capacity, lanes)
    assert inputs_are_fed(plan)
    check_plan(plan)


@pytest.mark.parametrize("seed", range(40))
def test_random_graphs(seed: int) -> None:
    check(random_graph(seed, "float32")[0], 17, 8)


@pytest.mark.slow
@pytest.mark.parametrize("group", range(20))
def test_more_random_graphs(group: int) -> None:
    for seed in range(1000 + 50 * group, 1050 + 50 * group):
        check(random_graph(seed, "float32", 36)[0], 33, 16)


@pytest.mark.parametrize("case", CASES, ids=lambda c: c.id)
def test_op_cases(case: Case) -> None:
    check_case(case, case.signatures[-1])


@pytest.mark.slow
@pytest.mark.parametrize("case", CASES, ids=lambda c: c.id)
def test_op_cases_of_all_shapes(case: Case) -> None:
    for signature in case.signatures:
        check_case(case, signature)


def check_case(case: Case, signature: Signature) -> None:
    inputs = case.nodes(signature, "float32")
    check(with_gradients(case, signature, inputs, "float32")[0], CAPACITY, 4)


@pytest.mark.parametrize("optimizer", [SGD, Adam, lambda: SGD(global_clipnorm=1.0)])
@pytest.mark.parametrize("dropout", [0.0, 0.5])
def test_training_steps(optimizer: Callable, dropout: float) -> None:
    net = Net((29, 17, 3), optimizer, dropout)
    for graph in (net.train(), net.test(), net.predict()):
        check(graph, 17, 16)


def turned(shape: tuple[int, ...], move: Callable, ahead: Callable = ops.tanh) -> Graph:
    """Return a graph in which one loop reads what another over the same space wrote elsewhere."""
    v = Variable(np.ones(shape))
    with Trace():
        y = ahead(v.value)
        return Graph((), (ops.exp(move(y)) + y,))


def swapped() -> Graph:
    a, b = Variable(np.ones((5, 17))), Variable(np.ones((5, 17)))
    with Trace() as trace:
        old = trace.leaf(a)
        a.assign(b.value)
        b.assign(old)
    return Graph((), (), tuple(trace.updates.items()))


def overwritten_backwards() -> Graph:
    v, w = Variable(np.ones((17, 17))), Variable(np.ones((17, 17)))
    with Trace() as trace:
        out = ops.exp(v[::-1])
        v.assign(ops.tanh(w))
        w.assign(ops.transpose(trace.leaf(v)))
    return Graph((), (out,), tuple(trace.updates.items()))


def rows_mirrored() -> Graph:
    x = input_node("x", (None, 6), "float32")
    return Graph((x,), (ops.exp(ops.tanh(x)[:, ::-1]),))


GRAPHS = {
    "backwards": lambda: turned((5, 17), lambda y: y[::-1]),
    "transposed": lambda: turned((17, 17), ops.transpose),
    "moved by one": lambda: turned((17, 3), lambda y: ops.roll(y, 1, 0)),
    "own sum": lambda: turned((17, 3), lambda y: ops.sum(y, 1, keepdims=True)),
    "sum of columns": lambda: turned((17, 17), lambda y: ops.sum(y, 0)),
    "swapped": swapped,
    "overwritten backwards": overwritten_backwards,
    "rows mirrored": rows_mirrored,
}


@pytest.mark.parametrize("name", GRAPHS)
def test_what_other_threads_wrote_is_met(name: str) -> None:
    check(GRAPHS[name](), 17, 8)


def test_the_check_sees_a_place_taken_too_early() -> None:
    plan = build(Net((29, 17, 3)).train(), 17, 16)
    for buffer in plan.buffers:
        if buffer.variable is None and not buffer.private:
            buffer.offset = 0
    with pytest.raises(AssertionError):
        check_plan(plan)


def test_the_check_sees_a_missing_meeting() -> None:
    plan = build(Net((29, 17, 3)).train(), 17, 16)
    for kernel in plan.kernels:
        kernel.meet = False
    with pytest.raises(AssertionError):
        check_plan(plan)
