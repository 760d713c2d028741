"""Normalization: adapt on every kind of data, numbers given, messages."""

from typing import Any

import numpy as np
import pandas as pd
import polars as pl
import pytest

from ranvier.graph.errors import ArgumentError, DataTypeError, ShapeError
from ranvier.layers import Dense, Function, Input, Normalization

DATA = np.random.default_rng(0).normal(5.0, 3.0, size=(103, 8))


@pytest.mark.parametrize(
    "data",
    [
        DATA, DATA.astype("float32"), DATA.tolist(), pd.DataFrame(DATA), pl.DataFrame(DATA),
        [DATA[:50], DATA[50:]], (b for b in (DATA[:1], DATA[1:60], DATA[60:])),
        [(DATA[:50], None), (DATA[50:], None)], np.asfortranarray(DATA), DATA[::-1],
        DATA.astype(object), pd.DataFrame(DATA).astype({0: object, 1: "Float64"}),
    ],
    ids=["array", "float32", "lists", "pandas", "polars", "batches", "generator", "pairs",
         "fortran", "reversed", "objects", "mixed"],
)  # fmt: skip
def test_adapt_finds_mean_and_variance(data: Any) -> None:
    layer = Normalization()
    layer.adapt(data)
    y = np.asarray(layer(DATA), np.float64)
    np.testing.assert_allclose(y.mean(0), 0, atol=1e-6)
    np.testing.assert_allclose(y.std(0), 1, rtol=1e-6)
    assert [w.name for w in layer.weights] == ["mean", "variance", "count"]
    assert layer.count_params() == 17 and layer.trainable_weights == []
    assert layer.mean.shape == layer.variance.shape == (1, 8)


def test_adapt_again_forgets_and_reaches_models_that_hold_the_layer() -> None:
    layer = Normalization(input_shape=[8])
    x = Input((8,))
    model = Function(x, layer(x))
    np.testing.assert_allclose(model.run(DATA), DATA.astype("float32"))
    layer.adapt(DATA * 10)
    layer.adapt(DATA)
    np.testing.assert_allclose(np.asarray(model.run(DATA)).std(0), 1, rtol=1e-5)


def test_sums_are_exact_far_from_zero() -> None:
    x = np.float32(1e4) + np.arange(1000, dtype=np.float32).reshape(-1, 1)
    layer = Normalization()
    layer.adapt([x[:300], x[300:]])
    assert float(layer.mean[0, 0]) == pytest.approx(1e4 + 499.5, rel=1e-7)
    assert float(layer.variance[0, 0]) == pytest.approx(np.var(x.astype("float64")), rel=1e-6)


def test_a_constant_feature_becomes_zero_and_not_nan() -> None:
    layer = Normalization()
    layer.adapt(np.full((5, 1), 3.0))
    assert layer([[3.0]]).tolist() == [[0.0]]


def test_images_and_one_mean_for_everything() -> None:
    images = np.random.default_rng(1).integers(0, 255, size=(20, 4, 4, 3), dtype=np.uint8)
    layer = Normalization()
    layer.adapt(images)
    assert layer.mean.shape == (1, 1, 1, 3) and layer.weights[0].shape == (3,)
    whole = Normalization(axis=None)
    whole.adapt(images)
    assert abs(float(np.mean(whole(images)))) < 1e-5 and whole.weights[0].shape == ()


def test_invert_undoes() -> None:
    forth, back = Normalization(), Normalization(invert=True)
    forth.adapt(DATA)
    back.adapt(DATA)
    np.testing.assert_allclose(back(forth(DATA)), DATA, rtol=1e-5)


def test_it_is_followed_by_other_layers() -> None:
    layer = Normalization(input_shape=(8,))
    layer.adapt(DATA)
    assert Dense(2)(layer(Input((8,)))).shape == (None, 2)


def test_data_that_cannot_be_adapted_to() -> None:
    with pytest.raises(ShapeError, match=r"adapt: got data of shape \(3,\), expected rows.*-1, 1"):
        Normalization().adapt(np.ones(3))
    with pytest.raises(ShapeError, match="got no data"):
        Normalization().adapt(np.ones((0, 3)))
    with pytest.raises(ShapeError, match="got no data"):
        Normalization().adapt(iter(()))
    with pytest.raises(DataTypeError, match="values of type object, expected numbers"):
        Normalization().adapt(pd.DataFrame({"a": [1.0], "b": ["x"]}))
    with pytest.raises(DataTypeError, match="got int, expected a list"):
        Normalization().adapt(3)
    layer = Normalization()
    layer.adapt(DATA)
    with pytest.raises(ShapeError, match=r"got data of shape \(5, 7\), but the layer has"):
        layer.adapt(np.ones((5, 7)))
    with pytest.raises(ArgumentError, match="mean and variance were given"):
        Normalization(mean=0.0, variance=1.0).adapt(DATA)
    with pytest.raises(ShapeError, match="`mean`, `variance`: got shape .3,., expected .8,."):
        Normalization(mean=[1, 2, 3], variance=[1, 2, 3])(DATA)


def test_layers_say_that_they_adapt_instead_of_fit():
    with pytest.raises(AttributeError, match=r"has no attribute 'fit'. Models have it.*`adapt`.$"):
        Normalization().fit([[1.0]])


def test_inputs_of_another_width_are_told():
    layer = Normalization()
    layer.adapt(np.ones((3, 2)))
    words = r"got data of shape \(3, 4\), but the layer has a mean for each of \(2,\)"
    with pytest.raises(ShapeError, match=f"Normalization 'normalization.*': {words}"):
        layer(np.ones((3, 4)))
    assert layer(np.ones((3, 1))).shape == (3, 2)  # as in Keras
