"""Which convolutions take 16 multiplications for 36, and what plans keep of that."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from ranvier import ops
from ranvier.graph import Graph, Trace, Variable, input_node
from ranvier.plan import Plan, Product, build, windows
from ranvier.plan.windows import PRODUCTS
from tests.engines.nets import convolutions
from tests.plan.check_plan import check_plan


def convolution(
    channels: int = 32, units: int = 32, places: int = 9, edge: int = 3, dtype: str = "float32",
    groups: int = 1, **options: Any,
) -> Plan:  # fmt: skip
    shape = (edge, edge, channels // groups, units)
    kernel = Variable(np.ones(shape, dtype), dtype=dtype)
    with Trace() as trace:
        x = input_node("x", (None, places, places, channels), dtype)
        y = ops.conv(x, trace.leaf(kernel), padding="same", **options)
    return build(Graph((x,), (y,)), 32, 16)


def found(plan: Plan) -> list[bool]:
    return [bool(k.windows) for k in plan.kernels if isinstance(k, Product)]


@pytest.mark.parametrize(
    "options", [{}, {"places": 4}, {"units": 64}, {"channels": 24, "units": 48}]
)
def test_three_by_three(options: dict[str, Any]) -> None:
    assert found(convolution(**options)) == [True]


@pytest.mark.parametrize(
    "options",
    [
        {"channels": 16}, {"units": 8}, {"places": 3}, {"edge": 5}, {"edge": 1},
        {"dtype": "float64"}, {"strides": 2}, {"dilation_rate": 2}, {"groups": 2},
    ],
    ids=str,
)  # fmt: skip
def test_all_else_is_summed_directly(options: dict[str, Any]) -> None:
    assert not any(found(convolution(**options)))


@pytest.mark.parametrize("capacity", [16, 48])
def test_plans_hold(capacity: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Bounds, lifetimes and races; each thread has the memory for itself."""
    monkeypatch.setattr(windows, "_PLACES", 0)
    monkeypatch.setattr(windows, "_CHANNELS", 0)
    plan = build(convolutions(5, 4, 9, 12, same=True), capacity, 8)
    check_plan(plan)
    over = [k for k in plan.kernels if isinstance(k, Product) and k.windows]
    assert [k.windows.ahead for k in over if k.windows].count(False) == 2
    for kernel in over:
        assert kernel.scratch is not None and kernel.windows is not None
        (buffer, _) = kernel.scratch
        assert buffer.private and buffer.size == kernel.windows.size
        assert buffer.size >= PRODUCTS * sum(a * b for a, b in kernel.windows.shapes)
