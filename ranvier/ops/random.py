"""Random numbers as maps of a counter: the same on every engine, at any number of threads."""

from __future__ import annotations

from collections.abc import Sequence
from math import pi
from typing import Any

import numpy as np

from ..graph.dtype import floatx
from ..graph.errors import ShapeError
from ..graph.node import cast
from .elementwise import add, cos, floor_divide, log, multiply, philox, sqrt_, subtract
from .index import iota
from .reshape import reshape, sizes


def random_bits(
    shape: Sequence[int | None] | int, state: Any, word: int = 0, stream: int = 0
) -> Any:
    """Return uint32 random bits, a function of (state, stream, place) alone.

    Args:
        shape: sizes; the first may be None.
        state: uint32 of shape (2,): the seed and the number of draws before this one.
        word: which of the four words of a counter, 0 to 3.
        stream: tells draws of one state apart.

    Raises:
        ArgumentTypeError: if `shape` holds anything but whole numbers.
        ShapeError: if one lies below 0.
    """
    shape = sizes(shape)
    if any(size is not None and size < 0 for size in shape):
        raise ShapeError(f"random, `shape`: got {shape}, expected sizes of at least 0.")
    place: Any = np.uint32(0)
    for axis, size in enumerate(shape):
        at = cast(iota(shape, axis), "uint32")
        place = at if axis == 0 else add(multiply(place, np.uint32(size or 0)), at)
    seed, step = (reshape(state[i : i + 1], ()) for i in (0, 1))
    return philox(place, np.uint32(stream), seed, step, word=word)


def random_uniform(shape: Sequence[int | None] | int, state: Any, dtype: str | None = None,
                   word: int = 0) -> Any:  # fmt: skip
    """Return floats from 0 up to, not including, 1: the upper 24 bits (float64: 53)."""
    dtype = dtype or floatx()
    high = random_bits(shape, state, word)
    if dtype == "float32":
        return multiply(cast(floor_divide(high, np.uint32(256)), dtype), 2.0**-24)
    low = random_bits(shape, state, word + 1)
    top = multiply(cast(floor_divide(high, np.uint32(32)), dtype), 2.0**-27)
    return add(top, multiply(cast(floor_divide(low, np.uint32(64)), dtype), 2.0**-53))


def random_normal(shape: Sequence[int | None] | int, state: Any, dtype: str | None = None) -> Any:
    """Return standard normal floats: sqrt(-2 log(1 - u)) cos(2 pi v).

    Source: Box and Muller, A note on the generation of random normal deviates (1958).
    """
    u = random_uniform(shape, state, dtype, word=0)
    v = random_uniform(shape, state, dtype, word=2)
    radius = sqrt_(multiply(-2.0, log(subtract(1.0, u))))
    return multiply(radius, cos(multiply(v, 2 * pi)))


def next_state(state: Any) -> Any:
    """Return the state after one draw."""
    return add(state, np.array([0, 1], np.uint32))
