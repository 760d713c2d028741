"""Layers that join inputs: functions, broadcasting, messages."""

from typing import Any

import numpy as np
import pytest

from ranvier import layers
from ranvier.graph.errors import ArgumentError, RanvierError, ShapeError

ONES, TWOS = np.ones((2, 3), "float32"), np.full((2, 3), 2, "float32")


@pytest.mark.parametrize(
    ("name", "value"),
    [("add", 3.0), ("multiply", 2.0), ("average", 1.5), ("maximum", 2.0), ("minimum", 1.0),
     ("subtract", -1.0)],
)  # fmt: skip
def test_functions_are_their_layers(name: str, value: float) -> None:
    function = layers.FUNCTIONS[name]
    assert function([ONES, TWOS]).tolist() == [[value] * 3] * 2
    y = function([layers.Input((3,)), layers.Input((3,))], name="joined")
    assert y.shape == (None, 3) and y.history[0].layer.name == "joined"


def test_concatenate_and_dot_take_their_axis() -> None:
    assert layers.concatenate([ONES, TWOS], axis=0).shape == (4, 3)
    assert layers.concatenate([ONES, TWOS]).shape == (2, 6)
    assert layers.dot([ONES, TWOS], axes=1).tolist() == [[6.0], [6.0]]
    assert layers.dot([ONES, TWOS], axes=-1, normalize=True).ravel() == pytest.approx(1.0)


def test_integers_keep_their_type_but_in_means() -> None:
    whole = [np.array([[1, 2]]), np.array([[3, 5]])]
    assert layers.Add()(whole).dtype == np.int64
    assert layers.Average()(whole).tolist() == [[2.0, 3.5]]


def test_a_normalized_dot_of_zeros_is_finite() -> None:
    assert layers.Dot(1, normalize=True)([ONES * 0, TWOS]).tolist() == [[0.0], [0.0]]


@pytest.mark.parametrize(
    ("layer", "shapes", "words"),
    [
        (layers.Add, [(3,), (4,)], r"Add 'add': got inputs of shapes .*\(2, 4\).*equal sizes"),
        (layers.Subtract, [(3,), (3,), (3,)], "got 3 inputs, expected 2"),
        (layers.Concatenate, [(2, 3), (3, 3)], "Concatenate 'concatenate': got inputs of shapes"),
        (layers.Concatenate, [(2, 3), (3,)], "expected equal sizes but on axis -1"),
        (lambda: layers.Dot(1), [(3,), (4,)], "axes 1 and 1 have sizes 3 and 4"),
        (lambda: layers.Dot(1), [(3,)], "got 1 inputs, expected 2"),
        (lambda: layers.Dot(0), [(3,), (3,)], "axis 0 is the batch"),
        (lambda: layers.Dot(2), [(3,), (3,)], "`axes`: got 2 for an array of 2 axes"),
    ],
)  # fmt: skip
def test_inputs_that_do_not_fit(layer: Any, shapes: Any, words: str) -> None:
    with pytest.raises(RanvierError, match=words):
        layer()([np.ones((2, *s)) for s in shapes])


def test_one_array_is_no_list() -> None:
    with pytest.raises(ArgumentError, match=r"(?s)Add 'add': got .* expected a list of inputs"):
        layers.Add()(ONES)
    with pytest.raises(ShapeError):
        layers.Add()([layers.Input((3,)), layers.Input((2,))])
