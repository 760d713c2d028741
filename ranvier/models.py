"""A face: what Keras has at `keras.models`."""

from .model import Functional, Model, Sequential, clone_model, load_model, save_model
