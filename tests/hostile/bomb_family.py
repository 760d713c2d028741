"""Small files that ask for much work or memory, beside twins that ask for little."""

from __future__ import annotations

import copy
import io
import zipfile
import zlib
from collections.abc import Callable
from typing import Any

import h5py
import numpy as np

from ranvier.layers import (
    GRU,
    Activation,
    Dense,
    Input,
    RepeatVector,
    SimpleRNN,
    SpectralNormalization,
    StringLookup,
    ZeroPadding1D,
)
from ranvier.model import Model, Sequential
from ranvier.save.keras import pack_keras, unpack_keras
from ranvier.save.weights import Part, pack_weights
from tests.hostile.trial import Trial, good, saved
from tests.hostile.value_family import SECRET

Config = dict[str, Any]


def _parts(model: Any) -> tuple[Config, bytes]:
    contents = unpack_keras(saved(model), "good")
    return contents.config, contents.weights


# --- models in models ---------------------------------------------------------------------------
def _tower(levels: int, calls: int = 2) -> bytes:
    """Models in models, each of which calls the one inside several times."""
    z = Input((2,))
    inner = Model(z, Activation("tanh")(z), name="inner")
    x = y = Input((2,))
    for _ in range(calls):
        y = inner(y)
    plain, _ = _parts(Model(x, y))
    config = copy.deepcopy(plain)
    for level in range(levels - 1):
        outer = copy.deepcopy(plain)
        outer["config"]["name"] = f"level_{level}"
        members = outer["config"]["layers"]
        slot = next(i for i, one in enumerate(members) if one["name"] == "inner")
        nodes = members[slot]["inbound_nodes"]
        config["config"]["name"] = "inner"
        members[slot] = {**config, "name": "inner", "inbound_nodes": nodes}
        config = outer
    return pack_keras(config, pack_weights([Part("", "model")]))


def _many_layers(count: int) -> bytes:
    config, weights = _parts(Sequential([Input((1,)), Dense(1, use_bias=False)]))
    layer = config["config"]["layers"][1]
    for i in range(count):
        more = copy.deepcopy(layer)
        more["config"]["name"] = f"more_{i}"
        config["config"]["layers"].append(more)
    return pack_keras(config, weights)


# --- one argument -------------------------------------------------------------------------------
def _changed(layer: Any, row: tuple[int, ...], shape: Any = None, **changes: Any) -> bytes:
    """A model of one layer, with other arguments, or another shape of its input."""
    config, weights = _parts(Sequential([Input(row), layer]))
    first, second = config["config"]["layers"]
    second["config"].update(changes)
    if shape is not None:
        first["config"]["batch_shape"] = shape
        config["config"].pop("build_input_shape", None)
        second.pop("build_config", None)
    return pack_keras(config, weights)


# --- zip ----------------------------------------------------------------------------------------
def _assets(count: int, size: int) -> bytes:
    """An archive with members that unpack to some megabytes each."""
    out, zeros = io.BytesIO(), bytes(size)
    with zipfile.ZipFile(io.BytesIO(good("m.keras"))) as old, zipfile.ZipFile(out, "w") as new:
        for member in old.infolist():
            new.writestr(member.filename, old.read(member))
        for i in range(count):
            new.writestr(f"assets/layers/{i}/words.txt", zeros, zipfile.ZIP_DEFLATED)
    return out.getvalue()


def _packed_again() -> bytes:
    out = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(good("m.keras"))) as old,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for member in old.infolist():
            new.writestr(member.filename, old.read(member))
    return out.getvalue()


# --- HDF5 ---------------------------------------------------------------------------------------
def _kernel(fill: Callable[[Any], None]) -> bytes:
    """The good weights file, with another first kernel."""
    data = io.BytesIO(good("m.weights.h5"))
    with h5py.File(data, "r+") as file:
        group = file["layers/dense/vars"]
        kernel = group["0"][...]
        del group["0"], group.attrs["ranvier_sha256"]
        fill((group, kernel))
    return data.getvalue()


def _shuffles(count: int) -> bytes:
    """A kernel in one chunk of 15 MB, shuffled many times over."""

    def fill(parts: Any) -> None:
        group, _ = parts
        properties = h5py.h5p.create(h5py.h5p.DATASET_CREATE)
        properties.set_chunk((4, 1_000_000))
        properties.set_deflate(9)
        for _ in range(count):
            properties.set_shuffle()
        space = h5py.h5s.create_simple((4, 3), (4, 1_000_000))
        dataset = h5py.h5d.create(group.id, b"0", h5py.h5t.IEEE_F32LE, space, dcpl=properties)
        dataset.write_direct_chunk((0, 0), zlib.compress(bytes(16_000_000), 9), 0)

    return _kernel(fill)


def _compressed(parts: Any) -> None:
    group, kernel = parts
    group.create_dataset("0", data=kernel, compression="gzip", shuffle=True, fletcher32=True)


def _attributes(count: int) -> bytes:
    """A whole-model file whose names of layers are cut into many lists."""
    data = io.BytesIO(good("m.h5"))
    with h5py.File(data, "r+") as file:
        group = file["model_weights"]
        del group.attrs["layer_names"]
        for i in range(count):
            group.attrs[f"layer_names{i}"] = [b"a"]
    return data.getvalue()


def _legacy(change: Callable[[Any], None]) -> bytes:
    data = io.BytesIO(good("m.h5"))
    with h5py.File(data, "r+") as file:
        change(file)
    return data.getvalue()


def _names(*names: str) -> Callable[[Any], None]:
    def change(file: Any) -> None:
        file["model_weights/a"].attrs["weight_names"] = [name.encode() for name in names]

    return change


def _config(text: Any) -> Callable[[Any], None]:
    def change(file: Any) -> None:
        del file.attrs["ranvier_config_sha256"]
        file.attrs["model_config"] = text

    return change


def _linked(file: Any) -> None:
    file["model_weights"].move("a", "elsewhere")
    file["model_weights/a"] = h5py.SoftLink("/model_weights/elsewhere")


def _renamed(file: Any) -> None:
    file["model_weights"].attrs["layer_names"] = np.array([b"b"] * 20_000)


def bombs() -> list[Trial]:
    """All of them."""
    rnn, words = SimpleRNN(2, unroll=True), StringLookup(vocabulary=["a", "b"])
    spectral = SpectralNormalization(Dense(2))
    square = Dense(2, kernel_initializer="orthogonal")
    configs: list[tuple[str, str, Callable[[], bytes]]] = [
        ("tower of 3", "loaded", lambda: _tower(3)),
        ("tower of 17", "refused", lambda: _tower(17)),
        ("tower of 6, 12 calls each", "refused", lambda: _tower(6, 12)),
        ("unrolled 5 times", "loaded", lambda: _changed(rnn, (5, 2))),
        ("unrolled 500 times", "loaded",
         lambda: saved(Sequential([Input((500, 2)), GRU(2, unroll=True, dropout=0.1)]))),
        ("unrolled a million times", "refused",
         lambda: _changed(rnn, (5, 2), [None, 1_000_000, 2])),
        ("unrolled for ever", "refused", lambda: _changed(rnn, (5, 2), [None, 1 << 40, 2])),
        ("one power iteration", "loaded", lambda: _changed(spectral, (2,))),
        ("a billion power iterations", "either",
         lambda: _changed(spectral, (2,), power_iterations=1 << 30)),
        ("words", "loaded", lambda: _changed(words, (1,))),
        ("words of another file", "refused", lambda: _changed(words, (1,), vocabulary=SECRET)),
        ("words of no file", "refused", lambda: _changed(words, (1,), vocabulary="/nowhere")),
        ("a billion unknown words", "either",
         lambda: _changed(words, (1,), num_oov_indices=1 << 30)),
        ("300 layers too many", "refused", lambda: _many_layers(300)),
        ("2^62 zeros", "either", lambda: _changed(ZeroPadding1D(1), (5, 2), padding=1 << 62)),
        ("2^62 copies", "either", lambda: _changed(RepeatVector(2), (2,), n=1 << 62)),
        ("orthogonal 2000", "refused",
         lambda: _changed(square, (2,), [None, 2000], units=2000)),
        ("packed again", "loaded", _packed_again),
        ("assets of 180 MB", "refused", lambda: _assets(6, 30 << 20)),
        ("assets for no layer", "refused", lambda: _assets(1, 100)),
    ]  # fmt: skip
    weights: list[tuple[str, str, Callable[[], bytes]]] = [
        ("compressed kernel", "loaded", lambda: _kernel(_compressed)),
        ("shuffled 30 times", "refused", lambda: _shuffles(30)),
    ]
    whole: list[tuple[str, str, Callable[[], bytes]]] = [
        ("whole model", "loaded", lambda: good("m.h5")),
        ("800 lists of names", "refused", lambda: _attributes(800)),
        ("one layer 20,000 times", "refused", lambda: _legacy(_renamed)),
        ("soft link to a layer", "refused", lambda: _legacy(_linked)),
        ("path upwards", "refused", lambda: _legacy(_names("../../a/kernel", "a/bias"))),
        ("absolute path", "refused", lambda: _legacy(_names("/etc/passwd", "a/bias"))),
        ("config of a number", "refused", lambda: _legacy(_config(np.float64(1)))),
        ("config of many texts", "refused", lambda: _legacy(_config(["{}"] * 1000))),
        ("config without a class", "refused", lambda: _legacy(_config('{"a": {}}'))),
        ("config of code", "refused", lambda: _legacy(_config(
            '{"class_name": "Lambda", "config": {"function": ["4wAA", null, null]}}'))),
        ("config nested", "refused", lambda: _legacy(_config('{"a":' * 9000 + "1" + "}" * 9000))),
    ]  # fmt: skip
    return [
        *(Trial(name, make, wanted) for name, wanted, make in configs),
        *(Trial(name, make, wanted, "m.weights.h5", "weights") for name, wanted, make in weights),
        *(Trial(name, make, wanted, "m.h5") for name, wanted, make in whole),
    ]
