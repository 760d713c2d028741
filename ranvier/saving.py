"""A face: what Keras has at `keras.saving`."""

from typing import TYPE_CHECKING

from .graph.errors import absent as _absent
from .graph.registry import (
    custom_object_scope,
    get_custom_objects,
    get_registered_name,
    get_registered_object,
    register_keras_serializable,
)
from .graph.registry import custom_object_scope as CustomObjectScope
from .model.load import deserialize_keras_object, load_model, load_weights
from .model.store import save_model, save_weights
from .save.config import serialize as serialize_keras_object

if not TYPE_CHECKING:  # a checker would take any name for known
    __getattr__ = _absent(__name__, globals())
