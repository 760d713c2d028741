"""Small kernels that every thread repeats for itself, or the first alone at the end of a step."""

from __future__ import annotations

import sys

import numpy as np
import pytest

from ranvier import ops
from ranvier.graph import Graph, Trace, Variable, input_node
from ranvier.optimizers import SGD
from ranvier.plan import Loop, Plan, Product, build
from ranvier.plan.plan import Kernel
from tests.engines.nets import Net, passing
from tests.plan.check_plan import check_plan

WIDTH = 100


def centred(width: int, *, kept: bool = False) -> Graph:
    """Return a dense layer on inputs whose sums over the batch are taken off, and counted.

    Args:
        width: of inputs and outputs.
        kept: whether the centred inputs are an output, too.
    """
    kernel = Variable(np.zeros((width, width), np.float32), name="kernel")
    seen = Variable(np.zeros(width, np.float32), name="seen", trainable=False)
    with Trace() as trace:
        x = input_node("x", (None, width), "float32")
        total = ops.sum(x, 0)
        seen.assign(trace.leaf(seen) + total)
        y = ops.tanh(x - total)
        out = ops.relu(y @ trace.leaf(kernel))
    outputs = (out, y) if kept else (out,)
    return Graph((x,), outputs, tuple(trace.updates.items()))


def before_the_product(plan: Plan) -> list[Loop]:
    """Return the loops over the whole batch before the product."""
    kernels = plan.kernels
    end = next(i for i, k in enumerate(kernels) if isinstance(k, Product))
    return [k for k in kernels[:end] if isinstance(k, Loop) and k.shape == (None, WIDTH)]


def of_weights(plan: Plan) -> list[Kernel]:
    """Return the kernels that write variables."""
    return [
        k for k in plan.kernels if any(b.variable is not None for b in k.written_buffers())
    ]  # fmt: skip


def test_what_all_threads_need_each_makes_for_itself() -> None:
    plan = build(centred(WIDTH), 32, 16)
    loops = before_the_product(plan)
    assert [k.repeated for k in loops] == [True, True]
    assert not any(k.shared for k in loops)
    assert all(b.private for k in loops for b in k.written_buffers())
    product = next(k for k in plan.kernels if isinstance(k, Product))
    assert product.shared and not product.meet
    check_plan(plan)


def test_weights_are_written_once() -> None:
    plan = build(centred(WIDTH), 32, 16)
    assert [k.repeated for k in of_weights(plan)] == [False]


def test_outputs_are_written_once() -> None:
    plan = build(centred(WIDTH, kept=True), 32, 16)
    assert not any(k.repeated for k in plan.kernels if plan.outputs[1][1] in k.written_buffers())
    assert not any(b.private for _, b in plan.outputs)
    check_plan(plan)


def test_large_kernels_are_shared() -> None:
    plan = build(centred(WIDTH), 512, 16)
    assert [k.shared for k in before_the_product(plan)] == [True, True]
    check_plan(plan)


def test_nothing_is_repeated_where_nothing_is_shared() -> None:
    plan = build(centred(8), 32, 16)
    assert not plan.shared and not any(k.repeated for k in plan.kernels)


GRAPHS = {
    "two hidden layers": lambda: Net((784, 300, 100, 10)).train(),
    "deep": lambda: Net((300, *[100] * 5, 10)).train(),
    "clipped by all slopes": lambda: Net((784, 100, 10), lambda: SGD(global_clipnorm=1.0)).train(),
    "mostly zeros": lambda: passing(784, 100),
}


@pytest.mark.parametrize("name", GRAPHS)
def test_meetings_become_no_more(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    found = build(GRAPHS[name](), 32, 16)
    assert any(k.repeated for k in found.kernels)
    monkeypatch.setattr(sys.modules["ranvier.plan.split"], "_SMALL", 0)
    before = build(GRAPHS[name](), 32, 16)
    assert not any(k.repeated for k in before.kernels)
    assert sum(k.meet for k in found.kernels) <= sum(k.meet for k in before.kernels)


def test_what_nobody_needs_is_done_last() -> None:
    """The last layer is small: its new weights and the loss come after the large layer's."""
    plan = build(Net((784, 100, 10)).train(), 32, 16)
    end = max(i for i, k in enumerate(plan.kernels) if k.by_all)
    written = [{b.variable.name for b in k.written_buffers() if b.variable is not None}
               for k in plan.kernels]  # fmt: skip
    assert "kernel0" in set().union(*written[: end + 1])
    assert {"kernel1", "bias1", "total"} <= set().union(*written[end + 1 :])
    check_plan(plan)


def test_the_check_sees_what_another_thread_made() -> None:
    plan = build(centred(WIDTH), 32, 16)
    for kernel in before_the_product(plan):
        kernel.repeated = False
    with pytest.raises(AssertionError, match="what another thread made"):
        check_plan(plan)


def test_the_check_sees_what_all_write() -> None:
    plan = build(centred(WIDTH), 32, 16)
    of_weights(plan)[0].repeated = True
    with pytest.raises(AssertionError, match="every thread writes to the same place"):
        check_plan(plan)
