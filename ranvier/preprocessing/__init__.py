"""A face: what Keras has at `keras.preprocessing`."""

from . import sequence
