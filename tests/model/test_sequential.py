"""Sequential in every form that the books use."""

from __future__ import annotations

import numpy as np
import pytest

from ranvier.graph.errors import ArgumentError, ArgumentTypeError, DataError, NotBuiltError
from ranvier.layers import Concatenate, Dense, Dropout, Flatten, Input, InputLayer
from ranvier.model import Model, Sequential


def test_a_list_with_an_input_is_built_at_once():
    model = Sequential([Input(shape=(4,)), Dense(3), Dense(2)])
    assert model.built
    assert [v.shape for v in model.weights] == [(4, 3), (3,), (3, 2), (2,)]
    assert [layer.name for layer in model.layers] == ["dense", "dense_1"]
    assert model.input_shape == (None, 4)
    assert model.output_shape == (None, 2)
    assert model.output_names == ["dense_1"]


@pytest.mark.parametrize(
    "entry",
    [
        lambda: [InputLayer(shape=(4,)), Dense(2)],
        lambda: [InputLayer(input_shape=(4,)), Dense(2)],
        lambda: [Dense(2, input_shape=(4,))],
        lambda: [Dense(2, input_dim=4)],
        lambda: [Dense(2, batch_input_shape=(None, 4))],
        lambda: [Dense(2, input_shape=[4])],
    ],
)
def test_the_input_shape_may_be_said_in_every_way(entry):
    model = Sequential(entry())
    assert model.built
    assert model.count_params() == 10
    assert len(model.layers) == 1


def test_one_layer_alone():
    dense = Dense(1, activation="sigmoid", input_shape=(784,))
    model = Sequential(dense)
    assert model.layers == [dense]
    assert model.count_params() == 785


def test_layers_added_one_by_one():
    model = Sequential()
    model.add(Dense(3, input_shape=(4,)))
    assert model.built
    model.add(Dropout(0.5))
    model.add(Dense(2, input_shape=(99,)))
    assert model.predict(np.ones((5, 4)), verbose=0).shape == (5, 2)
    assert [layer.name for layer in model.layers] == ["dense", "dropout", "dense_1"]


def test_input_added_first():
    model = Sequential()
    model.add(Input(shape=(2, 2)))
    model.add(Flatten())
    model.add(Dense(3))
    assert model.weights[0].shape == (4, 3)


def test_a_name_in_any_script(capsys):
    model = Sequential([Dense(2, input_shape=(3,), name="출력층")], name="패션 MNIST 모델")
    assert model.name == "패션 MNIST 모델"
    model.summary()
    printed = capsys.readouterr().out
    assert 'Model: "패션 MNIST 모델"' in printed
    assert "출력층 (Dense)" in printed


def test_late_built_by_build_by_call_and_by_fit():
    x = np.ones((6, 4))
    for use in (
        lambda m: m.build((None, 4)),
        lambda m: m(x),
        lambda m: m.predict(x, verbose=0),
        lambda m: m.fit(x, x[:, :2], verbose=0, shuffle=False),
    ):
        model = Sequential([Dense(3), Dense(2)])
        model.compile("sgd", "mse")
        assert not model.built
        assert model.weights == []
        use(model)
        assert model.built
        assert model.output_shape == (None, 2)
        assert model.count_params() == 23


def test_pop_and_add_after_training(digits, classifier):
    x, y = digits
    classifier.fit(x, y, verbose=0)
    last = classifier.pop()
    assert last.name == "dense_1"
    assert classifier.predict(x, verbose=0).shape == (70, 8)
    classifier.add(Dense(2))
    assert classifier.predict(x, verbose=0).shape == (70, 2)


def test_layers_of_another_model_are_shared(digits, classifier):
    x, y = digits
    top = Sequential(classifier.layers[:-1])
    top.add(Dense(1, activation="sigmoid"))
    assert top.layers[0] is classifier.layers[0]
    top.compile("sgd", "binary_crossentropy")
    before = classifier.get_weights()
    top.fit(x, (y == 1).astype("float32"), verbose=0)
    after = classifier.get_weights()
    assert not np.array_equal(before[0], after[0])
    assert np.array_equal(before[2], after[2])


def test_models_within_models():
    inner = Sequential([Input((4,)), Dense(3), Dense(2)])
    outer = Sequential([inner, Dense(1)])
    assert outer.built
    assert outer.count_params() == 26
    assert outer.predict(np.ones((2, 4)), verbose=0).shape == (2, 1)


def test_a_stack_within_a_model_gives_what_its_call_returned():
    stack = Sequential([Input((4,)), Dense(3)], name="stack")
    assert stack.output is stack.outputs[0] and stack.input is stack.inputs[0]
    x = Input((4,))
    model = Model(x, Dense(1)(stack(x)))
    part, ones = Model(model.input, model.get_layer("stack").output), np.ones((2, 4))
    for other in (part, Model(stack.input, stack.output), Model(stack.inputs, stack.outputs[0])):
        y = other.predict(ones, verbose=0)
        assert np.array_equal(y, stack.predict(ones, verbose=0))


def test_a_stack_that_begins_with_several_inputs():
    model = Sequential([Concatenate(), Dense(1)])
    assert model([np.ones((3, 2)), np.ones((3, 1))]).shape == (3, 1)


def test_a_call_takes_one_array_alone_in_a_list_or_by_name_but_no_rows_in_a_list():
    model = Sequential([Input((3,), name="sizes"), Dense(2)])
    rows = np.ones((4, 3), "float32")
    for given in ([rows], (rows,), {"sizes": rows}):
        np.testing.assert_array_equal(model(given), model(rows))
    with pytest.raises(DataError, match=r"got a list of 4 arrays, expected one.*np\.stack\(x\)"):
        model(list(rows))
    with pytest.raises(DataError, match=r"got a dict of \['weights'\], expected one array"):
        model({"weights": rows})


def test_what_is_no_layer_is_refused():
    with pytest.raises(ArgumentTypeError, match="got 10 of type int, expected a layer"):
        Sequential([Dense(2), 10])
    with pytest.raises(ArgumentTypeError, match=r"several layers.*Sequential\(\[layer, layer\]\)"):
        Sequential(Dense(2), Dense(2))
    with pytest.raises(ArgumentTypeError, match="output of Dense 'a'.*without calling it"):
        Sequential([Input((2,)), Dense(2, name="a")(Input((2,)))])
    with pytest.raises(ArgumentError, match="two layers have the name 'a'"):
        Sequential([Dense(2, name="a"), Dense(2, name="a")])
    with pytest.raises(ArgumentError, match="Only the first one can be an Input"):
        Sequential([Input((2,)), Dense(2), Input((2,))])
    with pytest.raises(ArgumentError, match="the model has no layers"):
        Sequential().pop()
    with pytest.raises(ArgumentError, match="has no layers. Add one"):
        Sequential().build((None, 3))


def test_what_an_unbuilt_model_does_not_know():
    model = Sequential([Dense(2)])
    for name in ("inputs", "outputs", "input_shape", "output_shape"):
        with pytest.raises(NotBuiltError, match="does not know its input's shape"):
            getattr(model, name)


def test_build_against_its_input():
    with pytest.raises(ArgumentError, match="its Input has"):
        Sequential([Input((4,)), Dense(2)]).build((None, 5))


def test_an_intermediate_output(digits, classifier):
    x, _ = digits
    hidden = Model(classifier.inputs, classifier.layers[0].output)
    values = hidden.predict(x, verbose=0)
    expected = np.maximum(x @ classifier.layers[0].kernel.numpy(), 0)
    assert np.allclose(values, expected, atol=1e-5)


def test_config_round_trip():
    model = Sequential([Input((4,)), Dense(3, activation="relu"), Dropout(0.1), Dense(2)], name="m")
    copy = Sequential.from_config(model.get_config())
    assert copy.get_config() == model.get_config()
    copy.set_weights(model.get_weights())
    x = np.ones((2, 4))
    assert np.array_equal(copy.predict(x, verbose=0), model.predict(x, verbose=0))
    late = Sequential([Dense(3)])
    assert not Sequential.from_config(late.get_config()).built


def test_two_layers_in_one_add_are_told():
    with pytest.raises(ArgumentTypeError, match="add: got several layers, expected one"):
        Sequential(name="s").add(Dense(3), Dense(4))


def test_an_input_in_place_of_a_name_is_told():
    with pytest.raises(ArgumentError, match=r"activation: got numbers of shape \(None, 8\).*\(x\)"):
        Dense(3, Input((8,)))
