"""Numbers into bins and indices into vectors, against Keras, and inside compiled models."""

from __future__ import annotations

import numpy as np
import pytest

import ranvier
from ranvier import layers
from ranvier.graph.errors import ArgumentError, DataTypeError, NotBuiltError

X = np.random.RandomState(0).normal(size=(37, 3)).astype("float32")
BOUNDS = [-1.0, 0.0, 0.5]
INDICES = [np.array([0, 3, 1]), np.array([[0], [2], [5]]), np.array([[0, 1, 1], [3, 9, -1]]),
           np.arange(12).reshape(2, 3, 2) % 4]  # fmt: skip


def same(got, expected):
    np.testing.assert_array_equal(got, np.asarray(expected))
    assert str(got.dtype) == str(np.asarray(expected).dtype)


@pytest.mark.oracle
@pytest.mark.parametrize("mode", ["int", "one_hot", "multi_hot", "count"])
def test_bins_of_keras(mode):
    import keras

    mine = layers.Discretization(BOUNDS, output_mode=mode)
    theirs = keras.layers.Discretization(BOUNDS, output_mode=mode)
    for x in (X, X[:, 0], X[:, :1], np.array([[-1.0, 0.0, 0.5]], "float32")):
        same(mine(x), theirs(x))
    assert layers.Discretization.from_config(theirs.get_config()).bin_boundaries == BOUNDS
    again = keras.layers.Discretization.from_config(mine.get_config())
    assert again.bin_boundaries == BOUNDS


@pytest.mark.oracle
@pytest.mark.parametrize("options", [
    {"num_bins": 4}, {"num_bins": 7, "epsilon": 0.1}, {"num_bins": 200},
    {"num_bins": 2, "epsilon": 0.5},
])  # fmt: skip
@pytest.mark.parametrize("parts", [1, 3])
def test_boundaries_that_adapt_finds(options, parts):
    import keras

    mine, theirs = layers.Discretization(**options), keras.layers.Discretization(**options)
    data = X if parts == 1 else np.array_split(X, parts)
    mine.adapt(data)
    for batch in [X] if parts == 1 else data:  # `adapt` itself looks for TensorFlow
        theirs.update_state(batch)
    theirs.finalize_state()
    np.testing.assert_array_equal(mine.bin_boundaries, theirs.bin_boundaries)
    same(mine(X), theirs(X))
    again = layers.Discretization.from_config(mine.get_config())
    same(again(X), theirs(X))


@pytest.mark.oracle
@pytest.mark.parametrize("mode", ["one_hot", "multi_hot", "count"])
@pytest.mark.parametrize("indices", INDICES)
def test_vectors_of_keras(mode, indices):
    import keras

    mine = layers.CategoryEncoding(6, output_mode=mode)
    theirs = keras.layers.CategoryEncoding(6, output_mode=mode)
    same(mine(indices), theirs(indices))
    assert mine.get_config().items() >= {"num_tokens": 6, "output_mode": mode}.items()
    if mode == "count":
        weights = np.linspace(0, 1, indices.size).reshape(indices.shape).astype("float32")
        np.testing.assert_allclose(
            mine(indices, count_weights=weights), theirs(indices, count_weights=weights), rtol=1e-6
        )


def test_they_are_compiled_into_a_model():
    x = layers.Input(shape=(3,))
    y = layers.Discretization(BOUNDS)(x)
    y = layers.CategoryEncoding(4, output_mode="one_hot")(y)
    model = ranvier.Model(x, layers.Dense(2)(layers.Flatten()(y)))
    got = model.predict(X, verbose=0)
    flat = np.eye(4)[np.digitize(X, BOUNDS)].reshape(37, 12)
    kernel, bias = (w.numpy() for w in model.weights)
    np.testing.assert_allclose(got, flat @ kernel + bias, rtol=1e-5, atol=1e-6)


def test_bad_arguments():
    with pytest.raises(ArgumentError, match="got neither"):
        layers.Discretization()
    with pytest.raises(ArgumentError, match="got both"):
        layers.Discretization([1.0], 3)
    with pytest.raises(ArgumentError, match="the boundaries were given"):
        layers.Discretization([1.0]).adapt(X)
    with pytest.raises(ArgumentError, match="`epsilon`: got 0, expected a number above 0"):
        layers.Discretization(num_bins=3, epsilon=0)
    with pytest.raises(DataTypeError, match="adapt: got values of type <U1, expected numbers"):
        layers.Discretization(num_bins=3).adapt(["a"])
    with pytest.raises(NotBuiltError, match="no boundaries yet"):
        layers.Discretization(num_bins=3)(X)
    with pytest.raises(ArgumentError, match="`num_tokens`: got 0"):
        layers.CategoryEncoding(0)
    with pytest.raises(ArgumentError, match="`output_mode`: got 'int'"):
        layers.CategoryEncoding(3, output_mode="int")
    with pytest.raises(ArgumentError, match="`count_weights`"):
        layers.CategoryEncoding(3)([1], count_weights=[1.0])
    assert layers.CategoryEncoding(3, output_mode="binary").output_mode == "multi_hot"
