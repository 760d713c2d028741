"""Data of any type and layout: the bits of a contiguous copy, nothing written, bounded memory."""

from __future__ import annotations

import functools
import tracemalloc
from math import inf, nan
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ranvier import ops
from ranvier.engines.native import NativeEngine
from ranvier.engines.native.gather import SOURCES
from ranvier.engines.reference import ReferenceEngine
from ranvier.graph import Graph, input_node
from ranvier.graph.errors import ShapeError
from tests.engines.layouts import LAYOUTS, mapped
from tests.engines.run import run_from, same_bits

SHAPES = ((1,), (5,), (33,), (2, 3, 7))
TYPES = (*SOURCES, "float16", "longdouble")
ROWS, CAPACITY = 45, 17


@functools.cache
def program(shape: tuple[int, ...], dtype: str) -> tuple[Any, Graph]:
    """Return a program that reads its input both feature by feature and row by row."""
    x = input_node("x", (None, *shape), dtype)
    outputs = [ops.logical_not(x) if dtype == "bool" else x + 1]
    if dtype == "float32":
        flat = ops.reshape(x, (None, int(np.prod(shape))))
        outputs.append(ops.einsum("bi,bj->ij", flat, flat))
    graph = Graph((x,), tuple(outputs))
    return NativeEngine().compile(graph, CAPACITY), graph


def numbers(kind: str, shape: tuple[int, ...], seed: int) -> np.ndarray:
    """Return rows of small numbers that every type can hold; eighths where floats are."""
    rng = np.random.default_rng(seed)
    dtype = np.dtype(kind)
    low = 0 if dtype.kind in "bu" else -100
    values = rng.integers(low, 2 if dtype.kind == "b" else 101, (ROWS, *shape)).astype(dtype)
    return values / dtype.type(8) if dtype.kind == "f" else values


def feed(array: np.ndarray, shape: tuple[int, ...], dtype: str, rows: int) -> list[np.ndarray]:
    made, graph = program(shape, dtype)
    order = np.random.default_rng(1).permutation(ROWS)[:rows].astype(np.int64)
    return run_from([], made, graph, [array], order, CAPACITY)


@settings(max_examples=100, deadline=None, derandomize=True)
@given(
    kind=st.sampled_from(TYPES), layout=st.sampled_from(LAYOUTS), shape=st.sampled_from(SHAPES),
    target=st.sampled_from(["float32", "float32", "float64", "int32"]), rows=st.integers(1, ROWS),
)  # fmt: skip
def test_any_layout_gives_the_bits_of_a_contiguous_copy(
    kind: str, layout: Any, shape: tuple[int, ...], target: str, rows: int
) -> None:
    array = layout(numbers(kind, shape, 3))
    before = array.tobytes()
    plain = np.ascontiguousarray(array, np.dtype(kind))
    got = feed(array, shape, target, rows)
    same_bits(got, feed(plain, shape, target, rows))
    assert array.tobytes() == before


@pytest.mark.parametrize("target", ["float32", "float64", "int32", "int64", "bool"])
@pytest.mark.parametrize("kind", TYPES)
def test_every_type_is_read_as_numpy_casts_it(kind: str, target: str) -> None:
    array = numbers(kind, (5,), 4)
    _, graph = program((5,), target)
    order = np.random.default_rng(1).permutation(ROWS).astype(np.int64)
    reference = ReferenceEngine().compile(graph, CAPACITY)
    got = feed(array, (5,), target, ROWS)
    same_bits(got[:1], run_from([], reference, graph, [array], order, CAPACITY)[:1])


def test_wide_integers_keep_their_digits() -> None:
    large = np.array([[2**53 + 1], [-(2**62) + 3], [2**63 - 1]], np.int64)
    made, graph = program((1,), "int64")
    got = run_from([], made, graph, [large - 1], np.arange(3), 3)
    assert got[0].tolist() == large.tolist()


@pytest.mark.parametrize("target", ["int32", "int64", "uint32"])
@pytest.mark.parametrize("kind", ["float32", "float64", "float16"])
@pytest.mark.parametrize("rows", [None, 9])
def test_floats_beyond_whole_numbers_are_read_as_cast_has_them(
    kind: str, target: str, rows: int | None
) -> None:
    array = np.array([nan, inf, -inf, -1.5, 3e9, -3e9, 1e19, -1e19, 7.9])[:, None]
    with np.errstate(over="ignore"):
        array = array.astype(kind)
    x = input_node("x", (rows, 1), target)
    graph = Graph((x,), (x + 0,))
    got, expected = (
        run_from([], engine.compile(graph, 9), graph, [array], np.arange(9), 9)
        for engine in (NativeEngine(), ReferenceEngine())
    )
    same_bits(got, expected)
    assert got[0].tolist() == ops.cast(array, target).tolist()


def test_a_mapped_file_is_read_in_place(tmp_path: Path) -> None:
    array = numbers("uint8", (33,), 5)
    same_bits(
        feed(mapped(array, tmp_path / "rows"), (33,), "float32", ROWS),
        feed(array, (33,), "float32", ROWS),
    )


@pytest.mark.parametrize(
    "make",
    [
        lambda: np.ones((40_000, 33), np.uint8),
        lambda: np.ones((40_000, 33), np.float64),
        lambda: np.ones((40_000, 33), np.float16),
        lambda: np.ones((40_000, 33), ">f4"),
        lambda: np.ones((33, 40_000), np.float64).T,
    ],
    ids=["uint8", "float64", "half floats", "swapped bytes", "transposed"],
)
def test_no_copy_of_the_data_set(make: Any) -> None:
    array = make()
    made, graph = program((33,), "float32")
    order = np.arange(40_000)
    out = [np.zeros((40_000, 33), np.float32), np.zeros((33, 33), np.float32)]
    made.run([array], order, CAPACITY, out)
    tracemalloc.start()
    try:
        made.run([array], order, CAPACITY, out)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert (out[0] == 2).all()
    assert (out[1] == 40_000 % CAPACITY).all()
    # Staging holds at most two megabytes of rows twice: as they were and as they are read.
    assert peak < 4_300_000


def test_pieces_of_staged_data_are_whole_steps() -> None:
    """A fixed output is that of the last step, whatever pieces the data came in."""
    array = np.arange(40_000 * 33, dtype=np.float32).reshape(40_000, 33) % 1000
    made, graph = program((33,), "float32")
    order = np.arange(40_000)
    want = run_from([], made, graph, [array], order, CAPACITY)
    same_bits(run_from([], made, graph, [array.astype(">f4")], order, CAPACITY), want)


def test_rows_of_another_size_are_refused() -> None:
    made, graph = program((5,), "float32")
    with pytest.raises(ShapeError, match=r"Input 0 of a step: got rows of shape \(4,\)"):
        made.run([np.ones((20, 4))], np.arange(20), CAPACITY)
