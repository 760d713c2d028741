"""A face: what Keras has at `keras.models`."""

from .model import (
    Functional,
    Model,
    Sequential,
    clone_model,
    load_model,
    model_from_json,
    save_model,
)
