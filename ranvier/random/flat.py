"""Fast draws of whole arrays for initializers and shuffles: every word of every counter is used."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from ..graph.errors import ArgumentError
from ..ops.philox import philox_words
from .quantile import within_two
from .seed import INITIALIZER_STREAM, PERMUTATION_STREAM

_ALL = (0, 1, 2, 3)
#: Values a piece, so that the temporaries of a formula stay in the processor's cache.
_PIECE = 32768


def flat_bits(count: int, state: np.ndarray, stream: int) -> np.ndarray:
    """Return uint32 random bits: place i is word i % 4 of counter i // 4."""
    counters = np.arange(-(-count // 4), dtype=np.uint32)
    return philox_words(counters, state[1], stream, state[0], _ALL).reshape(-1)[:count]


def flat_uniform(shape: Sequence[int], state: np.ndarray, dtype: str) -> np.ndarray:
    """Return floats from 0 up to, not including, 1: the upper 24 bits (float64: 53)."""
    count = math.prod(shape)
    if dtype == "float32":
        bits = flat_bits(count, state, INITIALIZER_STREAM)
        bits >>= np.uint32(8)
        values = bits.astype(np.float32)
        values *= np.float32(2.0**-24)
    else:
        pairs = flat_bits(2 * count, state, INITIALIZER_STREAM).reshape(-1, 2)
        high, low = pairs[:, 0] >> np.uint32(5), pairs[:, 1] >> np.uint32(6)
        values = high * 2.0**-27 + low * 2.0**-53
    return values.reshape(tuple(shape))


def flat_normal(shape: Sequence[int], state: np.ndarray, dtype: str) -> np.ndarray:
    """Return standard normal floats: both values of each pair of Box and Muller.

    Source: Box and Muller, A note on the generation of random normal deviates (1958).
    """
    count = math.prod(shape)
    half = -(-count // 2)
    u, v = flat_uniform((half, 2), state, dtype).T
    radius = np.sqrt(-2 * np.log(1 - u))
    angle = v * (2 * math.pi)
    out = np.empty((half, 2), dtype)
    out[:, 0], out[:, 1] = radius * np.cos(angle), radius * np.sin(angle)
    return out.reshape(-1)[:count].reshape(tuple(shape))


def flat_truncated_normal(shape: Sequence[int], state: np.ndarray, dtype: str) -> np.ndarray:
    """Return standard normal floats from -2 to 2, one a uniform value, none redrawn."""
    values = flat_uniform((math.prod(shape),), state, dtype)
    for start in range(0, len(values), _PIECE):
        part = values[start : start + _PIECE]
        part[...] = within_two(part)
    return values.reshape(tuple(shape))


def permutation(n: int, seed: int, epoch: int = 0) -> np.ndarray:
    """Return the ints 0 to n - 1 in random order, a function of (seed, epoch) alone.

    Sorts 32 random bits a place; equal ones keep their order, so that every processor finds the
    same. Half of the bits at a time, since NumPy sorts numbers of 16 bits without comparing them.

    Args:
        n: how many, below 2**32.
        seed: an int; its lower 32 bits count.
        epoch: an int; tells the orders of one seed apart. Default 0.

    Returns:
        int64 of shape (n,).

    Raises:
        ArgumentError: if n does not lie in the range.

    Example:
        >>> sorted(permutation(4, seed=1).tolist())
        [0, 1, 2, 3]
    """
    if not 0 <= n < 2**32:
        raise ArgumentError(f"permutation, `n`: got {n!r}, expected 0 <= n < 2**32.")
    state = np.array([int(seed) & 0xFFFFFFFF, int(epoch) & 0xFFFFFFFF], np.uint32)
    bits = flat_bits(n, state, PERMUTATION_STREAM)
    low, high = (half.astype(np.uint16) for half in (bits, bits >> np.uint32(16)))
    order = np.argsort(low, kind="stable")
    return order[np.argsort(high[order], kind="stable")].astype(np.int64, copy=False)
