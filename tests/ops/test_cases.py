"""Runs every row of the op table: shapes, formulas, gradients, engines and errors."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest

from ranvier import ops
from ranvier.engines.reference import evaluate
from ranvier.graph import Graph, Node
from ranvier.graph.check import check
from ranvier.graph.dtype import is_float
from ranvier.graph.errors import RanvierError
from ranvier.transform.grad import gradients
from tests.cases import CASES, PRIMITIVES
from tests.cases.case import Case, Signature
from tests.cases.engine import CAPACITY, ENGINES, differentiable, run, step, values, weighted

CASE = pytest.mark.parametrize("case", CASES, ids=lambda c: c.id)


def close(case: Case, got: np.ndarray, want: np.ndarray, kind: str, loose: float = 1.0) -> None:
    """Compare within the row's float32 tolerance, or that of float64."""
    if got.dtype.kind != "f":
        np.testing.assert_array_equal(got, want)
        return
    scale = loose if kind == "float32" else 1e-7 * case.exact * loose
    np.testing.assert_allclose(got, want, rtol=case.rtol * scale, atol=case.atol * scale)


def rows_of(signature: Signature) -> int:
    return 5 if any(None in shape for shape in signature) else 1


def test_every_op_has_a_row() -> None:
    assert {case.op for case in PRIMITIVES} == set(ops.ALL)


def test_every_unusual_tolerance_has_a_reason() -> None:
    assert [c.id for c in CASES if (c.rtol > 1e-6 or c.atol > 2e-6) and not c.why] == []


def test_an_op_without_a_gradient_says_why() -> None:
    assert [op.name for op in ops.ALL.values() if op.vjp is None and not op.no_gradient] == []


def test_every_map_is_spelt_in_words() -> None:
    maps = [op for op in ops.ALL.values() if op.kind == "map" and op.name != "iota"]
    assert [op.name for op in maps if op.scalar is None] == []


@CASE
def test_infer_is_what_eval_gives(case: Case) -> None:
    for signature in case.signatures:
        for kind in ("float32", "float64"):
            inputs = case.nodes(signature, kind)
            out = outputs_of(case, inputs)
            data = case.draw(signature, kind, rows_of(signature))
            for node, value in zip(out, results(out, inputs, data, signature), strict=True):
                sizes = tuple(rows_of(signature) if s is None else s for s in node.shape)
                assert (value.shape, value.dtype.name) == (sizes, node.dtype), signature


@CASE
def test_eval_is_the_formula(case: Case) -> None:
    for signature in case.signatures:
        rows = rows_of(signature)
        data = case.draw(signature, "float64", rows)
        inputs = case.nodes(signature, "float64")
        out = outputs_of(case, inputs)
        with np.errstate(all="ignore"):
            want = case.formula(*data)
        for got, right in zip(
            results(out, inputs, data, signature),
            want if isinstance(want, (tuple, list)) else [want],
            strict=True,
        ):
            np.testing.assert_allclose(got, right, rtol=1e-13 * case.exact, atol=1e-13 * case.exact)


@pytest.mark.parametrize("case", [c for c in CASES if c.gradient], ids=lambda c: c.id)
def test_vjp_is_the_slope(case: Case) -> None:
    for signature in case.signatures:
        if sum(np.prod([s or 3 for s in shape]) for shape in signature) > 120:
            continue
        rows = 3 if any(None in shape for shape in signature) else 1
        slope_agrees(case, signature, rows)


def slope_agrees(case: Case, signature: Signature, rows: int) -> None:
    inputs = case.nodes(signature, "float64")
    data = case.draw(signature, "float64", rows, smooth=True)
    terms = [weighted(out) for out in outputs_of(case, inputs) if is_float(out.dtype)]
    loss = sum(term for _, term in terms)
    wrt = [x for x in inputs if is_float(x.dtype)]
    every = (*inputs, *(w for w, _ in terms))
    rng = np.random.default_rng(5)
    data += [rng.normal(size=[rows if s is None else s for s in w.shape]) for w, _ in terms]
    forward = Graph(every, (loss,))
    backward = check(Graph(every, tuple(gradients(loss, wrt))))
    found = values(backward, data, rows)
    for x, got in zip(wrt, found, strict=True):
        want = differences(forward, data, place(inputs, x), rows)
        np.testing.assert_allclose(got, want, rtol=2e-6, atol=2e-6, err_msg=f"{signature} {x}")


def place(inputs: Sequence[Node], x: Node) -> int:
    return next(i for i, node in enumerate(inputs) if node is x)


def differences(graph: Graph, data: list[np.ndarray], at: int, rows: int) -> np.ndarray:
    """Return central differences of the first output, element by element."""
    h = 1e-5
    slopes = np.zeros(data[at].shape)
    for i in range(data[at].size):
        ends = []
        for sign in (1, -1):
            moved = data[at].copy()
            moved.reshape(-1)[i] += sign * h
            feeds = [*data[:at], moved, *data[at + 1 :]]
            ends.append(float(values(graph, feeds, rows)[0]))
        slopes.reshape(-1)[i] = (ends[0] - ends[1]) / (2 * h)
    return slopes


@pytest.mark.parametrize("engine", ENGINES, ids=lambda e: e.name)
@pytest.mark.parametrize("kind", ["float32", "float64"])
@CASE
def test_engine_agrees_with_the_reference(case: Case, kind: str, engine: object) -> None:
    for signature in case.signatures:
        inputs = case.nodes(signature, kind)
        graph, data = with_gradients(case, signature, inputs, kind)
        program = engine.compile(graph, CAPACITY)  # type: ignore[attr-defined]
        open_ = any(None in shape for shape in signature)
        total = 2 * CAPACITY + 3
        order = np.random.default_rng(3).permutation(total).astype(np.int64)
        for rows in (1, CAPACITY - 1, CAPACITY, total) if open_ else (1,):
            got = run(program, graph, data, order[:rows], CAPACITY)
            want = stepwise(graph, data, order[:rows])
            for i, (a, b) in enumerate(zip(got, want, strict=True)):
                # A gradient multiplies what the op itself has rounded.
                close(case, a, b, kind, 8.0 if i else 1.0)


def with_gradients(
    case: Case, signature: Signature, inputs: list[Node], kind: str
) -> tuple[Graph, list[np.ndarray]]:
    """Return one graph of the op and its vjp, and data for 37 rows."""
    total = 2 * CAPACITY + 3
    data = case.draw(signature, kind, total)
    outputs = outputs_of(case, inputs)
    wrt = differentiable(outputs, inputs) if case.gradient else []
    if not wrt:
        return step(outputs, inputs), data
    terms = [weighted(out) for out in outputs]
    data += [
        np.random.default_rng(7).normal(size=[total if s is None else s for s in w.shape])
        .astype(w.dtype) for w, _ in terms
    ]  # fmt: skip
    slopes = gradients(sum(term for _, term in terms), wrt)
    return step([*outputs, *slopes], [*inputs, *(w for w, _ in terms)]), data


def stepwise(graph: Graph, data: list[np.ndarray], order: np.ndarray) -> list[np.ndarray]:
    """Return the reference's outputs: rows joined, the rest of the last step."""
    parts = []
    for start in range(0, len(order), CAPACITY):
        rows = order[start : start + CAPACITY]
        fed = [
            a[rows] if None in node.shape[:1] else a
            for node, a in zip(graph.inputs, data, strict=True)
        ]
        parts.append(values(graph, fed, len(rows)))
    return [
        np.concatenate([p[i] for p in parts]) if None in node.shape[:1] else parts[-1][i]
        for i, node in enumerate(graph.outputs)
    ]


@pytest.mark.parametrize("case", [c for c in CASES if c.bad], ids=lambda c: c.id)
def test_bad_input_is_told(case: Case) -> None:
    for arguments, words in case.bad:
        with pytest.raises(RanvierError, match=words):
            case.apply(*arguments)


def outputs_of(case: Case, inputs: Sequence[Node]) -> list[Node]:
    out = case.apply(*inputs)
    return list(out) if isinstance(out, (tuple, list)) else [out]


def results(
    out: Sequence[Node], inputs: Sequence[Node], data: list[np.ndarray], signature: Signature
) -> list[np.ndarray]:
    """Return values of nodes, or of the arrays that an op without inputs gives at once."""
    if not inputs:
        return [np.asarray(v) for v in out]
    graph = Graph(tuple(inputs), tuple(out))
    found = evaluate(graph, dict(zip(inputs, data, strict=True)), rows_of(signature))
    return [found[node] for node in out]
