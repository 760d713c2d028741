"""Data: what users hand over, as arrays, tables and batches, checked before the first step."""

from ..graph.whole import whole
from .argument import batch_size, fraction, frequency, optional, validates, verbosity
from .arrays import as_array, is_plain
from .batches import Orders, Schedule, class_weights, split, steps
from .categorical import to_categorical
from .check import (
    check_batch,
    check_inputs,
    check_order,
    check_scale,
    check_targets,
    check_training,
    check_values,
)
from .dataset import Dataset
from .finite import check_finite, is_finite, look_again
from .frames import check_labels_of_rows
from .label import check_labels
from .norm import normalize
from .pack import pack_x_y_sample_weight, unpack_x_y_sample_weight
from .py_dataset import PyDataset
from .sequence import pad_sequences
from .stream import Stream, is_stream, unpack
from .table import Slot, Table, follow, read, spread
from .timeseries import timeseries_dataset_from_array

__all__ = [
    "Dataset", "Orders", "PyDataset", "Schedule", "Slot", "Stream", "Table", "as_array",
    "batch_size",
    "check_batch",
    "check_finite", "check_inputs", "check_labels", "check_labels_of_rows", "check_order",
    "check_scale", "check_targets",
    "check_training", "check_values", "class_weights", "follow", "fraction", "frequency",
    "is_finite",
    "is_plain", "is_stream", "look_again", "normalize", "optional", "pack_x_y_sample_weight",
    "pad_sequences",
    "read", "split", "spread", "steps",
    "timeseries_dataset_from_array", "to_categorical", "unpack",
    "unpack_x_y_sample_weight", "validates", "verbosity", "whole",
]  # fmt: skip
