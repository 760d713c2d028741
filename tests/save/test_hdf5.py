"""What h5py writes by default is read to the bit; what it says is checked."""

import io

import h5py
import numpy as np
import pytest

from ranvier.graph.errors import ModelFileError
from ranvier.save.hdf5 import Dataset, File, Group

RNG = np.random.default_rng(1)
TYPES = ("?", "i1", "u1", "i2", "u2", "i4", "u4", "i8", "u8", "f2", "f4", "f8", ">i4", ">f4", ">f8")
ARRAY = RNG.normal(size=(50, 33))


def make(fill, **settings) -> bytes:
    out = io.BytesIO()
    with h5py.File(out, "w", **settings) as file:
        fill(file)
    return out.getvalue()


def arrays(group: Group) -> dict[str, np.ndarray]:
    found = {}
    for name in group.links:
        child = group.child(name)
        found |= {child.path: child.read()} if isinstance(child, Dataset) else arrays(child)
    return found


def fill_types(file):
    for code in TYPES:
        file[f"types/{code}"] = RNG.integers(0, 2, (3, 4)).astype(code)
    file["shapes/scalar"] = np.float32(1.5)
    file["shapes/empty"] = np.zeros((0, 3))
    file["shapes/deep/er/and/deeper"] = np.ones((1, 2, 3, 4, 5), "f4")


def fill_chunks(file):
    file.create_dataset("plain", data=ARRAY, chunks=(13, 11))
    file.create_dataset("gzip", data=ARRAY, chunks=(7, 33), compression="gzip")
    file.create_dataset("all", data=ARRAY, chunks=(13, 11), compression="gzip", shuffle=True,
                        fletcher32=True)  # fmt: skip
    file.create_dataset("odd", data=ARRAY[:3, :3].astype("f4"), chunks=(3, 3), fletcher32=True)
    file.create_dataset("open", data=ARRAY, chunks=(64, 64), maxshape=(None, None))
    file.create_dataset("many", data=np.arange(5000), chunks=(10,))


def fill_groups(file):
    for i in range(300):
        file.create_group(f"layers/dense_{i}/vars").attrs["name"] = "신경망"
        file[f"layers/dense_{i}/vars/0"] = np.full(2, i)


@pytest.mark.parametrize("fill", [fill_types, fill_chunks, fill_groups])
def test_reads_what_h5py_reads(fill):
    data = make(fill)
    found = arrays(File(data, "file").root)
    with h5py.File(io.BytesIO(data)) as file:
        stored = {}
        file.visititems(
            lambda name, obj: stored.update({name: obj} if hasattr(obj, "shape") else {})
        )
        assert set(stored) == set(found)
        for name, dataset in stored.items():
            assert found[name].dtype == dataset.dtype
            np.testing.assert_array_equal(found[name], dataset[()])


def test_newer_form_of_groups():
    """`libver="latest"` gives other headers and links; small groups are read."""

    def fill(file):
        file["a/b"] = ARRAY
        file["a/c"] = np.float32(2)

    np.testing.assert_array_equal(
        arrays(File(make(fill, libver="latest"), "file").root)["a/b"], ARRAY
    )


def test_attributes_of_fixed_length():
    def fill(file):
        file.attrs["sum"] = np.bytes_("0123")
        file.attrs["text"] = "of variable length"
        file.attrs["number"] = 3

    assert File(make(fill), "file").root.attributes() == {"sum": b"0123"}


@pytest.mark.parametrize(
    ("value", "word"),
    [("text", "text of variable length"), (np.bytes_("abc"), "string"), (1j, "compound"),
     (np.longdouble(1), "float"), (np.void(b"12"), "opaque")],
)  # fmt: skip
def test_other_types_are_refused(value, word):
    data = make(lambda file: file.create_dataset("x", data=value))
    with pytest.raises(ModelFileError, match=f"^file: 'x' has elements of .*'{word}'"):
        File(data, "file").root.dataset("x")


def test_words_for_wrong_paths():
    data = make(lambda file: file.create_dataset("a/b", data=ARRAY))
    root = File(data, "file").root
    with pytest.raises(ModelFileError, match="'a/c' is missing"):
        root.group("a").child("c")
    with pytest.raises(ModelFileError, match="'a/b' is an array, expected a group"):
        root.group("a/b")
    with pytest.raises(ModelFileError, match="'a' is a group, expected an array"):
        root.dataset("a")


def test_cut_off_at_any_place():
    data = make(fill_chunks)
    for end in range(0, len(data), 997):
        with pytest.raises(ModelFileError, match="^file: "):
            arrays(File(data[:end], "file").root)


def test_random_bytes_give_arrays_or_the_one_error():
    data = make(fill_types) + b""
    chunks = make(fill_chunks)
    for seed in range(300):
        rng = np.random.default_rng(seed)
        damaged = bytearray((data, chunks)[seed % 2])
        for _ in range(rng.choice([1, 2, 8])):
            damaged[rng.integers(len(damaged))] = rng.choice([0, 255, rng.integers(256)])
        try:
            arrays(File(bytes(damaged), "file").root)
        except ModelFileError as error:
            assert str(error).startswith("file: ")
