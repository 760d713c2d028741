"""The base of all layers: names, calls, weights, losses, configs, messages."""

import gc
import weakref
from typing import Any

import numpy as np
import pandas as pd
import polars as pl
import pytest
from scipy import sparse

from ranvier import ops, random
from ranvier.graph import Trace, Variable, input_node
from ranvier.graph.array import Array
from ranvier.graph.dtype import set_floatx
from ranvier.graph.errors import (
    ArgumentError,
    ArgumentTypeError,
    DTypeError,
    NotBuiltError,
    ShapeError,
)  # fmt: skip
from ranvier.layers import Dense, Dropout, Input, Layer


class Block(Layer):
    """Two layers, one of them in a list, and a gain of its own."""

    def __init__(self, units: int = 3, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.units = units
        self.parts = [Dense(units, name="first")]
        self.drop = Dropout(0.5, seed=1)

    def build(self, input_shape: Any) -> None:
        self.gain = self.add_weight(shape=(), initializer="ones", name="gain")
        self.total = self.add_weight(shape=(), initializer="zeros", trainable=False, name="total")

    def call(self, inputs: Any, training: bool = False) -> Any:
        y = self.parts[0](inputs) * self.gain
        self.add_loss(ops.sum(y))
        return self.drop(y)


# --- names ------------------------------------------------------------------------------------
def test_names_count_per_class_and_take_any_script() -> None:
    assert [Dense(1).name, Dense(1).name, Block().name] == ["dense", "dense_1", "block"]
    assert Dense(1, name="은닉층").name == "은닉층"
    assert repr(Dense(1, name="은닉층")) == "<Dense name=은닉층, built=False>"


@pytest.mark.parametrize("name", ["a/b", "", 3])
def test_a_wrong_name_is_refused(name: Any) -> None:
    with pytest.raises(ArgumentError, match="Dense, `name`: got .*without '/'"):
        Dense(1, name=name)


def test_an_unknown_keyword_offers_the_nearest() -> None:
    with pytest.raises(ArgumentTypeError, match="unknown keyword `nam`. Did you mean 'name'"):
        Dense(3, nam="x")
    with pytest.raises(ArgumentTypeError, match="'kernel_initializer'"):
        Dense(3, kernel_initialiser="ones")


@pytest.mark.parametrize(
    ("keywords", "shape"),
    [
        ({"input_shape": (28, 28)}, (None, 28, 28)),
        ({"input_shape": [3]}, (None, 3)),
        ({"input_dim": 3}, (None, 3)),
        ({"batch_input_shape": (5, 3)}, (5, 3)),
        ({"input_shape": (3,), "batch_size": 4}, (4, 3)),
        ({}, None),
    ],
)
def test_keras_2_shapes_are_kept_for_sequential(keywords: dict[str, Any], shape: Any) -> None:
    assert Dense(2, **keywords)._batch_shape_argument == shape


def test_keras_2_weights_are_set_once_built() -> None:
    layer = Dense(2, weights=[np.ones((3, 2)), np.full(2, 5.0)])
    assert layer(np.ones((1, 3))).tolist() == [[8.0, 8.0]]


# --- calls ------------------------------------------------------------------------------------
def test_arrays_lists_and_frames_give_the_same_eager_array() -> None:
    layer = Dense(2, kernel_initializer="ones")
    rows = [[1.0, 2.0], [3.0, 4.0]]
    frame = pd.DataFrame(rows, columns=["a", "b"])
    given = (rows, np.array(rows), np.array(rows, np.float16), np.array(rows, np.uint8), frame,
             pl.DataFrame({"a": [1.0, 3.0], "b": [2.0, 4.0]}), np.asfortranarray(rows),
             np.array(rows, ">f8"))  # fmt: skip
    for x in given:
        y = layer(x)
        assert isinstance(y, Array) and y.numpy().dtype == np.float32
        assert y.tolist() == [[3.0, 3.0], [7.0, 7.0]]
    assert repr(layer(rows)) == "array([[3., 3.],\n       [7., 7.]], dtype=float32)"


def test_what_is_no_number_is_refused() -> None:
    with pytest.raises(DTypeError, match="Dense 'dense': got values of type <U1, expected numbers"):
        Dense(2)([["a", "b"]])
    with pytest.raises(DTypeError, match="type object"):
        Dense(2)(pd.DataFrame({"a": [1, None], "b": ["x", "y"]}))


def test_sparse_and_masked_arrays_are_refused_with_the_way_out() -> None:
    with pytest.raises(DTypeError, match=r"Dense 'dense': got a sparse matrix.*x.toarray\(\)"):
        Dense(2)(sparse.csr_matrix(np.eye(3)))
    with pytest.raises(DTypeError, match=r"masked array.*x.filled\(0\)"):
        Dense(2)(np.ma.masked_less(np.ones((2, 2)) * [[0, 1]], 1))


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


def test_float64_layers_keep_float64() -> None:
    layer = Dense(2, dtype="float64")
    assert layer(np.ones((1, 3), np.float32)).dtype == np.float64
    assert layer.dtype == layer.kernel.dtype == "float64"
    set_floatx("float64")
    try:
        assert Dense(2)(np.ones((1, 3))).dtype == np.float64
    finally:
        set_floatx("float32")


@pytest.mark.parametrize("dtype", ["float16", "bfloat16", "flot32", "complex64"])
def test_types_that_nothing_computes_in_are_refused(dtype: str) -> None:
    with pytest.raises((ArgumentError, DTypeError), match="dtype"):
        Dense(2, dtype=dtype)


# --- weights ----------------------------------------------------------------------------------
def test_weights_are_in_keras_order_and_named_by_their_path() -> None:
    layer = Block(name="block")
    layer(np.ones((2, 4)))
    assert [w.path for w in layer.weights] == [
        "block/gain", "block/total", "block/first/kernel", "block/first/bias",
    ]  # fmt: skip
    assert [w.name for w in layer.trainable_weights] == ["gain", "kernel", "bias"]
    assert [w.name for w in layer.non_trainable_weights] == ["total"]
    assert layer.variables[-1] is layer.drop.seed_generator.state
    assert len(layer.non_trainable_variables) == 2 and layer.count_params() == 1 + 1 + 12 + 3


def test_trainable_reaches_all_below_but_not_what_was_made_untrained() -> None:
    layer = Block()
    layer(np.ones((2, 4)))
    layer.trainable = False
    assert layer.trainable_weights == [] and not layer.parts[0].kernel.trainable
    assert len(layer.non_trainable_weights) == 4
    layer.trainable = True
    assert len(layer.trainable_weights) == 3 and not layer.total.trainable


def test_a_frozen_layer_freezes_the_weights_it_makes_later() -> None:
    layer = Dense(2, trainable=False)
    layer(np.ones((1, 3)))
    assert layer.trainable_weights == [] and len(layer.non_trainable_weights) == 2
    layer.trainable = True
    assert len(layer.trainable_weights) == 2


def test_sublayers_are_found_in_lists_that_grow_and_in_dicts() -> None:
    class Bag(Layer):
        def __init__(self) -> None:
            super().__init__()
            self.many: list[Layer] = []
            self.named = {"x": Dense(1), "deep": [(Dense(1),)]}
            self.scale = Variable(2.0, name="scale")
            self.loose = [Variable(3.0)]
            self.generator = random.SeedGenerator(1)
            self.many.append(Dense(2))
            self.again = self.many[0]

    layer = Bag()
    assert [type(x) for x in layer._sublayers()] == [Dense, Dense, Dense]
    for part in layer._sublayers():
        part.build((None, 2))
    assert len(layer.weights) == 2 + 6
    assert len(layer.variables) == 2 + 6 + 1


def test_set_weights_teaches_and_changes_all_or_nothing() -> None:
    layer = Dense(2, name="head", kernel_initializer="zeros")
    with pytest.raises(ShapeError, match="'head', set_weights: got 1 arrays, expected 0.*none yet"):
        layer.set_weights([np.ones((3, 2))])
    layer.build((None, 3))
    with pytest.raises(ShapeError, match=r"got shape \(3,\) for 'head/bias', expected \(2,\)"):
        layer.set_weights([np.ones((3, 2)), np.ones(3)])
    assert layer.get_weights()[0].sum() == 0
    layer.set_weights([[[1, 2], [3, 4], [5, 6]], [7, 8]])
    assert layer.kernel.numpy().tolist() == [[1, 2], [3, 4], [5, 6]]
    held = layer.get_weights()
    held[0][...] = 0
    assert layer.get_weights()[0].sum() == 21


def test_add_weight_takes_names_first_functions_and_any_size() -> None:
    layer = Layer(name="mine")
    a = layer.add_weight("a", initializer=lambda shape, dtype: np.full(shape, 2, dtype))
    b = layer.add_weight(shape=3, dtype="int32", name="b")
    assert (a.path, a.shape, float(a)) == ("mine/a", (), 2.0)
    assert (b.shape, b.dtype, b.numpy().tolist()) == ((3,), "int32", [0, 0, 0])
    with pytest.raises(ArgumentError, match="'mine', add_weight, `shape`: got .None, 3."):
        layer.add_weight(shape=(None, 3))


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


def test_a_layer_that_mixes_rows_is_inferred_at_exact_sizes() -> None:
    class Flipped(Layer):
        def call(self, inputs: Any) -> Any:
            return ops.flip(inputs, 0)

    class Total(Layer):
        def call(self, inputs: Any) -> Any:
            return ops.reshape(ops.flip(inputs, 0), (-1,))[:2]

    assert Flipped()(Input((3,))).shape == (None, 3)
    assert Total()(Input((3,))).shape == (2,)
    assert Flipped()(np.arange(6.0).reshape(2, 3)).tolist()[0] == [3.0, 4.0, 5.0]


def test_sizes_are_checked_in_words() -> None:
    layer = Dense(2, name="head")
    layer.build((None, 8))
    with pytest.raises(ShapeError, match=r"Dense 'head': got last axis 7 .*built for 8"):
        layer(np.ones((1, 7)))
    with pytest.raises(ShapeError, match="1 axes, expected at least 2.*For one row"):
        layer(np.ones(8))
    with pytest.raises(ShapeError, match="got last axis 7"):
        layer(Input((7,)))


def test_compute_output_shape_by_tracing() -> None:
    assert Block(5).compute_output_shape((None, 4)) == (None, 5)
    assert Block(5).compute_output_shape([None, 4]) == (None, 5)


# --- configs ----------------------------------------------------------------------------------
def test_config_of_a_class_without_get_config_comes_from_its_signature() -> None:
    config = Block(7, name="b", trainable=False).get_config()
    assert (config["units"], config["name"], config["trainable"]) == (7, "b", False)
    again = Block.from_config(config)
    assert again.units == 7 and again.get_config() == config


def test_config_written_in_the_way_of_keras() -> None:
    class Mine(Layer):
        def __init__(self, units: int, activation: Any = None, **kwargs: Any) -> None:
            super().__init__(**kwargs)
            self.size = units

        def get_config(self) -> dict[str, Any]:
            return {**super().get_config(), "units": self.size}

    config = Mine(3, name="m", dtype="float64").get_config()
    assert config["units"] == 3 and config["dtype"]["config"] == {"name": "float64"}
    assert Mine.from_config(config).get_config() == config


def test_an_argument_that_was_not_kept_is_named() -> None:
    class Lost(Layer):
        def __init__(self, size: int) -> None:
            super().__init__()

    with pytest.raises(ArgumentError, match="`size` of __init__ was not kept"):
        Lost(3).get_config()


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
