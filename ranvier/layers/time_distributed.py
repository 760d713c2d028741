"""TimeDistributed: one layer applied to every step of a sequence."""

from __future__ import annotations

from typing import Any

from ..graph.errors import ArgumentError, ShapeError
from ..ops.recur import recur
from .input_spec import InputSpec
from .layer import Layer


class TimeDistributed(Layer):
    """Apply a layer to each step; all steps share its weights.

    The layer is traced on one step; where its ops allow it, all steps are computed at once.

    Args:
        layer: the layer; it sees inputs without the axis of steps.
        **kwargs: name, dtype, trainable, input_shape.

    Shape:
        (batch, steps, ...) -> (batch, steps, what the layer returns)

    Raises:
        ArgumentError: if `layer` is no layer.
        ShapeError: if the input has no axis of steps.

    Example:
        >>> from ranvier.layers import Dense
        >>> TimeDistributed(Dense(2))([[[1.0], [2.0], [3.0]]]).shape
        (1, 3, 2)

    Source: keras.layers.TimeDistributed.
    """

    def __init__(self, layer: Any, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.input_spec = InputSpec()
        if not isinstance(layer, Layer):
            raise ArgumentError(
                f"TimeDistributed '{self.name}', `layer`: got {layer!r:.60}, expected a layer, for "
                "instance Dense(4)."
            )
        self.layer = layer
        self.supports_masking = True

    def build(self, input_shape: Any) -> None:
        """Build the layer for one step."""
        if len(input_shape) < 3:
            raise ShapeError(
                f"TimeDistributed '{self.name}': got an input of shape {tuple(input_shape)}, "
                "expected (batch, steps, features). Use the layer itself where there are no steps."
            )
        if not self.layer.built:
            self.layer.build((input_shape[0], *input_shape[2:]))
            self.layer.built = True

    def call(self, inputs: Any, training: Any = None, mask: Any = None) -> Any:
        """Return what the layer makes of each step."""
        masked = mask is not None and self.layer.takes("mask")
        # Draws and moving averages change from step to step, so that such steps are written out.
        apart = bool(training) and any(map(_changes, self.layer._flat_layers()))

        def step(values: list[Any], states: list[Any]) -> tuple[list[Any], list[Any]]:
            more = {"mask": values[1]} if masked else {}
            return [self.layer(values[0], training=training, **more)], []

        values = [inputs, mask] if masked else [inputs]
        outputs, _ = recur(step, values, [], unroll=apart)
        return outputs[0]


def _changes(layer: Layer) -> bool:
    """Tell whether a layer has state that a training step changes."""
    averages = layer.trainable and any(not v.trainable for v in layer._non_trainable_variables)
    return averages or hasattr(layer, "seed_generator")
