"""The base of all layers: names, calls, weights, losses, configs, messages."""

import gc
import weakref
from typing import Any

import numpy as np
import pytest

from ranvier import ops
from ranvier.graph import Trace, Variable, input_node
from ranvier.graph.array import Array
from ranvier.graph.errors import (
    ArgumentError,
    ArgumentTypeError,
    NotBuiltError,
    ShapeError,
)  # fmt: skip
from ranvier.layers import Dense, Dropout, Input, Layer, MultiHeadAttention, concatenate
from tests.layers.block import Block


# --- calls ------------------------------------------------------------------------------------
def test_inputs_are_never_written_and_layers_without_ops_return_arrays() -> None:
    x = np.ones((2, 2), np.float32)
    y = Dropout(0.5)(x)
    assert isinstance(y, Array) and y.tolist() == x.tolist()


def test_training_comes_from_the_argument_then_the_outer_call_then_the_default() -> None:
    seen: list[Any] = []

    class Inner(Layer):
        def call(self, inputs: Any, training: Any = None) -> Any:
            seen.append(training)
            return inputs

    class Outer(Layer):
        def __init__(self) -> None:
            super().__init__()
            self.a, self.b, self.c = Inner(), Inner(), Inner()

        def call(self, inputs: Any) -> Any:
            self.a(inputs)
            self.b(inputs, training=False)
            return self.c(inputs)

    x = np.ones((1, 1))
    Inner()(x)
    Inner()(x, True)
    Outer()(x, training=True)
    Outer()(x)
    assert seen == [None, True, True, False, True, None, False, None]


def test_training_given_by_place_is_inherited_too() -> None:
    class Block(Layer):
        def __init__(self) -> None:
            super().__init__()
            self.drop = Dropout(0.5, seed=1)

        def call(self, inputs: Any, training: Any = None) -> Any:
            return self.drop(inputs)

    class Outer(Layer):
        def __init__(self) -> None:
            super().__init__()
            self.block = Block()

        def call(self, inputs: Any, training: Any = None) -> Any:
            return self.block(inputs, training)

    ones = np.ones((1, 100))
    assert 0.0 in Block()(ones, True) and 0.0 not in Block()(ones, False)
    assert 0.0 in Outer()(ones, training=True) and 0.0 not in Outer()(ones)


def test_a_call_that_needs_training_gets_it() -> None:
    class Needs(Layer):
        def call(self, inputs: Any, training: Any) -> Any:
            return inputs * (2.0 if training else 3.0)

    assert Needs()(np.ones((1, 2))).tolist() == [[3.0, 3.0]]
    assert Needs()(np.ones((1, 2)), training=True).tolist() == [[2.0, 2.0]]
    assert Needs()(Input((2,))).shape == (None, 2)


def test_a_layer_is_no_input() -> None:
    with pytest.raises(ArgumentTypeError, match=r"Dense 'b': got the layer Dense 'a' itself"):
        Dense(3, name="b")(Dense(4, name="a"))
    with pytest.raises(ArgumentTypeError, match="got the layer Dense 'a' itself"):
        concatenate([Dense(4, name="a"), Input((3,))])


def test_a_call_with_open_keywords_gets_what_was_given() -> None:
    seen: list[Any] = []

    class Open(Layer):
        def call(self, inputs: Any, **kwargs: Any) -> Any:
            seen.append(kwargs)
            return inputs

    Open()([1.0])
    Open()([1.0], training=True, other=3)
    assert seen == [{}, {"training": True, "other": 3}]


def test_mask_and_training_reach_only_a_call_that_takes_them() -> None:
    class Masked(Layer):
        def call(self, inputs: Any, mask: Any = None) -> Any:
            return inputs if mask is None else ops.where(mask, inputs, 0.0)

    assert Masked()([1.0, 2.0], mask=[True, False], training=True).tolist() == [1.0, 0.0]
    assert Dense(1, kernel_initializer="ones")([[1.0]], training=True).tolist() == [[1.0]]


def test_a_subclass_may_call_its_base_with_training() -> None:
    class MCDropout(Dropout):
        def call(self, inputs: Any, training: bool = False) -> Any:
            return super().call(inputs, training=True)

    assert 0.0 in MCDropout(0.5, seed=3)(np.ones((1, 100)))
    assert MCDropout(0.5)(Input((3,))).shape == (None, 3)


def test_several_inputs_in_a_structure_and_several_arguments() -> None:
    class Two(Layer):
        def build(self, a_shape: Any, b_shape: Any) -> None:
            self.shapes = (a_shape, b_shape)

        def call(self, a: Any, b: Any) -> Any:
            return {"sum": a + b, "both": [a, b]}

    layer = Two()
    y = layer(np.ones((2, 3)), b=np.ones((2, 1)))
    assert y["sum"].tolist() == [[2.0] * 3] * 2 and layer.shapes == ((2, 3), (2, 1))
    z = layer(Input((3,)), b=Input((1,)))
    assert z["sum"].shape == (None, 3) and z["both"][1].shape == (None, 1)


def test_a_forgotten_super_init_is_explained() -> None:
    class Forgot(Layer):
        def __init__(self) -> None:
            self.size = 3

    class Weights(Layer):
        def __init__(self) -> None:
            self.w = Variable(1.0)

    with pytest.raises(ArgumentError, match=r"super\(\).__init__\(\) first"):
        Forgot()(np.ones((1, 1)))
    with pytest.raises(ArgumentError, match=r"super\(\).__init__\(\) first"):
        Weights()


def test_a_layer_without_call_says_so() -> None:
    with pytest.raises(NotImplementedError, match="Layer has no `call`"):
        Layer()([1.0])


# --- weights ----------------------------------------------------------------------------------
def test_add_weight_takes_names_first_functions_and_any_size() -> None:
    layer = Layer(name="mine")
    a = layer.add_weight("a", initializer=lambda shape, dtype: np.full(shape, 2, dtype))
    b = layer.add_weight(shape=3, dtype="int32", name="b")
    assert (a.path, a.shape, float(a)) == ("mine/a", (), 2.0)
    assert (b.shape, b.dtype, b.numpy().tolist()) == ((3,), "int32", [0, 0, 0])
    assert layer.add_weight("keras2", (2, 3)).shape == (2, 3)
    with pytest.raises(ArgumentError, match="'mine', add_weight, `shape`: got .None, 3."):
        layer.add_weight(shape=(None, 3))


def test_an_initializer_gives_the_shape_that_is_asked_for() -> None:
    words = r"'mine', add_weight of 'w', `initializer`: .* gave shape \(2, 2\), expected \(3,\)"
    with pytest.raises(ShapeError, match=words):
        Dense(2, name="mine").add_weight(3, lambda shape, dtype: np.ones((2, 2)), name="w")


class Forgetful(Layer):
    """Makes what it needs in `call`: anew each time, or once."""

    def __init__(self, once: bool, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.once, self.inner = once, None

    def call(self, inputs: Any) -> Any:
        if self.inner is None or not self.once:
            self.inner = Dense(2, name="inner")
        return self.inner(inputs)


class Nameless(Layer):
    """Calls itself otherwise than `self`, and makes a weight in each call."""

    def build(this, shape: Any) -> None:
        this.scale = this.add_weight(shape[-1:], "ones")

    def call(this, inputs: Any) -> Any:
        return inputs * this.scale * this.add_weight((), "ones")


def test_weights_made_in_every_call_are_refused() -> None:
    x = np.ones((2, 3), "float32")
    kept = Forgetful(once=True)
    assert np.array_equal(kept(x), kept(x))
    for layer, words in (
        (Forgetful(once=False, name="a"), "Dense 'inner', add_weight: .*`call` of Forgetful 'a'"),
        (Nameless(name="b"), "Nameless 'b', add_weight: .*Make weights and layers in __init__"),
    ):
        layer(x)
        with pytest.raises(ArgumentError, match=words):
            layer(x)


def test_layers_built_late_are_not_made_late() -> None:
    class Late(Layer):
        def __init__(self) -> None:
            super().__init__()
            self.block = Block()

        def call(self, inputs: Any, training: bool = False) -> Any:
            return self.block(inputs) if training else inputs

    layer = Late()
    layer(np.ones((2, 3), "float32"))
    layer(np.ones((2, 3), "float32"), training=True)
    assert len(layer.weights) == 4


def test_weights_made_inside_a_trace_are_numbers() -> None:
    layer = Dense(2, kernel_initializer="glorot_uniform")
    with Trace() as trace:
        y = layer(input_node("x", (None, 3), "float32"))
    assert y.shape == (None, 2) and np.isfinite(layer.kernel.numpy()).all()
    assert trace.updates == {}


# --- losses -----------------------------------------------------------------------------------
def test_losses_are_those_of_the_last_call_and_the_penalties_of_weights() -> None:
    layer = Block()
    for _ in range(2):
        layer(np.ones((2, 4)))
        assert len(layer.losses) == 1
    penalized = Dense(2, kernel_initializer="ones", kernel_regularizer="l2",
                      activity_regularizer="l2")  # fmt: skip
    assert penalized.losses == []
    penalized(np.ones((4, 3)))
    assert [round(float(loss), 5) for loss in penalized.losses] == [0.18, 0.06]
    penalized.trainable = False
    assert len(penalized.losses) == 1


def test_losses_inside_a_trace_are_nodes_and_leave_nothing_behind() -> None:
    layer = Dense(2, activity_regularizer="l2", kernel_regularizer="l2")
    with Trace():
        layer(input_node("x", (None, 3), "float32"))
        assert [loss.shape for loss in layer.losses] == [(), ()]
    assert len(layer.losses) == 1  # the weight's own, as a number


def test_add_loss_wants_one_number() -> None:
    class Bad(Layer):
        def call(self, inputs: Any) -> Any:
            self.add_loss(inputs)
            return inputs

    with pytest.raises(ArgumentError, match="add_loss: got shape .2,., expected one number"):
        Bad()([1.0, 2.0])


# --- shapes and history -----------------------------------------------------------------------
def test_input_and_output_belong_to_the_first_symbolic_call() -> None:
    layer = Dense(2)
    with pytest.raises(NotBuiltError, match="Dense 'dense' has no output"):
        _ = layer.output
    x = Input((3,))
    y = layer(x)
    layer(Input((3,)))
    assert layer.input is x and layer.output is y
    assert (layer.input_shape, layer.output_shape) == ((None, 3), (None, 2))


def test_parameters_of_build_may_have_any_names() -> None:
    class Scale(Layer):
        def build(me, shape):
            me.factor = me.add_weight((shape[-1],), initializer="ones")

        def call(me, x):
            return x * me.factor

    layer = Scale()
    assert layer(Input((3,))).shape == (None, 3) and layer.factor.shape == (3,)
    assert layer.get_build_config() == {"input_shape": (None, 3)}


def test_weights_are_made_once() -> None:
    layer = Dense(2)
    layer.build((None, 3))
    with pytest.raises(ArgumentError, match=r"'dense.*', `build`: its .* shape \(None, 3\)\. Call"):
        layer.build((None, 3))
    assert len(layer.weights) == 2


# --- configs ----------------------------------------------------------------------------------
def test_build_config_builds_an_equal_layer() -> None:
    layer = Dense(2)
    assert layer.get_build_config() is None
    layer(Input((3,)))
    again = Dense(2)
    again.build_from_config(layer.get_build_config())
    assert again.built and again.kernel.shape == (3, 2)


def test_nothing_keeps_a_dropped_layer_alive() -> None:
    layer = Dense(2)
    layer(Input((3,)))
    with Trace():
        layer(input_node("x", (None, 3), "float32"))
    ghost = weakref.ref(layer.kernel)
    del layer
    gc.collect()
    assert ghost() is None


def test_an_attribute_that_is_not_there_names_the_layer() -> None:
    with pytest.raises(
        AttributeError, match="Dense 'd' has no attribute 'kernel'. It is not built"
    ):
        _ = Dense(2, name="d").kernel
    built = Dense(2, name="d", input_shape=(3,))
    built.build((None, 3))
    with pytest.raises(AttributeError, match=r"'units_'\.$"):
        _ = built.units_
    with pytest.raises(AttributeError, match="was not called on an Input yet"):
        _ = Dense(2).output

    class Forgetful(Layer):
        def __init__(self) -> None:
            self.inner = Dense(3)

    with pytest.raises(AttributeError, match=r"Forgetful has no .*super\(\).__init__\(\)"):
        _ = Forgetful().name


@pytest.mark.parametrize("given", [Input((4, 3)), [Input((4, 3)), Input((5, 3))]], ids=str)
def test_an_input_that_weights_need_is_asked_for_by_name(given: Any) -> None:
    with pytest.raises(ArgumentTypeError, match=r"'mha', `value`: got none, only 'query'.*of its"):
        MultiHeadAttention(2, 3, name="mha")(given)


def test_what_goes_wrong_inside_names_the_layers_around_it() -> None:
    class Inner(Layer):
        def call(self, inputs: Any) -> Any:
            return inputs @ np.ones((3, 2), "float32")

    class Outer(Layer):
        def __init__(self) -> None:
            super().__init__(name="outer")
            self.inner = Inner(name="inner")

        def call(self, inputs: Any) -> Any:
            return self.inner(inputs)

    with pytest.raises(ShapeError, match="summed sizes 5 and 3 differ") as raised:
        Outer()(Input((5,)))
    assert raised.value.__notes__ == ["This was in Inner 'inner'.", "This was in Outer 'outer'."]
    with pytest.raises(ShapeError, match="Dense 'd'") as raised:
        Dense(2, name="d")(np.ones(()))
    assert not hasattr(raised.value, "__notes__")
