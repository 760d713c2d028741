"""Philox 4x32-10 over arrays of counters, in pieces that stay in the processor's cache."""

from __future__ import annotations

from typing import Any

import numpy as np

#: Multipliers and key increments of Philox 4x32 (Salmon et al., SC 2011, section 4.3).
M0, M1 = 0xD2511F53, 0xCD9E8D57
W0, W1 = 0x9E3779B9, 0xBB67AE85
ROUNDS = 10

#: Counters a piece: six arrays of 8 bytes each then fit a cache of 1 MiB.
PIECE = 16384
_LOW, _HALF = np.uint64(0xFFFFFFFF), np.uint64(32)


def philox_words(
    index: np.ndarray, step: Any, stream: Any, seed: Any, words: tuple[int, ...]
) -> np.ndarray:
    """Return 32-bit words of Philox at counters (index, step, stream, 0) and keys (seed, 0).

    Args:
        index: uint32 counters, one axis.
        step: a uint32 number, or one a counter.
        stream: the same.
        seed: the same.
        words: which of a counter's four words, for instance (0, 1, 2, 3).

    Returns:
        uint32 of shape (len(index), len(words)).

    Source: Salmon et al., Parallel random numbers: as easy as 1, 2, 3 (SC 2011).
    """
    count = len(index)
    out = np.empty((count, len(words)), np.uint32)
    others = [np.asarray(v, np.uint64) for v in (step, stream, seed)]
    memory = np.empty((6, min(count, PIECE)), np.uint64)
    for start in range(0, count, PIECE):
        part = slice(start, min(start + PIECE, count))
        values = [v[part] if v.ndim else v for v in others]
        mixed = _rounds(index[part], values, memory[:, : part.stop - part.start])
        for column, word in enumerate(words):
            out[part, column] = mixed[word]
    return out


def _rounds(index: np.ndarray, others: list[np.ndarray], memory: np.ndarray) -> list[np.ndarray]:
    """Mix one piece in place; high halves and low halves change seats each round."""
    step, stream, seed = others
    c0, c1, c2, c3, p0, p1 = memory
    c0[...], c1[...], c2[...], c3[...] = index, step, stream, 0
    k0: Any = seed
    k1 = np.uint64(0)
    for _ in range(ROUNDS):
        np.multiply(c0, np.uint64(M0), out=p0)
        np.multiply(c2, np.uint64(M1), out=p1)
        np.right_shift(p1, _HALF, out=c0)
        np.bitwise_xor(c0, c1, out=c0)
        np.bitwise_xor(c0, k0, out=c0)
        np.bitwise_and(p1, _LOW, out=c1)
        np.right_shift(p0, _HALF, out=c2)
        np.bitwise_xor(c2, c3, out=c2)
        np.bitwise_xor(c2, k1, out=c2)
        np.bitwise_and(p0, _LOW, out=c3)
        k0 = (k0 + np.uint64(W0)) & _LOW
        k1 = (k1 + np.uint64(W1)) & _LOW
    return [c0, c1, c2, c3]
