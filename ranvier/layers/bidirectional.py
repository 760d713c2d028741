"""Bidirectional: a recurrent layer from both ends of a sequence."""

from __future__ import annotations

from typing import Any

from .. import ops
from ..graph.errors import ArgumentError
from .description import plain
from .layer import Layer

_MODES = ("sum", "mul", "concat", "ave", None)


class Bidirectional(Layer):
    """Run a recurrent layer forwards and a copy of it backwards, and merge what they return.

    Args:
        layer: a recurrent layer, for instance LSTM(8); it is copied, with weights of its own.
        merge_mode: "concat" (default), "sum", "mul", "ave", or None for both outputs.
        weights: initial weights, those of the forward layer first.
        backward_layer: a layer for the way back; default a copy with `go_backwards` turned.
        **kwargs: name, dtype, trainable.

    Shape:
        (batch, steps, features) -> what the layer returns, the last axis doubled by "concat"

    Raises:
        ArgumentError: if merge_mode is unknown, or the two layers do not fit each other.

    Example:
        >>> from ranvier.layers import GRU
        >>> Bidirectional(GRU(4))([[[1.0], [2.0]]]).shape
        (1, 8)

    Source: keras.layers.Bidirectional; Schuster and Paliwal, Bidirectional recurrent neural
    networks (1997).
    """

    def __init__(
        self, layer: Any, merge_mode: str | None = "concat", weights: Any = None,
        backward_layer: Any = None, **kwargs: Any,
    ) -> None:  # fmt: skip
        super().__init__(**kwargs)
        place = f"Bidirectional '{self.name}'"
        for argument, one in (("layer", layer), ("backward_layer", backward_layer or layer)):
            if not isinstance(one, Layer) or not hasattr(one, "go_backwards"):
                raise ArgumentError(
                    f"{place}, `{argument}`: got {one!r:.60}, expected a recurrent layer, for "
                    "instance LSTM(8)."
                )
        if merge_mode not in _MODES:
            raise ArgumentError(
                f"{place}, `merge_mode`: got {merge_mode!r}, expected one of {_MODES}."
            )
        self.forward_layer = _copy(layer, "forward")
        self.backward_layer = backward_layer or _copy(layer, "backward", True)
        self._check(place)
        for one in (self.forward_layer, self.backward_layer):
            if hasattr(one, "zero_output_for_mask"):
                one.zero_output_for_mask = one.return_sequences
        self.merge_mode = merge_mode
        if weights:
            half = len(weights) // 2
            self.forward_layer._weights_argument = list(weights[:half])
            self.backward_layer._weights_argument = list(weights[half:])
        self.stateful: bool = layer.stateful
        self.return_sequences: bool = layer.return_sequences
        self.return_state: bool = layer.return_state
        self.input_spec = layer.input_spec
        self.supports_masking = True
        self._given_backward = backward_layer is not None

    def _check(self, place: str) -> None:
        one, two = self.forward_layer, self.backward_layer
        if one.go_backwards == two.go_backwards:
            raise ArgumentError(
                f"{place}, `backward_layer`: got go_backwards={two.go_backwards} for both layers. "
                "Give one of them the other direction."
            )
        for name in ("stateful", "return_sequences", "return_state"):
            if getattr(one, name) != getattr(two, name):
                raise ArgumentError(
                    f"{place}, `backward_layer`: got {name}={getattr(two, name)}, expected "
                    f"{getattr(one, name)} as in the forward layer."
                )

    def build(  # type: ignore[override]
        self, sequences_shape: Any, initial_state_shape: Any = None
    ) -> None:
        """Build both layers."""
        for layer in (self.forward_layer, self.backward_layer):
            if not layer.built:
                layer.build(sequences_shape)

    def call(
        self, sequences: Any, initial_state: Any = None, mask: Any = None, training: Any = None
    ) -> Any:
        """Return the merged outputs, then the states of both layers if they return theirs."""
        given: Any = (None, None)
        if initial_state is not None:
            half = len(initial_state) // 2
            given = (initial_state[:half], initial_state[half:])
        ways = []
        for layer, state in zip((self.forward_layer, self.backward_layer), given, strict=True):
            more = {"mask": mask} if mask is not None and layer.takes("mask") else {}
            more |= {"initial_state": state} if state is not None else {}
            ways.append(layer(sequences, training=training, **more))
        states = [s for way in ways for s in way[1:]] if self.return_state else []
        y, back = (way[0] if self.return_state else way for way in ways)
        if self.return_sequences:
            back = ops.flip(back, 1)
        merged = self._merged(y, back)
        if not states:
            return merged
        return (*merged, *states) if self.merge_mode is None else (merged, *states)

    def _merged(self, y: Any, back: Any) -> Any:
        if self.merge_mode == "concat":
            return ops.concatenate([y, back], axis=-1)
        if self.merge_mode == "mul":
            return ops.multiply(y, back)
        if self.merge_mode is None:
            return (y, back)
        total = ops.add(y, back)
        return ops.divide(total, 2.0) if self.merge_mode == "ave" else total

    def compute_mask(self, inputs: Any, previous_mask: Any = None) -> Any:
        """Return the mask for outputs of all steps; states have none."""
        mask = previous_mask if self.return_sequences else None
        outputs = [mask, mask] if self.merge_mode is None else [mask]
        count = len(self.forward_layer.state_size) if self.return_state else 0
        return [*outputs, *(None for _ in range(2 * count))]

    def reset_state(self) -> None:
        """Set the states of stateful layers to 0."""
        self.forward_layer.reset_state()
        self.backward_layer.reset_state()

    reset_states = reset_state

    def get_config(self) -> dict[str, Any]:
        """Return the layer as it was given, the mode, and a backward layer of its own."""
        config = {"name": self.name, "trainable": self.trainable,
                  "dtype": super().get_config()["dtype"]}  # fmt: skip
        config |= {"merge_mode": self.merge_mode, "layer": plain(self.forward_layer)}
        if self._given_backward:
            config["backward_layer"] = plain(self.backward_layer)
        return config


def _copy(layer: Any, way: str, turned: bool = False) -> Any:
    """Return a new layer of the same config, its name behind the way it goes."""
    config = layer.get_config()
    config["name"] = f"{way}_{layer.name.removeprefix(f'{way}_')}"
    if turned:
        config["go_backwards"] = not config["go_backwards"]
    return type(layer).from_config(config)
