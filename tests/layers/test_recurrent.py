"""Recurrent layers: states, masks, wrappers; values against Keras are in test_recurrent_oracle."""

from typing import Any

import numpy as np
import pytest

import ranvier
from ranvier import layers
from ranvier.graph.errors import ArgumentError, ShapeError
from ranvier.graph.mask import mask_of

RNG = np.random.default_rng(0)
X = RNG.normal(size=(4, 5, 3)).astype("float32")


@pytest.mark.parametrize("name", ["SimpleRNN", "LSTM", "GRU"])
def test_states_go_on_where_they_ended(name: str, traced: Any) -> None:
    layer = layers.CATALOG[name](3, return_sequences=True, return_state=True)
    whole, *last = layer(X)
    first, *states = layer(X[:, :2])
    rest, *end = layer(X[:, 2:], initial_state=states)
    np.testing.assert_allclose(np.concatenate([first, rest], axis=1), whole, rtol=1e-5, atol=1e-7)
    for a, b, c in zip(end, last, traced(layer, X)[1:], strict=True):
        np.testing.assert_allclose(a, b, rtol=1e-5, atol=1e-7)
        np.testing.assert_allclose(c, b, rtol=1e-5, atol=1e-7)


def test_masked_steps_change_nothing(traced: Any) -> None:
    layer = layers.GRU(3)
    mask = np.array([[True] * 5, [True, True, False, False, False]] * 2)
    expected = layer(X[1:2, :2])
    np.testing.assert_allclose(layer(X, mask=mask)[1:2], expected, rtol=1e-5, atol=1e-7)


@pytest.mark.parametrize("name", ["SimpleRNN", "LSTM", "GRU"])
def test_masks_hold_where_an_initial_state_is_given(name: str) -> None:
    layer, count = layers.CATALOG[name](3), 2 if name == "LSTM" else 1
    x, states = X.copy(), [RNG.normal(size=(4, 3)).astype("float32") for _ in range(count)]
    x[:, 3:] = 0
    found = layer(layers.Masking()(x), initial_state=states)
    expected = layer(x[:, :3], initial_state=states)
    np.testing.assert_allclose(found, expected, rtol=1e-5, atol=1e-7)


def test_masks_travel_from_layer_to_layer() -> None:
    words = np.array([[3, 1, 0, 0], [2, 2, 1, 0]])
    embedded = layers.Embedding(4, 2, mask_zero=True)(words)
    assert mask_of(embedded).tolist() == (words != 0).tolist()
    kept = layers.Dense(3)(layers.Dropout(0.5)(embedded))
    assert mask_of(kept).tolist() == (words != 0).tolist()
    steps = layers.LSTM(2, return_sequences=True)(kept)
    assert mask_of(steps).tolist() == (words != 0).tolist()
    assert mask_of(layers.LSTM(2)(steps)) is None
    with pytest.warns(UserWarning, match="Flatten 'flatten' got an input with a mask"):
        layers.Flatten()(embedded)
    masked = layers.Masking(0.0)(X * (np.arange(5)[None, :, None] < 3))
    assert mask_of(layers.Add()([masked, masked])).sum() == 12
    assert mask_of(layers.Concatenate(1)([masked, X])).sum() == 32


def test_a_stateful_layer_takes_its_rows_where_a_batch_could_have_more() -> None:
    model = ranvier.Sequential(
        [ranvier.Input(batch_shape=(4, 5, 3)), layers.LSTM(2, stateful=True)]
    )
    model.compile("sgd", "mse")
    x, y = np.ones((4, 5, 3), np.float32), np.ones((4, 2), np.float32)
    model.fit(x, y, verbose=0)
    model.evaluate(x, y, verbose=0)
    assert model.predict(x, verbose=0).shape == (4, 2)


def test_a_stateful_layer_goes_on_with_the_next_batch() -> None:
    model = ranvier.Sequential(
        [ranvier.Input(batch_shape=(4, 5, 3)), layers.SimpleRNN(2, stateful=True)]
    )
    layer = model.layers[0]
    twice = layers.SimpleRNN(2)
    twice.build((None, 10, 3))
    twice.set_weights(layer.get_weights())
    model.predict(X, batch_size=4, verbose=0)
    second = model.predict(X, batch_size=4, verbose=0)
    np.testing.assert_allclose(second, twice(np.concatenate([X, X], 1)), rtol=1e-4, atol=1e-6)
    layer.reset_state()
    assert not layer.states[0].numpy().any()
    with pytest.raises(ShapeError, match="`stateful`: got an input of any batch"):
        layers.LSTM(2, stateful=True).build((None, 5, 3))


def test_dropout_shares_its_mask_over_the_steps() -> None:
    layer = layers.SimpleRNN(
        8, dropout=0.5, seed=1, return_sequences=True, recurrent_initializer="zeros",
        kernel_initializer=lambda shape, dtype=None: np.eye(*shape, dtype=dtype),
        activation="linear",
    )  # fmt: skip
    y = np.asarray(layer(np.ones((2, 3, 8), np.float32), training=True))
    assert (y == y[:, :1]).all()
    assert set(np.unique(y)) == {0.0, 2.0}
    assert (layer(np.ones((2, 3, 8), np.float32)) == 1).all()


def test_mistakes_are_told() -> None:
    with pytest.raises(ArgumentError, match="LSTM|LSTMCell.*`units`: got 0"):
        layers.LSTM(0)
    with pytest.raises(ArgumentError, match="`cell`: got"):
        layers.RNN(layers.Dense(2))
    with pytest.raises(ArgumentError, match="`merge_mode`: got 'plus'"):
        layers.Bidirectional(layers.GRU(2), merge_mode="plus")
    with pytest.raises(ArgumentError, match="`layer`: got"):
        layers.Bidirectional(layers.Dense(2))
    with pytest.raises(ArgumentError, match="`input_dim`: got 0"):
        layers.Embedding(0, 2)
    with pytest.raises(ArgumentError, match="`initial_state`: got 1 states, expected 2"):
        layers.LSTM(2)(X, initial_state=[np.zeros((4, 2), np.float32)])
    with pytest.raises(
        ShapeError, match=r"'it', `initial_state`: got shape \(4, 3\) for state 1, e"
    ):
        states = [np.zeros((4, n), np.float32) for n in (2, 3)]
        layers.LSTM(2, name="it")(X, initial_state=states)
