"""Layers that join inputs: functions, broadcasting, messages."""

import os
from typing import Any

import numpy as np
import pytest

from ranvier import layers
from ranvier.graph.errors import ArgumentError, RanvierError, ShapeError
from ranvier.graph.mask import mask_of
from ranvier.model import Model

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


def _masked(name: str, first: bool, second: bool) -> Any:
    """The steps 1, 0, 3 and 5, 5, 0, the zeros left out of one of them or both."""
    a, b = np.array([[[1.0], [0.0], [3.0]]]), np.array([[[5.0], [5.0], [0.0]]])
    skip = layers.Masking()
    layer = getattr(layers, name)(**({"axes": 1} if name == "Dot" else {}))
    return layer([skip(a) if first else a, skip(b) if second else b])


@pytest.mark.parametrize(
    ("name", "first", "second", "wanted"),
    [
        ("Multiply", True, True, [5.0, 5.0, 3.0]), ("Multiply", True, False, [5.0, 5.0, 0.0]),
        ("Multiply", False, True, [5.0, 0.0, 3.0]), ("Minimum", True, True, [1.0, 5.0, 3.0]),
        ("Minimum", True, False, [1.0, 5.0, 0.0]), ("Minimum", False, True, [1.0, 0.0, 3.0]),
        ("Maximum", True, True, [5.0, 5.0, 3.0]), ("Add", True, True, [6.0, 5.0, 3.0]),
    ],
)  # fmt: skip
def test_a_step_left_out_of_one_input_is_that_of_the_other(
    name: str, first: bool, second: bool, wanted: list[float]
) -> None:
    assert _masked(name, first, second).ravel().tolist() == wanted


def test_a_product_of_steps_that_no_input_has_is_0() -> None:
    steps = layers.Masking()(np.array([[[0.0], [2.0]]]))
    assert layers.Multiply()([steps, steps]).ravel().tolist() == [0.0, 4.0]


def test_a_dot_has_no_mask() -> None:
    assert mask_of(_masked("Add", True, True)) is not None
    assert mask_of(_masked("Dot", True, True)) is None


@pytest.mark.oracle
@pytest.mark.parametrize("masked", [(True, True), (True, False), (False, True)], ids=str)
@pytest.mark.parametrize("name", ["Multiply", "Maximum", "Minimum", "Average", "Dot"])
def test_masked_inputs_as_in_keras(name: str, masked: tuple[bool, bool]) -> None:
    os.environ.setdefault("KERAS_BACKEND", "jax")
    keras = pytest.importorskip("keras")
    a, b = np.random.default_rng(2).normal(size=(2, 3, 4, 2)).astype("float32")
    a[0, 1], a[2, 2:], b[0, :2], b[1, 3] = 0, 0, 0, 0
    found = []
    for side, make in ((keras.layers, keras.Model), (layers, Model)):
        x, y = side.Input((4, 2)), side.Input((4, 2))
        both = [side.Masking()(z) if m else z for z, m in zip((x, y), masked, strict=True)]
        z = getattr(side, name)(**({"axes": 2} if name == "Dot" else {}))(both)
        # The layer behind sees the mask that goes on.
        steps = side.SimpleRNN(
            1, "softsign", kernel_initializer="ones", recurrent_initializer="ones"
        )(z)
        found.append(make([x, y], [z, steps]).predict([a, b], verbose=0))
    for ours, theirs in zip(found[1], found[0], strict=True):
        np.testing.assert_allclose(ours, theirs, rtol=1e-6, atol=1e-6)


def test_one_array_is_no_list() -> None:
    with pytest.raises(ArgumentError, match=r"(?s)Add 'add': got .* expected a list of inputs"):
        layers.Add()(ONES)
    with pytest.raises(ShapeError):
        layers.Add()([layers.Input((3,)), layers.Input((2,))])


def test_inputs_one_by_one_are_no_list() -> None:
    with pytest.raises(TypeError, match=r"got 2 inputs one by one.*Concatenate\(\)\(\[a, b\]\)"):
        layers.Concatenate()(ONES, TWOS)


def test_inputs_that_come_one_by_one_or_alone_are_told():
    a = layers.Input((3,))
    with pytest.raises(TypeError, match=r"^concatenate: got inputs one by one.*\(\[a, b\]\)"):
        layers.concatenate(a, a)
    with pytest.raises(ArgumentError, match=r"got one input of shape \(None, 3\), expected a list"):
        layers.Concatenate()(a)
