"""A layer as users write them, for tests of what all layers share."""

from typing import Any

from ranvier import ops
from ranvier.layers import Dense, Dropout, Layer


class Block(Layer):
    """Two layers, one of them in a list, and a gain of its own."""

    def __init__(self, units: int = 3, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.units = units
        self.parts = [Dense(units, name="first")]
        self.drop = Dropout(0.5, seed=1)

    def build(self, input_shape: Any) -> None:
        self.gain = self.add_weight(shape=(), initializer="ones", name="gain")
        self.total = self.add_weight(shape=(), initializer="zeros", trainable=False, name="total")

    def call(self, inputs: Any, training: bool = False) -> Any:
        y = self.parts[0](inputs) * self.gain
        self.add_loss(ops.sum(y))
        return self.drop(y)
