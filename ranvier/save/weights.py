"""The weights format of Keras 3 (`.weights.h5`): arrays by the path of their owner.

Each layer, optimizer or model owns a group, `<path>/vars`, with its arrays as `0`, `1`, ... in
the order of its variables. The path is made of attribute names and of class names in snake case,
never of the names that users give, so that two instances of one model agree.
Ranvier adds a SHA-256 per group, which Keras ignores: HDF5 itself has none, so a flipped bit
would otherwise load as another number.
"""

from __future__ import annotations

import hashlib
import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from .hdf5 import Dataset, File, Group, Source
from .slot import Slot

#: Where a SHA-256 over the numbers of a group stands.
CHECKSUM = "ranvier_sha256"


@dataclass(frozen=True)
class Part:
    """What one owner stores: its path in the file, its name, its arrays in order, and by name."""

    path: str
    name: str | None
    arrays: Sequence[np.ndarray] = ()
    named: Mapping[str, np.ndarray] = field(default_factory=dict)


def pack_weights(parts: Iterable[Part]) -> bytes:
    """Return the bytes of a weights file that holds `parts`, readable by Keras 3 too.

    Args:
        parts: each path once; the model itself has the path "". A part without a name and
            without arrays leaves no trace.

    Example:
        >>> data = pack_weights([Part("layers/dense", "head", [np.ones(2, "float32")])])
        >>> WeightsFile(data, "doc").read("layers/dense", [Slot("bias", (2,), np.dtype("f4"))])
        [array([1., 1.], dtype=float32)]
    """
    import h5py

    out = io.BytesIO()
    with h5py.File(out, "w") as file:
        for part in parts:
            if part.name is None and not part.arrays:
                continue
            group = file.create_group(_vars(part.path))
            if part.name is not None:
                group.attrs["name"] = part.name
            for place, array in enumerate(part.arrays):
                group[str(place)] = array
            for key, array in part.named.items():
                group[key] = array
            arrays = [*part.arrays, *part.named.values()]
            group.attrs[CHECKSUM] = np.bytes_(digest(part.path, arrays))
    return out.getvalue()


class WeightsFile:
    """The bytes of a weights file. Nothing is read but what is asked for by path and shape.

    Args:
        data: the whole file.
        name: what errors call the file.

    Raises:
        ModelFileError: here and in all methods, if the file is damaged, hostile, or holds
            other arrays than expected.
    """

    def __init__(self, data: bytes | memoryview, name: str) -> None:
        self.name = name
        self._file = File(data, name)

    def children(self, path: str) -> list[str]:
        """Return the names below `path`, without its own arrays; none if there is no such path."""
        group = self._find(path)
        return [] if group is None else sorted(set(group.links) - {"vars"})

    def has(self, path: str) -> bool:
        """Say whether the owner at `path` left a group in the file."""
        return self._find(_vars(path)) is not None

    def count(self, path: str) -> int:
        """Return how many arrays the owner at `path` left in the file."""
        group = self._find(_vars(path))
        return 0 if group is None else len(group.links)

    def shape(self, path: str, place: int) -> tuple[int, ...] | None:
        """Return the shape of one array of the owner at `path`, None if it is not there."""
        group = self._find(_vars(path))
        if group is None or str(place) not in group:
            return None
        return group.dataset(str(place)).shape

    def read(self, path: str, slots: Sequence[Slot]) -> list[np.ndarray]:
        """Return the arrays of the owner at `path`, which must be those that `slots` expect.

        Shapes and types are checked before a number is read. Floats of another width are
        converted, as Keras does. Where a checksum is stored, it is checked.
        """
        group = self._find(_vars(path))
        links = set() if group is None else set(group.links)
        wanted = {str(place) for place in range(len(slots))}
        if links != wanted:
            owner = path or "the model"
            names = ", ".join(slot.name for slot in slots) or "none"
            raise self._failure(
                f"'{owner}' has {len(links)} arrays, expected {len(slots)} ({names}). "
                "The file was saved from another model."
                if len(links) != len(wanted)
                else f"'{owner}' has arrays named {', '.join(sorted(links))}, expected "
                f"{', '.join(sorted(wanted))}."
            )
        if group is None:
            return []
        found = [group.dataset(str(place)) for place in range(len(slots))]
        return read_arrays(self._file.source, group, path, found, slots)

    def read_vectors(self, path: str, names: Sequence[str]) -> dict[str, np.ndarray]:
        """Return the vectors of floats that the owner at `path` keeps under names."""
        group = self._find(_vars(path))
        if group is None or not group.links:
            return {}
        if set(group.links) != set(names):
            raise self._failure(
                f"'{path}' has arrays named {', '.join(sorted(group.links))}, expected "
                f"{', '.join(names) or 'none'}."
            )
        found = {name: group.dataset(name) for name in names}
        for dataset in found.values():
            if len(dataset.shape) != 1 or dataset.dtype.kind != "f":
                raise self._failure(
                    f"'{dataset.path}' has shape {dataset.shape} and type {dataset.dtype}, "
                    "expected a vector of floats."
                )
        arrays = {name: dataset.read() for name, dataset in found.items()}
        check_digest(self._file.source, group, path, list(arrays.values()))
        return arrays

    def _find(self, path: str) -> Group | None:
        here = self._file.root
        for name in filter(None, path.split("/")):
            if name not in here:
                return None
            here = here.group(name)
        return here

    def _failure(self, text: str) -> Exception:
        return self._file.source.failure(text)


def _vars(path: str) -> str:
    return f"{path}/vars" if path else "vars"


def read_arrays(
    source: Source, group: Group, path: str, found: Sequence[Dataset], slots: Sequence[Slot]
) -> list[np.ndarray]:
    """Return the arrays of an owner, which must be those that `slots` expect, in their order.

    Shapes and types are checked before a number is read, then the checksum if the group has one.

    Raises:
        ModelFileError: if they are others, or damaged.
    """
    for dataset, slot in zip(found, slots, strict=True):
        slot.check(source.failure, dataset.path, dataset.shape, dataset.dtype)
    arrays = [dataset.read() for dataset in found]
    check_digest(source, group, path, arrays)
    return [
        slot.converted(source.failure, slot.name, array)
        for array, slot in zip(arrays, slots, strict=True)
    ]


def check_digest(source: Source, group: Group, path: str, arrays: Sequence[np.ndarray]) -> None:
    """Compare the numbers of a group with its checksum, if it has one.

    Raises:
        ModelFileError: if they are not those that were written.
    """
    stored = group.attributes().get(CHECKSUM)
    if stored is not None and stored != digest(path, arrays).encode():
        raise source.failure(
            f"the numbers of '{path or 'the model'}' fail their checksum: the file is damaged. "
            "Copy or save it again."
        )


def digest(path: str, arrays: Sequence[np.ndarray]) -> str:
    """Return a SHA-256 over the path and each array's type, shape and numbers."""
    total = hashlib.sha256(path.encode())
    for array in arrays:
        total.update(f"\n{array.dtype.kind}{array.dtype.itemsize} {array.shape}\n".encode())
        total.update(np.ascontiguousarray(array, array.dtype.newbyteorder("<")).data)
    return total.hexdigest()
