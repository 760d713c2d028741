"""Plans of the usual steps as text: what shares a kernel, what is stored, where threads meet."""

from __future__ import annotations

import numpy as np
import pytest

from ranvier import ops
from ranvier.graph import Graph, Trace, Variable, input_node
from ranvier.optimizers import SGD, Adam
from ranvier.plan import Copy, Plan, Product, build
from ranvier.plan.show import show
from ranvier.transform.grad import gradients
from ranvier.transform.simplify import simplify
from tests.engines.nets import Net, passing, pooled
from tests.golden.text import golden

SIZES = (784, 100, 10)


def turned_rows() -> Graph:
    """Return a user's reshape that no view can stand for, and a sum after it."""
    x = input_node("x", (None, 3, 4), "float32")
    turned = ops.reshape(ops.transpose(x, (0, 2, 1)), (None, 12))
    return Graph((x,), (ops.sum(ops.tanh(turned), -1),))


def scaled_input() -> Graph:
    """Return a training step of a scale and a shift for each input, and a dense layer."""
    sizes = {"gamma": (784,), "beta": (784,), "kernel": (784, 300)}
    weights = [Variable(np.zeros(shape, np.float32), name=n) for n, shape in sizes.items()]
    optimizer = SGD()
    optimizer.build(weights)
    with Trace() as trace:
        x = input_node("x", (None, 784), "float32")
        gamma, beta, kernel = [trace.leaf(w) for w in weights]
        loss = ops.mean(ops.square(ops.relu((x * gamma + beta) @ kernel)))
        optimizer.apply(gradients(loss, [gamma, beta, kernel]), weights)
    return simplify(Graph((x,), (loss,), tuple(trace.updates.items())))


PLANS = {
    "dense_forward": lambda: Net(SIZES).predict(),
    "train_sgd": lambda: Net(SIZES).train(),
    "train_adam": lambda: Net(SIZES, Adam).train(),
    "train_global_clipnorm": lambda: Net(SIZES, lambda: SGD(global_clipnorm=1.0)).train(),
    "user_reshape": turned_rows,
    "train_scaled_input": scaled_input,
    "train_mostly_zeros": lambda: passing(784, 100),
    "train_pooled": lambda: pooled((14, 14), 32, 64),
}


@pytest.mark.parametrize("name", PLANS)
def test_golden(name: str) -> None:
    golden(f"plan-{name}", show(build(PLANS[name](), 32, 16)))


def test_a_scale_of_the_inputs_costs_no_product_of_its_own() -> None:
    """The product of the kernel's gradient also gives what gamma's takes, and updates in place."""
    plan = build(scaled_input(), 32, 16)
    products = [k for k in plan.kernels if isinstance(k, Product)]
    assert sum(1 not in k.node.shape for k in products) == 2
    written = [
        [b.variable.name for b in k.written_buffers() if b.variable is not None] for k in products
    ]
    assert ["kernel"] in written
    assert not any(isinstance(k, Copy) for k in plan.kernels)


def stored(plan: Plan, count: int) -> list[object]:
    """Return the arena's buffers of so many elements."""
    return [b for b in plan.buffers if b.variable is None and _count(b.shape) == count]


def _count(shape: tuple[int | None, ...]) -> int:
    total = 1
    for size in shape:
        total *= size or 0
    return total


def first_product(plan: Plan, spec: str) -> Product:
    return next(k for k in plan.kernels if isinstance(k, Product) and k.node.attrs["spec"] == spec)


def test_bias_and_activation_join_the_product() -> None:
    kernel = next(k for k in build(Net(SIZES).predict(), 32, 16).kernels if isinstance(k, Product))
    assert [n.op.name for n in kernel.body] == ["add", "relu"]


@pytest.mark.parametrize("optimizer", [SGD, Adam])
def test_the_update_joins_the_weight_gradient_which_is_not_stored(optimizer: type) -> None:
    plan = build(Net(SIZES, optimizer).train(), 32, 16)
    assert stored(plan, 784 * 100) == []
    makers = [k for k in plan.kernels if any(b.variable is not None and b.shape == (784, 100)
                                             for b in k.written_buffers())]  # fmt: skip
    assert [type(k) for k in makers] == [Product]


def test_clipping_by_all_slopes_stores_them() -> None:
    plan = build(Net(SIZES, lambda: SGD(global_clipnorm=1.0)).train(), 32, 16)
    assert len(stored(plan, 784 * 100)) == 1
