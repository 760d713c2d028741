"""A face: what Keras has at `keras.saving`."""

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
