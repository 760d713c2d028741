"""Layers on pictures: values of Keras where nothing is drawn, and moves that were drawn."""

from __future__ import annotations

import numpy as np
import pytest

import ranvier
from ranvier import layers
from ranvier.graph.errors import ArgumentError, ShapeError
from ranvier.ops.image.place import grid, mapped_image

X = np.random.RandomState(0).uniform(0, 255, (3, 5, 7, 2)).astype("float32")
FIRST = X.transpose(0, 3, 1, 2)


@pytest.mark.oracle
@pytest.mark.parametrize("size", [(3, 4), (10, 14), (5, 7), (8, 3), (1, 1)])
@pytest.mark.parametrize("options", [
    {}, {"interpolation": "nearest"}, {"interpolation": "bicubic"}, {"interpolation": "lanczos3"},
    {"interpolation": "lanczos5", "antialias": True}, {"antialias": True},
    {"crop_to_aspect_ratio": True}, {"pad_to_aspect_ratio": True, "fill_value": 9.0},
])  # fmt: skip
def test_resizing(size, options):
    import keras

    mine, theirs = layers.Resizing(*size, **options), keras.layers.Resizing(*size, **options)
    for x in (X, X[0]):
        expected = np.asarray(theirs(x))
        np.testing.assert_allclose(mine(x), expected, rtol=2e-5, atol=2e-3)
        assert mine(x).dtype == expected.dtype
    got = layers.Resizing(*size, data_format="channels_first", **options)(FIRST)
    np.testing.assert_allclose(got.transpose(0, 2, 3, 1), mine(X), rtol=1e-5, atol=1e-3)
    whole = X.astype("uint8")
    difference = np.abs(np.clip(mine(whole), 0, 255) - np.asarray(theirs(whole)).astype(int))
    assert difference.max() <= 1  # halves may round either way
    assert keras.layers.Resizing.from_config(mine.get_config()).get_config()["height"] == size[0]


@pytest.mark.oracle
@pytest.mark.parametrize("size", [(3, 4), (5, 7), (2, 2), (8, 3), (9, 9)])
def test_center_crop(size):
    import keras

    theirs = keras.layers.CenterCrop(*size)
    for x in (X, X[0]):
        np.testing.assert_allclose(layers.CenterCrop(*size)(x), theirs(x), rtol=2e-5, atol=2e-3)


@pytest.mark.oracle
@pytest.mark.parametrize("mode", ["reflect", "constant", "wrap", "nearest", "mirror"])
@pytest.mark.parametrize("how", ["bilinear", "nearest"])
def test_affine_maps(mode, how):
    import keras

    maps = np.array([[1, 0, 2.3, 0, 1, -1.6, 0, 0], [0.7, -0.7, 3, 0.7, 0.7, -8, 0, 0],
                     [1.4, 0, -1.3, 0, 2.1, -9.0, 0, 0]], "float32")  # fmt: skip
    expected = keras.ops.image.affine_transform(X, maps, how, mode, 7.0)
    row, column = grid(5, 7)
    a = [maps[:, i : i + 1] for i in range(6)]
    columns, rows = a[0] * column + a[1] * row + a[2], a[3] * column + a[4] * row + a[5]
    got = mapped_image(X, rows, columns, how, mode, 7.0)
    np.testing.assert_allclose(got, expected, rtol=1e-4, atol=2e-2)


#: Layers with one possible draw, and the map of Keras that it stands for.
FIXED = [
    (lambda **o: layers.RandomTranslation((0.2, 0.2), (-0.3, -0.3), **o), [1, 0, 2.1, 0, 1, -1]),
    (lambda **o: layers.RandomZoom((0.5, 0.5), **o), [1.5, 0, -1.5, 0, 1.5, -1]),
    (lambda **o: layers.RandomZoom((0.5, 0.5), (-0.5, -0.5), **o), [0.5, 0, 1.5, 0, 1.5, -1]),
    (lambda **o: layers.RandomRotation((0.25, 0.25), **o), [0, -1, 5, 1, 0, -1]),
]


@pytest.mark.oracle
@pytest.mark.parametrize(("make", "values"), FIXED)
@pytest.mark.parametrize("mode", ["constant", "nearest"])
def test_moves(make, values, mode):
    import keras

    maps = np.array([[*values, 0, 0]] * 3, "float32")
    expected = np.asarray(keras.ops.image.affine_transform(X, maps, "bilinear", mode, 7.0))
    layer = make(fill_mode=mode, fill_value=7.0)
    got = layer(X, training=True)
    close = np.isclose(got, expected, rtol=1e-3, atol=5e-2)
    # At the very edge a rounding error decides whether a place lies outside.
    assert close.mean() > 0.9 if mode == "constant" else close.all()
    np.testing.assert_allclose(layer(X[0], training=True), got[0], rtol=1e-5, atol=1e-3)
    np.testing.assert_array_equal(layer(X, training=False), X)
    first = make(fill_mode=mode, fill_value=7.0, data_format="channels_first")(FIRST, training=True)
    np.testing.assert_allclose(first.transpose(0, 2, 3, 1), got, rtol=1e-5, atol=1e-3)


@pytest.mark.parametrize(("mode", "axes"), [("horizontal", (2,)), ("vertical", (1,)),
                                            ("horizontal_and_vertical", (1, 2))])  # fmt: skip
def test_flips(mode, axes):
    x = np.random.RandomState(1).rand(40, 3, 4, 1).astype("float32")
    got = layers.RandomFlip(mode, seed=3)(x, training=True)
    other = np.flip(x, axes)
    flipped = [np.array_equal(a, b) for a, b in zip(got, other, strict=True)]
    kept = [np.array_equal(a, b) for a, b in zip(got, x, strict=True)]
    assert all(a != b for a, b in zip(flipped, kept, strict=True)) and 8 < sum(flipped) < 32
    np.testing.assert_array_equal(layers.RandomFlip(mode, seed=3)(x, training=True), got)


def test_contrast_and_brightness():
    got = layers.RandomContrast((0.5, 0.5), value_range=(0, 1000))(X, training=True)
    mean = X.mean((1, 2), keepdims=True)
    factors = (got - mean)[:, 0, 0, 0] / (X - mean)[:, 0, 0, 0]
    assert np.all((factors > 0) & (factors < 2))
    layer = layers.RandomBrightness((0.2, 0.2), value_range=(0, 100))
    np.testing.assert_allclose(layer(X, training=True), np.clip(X + 20, 0, 100), rtol=1e-5)
    assert layer.get_config()["factor"] == (0.2, 0.2)
    assert layers.RandomContrast(0.2).factor == (0, 0.2)
    assert layers.RandomBrightness(0.2).factor == (-0.2, 0.2)


def test_crop():
    layer = layers.RandomCrop(2, 3, seed=1)
    found = set()
    for _ in range(30):
        got = layer(X, training=True)
        places = [(i, j) for i in range(4) for j in range(5)
                  if np.array_equal(X[:, i : i + 2, j : j + 3], got)]  # fmt: skip
        assert len(places) == 1
        found.add(places[0])
    assert len(found) > 8
    assert layers.RandomCrop(8, 9)(X, training=True).shape == (3, 8, 9, 2)


ALL = [
    layers.RandomFlip(seed=1),
    layers.RandomRotation(0.2, seed=1),
    layers.RandomZoom(0.3, seed=1),
    layers.RandomTranslation(0.2, 0.2, seed=1),
    layers.RandomContrast(0.3, seed=1),
    layers.RandomBrightness(0.2, seed=1),
    layers.RandomCrop(3, 4, seed=1),
    layers.Resizing(3, 4),
    layers.Resizing(3, 4, "nearest"),
    layers.CenterCrop(3, 4),
]


@pytest.mark.parametrize("layer", ALL, ids=lambda layer: layer.name)
def test_they_are_traced_into_a_step(layer):
    again = type(layer).from_config(layer.get_config())
    x = layers.Input((5, 7, 2))
    model = ranvier.Model(x, again(x))
    y = np.asarray(layer(X, training=False) if "random" in layer.name else layer(X))
    np.testing.assert_allclose(model.predict(X, verbose=0), y, rtol=1e-5, atol=1e-3)
    if "random" not in layer.name:
        return
    if "crop" not in layer.name:
        model.compile("sgd", "mse")
        assert np.isfinite(model.evaluate(X, X, verbose=0))
    training = ranvier.Sequential([type(layer).from_config(layer.get_config()), layers.Flatten(),
                                   layers.Dense(1)])  # fmt: skip
    training.compile("sgd", "mse")
    if "crop" not in layer.name:
        training.fit(X / 255, np.ones(3), verbose=0, batch_size=2)


def test_bad_arguments():
    for make, words in (
        (lambda: layers.Resizing(2, 2, "cubic"), "`interpolation`: got 'cubic'"),
        (
            lambda: layers.Resizing(2, 2, crop_to_aspect_ratio=True, pad_to_aspect_ratio=True),
            "both",
        ),
        (lambda: layers.RandomFlip("left"), "`mode`: got 'left'"),
        (lambda: layers.RandomRotation(2.0), "`factor`: got 2.0"),
        (lambda: layers.RandomZoom((0.1, 0.2, 0.3)), "`height_factor`"),
        (lambda: layers.RandomZoom(0.1, fill_mode="edge"), "`fill_mode`: got 'edge'"),
        (lambda: layers.RandomContrast(-0.1), "`factor`: got -0.1"),
        (lambda: layers.CenterCrop(2, 2, data_format="last"), "`data_format`: got 'last'"),
    ):
        with pytest.raises(ArgumentError, match=words):
            make()
    with pytest.raises(ShapeError, match="expected pictures"):
        layers.Resizing(2, 2)(np.ones((3, 3)))
