"""Global heaps: where HDF5 keeps texts of variable length."""

from __future__ import annotations

from .source import Source


def heap_text(source: Source, address: int, index: int, length: int) -> bytes:
    """Return the `length` bytes of one object in the heap at `address`.

    Raises:
        ModelFileError: if the heap is damaged, or the object is not there or of another length.
    """
    start = source.cursor(address, 16)
    start.expect(b"GCOL", "a heap of texts")
    if start.number(1) != 1:
        raise source.damaged("a heap of unknown version")
    start.skip(3)
    objects = source.cursor(address, start.number(8))
    objects.skip(16)
    while objects.left >= 16:
        source.spend()
        here = objects.number(2)
        objects.skip(6)
        size = objects.number(8)
        if here == 0:  # the rest is free
            break
        body = objects.raw(size)
        if here == index:
            if size < length:
                raise source.damaged(f"a text of {size} bytes, not {length}")
            return bytes(body[:length])
        objects.skip(min(-size % 8, objects.left))
    raise source.damaged("a text that is not in its heap")
