"""Every layer, with its gradients, compiled: the native engine against the reference."""

from typing import Any

import numpy as np
import pytest

from ranvier import initializers, layers, ops, utils
from ranvier.engines.reference import ReferenceEngine
from ranvier.graph import Graph, Trace, input_node
from ranvier.transform.dedupe import dedupe
from ranvier.transform.fold import fold
from ranvier.transform.grad import gradients

#: No multiple of a vector's length, more than one vector, and a batch that is not full.
ROWS, CAPACITY = 37, 40
#: Weights whose scores leave float32 some places in the slope of a softmax.
MODERATE = initializers.RandomNormal(stddev=0.3, seed=1)
CASES: list[tuple[str, dict[str, Any], list[tuple[int, ...]]]] = [
    ("Dense", {"units": 5, "activation": "softmax"}, [(7,)]),
    ("Dense", {"units": 3, "activation": "elu"}, [(2, 7)]),
    ("Flatten", {"data_format": "channels_first"}, [(2, 3, 2)]),
    ("Dropout", {"rate": 0.4, "noise_shape": (None, 1), "seed": 3}, [(5,)]),
    ("Dropout", {"rate": 0.4, "seed": 3}, [(2, 5)]),
    ("GaussianDropout", {"rate": 0.4, "seed": 3}, [(5,)]),
    ("GaussianNoise", {"stddev": 0.4, "seed": 3}, [(5,)]),
    ("AlphaDropout", {"rate": 0.4, "seed": 3}, [(5,)]),
    ("Reshape", {"target_shape": (-1, 2)}, [(6,)]),
    ("Permute", {"dims": (3, 1, 2)}, [(2, 3, 4)]),
    ("RepeatVector", {"n": 3}, [(4,)]),
    ("LeakyReLU", {}, [(9,)]),
    ("PReLU", {"alpha_initializer": "ones", "shared_axes": [1]}, [(2, 5)]),
    ("ReLU", {"max_value": 1.0, "negative_slope": 0.1, "threshold": 0.5}, [(9,)]),
    ("Softmax", {"axis": (1, 2)}, [(3, 4)]),
    ("Rescaling", {"scale": 0.5, "offset": -1.0}, [(5,)]),
    ("Normalization", {"mean": [1.0, 2.0, 3.0], "variance": [1.0, 4.0, 0.0]}, [(3,)]),
    ("BatchNormalization", {}, [(5,)]),
    ("BatchNormalization", {"axis": 1, "epsilon": 0.1}, [(3, 4, 2)]),
    ("BatchNormalization", {"renorm": True}, [(2, 3)]),
    ("LayerNormalization", {}, [(5,)]),
    ("LayerNormalization", {"axis": [1, 3]}, [(2, 3, 4)]),
    ("GroupNormalization", {"groups": 3}, [(2, 2, 6)]),
    ("GroupNormalization", {"groups": 3, "axis": 1}, [(6, 2)]),
    ("RMSNormalization", {"axis": [1, 2]}, [(3, 4)]),
    ("UnitNormalization", {}, [(5,)]),
    ("SpatialDropout1D", {"rate": 0.4, "seed": 3}, [(4, 5)]),
    ("SpatialDropout2D", {"rate": 0.4, "seed": 3}, [(3, 4, 5)]),
    ("SpatialDropout3D", {"rate": 0.4, "seed": 3, "data_format": "channels_first"}, [(5, 2, 2, 3)]),
    ("SimpleRNN", {"units": 5, "return_sequences": True, "dropout": 0.3, "seed": 1}, [(6, 3)]),
    ("LSTM", {"units": 5, "recurrent_dropout": 0.3, "seed": 1}, [(6, 3)]),
    ("GRU", {"units": 3, "return_sequences": True, "go_backwards": True}, [(4, 2)]),
    ("Bidirectional", {"layer": layers.GRU(3)}, [(4, 2)]),
    ("ConvLSTM1D", {"filters": 3, "kernel_size": 3, "recurrent_dropout": 0.3, "seed": 1,
                    "strides": 2}, [(3, 8, 2)]),
    ("ConvLSTM2D", {"filters": 3, "kernel_size": 3, "padding": "same", "return_sequences": True},
     [(3, 4, 5, 2)]),
    ("ConvLSTM2D", {"filters": 2, "kernel_size": 2, "data_format": "channels_first",
                    "dropout": 0.3, "seed": 1}, [(3, 2, 4, 5)]),
    ("ConvLSTM3D", {"filters": 2, "kernel_size": 2, "unroll": True}, [(2, 3, 2, 3, 2)]),
    ("ConvLSTM2D", {"filters": 32, "kernel_size": 3, "padding": "same"}, [(3, 4, 5, 32)]),
    ("Conv2D", {"filters": 33, "kernel_size": 3, "padding": "same"}, [(5, 6, 34)]),
    ("Conv2D", {"filters": 32, "kernel_size": 3, "data_format": "channels_first"}, [(40, 6, 7)]),
    ("Conv2DTranspose", {"filters": 40, "kernel_size": 3, "activation": "tanh"}, [(4, 5, 32)]),
    ("TimeDistributed", {"layer": layers.Conv2D(32, 3)}, [(2, 6, 7, 32)]),
    ("TimeDistributed", {"layer": layers.Dense(3, activation="tanh")}, [(4, 2)]),
    ("Attention", {"use_scale": True, "dropout": 0.3, "seed": 1}, [(3, 5), (4, 5)]),
    ("Attention", {"score_mode": "concat"}, [(3, 5), (4, 2), (4, 5)]),
    ("AdditiveAttention", {}, [(3, 5), (4, 5)]),
    ("MultiHeadAttention", {"num_heads": 2, "key_dim": 3, "use_gate": True}, [(4, 5), (3, 2)]),
    # The gradient of the key's bias is 0 but for rounding, which here outgrows the tolerance.
    ("MultiHeadAttention", {"num_heads": 2, "key_dim": 3, "use_bias": False,
                            "dropout": 0.3, "seed": 1, "kernel_initializer": MODERATE},
     [(2, 3, 4), (2, 5, 3)]),
    ("GroupQueryAttention", {"head_dim": 3, "num_query_heads": 4, "num_key_value_heads": 2,
                             "use_bias": False, "kernel_initializer": MODERATE}, [(4, 5), (3, 5)]),
    ("EinsumDense", {"equation": "abc,dce->aedb", "output_shape": (3, 2, None), "bias_axes": "d",
                     "activation": "tanh"}, [(4, 5)]),
    ("Concatenate", {"axis": 1}, [(2, 3), (4, 3)]),
    ("Average", {}, [(2, 3), (3,)]),
    ("Maximum", {}, [(9,), (9,)]),
    ("Dot", {"axes": (1, 2), "normalize": True}, [(3, 2), (4, 3)]),
    ("Conv1D", {"filters": 5, "kernel_size": 3, "padding": "causal", "dilation_rate": 2}, [(7, 3)]),
    ("Conv2D", {"filters": 5, "kernel_size": 3, "padding": "same"}, [(5, 6, 1)]),
    ("Conv2D", {"filters": 6, "kernel_size": (3, 2), "strides": (2, 1), "groups": 2}, [(7, 5, 4)]),
    ("Conv2D", {"filters": 4, "kernel_size": 3, "data_format": "channels_first"}, [(3, 5, 6)]),
    ("Conv3D", {"filters": 4, "kernel_size": 2, "padding": "same"}, [(3, 2, 4, 2)]),
    ("Conv1DTranspose", {"filters": 3, "kernel_size": 3}, [(5, 2)]),
    ("Conv2DTranspose", {"filters": 3, "kernel_size": 3, "strides": 2}, [(3, 4, 2)]),
    ("DepthwiseConv2D", {"kernel_size": 3, "depth_multiplier": 2, "padding": "same"}, [(5, 4, 3)]),
    ("DepthwiseConv1D", {"kernel_size": 3}, [(5, 9)]),
    ("SeparableConv2D", {"filters": 3, "kernel_size": 2, "activation": "relu"}, [(4, 5, 2)]),
    ("MaxPooling2D", {}, [(4, 5, 3)]),
    ("MaxPooling2D", {"pool_size": 3, "strides": 2, "padding": "same"}, [(5, 6, 3)]),
    ("MaxPooling1D", {"data_format": "channels_first"}, [(3, 6)]),
    ("AveragePooling2D", {"pool_size": 3, "strides": 1, "padding": "same"}, [(5, 4, 3)]),
    ("AveragePooling3D", {}, [(4, 2, 3, 2)]),
    ("GlobalMaxPooling2D", {}, [(3, 4, 2)]),
    ("GlobalAveragePooling1D", {}, [(5, 2)]),
    ("AdaptiveMaxPooling2D", {"output_size": 3}, [(5, 4, 2)]),
    ("AdaptiveAveragePooling2D", {"output_size": 3}, [(5, 4, 2)]),
    ("ZeroPadding2D", {"padding": ((1, 0), (0, 2))}, [(3, 2, 2)]),
    ("Cropping2D", {"cropping": 1}, [(4, 3, 2)]),
    ("UpSampling2D", {"size": (2, 3)}, [(2, 3, 2)]),
    ("UpSampling2D", {"interpolation": "bicubic"}, [(2, 3, 2)]),
    ("UpSampling2D", {"interpolation": "bilinear", "data_format": "channels_first"}, [(2, 3, 2)]),
    ("UpSampling1D", {"size": 3}, [(4, 2)]),
    ("UpSampling3D", {}, [(2, 1, 2, 3)]),
    ("Resizing", {"height": 3, "width": 7}, [(5, 4, 2)]),
    ("Resizing", {"height": 4, "width": 3, "interpolation": "lanczos3", "antialias": True,
                  "crop_to_aspect_ratio": True}, [(7, 9, 2)]),
    ("Resizing", {"height": 6, "width": 3, "interpolation": "nearest",
                  "pad_to_aspect_ratio": True}, [(4, 5, 1)]),
    ("CenterCrop", {"height": 2, "width": 3}, [(5, 4, 2)]),
    ("CenterCrop", {"height": 4, "width": 6}, [(3, 5, 2)]),
    ("RandomCrop", {"height": 2, "width": 3, "seed": 1}, [(5, 4, 2)]),
    ("RandomFlip", {"seed": 1}, [(3, 4, 2)]),
    ("RandomBrightness", {"factor": 0.3, "value_range": (0, 1), "seed": 1}, [(3, 4, 2)]),
    ("RandomContrast", {"factor": 0.3, "value_range": (0, 1), "seed": 1}, [(3, 4, 2)]),
    ("RandomRotation", {"factor": 0.2, "seed": 1}, [(4, 5, 2)]),
    ("RandomTranslation", {"height_factor": 0.3, "width_factor": 0.3, "seed": 1,
                           "fill_mode": "wrap"}, [(4, 5, 2)]),
    ("RandomZoom", {"height_factor": 0.3, "width_factor": 0.2, "seed": 1,
                    "fill_mode": "constant", "fill_value": 0.5}, [(4, 5, 2)]),
]  # fmt: skip


LAYERS = pytest.mark.parametrize(("name", "arguments", "shapes"), CASES, ids=[c[0] for c in CASES])


def outputs(layer: Any, nodes: list[Any], training: bool) -> Any:
    """Return what the layer makes of nodes: given as a list where it joins several."""
    joins = len(nodes) > 1 and type(layer).__name__ not in (
        "GroupQueryAttention", "MultiHeadAttention")  # fmt: skip
    return layer(nodes, training=training) if joins else layer(*nodes, training=training)


def on_both(graph: Graph, xs: list[np.ndarray], capacity: int) -> list[list[np.ndarray]]:
    """Return the outputs of a graph, compiled and by the reference engine."""
    from ranvier.engines.native import NativeEngine

    rows, results = len(xs[0]), []
    for engine in (NativeEngine(), ReferenceEngine()):
        out = [np.zeros([rows if s is None else s for s in n.shape], n.dtype)
               for n in graph.outputs]  # fmt: skip
        engine.compile(graph, capacity).run(xs, np.arange(rows), capacity, out)
        results.append(out)
    return results


@LAYERS
def test_native_is_the_reference(name: str, arguments: dict[str, Any], shapes: Any) -> None:
    pytest.importorskip("llvmlite")
    rng = np.random.default_rng(0)
    utils.set_random_seed(0)
    layer = getattr(layers, name)(**arguments)
    xs = [rng.normal(size=(ROWS, *s)).astype("float32") * 2 for s in shapes]
    with Trace() as trace:
        nodes = [input_node(f"x{i}", (None, *s), "float32") for i, s in enumerate(shapes)]
        y = outputs(layer, nodes, training=True)
        wrt = [*nodes, *(trace.leaf(v) for v in layer.trainable_weights)]
        graph = dedupe(fold(Graph(tuple(nodes), (y, *gradients(ops.sum(y * y), wrt)))))
    for native, reference in zip(*on_both(graph, xs, CAPACITY), strict=True):
        # float32 sums over up to 37 rows (of up to 30 places each) in another order.
        atol = 2e-5 + 1e-6 * float(np.abs(reference).max())
        np.testing.assert_allclose(native, reference, rtol=1e-5, atol=atol)


@LAYERS
def test_just_one_row(name: str, arguments: dict[str, Any], shapes: Any) -> None:
    """As `predict` compiles it for one row: no axis is open, and lanes are no rows."""
    pytest.importorskip("llvmlite")
    rng = np.random.default_rng(0)
    utils.set_random_seed(0)
    layer = getattr(layers, name)(**arguments)
    xs = [rng.normal(size=(1, *s)).astype("float32") * 2 for s in shapes]
    with Trace():
        nodes = [input_node(f"x{i}", x.shape, "float32") for i, x in enumerate(xs)]
        y = outputs(layer, nodes, training=False)
        graph = dedupe(fold(Graph(tuple(nodes), (y,))))
    native, reference = on_both(graph, xs, 1)
    np.testing.assert_allclose(native[0], reference[0], rtol=1e-5, atol=1e-5)
