"""A face: what Keras has at `keras.preprocessing`."""

from ..data import timeseries_dataset_from_array
from . import sequence
