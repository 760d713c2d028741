"""Folders of pictures and texts as batches, and single pictures as arrays."""

from .images import image_dataset_from_directory
from .picture import array_to_img, img_to_array, load_img, save_img
from .texts import text_dataset_from_directory

__all__ = [
    "array_to_img",
    "image_dataset_from_directory",
    "img_to_array",
    "load_img",
    "save_img",
    "text_dataset_from_directory",
]
