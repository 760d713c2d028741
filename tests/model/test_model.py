"""Models written as subclasses, and what every model has."""

from __future__ import annotations

import gc
import weakref

import numpy as np
import pytest

from ranvier.graph.errors import ArgumentTypeError
from ranvier.layers import Bidirectional, Concatenate, Dense, Dropout, Input, SimpleRNN
from ranvier.model import Model, Sequential

RNG = np.random.default_rng(0)
WIDE, DEEP, Y = RNG.normal(size=(20, 2)), RNG.normal(size=(20, 4)), RNG.normal(size=20)


class WideAndDeep(Model):
    def __init__(self, units=5, **kwargs):
        super().__init__(**kwargs)
        self.hidden = Dense(units, activation="relu")
        self.main = Dense(1)
        self.aux = Dense(1)

    def call(self, inputs):
        wide, deep = inputs
        hidden = self.hidden(deep)
        return self.main(Concatenate()([wide, hidden])), self.aux(hidden)


def test_subclass_trains_with_two_inputs_and_outputs():
    model = WideAndDeep(name="wide_and_deep")
    model.compile("sgd", "mse", loss_weights=[0.9, 0.1], metrics=["mae", "mae"])
    history = model.fit((WIDE, DEEP), (Y, Y), epochs=3, verbose=0).history
    assert sorted(history) == [
        "loss", "mae", "mae_1", "mse_loss", "mse_loss_1",
    ]  # fmt: skip
    assert history["loss"][-1] < history["loss"][0]
    main, aux = model.predict((WIDE, DEEP), verbose=0)
    assert main.shape == aux.shape == (20, 1)
    assert [layer.name for layer in model.layers] == ["dense", "dense_1", "dense_2"]


def test_subclass_with_a_build_of_its_own():
    class Own(Model):
        def build(self, batch_input_shape):
            self.out = Dense(batch_input_shape[-1])
            super().build(batch_input_shape)

        def call(self, inputs):
            return self.out(inputs)

    model = Own()
    model.compile("sgd", "mse")
    model.fit(DEEP, DEEP, verbose=0)
    assert model.count_params() == 20


def test_calling_a_subclass_on_arrays():
    model = WideAndDeep()
    main, _ = model((WIDE, DEEP))
    assert main.shape == (20, 1)
    assert len(model.weights) == 6


def test_training_flag_reaches_dropout():
    model = Sequential([Input((4,)), Dropout(0.5)])
    x = np.ones((50, 4), "float32")
    assert np.array_equal(model(x), x)
    assert not np.array_equal(model(x, training=True), x)
    assert np.array_equal(model.predict(x, verbose=0), x)


def test_positional_arguments_without_outputs_are_refused():
    with pytest.raises(ArgumentTypeError, match="Model\\(inputs, outputs\\)"):
        WideAndDeep.__bases__[0]("name only")
    x = Input((2,))
    with pytest.raises(ArgumentTypeError, match="keyword `input`.*Model\\(inputs=..., outputs="):
        Model(input=x, output=x)


def test_freezing_keeps_weights(numbers):
    x, y = numbers
    model = Sequential([Input((4,)), Dense(3), Dense(1)])
    model.layers[0].trainable = False
    model.compile("sgd", "mse")
    before = model.get_weights()
    model.fit(x, y, verbose=0)
    after = model.get_weights()
    assert np.array_equal(before[0], after[0])
    assert not np.array_equal(before[2], after[2])
    model.layers[0].trainable = True
    model.compile("sgd", "mse")
    model.fit(x, y, verbose=0)
    assert not np.array_equal(before[0], model.get_weights()[0])


def test_a_dropped_model_leaves_memory(numbers):
    x, y = numbers
    model = Sequential([Input((4,)), Dense(3), Dense(1)])
    model.compile("adam", "mse")
    model.fit(x, y, verbose=0)
    model.predict(x[:1], verbose=0)
    gone = weakref.ref(model), weakref.ref(model.layers[0]), weakref.ref(model.weights[0])
    del model
    gc.collect()
    assert [ref() for ref in gone] == [None, None, None]


def test_set_weights_after_predict_is_seen(numbers):
    x, _ = numbers
    model = Sequential([Input((4,)), Dense(1)])
    model.predict(x[:1], verbose=0)
    model.set_weights([np.ones((4, 1)), np.zeros(1)])
    assert np.allclose(model.predict(x[:1], verbose=0), x[:1].sum(), atol=1e-5)


def test_reset_states_as_in_keras_2():
    inputs = Input(batch_shape=(1, 3, 2))
    x = np.ones((1, 3, 2), np.float32)
    model = Model(inputs, Bidirectional(SimpleRNN(2, stateful=True))(inputs))
    first, second = model.predict(x, verbose=0), model.predict(x, verbose=0)
    assert not np.array_equal(first, second)
    model.reset_states()
    assert np.array_equal(first, model.predict(x, verbose=0))


def test_methods_of_keras_2_say_what_does_it_now():
    model = Sequential([Input((2,)), Dense(1)])
    with pytest.raises(AttributeError, match="no attribute 'fit_generator'. `fit` takes"):
        model.fit_generator  # noqa: B018
    assert not hasattr(model, "predict_proba")
