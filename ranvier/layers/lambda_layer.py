"""Lambda: a function of yours as a layer."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import Any

from .. import activations
from ..graph.errors import ArgumentError
from ..graph.function import takes
from ..graph.node import OPERATORS
from .layer import Layer


class Lambda(Layer):
    """Apply a function to the inputs.

    It is traced into the compiled step like any layer, so it is written with Python operators
    and `ranvier.ops`. A file cannot hold it: for models that are to be saved, write a Layer.

    Args:
        function: takes the inputs; `mask` and `training` are passed on if it has such parameters.
        output_shape: accepted for Keras; the shape is found by tracing.
        mask: a mask, or a function (inputs, mask) -> mask.
        arguments: a dict of further keyword arguments for the function.
        **kwargs: name, dtype, trainable, input_shape.

    Raises:
        ArgumentError: if function cannot be called.
        ArgumentTypeError: if it takes other arguments.

    Example:
        >>> Lambda(lambda x: x**2)([1.0, 2.0, 3.0])
        array([1., 4., 9.], dtype=float32)

    Source: keras.layers.Lambda.
    """

    def __init__(
        self,
        function: Callable[..., Any],
        output_shape: Any = None,
        mask: Any = None,
        arguments: dict[str, Any] | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        if isinstance(function, (str, dict)):
            function = activations.get(function)
        if not callable(function):
            raise ArgumentError(
                f"Lambda '{self.name}', `function`: got {function!r:.60}, expected a function, "
                "for instance lambda x: x * 2."
            )
        self.function = _traceable(function)
        self.arguments = dict(arguments or {})
        self.mask = mask
        self.supports_masking = mask is not None
        self._output_shape_argument = output_shape
        self._passed = _named(function, ("mask", "training"))
        keywords = {**self.arguments, **dict.fromkeys(self._passed)}
        takes(function, f"Lambda '{self.name}', `function`", "inputs", **keywords)
        if callable(mask):
            takes(mask, f"Lambda '{self.name}', `mask`", "inputs", "mask")

    def call(self, inputs: Any, mask: Any = None, training: bool | None = None) -> Any:
        """Return function(inputs, **arguments)."""
        given = {"mask": mask, "training": training}
        return self.function(inputs, **self.arguments, **{k: given[k] for k in self._passed})

    def compute_mask(self, inputs: Any, previous_mask: Any = None) -> Any:
        """Return the mask given, or what the mask function returns."""
        return self.mask(inputs, previous_mask) if callable(self.mask) else self.mask

    def get_config(self) -> dict[str, Any]:
        """Return the arguments; a function without a public name stays the function itself."""
        config = super().get_config()
        config["function"] = next(
            (name for name, known in activations.CATALOG.items() if known is self.function),
            self.function,
        )
        config.pop("output_shape", None)  # an attribute of every layer, not the argument
        if self._output_shape_argument is not None:
            config["output_shape"] = self._output_shape_argument
        if self.mask is not None:
            config["mask"] = self.mask
        config["arguments"] = self.arguments
        return config


def _traceable(function: Callable[..., Any]) -> Callable[..., Any]:
    """Return the op of the same name for a NumPy ufunc, which alone cannot be traced."""
    name = getattr(function, "__name__", "")
    module = type(function).__module__
    return OPERATORS.get(name, function) if module == "numpy" else function


def _named(function: Callable[..., Any], names: tuple[str, ...]) -> tuple[str, ...]:
    try:
        taken = inspect.signature(function).parameters
    except (TypeError, ValueError):
        return ()
    return tuple(name for name in names if name in taken)
