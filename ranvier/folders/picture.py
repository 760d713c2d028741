"""Single pictures: files to arrays and back, with Pillow."""

from __future__ import annotations

import os
from typing import Any

import numpy as np

from ..graph.dtype import floatx
from ..graph.errors import ArgumentError, ArgumentTypeError, DatasetError
from ..graph.path import path_of
from ..layers.image import checked_size
from ..ops.filter import format_of

_MODES = {"grayscale": "L", "rgb": "RGB", "rgba": "RGBA"}
_RESAMPLING = ("nearest", "bilinear", "bicubic", "hamming", "box", "lanczos")


def load_img(
    path: Any,
    color_mode: str = "rgb",
    target_size: tuple[int, int] | None = None,
    interpolation: str = "nearest",
    keep_aspect_ratio: bool = False,
) -> Any:
    """Return a picture as a Pillow image.

    Args:
        path: of the file, or a file opened as binary.
        color_mode: "rgb" (default), "rgba" or "grayscale".
        target_size: (height, width) to scale it to; default as it is.
        interpolation: "nearest" (default), "bilinear", "bicubic", "hamming", "box" or "lanczos".
        keep_aspect_ratio: cut the margins off rather than distort; default False.

    Raises:
        ArgumentError: for another word.
        DatasetError: an OSError that names the file, where it holds no whole picture.

    Source: keras.utils.load_img.
    """
    from PIL import Image

    if not isinstance(color_mode, str) or color_mode not in _MODES:
        raise ArgumentError(
            f"load_img, `color_mode`: got {color_mode!r}, expected one of {', '.join(_MODES)}."
        )
    if interpolation not in _RESAMPLING:
        raise ArgumentError(
            f"load_img, `interpolation`: got {interpolation!r}, expected one of "
            f"{', '.join(_RESAMPLING)}."
        )
    wanted = None if target_size is None else pixels_of("load_img, `target_size`", target_size)
    file = path if hasattr(path, "read") else path_of("load_img", "path", path)
    try:
        with Image.open(file) as opened:
            opened.load()
            keeps = color_mode == "grayscale" and opened.mode in ("L", "I;16", "I")
            image = opened.copy() if keeps else opened.convert(_MODES[color_mode])
    except (OSError, SyntaxError, ValueError, TypeError, Image.DecompressionBombError) as error:
        if getattr(error, "errno", None):
            raise  # of the file system, which names the file
        raise DatasetError(
            f"load_img, `path`: {path} holds no picture that Pillow can read to its end ({error}). "
            "Is it cut off? Take it out of the folder, or get it anew."
        ) from error
    if wanted is None or image.size == wanted[::-1]:
        return image
    how, size = getattr(Image.Resampling, interpolation.upper()), wanted[::-1]
    box = _middle(image.size, size) if keep_aspect_ratio else None
    return image.resize(size, how, box=box)


def pixels_of(place: str, size: Any) -> tuple[int, int]:
    """Return the height and the width of pictures from the argument that holds both."""
    if not isinstance(size, (list, tuple)) or len(size) < 2:
        raise ArgumentError(f"{place}: got {size!r:.60}, expected (height, width).")
    return checked_size(size[0], size[1], place)


def _middle(size: tuple[int, int], wanted: tuple[int, int]) -> tuple[int, int, int, int]:
    """Return the largest box in the middle with the aspect ratio wanted, (width, height) each."""
    width, height = size
    high = min(height, width * wanted[1] // wanted[0])
    wide = min(width, height * wanted[0] // wanted[1])
    left, top = (width - wide) // 2, (height - high) // 2
    return left, top, left + wide, top + high


def img_to_array(img: Any, data_format: str | None = None, dtype: Any = None) -> np.ndarray:
    """Return a picture as an array (height, width, channels).

    Args:
        img: a Pillow image.
        data_format: "channels_last" (default) or "channels_first".
        dtype: default the default float type.

    Raises:
        ArgumentError: for what is no picture.

    Source: keras.utils.img_to_array.
    """
    first = format_of(data_format, "img_to_array") == "channels_first"
    array = _numbers("img_to_array", img, dtype)
    if array.ndim == 2:
        array = array[:, :, None]
    if array.ndim != 3:
        raise ArgumentError(f"img_to_array: got shape {array.shape}, expected a picture.")
    return array.transpose(2, 0, 1) if first else array.copy()


def _numbers(place: str, x: Any, dtype: Any) -> np.ndarray:
    try:
        kind = np.dtype(dtype or floatx())
    except TypeError:
        raise ArgumentTypeError(
            f"{place}, `dtype`: got {dtype!r}, expected an element type such as 'float32'."
        ) from None
    try:
        return np.asarray(x, kind)
    except (ValueError, TypeError) as error:
        raise ArgumentTypeError(
            f"{place}: got {x!r:.60} of type {type(x).__name__}, expected a picture as an array of "
            f"numbers ({error}). Files are read by load_img."
        ) from None


def array_to_img(
    x: Any, data_format: str | None = None, scale: bool = True, dtype: Any = None
) -> Any:
    """Return an array (height, width, channels) as a Pillow image.

    Args:
        x: numbers of 1, 3 or 4 channels.
        data_format: "channels_last" (default) or "channels_first".
        scale: whether to stretch the values to 0 .. 255; default True.
        dtype: in which to compute; default the default float type.

    Raises:
        ArgumentError: for another shape.

    Source: keras.utils.array_to_img.
    """
    from PIL import Image

    first = format_of(data_format, "array_to_img") == "channels_first"
    array = _numbers("array_to_img", x, dtype)
    if array.ndim != 3 or not array.size:
        axes = "(channels, height, width)" if first else "(height, width, channels)"
        raise ArgumentError(f"array_to_img: got shape {array.shape}, expected {axes}.")
    if first:
        array = array.transpose(1, 2, 0)
    if scale:
        array = array - array.min()
        top = array.max()
        array = (array / top if top != 0 else array) * 255
    channels = array.shape[2]
    if channels == 4:
        return Image.fromarray(array.astype("uint8"), "RGBA")
    if channels == 3:
        return Image.fromarray(array.astype("uint8"), "RGB")
    if channels == 1:
        flat = array[:, :, 0]
        return Image.fromarray(flat.astype("int32" if flat.max() > 255 else "uint8"))
    raise ArgumentError(f"array_to_img: got {channels} channels, expected 1, 3 or 4.")


def save_img(
    path: Any,
    x: Any,
    data_format: str | None = None,
    file_format: str | None = None,
    scale: bool = True,
    **kwargs: Any,
) -> None:
    """Write an array as a picture file.

    Args:
        path: of the file; its ending names the format unless file_format does.
        x, data_format, scale: as for `array_to_img`.
        file_format: for instance "png".
        **kwargs: for Pillow's `Image.save`.

    Raises:
        ArgumentError: for what is no picture, or a format that it cannot be written in.

    Source: keras.utils.save_img.
    """
    image = array_to_img(x, data_format, scale)
    opened = hasattr(path, "write")
    file = path if opened else path_of("save_img", "path", path)
    name = str(getattr(path, "name", "")) if opened else file
    form = str(file_format or os.path.splitext(name)[1][1:]).lower()
    form = "jpeg" if form == "jpg" else form
    if image.mode == "RGBA" and form == "jpeg":
        image = image.convert("RGB")
    try:
        image.save(file, format=form if file_format else None, **kwargs)
    except (KeyError, ValueError, OSError) as error:
        if getattr(error, "errno", None):
            raise  # of the file system, which names the file
        raise ArgumentError(
            f"save_img: a picture of mode {image.mode!r} could not be written as {form!r} "
            f"({error}). Let the path end in '.png', or write file_format='png'; values above 255 "
            "need scale=True."
        ) from error
