"""Tests of products of looked-up rows: the table is multiplied, and numbers stay what they are."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from ranvier import ops
from ranvier.graph.check import check
from ranvier.graph.graph import Graph
from ranvier.graph.node import Node, input_node
from ranvier.ops.contract import contract_
from ranvier.ops.index import rows_add_, take_
from ranvier.transform.grad import gradients
from tests.cases.engine import CAPACITY, ENGINES, run, step, values

TABLE = input_node("t", (7, 5), "float64")
KERNEL = input_node("w", (5, 3), "float64")
OTHER = input_node("v", (5, 3), "float64")
TURNED = input_node("u", (3, 5), "float64")
WORDS = input_node("i", (None, 4), "int32")
PLACES = input_node("p", (None, 2, 2), "int32")
WORD = input_node("j", (None,), "int64")
ONE = input_node("one", (), "int32")
LINE = input_node("z", (3,), "float64")
INPUTS = (TABLE, KERNEL, OTHER, TURNED, WORDS, PLACES, WORD, ONE, LINE)


def looked_up(index: Node = WORDS) -> Any:
    return ops.take(TABLE, index, axis=0)


def back(x: Any) -> Any:
    return ops.flip(x, 1)


#: Products of what is looked up.
NETS: dict[str, Callable[[], Any]] = {
    "words": lambda: looked_up() @ KERNEL,
    "one word a row": lambda: looked_up(WORD) @ KERNEL,
    "places on two axes": lambda: looked_up(PLACES) @ KERNEL,
    "the table on the right": lambda: ops.einsum("kz,yak->yaz", KERNEL, looked_up()),
    "a kernel the other way": lambda: ops.einsum("yak,zk->yaz", looked_up(), TURNED),
    "from the end": lambda: back(looked_up()) @ KERNEL,
    "some of the words": lambda: looked_up()[:, 1:3] @ KERNEL,
    "both ways": lambda: looked_up() @ KERNEL + back(back(looked_up()) @ OTHER),
    "two kernels": lambda: (looked_up() @ KERNEL) * (looked_up() @ OTHER),
}


def over_rows(graph: Graph) -> int:
    """Return how many products go over the rows of a batch."""
    return sum(
        node.op is contract_ and any(x.shape[:1] == (None,) for x in node.inputs)
        for node in graph.nodes
    )


def folded(*outputs: Node) -> Graph:
    """Return the folded graph, once its numbers are those of the graph on both engines."""
    graph, new = check(Graph(INPUTS, outputs)), step(outputs, INPUTS)
    for rows in (CAPACITY, 2):
        rng = np.random.default_rng(0)
        data: list[np.ndarray] = []
        for node in INPUTS:
            shape = [rows if size is None else size for size in node.shape]
            whole = node.dtype.startswith("int")
            data.append(rng.integers(-9, 9, shape, node.dtype) if whole else rng.normal(size=shape))
        want = values(graph, data, rows)
        for engine in ENGINES:
            program = engine.compile(new, CAPACITY)
            found = run(program, new, data, np.arange(rows), CAPACITY)
            for a, b in zip(found, want, strict=True):
                np.testing.assert_allclose(a, b, rtol=1e-11, atol=1e-11)
    return new


@pytest.mark.parametrize("name", NETS)
def test_the_table_is_multiplied(name: str) -> None:
    y = NETS[name]()
    slopes = gradients(ops.sum(ops.square(ops.tanh(y))), [TABLE, KERNEL, OTHER, TURNED])
    graph = folded(y, *slopes)
    assert over_rows(graph) == 0
    assert {take_, rows_add_} <= {node.op for node in graph.nodes}


def few(rows: int) -> Any:
    """Return a product of rows of a table of so many rows, four looked up by each of a batch."""
    return ops.take(ops.concatenate([TABLE] * rows)[:rows], WORDS, axis=0) @ KERNEL


def heads() -> Any:
    kernel = ops.reshape(KERNEL, (5, 3, 1))
    return ops.einsum("yak,kzh->yazh", looked_up(), kernel)


#: Products that stay over the rows of the batch.
OTHERS: dict[str, Callable[[], Any]] = {
    "a table of many rows": lambda: few(33),
    "a kernel of three axes": heads,
    "a map between": lambda: ops.tanh(looked_up()) @ KERNEL,
    "words summed with features": lambda: ops.einsum("yak,kz->yz", looked_up(), KERNEL),
    "part of the features": lambda: looked_up()[..., 1:3] @ KERNEL[1:3],
    "a table of numbers": lambda: (
        ops.expand_dims(ops.take(TABLE[:, 0], WORDS, axis=0), -1) @ KERNEL[:1]
    ),
}


@pytest.mark.parametrize("name", OTHERS)
def test_other_products_stay(name: str) -> None:
    y = OTHERS[name]()
    slopes = gradients(ops.sum(ops.square(ops.tanh(y))), [TABLE, KERNEL])
    assert over_rows(folded(y, *slopes)) > 0


#: Formulas without a matrix, or of one row that is looked up.
FORMULAS: dict[str, Callable[[], Any]] = {
    "one row": lambda: looked_up(ONE) @ KERNEL,
    "one row with itself": lambda: ops.einsum("k,k->", looked_up(ONE), looked_up(ONE)),
    "one row times a number": lambda: ops.einsum("k,->k", looked_up(ONE), ops.sum(LINE)),
    "one row and a line": lambda: ops.einsum("k,z->kz", looked_up(ONE), LINE),
    "rows with rows, one number": lambda: ops.einsum("yak,yak->", looked_up(), looked_up()),
    "rows with rows, by row": lambda: ops.einsum("yk,yk->y", looked_up(WORD), looked_up(WORD)),
}


@pytest.mark.parametrize("name", FORMULAS)
def test_other_formulas_stay(name: str) -> None:
    y = FORMULAS[name]()
    slopes = gradients(ops.sum(ops.square(ops.tanh(y))), [TABLE, KERNEL, LINE])
    before = [n.attrs["spec"] for n in check(Graph(INPUTS, (y,))).nodes if n.op is contract_]
    after = [n.attrs["spec"] for n in folded(y, *slopes).nodes if n.op is contract_]
    assert {*before} <= {*after}


def test_a_table_of_few_rows_pays() -> None:
    assert over_rows(folded(few(32))) == 0


def test_what_is_put_everywhere_turned_round_is_a_view() -> None:
    (slope,) = gradients(ops.sum(ops.square(back(back(looked_up() * 2.0)[:, 1:]))), [TABLE])
    ops_of = [node.op.name for node in folded(slope).nodes]
    assert ops_of.count("put") == 1  # around the word that is cut off
