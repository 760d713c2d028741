"""A picture from a file as Fashion-MNIST and MNIST have theirs: grey, 28x28, light on dark."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
import numpy as np

if TYPE_CHECKING:
    from PIL.Image import Image

SIZE = 28


def read(path: Path, size: int = SIZE) -> np.ndarray:
    """Read a picture of any size and colour.

    It is made grey, filled up to a square with the colour of its border, resized, and inverted
    where its border is light: the data sets show light things on black.

    Shape: (size, size), uint8.
    Raises:
        UsageError: Pillow is not installed, or the file holds no picture that it can read.
    """
    try:
        from PIL import Image, ImageOps, UnidentifiedImageError
    except ImportError as error:
        raise click.UsageError(
            "predict: reading pictures needs Pillow, which is not installed. "
            "Install it with: pip install 'ranvier[image]'"
        ) from error
    try:
        with Image.open(path) as file:
            grey = _grey(ImageOps.exif_transpose(file))
    except (UnidentifiedImageError, Image.DecompressionBombError, SyntaxError) as error:
        raise click.UsageError(
            f"{path}: got no picture that Pillow can read, expected for instance a PNG or JPEG."
        ) from error
    except OSError as error:
        if error.filename:
            raise
        raise click.UsageError(
            f"{path}: Pillow cannot read all of the picture ({error}). Is the file cut off?"
        ) from error
    background = _background(np.asarray(grey))
    square = ImageOps.pad(grey, (max(grey.size),) * 2, color=background)
    pixels = np.asarray(square.resize((size, size), Image.Resampling.BOX))
    return 255 - pixels if background > 127 else pixels.copy()


def _grey(image: Image) -> Image:
    from PIL import Image as module

    if image.mode.startswith(("I", "F")):
        # Wide grey: Pillow would cut it off at 255.
        values: Any = np.asarray(image, np.float64)
        top = 65535.0 if image.mode.startswith("I") else float(values.max() or 1)
        return module.fromarray((values.clip(0, top) / top * 255).astype(np.uint8))
    if image.has_transparency_data:
        image = image.convert("RGBA")
        paper = module.new("RGBA", image.size, "white")
        image = module.alpha_composite(paper, image)
    return image.convert("L")


def _background(pixels: np.ndarray) -> int:
    border = np.concatenate([pixels[0], pixels[-1], pixels[:, 0], pixels[:, -1]])
    return int(np.median(border))
