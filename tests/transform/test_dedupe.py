"""Tests of sharing: golden text, and what must not be joined."""

from __future__ import annotations

from ranvier import ops
from ranvier.graph import Graph, input_node
from ranvier.graph.check import check
from ranvier.graph.show import show
from ranvier.transform.dedupe import dedupe
from ranvier.transform.fold import fold
from tests.golden import step
from tests.golden.text import golden


def test_golden() -> None:
    golden("dedupe-repetition", show(check(dedupe(check(step.repetition())))))
    golden("dedupe-dense_step", show(check(dedupe(fold(step.dense_step())))))


def test_a_second_time_changes_nothing() -> None:
    once = dedupe(step.repetition())
    assert show(dedupe(once)) == show(once)


def test_inputs_and_other_attributes_stay_apart() -> None:
    a, b = (input_node("x", (None, 3), "float32") for _ in range(2))
    graph = dedupe(Graph((a, b), (ops.sum(a, 0), ops.sum(a, 1), ops.exp(a), ops.exp(b))))
    assert len(graph.nodes) == 6


def test_zero_and_minus_zero_stay_apart() -> None:
    x = input_node("x", (3,), "float32")
    graph = dedupe(Graph((x,), (x * 0.0, x * -0.0)))
    assert len({n.serial for n in graph.outputs}) == 2
