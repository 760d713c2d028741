"""Every function that Keras has too: the same parameters, values and element types."""

from __future__ import annotations

import inspect
import os
from typing import Any

import numpy as np
import pytest

from ranvier import ops
from ranvier.graph import Op

pytestmark = pytest.mark.oracle

FLOATS = np.array([[1.5, -2.0, 0.25], [3.25, -0.5, 2.0]], np.float32)
INTS = np.array([[1, 2, 5], [3, 4, 2]], np.int32)
BOOLS = INTS > 2
DEEP = np.arange(6 * 6 * 4, dtype="float32").reshape(6, 6, 4)
LINE = np.float32([3, -1, 2, 0.5, -4, 1, 2, 5])
HOLES = np.array([[1, np.nan, 3, 0], [np.nan] * 4, [5, 2, np.nan, 7]], np.float32)
#: kernel_size, dilation, padding, stride.
PATCHES: tuple[tuple[Any, ...], ...] = ((2,), ((1, 3), 1, 1, 2), (2, (1, 3), (0, 1), (1, 1)))
HEADS = np.sin(np.arange(2 * 3 * 2 * 5, dtype="float32")).reshape(2, 3, 2, 5)

#: Functions that take functions, shapes or several arrays; those are called below.
CALLED = {
    "arange", "array_split", "bincount", "clip", "concatenate", "cond", "digitize", "einsum",
    "empty", "eye", "fori_loop", "full", "full_like", "hstack", "identity", "in_top_k",
    "linspace", "logspace", "meshgrid", "moveaxis", "multi_hot", "one_hot", "ones", "pad",
    "percentile", "quantile", "repeat", "reshape", "roll", "scatter", "scatter_update",
    "searchsorted", "segment_max", "segment_min", "segment_prod", "segment_sum", "select", "slice",
    "slice_update", "split", "stack", "swapaxes", "switch", "take", "take_along_axis", "threshold",
    "tile", "top_k", "tri", "true_divide", "vstack", "where", "zeros", "shape", "size", "dtype",
    "is_tensor", "saturate_cast", "cast", "expand_dims", "get_item", "append", "average",
    "convert_to_numpy", "histogram", "vander", "kron", "cross", "vdot", "cdist", "ndim",
    "sparse_categorical_crossentropy", "depth_to_space", "space_to_depth", "dot_product_attention",
    "dsplit", "dstack", "empty_like", "hsplit", "vsplit", "argpartition", "bartlett", "blackman",
    "correlate", "fold", "geomspace", "hamming", "hanning", "kaiser", "nanpercentile",
    "nanquantile", "psnr", "rearrange", "unfold", "unravel_index",
}  # fmt: skip

#: What differs on purpose: (function, kind of input).
OTHERWISE = {
    ("fabs", "int32"): "absolute keeps whole numbers whole",
    ("fabs", "bool"): "absolute keeps bools",
    ("hard_tanh", "int32"): "bounds of float make floats",
    ("hard_tanh", "bool"): "bounds of float make floats",
    ("layer_normalization", "bool"): "whole numbers give floats, not floats cut to whole numbers",
    ("layer_normalization", "int32"): "whole numbers give floats",
    ("relu", "bool"): "a bool is not negative",
    ("rms_normalization", "bool"): "whole numbers give floats",
    ("rms_normalization", "int32"): "whole numbers give floats",
    ("sparsemax", "bool"): "bools count as 0 and 1",
    ("trapezoid", "bool"): "a sum of bools counts",
    ("trunc", "bool"): "bools become whole numbers",
}


@pytest.fixture(scope="module")
def keras_ops() -> Any:
    os.environ.setdefault("KERAS_BACKEND", "jax")
    import keras

    return keras.ops


def shared(theirs: Any) -> list[str]:
    return [n for n in dir(theirs) if n[0] != "_" and callable(getattr(ops, n, None))]


def parameters(function: Any) -> list[str]:
    return list(inspect.signature(function).parameters)


def test_parameters_have_their_names_and_order(keras_ops: Any) -> None:
    shorter = {"array", "custom_gradient"}
    longer = {"amax", "amin"}  # they are max and min
    wrong = {}
    for name in shared(keras_ops):
        own = getattr(ops, name)
        if isinstance(own, Op) or name in shorter | longer:
            continue
        want = parameters(getattr(keras_ops, name))
        if parameters(own) != want[: len(parameters(own))]:
            wrong[name] = (parameters(own), want)
    assert not wrong


def test_functions_of_one_array(keras_ops: Any) -> None:
    wrong = []
    for name in shared(keras_ops):
        required = [
            p for p in inspect.signature(getattr(keras_ops, name)).parameters.values()
            if p.default is p.empty and p.kind is p.POSITIONAL_OR_KEYWORD
        ]  # fmt: skip
        if name in CALLED or len(required) != 1:
            continue
        for x in (FLOATS, INTS, BOOLS):
            if (name, x.dtype.name) not in OTHERWISE:
                wrong += different(name, keras_ops, x)
    assert not wrong


def test_functions_of_two_arrays(keras_ops: Any) -> None:
    wrong = []
    for name in shared(keras_ops):
        names = parameters(getattr(keras_ops, name))
        if name in CALLED or names[:2] not in (["x1", "x2"], ["x", "y"]):
            continue
        for x, y in ((FLOATS, FLOATS + 1), (INTS, INTS + 1), (FLOATS, INTS), (FLOATS, 2)):
            if "shift" not in name and name != "power":
                wrong += different(name, keras_ops, x, y)
    assert not wrong


CALLS: list[tuple[str, tuple[Any, ...], dict[str, Any]]] = [
    ("take", (FLOATS, np.array([1, 0])), {"axis": 1}),
    ("where", (BOOLS, FLOATS, 0), {}), ("where", (BOOLS, INTS, 1.0), {}),
    ("full", ((2, 3), 2.0), {}), ("arange", (5,), {}), ("arange", (1.0, 3.0, 0.5), {}),
    ("linspace", (0.0, 1.0, 5), {}), ("one_hot", (np.array([0, 2]), 3), {}), ("eye", (3,), {}),
    ("zeros", ((2,),), {}), ("reshape", (FLOATS, (3, -1)), {}),
    ("quantile", (FLOATS, 0.3), {"axis": 1}), ("percentile", (FLOATS, 30.0), {}),
    ("top_k", (FLOATS, 2), {}), ("tile", (FLOATS, (2, 1)), {}),
    ("repeat", (FLOATS, 2), {"axis": 1}), ("repeat", (FLOATS, 2), {}),
    ("meshgrid", (FLOATS[0], FLOATS[1]), {}), ("bincount", (np.array([1, 2, 2]),), {}),
    ("searchsorted", (np.array([1.0, 2.0, 3.0], np.float32), FLOATS[0]), {}),
    ("digitize", (FLOATS, np.array([0.0, 1.0], np.float32)), {}),
    ("segment_sum", (FLOATS, np.array([0, 1])), {"num_segments": 3}),
    ("segment_max", (FLOATS, np.array([1, 1])), {"num_segments": 2}),
    ("clip", (INTS, 0, 2), {}), ("clip", (FLOATS, 0, 1), {}),
    ("moments", (FLOATS,), {"axes": [0]}),
    ("moments", (FLOATS,), {"axes": (0, 1), "keepdims": True}),
    ("layer_normalization", (FLOATS, FLOATS[0], FLOATS[1]), {"epsilon": 0.1}),
    ("rms_normalization", (FLOATS, FLOATS[0]), {}),
    ("normalize", (FLOATS,), {"order": 3}), ("normalize", (FLOATS,), {"order": 1, "axis": 0}),
    ("batch_normalization", (FLOATS, FLOATS[0], FLOATS[1] ** 2, 1, FLOATS[1], FLOATS[0]), {}),
    ("average", (FLOATS,), {"axis": 0}), ("pad", (FLOATS, ((1, 1), (0, 0))), {}),
    *(("pad", (x, ((1, 0), (3, 4)), mode), {}) for x in (FLOATS, INTS)
      for mode in ("edge", "reflect", "symmetric", "wrap", "maximum", "mean", "median", "minimum",
                   "linear_ramp", "empty")),
    *(("einsum", (spec, DEEP[0, :4], DEEP[1, :4])[: 2 + ("," in spec)], {})
      for spec in ("ii->i", "ii", "ij,jj->i", "ii,jj", "ii,ij->j", "...i,...i")),
    ("swapaxes", (FLOATS, 0, 1), {}), ("roll", (FLOATS, 1), {}), ("moveaxis", (FLOATS, 0, 1), {}),
    ("power", (INTS, 2), {}), ("power", (FLOATS, 2), {}), ("power", (2.0, FLOATS), {}),
    ("round", (FLOATS * 1.234, 1), {}), ("cast", (FLOATS, "int32"), {}),
    ("convert_to_tensor", ([1, 2],), {}), ("convert_to_tensor", (1.5,), {}),
    ("convert_to_tensor", (True,), {}), ("norm", (FLOATS,), {}), ("norm", (FLOATS,), {"axis": 1}),
    *(("norm", (FLOATS,), {"ord": k, "axis": a}) for k in (1, np.inf) for a in (None, 0, (1, 0))),
    ("matmul", (FLOATS[0], FLOATS[1]), {}), ("flip", (FLOATS,), {"axis": (0, 1)}),
    ("moveaxis", (FLOATS[None], (0, 1), (2, 0)), {}),
    ("in_top_k", (np.array([1, 0]), FLOATS, 1), {}),
    ("multi_hot", (np.array([[0, 1], [2, 2]]),), {"num_classes": 3}),
    ("stack", ([FLOATS, FLOATS],), {"axis": -1}), ("concatenate", ([FLOATS, FLOATS],), {"axis": 1}),
    ("split", (FLOATS, 3), {"axis": 1}),
    ("split", (DEEP, (-2, 9)), {}), ("sum", (FLOATS,), {"axis": np.int64(1)}),
    ("array_split", (FLOATS, 2), {"axis": 1}),
    ("select", ([BOOLS, ~BOOLS], [FLOATS, FLOATS * 2]), {}), ("append", (INTS, INTS), {}),
    ("scatter", (np.array([[1], [3]]), np.array([2.0, 3.0], np.float32), (4,)), {}),
    ("scatter_update", (FLOATS, np.array([[0, 1]]), np.array([9.0], np.float32)), {}),
    *(("scatter_update", (FLOATS, np.array([[0, 1], [1, -1], [0, 1], [0, 9]]),
                          np.array([9.0, -2.0, 0.5, 7.0], np.float32)), {"reduction": how})
      for how in (None, "add", "max", "min", "mul")),
    ("scatter", (np.array([[1, -1], [1, -1], [3, 0], [0, 2]]), np.arange(4.0), (3, 2)), {}),
    *((name, (x,), {"dtype": "bool"}) for name in ("cumsum", "cumprod", "prod")
      for x in (FLOATS, BOOLS, np.array([0.0, 2.0, -2.0]))),
    *((name, (FLOATS[:, :0],), {"axis": axis}) for name in ("softmax", "log_softmax")
      for axis in (-1, None)),
    ("slice", (FLOATS, (0, 1), (2, 2)), {}), ("slice_update", (FLOATS, (0, 1), FLOATS[:, :2]), {}),
    ("take_along_axis", (FLOATS, np.array([[0], [2]])), {"axis": 1}),
    ("tri", (3,), {"k": 1}), ("vander", (FLOATS[0],), {}), ("kron", (FLOATS, FLOATS), {}),
    ("cross", (FLOATS, FLOATS + 1), {}), ("vdot", (FLOATS, FLOATS), {}),
    ("cdist", (FLOATS, FLOATS + 1), {}), ("threshold", (FLOATS, 0.3, -1.0), {}),
    ("expand_dims", (FLOATS, 1), {}), ("get_item", (FLOATS, 0), {}),
    ("saturate_cast", (FLOATS, "uint32"), {}), ("left_shift", (INTS, 2), {}),
    ("right_shift", (INTS, 1), {}), ("gelu", (FLOATS,), {"approximate": False}),
    ("logsumexp", (FLOATS,), {"axis": 1}), ("cumsum", (FLOATS,), {"axis": 1}),
    ("max", (FLOATS,), {"axis": 0, "keepdims": True}), ("std", (FLOATS,), {"axis": (0, 1)}),
    ("argmin", (FLOATS,), {"axis": 0}), ("argmax", (FLOATS, None, True), {}),
    ("diagonal", (FLOATS,), {"offset": 1}),
    ("sparse_categorical_crossentropy", (np.array([0, 2]), np.abs(FLOATS)), {}),
    ("dstack", ([FLOATS, FLOATS + 1],), {}), ("dstack", ([FLOATS[0], FLOATS[1]],), {}),
    ("hsplit", (FLOATS, 3), {}), ("hsplit", (FLOATS[0], [1]), {}), ("vsplit", (FLOATS, 2), {}),
    ("dsplit", (DEEP, 4), {}), ("depth_to_space", (DEEP[None], 2), {}),
    ("depth_to_space", (DEEP.T[None], 2, "channels_first"), {}),
    ("space_to_depth", (DEEP[None], 3), {}),
    ("space_to_depth", (DEEP[None], 2, "channels_first"), {}),
    ("dot_product_attention", (HEADS, HEADS[:, :2] * 2, HEADS[:, 1:3]), {}),
    ("dot_product_attention", (HEADS, HEADS * 2, HEADS + 1), {"is_causal": True, "scale": 0.3}),
    ("dot_product_attention", (HEADS, HEADS * 2, HEADS + 1),
     {"bias": HEADS[:, :1, :, :1], "mask": np.tri(3, 3, -1, dtype=bool)[None, None]}),
    ("binary_crossentropy", (FLOATS * 0.1 + 0.5, FLOATS * 0.1 + 0.4), {}),
    *(("correlate", (LINE[:n], LINE[-k:] + 1, mode), {})
      for mode in ("valid", "same", "full") for n in (1, 2, 5, 8) for k in (1, 3, 4, 8)),
    ("correlate", (INTS[0], INTS[1], "full"), {}), ("psnr", (FLOATS, FLOATS + 0.1, 255), {}),
    *(("unfold", (HEADS, *how), {}) for how in PATCHES),
    *(("fold", (np.asarray(ops.unfold(HEADS, *how)), (2, 5), *how), {}) for how in PATCHES),
    *((name, (n,), {}) for name in ("bartlett", "blackman", "hamming", "hanning")
      for n in (1, 2, 7)), ("kaiser", (7, 3.0), {}),
    *(("unravel_index", (np.int32([[0, 5], [-1, 99]]), shape), {}) for shape in ((12,), (2, 3, 2))),
    ("diagflat", (FLOATS, -1), {}), ("isin", (INTS, INTS[0], False, True), {}),
    ("geomspace", (1.0, 1000.0, 4), {}), ("geomspace", (-1.0, -9.0, 5, False), {}),
    ("geomspace", (FLOATS[0] ** 2, FLOATS[1] ** 2, 3), {"axis": 1}),
    *((name, (x, axis), {}) for x in (HOLES, INTS) for axis in (None, 0, 1)
      for name in ("nanargmax", "nanargmin", "nancumsum", "nancumprod", "nanmedian")),
    *(("nanquantile", (HOLES, [0.2, 0.6], axis, method), {"keepdims": True})
      for axis in (None, 0, 1) for method in ("linear", "lower", "higher", "midpoint")),
    ("nanpercentile", (HOLES, 30.0), {"axis": 1}), ("nanquantile", (INTS, 0.3), {}),
    *((name, (x,), {"axis": 1, "initial": at}) for x in (FLOATS, INTS) for at in (-3, 3)
      for name in ("max", "min")),
    *((name, (FLOATS[:, :0],), {"axis": 1, "initial": 2}) for name in ("max", "min")),
    *((name, (x,), {"axis": 1}) for x in (FLOATS[:, :0], FLOATS[:0])
      for name in ("any", "all", "logsumexp", "sum", "prod")), ("argmax", (FLOATS[:, :0].T, 1), {}),
    ("prod", (INTS,), {"axis": 0, "dtype": "float32"}), ("prod", (FLOATS,), {"dtype": "int32"}),
    *(("norm", (x,), {"ord": k, "axis": 1}) for x in (FLOATS, INTS, BOOLS)
      for k in (0, 1, 3, 2.5, -1, -np.inf)),
    *(("norm", (INTS,), {"ord": k}) for k in ("fro", 1, -1, np.inf, -np.inf)),
    *(("cross", (FLOATS, y), how) for y in (FLOATS + 1, INTS)
      for how in ({"axisc": 0}, {"axisa": 1, "axisb": -1, "axisc": -2})),
    ("cross", (FLOATS.T, FLOATS.T + 1), {}), ("cross", (FLOATS, FLOATS + 1), {"axis": 0}),
    ("cross", (FLOATS[:, :2], FLOATS), {}), ("cross", (FLOATS, FLOATS[0, :2]), {}),
    ("cross", (FLOATS.T, FLOATS), {"axisa": 0}), ("cross", (FLOATS.T, FLOATS.T), {"axisb": 1}),
    ("take_along_axis", (FLOATS, np.array([5, 0])), {}),
    ("take_along_axis", (FLOATS, np.array([[1], [0]])), {"axis": 0}),
    ("take_along_axis", (FLOATS[:1], np.array([[2], [0]])), {"axis": 1}),
    ("arange", (3.0,), {"step": 0.5}), ("arange", (5,), {"step": 2}), ("sort", (FLOATS, None), {}),
    ("arange", (2.5, -2, -1), {"dtype": "int32"}), ("argsort", (FLOATS, None), {}),
    ("concatenate", ([FLOATS, FLOATS[0]], None), {}), ("clip", (FLOATS, None, 1.0), {}),
    ("clip", (INTS, 2, None), {}), ("clip", (INTS, None, None), {}),
    *((name, (FLOATS[0] ** 2, 3.0, 4), {"axis": a}) for a in (0, -1, 1)
      for name in ("linspace", "logspace", "geomspace")),
    ("geomspace", (2.0, FLOATS[0] ** 2, 4), {"axis": 1}),
    ("linspace", (-1.0, FLOATS[0], 4), {"dtype": "int32"}), ("isin", (INTS, INTS[:0]), {}),
    ("repeat", (FLOATS, [1, 0, 2]), {"axis": 1}), ("repeat", (FLOATS, np.arange(6)), {}),
    ("one_hot", (INTS, 4), {"sparse": False}), ("multi_hot", (INTS, 4), {"sparse": False}),
    ("multi_hot", (np.arange(12).reshape(2, 3, 2) % 5, 5), {}), ("multi_hot", (INTS[0], 6), {}),
    ("in_top_k", (np.array([3, 0]), FLOATS, 3), {}), ("round", (INTS * 17, -1), {}),
    ("left_shift", (BOOLS, 1), {}), ("right_shift", (BOOLS, 1), {}), ("mod", (INTS, INTS - 2), {}),
    *(("mod", (FLOATS, np.float32(y)), {}) for y in (np.inf, -np.inf, 0)),
    ("trapezoid", (FLOATS, FLOATS**2, 1.0, 0), {}), ("trapezoid", (FLOATS, BOOLS[0]), {}),
    ("trapezoid", (FLOATS[:, :2], INTS[:, :2], 1.0, 0), {}),
    *(("kron", (x, y), {}) for x in (DEEP[0, 0], DEEP[:2, :2]) for y in (INTS, np.float32(2))),
    ("histogram", (INTS[0],), {"bins": 3}), ("nanstd", (np.float32([1, np.inf, np.nan]),), {}),
    *(("einsum", ("ij,jk->ik", x, x.T), {}) for x in (INTS, BOOLS)), ("dot", (BOOLS, BOOLS.T), {}),
    ("einsum", ("ij,jk,kl", FLOATS, FLOATS.T, FLOATS), {}),
    ("einsum", ("...i,ij,j->...", DEEP, DEEP[:4, 0, :], DEEP[0, 0]), {}),
    *((name, (x, np.array([0, 2])), {"num_segments": 4}) for x in (INTS, BOOLS, FLOATS)
      for name in ("segment_max", "segment_min")),
    ("sparse_categorical_crossentropy", (np.array([[0], [2]]), np.abs(FLOATS)), {}),
    *((name, (HOLES, *way), {}) for name in ("median", "logsumexp") for way in ((), (0,), (1,))),
    *(("quantile", (HOLES, [0.2, 1.0], 1, how), {}) for how in ("linear", "lower", "nearest")),
    *((name, (np.float32(line),), {}) for name in ("logsumexp", "log_softmax", "softmax")
      for line in ([-np.inf, -np.inf], [np.inf, 1], [-np.inf, 2], [1e4, 1e4 - 8])),
    ("histogram", (FLOATS[0] * 0 + 2,), {"bins": 4}), ("signbit", (np.float32([-0.0, 0, -1]),), {}),
    ("cast", (2**31, "float32"), {}), ("heaviside", (HOLES, 2.0), {}),
    *(("hypot", (np.float32([np.inf, -np.inf, np.inf, 0, 3]), np.float32(y)), {})
      for y in (np.inf, 4, 0)), ("hypot", (np.int32([-(2**31)]), np.int32([0])), {}),
    ("digitize", (FLOATS, np.float32([1, 0, -1])), {}), ("digitize", (FLOATS, FLOATS[0, :0]), {}),
    *((name, (HOLES, *way), {}) for name in ("nanmax", "nanmin") for way in ((), (0,), (1,))),
    ("right_shift", (INTS - 3, 31), {}), ("fmod", (INTS * -(2**29), INTS - 3), {}),
    *((f"bitwise_{way}", (), {"x": INTS, "y": INTS[0]}) for way in ("and", "or", "xor")),
    ("slice", (DEEP, (1, 2, 0), (-1, 2, -1)), {}), ("cast", (FLOATS, "int"), {}),
    ("rearrange", (HEADS, "b q h s -> b (s h) q"), {}),
    ("rearrange", (DEEP, "(a b) c d -> a c (d b)"), {"a": 3}),
]  # fmt: skip


def test_functions_with_arguments(keras_ops: Any) -> None:
    wrong = [w for name, args, kwargs in CALLS for w in different(name, keras_ops, *args, **kwargs)]
    assert not wrong


def different(name: str, theirs: Any, *args: Any, **kwargs: Any) -> list[str]:
    """Return what is not as in Keras, or nothing where Keras itself refuses."""
    try:
        want = getattr(theirs, name)(*args, **kwargs)
    except Exception:
        return []
    got = getattr(ops, name)(*args, **kwargs)
    shown = f"{name}({', '.join(str(getattr(a, 'dtype', a)) for a in args)})"
    pairs = zip(got, want, strict=True) if isinstance(want, (tuple, list)) else [(got, want)]
    wrong = []
    for a, b in pairs:
        a, b = np.asarray(a), np.asarray(b)
        if a.shape != b.shape:
            wrong.append(f"{shown}: shape {a.shape}, not {b.shape}")
        elif not np.allclose(a, b, rtol=1e-5, atol=1e-6, equal_nan=True):
            wrong.append(f"{shown}: {a.reshape(-1)[:5]}, not {b.reshape(-1)[:5]}")
        elif a.dtype != b.dtype:
            wrong.append(f"{shown}: {a.dtype}, not {b.dtype}")
    return wrong
