"""Which products pass over the zeros that pooling leaves in slopes, and what plans keep of that."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from ranvier import ops
from ranvier.graph import Graph
from ranvier.plan import Product, build, slopes
from tests.engines.nets import convolutions, pooled
from tests.plan.check_plan import check_plan


def passing(graph: Graph, lanes: int = 16) -> list[bool]:
    """Return whether results lie at places, of each product that passes over a slope's zeros."""
    kernels = [k for k in build(graph, 32, lanes).kernels if isinstance(k, Product)]
    return [k.slopes.ahead for k in kernels if k.slopes is not None]


@pytest.mark.parametrize(
    ("places", "options"),
    [
        ((8, 8), {}), ((9, 7), {"same": False}), ((8, 8), {"edge": 5}), ((8, 8), {"pool": 3}),
        ((12,), {"pool": 4}), ((4, 4, 4), {}), ((8, 8), {"dtype": "float64"}),
        ((11, 13), {"over": True}),
    ],
    ids=str,
)  # fmt: skip
def test_before_pooling(places: tuple[int, ...], options: dict[str, Any]) -> None:
    assert passing(pooled(places, 16, 16, **options)) == [True, False]


@pytest.mark.parametrize(
    "activation", [ops.tanh, ops.elu, ops.leaky_relu, ops.sigmoid, ops.silu, ops.gelu]
)
def test_behind_any_activation(activation: Callable) -> None:
    assert passing(pooled((8, 8), 16, 16, activation=activation)) == [True, False]


@pytest.mark.parametrize(
    "graph",
    [
        lambda: pooled((8, 8), 15, 16), lambda: pooled((8, 8), 16, 15),
        lambda: pooled((12,), 16, 16, pool=3), lambda: convolutions(8, 8, 16, 16, same=True),
    ],
    ids=["few channels", "few units", "a third is not zero", "no pooling"],
)  # fmt: skip
def test_all_else_is_summed_as_ever(graph: Callable[[], Graph]) -> None:
    assert passing(graph()) == []


def test_shares() -> None:
    """What is not zero, as ops tell: one of a window, and no more behind what leaves zeros."""
    found = [
        slopes.share(k.node.inputs[0 if k.slopes.ahead else 1])
        for k in build(pooled((6, 6, 6), 16, 16, activation=ops.tanh), 32, 16).kernels
        if isinstance(k, Product) and k.slopes is not None
    ]
    assert found == [1 / 8, 1 / 8]


@pytest.mark.parametrize("places", [(5, 4), (9,), (2, 3, 2)], ids=str)
def test_plans_hold(places: tuple[int, ...], monkeypatch: pytest.MonkeyPatch) -> None:
    """Bounds, lifetimes and races; each thread has the memory for itself."""
    monkeypatch.setattr(slopes, "_PAIRS", 1)
    plan = build(pooled(places, 9, 12, pool=2 if len(places) > 1 else 4), 48, 8)
    check_plan(plan)
    over = [k for k in plan.kernels if isinstance(k, Product) and k.slopes is not None]
    assert len(over) == 2
    for kernel in over:
        assert kernel.scratch is not None and kernel.slopes is not None
        (buffer, _) = kernel.scratch
        assert buffer.private and buffer.size == kernel.slopes.size
