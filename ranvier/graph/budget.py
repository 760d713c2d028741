"""A bound on the memory that weights may take, while a model is built from a stranger's file."""

from __future__ import annotations

import contextlib
import math
from collections.abc import Iterator, Sequence
from contextvars import ContextVar

import numpy as np

from . import dtype as dt
from .errors import ModelFileError

_LEFT: ContextVar[list[int] | None] = ContextVar("budget", default=None)


@contextlib.contextmanager
def limited(size: int) -> Iterator[None]:
    """Refuse weights of more than `size` bytes in all, made inside a `with` block.

    Example:
        >>> with limited(100):
        ...     charge((10, 10), "float32")
        Traceback (most recent call last):
        ranvier.graph.errors.ModelFileError: the config asks for an array of shape (10, 10), ...
    """
    token = _LEFT.set([size])
    try:
        yield
    finally:
        _LEFT.reset(token)


def charge(shape: Sequence[int], dtype: object) -> None:
    """Count an array that is about to be made; free of charge outside of `limited`.

    Raises:
        ModelFileError: if it takes more than what is left.
    """
    left = _LEFT.get()
    if left is None:
        return
    left[0] -= math.prod(shape) * np.dtype(dt.canonical(dtype)).itemsize
    if left[0] < 0:
        raise ModelFileError(
            f"the config asks for an array of shape {tuple(shape)}, and with it for more weights "
            "than the file stores; refused."
        )
