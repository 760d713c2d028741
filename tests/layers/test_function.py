"""The functional graph: found from history, ordered as in Keras, run again."""

from typing import Any

import numpy as np
import pytest

from ranvier.graph.errors import ArgumentError, ShapeError
from ranvier.layers import (
    Add,
    Concatenate,
    Dense,
    Dropout,
    Function,
    Input,
    InputLayer,
    KerasTensor,
    Layer,
)  # fmt: skip


def _names(function: Function) -> list[str]:
    return [layer.name for layer in function.layers]


def test_layers_come_by_depth_then_as_met() -> None:
    wide, deep = Input((2,), name="wide"), Input((3,), name="deep")
    hidden = Dense(4, name="h2")(Dense(4, name="h1")(deep))
    joined = Concatenate(name="join")([wide, hidden])
    function = Function([wide, deep], Dense(1, name="out")(joined))
    assert _names(function) == ["deep", "h1", "wide", "h2", "join", "out"]


def test_shared_layers_stand_once_and_run_twice(traced: Any) -> None:
    shared = Dense(2, kernel_initializer="ones", name="shared")
    a, b = Input((3,)), Input((3,))
    function = Function([a, b], Add()([shared(a), shared(b)]))
    assert [layer.name for layer in function.layers].count("shared") == 1
    x, z = np.ones((4, 3), np.float32), np.full((4, 3), 2, np.float32)
    assert function.run([x, z]).tolist() == [[9.0, 9.0]] * 4
    np.testing.assert_array_equal(traced(function.run, [x, z]), function.run([x, z]))


def test_a_layer_fed_from_two_depths() -> None:
    shared = Dense(3, name="shared")
    x = Input((3,))
    once = shared(x)
    twice = shared(Dense(3, name="between")(once))
    function = Function(x, [once, twice])
    first, second = function.run(np.ones((2, 3), np.float32))
    between = next(layer for layer in function.layers if layer.name == "between")
    np.testing.assert_array_equal(second, shared(between(first)))
    assert [call.layer.name for call in function.calls][1:] == ["shared", "between", "shared"]


def test_nested_structures_in_and_out() -> None:
    x, y = Input((2,), name="b"), Input((2,), name="a")
    function = Function({"b": x, "a": y}, {"sum": x + y, "pair": (x, [y])})
    assert [t.name for t in function.inputs] == ["a", "b"]
    ones = np.ones((1, 2), np.float32)
    out = function.run({"a": ones, "b": ones * 2})
    assert out["sum"].tolist() == [[3.0, 3.0]] and out["pair"][0].tolist() == [[2.0, 2.0]]
    assert isinstance(out["pair"], tuple) and isinstance(out["pair"][1], list)


def test_a_part_of_a_model_gets_an_input_of_its_own() -> None:
    x = Input((4,))
    middle = Dense(3, name="low")(x)
    y = Dense(2, name="high", kernel_initializer="ones")(middle)
    part = Function(middle, y)
    assert [type(layer) for layer in part.layers] == [InputLayer, Dense]
    assert part.run(np.ones((1, 3), np.float32)).tolist() == [[3.0, 3.0]]
    assert Function(x, middle).run(np.ones((1, 4), np.float32)).shape == (1, 3)


def test_called_on_keras_tensors_it_extends_a_model() -> None:
    x = Input((4,))
    function = Function(x, Dense(3, name="d")(x))
    z = Input((4,))
    y = function.run(z)
    assert isinstance(y, KerasTensor) and _names(Function(z, y))[1:] == ["d"]


def test_training_reaches_the_layers() -> None:
    x = Input((100,))
    function = Function(x, Dropout(0.5, seed=1)(x))
    ones = np.ones((2, 100), np.float32)
    assert 0.0 not in function.run(ones) and 0.0 in function.run(ones, training=True)


def test_masks_reach_layers_that_take_one() -> None:
    class Masked(Layer):
        def call(self, inputs: Any, mask: Any = None) -> Any:
            return inputs if mask is None else inputs * mask

    x = Input((2,))
    function = Function(x, Masked()(x))
    ones = np.ones((1, 2), np.float32)
    assert function.run(ones, mask=np.array([[1.0, 0.0]], np.float32)).tolist() == [[1.0, 0.0]]


def test_an_input_used_nowhere_still_belongs_to_it() -> None:
    x, unused = Input((2,), name="x"), Input((2,), name="unused")
    function = Function([x, unused], Dense(1)(x))
    assert sorted(_names(function)) == ["dense", "unused", "x"]
    assert function.run([np.ones((1, 2)), np.ones((1, 2))]).shape == (1, 1)


def test_a_thousand_layers_do_not_exhaust_the_stack() -> None:
    x = y = Input((1,))
    for _ in range(1500):
        y = y + 1.0
    assert float(Function(x, y).run(np.zeros((1, 1), np.float32))[0, 0]) == 1500


def test_an_output_from_elsewhere_is_explained() -> None:
    x, other = Input((2,), name="x"), Input((2,), name="other")
    with pytest.raises(ArgumentError, match=r"depend on the Input 'other'.*not among `inputs`"):
        Function(x, x + other)
    with pytest.raises(ArgumentError, match="made by hand"):
        Function(x, KerasTensor((None, 2)))
    with pytest.raises(ArgumentError, match="Model, `outputs`: got 3, expected what Input"):
        Function(x, 3)
    with pytest.raises(ArgumentError, match="Model, `inputs`"):
        Function([], x)


def test_equal_names_are_refused() -> None:
    x = Input((2,))
    with pytest.raises(ArgumentError, match="two layers have the name 'same'"):
        Function(x, Dense(2, name="same")(Dense(2, name="same")(x)))


def test_the_wrong_number_of_values_is_refused() -> None:
    x = Input((2,), name="x")
    with pytest.raises(ShapeError, match=r"got 2 inputs, expected 1: \['x'\]"):
        Function(x, x + 1).run([np.ones((1, 2)), np.ones((1, 2))])
