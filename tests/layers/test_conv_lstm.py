"""ConvLSTM: states, masks, dropout, files, mistakes; `test_oracle.py` has its values."""

from typing import Any

import numpy as np
import pytest

import ranvier
from ranvier import layers
from ranvier.graph.errors import ArgumentError, ShapeError

RNG = np.random.default_rng(0)
X = RNG.normal(size=(4, 5, 4, 3, 2)).astype("float32")
# Keras on JAX spreads the mask of a step over the wrong axis of pictures: no oracle for it.
MASK = np.array([[1, 1, 1, 0, 0], [1, 0, 1, 1, 0], [0, 1, 1, 1, 1], [1, 1, 1, 1, 1]], bool)


def _layer(**more: Any) -> Any:
    return layers.ConvLSTM2D(3, 2, padding="same", **more)


def test_states_go_on_where_they_were_given() -> None:
    layer = _layer(return_sequences=True, return_state=True)
    whole, h, c = layer(X)
    assert whole.shape == (4, 5, 4, 3, 3) and h.shape == c.shape == (4, 4, 3, 3)
    _, *states = layer(X[:, :2])
    rest, *last = layer(X[:, 2:], initial_state=states)
    np.testing.assert_allclose(rest, whole[:, 2:], atol=1e-6)
    np.testing.assert_allclose(last[1], c, atol=1e-6)
    np.testing.assert_array_equal(whole[:, -1], h)


def test_a_stateful_layer_keeps_them_itself() -> None:
    model = ranvier.Sequential(
        [layers.Input(batch_shape=(2, 5, 4, 3, 2)), _layer(stateful=True, name="it")]
    )
    first = model.predict(X[:2], batch_size=2, verbose=0)
    second = model.predict(X[:2], batch_size=2, verbose=0)
    assert not np.allclose(first, second)
    plain = _layer()
    plain.build((None, 5, 4, 3, 2))
    plain.set_weights(model.get_weights())
    np.testing.assert_allclose(second, plain(np.concatenate([X[:2], X[:2]], 1)), atol=1e-6)
    model.layers[0].reset_state()
    np.testing.assert_array_equal(model.predict(X[:2], batch_size=2, verbose=0), first)
    model.compile("sgd", "mse")
    y = np.tanh(RNG.normal(size=(4, 4, 3, 3)))
    model.fit(X, y, batch_size=2, shuffle=False, verbose=0)


def test_masked_steps_change_no_state() -> None:
    layer = _layer(return_sequences=True)
    whole = layer(X, mask=MASK)
    kept = np.stack([X[1, i] for i in (0, 2, 3)])[None]
    np.testing.assert_allclose(whole[1:2][:, [0, 2, 3]], layer(kept), atol=1e-6)
    np.testing.assert_array_equal(whole[1, 1], whole[1, 0])
    zeros = _layer(return_sequences=True, zero_output_for_mask=True)
    zeros.build(X.shape)
    zeros.set_weights(layer.get_weights())
    np.testing.assert_array_equal(
        zeros(X, mask=MASK), np.where(MASK[..., None, None, None], whole, 0)
    )
    x = layers.Input((5, 4, 3, 2))
    assert layer(x).shape == (None, 5, 4, 3, 3)


def test_a_mask_of_places_is_told() -> None:
    with pytest.raises(ShapeError, match=r"`mask`: got shape \(4, 5, 4, 3\), .*\(batch, steps\)"):
        _layer()(layers.Masking()(X))


@pytest.mark.parametrize("which", ["dropout", "recurrent_dropout"])
def test_dropout_has_one_mask_a_gate_for_all_steps(which: str) -> None:
    layer = _layer(**{which: 0.5, "seed": 3})
    calm = layer(X).numpy()
    assert np.array_equal(calm, layer(X).numpy())
    noisy = layer(X, training=True).numpy()
    assert not np.array_equal(noisy, calm)
    assert not np.array_equal(noisy, layer(X, training=True).numpy())


def test_it_learns_and_comes_back_from_a_file(tmp_path: Any) -> None:
    frames = RNG.random((12, 4, 6, 6, 1)).astype("float32")
    y = frames.mean(axis=(1, 2, 3))
    ranvier.utils.set_random_seed(1)
    model = ranvier.Sequential([
        layers.Input((4, 6, 6, 1)), layers.ConvLSTM2D(4, 3, return_sequences=True),
        layers.ConvLSTM2D(2, 3, data_format="channels_first", padding="same"),
        layers.GlobalAveragePooling2D(), layers.Dense(1),
    ])  # fmt: skip
    model.compile(ranvier.optimizers.Adam(0.01), "mse")
    loss = model.fit(frames, y, epochs=20, verbose=0).history["loss"]
    assert loss[-1] < loss[0] / 3
    model.save(tmp_path / "m.keras")
    again = ranvier.models.load_model(tmp_path / "m.keras")
    assert np.array_equal(again.predict(frames, verbose=0), model.predict(frames, verbose=0))


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ({"filters": 0, "kernel_size": 3}, "ConvLSTM2D 'it', `filters`: got 0"),
        ({"filters": 2, "kernel_size": (1, 2, 3)}, "`kernel_size`: got"),
        ({"filters": 2, "kernel_size": 3, "padding": "causal"}, "expected 'valid' or 'same'"),
        ({"filters": 2, "kernel_size": 3, "strides": 2, "dilation_rate": 2}, "must be 1"),
    ],
)
def test_mistakes_are_named(arguments: dict[str, Any], words: str) -> None:
    with pytest.raises(ArgumentError, match=words):
        layers.ConvLSTM2D(**arguments, name="it")


def test_sizes_of_a_step_must_be_known() -> None:
    with pytest.raises(ShapeError, match=r"got steps of shape \(None, 3, 2\)"):
        _layer()(layers.Input((5, None, 3, 2)))
    with pytest.raises(ShapeError, match="5 "):
        _layer()(layers.Input((5, 4, 2)))
