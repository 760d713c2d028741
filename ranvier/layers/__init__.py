"""Layers: functions from arrays to arrays, with weights of their own."""

from .dense import Dense
from .input_layer import Input, InputLayer
from .input_spec import InputSpec
from .keras_tensor import KerasTensor
from .layer import Layer

#: Every layer by its class name.
CATALOG = {
    "Dense": Dense,
    "InputLayer": InputLayer,
}
