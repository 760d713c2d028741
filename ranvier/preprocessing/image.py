"""A face: what Keras has at `keras.preprocessing.image`."""

from typing import TYPE_CHECKING

from ..folders import array_to_img, img_to_array, load_img, save_img
from ..graph.errors import absent as _absent

_GONE = {
    "ImageDataGenerator": "ranvier.utils.image_dataset_from_directory reads folders, and layers as "
    "ranvier.layers.Rescaling, RandomFlip and RandomRotation change the pictures.",
}

if not TYPE_CHECKING:  # a checker would take any name for known
    __getattr__ = _absent(__name__, globals(), _GONE)
