"""Products that pass over the zeros of their input: what the reference says, on any threads."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from ranvier import ops
from ranvier.engines.native import NativeEngine
from ranvier.engines.native import program as native_program
from ranvier.engines.native.machine import host
from ranvier.engines.native.zeros import _SUMS
from ranvier.engines.reference import ReferenceEngine
from ranvier.engines.setting import SETTING
from ranvier.graph import Graph, Trace, Variable, input_node
from ranvier.ops.contract import contract_
from ranvier.plan import Product, build, zeros
from tests.engines.native.test_machine import narrower
from tests.engines.nets import passing
from tests.engines.run import close, run_from, same_bits, starts

TOLERANCE = {"float32": 5e-5, "float64": 1e-12}
#: (inputs, units): less than a vector, tails on both axes of less and of more than half a vector,
#: more units than a row's registers hold, more inputs than a mask has bits.
SIZES = [(1, 1), (5, 17), (16, 16), (33, 50), (130, 16 * _SUMS + 20), (70, 60), (129, 3)]
#: Arrays that a caller may give: the forward product asks memory for the rows of the next batch.
FORMS: dict[str, Callable[[np.ndarray], np.ndarray]] = {
    "float64": lambda x: x.astype(np.float64),
    "uint8": lambda x: np.abs(9 * x).astype(np.uint8),
    "by columns": np.asfortranarray,
    "backwards": lambda x: np.ascontiguousarray(x[::-1, ::-1])[::-1, ::-1],
}


def numbers(rows: int, inputs: int, dtype: str) -> np.ndarray:
    """Return rows with zeros in each, rows and columns of zeros alone, and numbers near zero."""
    rng = np.random.default_rng(rows)
    x = rng.normal(size=(rows, inputs)) * (rng.random((rows, inputs)) < 0.4)
    x[3::7], x[:, 2::5] = 0, 0
    x[x > 2.0], x[x < -2.0] = 1e-30, -0.0
    return x.astype(dtype)


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    """Pass over zeros in small layers, too."""
    monkeypatch.setattr(zeros, "_OUTPUTS", 1)
    monkeypatch.setattr(zeros, "_INPUTS", 1)
    monkeypatch.setenv("RANVIER_CACHE", "off")
    monkeypatch.setattr(native_program, "_CODE", {})


def products(graph: Graph, lanes: int = 16) -> list[Product]:
    return [k for k in build(graph, 40, lanes).kernels if isinstance(k, Product)]


def passes(
    inputs: int, units: int, dtype: str, batches: tuple[int, ...],
    form: Callable[[np.ndarray], np.ndarray] = np.asarray, steps: int = 2,
) -> None:  # fmt: skip
    """Compare with the reference, over some whole batches and three rows."""
    graph = passing(inputs, units, dtype)
    starting = starts(graph)
    for batch in batches:
        rows = steps * batch + 3
        x, order = form(numbers(rows, inputs, dtype)), np.random.default_rng(1).permutation(rows)
        got, want = (
            run_from(starting, engine.compile(graph, batch), graph, [x], order, batch)
            for engine in (NativeEngine(), ReferenceEngine())
        )
        close(got, want, TOLERANCE[dtype])


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize(("inputs", "units"), SIZES)
def test_is_the_product(inputs: int, units: int, dtype: str, small: None) -> None:
    forward, ends, gradient = products(passing(inputs, units, dtype))
    assert forward.zeros == ends.zeros == gradient.zeros == 0
    assert ends.ends and not (forward.ends or gradient.ends)
    passes(inputs, units, dtype, (33, 150))


def test_batches_of_any_size(small: None) -> None:
    passes(33, 50, "float32", (1, 7, 16, 64, 65))


@pytest.mark.parametrize("form", FORMS)
def test_whatever_rows_follow(form: str, small: None) -> None:
    passes(130, 50, "float32", (16, 20, 150), FORMS[form], steps=4)


def test_asks_for_the_rows_that_come_next(small: None) -> None:
    plan = build(passing(70, 50, "float32"), 40, 16)
    forward, ends, gradient = [k for k in plan.kernels if isinstance(k, Product)]
    assert forward.ahead is not None and forward.ahead is plan.inputs[0].ahead
    assert ends.ahead is gradient.ahead is None
    assert forward.ahead.private


def test_a_thread_reads_its_parts_of_a_row() -> None:
    """Each gathers only these, unless something else reads whole rows, or one thread alone."""
    wide = passing(784, 100)
    (x,) = wide.inputs
    with Trace():
        both = Graph(wide.inputs, (*wide.outputs, ops.sum(x, -1)), wide.updates)
        itself = Graph((x,), (contract_(x, x, spec="yk,yz->kz"),))
    graphs = wide, both, itself, passing(70, 50)
    assert [build(g, 32, 16).inputs[0].parted for g in graphs] == [True, False, False, False]
    assert [p.zeros for p in products(itself)] == [0]


@pytest.mark.parametrize("count", [1, 2, 3, 35, 71, 784])
@pytest.mark.parametrize("threads", [1, 2, 3, 4, 5, 16])
def test_parts_hold_all_pieces_of_a_thread(count: int, threads: int) -> None:
    """As `share_of` cuts pieces, and `parts_of` parts, in machine code."""
    pieces, size = -(-count // zeros.HEIGHT), zeros.part_size(count)
    for thread in range(threads):
        low, high = (t * pieces // threads * zeros.HEIGHT for t in (thread, thread + 1))
        first, end = thread * zeros.PARTS // threads, -(-(thread + 1) * zeros.PARTS // threads)
        assert low == high or first * size <= low
        assert end == zeros.PARTS or high <= end * size


@pytest.mark.parametrize("size", [32, 16])
@pytest.mark.parametrize(("inputs", "units"), [(33, 50), (130, 70)])
def test_on_narrow_vectors(
    size: int, inputs: int, units: int, small: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    if size >= host().vector_bytes:
        pytest.skip("vectors are not wider here")
    other = narrower(size)
    monkeypatch.setattr(native_program, "host", lambda: other)
    native_program._gathers.cache_clear()
    passes(inputs, units, "float32", (7, 70))
    native_program._gathers.cache_clear()


@pytest.mark.parametrize("inputs", [33, 70, 71, 131, 260])
def test_threads_change_no_bit(
    inputs: int, small: None, threads: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    graph = passing(inputs, 50, "float32")
    starting, program = starts(graph), NativeEngine().compile(graph, 70)
    x, order = numbers(140, inputs, "float32"), np.arange(140)
    found = []
    for count in (1, 2, 3, 4, 7):
        monkeypatch.setattr(SETTING, "threads", count)
        found.append(run_from(starting, program, graph, [x], order, 70))
    for other in found[1:]:
        same_bits(other, found[0])


def test_what_is_not_a_number_is_no_zero(small: None) -> None:
    graph = passing(20, 17, "float32")
    x = numbers(5, 20, "float32")
    x[1, 0] = np.nan
    y, *_ = run_from(starts(graph), NativeEngine().compile(graph, 5), graph, [x], np.arange(5), 5)
    assert np.isnan(y[1]).all()
    assert np.isfinite(y[[0, 2, 3, 4]]).all()


def of(build_y: Callable, shape: tuple[int | None, ...], weights: tuple[int, ...]) -> Graph:
    """Return the graph of a product of an input that is mostly zero."""
    kernel = Variable(np.ones(weights, "float32"), name="w")
    with Trace() as trace:
        x = input_node("x", shape, "float32", zeros=True)
        return Graph((x,), (build_y(x, trace.leaf(kernel)),))


def test_which_products_pass_over_zeros() -> None:
    flat = of(lambda x, w: ops.matmul(ops.reshape(x, (-1, 784)), w), (None, 28, 28), (784, 100))
    turned = of(lambda x, w: contract_(x, w, spec="yk,zk->yz"), (None, 784), (100, 784))
    for graph in (flat, turned):
        plan = build(graph, 32, 16)
        product, _ = [k for k in plan.kernels if isinstance(k, Product)]
        assert product.zeros == 0
        (home,) = [b for b in plan.buffers if b.variable is not None]
        assert home.shape[home.order[-1]] == 100  # lanes run along the outputs


def test_which_products_do_not() -> None:
    few = of(ops.matmul, (None, 784), (784, 10))
    short = of(ops.matmul, (None, 8), (8, 100))
    scaled = of(lambda x, w: ops.matmul(x - 0.5, w), (None, 784), (784, 100))
    deep = of(ops.matmul, (None, 5, 784), (784, 100))
    exact = of(ops.matmul, (32, 784), (784, 100))
    elsewhere = of(lambda x, w: ops.matmul(x, ops.transpose(w)), (None, 784), (100, 784))
    for graph in (few, short, scaled, deep, exact, elsewhere):
        assert [p.zeros for p in products(graph)] == [-1]
