"""Weights as safetensors and .npz: by the path of their layer, all of them or none."""

import io
import json
import os
import zipfile

import numpy as np
import pytest

from ranvier.graph.errors import ArgumentError, ModelFileError
from ranvier.layers import BatchNormalization, Dense, Dropout, Input
from ranvier.model import Sequential

ENDINGS = [".safetensors", ".npz"]


def net(units=3):
    inner = Sequential([Input((units,)), Dense(2), BatchNormalization()], name="inner")
    return Sequential([Input((4,)), Dense(units), Dropout(0.5), inner, Dense(1)], name="net")


def equal(one, other):
    for a, b in zip(one.get_weights(), other.get_weights(), strict=True):
        np.testing.assert_array_equal(a, b)


def header_of(data):
    size = int.from_bytes(data[:8], "little")
    return json.loads(data[8 : 8 + size]), data[8 + size :]


def with_header(header, body):
    text = json.dumps(header).encode()
    return len(text).to_bytes(8, "little") + text + body


@pytest.mark.parametrize("ending", ENDINGS)
def test_round_trip(tmp_path, ending):
    model, other = net(), net()
    model.compile("adam", "mse")
    path = tmp_path / f"m{ending}"
    model.save_weights(path)
    first = path.read_bytes()
    other.load_weights(path)
    equal(model, other)
    model.save_weights(str(path))
    assert path.read_bytes() == first and os.listdir(tmp_path) == [path.name]
    other.set_weights([w * 0 for w in other.get_weights()])
    other.load_weights(io.BytesIO(first))
    equal(model, other)
    with pytest.raises(ArgumentError, match="by the names of layers"):
        other.load_weights(path, by_name=True)
    with pytest.raises(FileExistsError):
        model.save_weights(path, overwrite=False)


def test_numpy_reads_and_writes(tmp_path):
    model, other = net(), net()
    model.save_weights(tmp_path / "m.npz")
    found = np.load(tmp_path / "m.npz")
    assert sorted(found)[0] == "layers/dense/bias"
    np.testing.assert_array_equal(found["layers/dense/kernel"], model.get_weights()[0])
    arrays = {k: np.asfortranarray(v).astype("f8") for k, v in found.items()}
    np.savez_compressed(tmp_path / "n.npz", **arrays)
    other.load_weights(tmp_path / "n.npz")
    equal(model, other)
    other = net()
    np.savez(tmp_path / "n.npz", *model.get_weights())
    other.load_weights(tmp_path / "n.npz")
    equal(model, other)


def test_safetensors_by_its_specification(tmp_path):
    """Eight bytes of length, a JSON header, the numbers; float16 and bfloat16 are converted."""
    model = Sequential([Input((1,)), Dense(2, name="a")], name="net")
    model.save_weights(tmp_path / "m.safetensors")
    header, body = header_of((tmp_path / "m.safetensors").read_bytes())
    assert header["layers/dense/kernel"]["shape"] == [1, 2] and len(body) == 16
    assert header["layers/dense/bias"]["dtype"] == "F32"
    kernel = np.float32([[1.5, -3.0]])
    body = np.float16([4, 5]).tobytes() + (kernel.view("u4") >> 16).astype("u2").tobytes()
    entries = {
        "net/a/bias": {"dtype": "F16", "shape": [2], "data_offsets": [0, 4]},
        "net/a/kernel": {"dtype": "BF16", "shape": [1, 2], "data_offsets": [4, 8]},
    }
    model.load_weights(io.BytesIO(with_header(entries, body)))
    np.testing.assert_array_equal(model.get_weights()[0], kernel)
    np.testing.assert_array_equal(model.get_weights()[1], [4, 5])


@pytest.mark.parametrize("ending", ENDINGS)
def test_another_model(tmp_path, ending):
    path = tmp_path / f"m{ending}"
    net().save_weights(path)
    other = net(5)
    before = other.get_weights()
    with pytest.raises(ModelFileError, match=r"'layers/dense/kernel' has shape \(4, 3\).*5"):
        other.load_weights(path)
    for one, two in zip(before, other.get_weights(), strict=True):
        np.testing.assert_array_equal(one, two)
    with pytest.warns(UserWarning, match="left as they are: 'layers/dense/kernel'"):
        other.load_weights(path, skip_mismatch=True)
    less = Sequential([Input((4,)), Dense(3)])
    with pytest.raises(ModelFileError, match="2 in all; the file holds .'layers/"):
        less.load_weights(path)
    more = Sequential([Input((4,)), Dense(3), *[Dense(3) for _ in range(3)]])
    with pytest.raises(ModelFileError, match="the file lacks"):
        more.load_weights(path)


@pytest.mark.parametrize("ending", ENDINGS)
def test_cut_off_and_flipped(tmp_path, ending):
    """At any place: the same numbers, or the one error and no weight touched."""
    model = Sequential([Input((2,)), Dense(2)])
    model.save_weights(tmp_path / f"m{ending}")
    data = (tmp_path / f"m{ending}").read_bytes()
    wanted = model.get_weights()
    for size in range(0, len(data), 13):
        file = io.BytesIO(data[:size])
        file.name = f"m{ending}"
        with pytest.raises(ModelFileError):
            model.load_weights(file)
    told = 0
    for place in range(0, 8 * len(data), 41):
        damaged = bytearray(data)
        damaged[place // 8] ^= 1 << place % 8
        file = io.BytesIO(bytes(damaged))
        file.name = f"m{ending}"
        try:
            model.load_weights(file)
        except ModelFileError:
            told += 1
        for one, two in zip(wanted, model.get_weights(), strict=True):
            np.testing.assert_array_equal(one, two)
    assert told > 20


def entry(**changes):
    return {"dtype": "F32", "shape": [2], "data_offsets": [0, 8], **changes}


@pytest.mark.parametrize(
    ("header", "words"),
    [
        ({"bias": entry(dtype="F128")}, "damaged header: 'bias'"),
        ({"bias": entry(shape=[-2])}, "damaged header"),
        ({"bias": entry(shape=[1 << 40])}, "declares shape .*, but stores 8"),
        ({"bias": entry(shape=[True, 2])}, "damaged header"),
        ({"bias": entry(data_offsets=[8, 0])}, "stores -8"),
        ({"bias": entry(), "more": entry()}, "overlap"),
        ({"bias": entry(shape=[1], data_offsets=[4, 8])}, "leave room"),
        ({"bias": entry(shape=[1], data_offsets=[0, 4])}, "stores 8 bytes, its header says 4"),
        ({"bias": 5}, "damaged header"),
        ([1], "expected a JSON object"),
    ],
)
def test_hostile_safetensors(header, words):
    model = Sequential([Input((2,)), Dense(2)])
    file = io.BytesIO(with_header(header, b"\0" * 8))
    file.name = "m.safetensors"
    with pytest.raises(ModelFileError, match=f"m.safetensors.*{words}"):
        model.load_weights(file)


def npz(**members):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(f"{name}.npy", content)
    return out


def npy(array, **kwargs):
    out = io.BytesIO()
    np.lib.format.write_array(out, array, **kwargs)
    return out.getvalue()


@pytest.mark.parametrize(
    ("kernel", "words"),
    [
        (npy(np.array([[{}, 1]], object), allow_pickle=True), "no array of plain numbers"),
        (npy(np.zeros((1, 2), "c8")), "no array of plain numbers"),
        (npy(np.zeros((1, 2), "S4")), "no array of plain numbers"),
        (npy(np.zeros((1, 2), "i4")), "type <i4"),
        (npy(np.zeros((1, 2), "f4"))[:-1], "stores 7 bytes"),
        (npy(np.zeros((1, 2), "f4")).replace(b"(1, 2)", b"(2, 1)"), r"has shape \(2, 1\)"),
        (b"\0" * 200, "no array"), (b"", "no array"), (b"\0" * (50 << 20), "expected at most"),
    ],
)  # fmt: skip
def test_hostile_npz(kernel, words):
    model = Sequential([Input((1,)), Dense(2)])
    file = npz(arr_0=kernel, arr_1=npy(np.zeros(2, "f4")))
    file.name = "m.npz"
    file.seek(0)
    with pytest.raises(ModelFileError, match=f"m.npz.*{words}"):
        model.load_weights(file)
