"""A face: what Keras has at `keras.preprocessing`."""

from ..data import timeseries_dataset_from_array
from ..folders import image_dataset_from_directory, text_dataset_from_directory
from . import image, sequence
