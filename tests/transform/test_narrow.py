"""Tests of convolutions of which a slice is taken: less padding, the same numbers."""

from __future__ import annotations

import numpy as np
import pytest

from ranvier import ops
from ranvier.engines.reference import evaluate
from ranvier.graph import Graph, Node, input_node
from ranvier.graph.check import check
from ranvier.ops.window import windows_
from ranvier.transform.fold import fold
from ranvier.transform.grad import gradients

RNG = np.random.default_rng(0)
PICTURES = input_node("x", (None, 5, 6, 2), "float32")
KERNEL = RNG.normal(size=(3, 3, 2, 4)).astype("float32")


def _folded(y: Node) -> Graph:
    """Return the folded graph of y, once its numbers are those of y."""
    graph = check(Graph((PICTURES,), (y,)))
    folded = check(fold(graph))
    x = RNG.normal(size=(3, 5, 6, 2)).astype("float32")
    before, after = (evaluate(g, {PICTURES: x}, 3)[g.outputs[0]] for g in (graph, folded))
    np.testing.assert_allclose(before, after, rtol=1e-5, atol=1e-5)
    return folded


def _seen(graph: Graph) -> tuple[int | None, ...]:
    (shape,) = [n.inputs[0].shape for n in graph.nodes if n.op is windows_]
    return shape


def test_places_cut_away_are_not_computed() -> None:
    y = ops.conv(PICTURES, KERNEL, padding="same")
    assert _seen(_folded(y[:, 1:4, 1:-1])) == (None, 5, 6, 2)


@pytest.mark.parametrize("part", [np.s_[..., 1:3], np.s_[:, 1:4, :, :2]], ids=str)
def test_a_cut_through_the_channels_of_the_kernel_stays_a_slice(part: tuple[slice, ...]) -> None:
    y = ops.conv(PICTURES, KERNEL, padding="same")
    assert _seen(_folded(y[part])) == (None, 7, 8, 2)


def test_pieces_joined_before_a_convolution_take_their_gradients() -> None:
    joined = ops.concatenate([PICTURES, ops.tanh(PICTURES)], axis=-1)
    kernel = RNG.normal(size=(3, 3, 4, 3)).astype("float32")
    y = ops.sum(ops.square(ops.conv(joined, kernel, padding="same")))
    _folded(gradients(y, [PICTURES])[0])
