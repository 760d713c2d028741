"""Arrays out of pickles, and nothing else: the form in which some old data sets are published."""

from __future__ import annotations

import codecs
import io
import pickle
import zipfile
from typing import Any

import numpy as np

from ranvier.graph.errors import DatasetError

#: All that arrays of numbers and lists need; any other name in a pickle is refused.
_KNOWN = {
    **{(f"numpy.{core}.multiarray", "_reconstruct"): np.array([0]).__reduce__()[0]
       for core in ("core", "_core")},
    **{(f"numpy.{core}.multiarray", "scalar"): np.float64(0).__reduce__()[0]
       for core in ("core", "_core")},
    ("numpy", "ndarray"): np.ndarray,
    ("numpy", "dtype"): np.dtype,
    ("_codecs", "encode"): codecs.encode,
}  # fmt: skip


class _Arrays(pickle.Unpickler):
    """Reads a pickle that holds arrays, numbers, text, lists and dicts alone."""

    def find_class(self, module: str, name: str) -> Any:
        if (module, name) not in _KNOWN:
            raise DatasetError(f"got a pickle that asks for {module}.{name}; refused")
        return _KNOWN[module, name]


def unpickled(content: bytes) -> Any:
    """Return what a pickle of arrays, lists and dicts holds; byte strings stay bytes.

    Raises:
        DatasetError: if it asks for anything else, or is damaged.
    """
    try:
        return _Arrays(io.BytesIO(content), encoding="bytes").load()
    except DatasetError:
        raise
    except Exception as error:
        raise DatasetError(f"got a damaged pickle ({error})") from error


def read_npz(content: bytes, names: tuple[str, ...], place: str) -> list[np.ndarray]:
    """Return arrays of an `.npz` file by name; arrays of lists are read from their pickles.

    Raises:
        DatasetError: if one is missing, or the file is damaged.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            return [_read_npy(archive.read(f"{name}.npy")) for name in names]
    except (KeyError, ValueError, zipfile.BadZipFile, DatasetError) as error:
        raise DatasetError(
            f"{place}: got an archive that does not hold {', '.join(names)} ({error}). Remove the "
            "file, so that it is fetched again."
        ) from error


def _read_npy(content: bytes) -> np.ndarray:
    stream = io.BytesIO(content)
    version = np.lib.format.read_magic(stream)
    read = np.lib.format.read_array_header_1_0 if version == (1, 0) else (
        np.lib.format.read_array_header_2_0)  # fmt: skip
    shape, _, dtype = read(stream)
    if not dtype.hasobject:
        return np.lib.format.read_array(io.BytesIO(content), allow_pickle=False)
    array = np.asarray(unpickled(stream.read()), object)
    if array.shape != shape:
        raise DatasetError(f"got {array.shape}, expected shape {shape}")
    return array
