"""Products that pass over the zeros of slopes: right at every edge, for every width and rank."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from ranvier import ops
from ranvier.engines.native import NativeEngine
from ranvier.engines.reference import ReferenceEngine
from ranvier.engines.setting import SETTING
from ranvier.graph import Graph
from ranvier.plan import Product, build
from tests.engines.nets import pooled
from tests.engines.run import agrees, close, run_from, same_bits, starts

pytestmark = pytest.mark.usefixtures("small_slopes")

TOLERANCE = {"float32": 2e-4, "float64": 1e-11}


def passing(graph: Graph) -> int:
    kernels = [k for k in build(graph, 40, 16).kernels if isinstance(k, Product)]
    return sum(k.slopes is not None for k in kernels)


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize(
    ("places", "channels", "units", "options"),
    [
        ((2, 2), 8, 3, {}), ((4, 4), 16, 16, {}), ((5, 7), 9, 17, {"same": False}),
        ((6, 20), 33, 70, {}), ((7, 6), 20, 130, {"edge": 5, "pool": 3}),
        ((80,), 20, 24, {"pool": 4, "edge": 5}), ((9,), 8, 70, {"pool": 4, "same": False}),
        ((5, 4, 6), 9, 19, {}), ((11, 9), 16, 18, {"over": True}),
        ((4, 4, 5), 17, 18, {"edge": 2, "same": False}),
    ],
    ids=str,
)  # fmt: skip
def test_is_the_reference(
    places: tuple[int, ...], channels: int, units: int, options: dict[str, Any], dtype: str,
    threads: None, monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    graph = pooled(places, channels, units, dtype=dtype, **options)
    assert passing(graph) == 2
    agrees(graph, TOLERANCE[dtype], monkeypatch)


@pytest.mark.parametrize("activation", [ops.tanh, ops.leaky_relu])
def test_behind_other_activations(
    activation: Callable, threads: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    agrees(pooled((6, 6), 8, 9, activation=activation), TOLERANCE["float32"], monkeypatch)


def test_more_threads_than_vectors_of_rows(
    threads: None, monkeypatch: pytest.MonkeyPatch
) -> None:  # fmt: skip
    """Lines of places are shared, too: their sums come in the same order."""
    graph = pooled((7, 5), 17, 33)
    start, program = starts(graph), NativeEngine().compile(graph, 17)
    x = np.random.default_rng(4).normal(size=(40, 7, 5, 17)).astype("float32")
    found = []
    for count in (1, 2, 5, 16):
        monkeypatch.setattr(SETTING, "threads", count)
        found.append(run_from(start, program, graph, [x], np.arange(40), 17))
    for other in found[1:]:
        same_bits(other, found[0])
    want = run_from(start, ReferenceEngine().compile(graph, 17), graph, [x], np.arange(40), 17)
    close(found[0], want, TOLERANCE["float32"])


def test_what_is_not_a_number_is_no_zero(threads: None) -> None:
    """One row's NaN reaches every filter, as in any sum over the rows."""
    graph = pooled((4, 4), 16, 16, activation=ops.tanh)
    x = np.random.default_rng(5).normal(size=(5, 4, 4, 16)).astype("float32")
    x[2] = np.nan
    found = run_from(starts(graph), NativeEngine().compile(graph, 5), graph, [x], np.arange(5), 5)
    assert all(np.isnan(filters).all() for filters in found[1:])
