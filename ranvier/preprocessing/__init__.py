"""A face: what Keras has at `keras.preprocessing`."""

from typing import TYPE_CHECKING

from ..data import timeseries_dataset_from_array
from ..folders import image_dataset_from_directory, text_dataset_from_directory
from ..graph.errors import absent as _absent
from . import image, sequence

_GONE = {
    "text": "ranvier.layers.TextVectorization does what its Tokenizer did.",
}

if not TYPE_CHECKING:  # a checker would take any name for known
    __getattr__ = _absent(__name__, globals(), _GONE)
