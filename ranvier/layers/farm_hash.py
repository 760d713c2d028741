"""FarmHash's 64-bit fingerprint of bytes: the hash behind Keras' string buckets."""

from __future__ import annotations

from collections.abc import Iterable

_WORD = (1 << 64) - 1
_K0, _K1, _K2 = 0xC3A5C85C97CB3127, 0xB492B66FBE98F273, 0x9AE16A3B2F90404F
_CAT = 0xC6A4A7935BD1E995


def fingerprint(data: bytes) -> int:
    """Return the fingerprint of some bytes, 0 <= fingerprint < 2^64.

    Example:
        >>> fingerprint(b"") == 0x9AE16A3B2F90404F
        True

    Source: Google's FarmHash, farmhashna::Hash64 (2014), which tf.strings.to_hash_bucket_fast uses.
    """
    size = len(data)
    if size <= 16:
        return _to_16(data, size)
    if size <= 32:
        return _to_32(data, size)
    return _to_64(data, size) if size <= 64 else _longer(data, size)


def concatenated(hashes: Iterable[int], seed: int) -> int:
    """Return one fingerprint for several, in their order.

    Source: tensorflow/core/platform/fingerprint.h, FingerprintCat64.
    """
    total = seed
    for one in hashes:
        mixed = (total ^ _CAT) ^ (_shift(one * _CAT & _WORD) * _CAT & _WORD)
        mixed = _shift(mixed * _CAT & _WORD) * _CAT & _WORD
        total = _shift(mixed)
    return total


def _fetch(data: bytes, at: int, size: int = 8) -> int:
    return int.from_bytes(data[at : at + size], "little")


def _turn(value: int, bits: int) -> int:
    value &= _WORD
    return (value >> bits | value << (64 - bits)) & _WORD


def _shift(value: int) -> int:
    return value ^ (value >> 47)


def _pair(u: int, v: int, factor: int) -> int:
    a = _shift(((u ^ v) & _WORD) * factor & _WORD)
    b = _shift(((v ^ a) & _WORD) * factor & _WORD)
    return b * factor & _WORD


def _to_16(s: bytes, size: int) -> int:
    factor = _K2 + size * 2
    if size >= 8:
        a = (_fetch(s, 0) + _K2) & _WORD
        b = _fetch(s, size - 8)
        c = _turn(b, 37) * factor + a
        d = (_turn(a, 25) + b) * factor
        return _pair(c & _WORD, d & _WORD, factor)
    if size >= 4:
        return _pair(size + (_fetch(s, 0, 4) << 3), _fetch(s, size - 4, 4), factor)
    if size:
        y = s[0] + (s[size >> 1] << 8)
        z = size + (s[size - 1] << 2)
        return _shift((y * _K2 ^ z * _K0) & _WORD) * _K2 & _WORD
    return _K2


def _to_32(s: bytes, size: int) -> int:
    factor = _K2 + size * 2
    a, b = _fetch(s, 0) * _K1, _fetch(s, 8)
    c, d = _fetch(s, size - 8) * factor, _fetch(s, size - 16) * _K2
    first = _turn(a + b, 43) + _turn(c, 30) + d
    return _pair(first & _WORD, (a + _turn(b + _K2, 18) + c) & _WORD, factor)


def _to_64(s: bytes, size: int) -> int:
    factor = _K2 + size * 2
    a, b = _fetch(s, 0) * _K2 & _WORD, _fetch(s, 8)
    c, d = _fetch(s, size - 8) * factor, _fetch(s, size - 16) * _K2
    y = (_turn(a + b, 43) + _turn(c, 30) + d) & _WORD
    z = _pair(y, (a + _turn(b + _K2, 18) + c) & _WORD, factor)
    e, f = _fetch(s, 16) * factor, _fetch(s, 24)
    g, h = (y + _fetch(s, size - 32)) * factor, (z + _fetch(s, size - 24)) * factor
    first = _turn(e + f, 43) + _turn(g, 30) + h
    return _pair(first & _WORD, (e + _turn(f + a, 18) + g) & _WORD, factor)


def _weak(s: bytes, at: int, a: int, b: int) -> tuple[int, int]:
    """Return two sums over 32 bytes, from two seeds."""
    w, x, y, z = (_fetch(s, at + 8 * i) for i in range(4))
    a = (a + w) & _WORD
    b = _turn(b + a + z, 21)
    c = a
    a = (a + x + y) & _WORD
    b = b + _turn(a, 44)
    return (a + z) & _WORD, (b + c) & _WORD


def _longer(s: bytes, size: int) -> int:
    seed = 81
    y = (seed * _K1 + 113) & _WORD
    z = _shift((y * _K2 + 113) & _WORD) * _K2 & _WORD
    v, w = (0, 0), (0, 0)
    x = (seed * _K2 + _fetch(s, 0)) & _WORD
    end = (size - 1) // 64 * 64
    for at in range(0, end, 64):
        x, y, z, v, w = _block(s, at, x, y, z, v, w, _K1, 1)
    factor = (_K1 + ((z & 0xFF) << 1)) & _WORD
    w = ((w[0] + ((size - 1) & 63)) & _WORD, w[1])
    v = ((v[0] + w[0]) & _WORD, v[1])
    w = ((w[0] + v[0]) & _WORD, w[1])
    x, y, z, v, w = _block(s, size - 64, x, y, z, v, w, factor, 9)
    first = _pair(v[0], w[0], factor) + _shift(y) * _K0 + z
    return _pair(first & _WORD, (_pair(v[1], w[1], factor) + x) & _WORD, factor)


def _block(
    s: bytes, at: int, x: int, y: int, z: int, v: tuple[int, int], w: tuple[int, int],
    factor: int, weight: int,
) -> tuple[int, int, int, tuple[int, int], tuple[int, int]]:  # fmt: skip
    x = _turn(x + y + v[0] + _fetch(s, at + 8), 37) * factor & _WORD
    y = _turn(y + v[1] + _fetch(s, at + 48), 42) * factor & _WORD
    x ^= w[1] * weight & _WORD
    y = (y + v[0] * weight + _fetch(s, at + 40)) & _WORD
    z = _turn(z + w[0], 33) * factor & _WORD
    v = _weak(s, at, v[1] * factor & _WORD, (x + w[0]) & _WORD)
    w = _weak(s, at + 32, (z + w[1]) & _WORD, (y + _fetch(s, at + 16)) & _WORD)
    return z, y, x, v, w
