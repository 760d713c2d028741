"""Arrays by the path of their owner: what was packed is read, and nothing else is."""

import io

import h5py
import numpy as np
import pytest

from ranvier.graph.errors import ModelFileError
from ranvier.save.weights import Part, Slot, WeightsFile, pack_weights

KERNEL = np.arange(6, dtype="float32").reshape(2, 3)
BIAS = np.arange(3, dtype="float32")
SLOTS = [Slot("head/kernel", (2, 3), np.dtype("f4")), Slot("head/bias", (3,), np.dtype("f4"))]
PARTS = [
    Part("layers/dense", "head", [KERNEL, BIAS]),
    Part("layers/dropout", "dropout"),
    Part("", "모델"),
    Part("nothing", None),
    Part("optimizer", "adam", [np.int32(7), np.zeros((0, 2), "float32")]),
]


@pytest.fixture
def data():
    return pack_weights(PARTS)


def test_round_trip(data):
    file = WeightsFile(data, "file")
    kernel, bias = file.read("layers/dense", SLOTS)
    np.testing.assert_array_equal(kernel, KERNEL)
    np.testing.assert_array_equal(bias, BIAS)
    assert file.read("layers/dropout", []) == []
    assert file.children("layers") == ["dense", "dropout"]
    assert file.children("") == ["layers", "optimizer"]
    assert file.has("") and not file.has("nothing") and file.count("optimizer") == 2
    slots = [Slot("iterations", (), np.dtype("i4")), Slot("empty", (0, 2), np.dtype("f4"))]
    assert file.read("optimizer", slots)[0] == 7


def test_layout_is_that_of_keras(data):
    with h5py.File(io.BytesIO(data)) as file:
        assert file["layers/dense/vars"].attrs["name"] == "head"
        np.testing.assert_array_equal(file["layers/dense/vars/0"], KERNEL)
        assert file["vars"].attrs["name"] == "모델" and "nothing" not in file


def test_same_arrays_same_bytes(data):
    assert data == pack_weights(PARTS)


@pytest.mark.parametrize(
    ("slots", "words"),
    [
        (SLOTS[:1], "'layers/dense' has 2 arrays, expected 1 .head/kernel."),
        ([SLOTS[1], SLOTS[0]], r"'layers/dense/vars/0' has shape \(2, 3\).*'head/bias' has shape"),
        ([Slot("k", (2, 3), np.dtype("i4")), SLOTS[1]], "type float32, but 'k'.*int32"),
    ],
)
def test_another_model(data, slots, words):
    with pytest.raises(ModelFileError, match=words):
        WeightsFile(data, "file").read("layers/dense", slots)


def test_missing_owner(data):
    with pytest.raises(ModelFileError, match="file: 'layers/dense_1' has 0 arrays, expected 2"):
        WeightsFile(data, "file").read("layers/dense_1", SLOTS)


def test_floats_of_another_width():
    data = pack_weights([Part("a", None, [KERNEL.astype("f8"), BIAS.astype("f2")])])
    kernel, bias = WeightsFile(data, "file").read("a", SLOTS)
    assert kernel.dtype == bias.dtype == np.float32
    np.testing.assert_array_equal(kernel, KERNEL)


def test_ints_that_do_not_fit():
    slot = [Slot("count", (), np.dtype("i4"))]
    assert WeightsFile(pack_weights([Part("a", "a", [np.int64(3)])]), "f").read("a", slot) == [3]
    with pytest.raises(ModelFileError, match="'count': numbers too large for int32"):
        WeightsFile(pack_weights([Part("a", "a", [np.int64(1 << 40)])]), "f").read("a", slot)


def read_all(data):
    file = WeightsFile(data, "file")
    slots = [Slot("iterations", (), np.dtype("i4")), Slot("empty", (0, 2), np.dtype("f4"))]
    return [*file.read("layers/dense", SLOTS), *file.read("optimizer", slots)]


def test_no_flipped_bit_gives_other_numbers(data):
    """Every 67th bit: each part of the file, and each place in a byte."""
    good = read_all(data)
    told = 0
    for place in range(0, 8 * len(data), 67):
        damaged = bytearray(data)
        damaged[place // 8] ^= 1 << place % 8
        try:
            found = read_all(bytes(damaged))
        except ModelFileError:
            told += 1
        else:
            assert all(np.array_equal(a, b) for a, b in zip(found, good, strict=True)), place
    assert told > 50
