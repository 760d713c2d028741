"""SipHash-2-4: the hash with a key that Keras takes where a salt is given."""

from __future__ import annotations

_WORD = (1 << 64) - 1


def sip_hash(data: bytes, key: tuple[int, int]) -> int:
    """Return the 64-bit SipHash-2-4 of some bytes under a key of two ints.

    Example:
        >>> hex(sip_hash(bytes(range(15)), (0x0706050403020100, 0x0F0E0D0C0B0A0908)))
        '0xa129ca6149be45e5'

    Source: Aumasson and Bernstein, SipHash: a fast short-input PRF (2012), with the example of
    its appendix A.
    """
    k0, k1 = (part & _WORD for part in key)
    state = [k0 ^ 0x736F6D6570736575, k1 ^ 0x646F72616E646F6D,
             k0 ^ 0x6C7967656E657261, k1 ^ 0x7465646279746573]  # fmt: skip
    whole = len(data) // 8 * 8
    words = [int.from_bytes(data[at : at + 8], "little") for at in range(0, whole, 8)]
    words.append(int.from_bytes(data[whole:], "little") | (len(data) & 0xFF) << 56)
    for word in words:
        state[3] ^= word
        _round(state)
        _round(state)
        state[0] ^= word
    state[2] ^= 0xFF
    for _ in range(4):
        _round(state)
    return state[0] ^ state[1] ^ state[2] ^ state[3]


def _turn(value: int, bits: int) -> int:
    return (value << bits | value >> (64 - bits)) & _WORD


def _round(v: list[int]) -> None:
    v[0] = (v[0] + v[1]) & _WORD
    v[1] = _turn(v[1], 13) ^ v[0]
    v[0] = _turn(v[0], 32)
    v[2] = (v[2] + v[3]) & _WORD
    v[3] = _turn(v[3], 16) ^ v[2]
    v[0] = (v[0] + v[3]) & _WORD
    v[3] = _turn(v[3], 21) ^ v[0]
    v[2] = (v[2] + v[1]) & _WORD
    v[1] = _turn(v[1], 17) ^ v[2]
    v[2] = _turn(v[2], 32)
