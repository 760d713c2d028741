"""Functional models: several inputs and outputs, shared layers, nested models."""

from __future__ import annotations

import warnings

import numpy as np
import pytest

from ranvier import ops
from ranvier.graph.errors import ArgumentError, DataError
from ranvier.graph.structure import flatten, paths
from ranvier.layers import Add, Concatenate, Dense, Input
from ranvier.model import Functional, Model, Sequential

RNG = np.random.default_rng(0)
WIDE, DEEP = RNG.normal(size=(20, 2)), RNG.normal(size=(20, 4))


def test_model_of_inputs_and_outputs_is_functional(two_outputs):
    assert type(two_outputs) is Functional
    assert two_outputs.input_names == ["wide", "deep"]
    assert two_outputs.output_names == ["main", "aux"]
    assert [layer.name for layer in two_outputs.layers] == [
        "deep", "wide", "hidden", "joined", "main", "aux",
    ]  # fmt: skip
    assert two_outputs.input_shape == [(None, 2), (None, 4)]
    assert two_outputs.output_shape == [(None, 1), (None, 1)]
    assert two_outputs.get_layer("hidden").units == 5
    assert two_outputs.get_layer(index=2).name == "hidden"
    with pytest.raises(ArgumentError, match=r"Write get_layer\(index=2\)"):
        two_outputs.get_layer(2)


@pytest.mark.parametrize(
    "x", [[WIDE, DEEP], (WIDE, DEEP), {"deep": DEEP, "wide": WIDE}], ids=["list", "tuple", "dict"]
)
def test_inputs_in_every_form(two_outputs, x):
    main, aux = two_outputs.predict(x, verbose=0)
    assert main.shape == aux.shape == (20, 1)
    called = two_outputs(x)
    assert np.allclose(called[0], main, atol=1e-6)


NESTED = {
    "lists in a dict": lambda a, b, c: {"q": [a, b], "c": c},
    "a dict in a list": lambda a, b, c: [a, {"z": b, "y": c}],
    "tuples": lambda a, b, c: (a, (b, c)),
    "dicts": lambda a, b, c: {"q": {"z": a, "y": b}, "c": (c,)},
}


@pytest.mark.parametrize("form", NESTED)
def test_nested_inputs(form, tmp_path):
    form, xs = NESTED[form], [WIDE, DEEP, WIDE * 3]
    inputs = [Input((x.shape[1],), name=name) for x, name in zip(xs, "pqr", strict=True)]
    scaled = [x * (i + 1.0) for i, x in enumerate(inputs)]
    out = Dense(1, kernel_initializer="ones")(Concatenate()(scaled))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # names of keys and of Inputs differ
        model = Model(form(*inputs), out)
    expected = sum((i + 1) * x.sum(1, keepdims=True) for i, x in enumerate(xs))
    x = form(*xs)
    np.testing.assert_allclose(model.predict(x, verbose=0), expected, atol=1e-4)
    model.compile("sgd", "mse")
    loss = np.mean(np.square(expected))
    assert model.evaluate(x, expected * 0, verbose=0) == pytest.approx(loss, rel=1e-4)
    batches = ((form(*(x[i : i + 10] for x in xs)), expected[i : i + 10]) for i in (0, 10))
    history = model.fit(batches, validation_data=(x, expected), verbose=0).history
    assert history["loss"][0] < 1e-6 > history["val_loss"][0]
    assert model.train_on_batch(x, expected) < 1e-6


@pytest.mark.parametrize("streamed", [False, True])
@pytest.mark.parametrize("form", NESTED)
def test_nested_inputs_of_models_of_ones_own(form, streamed):
    form = NESTED[form]

    class Own(Model):
        def __init__(self):
            super().__init__()
            self.one = Dense(1, kernel_initializer="zeros")

        def call(self, inputs):
            assert paths(inputs) == paths(form(1, 2, 3))
            return self.one(ops.concatenate(flatten(inputs), -1))

    model, x, y = Own(), form(WIDE, DEEP, WIDE), np.ones((20, 1))
    model.compile("sgd", "mse")
    given = (iter([(x, y)]),) if streamed else (x, y)
    history = model.fit(*given, batch_size=None if streamed else 20, verbose=0).history
    assert history["loss"] == pytest.approx([1])
    assert model.predict(x, verbose=0).shape == (20, 1)


@pytest.mark.parametrize("x", [{"a": WIDE, "b": DEEP}, [WIDE, DEEP]], ids=["dict", "list"])
def test_batches_of_several_inputs_for_models_of_ones_own(x):
    class Own(Model):
        def call(self, inputs):
            return ops.concatenate(flatten(inputs), -1)

    assert Own().predict(iter([(x,)]), verbose=0).shape == (20, 6)


def test_dict_of_outputs():
    a = Input((2,), name="a")
    model = Model({"a": a}, {"y": Dense(1, name="y")(a), "z": Dense(2, name="z")(a)})
    found = model.predict({"a": WIDE}, verbose=0)
    assert {k: v.shape for k, v in found.items()} == {"y": (20, 1), "z": (20, 2)}
    model.compile("sgd", {"y": "mse", "z": "mae"}, metrics={"y": "mae"})
    history = model.fit({"a": WIDE}, {"y": WIDE[:, 0], "z": WIDE}, verbose=0).history
    assert sorted(history) == ["loss", "y_loss", "y_mae", "z_loss"]


@pytest.mark.filterwarnings("ignore:Model, `inputs`:UserWarning")
def test_inputs_go_by_the_keys_of_a_dict():
    b, a = Input((4,)), Input((2,), name="a")
    model = Model({"x1": b, "x0": a}, Dense(1)(Concatenate()([a, b])))
    x = {"x0": WIDE, "x1": DEEP}
    found = model.predict(x, verbose=0)
    np.testing.assert_array_equal(found, model.predict([WIDE, DEEP], verbose=0))
    model.compile("sgd", "mse")
    model.fit(x, WIDE[:, 0], verbose=0)
    with pytest.raises(DataError, match="got the key 'a', .* Known names: x0, x1"):
        model.predict({"a": WIDE, "x1": DEEP})
    with pytest.raises(DataError, match="batch 1: x: got the key 1"):
        model.predict({1: WIDE, "x1": DEEP} for _ in range(2))


def test_a_list_of_one_output_gives_an_array():
    inputs = Input((4,))
    model = Model(inputs=[inputs], outputs=[Dense(2)(inputs)])
    assert model.predict(np.ones((3, 4)), verbose=0).shape == (3, 2)
    assert model.predict_on_batch(np.ones((3, 4))).shape == model(np.ones((3, 4))).shape == (3, 2)
    assert [y.shape for y in model.output] == [(None, 2)]
    assert Sequential([Input((4,)), model, Dense(1)]).output_shape == (None, 1)
    model.compile("sgd", "mse")
    model.fit([np.ones((3, 4))], [np.ones((3, 2))], verbose=0)


def test_shared_layers_share_weights():
    a, b = Input((3,)), Input((3,))
    shared = Dense(2)
    model = Model([a, b], Add()([shared(a), shared(b)]))
    assert len(model.weights) == 2
    x = np.ones((1, 3))
    assert np.allclose(model.predict([x, x], verbose=0), 2 * shared(x), atol=1e-6)


def test_operators_between_layers():
    a = Input((3,))
    model = Model(a, Dense(2, use_bias=False)(a * 2.0) + 1.0)
    kernel = model.weights[0].numpy()
    x = np.ones((2, 3), "float32")
    assert np.allclose(model.predict(x, verbose=0), 2 * x @ kernel + 1, atol=1e-6)


def test_a_model_is_a_layer():
    inner = Sequential([Input((3,)), Dense(2)])
    a = Input((3,))
    model = Model(a, Dense(1)(inner(a)))
    assert model.count_params() == 11
    assert model.layers[1] is inner


def test_a_model_that_starts_amid_another(two_outputs):
    tail = Model(two_outputs.get_layer("hidden").output, two_outputs.get_layer("aux").output)
    hidden = np.ones((2, 5), "float32")
    assert np.allclose(
        tail.predict(hidden, verbose=0), two_outputs.get_layer("aux")(hidden), atol=1e-6
    )


def test_rows_of_single_numbers_gain_an_axis():
    a = Input((1,))
    model = Model(a, Dense(1, kernel_initializer="ones")(a))
    assert np.allclose(model.predict(np.array([1.0, 2.0]), verbose=0), [[1.0], [2.0]])
    assert model(np.array([1.0, 2.0])).shape == (2, 1)


def test_subclass_that_hands_inputs_on():
    class Named(Model):
        def __init__(self):
            a = Input((3,))
            super().__init__(inputs=a, outputs=Dense(1)(a))
            self.note = "mine"

    model = Named()
    assert isinstance(model, Functional)
    assert isinstance(model, Named)
    assert model.count_params() == 4
    assert model.note == "mine"


def test_errors_name_what_is_missing(two_outputs):
    with pytest.raises(DataError, match="'deep'"):
        two_outputs({"wide": WIDE, "depp": DEEP})
    with pytest.raises(DataError, match="got 1 inputs, expected 2"):
        two_outputs([WIDE])
    with pytest.raises(DataError, match="has 2 inputs"):
        two_outputs.predict(WIDE, verbose=0)
    with pytest.raises(ArgumentError, match="depend on the Input 'b'"):
        a, b = Input((2,), name="a"), Input((2,), name="b")
        Model(a, Add()([a, b]))
    with pytest.raises(ArgumentError, match="get_layer, `name`: got 'hiden'. Did you mean"):
        two_outputs.get_layer("hiden")
    with pytest.raises(ArgumentError, match="the model has 6 layers"):
        two_outputs.get_layer(index=6)
    with pytest.raises(ArgumentError, match="expected one of both"):
        two_outputs.get_layer()


def test_config_round_trip(two_outputs):
    copy = Model.from_config(two_outputs.get_config())
    assert copy.get_config() == two_outputs.get_config()
    copy.set_weights(two_outputs.get_weights())
    for ours, theirs in zip(
        copy.predict([WIDE, DEEP], verbose=0), two_outputs.predict([WIDE, DEEP], verbose=0),
        strict=True,
    ):  # fmt: skip
        assert np.array_equal(ours, theirs)


def test_config_with_shared_layers_and_operations():
    a, b = Input((3,), name="a"), Input((3,), name="b")
    shared = Dense(2, name="shared")
    model = Model([a, b], Concatenate()([shared(a), shared(b)]) * 2.0)
    copy = Model.from_config(model.get_config())
    copy.set_weights(model.get_weights())
    x = [np.ones((2, 3)), np.zeros((2, 3))]
    assert np.array_equal(copy.predict(x, verbose=0), model.predict(x, verbose=0))
