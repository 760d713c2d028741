"""Bounds on memory and work, while a model is built from a stranger's file."""

from __future__ import annotations

import contextlib
import math
from collections.abc import Iterator, Sequence
from contextvars import ContextVar

import numpy as np

from . import dtype as dt
from .errors import ModelFileError

#: What is left inside `limited`: bytes, and steps.
_LEFT: ContextVar[list[int] | None] = ContextVar("budget", default=None)
_BLANK: ContextVar[bool] = ContextVar("blank", default=False)

# About a second. A network of 150 layers takes about 10,000, an LSTM unrolled over 500
# time steps as many, a GRU or an LSTM both ways 20,000.
_STEPS, _MOST_STEPS = 40_000, 200_000
# Bytes of one constant of a layer. A causal mask of 8,192 steps has as many.
_MOST_CONSTANT = 1 << 26


@contextlib.contextmanager
def limited(size: int, values: int = 0, blank: bool = False) -> Iterator[None]:
    """Refuse weights of more than `size` bytes in all, or endless work, inside a `with` block.

    Work is counted in ops applied and layers called: a short config may ask for any number of
    them, for instance by models in models, each of which calls the one inside twice.

    Args:
        size: how many bytes weights may take.
        values: how many values the config has; each allows for one step more.
        blank: whether weights begin as zeros, since the file's numbers follow: their initializers
            may take long (an orthogonal one some seconds).

    Example:
        >>> with limited(100):
        ...     charge((10, 10), "float32")
        Traceback (most recent call last):
        ranvier.graph.errors.ModelFileError: the config asks for an array of shape (10, 10), ...
    """
    token = _LEFT.set([size, min(_STEPS + values, _MOST_STEPS)])
    begun = _BLANK.set(blank)
    try:
        yield
    finally:
        _LEFT.reset(token)
        _BLANK.reset(begun)


def is_blank() -> bool:
    """Tell whether weights begin as zeros."""
    return _BLANK.get()


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


def step(count: int = 1) -> None:
    """Count an op that is applied, or twice a layer that is called; free outside of `limited`.

    A call of a layer takes twice the time of an op, besides the ops in it.

    Raises:
        ModelFileError: if no steps are left.
    """
    left = _LEFT.get()
    if left is None:
        return
    left[1] -= count
    if left[1] < 0:
        raise ModelFileError("the config asks for more work than a model of its size; refused.")


def constant(shape: Sequence[int], itemsize: int = 8) -> None:
    """Check the size of numbers that a layer is about to lay out; free outside of `limited`.

    Raises:
        ModelFileError: if it is beyond what layers need.
    """
    if _LEFT.get() is not None and math.prod(shape) * itemsize > _MOST_CONSTANT:
        raise ModelFileError(
            f"the config asks for a constant of shape {tuple(shape)}, larger than any layer "
            "needs; refused."
        )
