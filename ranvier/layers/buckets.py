"""Buckets: tokens without a vocabulary, spread over a fixed number of indices by a hash."""

from __future__ import annotations

from typing import Any

from ..graph.errors import ArgumentError
from .farm_hash import fingerprint
from .sip_hash import sip_hash


def bucket(token: Any, count: int, salt: list[int] | None = None) -> int:
    """Return the bucket of a token: its hash modulo `count`.

    Args:
        token: text, or an int (its digits are hashed).
        count: how many buckets there are.
        salt: two ints, for SipHash instead of FarmHash.

    Example:
        >>> bucket("A", 3), bucket("B", 3)
        (1, 0)
    """
    data = str(token).encode("utf-8")
    number = fingerprint(data) if salt is None else sip_hash(data, (salt[0], salt[1]))
    return number % count


def checked_salt(salt: Any, place: str) -> list[int] | None:
    """Return a salt as two ints, or None.

    Raises:
        ArgumentError: for anything but an int or two of them.
    """
    if salt is None:
        return None
    parts = [salt, salt] if isinstance(salt, int) else salt
    if not isinstance(parts, (list, tuple)) or len(parts) != 2 or not all(
        isinstance(part, int) for part in parts
    ):  # fmt: skip
        raise ArgumentError(f"{place}, `salt`: got {salt!r}, expected an int or two of them.")
    return list(parts)
