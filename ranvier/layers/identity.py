"""Identity: what goes in comes out."""

from __future__ import annotations

from typing import Any

from .layer import Layer


class Identity(Layer):
    """Return the inputs as they are, in whatever structure they have.

    Example:
        >>> Identity()([1.0, 2.0])
        array([1., 2.], dtype=float32)

    Source: keras.layers.Identity.
    """

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.supports_masking = True
        self.built = True

    def call(self, inputs: Any) -> Any:
        """Return the inputs."""
        return inputs
