"""Philox: the published test vectors, and pieces against the plain definition."""

import numpy as np
import pytest

from ranvier.ops.philox import PIECE, philox_words

#: Known answers of Random123 (kat_vectors, philox4x32 10) whose last counter and key are 0.
ZERO = (0x6627E8D5, 0xE169C58D, 0xBC57AC4C, 0x9B00DBD8)


def _plain(index: int, step: int, stream: int, seed: int) -> tuple[int, ...]:
    """One counter in Python's own integers, straight from the paper."""
    c, k = [index, step, stream, 0], [seed, 0]
    for _ in range(10):
        p0, p1 = 0xD2511F53 * c[0], 0xCD9E8D57 * c[2]
        c = [(p1 >> 32) ^ c[1] ^ k[0], p1 & 0xFFFFFFFF, (p0 >> 32) ^ c[3] ^ k[1], p0 & 0xFFFFFFFF]
        k = [(k[0] + 0x9E3779B9) & 0xFFFFFFFF, (k[1] + 0xBB67AE85) & 0xFFFFFFFF]
    return tuple(c)


def test_known_answer() -> None:
    words = philox_words(np.zeros(1, np.uint32), 0, 0, 0, (0, 1, 2, 3))
    assert tuple(words[0].tolist()) == ZERO


@pytest.mark.parametrize("count", [1, 7, PIECE - 1, PIECE, PIECE + 3])
def test_pieces_equal_the_definition(count: int) -> None:
    words = philox_words(np.arange(count, dtype=np.uint32), 5, 7, 0xFFFFFFFF, (0, 1, 2, 3))
    for i in {0, count // 2, count - 1}:
        assert tuple(words[i].tolist()) == _plain(i, 5, 7, 0xFFFFFFFF)


def test_counters_with_values_of_their_own() -> None:
    step = np.arange(9, dtype=np.uint32)
    words = philox_words(step[::-1].copy(), step, 1, step + 3, (2,))
    assert [w for (w,) in words.tolist()] == [_plain(8 - i, i, 1, i + 3)[2] for i in range(9)]
