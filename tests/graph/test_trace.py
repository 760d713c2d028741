"""Tests of tracing: what variables read as, and in which order assignments count."""

from __future__ import annotations

import threading

import numpy as np
import pytest

from ranvier.engines.reference import ReferenceEngine
from ranvier.graph import Graph, Node, Trace, Variable, current
from ranvier.graph.errors import ShapeError


def run(trace: Trace, *outputs: Node) -> list[np.ndarray]:
    """Run one step of what a trace recorded."""
    graph = Graph((), outputs, tuple(trace.updates.items()))
    out = [np.empty([s or 1 for s in n.shape], n.dtype) for n in outputs]
    ReferenceEngine().compile(graph, 1).run([], np.arange(1), 1, out)
    return out


def test_a_trace_changes_nothing_until_its_step_runs() -> None:
    v = Variable([1.0, 2.0])
    with Trace() as trace:
        v.assign(v * 3)
    assert v.numpy().tolist() == [1, 2]
    run(trace)
    assert v.numpy().tolist() == [3, 6]


def test_reads_after_an_assignment_see_it() -> None:
    v = Variable(2.0)
    with Trace() as trace:
        before = v + 0
        v.assign(v * 5)
        after = v + 0
        v.assign_add(1.0)
    assert [float(a) for a in run(trace, before, after)] == [2.0, 10.0]
    assert float(v) == 11.0


def test_the_leaf_is_the_value_at_the_start() -> None:
    v = Variable(2.0)
    with Trace() as trace:
        v.assign(v * 5)
        assert trace.leaf(v) is not trace.read(v)
        assert trace.leaf(v).op.name == "variable"
    assert list(trace.updates) == [v]


def test_updates_of_a_step_are_taken_from_its_start() -> None:
    a, b = Variable(1.0), Variable(2.0)
    with Trace() as trace:
        x, y = a + 0, b + 0
        a.assign(y)
        b.assign(x)
    run(trace)
    assert (float(a), float(b)) == (2.0, 1.0)


def test_eager_and_traced_code_agree() -> None:
    def change(v: Variable) -> None:
        v.assign_sub(0.5)
        v.assign(v * v)

    eager, traced = Variable([1.0, 3.0]), Variable([1.0, 3.0])
    change(eager)
    with Trace() as trace:
        change(traced)
    run(trace)
    np.testing.assert_array_equal(eager.numpy(), traced.numpy())


def test_numbers_and_variables_can_be_assigned() -> None:
    v, w, k = Variable([1.0, 2.0]), Variable([5.0, 6.0]), Variable(3, dtype="int32")
    with Trace() as trace:
        v.assign(w)
        w.assign(np.array([7.0, 8.0]))
        k.assign(4)
    run(trace)
    assert v.numpy().tolist() == [5, 6]
    assert w.numpy().tolist() == [7, 8]
    assert int(k) == 4


def test_an_assignment_keeps_the_variables_type() -> None:
    v = Variable(3, dtype="int32")
    with Trace() as trace:
        v.assign(v * 2.5)
    run(trace)
    assert v.numpy() == np.int32(7)


def test_a_wrong_shape_is_told_at_once() -> None:
    v = Variable([1.0, 2.0], name="weights")
    with Trace(), pytest.raises(ShapeError, match=r"'weights'.*\(3,\).*\(2,\)"):
        v.assign(np.ones(3))


def test_traces_nest_and_end() -> None:
    v = Variable(1.0)
    with Trace() as outer:
        v.assign_add(1.0)
        with Trace() as inner:
            assert current() is inner
            v.assign_add(5.0)
        assert current() is outer
    assert current() is None
    run(outer)
    assert float(v) == 2.0


def test_a_trace_ends_on_errors() -> None:
    with pytest.raises(ZeroDivisionError), Trace():
        raise ZeroDivisionError
    assert current() is None


def test_a_trace_belongs_to_its_thread() -> None:
    seen = []
    with Trace():
        thread = threading.Thread(target=lambda: seen.append(current()))
        thread.start()
        thread.join()
    assert seen == [None]
