"""Programs: any number of rows, several on the same variables, and no memory made in a step."""

from __future__ import annotations

import gc
import tracemalloc

import numpy as np
import pytest

from ranvier import ops
from ranvier.engines.native import NativeEngine
from ranvier.engines.native.home import NativeHome
from ranvier.engines.reference import ReferenceEngine
from ranvier.graph import Graph, Trace, Variable, input_node
from ranvier.graph.errors import ArgumentError, ShapeError
from ranvier.optimizers import SGD, Adam
from tests.engines.nets import Net
from tests.engines.run import close, run_from, same_bits, starts

SIZES = (19, 17, 5)
ENGINE = NativeEngine()


@pytest.mark.parametrize("dropout", [0.0, 0.4])
@pytest.mark.parametrize(
    "rows", [1, 17, *(pytest.param(n, marks=pytest.mark.slow) for n in (2, 15, 16, 31))]
)
def test_a_short_batch_is_one_of_exactly_that_size(rows: int, dropout: float) -> None:
    """Up to the order in which a batch is summed, which is that of the vectors it fills."""
    found = []
    for capacity in (rows, 32):
        net = Net(SIZES, Adam, dropout)
        graph = net.train()
        program = ENGINE.compile(graph, capacity)
        found.append(run_from(starts(graph), program, graph, net.data(40), np.arange(rows), rows))
    close(found[0], found[1], 2e-6)


@pytest.mark.parametrize("batch", [1, 7, 20, 32])
def test_predictions_have_the_same_bits_whatever_the_batch(batch: int) -> None:
    """Rows are lanes: what one row gives does not depend on its neighbours."""
    net = Net(SIZES)
    graph = net.predict()
    x, order = net.data(40)[:1], np.arange(40)
    program = ENGINE.compile(graph, 32)
    whole = run_from(starts(graph), program, graph, x, order, 32)
    same_bits(run_from(starts(graph), program, graph, x, order, batch), whole)


def test_rows_past_the_end_of_a_batch_count_nowhere() -> None:
    """What a long batch left in the arena does not reach the sums of a short one."""
    net = Net(SIZES)
    graph = net.train()
    program = ENGINE.compile(graph, 32)
    start, order = starts(graph), np.arange(40)
    x, y = net.data(40)
    want = run_from(start, program, graph, [x, y], order[:3], 32)
    wild = x.copy()
    wild[:32] = np.nan
    run_from(start, program, graph, [wild, y], order[:32], 32)
    same_bits(run_from(start, program, graph, [x, y], order[:3], 32), want)


def test_a_batch_is_no_larger_than_the_program() -> None:
    net = Net(SIZES)
    program = ENGINE.compile(net.predict(), 8)
    x = net.data(40)[:1]
    with pytest.raises(ArgumentError, match="got a batch of 9 rows, expected at most 8"):
        program.run(x, np.arange(9), 9)
    with pytest.raises(ShapeError, match=r"Output 0 .* \(8, 5\), expected \(9, 5\)"):
        program.run(x, np.arange(9), 8, [np.zeros((8, 5), np.float32)])


def test_outputs_of_any_layout_and_type() -> None:
    net = Net(SIZES)
    graph = net.predict()
    program = ENGINE.compile(graph, 8)
    x = net.data(20)[:1]
    plain = np.zeros((20, 5), np.float32)
    program.run(x, np.arange(20), 8, [plain])
    for out in (
        np.zeros((5, 20), np.float32).T, np.zeros((40, 10), np.float32)[::-2, ::2],
        np.zeros((20, 5)), np.zeros((20, 5), ">f4"),
    ):  # fmt: skip
        program.run(x, np.arange(20), 8, [out])
        np.testing.assert_array_equal(out, plain)


# --- variables ------------------------------------------------------------------------------------
def test_programs_on_the_same_variables_see_each_others_numbers() -> None:
    """Train, test, predict, read, assign: on both engines, step by step, the same."""
    found = []
    for engine in (ENGINE, ReferenceEngine()):
        net = Net(SIZES, SGD)
        train, test, predict = (
            engine.compile(g, 16) for g in (net.train(), net.test(), net.predict())
        )
        data, order = net.data(40), np.arange(40)
        seen = []
        for turn in range(3):
            train.run(data, order, 16)
            test.run(data, order, 16)
            out = np.zeros((40, 5), np.float32)
            predict.run(data[:1], order, 16, [out])
            seen += [out, *(w.numpy() for w in net.weights), net.total.numpy()]
            net.weights[turn].assign(net.weights[turn].numpy() * 0.5)
            net.total.assign(float(turn))
        found.append(seen)
    close(found[0], found[1], 1e-5)


def test_programs_that_like_different_layouts_share_a_variable() -> None:
    rng = np.random.default_rng(3)
    v = Variable(rng.normal(size=(7, 19)))
    with Trace() as trace:
        x = input_node("x", (None, 7), "float32")
        weight = Graph((x,), (x @ v.value,))
    with Trace() as trace:
        v.assign(v.value * 2.0)
        plain = Graph((), (ops.sum(v.value, 0),), tuple(trace.updates.items()))
    with Trace():
        z = input_node("z", (None, 19), "float64")
        other = Graph((z,), (ops.einsum("bi,oi->bo", z, ops.cast(v.value, "float64")),))
    programs = [ENGINE.compile(g, 4) for g in (weight, plain, other)]
    orders = set()
    now = v.numpy()
    x, z = rng.normal(size=(4, 7)), rng.normal(size=(4, 19))
    for _ in range(2):
        out = [np.zeros((4, 19), "f"), np.zeros(19, "f"), np.zeros((4, 7))]
        programs[0].run([x], np.arange(4), 4, out[:1])
        orders.add((v.home.order, v.home.lanes))  # type: ignore[attr-defined]
        np.testing.assert_allclose(out[0], x.astype("f") @ now, rtol=1e-4, atol=1e-5)
        programs[1].run([], np.arange(1), 1, out[1:2])
        orders.add((v.home.order, v.home.lanes))  # type: ignore[attr-defined]
        now = now * 2
        np.testing.assert_array_equal(v.numpy(), now)
        programs[2].run([z], np.arange(4), 4, out[2:])
        np.testing.assert_allclose(out[2], z @ now.T.astype(float), rtol=1e-12)
    assert len(orders) == 2


def test_reading_is_a_copy_and_writing_is_seen() -> None:
    v = Variable(np.zeros(5))
    with Trace() as trace:
        v.assign_add(np.ones(5))
    program = ENGINE.compile(Graph((), (), tuple(trace.updates.items())), 1)
    version = v.version
    program.run([], np.arange(3), 1)
    assert isinstance(v.home, NativeHome)
    assert v.version > version
    read = v.numpy()
    program.run([], np.arange(1), 1)
    assert read.tolist() == [3.0] * 5
    read[:] = 9
    assert v.numpy().tolist() == [4.0] * 5
    v.assign([5.0, 1, 2, 3, 4])
    program.run([], np.arange(1), 1)
    assert v.numpy().tolist() == [6.0, 2, 3, 4, 5]


def test_two_variables_change_places() -> None:
    a, b = Variable(np.arange(5.0)), Variable(-np.arange(5.0))
    with Trace() as trace:
        old = a.value
        a.assign(b.value)
        b.assign(old)
    program = ENGINE.compile(Graph((), (), tuple(trace.updates.items())), 1)
    program.run([], np.arange(3), 1)
    assert a.numpy().tolist() == [0.0, -1, -2, -3, -4]
    assert b.numpy().tolist() == [0.0, 1, 2, 3, 4]


# --- memory ---------------------------------------------------------------------------------------
def test_a_run_makes_no_memory_that_grows_with_its_steps() -> None:
    net = Net((784, 17, 3))
    program = ENGINE.compile(net.train(), 32)
    data = net.data(3200)
    peaks = []
    for rows in (32, 3200):
        order = np.arange(rows)
        for _ in range(3):  # threads are tried, and begin to live, in the first calls
            program.run(data, order, 32)
        tracemalloc.start()
        program.run(data, order, 32)
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    assert peaks[1] < 8000
    assert peaks[1] <= peaks[0] + 1000


def test_programs_that_are_dropped_leave_nothing() -> None:
    def once() -> None:
        net = Net((33, 17, 3))
        ENGINE.compile(net.train(), 32).run(net.data(64), np.arange(64), 32)

    for _ in range(3):
        once()
    gc.collect()
    tracemalloc.start()
    once()
    gc.collect()
    before = tracemalloc.get_traced_memory()[0]
    for _ in range(20):
        once()
    gc.collect()
    after = tracemalloc.get_traced_memory()[0]
    tracemalloc.stop()
    assert after - before < 20_000
