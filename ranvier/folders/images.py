"""image_dataset_from_directory: batches of the pictures in a folder."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from ..graph.errors import ArgumentError
from ..ops.filter import format_of
from ..ops.image.frame import INTERPOLATIONS, crop_to_aspect, pad_to_aspect, resized
from .index import datasets_of, index_of
from .picture import img_to_array, load_img, pixels_of

_ENDINGS = (".bmp", ".gif", ".jpeg", ".jpg", ".png")
_PLACE = "image_dataset_from_directory"


def image_dataset_from_directory(
    directory: Any,
    labels: Any = "inferred",
    label_mode: str | None = "int",
    class_names: Sequence[str] | None = None,
    color_mode: str = "rgb",
    batch_size: int | None = 32,
    image_size: tuple[int, int] = (256, 256),
    shuffle: bool = True,
    seed: int | None = None,
    validation_split: float | None = None,
    subset: str | None = None,
    interpolation: str = "bilinear",
    follow_links: bool = False,
    crop_to_aspect_ratio: bool = False,
    pad_to_aspect_ratio: bool = False,
    data_format: str | None = None,
    *,
    verbose: bool = True,
) -> Any:
    """Return batches of the pictures in a folder, read when they are asked for.

    Args:
        directory: with a folder of pictures for each class.
        labels: "inferred" (default) from the folders, a list with one int a file in the order of
            their names, or None.
        label_mode: "int" (default), "categorical" (vectors), "binary" (0.0 and 1.0) or None.
        class_names: the folders to use, in the order of their labels; default all of them.
        color_mode: "rgb" (default), "rgba" or "grayscale".
        batch_size: pictures a batch, default 32; None gives one after the other.
        image_size: (height, width) that all are scaled to; default (256, 256).
        shuffle: whether they come in random order, a new one each pass; default True.
        seed: an int for the same orders, needed with a split.
        validation_split: the share of files to validate on.
        subset: "training", "validation", or "both" for a pair of them.
        interpolation: "bilinear" (default), "nearest", "bicubic", "lanczos3" or "lanczos5".
        follow_links: whether to go into folders that are links; default False.
        crop_to_aspect_ratio, pad_to_aspect_ratio: cut or add margins rather than distort.
        data_format: "channels_last" (default) or "channels_first".
        verbose: whether to print how many files there are; default True.

    Shape: batches of (rows, height, width, channels), float32 from 0 to 255.
    Returns: a Dataset with `class_names` and `file_paths`; a pair with subset="both".
    Raises:
        ArgumentError: if there are no pictures, or arguments do not go together.

    Source: keras.utils.image_dataset_from_directory. Splits are those of Keras; the order of
    later passes is not.
    """
    if interpolation not in INTERPOLATIONS:
        raise ArgumentError(
            f"{_PLACE}, `interpolation`: got {interpolation!r}, expected one of "
            f"{', '.join(INTERPOLATIONS)}."
        )
    form = format_of(data_format, _PLACE)
    size, axes = pixels_of(f"{_PLACE}, `image_size`", image_size), (-3, -2)

    def read(path: str) -> np.ndarray:
        image = img_to_array(load_img(path, color_mode), dtype="float32")
        if crop_to_aspect_ratio:
            image = crop_to_aspect(image, axes, size)
        elif pad_to_aspect_ratio:
            image = np.asarray(pad_to_aspect(image, axes, size, 0.0))
        image = np.asarray(resized(image, axes, size, interpolation))
        return image.transpose(2, 0, 1) if form == "channels_first" else image

    index = index_of(directory, labels, class_names, _ENDINGS, follow_links, _PLACE, verbose)
    return datasets_of(
        index, read, label_mode, batch_size, shuffle, seed, validation_split, subset, _PLACE
    )
