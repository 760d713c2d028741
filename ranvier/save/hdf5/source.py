"""The bytes of a file, and a cursor over them that never leaves them."""

from __future__ import annotations

from ...graph.errors import ModelFileError

UNDEFINED = 0xFFFFFFFFFFFFFFFF

# About a second of work, and far more than any model of dense layers needs.
_MOST_STEPS = 1_000_000


def memory_bound(size: int) -> int:
    """Return how many bytes the arrays of a file of `size` bytes may take.

    Keras stores floats as they are. What a person packed again, or stored as half floats, may
    take more than its size; four times is far beyond what trained weights ever save.
    """
    return 4 * size + (16 << 20)


class Source:
    """All bytes of one file, with a budget that bounds the work and the memory spent on it.

    Args:
        data: the whole file.
        name: what errors call the file.
    """

    def __init__(self, data: bytes | memoryview, name: str) -> None:
        self.view = memoryview(data).cast("B").toreadonly()
        self.name = name
        # A node, link or message takes 16 bytes or more, and a good file says each once.
        self._steps = min(1000 + len(self.view) // 8, _MOST_STEPS)
        # Stored arrays never overlap; packed ones may be larger than the file, within reason.
        self._bytes = memory_bound(len(self.view))

    def failure(self, text: str) -> ModelFileError:
        """Return the error that says `text` of this file."""
        return ModelFileError(f"{self.name}: {text}")

    def damaged(self, what: str) -> ModelFileError:
        """Return the error for bytes that make no sense."""
        return self.failure(f"damaged HDF5 file ({what}). Copy or save the file again.")

    def spend(self, steps: int = 1) -> None:
        """Count work; a file that keeps the reader busy beyond its size is refused."""
        self._steps -= steps
        if self._steps < 0:
            raise self.damaged("it lists more parts than it has room for")

    def spend_bytes(self, size: int) -> None:
        """Count memory for arrays; more than the file can hold is refused."""
        self._bytes -= size
        if self._bytes < 0:
            raise self.failure(
                f"its arrays unpack to far more than its size of {len(self.view)} bytes; refused."
            )

    def take(self, address: int, size: int) -> memoryview:
        """Return `size` bytes from `address`, which must lie within the file."""
        if address < 0 or size < 0 or address + size > len(self.view):
            raise self.damaged(f"{size} bytes at {address} lie outside its {len(self.view)} bytes")
        return self.view[address : address + size]

    def cursor(self, address: int, size: int) -> Cursor:
        """Return a cursor over `size` bytes from `address`."""
        return Cursor(self, self.take(address, size))


class Cursor:
    """Reads numbers one after the other from a piece of a file."""

    def __init__(self, source: Source, view: memoryview) -> None:
        self.source = source
        self.view = view
        self.at = 0

    @property
    def left(self) -> int:
        return len(self.view) - self.at

    def raw(self, size: int) -> memoryview:
        """Return the next `size` bytes."""
        if size < 0 or size > self.left:
            raise self.source.damaged(f"a record of {len(self.view)} bytes ends too early")
        self.at += size
        return self.view[self.at - size : self.at]

    def number(self, size: int) -> int:
        """Return the next `size` bytes as an unsigned number."""
        return int.from_bytes(self.raw(size), "little")

    def skip(self, size: int) -> None:
        """Step over the next `size` bytes."""
        self.raw(size)

    def expect(self, magic: bytes, what: str) -> None:
        """Step over a signature that must be there."""
        if self.raw(len(magic)) != magic:
            raise self.source.damaged(f"no signature {magic!r} where {what} should be")

    def rest(self) -> Cursor:
        """Return a cursor over what is left."""
        return Cursor(self.source, self.view[self.at :])
