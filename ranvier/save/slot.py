"""What a model expects of one array in a file: checked before it is read, converted after."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

#: Makes the error that says a text of a file.
Failure = Callable[[str], Exception]


@dataclass(frozen=True)
class Slot:
    """The place of one array, as the model says it: name (for errors), shape and type."""

    name: str
    shape: tuple[int, ...]
    dtype: np.dtype

    def check(
        self, failure: Failure, path: str, shape: tuple[int, ...], dtype: np.dtype | None,
        kind: object = None,
    ) -> None:  # fmt: skip
        """Check shape and type of an array before a number is read.

        Args:
            failure: makes the error.
            path: of the array in the file.
            shape, dtype: what the file says; None for a type that NumPy does not know.
            kind: the file's word for the type, if it has one of its own.

        Raises:
            ModelFileError: if they are not those that the model expects.
        """
        if shape != self.shape or dtype is None or not fits(dtype, self.dtype):
            raise failure(
                f"'{path}' has shape {shape} and type {kind or dtype}, but '{self.name}' has shape "
                f"{self.shape} and type {self.dtype}. The file was saved from another model."
            )

    def converted(self, failure: Failure, path: str, array: np.ndarray) -> np.ndarray:
        """Return an array in the type that the model expects: floats as Keras does, ints unchanged.

        Raises:
            ModelFileError: if ints are too large for the type.
        """
        if array.dtype == self.dtype:
            return array
        out = array.astype(self.dtype)
        if self.dtype.kind != "f" and not np.array_equal(out, array):
            raise failure(f"'{path}': numbers too large for {self.dtype}.")
        return out


def fits(stored: np.dtype, wanted: np.dtype) -> bool:
    """Tell whether numbers of one type can be read as another."""
    return stored.kind == wanted.kind or (stored.kind in "iu" and wanted.kind in "iu")
