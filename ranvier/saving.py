"""A face: what Keras has at `keras.saving`."""

from .graph.registry import (
    custom_object_scope,
    get_custom_objects,
    get_registered_name,
    get_registered_object,
    register_keras_serializable,
)
from .graph.registry import custom_object_scope as CustomObjectScope
from .model import load_model, save_model
