"""EinsumDense: shapes that its equation gives, its errors, and its values against Keras."""

import os
from typing import Any

import numpy as np
import pytest

import ranvier
from ranvier.graph.errors import ArgumentError, ShapeError
from ranvier.layers import Dense, EinsumDense
from ranvier.layers.einsum_equation import EinsumEquation

X = np.random.default_rng(0).normal(size=(5, 4, 3)).astype("float32")
FORMS: list[dict[str, Any]] = [
    {"equation": "abc,cd->abd", "output_shape": (None, 2), "bias_axes": "d"},
    {"equation": "abc,cde->abde", "output_shape": (4, 2, 3), "bias_axes": "e"},
    {"equation": "abc,bcd->ad", "output_shape": 2, "bias_axes": "d", "activation": "tanh"},
    {"equation": "...c,cd->...d", "output_shape": 2, "bias_axes": "d"},
    {"equation": "ab...,bd->ad...", "output_shape": 2, "bias_axes": "d"},
    {"equation": "abc,cdb->abd", "output_shape": (4, 2), "bias_axes": "bd",
     "kernel_initializer": "he_normal"},
    {"equation": "abc,c->abc", "output_shape": (None, 3)},
]  # fmt: skip


def test_it_is_dense_for_the_equation_of_dense() -> None:
    dense, einsum = Dense(2), EinsumDense("...c,cd->...d", 2, bias_axes="d")
    wanted, _ = dense(X), einsum(X)
    einsum.set_weights(dense.get_weights())
    np.testing.assert_allclose(einsum(X), wanted, rtol=1e-6)


def test_sizes_that_do_not_fit_are_told() -> None:
    with pytest.raises(ShapeError, match=r"EinsumDense 'it': got an input of shape \(5, 4, 3\)"):
        EinsumDense("ab,bc->ac", 2, name="it")(X)
    with pytest.raises(ShapeError, match="axis 'b' has 4 places in the input"):
        EinsumDense("abc,cd->abd", (3, 2))(X)
    with pytest.raises(ShapeError, match=r"shapes \(3, None\) and None: an axis is open"):
        EinsumDense("abc,cd->abd", (None, None))(X)
    with pytest.raises(ArgumentError, match="`bias_axes`: got 'dx', expected letters of the out"):
        EinsumDense("abc,cd->abd", (None, 2), bias_axes="dx")(X)


def test_summed_axes_are_the_fan_in() -> None:
    assert EinsumEquation.of("abc,bcde->ade", "it").fans == ([0, 1], [2, 3])
    layer = EinsumDense("ab,bcd->acd", (200, 50), kernel_initializer="lecun_normal")
    layer.build((None, 100))
    assert 0.09 < np.asarray(layer.kernel).std() < 0.11  # sqrt(1 / 100)


@pytest.mark.oracle
@pytest.mark.filterwarnings("ignore::DeprecationWarning")
@pytest.mark.parametrize("form", FORMS, ids=lambda form: form["equation"])
def test_it_is_keras(form: dict[str, Any]) -> None:
    os.environ.setdefault("KERAS_BACKEND", "jax")
    keras = pytest.importorskip("keras")
    models = []
    for k in (keras, ranvier):
        x = k.Input(X.shape[1:])
        y = k.layers.EinsumDense(**form, activity_regularizer="l2")(x)
        models.append(k.Model(x, k.layers.Flatten()(k.layers.Rescaling(1.0)(y))))
    theirs, mine = models
    weights = [np.random.default_rng(1).normal(size=w.shape) for w in theirs.weights]
    theirs.set_weights(weights)
    mine.set_weights(weights)
    y = np.ones(mine.output_shape[1:], "float32")[None].repeat(5, axis=0)
    for model, k in ((theirs, keras), (mine, ranvier)):
        model.compile(k.optimizers.SGD(0.1), "mse")
        model.fit(X, y, epochs=2, batch_size=5, verbose=0)
    for ours, wanted in zip(mine.get_weights(), theirs.get_weights(), strict=True):
        np.testing.assert_allclose(ours, wanted, rtol=1e-4, atol=1e-6)
    config = theirs.layers[1].get_config()
    again = EinsumDense.from_config({k: v for k, v in config.items() if k[:5] != "quant"})
    assert again.get_config() == mine.layers[1].get_config() | {"name": config["name"]}
