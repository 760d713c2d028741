"""Functions of pictures: values of Keras, the same on every engine, and mistakes told."""

from __future__ import annotations

import os
import pickle
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from ranvier import ops
from ranvier.graph import Node, input_node
from ranvier.graph.errors import ArgumentError, ArgumentTypeError, DTypeError, ShapeError
from ranvier.layers import Input
from ranvier.model import Model
from ranvier.model.load import load_model
from ranvier.ops import image
from ranvier.transform.grad import gradients
from tests.cases.engine import ENGINES, run, step

RNG = np.random.default_rng(7)
X = RNG.uniform(0, 1, (2, 6, 5, 3)).astype("float32")
FIRST = np.moveaxis(X, -1, 1).copy()
WHOLE = (X * 255).astype("int32")
VOLUME = RNG.uniform(size=(2, 4, 5, 6, 2)).astype("float32")
PLACES = RNG.uniform(-3, 8, (4, 7, 5)).astype("float32")
TURN = np.float32([[1.1, 0.2, -1.5, -0.3, 0.9, 0.7, 0, 0], [0.8, -0.1, 1, 0.2, 1.2, -0.6, 0, 0]])
LAST = {"data_format": "channels_last"}
FRONT = {"data_format": "channels_first"}
MODES = ("constant", "nearest", "wrap", "mirror", "reflect")
RATIOS: tuple[dict[str, Any], ...] = (
    {}, {"antialias": True}, {"crop_to_aspect_ratio": True},
    {"pad_to_aspect_ratio": True, "fill_value": 0.5},
)  # fmt: skip

CALLS: list[tuple[str, tuple[Any, ...], dict[str, Any]]] = [
    *(("rgb_to_grayscale", (x,), how)
      for x, how in ((X, {}), (X[0], {}), (FIRST, FRONT), (WHOLE, {}), (X[..., :1], {}))),
    *((name, (x,), how) for name in ("rgb_to_hsv", "hsv_to_rgb")
      for x, how in ((X, {}), (X[0], {}), (FIRST, FRONT), (np.round(X * 2) / 2, {}))),
    *(("resize", (X, (3, 7)), {"interpolation": how, **ratio})
      for how in ("bilinear", "nearest", "bicubic", "lanczos3") for ratio in RATIOS),
    ("resize", (FIRST, (8, 3)), FRONT), ("resize", (X[0], [8, 3]), {}),
    ("resize", (WHOLE, (3, 4)), {}),
    ("crop_images", (X, 1, None, 2, 1), {"target_width": 2}),
    ("crop_images", (FIRST, None, 1, 2, 1, 2), FRONT),
    ("pad_images", (X, 1, None, 2, 1), {"target_width": 9}),
    ("pad_images", (FIRST[0], 1, 0), {"target_height": 9, "target_width": 9, **FRONT}),
    *(("extract_patches", (x, size), {"strides": s, "padding": p, **how})
      for p in ("valid", "same") for s in (None, 1, (2, 1))
      for x, size, how in ((X, (3, 2), {}), (X[0], 2, {}), (FIRST, (3, 2), FRONT))),
    ("extract_patches", (X, 2), {"strides": 1, "dilation_rate": 2}),
    ("extract_patches", (VOLUME, (2, 1, 3)), {}), ("extract_patches_3d", (VOLUME, 2), {}),
    ("extract_patches_3d", (VOLUME[0], (1, 2, 2)), {"padding": "same", "strides": 1}),
    *(("gaussian_blur", (x, size, sigma), how)
      for x, how in ((X, LAST), (FIRST, FRONT), (X[0], LAST))
      for size, sigma in (((3, 3), (1.0, 1.0)), ((2, 5), (0.7, 2.0)))),
    ("sobel_edges", (X,), {}), ("sobel_edges", (FIRST,), FRONT),
    ("ssim", (X, X * 0.9 + 0.05), {"filter_size": 5}), ("ssim", (X[0], X[1]), {"filter_size": 3}),
    ("ssim", (FIRST, FIRST[::-1].copy(), 255.0), {"filter_size": 5, "filter_sigma": 0.7, **FRONT}),
    *(("affine_transform", (x, turn, how, mode), {"fill_value": 0.3, **order})
      for how in ("bilinear", "nearest") for mode in MODES
      for x, turn, order in ((X, TURN, {}), (FIRST[0], TURN[0], FRONT), (WHOLE, TURN, {}))),
    *(("map_coordinates", (x, at, order, mode), {"fill_value": 0.2})
      for order in (0, 1) for mode in MODES
      for x, at in ((X, PLACES), (X[0, :, :, 0], PLACES[:2]), (WHOLE, PLACES))),
]  # fmt: skip


@pytest.mark.oracle
def test_values_are_those_of_keras() -> None:
    os.environ.setdefault("KERAS_BACKEND", "jax")
    import keras

    for name, args, kwargs in CALLS:
        want = np.asarray(getattr(keras.ops.image, name)(*args, **kwargs))
        got = np.asarray(getattr(image, name)(*args, **kwargs))
        shown = f"{name} {kwargs}"
        assert (got.shape, got.dtype) == (want.shape, want.dtype), shown
        np.testing.assert_allclose(got, want, rtol=1e-5, atol=2e-5, err_msg=shown)


#: One function of a batch of any number of rows each.
STEPS: dict[str, Callable[[Any], Any]] = {
    "rgb_to_grayscale": image.rgb_to_grayscale,
    "rgb_to_hsv": image.rgb_to_hsv,
    "hsv_to_rgb": image.hsv_to_rgb,
    "resize": lambda x: image.resize(x, (4, 7), "bicubic", pad_to_aspect_ratio=True),
    "crop_images": lambda x: image.crop_images(x, 1, 2, 1, 1),
    "pad_images": lambda x: image.pad_images(x, 1, 2, 1, 1),
    "extract_patches": lambda x: image.extract_patches(x, (3, 2), 1, padding="same"),
    "extract_patches_3d": lambda x: image.extract_patches_3d(x[..., None], 2),
    "gaussian_blur": image.gaussian_blur,
    "sobel_edges": image.sobel_edges,
    "ssim": lambda x: image.ssim(x, x * x, filter_size=3),
    "affine_transform": lambda x: image.affine_transform(x, TURN[0], fill_mode="reflect"),
    "map_coordinates": lambda x: image.map_coordinates(ops.mean(x, 0), PLACES[:3], 1),
}


def test_every_function_is_compiled_below() -> None:
    assert sorted(STEPS) == sorted(image.NAMES)


@pytest.mark.parametrize("engine", ENGINES, ids=lambda e: e.name)
@pytest.mark.parametrize("name", STEPS)
def test_engines_agree_with_eager_code(name: str, engine: Any) -> None:
    x = input_node("x", (None, 6, 5, 3), "float32")
    out = STEPS[name](x)
    assert isinstance(out, Node)
    slope = gradients(ops.sum(out), [x])[0]
    graph = step([out, slope], [x])
    got, slopes = run(engine.compile(graph, 2), graph, [X], np.arange(2), 2)
    np.testing.assert_allclose(got, STEPS[name](X), rtol=2e-5, atol=2e-6)
    assert slopes.shape == X.shape and np.isfinite(slopes).all()


def test_a_model_with_them_is_saved_and_loaded(tmp_path: Any) -> None:
    x = Input((6, 5, 3))
    y = image.resize(image.rgb_to_hsv(x), (3, 4))
    model = Model(x, image.extract_patches(y, (1, 2)))
    model.save(tmp_path / "m.keras")
    again = load_model(tmp_path / "m.keras")
    np.testing.assert_array_equal(again.predict(X, verbose=0), model.predict(X, verbose=0))


def test_functions_are_pickled_by_name() -> None:
    assert pickle.loads(pickle.dumps(image.resize)) is image.resize


M = input_node("m", (None, 6, 5, 3), "float32")
OPEN = input_node("o", (2, None, None, 3), "float32")
MISTAKES: list[tuple[Callable[[], object], type[Exception], str]] = [
    (lambda: image.resize(M, 3), ArgumentError, "resize, `size`: got 3, expected a height and"),
    (lambda: image.resize(M, (0, 3)), ArgumentError, "resize, `size`: got 0, expected "),
    (lambda: image.resize(M, (2, 2), "cubic"), ArgumentError, "`interpolation`: got 'cubic'"),
    (lambda: image.resize(M, (2, 2), fill_mode="wrap"), ArgumentError, "`fill_mode`: got 'wrap'"),
    (
        lambda: image.resize(M, (2, 2), crop_to_aspect_ratio=True, pad_to_aspect_ratio=True),
        ArgumentError,
        "both",
    ),
    (lambda: image.resize(M[..., 0, 0], (2, 2)), ShapeError, r"`images`: got shape \(None, 6\)"),
    (lambda: image.resize(OPEN, (2, 2)), ShapeError, "known height and width"),
    (lambda: image.resize(M, (2, 2), data_format="last"), ArgumentError, "`data_format`: got 'la"),
    (lambda: image.crop_images(M, 1), ArgumentError, "expected two of .'top_cropping', 'bottom"),
    (lambda: image.crop_images(M, 4, 0, 3, 0), ArgumentError, "do not fit into 6"),
    (lambda: image.crop_images(M, 0.5, 0, 3, 0), ArgumentTypeError, "`top_cropping`: got 0.5"),
    (lambda: image.pad_images(M, 0, 0, None, 0, 4), ArgumentError, "-2 behind are not possible"),
    (lambda: image.extract_patches(M, 7), ShapeError, r"`size`: windows of \(7, 7\)"),
    (lambda: image.extract_patches(M, 2, padding="full"), ArgumentError, "`padding`: got 'full'"),
    (lambda: image.extract_patches_3d(M, (2, 2)), ArgumentError, "`size`: got .2, 2."),
    (lambda: image.rgb_to_grayscale(M[..., :2]), ShapeError, "got 2 channels of shape"),
    (lambda: image.rgb_to_hsv(WHOLE), DTypeError, "got int32, expected floats.*Divide by 255.0"),
    (lambda: image.gaussian_blur(M, (3, 0)), ArgumentError, "`kernel_size`: got .3, 0."),
    (lambda: image.gaussian_blur(M, (3, 3), 1.0), ArgumentError, "`sigma`: got 1.0, expected two"),
    (lambda: image.gaussian_blur(M, (3, 3), (0, 1)), ArgumentError, "`sigma`: got 0, expected a"),
    (lambda: image.ssim(M, M), ShapeError, r"ssim, `filter_size`: windows of \(11, 11\)"),
    (lambda: image.affine_transform(M, [1.0, 0]), ShapeError, r"`transform`: got shape \(2,\)"),
    (lambda: image.affine_transform(M, TURN[0], 1), ArgumentError, "`interpolation`: got 1"),
    (lambda: image.map_coordinates(X[0], PLACES, 1), ShapeError, r"\(4, 7, 5\) for inputs of"),
    (
        lambda: image.map_coordinates(X, PLACES, 2),
        ArgumentError,
        r"`order`: got 2, expected .*0, 1",
    ),
]


@pytest.mark.parametrize(("mistake", "kind", "words"), MISTAKES)
def test_a_mistake_is_told(
    mistake: Callable[[], object], kind: type[Exception], words: str
) -> None:
    with pytest.raises(kind, match=words):
        mistake()
