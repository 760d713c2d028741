"""Functions of pictures, (height, width, channels) or batches of them: `ranvier.ops.image`."""

from typing import TYPE_CHECKING

from ...graph.errors import absent as _absent
from ..recording import recording
from .color import hsv_to_rgb, rgb_to_grayscale, rgb_to_hsv
from .frame import crop_images, pad_images, resize
from .place import affine_transform, map_coordinates
from .window import extract_patches, extract_patches_3d, gaussian_blur, sobel_edges, ssim

NAMES = (
    "affine_transform", "crop_images", "extract_patches", "extract_patches_3d", "gaussian_blur",
    "hsv_to_rgb", "map_coordinates", "pad_images", "resize", "rgb_to_grayscale", "rgb_to_hsv",
    "sobel_edges", "ssim",
)  # fmt: skip

globals().update(recording({name: globals()[name] for name in NAMES}, __name__))

if not TYPE_CHECKING:  # a checker would take any name for known
    __getattr__ = _absent(__name__, globals())
