"""The IDX format of MNIST and its relatives: a short header, then the numbers."""

from __future__ import annotations

import math

import numpy as np

from ranvier.datasets.source import File
from ranvier.graph.errors import DatasetError

# Type byte of the header -> element type, big-endian as the format demands.
_DTYPES = {0x08: "u1", 0x09: "i1", 0x0B: ">i2", 0x0C: ">i4", 0x0D: ">f4", 0x0E: ">f8"}
_MAX_NDIM = 8
_MOST_NUMBERS = 1 << 59  # bytes of any element type fit NumPy's sizes, also where one axis is 0

# The files of MNIST and its relatives: names, and bytes unpacked.
_FILES = (
    ("train-images-idx3-ubyte.gz", 47_040_016),
    ("train-labels-idx1-ubyte.gz", 60_008),
    ("t10k-images-idx3-ubyte.gz", 7_840_016),
    ("t10k-labels-idx1-ubyte.gz", 10_008),
)


def files(url: str, *hashes: tuple[str, str]) -> tuple[File, ...]:
    """Return the four files of MNIST or a relative: images and labels to train on, then to test.

    Args:
        url: the folder that they are fetched from.
        hashes: for each the SHA-256 of the file as published, and of its content.
    """
    return tuple(
        File(name, packed, size, url + name, unpacked)
        for (name, size), (packed, unpacked) in zip(_FILES, hashes, strict=True)
    )


def parse(content: np.ndarray, place: str) -> np.ndarray:
    """Read one IDX file that is already unpacked.

    The header is two zero bytes, a type byte, the number of axes, then one big-endian uint32 per
    axis. The size that it declares must be the size that is there, to the byte; nothing is
    allocated before that is known.

    Args:
        content: the bytes, a one-dimensional uint8 array.
        place: what the file is called in an error.
    Returns:
        An array of the declared shape; a view of `content` for one-byte types.
    Raises:
        DatasetError: no IDX header, or a declared size other than the real one.
    Example:
        >>> import numpy as np
        >>> content = np.array([0, 0, 8, 1, 0, 0, 0, 3, 7, 8, 9], np.uint8)
        >>> parse(content, "labels").tolist()
        [7, 8, 9]

    Source: the format's description on the MNIST page.
    """
    head = content[:4].tobytes()
    if len(head) < 4 or head[:2] != b"\0\0" or head[2] not in _DTYPES or head[3] > _MAX_NDIM:
        raise DatasetError(
            f"{place}: got a file that begins with {head!r}, expected an IDX header (two zero "
            f"bytes, a type, at most {_MAX_NDIM} axes). Fetch the file again."
        )
    ndim, start = head[3], 4 + 4 * head[3]
    if content.size < start:
        raise DatasetError(
            f"{place}: got {content.size} bytes, expected a header of {start}. "
            "The file is cut off; fetch it again."
        )
    shape = tuple(int(size) for size in np.frombuffer(content[4:start].tobytes(), ">u4"))
    dtype = np.dtype(_DTYPES[head[2]])
    expected = start + math.prod(shape) * dtype.itemsize
    if content.size != expected:
        raise DatasetError(
            f"{place}: got {content.size} bytes, expected {expected} for the shape {shape} of its "
            f"header ({ndim} axes). The file is damaged; fetch it again."
        )
    if math.prod(max(size, 1) for size in shape) > _MOST_NUMBERS:
        raise DatasetError(
            f"{place}: got the shape {shape}, expected sizes that an array can have. "
            "The file is damaged; fetch it again."
        )
    numbers = content[start:]
    if dtype.itemsize == 1:
        return numbers.view(dtype).reshape(shape)
    return np.frombuffer(numbers.tobytes(), dtype).reshape(shape).astype(dtype.newbyteorder("="))
