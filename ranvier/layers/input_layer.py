"""Input and InputLayer: where a model's data come in."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from ..graph.errors import ArgumentError
from .call import Call
from .keras_tensor import KerasTensor, element_type
from .layer import Layer


class InputLayer(Layer):
    """The entry of a model: a shape and an element type.

    Args:
        shape: sizes of one row, without the batch axis; an int means one axis.
        batch_size: default None, open.
        dtype: default the default float type.
        batch_shape: the sizes with the batch axis, instead of shape and batch_size.
        input_tensor: a KerasTensor to take shape and dtype from.
        optional: whether None may be given for it.
        name: default "input_layer", numbered.
        **kwargs: `input_shape` and `batch_input_shape` as in Keras 2.

    Raises:
        ArgumentError: if no shape is given, or two.

    Example:
        >>> InputLayer(shape=(28, 28)).output.shape
        (None, 28, 28)

    Source: keras.layers.InputLayer.
    """

    def __init__(
        self,
        shape: Any = None,
        batch_size: int | None = None,
        dtype: Any = None,
        sparse: Any = None,
        ragged: Any = None,
        batch_shape: Sequence[int | None] | None = None,
        input_tensor: KerasTensor | None = None,
        optional: bool = False,
        name: str | None = None,
        **kwargs: Any,
    ) -> None:
        legacy = {k: kwargs.pop(k) for k in ("input_shape", "batch_input_shape") if k in kwargs}
        super().__init__(name=name, **kwargs)
        place = f"InputLayer '{self.name}'"
        if sparse or ragged:
            raise ArgumentError(
                f"{place}, `{'sparse' if sparse else 'ragged'}`: got True, but inputs here are "
                "ordinary arrays. Leave it out, and give x.toarray() for a sparse x."
            )
        shape = legacy.get("input_shape") if shape is None else shape
        batch_shape = legacy.get("batch_input_shape") if batch_shape is None else batch_shape
        if input_tensor is not None:
            batch_shape, shape, dtype = input_tensor.shape, None, input_tensor.dtype
        if (shape is None) == (batch_shape is None):
            what = "no shape" if shape is None else "both"
            raise ArgumentError(
                f"{place}: got {what}, expected `shape` (or `batch_shape`). Give the sizes of one "
                "row, for instance shape=(28, 28)."
            )
        if batch_shape is None:
            batch_shape = (batch_size, *_sizes(shape, f"{place}, `shape`"))
        self.batch_shape = _sizes(batch_shape, f"{place}, `batch_shape`")
        self._input_dtype = element_type(dtype)
        self.sparse, self.ragged, self.optional = False, False, bool(optional)
        if input_tensor is None:
            input_tensor = KerasTensor(self.batch_shape, self._input_dtype, name=name)
        Call(self, (), {}, input_tensor)
        self.built = True

    @property
    def dtype(self) -> str:
        """The element type of the data."""
        return self._input_dtype

    @property
    def input(self) -> Any:
        """The KerasTensor that stands for the data."""
        return self.output

    def call(self, inputs: Any = None) -> Any:
        """Return the inputs as they are."""
        return inputs

    def get_config(self) -> dict[str, Any]:
        """Return the shape, the type and the name."""
        return {
            "batch_shape": self.batch_shape,
            "dtype": self._input_dtype,
            "sparse": False,
            "ragged": False,
            "name": self.name,
            "optional": self.optional,
        }


def Input(
    shape: Any = None,
    batch_size: int | None = None,
    dtype: Any = None,
    sparse: Any = None,
    ragged: Any = None,
    batch_shape: Sequence[int | None] | None = None,
    name: str | None = None,
    tensor: KerasTensor | None = None,
    optional: bool = False,
) -> Any:
    """Return a KerasTensor to build a functional model on; arguments as for InputLayer.

    Example:
        >>> Input(shape=(784,), name="pixels").shape
        (None, 784)

    Source: keras.Input.
    """
    layer = InputLayer(
        shape=shape, batch_size=batch_size, dtype=dtype, sparse=sparse, ragged=ragged,
        batch_shape=batch_shape, name=name, input_tensor=tensor, optional=optional,
    )  # fmt: skip
    return layer.output


def _sizes(shape: Any, place: str) -> tuple[int | None, ...]:
    sizes = (shape,) if isinstance(shape, (int, np.integer)) else shape
    ok = isinstance(sizes, (tuple, list)) and all(
        s is None or (isinstance(s, (int, np.integer)) and not isinstance(s, bool) and s >= 0)
        for s in sizes
    )
    if not ok:
        raise ArgumentError(
            f"{place}: got {shape!r}, expected a tuple of ints, for instance (784,) or (28, 28)."
        )
    return tuple(None if s is None else int(s) for s in sizes)
