"""A face: what Keras has at `keras.preprocessing.sequence`."""

from ..data import pad_sequences
