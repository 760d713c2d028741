"""Every op in a library: on this processor and the plainest, in memory that holds anything."""

from __future__ import annotations

import numpy as np
import pytest

from ranvier.engines.native.export import make_library
from ranvier.graph import Graph
from tests.cases import CASES
from tests.cases.case import Case, Signature
from tests.cases.engine import CAPACITY
from tests.engines.native.elf import undefined
from tests.engines.native.test_step import GENERATED, LIBRARY
from tests.model.object_code import ObjectCode
from tests.ops.test_cases import close as close_case
from tests.ops.test_cases import outputs_of, step, stepwise


def fits(graph: Graph) -> bool:
    """Tell whether all that goes in and comes out has rows."""
    return all(n.shape[:1] == (None,) for n in (*graph.inputs, *graph.outputs))


def library(graph: Graph, target: str | None) -> ObjectCode:
    code, _, _ = make_library(
        graph, list(map(str, graph.inputs)), list(map(str, graph.outputs)),
        prefix="op_", name="op", version="", batch=CAPACITY, target=target, cpu=None, shared=None,
    )  # fmt: skip
    assert undefined(code) <= LIBRARY | GENERATED | {"malloc", "free"}
    return ObjectCode(code, "op_")


def check(case: Case, signature: Signature, kind: str, target: str | None) -> None:
    inputs = case.nodes(signature, kind)
    graph = step(outputs_of(case, inputs), inputs)
    if not inputs or not fits(graph):
        return
    rows = 2 * CAPACITY + 3
    data = [np.ascontiguousarray(a) for a in case.draw(signature, kind, rows)]
    made = library(graph, target)
    memory = np.full(made.function("memory")(), 255, np.uint8)
    y = made.outputs(rows)
    assert made.run(data, y, memory) == 0
    for a, b in zip(y, stepwise(graph, data, np.arange(rows)), strict=True):
        close_case(case, a, b, kind, 8.0)


@pytest.mark.parametrize("target", [None, "native"])
def test_some_ops(target: str | None) -> None:
    for case in CASES[::40]:
        for kind in ("float32", "float64"):
            check(case, case.signatures[-1], kind, target)


@pytest.mark.slow
@pytest.mark.parametrize("first", range(4))
def test_all_ops_on_the_plainest_processor(first: int) -> None:
    for case in CASES[first::4]:
        check(case, case.signatures[-1], "float32", None)
