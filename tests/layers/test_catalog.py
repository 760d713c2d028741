"""The room's one list: complete, and every layer survives its own config."""

import json
from typing import Any

import numpy as np
import pytest

from ranvier import layers
from ranvier.graph.errors import RanvierError
from ranvier.layers.merge import Merge
from ranvier.layers.preparation import Preparation
from ranvier.layers.random_image import RandomImageLayer

#: One layer of each class, and the shape of a row it takes.
ONE_OF_EACH: dict[str, tuple[dict[str, Any], tuple[int, ...]]] = {
    "Activation": ({"activation": "relu"}, (3,)),
    "ActivityRegularization": ({"l1": 0.1}, (3,)),
    "AdaptiveAveragePooling1D": ({"output_size": 2}, (5, 3)),
    "AdaptiveAveragePooling2D": ({"output_size": (2, 1)}, (5, 3, 2)),
    "AdaptiveAveragePooling3D": ({"output_size": 2}, (3, 2, 4, 2)),
    "AdaptiveMaxPooling1D": ({"output_size": 2}, (5, 3)),
    "AdaptiveMaxPooling2D": ({"output_size": [2, 1]}, (5, 3, 2)),
    "AdaptiveMaxPooling3D": ({"output_size": 2}, (3, 2, 4, 2)),
    "Add": ({}, (3,)),
    "AdditiveAttention": ({"use_scale": False, "seed": 3}, (4, 3)),
    "AlphaDropout": ({"rate": 0.3}, (3,)),
    "Attention": ({"use_scale": True, "score_mode": "concat"}, (4, 3)),
    "Average": ({}, (3,)),
    "AveragePooling1D": ({"pool_size": 2}, (5, 3)),
    "AveragePooling2D": ({"padding": "same"}, (5, 3, 2)),
    "AveragePooling3D": ({"strides": 1}, (3, 2, 4, 2)),
    "BatchNormalization": ({"axis": 1, "gamma_regularizer": "l2"}, (3,)),
    "CategoryEncoding": ({"num_tokens": 3}, (3,)),
    "Bidirectional": ({"layer": layers.GRU(2, return_sequences=True)}, (4, 3)),
    "Concatenate": ({"axis": 1}, (3,)),
    "Conv1D": ({"filters": 2, "kernel_size": 3, "padding": "causal"}, (5, 3)),
    "Conv1DTranspose": ({"filters": 2, "kernel_size": 3, "strides": 2}, (5, 3)),
    "Conv2D": ({"filters": 2, "kernel_size": 3, "activation": "relu"}, (5, 4, 2)),
    "Conv2DTranspose": ({"filters": 2, "kernel_size": 3}, (5, 4, 2)),
    "Conv3D": ({"filters": 2, "kernel_size": (2, 1, 2)}, (3, 2, 4, 2)),
    "Conv3DTranspose": ({"filters": 2, "kernel_size": 2}, (3, 2, 4, 2)),
    "ConvLSTM1D": ({"filters": 2, "kernel_size": 3, "strides": 2, "seed": 1}, (3, 7, 2)),
    "ConvLSTM2D": ({"filters": 2, "kernel_size": 2, "padding": "same"}, (3, 3, 4, 2)),
    "ConvLSTM3D": ({"filters": 2, "kernel_size": 2, "seed": 1}, (2, 3, 2, 3, 1)),
    "Cropping1D": ({"cropping": (1, 2)}, (5, 3)),
    "Cropping2D": ({"cropping": ((1, 0), (0, 1))}, (5, 3, 2)),
    "Cropping3D": ({"cropping": (1, 0, 1)}, (3, 2, 4, 2)),
    "Dense": ({"units": np.int64(4), "activation": "tanh"}, (3,)),
    "DepthwiseConv1D": ({"kernel_size": 3}, (5, 3)),
    "DepthwiseConv2D": ({"kernel_size": 2, "depth_multiplier": 2}, (5, 3, 2)),
    "Discretization": ({"bin_boundaries": [0.0, 1.0], "output_mode": "count"}, (3,)),
    "Dot": ({"axes": 1}, (3,)),
    "Dropout": ({"rate": 0.3, "seed": 1}, (3,)),
    "EinsumDense": (
        {
            "equation": "ab...,bcd->acd...",
            "output_shape": (np.int64(3), 2),
            "bias_axes": "c",
        },
        (4, 5),
    ),
    "ELU": ({"alpha": 0.5}, (3,)),
    "Embedding": ({"input_dim": 5, "output_dim": 2, "mask_zero": True}, (3,)),
    "Flatten": ({}, (3, 2)),
    "GaussianDropout": ({"rate": 0.3}, (3,)),
    "GaussianNoise": ({"stddev": 0.3}, (3,)),
    "GlobalAveragePooling1D": ({"keepdims": True}, (5, 3)),
    "GlobalAveragePooling2D": ({}, (5, 3, 2)),
    "GlobalAveragePooling3D": ({}, (3, 2, 4, 2)),
    "GlobalMaxPooling1D": ({"data_format": "channels_first"}, (5, 3)),
    "GlobalMaxPooling2D": ({}, (5, 3, 2)),
    "GlobalMaxPooling3D": ({}, (3, 2, 4, 2)),
    "GroupNormalization": ({"groups": 2}, (4,)),
    "GroupQueryAttention": (
        {
            "head_dim": 2,
            "num_query_heads": 4,
            "num_key_value_heads": 2,
            "bias_constraint": "nonneg",
        },
        (4, 3),
    ),
    "HashedCrossing": ({"num_bins": 3}, ()),
    "Hashing": ({"num_bins": 3}, ()),
    "GRU": ({"units": 3, "reset_after": False}, (4, 3)),
    "GRUCell": ({"units": 3}, (3,)),
    "Identity": ({}, (3,)),
    "InputLayer": ({"shape": (3,)}, (3,)),
    "IntegerLookup": ({"vocabulary": [1, 2]}, ()),
    "Lambda": ({"function": "relu"}, (3,)),
    "LayerNormalization": ({"axis": (1, 2)}, (3, 2)),
    "LeakyReLU": ({"alpha": 0.5}, (3,)),
    "LSTM": ({"units": 3, "return_sequences": True, "seed": 1}, (4, 3)),
    "LSTMCell": ({"units": 3, "unit_forget_bias": False}, (3,)),
    "Masking": ({"mask_value": 1.0}, (4, 3)),
    "Maximum": ({}, (3,)),
    "MaxPooling1D": ({"pool_size": np.int64(2)}, (5, 3)),
    "MaxPooling2D": ({"pool_size": 3, "strides": 2}, (5, 3, 2)),
    "MaxPooling3D": ({}, (3, 2, 4, 2)),
    "Minimum": ({}, (3,)),
    "MultiHeadAttention": (
        {
            "num_heads": 2,
            "key_dim": np.int64(3),
            "output_shape": 5,
            "attention_axes": -2,
            "kernel_regularizer": "l2",
        },
        (4, 3),
    ),
    "Multiply": ({}, (3,)),
    "Normalization": ({"mean": np.ones(3), "variance": [1.0, 2.0, 3.0]}, (3,)),
    "Permute": ({"dims": (2, 1)}, (3, 2)),
    "PReLU": ({"shared_axes": 1}, (3, 2)),
    "CenterCrop": ({"height": 2, "width": 2}, (4, 3, 1)),
    "RandomBrightness": ({"factor": 0.1}, (4, 3, 1)),
    "RandomContrast": ({"factor": 0.1}, (4, 3, 1)),
    "RandomCrop": ({"height": 2, "width": 2}, (4, 3, 1)),
    "RandomFlip": ({"mode": "horizontal"}, (4, 3, 1)),
    "RandomRotation": ({"factor": 0.1}, (4, 3, 1)),
    "RandomTranslation": ({"height_factor": 0.1, "width_factor": (0.0, 0.2)}, (4, 3, 1)),
    "RandomZoom": ({"height_factor": 0.1}, (4, 3, 1)),
    "Resizing": ({"height": 2, "width": 5}, (4, 3, 1)),
    "ReLU": ({"max_value": 6.0}, (3,)),
    "RepeatVector": ({"n": 2}, (3,)),
    "RNN": ({"cell": layers.SimpleRNNCell(2), "return_sequences": True}, (4, 3)),
    "Rescaling": ({"scale": np.float32(0.5)}, (3,)),
    "Reshape": ({"target_shape": [-1, 1]}, (3,)),
    "RMSNormalization": ({"epsilon": 0.1}, (3,)),
    "SeparableConv1D": ({"filters": 2, "kernel_size": 3}, (5, 3)),
    "SeparableConv2D": ({"filters": 2, "kernel_size": 2}, (5, 3, 2)),
    "Softmax": ({"axis": -1}, (3,)),
    "SpatialDropout1D": ({"rate": 0.3, "seed": 1}, (3, 2)),
    "SpatialDropout2D": ({"rate": 0.3, "data_format": "channels_first"}, (3, 2, 2)),
    "SpatialDropout3D": ({"rate": 0.3}, (3, 2, 2, 2)),
    "SpectralNormalization": ({"layer": layers.Dense(2, name="inside")}, (3,)),
    "StringLookup": ({"vocabulary": ["a", "b"]}, ()),
    "Subtract": ({}, (3,)),
    "TextVectorization": ({"vocabulary": ["a", "b"]}, ()),
    "UnitNormalization": ({"axis": [1]}, (3,)),
    "UpSampling1D": ({"size": 3}, (5, 3)),
    "UpSampling2D": ({"interpolation": "bilinear"}, (5, 3, 2)),
    "UpSampling3D": ({}, (3, 2, 1, 2)),
    "ZeroPadding1D": ({"padding": (0, 2)}, (5, 3)),
    "ZeroPadding2D": ({"padding": 2}, (5, 3, 2)),
    "ZeroPadding3D": ({"padding": (1, 0, 2)}, (3, 2, 1, 2)),
    "SimpleRNN": ({"units": 3, "go_backwards": True}, (4, 3)),
    "SimpleRNNCell": ({"units": 3, "use_bias": False}, (3,)),
    "StackedRNNCells": ({"cells": [layers.LSTMCell(2), layers.GRUCell(3)]}, (3,)),
    "TimeDistributed": ({"layer": layers.Dense(2)}, (4, 3)),
}
#: Layers that are not called on one array.
NOT_ALONE = ("InputLayer", "GRUCell", "LSTMCell", "SimpleRNNCell", "StackedRNNCells")

#: Layers that are called on a list of two inputs, and on two arguments.
PAIRED, TWO = ("AdditiveAttention", "Attention"), ("GroupQueryAttention", "MultiHeadAttention")


def given(layer: Any, x: Any) -> tuple[Any, ...]:
    """Return what the layer is called with for one array."""
    if isinstance(layer, Merge) or type(layer).__name__ in PAIRED:
        return ([x, x * 2],)
    return (x, x * 2) if type(layer).__name__ in TWO else (x,)


def test_the_catalog_is_sorted_and_each_layer_has_a_row() -> None:
    assert list(layers.CATALOG) == sorted(layers.CATALOG, key=str.lower)
    assert set(ONE_OF_EACH) == set(layers.CATALOG), "ONE_OF_EACH has one of each"


@pytest.mark.parametrize("name", ONE_OF_EACH)
def test_a_layer_made_from_its_config_as_json_is_the_same(name: str, traced: Any) -> None:
    arguments, shape = ONE_OF_EACH[name]
    layer = layers.CATALOG[name](**arguments, name="it")
    config = layer.get_config()
    again = layers.CATALOG[name].from_config(json.loads(json.dumps(config)))
    assert json.dumps(again.get_config()) == json.dumps(config)
    if name in NOT_ALONE or isinstance(layer, (Preparation, RandomImageLayer)):
        return
    x = np.random.default_rng(0).normal(size=(4, *shape)).astype("float32")
    inputs = given(layer, x)
    y = layer(*inputs)
    again(*inputs)
    again.set_weights(layer.get_weights())
    np.testing.assert_array_equal(again(*inputs), y)
    if name not in TWO:
        np.testing.assert_array_equal(traced(again, *inputs), y)


@pytest.mark.parametrize("name", ONE_OF_EACH)
def test_a_float64_layer_computes_in_float64(name: str) -> None:
    arguments, shape = ONE_OF_EACH[name]
    if name in NOT_ALONE or issubclass(layers.CATALOG[name], Preparation):
        return
    if {"layer", "cell"} & set(arguments):  # the layer inside has its own
        return
    layer = layers.CATALOG[name](**arguments, dtype="float64")
    x = np.ones((2, *shape), np.float32)
    assert layer(*given(layer, x)).dtype == np.float64
    dtype = layer.get_config()["dtype"]  # SpatialDropout says it plainly, as in Keras
    assert dtype == "float64" or dtype["config"] == {"name": "float64"}


@pytest.mark.parametrize("training", [True, False])
@pytest.mark.parametrize("name", ["Dropout", "GaussianDropout", "GaussianNoise", "AlphaDropout"])
def test_random_layers_draw_the_same_eagerly_and_in_a_step(
    name: str, training: bool, traced: Any
) -> None:
    def made() -> Any:
        return layers.CATALOG[name](0.4, seed=7)

    x = np.random.default_rng(0).normal(size=(6, 5)).astype("float32")
    eager, step = made(), made()
    for _ in range(3):
        a, b = eager(x, training=training), traced(step, x, training=training)
        np.testing.assert_allclose(a, b, rtol=1e-6)
        assert (np.asarray(a) != x).any() == training
    drawn = [int(layer.seed_generator.state.numpy()[1]) for layer in (eager, step)]
    assert drawn == ([3, 3] if training else [0, 0])


REFUSED: list[tuple[str, dict[str, Any], str]] = [
    ("Conv2D", {"filters": 0, "kernel_size": 3}, "Conv2D 'it', `filters`: got 0, expected a posi"),
    (
        "Conv2D",
        {"filters": 2, "kernel_size": (3, 3, 3)},
        r"`kernel_size`: got \(3, 3, 3\).*or 2 of",
    ),
    ("Conv2D", {"filters": 2, "kernel_size": 3, "padding": "causal"}, "`padding`: got 'causal'"),
    (
        "Conv2D",
        {"filters": 2, "kernel_size": 3, "data_format": "NHWC"},
        "`data_format`: got 'NHWC'",
    ),
    ("Conv2D", {"filters": 3, "kernel_size": 3, "groups": 2}, "`filters`: got 3 for 2 groups"),
    ("Conv1D", {"filters": 2, "kernel_size": 3, "strides": 2, "dilation_rate": 2}, "must be 1"),
    ("Conv1DTranspose", {"filters": 2, "kernel_size": 3, "output_padding": 1}, "expected less"),
    ("MaxPooling2D", {"pool_size": 0}, "MaxPooling2D 'it', `pool_size`: got 0"),
    ("ZeroPadding2D", {"padding": (1, 2, 3)}, r"`padding`: got \(1, 2, 3\)"),
    ("Cropping1D", {"cropping": -1}, "`cropping`: got -1"),
    ("UpSampling2D", {"interpolation": "area"}, "`interpolation`: got 'area'"),
    ("Dense", {"units": -3}, r"Dense 'it', `units`: got -3, expected a positive int.*units=10"),
    ("Dense", {"units": 2.0}, "`units`: got 2.0"),
    ("Dense", {"units": True}, "`units`: got True"),
    ("Dense", {"units": "10"}, "`units`: got '10'"),
    ("Dense", {"units": 1, "activation": "rleu"}, "Did you mean 'relu"),
    ("Dense", {"units": 1, "trainable": "no"}, "`trainable`: got 'no'"),
    ("Activation", {"activation": "sofmax"}, "'softmax'"),
    ("Attention", {"score_mode": "sum"}, "Attention 'it', `score_mode`: got 'sum', expected 'dot'"),
    ("Attention", {"dropout": 2}, "`dropout`: got 2, expected a number from 0 to 1"),
    ("MultiHeadAttention", {"num_heads": 0, "key_dim": 2}, "`num_heads`: got 0, expected a posit"),
    ("MultiHeadAttention", {"num_heads": 1, "key_dim": 2.0}, "`key_dim`: got 2.0"),
    ("MultiHeadAttention", {"num_heads": 1, "key_dim": 2, "attention_axes": "a"}, "`attention_ax"),
    (
        "GroupQueryAttention",
        {"head_dim": 2, "num_query_heads": 3, "num_key_value_heads": 2},
        "GroupQueryAttention 'it', `num_key_value_heads`: got 2, expected a divisor of num_qu",
    ),
    ("EinsumDense", {"equation": "ab,bc", "output_shape": 3}, "`equation`: got 'ab,bc', expected"),
    ("EinsumDense", {"equation": "ab,bc->acd", "output_shape": 3}, "each in two of them"),
    ("EinsumDense", {"equation": "ab,bc->ac", "output_shape": 0}, "`output_shape`: got 0"),
    ("Dropout", {"rate": 20}, "Dropout 'it', `rate`: got 20, expected a number from 0 to 1"),
    ("Dropout", {"rate": "0.5"}, "`rate`: got '0.5'"),
    ("Dropout", {"rate": float("nan")}, "`rate`: got nan"),
    ("Dropout", {"rate": 0.5, "noise_shape": (0, 1)}, r"`noise_shape`: got \(0, 1\)"),
    ("Dropout", {"rate": 0.5, "seed": "x"}, "seed"),
    ("AlphaDropout", {"rate": -0.1}, "AlphaDropout 'it', `rate`: got -0.1"),
    ("GaussianDropout", {"rate": 1}, "`rate`: got 1, expected a number below 1"),
    ("GaussianNoise", {"stddev": 2}, "GaussianNoise 'it', `stddev`: got 2"),
    ("Flatten", {"data_format": "last"}, "`data_format`: got 'last'"),
    ("Reshape", {"target_shape": (2, -1, -1)}, "`target_shape`: got .2, -1, -1."),
    ("Reshape", {"target_shape": (None, 2)}, "`target_shape`: got"),
    ("Permute", {"dims": (0, 1)}, "`dims`: got .0, 1., expected the numbers 1 to n"),
    ("Permute", {"dims": 2}, "`dims`: got 2"),
    ("RepeatVector", {"n": 0}, "`n`: got 0, expected a positive int"),
    ("LeakyReLU", {"alpha": -1}, "`negative_slope`: got -1"),
    ("LeakyReLU", {"negative_slope": None}, "`negative_slope`: got None"),
    ("ReLU", {"max_value": -1}, "`max_value`: got -1"),
    ("ReLU", {"threshold": -1}, "`threshold`: got -1"),
    ("PReLU", {"shared_axes": [0]}, r"`shared_axes`: got \[0\]"),
    ("Lambda", {"function": 3}, "Lambda 'it', `function`: got 3, expected a function"),
    ("Dot", {"axes": 0.5}, "`axes`: got 0.5"),
    ("Dot", {"axes": (1, 2, 3)}, "`axes`: got .1, 2, 3., expected an int or two"),
    ("Normalization", {"mean": [1.0]}, "got only `mean`, expected both"),
    ("Normalization", {"mean": [1.0], "variance": [1.0, 2.0]}, "expected equal shapes"),
    ("BatchNormalization", {"axis": 1.5}, "BatchNormalization 'it', `axis`: got 1.5"),
    ("BatchNormalization", {"momentum": 2}, "`momentum`: got 2, expected a number from 0 to 1"),
    ("BatchNormalization", {"epsilon": -1}, "`epsilon`: got -1"),
    ("BatchNormalization", {"synchronized": True}, "`synchronized`: got True"),
    ("BatchNormalization", {"gamma_initializer": "onse"}, "Did you mean 'one' or 'ones'"),
    ("BatchNormalization", {"renorm": True, "renorm_clipping": {"max": 1}}, "keys among"),
    ("BatchNormalization", {"renorm": True, "renorm_clipping": {"rmin": 2, "rmax": 1}}, "rmin <="),
    ("BatchNormalization", {"renorm": True, "renorm_clipping": {"dmax": -1}}, "dmax=-1"),
    ("LayerNormalization", {"axis": "last"}, "`axis`: got 'last', expected an int or a list"),
    ("LayerNormalization", {"epsilon": "x"}, "`epsilon`: got 'x'"),
    ("RMSNormalization", {"axis": None}, "`axis`: got None"),
    ("UnitNormalization", {"axis": []}, r"`axis`: got \[\]"),
    ("GroupNormalization", {"groups": 0}, "`groups`: got 0, expected a positive int, or -1"),
    ("SpatialDropout1D", {"rate": 2}, "SpatialDropout1D 'it', `rate`: got 2"),
    ("SpatialDropout2D", {"rate": 0.5, "data_format": "last"}, "`data_format`: got 'last'"),
    ("InputLayer", {}, "InputLayer 'it': got no shape, expected `shape`"),
    ("InputLayer", {"shape": (2,), "batch_shape": (None, 2)}, "got both"),
    ("InputLayer", {"shape": ("a",)}, "`shape`: got .'a',., expected a tuple of ints"),
    ("InputLayer", {"shape": (-1,)}, "`shape`: got"),
    ("InputLayer", {"shape": (3,), "sparse": True}, r"`sparse`: got True.*x.toarray\(\)"),
]


@pytest.mark.parametrize(("name", "arguments", "words"), REFUSED)
def test_wrong_arguments_are_refused_in_words(
    name: str, arguments: dict[str, Any], words: str
) -> None:
    with pytest.raises(RanvierError, match=words):
        layers.CATALOG[name](**arguments, name="it")


SHORT = {"Convolution": "Conv", "SeparableConvolution": "SeparableConv", "MaxPool": "MaxPooling",
         "AvgPool": "AveragePooling", "GlobalMaxPool": "GlobalMaxPooling",
         "GlobalAvgPool": "GlobalAveragePooling"}  # fmt: skip


@pytest.mark.parametrize("short", SHORT)
def test_layers_have_their_other_names(short: str) -> None:
    for rank in ("1D", "2D", "3D"):
        for end in ("", "Transpose"):
            whole = layers.CATALOG.get(SHORT[short] + rank + end)
            assert getattr(layers, short + rank + end, None) is whole
