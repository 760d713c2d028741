"""NumPy's `.npz`: a zip of arrays, each a short text header and the numbers; never pickle."""

from __future__ import annotations

import io
import math
import re
import zipfile
from collections.abc import Mapping

import numpy as np

from ..graph.errors import ModelFileError
from .archive import list_members, read_members
from .slot import Slot

_ENDING = ".npy"
_MAGIC = b"\x93NUMPY"
_MOST_HEADER = 10_000  # bytes, as in NumPy
# What NumPy writes for plain numbers; objects and records have other forms, and are refused.
_HEADER = re.compile(
    r"\{'descr': '([<>|][biuf]\d{1,2})', 'fortran_order': (True|False), "
    r"'shape': \(((?:\d{1,18}, ?)*(?:\d{1,18})?)\), ?\} *\n?"
)


def pack_npz(arrays: Mapping[str, np.ndarray]) -> bytes:
    """Return the bytes of an `.npz` file with these arrays, as `numpy.savez` writes it.

    Example:
        >>> import io
        >>> np.load(io.BytesIO(pack_npz({"a/b": np.ones(2)})))["a/b"]
        array([1., 1.])
    """
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as archive:
        for name, array in arrays.items():
            with archive.open(zipfile.ZipInfo(name + _ENDING), "w", force_zip64=True) as member:
                np.lib.format.write_array(member, np.asarray(array), allow_pickle=False)
    return out.getvalue()


class NpzFile:
    """The bytes of an `.npz` file: names at once, numbers when asked.

    Args:
        data: the whole file.
        name: what errors call the file.

    Raises:
        ModelFileError: here and in `read`, if the file is damaged, hostile, or holds other
            arrays than expected.
    """

    def __init__(self, data: bytes, name: str) -> None:
        self.name = name
        self._data = data
        self._sizes = list_members(data, name)
        strange = [one for one in self._sizes if not one.endswith(_ENDING)]
        if strange:
            raise self._failure(f"holds {strange[:5]!r}, expected arrays ('.npy') only.")

    @property
    def names(self) -> list[str]:
        """The names of the arrays."""
        return [name.removesuffix(_ENDING) for name in self._sizes]

    def read(self, slots: Mapping[str, Slot]) -> dict[str, np.ndarray]:
        """Return arrays by name, each of the shape and type that its slot expects.

        Sizes are checked before a byte is unpacked; floats of another width are converted.
        """
        for name, slot in slots.items():
            size, most = self._sizes[name + _ENDING], 8 * math.prod(slot.shape) + _MOST_HEADER
            if size > most:
                raise self._failure(
                    f"'{name}' has {size} bytes, expected at most {most} for the shape "
                    f"{slot.shape} of '{slot.name}'. The file was saved from another model."
                )
        wanted = [name + _ENDING for name in slots]
        others = [one for one in self._sizes if one not in wanted]
        members = read_members(self._data, self.name, wanted, others, kind=".npz", only=wanted)
        return {name: self._array(members[name + _ENDING], name, slot)
                for name, slot in slots.items()}  # fmt: skip

    def _array(self, content: bytes, name: str, slot: Slot) -> np.ndarray:
        if content[:6] != _MAGIC or content[6:7] not in (b"\1", b"\2", b"\3"):
            raise self._failure(f"'{name}' is no array.")
        width = 2 if content[6] == 1 else 4
        start = 8 + width + int.from_bytes(content[8 : 8 + width], "little")
        text = content[8 + width : start].decode("latin-1") if start <= _MOST_HEADER else ""
        found = _HEADER.fullmatch(text)
        if found is None:
            raise self._failure(f"'{name}' is no array of plain numbers; refused.")
        dtype = _dtype(found[1])
        shape = tuple(int(size) for size in found[3].replace(" ", "").split(",") if size)
        slot.check(self._failure, name, shape, dtype, found[1])
        assert dtype is not None
        if len(content) - start != math.prod(shape) * dtype.itemsize:
            raise self._failure(f"'{name}' stores {len(content) - start} bytes for {shape}.")
        order = "F" if found[2] == "True" else "C"
        array = np.frombuffer(content, dtype, offset=start).reshape(shape, order=order)  # type: ignore[call-overload]
        plain = np.ascontiguousarray(array).reshape(shape)
        return slot.converted(self._failure, name, plain)

    def _failure(self, text: str) -> ModelFileError:
        return ModelFileError(f"{self.name}: {text}")


def _dtype(code: str) -> np.dtype | None:
    try:
        return np.dtype(code)
    except TypeError:  # f3, i5
        return None
