"""A face: what Keras has at `keras.preprocessing.sequence`."""

from typing import TYPE_CHECKING

from ..data import pad_sequences
from ..graph.errors import absent as _absent

_GONE = {
    "TimeseriesGenerator": "write ranvier.utils.timeseries_dataset_from_array.",
}

if not TYPE_CHECKING:  # a checker would take any name for known
    __getattr__ = _absent(__name__, globals(), _GONE)
