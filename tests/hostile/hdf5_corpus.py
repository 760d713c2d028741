"""Hostile weights files, each made by a few lines of code, each with the words that refuse it."""

from __future__ import annotations

import io
import struct
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import h5py
import numpy as np

from ranvier.save.weights import Part, Slot, pack_weights

KERNEL = np.arange(1, 7, dtype="float32").reshape(2, 3)
BIAS = np.arange(1, 4, dtype="float32")
PATH = "layers/dense"
SLOTS = (Slot("head/kernel", (2, 3), np.dtype("f4")), Slot("head/bias", (3,), np.dtype("f4")))


@dataclass(frozen=True)
class Case:
    """One file: how it is made (in a folder of its own), and what the error must say."""

    make: Callable[[Path], bytes]
    words: str
    slots: tuple[Slot, ...] = SLOTS

    @property
    def name(self) -> str:
        return self.make.__name__


CASES: list[Case] = []


def hostile(words: str, slots: tuple[Slot, ...] = SLOTS):
    def keep(make):
        CASES.append(Case(make, words, slots))
        return make

    return keep


def good(_: Path) -> bytes:
    """The benign twin of all: the same layer, as Ranvier writes it."""
    return pack_weights([Part("", "model"), Part(PATH, "head", [KERNEL, BIAS])])


def built(fill: Callable[[h5py.Group], None], **settings) -> bytes:
    """A file with the right bias; `fill` adds the kernel, or what stands for it."""
    out = io.BytesIO()
    with h5py.File(out, "w", **settings) as file:
        group = file.create_group(f"{PATH}/vars")
        group["1"] = BIAS
        fill(group)
    return out.getvalue()


def patched(old: bytes, new: bytes, at: int = 0) -> bytes:
    """The good file with the first `old` after `at` replaced by `new` of the same length."""
    data = good(Path())
    place = data.index(old, at)
    assert len(old) == len(new)
    return data[:place] + new + data[place + len(old) :]


def elsewhere(folder: Path) -> Path:
    path = folder / "elsewhere.h5"
    with h5py.File(path, "w") as file:
        file["secret"] = KERNEL
        file[f"{PATH}/vars/0"] = KERNEL
    return path


# Links


@hostile("'layers/dense/vars/0' is a link of the soft kind")
def soft_link(_):
    def fill(group):
        group.file["other"] = KERNEL
        group["0"] = h5py.SoftLink("/other")

    return built(fill)


@hostile("'layers' is a link of the soft kind")
def soft_link_in_the_middle(_):
    out = io.BytesIO()
    with h5py.File(out, "w") as file:
        file["real/dense/vars/0"], file["real/dense/vars/1"] = KERNEL, BIAS
        file["layers"] = h5py.SoftLink("/real")
    return out.getvalue()


@hostile("'layers/dense/vars/0' is a link of the external kind")
def external_link(folder):
    path = elsewhere(folder)
    return built(lambda group: group.__setitem__("0", h5py.ExternalLink(str(path), "/secret")))


@hostile("'layers' is a link of the external kind")
def external_link_in_the_middle(folder):
    out = io.BytesIO()
    with h5py.File(out, "w") as file:
        file["layers"] = h5py.ExternalLink(str(elsewhere(folder)), "/layers")
    return out.getvalue()


@hostile("has arrays named 1, dense, expected 0, 1")
def group_in_itself(_):
    def fill(group):
        group["dense"] = group.file["layers"]

    return built(fill)


# Storage


@hostile("keeps its numbers in another file")
def external_storage(folder):
    raw = folder / "raw"
    raw.write_bytes(KERNEL.tobytes())
    return built(
        lambda group: group.create_dataset("0", (2, 3), "f4", external=[(str(raw), 0, 24)])
    )


@hostile("virtual dataset")
def virtual_dataset(folder):
    layout = h5py.VirtualLayout((2, 3), "f4")
    layout[...] = h5py.VirtualSource(str(elsewhere(folder)), "secret", (2, 3))
    return built(lambda group: group.create_virtual_dataset("0", layout))


@hostile("declares shape .2, 3. but stores nothing")
def never_stored(_):
    return built(lambda group: group.create_dataset("0", (2, 3), "f4"))


@hostile(
    "unpack to far more than its size",
    (Slot("kernel", (1 << 20, 1 << 16), np.dtype("f4")), SLOTS[1]),
)
def shape_bomb(_):
    return built(
        lambda group: group.create_dataset(
            "0", (1 << 20, 1 << 16), "f4", chunks=(1 << 10, 1 << 10), compression="gzip"
        )
    )


@hostile("declares shape .* stores 0 of 1", (Slot("k", (1000, 1000), np.dtype("f4")), SLOTS[1]))
def chunk_never_stored(_):
    return built(lambda group: group.create_dataset("0", (1000, 1000), "f4", chunks=(1000, 1000)))


@hostile("unpack to far more", (Slot("k", (1 << 25,), np.dtype("f4")), SLOTS[1]))
def compression_bomb(_):
    def fill(group):
        dataset = group.create_dataset("0", (1 << 25,), "f4", chunks=(1 << 20,), compression="gzip")
        import zlib

        packed = zlib.compress(bytes(4 << 20))
        for start in range(0, 1 << 25, 1 << 20):
            dataset.id.write_direct_chunk((start,), packed)

    return built(fill)


@hostile("unpacks to more than its size")
def chunk_longer_than_declared(_):
    import zlib

    def fill(group):
        dataset = group.create_dataset("0", (2, 3), "f4", chunks=(2, 3), compression="gzip")
        dataset.id.write_direct_chunk((0, 0), zlib.compress(bytes(1 << 20)))

    return built(fill)


@hostile("cannot be unpacked")
def chunk_of_garbage(_):
    def fill(group):
        dataset = group.create_dataset("0", (2, 3), "f4", chunks=(2, 3), compression="gzip")
        dataset.id.write_direct_chunk((0, 0), b"garbage")

    return built(fill)


@hostile("has chunks of .*; refused")
def chunk_far_larger_than_the_array(_):
    return built(
        lambda group: group.create_dataset(
            "0", data=KERNEL, chunks=(1 << 14, 1 << 10), maxshape=(None, None), compression="gzip"
        )
    )


@hostile("HDF5 filter 32000")
def unknown_filter(_):
    return built(lambda group: group.create_dataset("0", data=KERNEL, compression="lzf"))


@hostile("unpack to far more", tuple(Slot(f"v{i}", (1 << 18,), np.dtype("f4")) for i in range(200)))
def one_array_under_many_names(_):
    out = io.BytesIO()
    with h5py.File(out, "w") as file:
        group = file.create_group(f"{PATH}/vars")
        group["0"] = np.zeros(1 << 18, "f4")
        for i in range(1, 200):
            group[str(i)] = group["0"]
    return out.getvalue()


# Types and shapes


@hostile("HDF5 type 'reference'")
def reference(_):
    def fill(group):
        group.create_dataset("0", data=group.file[PATH].ref, dtype=h5py.ref_dtype)

    return built(fill)


@hostile("HDF5 type 'text of variable length'")
def text(_):
    return built(lambda group: group.create_dataset("0", data=["a", "b"]))


@hostile("HDF5 type 'compound'")
def compound(_):
    return built(lambda group: group.create_dataset("0", data=np.zeros((2, 3), "f4,f4")))


@hostile(r"has shape \(3, 2\).*'head/kernel' has shape \(2, 3\)")
def other_shape(_):
    return built(lambda group: group.create_dataset("0", data=KERNEL.T))


@hostile("type int32, but 'head/kernel'")
def other_type(_):
    return built(lambda group: group.create_dataset("0", data=KERNEL.astype("i4")))


@hostile("has no numbers at all")
def null_space(_):
    return built(lambda group: group.create_dataset("0", data=h5py.Empty("f4")))


@hostile("has 3 arrays, expected 2")
def one_array_too_many(_):
    def fill(group):
        group["0"], group["2"] = KERNEL, KERNEL

    return built(fill)


@hostile("'layers/dense/vars/0' is a group, expected an array")
def group_for_array(_):
    return built(lambda group: group.create_group("0"))


_SPACE = struct.pack("<4BL2Q", 1, 2, 1, 0, 0, 2, 3)


@hostile("has shape .9223372036854775808, 3.")
def size_beyond_all_numbers(_):
    return patched(_SPACE, struct.pack("<4BL2Q", 1, 2, 1, 0, 0, 1 << 63, 3))


@hostile("with 255 axes")
def too_many_axes(_):
    return patched(_SPACE, struct.pack("<4BL2Q", 1, 255, 1, 0, 0, 2, 3))


# Structure


def _tree(data: bytes, after: int = 0) -> int:
    return data.index(b"TREE", after)


@hostile("no signature b'SNOD' where the list of a group should be")
def tree_that_points_to_itself(_):
    data = bytearray(good(Path()))
    at = _tree(data)
    data[at + 32 : at + 40] = struct.pack("<Q", at)
    return bytes(data)


@hostile("a tree that contains itself")
def tree_deep_in_itself(_):
    data = bytearray(good(Path()))
    at = _tree(data)
    data[at + 5] = 1
    data[at + 32 : at + 40] = struct.pack("<Q", at)
    return bytes(data)


@hostile("a list that is in its group twice")
def the_same_list_many_times(_):
    data = bytearray(good(Path()))
    at = _tree(data)
    data[at + 6 : at + 8] = struct.pack("<H", 2)
    data[at + 48 : at + 56] = data[at + 32 : at + 40]
    return bytes(data)


@hostile("lists more parts than it has room for")
def list_of_65535_names(_):
    data = bytearray(good(Path()))
    at = data.index(b"SNOD")
    data[at + 6 : at + 8] = b"\xff\xff"
    return bytes(data)


@hostile("an object header continues in itself")
def header_that_continues_in_itself(_):
    data = bytearray(good(Path()))
    at = data.rindex(struct.pack("<HHB3x", 0x10, 16, 0)) + 8
    address, size = struct.unpack_from("<2Q", data, at)
    data[address : address + 24] = struct.pack("<HHB3x2Q", 0x10, 16, 0, address, size)
    return bytes(data)


@hostile("is there twice in one group")
def a_name_twice(_):
    data = bytearray(good(Path()))
    at = data.rindex(b"SNOD")  # the list with both arrays
    data[at + 8 + 40 : at + 8 + 48] = data[at + 8 : at + 16]
    return bytes(data)


@hostile("a name that is not UTF-8")
def name_that_is_not_utf8(_):
    return patched(b"layers\0", b"lay\xffrs\0")


@hostile("not an HDF5 file")
def a_pickle(_):
    return b"\x80\x04cos\nsystem\n(S'true'\ntR." * 20


@hostile("not an HDF5 file")
def nothing(_):
    return b""


@hostile("superblock of version 9")
def unknown_superblock(_):
    data = bytearray(good(Path()))
    data[8] = 9
    return bytes(data)


@hostile("offsets of another size or base")
def offsets_of_four_bytes(_):
    data = bytearray(good(Path()))
    data[13] = 4
    return bytes(data)


@hostile("is cut off")
def cut_off(_):
    return good(Path())[:-100]


@hostile("lie outside its")
def root_beyond_the_end(_):
    data = bytearray(good(Path()))
    data[64:72] = struct.pack("<Q", 1 << 62)
    return bytes(data)


@hostile("fail their checksum")
def changed_number(_):
    return patched(BIAS.tobytes(), BIAS[::-1].tobytes())


@hostile("dense form of HDF5")
def dense_links(_):
    def fill(group):
        for i in range(20):
            group[f"{i + 2}"] = BIAS
        group["0"] = KERNEL

    return built(fill, libver="latest")
