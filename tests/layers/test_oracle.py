"""Every layer against Keras 3 on JAX: values, gradients, shapes, weights, configs."""

import os
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from ranvier import layers
from ranvier.graph.structure import flatten, mapped

os.environ.setdefault("KERAS_BACKEND", "jax")
pytestmark = pytest.mark.oracle
RNG = np.random.default_rng(0)

#: (class, arguments, input shapes without the batch axis)
CASES: list[tuple[str, dict[str, Any], list[tuple[int, ...]]]] = [
    ("Dense", {"units": 4}, [(3,)]),
    ("Dense", {"units": 4, "activation": "relu", "use_bias": False}, [(3,)]),
    ("Dense", {"units": 2, "activation": "softmax", "bias_initializer": "ones"}, [(2, 3)]),
    ("Dense", {"units": 2, "activation": "tanh", "kernel_initializer": "he_normal"}, [(5, 2, 3)]),
    ("Dense", {"units": 3, "kernel_regularizer": "l2", "bias_regularizer": "l1",
               "kernel_constraint": "max_norm", "activity_regularizer": "l2"}, [(3,)]),
    ("Flatten", {}, [(2, 3, 4)]),
    ("Flatten", {"data_format": "channels_first"}, [(2, 3, 4)]),
    ("Flatten", {}, [()]),
    ("Activation", {"activation": "elu"}, [(5,)]),
    ("Activation", {"activation": "softplus"}, [(2, 3)]),
    ("Dropout", {"rate": 0.4, "noise_shape": (None, 1), "seed": 3}, [(5,)]),
    ("GaussianDropout", {"rate": 0.4}, [(5,)]),
    ("GaussianNoise", {"stddev": 0.4, "seed": 1}, [(5,)]),
    ("AlphaDropout", {"rate": 0.4}, [(5,)]),
    ("ActivityRegularization", {"l1": 0.1, "l2": 0.2}, [(5,)]),
    ("Reshape", {"target_shape": (3, 4)}, [(2, 6)]),
    ("Reshape", {"target_shape": (-1, 2, 2)}, [(12,)]),
    ("Permute", {"dims": (2, 1)}, [(2, 3)]),
    ("Permute", {"dims": (3, 1, 2)}, [(2, 3, 4)]),
    ("RepeatVector", {"n": 3}, [(4,)]),
    ("Identity", {}, [(4,)]),
    ("LeakyReLU", {}, [(4,)]),
    ("LeakyReLU", {"negative_slope": 0.0}, [(2, 3)]),
    ("PReLU", {"alpha_initializer": "uniform"}, [(4,)]),
    ("PReLU", {"shared_axes": [1, 2], "alpha_initializer": "ones"}, [(2, 3, 4)]),
    ("ELU", {"alpha": 0.7}, [(4,)]),
    ("ReLU", {}, [(4,)]),
    ("ReLU", {"max_value": 1.0, "negative_slope": 0.1, "threshold": 0.5}, [(7,)]),
    ("Softmax", {}, [(4,)]),
    ("Softmax", {"axis": 1}, [(3, 4)]),
    ("Softmax", {"axis": (1, 2)}, [(3, 4)]),
    ("Rescaling", {"scale": 0.25, "offset": -1.0}, [(3, 4)]),
    ("Rescaling", {"scale": 2.0}, [(3,)]),
    ("Normalization", {"mean": [1.0, 2.0, 3.0], "variance": [1.0, 4.0, 0.0]}, [(3,)]),
    ("Normalization", {"mean": 2.0, "variance": 4.0, "axis": None}, [(2, 3)]),
    ("Normalization", {"mean": [1.0, 2.0], "variance": [2.0, 3.0], "axis": 1}, [(2, 3)]),
    ("Normalization", {"invert": True, "mean": [1.0, 2.0, 3.0], "variance": [1.0, 4.0, 9.0]},
     [(3,)]),
    ("Normalization", {}, [(8,)]),
    ("BatchNormalization", {}, [(5,)]),
    ("BatchNormalization", {"axis": 1, "epsilon": 0.1, "center": False}, [(3, 4)]),
    ("BatchNormalization", {"scale": False, "beta_regularizer": "l2"}, [(2, 3, 4)]),
    ("BatchNormalization", {"momentum": 0.5, "renorm": True, "gamma_constraint": "non_neg",
                            "renorm_clipping": {"rmax": 3.0, "dmax": 5.0}}, [(5,)]),
    ("LayerNormalization", {}, [(5,)]),
    ("LayerNormalization", {"axis": [2, 1], "epsilon": 0.1, "center": False}, [(3, 4)]),
    ("LayerNormalization", {"axis": 1, "scale": False, "beta_initializer": "ones"}, [(3, 4)]),
    ("LayerNormalization", {"axis": (1, 3), "gamma_regularizer": "l1"}, [(2, 3, 4)]),
    ("GroupNormalization", {"groups": 2}, [(6,)]),
    ("GroupNormalization", {"groups": 3, "axis": 1, "epsilon": 0.1}, [(6, 2, 2)]),
    ("GroupNormalization", {"groups": -1, "scale": False}, [(3, 2, 4)]),
    ("GroupNormalization", {"groups": 1, "center": False, "axis": -2}, [(3, 4, 2)]),
    ("RMSNormalization", {}, [(5,)]),
    ("RMSNormalization", {"axis": [1, 2], "epsilon": 0.1}, [(3, 4)]),
    ("UnitNormalization", {}, [(5,)]),
    ("UnitNormalization", {"axis": [1, 2]}, [(3, 4)]),
    ("SpatialDropout1D", {"rate": 0.4, "seed": 1}, [(3, 4)]),
    ("SpatialDropout2D", {"rate": 0.4, "data_format": "channels_first"}, [(3, 4, 2)]),
    ("SpatialDropout3D", {"rate": 0.4, "seed": 1}, [(2, 2, 2, 3)]),
    ("SimpleRNN", {"units": 4}, [(5, 3)]),
    ("SimpleRNN", {"units": 4, "return_sequences": True, "activation": "relu"}, [(5, 3)]),
    ("LSTM", {"units": 4}, [(5, 3)]),
    ("LSTM", {"units": 3, "return_sequences": True, "use_bias": False}, [(6, 2)]),
    ("LSTM", {"units": 3, "go_backwards": True, "unit_forget_bias": False,
              "kernel_regularizer": "l2", "recurrent_regularizer": "l1"}, [(4, 3)]),
    ("GRU", {"units": 4}, [(5, 3)]),
    ("GRU", {"units": 4, "reset_after": False, "return_sequences": True}, [(5, 3)]),
    ("GRU", {"units": 2, "unroll": True}, [(3, 3)]),
    ("ConvLSTM1D", {"filters": 3, "kernel_size": 3, "strides": 2, "return_sequences": True},
     [(3, 8, 2)]),
    ("ConvLSTM2D", {"filters": 2, "kernel_size": (2, 3), "padding": "same", "go_backwards": True,
                    "dilation_rate": (1, 2), "kernel_regularizer": "l2",
                    "data_format": "channels_first", "unit_forget_bias": False}, [(2, 2, 4, 5)]),
    ("Concatenate", {}, [(2,), (3,), (1,)]),
    ("Concatenate", {"axis": 1}, [(2, 3), (4, 3)]),
    ("Add", {}, [(3,), (3,), (3,)]),
    ("Add", {}, [(2, 3), (3,)]),
    ("Subtract", {}, [(3,), (3,)]),
    ("Multiply", {}, [(3,), (3,)]),
    ("Multiply", {}, [(2, 3), (1, 3)]),
    ("Average", {}, [(3,), (3,), (3,)]),
    ("Maximum", {}, [(3,), (3,)]),
    ("Minimum", {}, [(3,), (3,), (3,)]),
    ("Dot", {"axes": 1}, [(3,), (3,)]),
    ("Dot", {"axes": (2, 1)}, [(2, 3), (3, 4)]),
    ("Dot", {"axes": (1, 2), "normalize": True}, [(3, 2), (4, 3)]),
    ("Dot", {"axes": -1, "normalize": True}, [(3,), (5, 3)]),
    ("Conv1D", {"filters": 4, "kernel_size": 3, "activation": "relu"}, [(7, 3)]),
    ("Conv1D", {"filters": 4, "kernel_size": 2, "padding": "causal", "dilation_rate": 2}, [(7, 3)]),
    ("Conv1D", {"filters": 4, "kernel_size": 4, "strides": 2, "padding": "valid"}, [(9, 2)]),
    ("Conv1D", {"filters": 4, "kernel_size": 3, "padding": "causal",
                "data_format": "channels_first"}, [(3, 7)]),
    ("Conv2D", {"filters": 4, "kernel_size": 3, "padding": "same"}, [(5, 6, 1)]),
    ("Conv2D", {"filters": 6, "kernel_size": (3, 2), "strides": (2, 1), "groups": 2}, [(7, 5, 4)]),
    ("Conv2D", {"filters": 2, "kernel_size": 3, "strides": 2, "padding": "same",
                "use_bias": False, "kernel_regularizer": "l2"}, [(6, 5, 2)]),
    ("Conv2D", {"filters": 4, "kernel_size": 3, "data_format": "channels_first",
                "dilation_rate": 2}, [(3, 6, 7)]),
    ("Conv2D", {"filters": 2, "kernel_size": 1, "activation": "softmax"}, [(2, 3, 3)]),
    ("Conv3D", {"filters": 2, "kernel_size": 2, "padding": "same"}, [(3, 2, 4, 2)]),
    ("Conv1DTranspose", {"filters": 2, "kernel_size": 3, "strides": 2}, [(4, 3)]),
    ("Conv2DTranspose", {"filters": 2, "kernel_size": 3}, [(3, 4, 2)]),
    ("Conv2DTranspose", {"filters": 2, "kernel_size": 3, "strides": 2, "padding": "same",
                         "activation": "selu"}, [(3, 4, 2)]),
    ("Conv2DTranspose", {"filters": 2, "kernel_size": 2, "strides": 3, "output_padding": 1,
                         "data_format": "channels_first"}, [(2, 3, 2)]),
    ("Conv3DTranspose", {"filters": 2, "kernel_size": 2, "dilation_rate": 2}, [(2, 2, 3, 2)]),
    ("DepthwiseConv1D", {"kernel_size": 3, "padding": "same"}, [(5, 2)]),
    ("DepthwiseConv2D", {"kernel_size": 3, "depth_multiplier": 2, "strides": 2}, [(5, 6, 3)]),
    ("DepthwiseConv2D", {"kernel_size": 2, "data_format": "channels_first"}, [(3, 4, 3)]),
    ("SeparableConv1D", {"filters": 3, "kernel_size": 3, "padding": "same"}, [(5, 2)]),
    ("SeparableConv2D", {"filters": 3, "kernel_size": 2, "depth_multiplier": 2}, [(4, 5, 2)]),
    ("MaxPooling1D", {}, [(5, 3)]),
    ("MaxPooling2D", {}, [(4, 5, 3)]),
    ("MaxPooling2D", {"pool_size": 3, "strides": 2, "padding": "same"}, [(5, 6, 3)]),
    ("MaxPooling2D", {"pool_size": (1, 2), "data_format": "channels_first"}, [(3, 4, 5)]),
    ("MaxPooling3D", {"strides": 1}, [(3, 2, 4, 2)]),
    ("AveragePooling1D", {"pool_size": 2, "padding": "same"}, [(5, 3)]),
    ("AveragePooling2D", {"pool_size": 3, "strides": 1, "padding": "same"}, [(5, 4, 3)]),
    ("AveragePooling2D", {"pool_size": 2, "data_format": "channels_first"}, [(3, 4, 5)]),
    ("AveragePooling3D", {"pool_size": 2}, [(4, 2, 3, 2)]),
    ("GlobalMaxPooling1D", {}, [(5, 2)]),
    ("GlobalMaxPooling2D", {"keepdims": True}, [(3, 4, 2)]),
    ("GlobalMaxPooling3D", {"data_format": "channels_first"}, [(2, 3, 2, 2)]),
    ("GlobalAveragePooling1D", {"keepdims": True}, [(5, 2)]),
    ("GlobalAveragePooling2D", {"data_format": "channels_first"}, [(3, 4, 2)]),
    ("GlobalAveragePooling3D", {}, [(2, 3, 2, 2)]),
    ("AdaptiveMaxPooling1D", {"output_size": 2}, [(5, 2)]),
    ("AdaptiveMaxPooling2D", {"output_size": (2, 3)}, [(5, 4, 2)]),
    ("AdaptiveMaxPooling2D", {"output_size": (7, 3)}, [(5, 1, 2)]),
    ("AdaptiveAveragePooling1D", {"output_size": 7}, [(5, 2)]),
    ("AdaptiveMaxPooling3D", {"output_size": 2, "data_format": "channels_first"}, [(2, 3, 4, 3)]),
    ("AdaptiveAveragePooling1D", {"output_size": 3}, [(5, 2)]),
    ("AdaptiveAveragePooling2D", {"output_size": 3, "data_format": "channels_first"}, [(2, 5, 4)]),
    ("AdaptiveAveragePooling3D", {"output_size": 2}, [(3, 4, 3, 2)]),
    ("ZeroPadding1D", {"padding": (1, 2)}, [(3, 2)]),
    ("ZeroPadding2D", {"padding": ((1, 0), (0, 2))}, [(3, 2, 2)]),
    ("ZeroPadding2D", {"padding": (1, 2), "data_format": "channels_first"}, [(3, 2, 2)]),
    ("ZeroPadding3D", {}, [(2, 2, 2, 1)]),
    ("Cropping1D", {}, [(4, 2)]),
    ("Cropping2D", {"cropping": ((1, 0), (0, 2))}, [(4, 3, 2)]),
    ("Cropping3D", {"cropping": 1, "data_format": "channels_first"}, [(2, 3, 4, 3)]),
    ("UpSampling1D", {"size": 3}, [(3, 2)]),
    ("UpSampling2D", {"size": (2, 3), "data_format": "channels_first"}, [(2, 2, 3)]),
    *(("UpSampling2D", {"interpolation": how}, [(3, 4, 2)])
      for how in ("bilinear", "bicubic", "lanczos3", "lanczos5")),
    ("UpSampling3D", {}, [(2, 1, 2, 2)]),
]  # fmt: skip
#: What these compute while training is tested in files of their own.
UNLIKE_TRAINING = {
    "Dropout", "GaussianDropout", "GaussianNoise", "AlphaDropout", "BatchNormalization",
    "SpatialDropout1D", "SpatialDropout2D", "SpatialDropout3D",
}  # fmt: skip
IDS = [f"{name}-{i}" for i, (name, _, _) in enumerate(CASES)]


@pytest.fixture(scope="module")
def keras() -> Any:
    return pytest.importorskip("keras")


def _pair(keras: Any, name: str, arguments: Any, shapes: Any) -> tuple[Any, Any, Any]:
    """Return our layer, Keras' with the same weights, and inputs on both sides of every kink."""
    mine = getattr(layers, name)(**arguments, name="it")
    theirs = getattr(keras.layers, name)(**arguments, name="it")
    xs = [RNG.normal(size=(5, *s)).astype("float32") * 2 for s in shapes]
    inputs = xs if issubclass(type(mine), layers.merge.Merge) else xs[0]
    symbols = [keras.Input(s) for s in shapes]
    theirs(symbols if isinstance(inputs, list) else symbols[0])
    mine(inputs)
    given = [RNG.normal(size=w.shape).astype("float32") for w in mine.weights]
    given = [np.abs(g) if w.name in ("moving_variance", "moving_stddev", "renorm_stddev") else g
             for g, w in zip(given, mine.weights, strict=True)]  # fmt: skip
    if name != "Normalization":
        mine.set_weights(given)
        theirs.set_weights(given)
    return mine, theirs, inputs


def _keras_run(theirs: Any, inputs: Any, factor: np.ndarray) -> tuple[Any, list[np.ndarray]]:
    """Return the outputs and d sum(outputs * factor) / d (inputs, trained weights)."""
    import jax

    trained = [v.value for v in theirs.trainable_variables]
    fixed = [v.value for v in theirs.non_trainable_variables]

    def loss(x: Any, weights: Any) -> Any:
        y, _ = theirs.stateless_call(weights, fixed, x)
        return (y * factor).sum(), y

    (gx, gw), y = jax.jit(jax.grad(loss, argnums=(0, 1), has_aux=True))(inputs, trained)
    return np.asarray(y), [np.asarray(g) for g in [*flatten(gx), *gw]]


@pytest.mark.parametrize(("name", "arguments", "shapes"), CASES, ids=IDS)
def test_values_and_gradients(
    keras: Any, traced: Callable[..., Any], slopes: Callable[..., Any],
    name: str, arguments: dict[str, Any], shapes: Any,
) -> None:  # fmt: skip
    mine, theirs, inputs = _pair(keras, name, arguments, shapes)
    eager = mine(inputs)
    factor = RNG.normal(size=eager.shape).astype("float32")
    expected, expected_slopes = _keras_run(theirs, inputs, factor)
    # float32: one product of up to 12 terms, an exponential, a division.
    np.testing.assert_allclose(eager, expected, rtol=2e-6, atol=2e-6)
    assert eager.dtype == expected.dtype
    np.testing.assert_array_equal(traced(mine, inputs), eager)
    if name not in UNLIKE_TRAINING:
        np.testing.assert_allclose(mine(inputs, training=True), expected, rtol=2e-6, atol=2e-6)
    for a, b in zip(slopes(mine, inputs, factor), expected_slopes, strict=True):
        np.testing.assert_allclose(a, b, rtol=2e-5, atol=1e-5)


@pytest.mark.parametrize(("name", "arguments", "shapes"), CASES, ids=IDS)
def test_shapes_weights_losses_and_configs(
    keras: Any, name: str, arguments: dict[str, Any], shapes: Any
) -> None:
    mine, theirs, inputs = _pair(keras, name, arguments, shapes)
    symbols = [layers.Input(s) for s in shapes]
    theirs_in = [keras.Input(s) for s in shapes]
    many = isinstance(inputs, list)
    out = mine(symbols if many else symbols[0])
    other = theirs(theirs_in if many else theirs_in[0])
    assert (out.shape, out.dtype) == (other.shape, other.dtype)
    open_shapes = [(None, *s) for s in shapes]
    asked = open_shapes if many else open_shapes[0]
    assert mine.compute_output_shape(asked) == tuple(theirs.compute_output_shape(asked))
    assert mine.count_params() == theirs.count_params()
    assert [w.path for w in mine.weights] == [w.path for w in theirs.weights]
    assert [w.dtype for w in mine.weights] == [w.dtype for w in theirs.weights]
    for kind in ("trainable_weights", "non_trainable_weights"):
        assert [w.name for w in getattr(mine, kind)] == [w.name for w in getattr(theirs, kind)]
    mine(inputs)
    if mine.losses:
        theirs(inputs)
        np.testing.assert_allclose(
            [float(x) for x in mine.losses], [float(x) for x in theirs.losses], rtol=1e-5
        )
    ours, wanted = mine.get_config(), theirs.get_config()
    if name == "SimpleRNN":
        wanted["seed"] = None  # which theirs forgets
    wanted.pop("quantization_config", None)  # not known to earlier versions of Keras 3
    if "activity_regularizer" not in ours:  # some layers of Keras write that there is none
        assert wanted.pop("activity_regularizer", None) is None
    assert set(ours) == set(wanted)
    for key in ours:
        assert _same(ours[key], wanted[key]), (key, ours[key], wanted[key])
    assert _rounded(type(mine).from_config(wanted).get_config()) == _rounded(ours)
    again = type(theirs).from_config(ours).get_config()
    assert _rounded({key: again.get(key) for key in wanted}) == _rounded(wanted)


def _rounded(config: Any) -> Any:
    """Keras keeps some factors as float32 numbers."""
    return mapped(lambda x: round(x, 6) if isinstance(x, float) else x, config)


def _same(ours: Any, wanted: Any) -> bool:
    if isinstance(wanted, dict) and "class_name" in wanted:
        inner = dict(wanted["config"])
        return ours["class_name"] == wanted["class_name"] and set(ours["config"]) == set(inner)
    return list(ours) == list(wanted) if isinstance(wanted, (list, tuple)) else ours == wanted


def test_adapt(keras: Any) -> None:
    data = RNG.normal(3.0, 5.0, size=(101, 4, 3)).astype("float32")
    for axis in (-1, 1, (1, 2), None):
        mine, theirs = layers.Normalization(axis=axis), keras.layers.Normalization(axis=axis)
        mine.adapt(data)
        theirs.adapt(data)
        # Keras sums in float32.
        np.testing.assert_allclose(mine(data), theirs(data), rtol=2e-5, atol=2e-5)
        assert mine.mean.shape == theirs.mean.shape


def test_softmax_with_a_mask(keras: Any) -> None:
    x = RNG.normal(size=(3, 4)).astype("float32")
    mask = np.array([[True, False, True, True], [False] * 4, [True] * 4])
    for given in (mask, mask.astype("float32"), mask[:1]):
        np.testing.assert_allclose(
            layers.Softmax()(x, mask=given), keras.layers.Softmax()(x, mask=given), atol=1e-6
        )


def test_functional_order_names_and_run(keras: Any) -> None:
    def build(room: Any) -> tuple[Any, Any]:
        a, b = room.Input((3,), name="a"), room.Input((2,), name="b")
        shared = room.Dense(4, name="shared")
        left = room.Dense(3, name="left", activation="relu")(a)
        one, two = shared(left), shared(a)
        joined = room.concatenate([one, b, two], name="join")
        skip = room.Add(name="skip")([room.Dense(10, name="wide")(b), joined])
        return [a, b], [room.Dense(1, name="out1")(skip), room.Dense(2, name="out2")(two)]

    mine = layers.Function(*build(layers))
    theirs = keras.Model(*build(keras.layers))
    assert [x.name for x in mine.layers] == [x.name for x in theirs.layers]
    for layer in theirs.layers:
        next(x for x in mine.layers if x.name == layer.name).set_weights(
            [np.asarray(w.value) for w in layer.weights]
        )
    x = [RNG.normal(size=(5, 3)).astype("float32"), RNG.normal(size=(5, 2)).astype("float32")]
    for ours, wanted in zip(mine.run(x), theirs(x), strict=True):
        np.testing.assert_allclose(ours, wanted, rtol=1e-5, atol=1e-5)


def test_messages_and_prints_that_keras_users_know(keras: Any) -> None:
    assert repr(layers.Dense(1, name="d")) == repr(keras.layers.Dense(1, name="d"))
    assert repr(layers.Input((3,), name="x")) == repr(keras.Input((3,), name="x"))


def _random_model(room: Any, seed: int) -> tuple[Any, Any]:
    """A graph of shared layers, merges and operators, drawn the same for every room."""
    rng = np.random.default_rng(seed)
    inputs = [room.Input((4,), name=f"in{i}") for i in range(rng.integers(1, 4))]
    dense = [room.Dense(4, name=f"dense{i}") for i in range(4)]
    tensors = list(inputs)
    for i in range(rng.integers(3, 12)):
        a, b = (tensors[rng.integers(len(tensors))] for _ in range(2))
        kind = rng.integers(4)
        if kind == 0:
            tensors.append(room.Add(name=f"add{i}")([a, b]))
        elif kind == 1:
            tensors.append(a * 2.0)
        else:
            tensors.append(dense[rng.integers(4)](a))
    outputs = [tensors[-1], tensors[rng.integers(len(inputs), len(tensors))]]
    return inputs, outputs


@pytest.mark.parametrize("seed", range(40))
def test_layers_of_any_graph_come_in_the_order_of_keras(keras: Any, seed: int) -> None:
    mine, theirs = layers.Function(*_random_model(layers, seed)), keras.Model(
        *_random_model(keras.layers, seed))  # fmt: skip
    assert [x.name for x in mine.layers] == [x.name for x in theirs.layers]
    kinds = [type(x).__name__ if x in mine.layers else x.op_name for x in mine.operations]
    assert [k.lower() for k in kinds] == [type(x).__name__.lower() for x in theirs.operations]
