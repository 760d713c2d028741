"""Preparation: the base of layers that work on text and keys in NumPy, before the compiled step."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..graph.errors import ArgumentError, DataTypeError, TraceError
from ..graph.node import Node
from ..graph.structure import flatten
from .keras_tensor import KerasTensor
from .layer import Layer

#: The index of what leaves no trace in a vector.
NOWHERE = np.iinfo(np.int64).max


class Preparation(Layer):
    """A layer on text or keys: it runs in NumPy, on data on their way to a model.

    It can be called on arrays and lists, used in a data pipeline, or stand at the beginning of a
    model: `fit`, `evaluate` and `predict` then run it on what they are given, once, before the
    compiled steps.

    A subclass defines `call`, which gets the inputs as they were given, and `output_spec`.
    """

    #: The element type of an Input in front of the layer.
    input_dtype = "string"
    #: What a config holds besides the arguments of `__init__`.
    config_notes: tuple[str, ...] = ()

    def output_spec(self, shape: tuple[int | None, ...]) -> tuple[tuple[int | None, ...], str]:
        """Return shape and element type of the output for a shape of the input."""
        raise NotImplementedError

    def compute_output_spec(self, *args: Any, **kwargs: Any) -> Any:
        """Return a KerasTensor shaped like the output; nothing is computed."""
        inputs = args[0] if args else next(iter(kwargs.values()))
        self.built = True
        return KerasTensor(*self.output_spec(flatten(inputs)[0].shape))

    def compute_output_shape(self, input_shape: Any) -> Any:
        """Return the shape of the output for a shape of the input."""
        first = input_shape[0] if isinstance(input_shape[0], (list, tuple)) else input_shape
        return self.output_spec(tuple(first))[0]

    def _converted(self, values: Any) -> Any:
        if any(isinstance(x, Node) for x in flatten(values)):
            raise TraceError(
                f"{self._place} works on text and keys, which no compiled "
                "step holds. Put it at the beginning of a Sequential or functional model, with "
                "nothing but layers of its kind before it, or call it on the data beforehand."
            )
        return values


def as_texts(x: Any, place: str, encoding: str = "utf-8") -> np.ndarray:
    """Return text as an array of `str` objects.

    Args:
        x: a text, or lists, arrays or series of them, `str` or `bytes`.
        place: the layer, for messages.
        encoding: of bytes.

    Raises:
        DataTypeError: if there is something else among them.
    """
    array = _objects(x, place)
    flat = [_text(item, place, encoding) for item in array.ravel()]
    texts = np.empty(len(flat), object)
    texts[:] = flat
    return texts.reshape(array.shape)


def as_keys(x: Any, place: str) -> np.ndarray:
    """Return whole numbers as an array of int64.

    Raises:
        DataTypeError: for text, and numbers that are not whole.
    """
    array = np.asarray(x.to_numpy() if hasattr(x, "to_numpy") else x)
    if array.dtype.kind in "biu":
        return array.astype(np.int64)
    if array.dtype.kind == "f" and (array == np.floor(array)).all():
        return array.astype(np.int64)
    raise DataTypeError(
        f"{place}: got values of type {array.dtype}, expected ints. Use StringLookup for text, and "
        "Discretization for fractions."
    )


def is_text(x: Any) -> bool:
    """Tell whether the first value in a structure is text."""
    while isinstance(x, (list, tuple)) and len(x):
        x = x[0]
    dtype = getattr(x, "dtype", None)
    if dtype is not None and getattr(dtype, "kind", "O") not in "OSUT":
        return False
    if hasattr(x, "shape") and np.size(x):
        x = np.asarray(x).ravel()[0]
    return isinstance(x, (str, bytes))


def _objects(x: Any, place: str) -> np.ndarray:
    if hasattr(x, "to_numpy"):
        x = x.to_numpy()
    if isinstance(x, (str, bytes)):
        array = np.empty((), object)
        array[()] = x
        return array
    try:
        return np.asarray(x, dtype=object) if not hasattr(x, "dtype") else np.asarray(x)
    except ValueError:
        raise _uneven(place) from None


def _uneven(place: str) -> DataTypeError:
    return DataTypeError(
        f"{place}: got lists of different lengths, expected rows alike. Join the words of a "
        'row to one text for TextVectorization, or fill them up with "".'
    )


def _text(item: Any, place: str, encoding: str) -> str:
    if isinstance(item, str):
        return str(item)
    if isinstance(item, bytes):
        try:
            return item.decode(encoding)
        except UnicodeDecodeError as error:
            raise DataTypeError(
                f"{place}: got {item!r:.60}, which is no text in {encoding} ({error}). Make the "
                "layer with the encoding of your texts, for instance encoding='cp949'."
            ) from None
    if isinstance(item, (list, tuple)):
        raise _uneven(place)
    raise DataTypeError(
        f"{place}: got {item!r:.60} of type {type(item).__name__}, expected text. Write "
        "x.astype(str) for numbers, and fill missing values with a text of their own."
    )


# --- indices as vectors ----------------------------------------------------------------------
def one_of(name: str, value: Any, known: tuple[Any, ...], place: str) -> Any:
    """Return `value` if it is one of the known words.

    Raises:
        ArgumentError: if not.
    """
    if not any(value is word or value == word for word in known):
        words = ", ".join(repr(word) for word in known)
        raise ArgumentError(f"{place}, `{name}`: got {value!r}, expected one of {words}.")
    return value


def no_sparse(sparse: Any, place: str) -> bool:
    """Return False, or refuse `sparse=True`."""
    if sparse:
        raise ArgumentError(
            f"{place}, `sparse`: got True, but results here are ordinary arrays. Leave it out."
        )
    return False


def encoded_shape(
    shape: tuple[int | None, ...], mode: str, depth: int | None
) -> tuple[int | None, ...]:
    """Return the shape of `encoded` for a shape of the indices."""
    if mode == "int":
        return shape
    if mode == "one_hot":
        return (*(shape[:-1] if len(shape) > 1 and shape[-1] == 1 else shape), depth)
    return (*shape[:1], *shape[2:], depth) if len(shape) > 1 else (depth,)


def encoded(indices: np.ndarray, mode: str, depth: int, dtype: Any) -> np.ndarray:
    """Return indices as they are ("int"), or as vectors of `depth` numbers.

    Args:
        indices: ints; those outside of 0 <= index < depth leave no trace in vectors.
        mode: "int", "one_hot" (a vector an index), or "multi_hot" and "count" (a vector a row:
            which indices there are, or how often).
        depth: length of the vectors.
        dtype: of the vectors.
    """
    if mode == "int":
        return indices
    if indices.ndim == 0:
        indices = indices[None]
    if mode == "one_hot" and indices.ndim > 1 and indices.shape[-1] == 1:
        indices = indices[..., 0]
    inside = (indices >= 0) & (indices < depth)
    if mode == "one_hot":
        out = np.zeros((*indices.shape, depth), dtype)
        places = np.nonzero(inside)
        out[(*places, indices[inside])] = 1
        return out
    # The samples lie along axis 1, or along the only axis there is.
    indices = np.moveaxis(indices, 1, -1) if indices.ndim > 1 else indices
    inside = (indices >= 0) & (indices < depth)
    out = np.zeros((*indices.shape[:-1], depth), dtype)
    places = np.nonzero(inside)[:-1]
    if mode == "count":
        np.add.at(out, (*places, indices[inside]), 1)
    else:
        out[(*places, indices[inside])] = 1
    return out
