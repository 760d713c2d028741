"""Products over 3x3 windows: right at every edge, for every width, on any number of threads."""

from __future__ import annotations

import numpy as np
import pytest

from ranvier import ops
from ranvier.engines.native import NativeEngine
from ranvier.engines.reference import ReferenceEngine
from ranvier.graph import Graph, Trace, Variable, input_node
from ranvier.plan import Product, build
from tests.engines.nets import convolutions
from tests.engines.run import agrees, run_from, starts

pytestmark = pytest.mark.usefixtures("small_windows")


@pytest.mark.parametrize(
    ("height", "width", "channels", "units", "same"),
    [
        (2, 2, 8, 8, True), (3, 3, 8, 9, True), (5, 6, 9, 17, True), (6, 5, 17, 8, False),
        (7, 5, 16, 33, False), (4, 4, 33, 40, True),
    ],
)  # fmt: skip
def test_is_the_reference(
    height: int, width: int, channels: int, units: int, same: bool, threads: None,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    graph = convolutions(height, width, channels, units, same)
    kernels = [k for k in build(graph, 40, 16).kernels if isinstance(k, Product)]
    # Two filters forward, one gradient of what lies between, and two of filters.
    ahead = [k.windows.ahead for k in kernels if k.windows]
    assert (ahead.count(True), ahead.count(False)) == (3, 2) if min(height, width) > 4 else True
    agrees(graph, 2e-4, monkeypatch)


def on_both(kernel: np.ndarray, data: np.ndarray) -> list[np.ndarray]:
    """Return a convolution, `same`, as the native engine and as the reference have it."""
    filters = Variable(kernel)
    with Trace() as trace:
        x = input_node("x", (None, *data.shape[1:]), "float32")
        graph = Graph((x,), (ops.conv(x, trace.leaf(filters), padding="same"),))
    rows = len(data)
    return [
        run_from(starts(graph), e.compile(graph, rows), graph, [data], np.arange(rows), rows)[0]
        for e in (NativeEngine(), ReferenceEngine())
    ]


def test_is_nearly_as_exact_as_the_direct_sum() -> None:
    """Both against float64, on numbers that do not cancel out: an error of some last digits."""
    rng = np.random.default_rng(6)
    kernel = rng.uniform(-1, 1, (3, 3, 64, 64)).astype("float32")
    data = rng.uniform(-1, 1, (8, 14, 14, 64)).astype("float32")
    want = np.asarray(ops.conv(data.astype("float64"), kernel.astype("float64"), padding="same"))
    errors = [np.abs(got - want).max() / np.abs(want).max() for got in on_both(kernel, data)]
    assert errors[0] < 1e-6
    assert errors[0] < 8 * errors[1]


def test_rows_do_not_depend_on_their_batch() -> None:
    graph = convolutions(6, 6, 8, 8, same=True, rate=0.0)
    data = np.random.default_rng(7).normal(size=(70, 6, 6, 8)).astype("float32")
    results = []
    for batch in (70, 33, 3):
        program = NativeEngine().compile(graph, batch)
        results.append(run_from(starts(graph), program, graph, [data], np.arange(70), batch)[0])
    assert np.array_equal(results[0], results[1])
    assert np.array_equal(results[0], results[2])


def test_small_whole_numbers_are_exact() -> None:
    """Halves and quarters of small numbers are numbers of float32 too."""
    rng = np.random.default_rng(8)
    kernel = rng.integers(-8, 9, (3, 3, 16, 16)).astype("float32")
    data = rng.integers(-20, 21, (4, 5, 5, 16)).astype("float32")
    got, want = on_both(kernel, data)
    assert np.array_equal(got, want)
