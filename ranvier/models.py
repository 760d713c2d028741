"""A face: what Keras has at `keras.models`."""

from typing import TYPE_CHECKING

from .graph.errors import absent as _absent
from .model import (
    Functional,
    Model,
    Sequential,
    clone_model,
    load_model,
    model_from_json,
    save_model,
)

if not TYPE_CHECKING:  # a checker would take any name for known
    __getattr__ = _absent(__name__, globals())
