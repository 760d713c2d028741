"""HDF5 files: the superblock, which says where everything else begins."""

from __future__ import annotations

from .group import Group
from .header import read_header
from .source import Source

_MAGIC = b"\x89HDF\r\n\x1a\n"


class File:
    """The bytes of an HDF5 file, ready to be walked from `root`.

    Args:
        data: the whole file.
        name: what errors call the file.

    Raises:
        ModelFileError: here and in all that follows, if the file is damaged or in a form that
            is not read.
    """

    def __init__(self, data: bytes | memoryview, name: str) -> None:
        self.source = Source(data, name)
        self.root = Group(self.source, "", read_header(self.source, self._root_address()))

    def _root_address(self) -> int:
        source = self.source
        if source.view[:8] != _MAGIC:
            raise source.failure("not an HDF5 file (its first bytes are others).")
        start = source.cursor(8, min(88, len(source.view) - 8))
        version = start.number(1)
        if version in (0, 1):
            start.skip(4)
            sizes = (start.number(1), start.number(1))
            start.skip(9 if version == 0 else 13)
            base, _, end, _ = (start.number(8) for _ in range(4))
            start.skip(8)
        elif version in (2, 3):
            sizes = (start.number(1), start.number(1))
            start.skip(1)
            base, _, end = (start.number(8) for _ in range(3))
        else:
            raise source.damaged(f"superblock of version {version}")
        root = start.number(8)
        if sizes != (8, 8) or base != 0:
            raise source.failure("an HDF5 file with offsets of another size or base; not read.")
        if end > len(source.view):
            raise source.failure(
                f"the file is cut off: {len(source.view)} bytes of {end}. Copy or save it again."
            )
        return root
