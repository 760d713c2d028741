"""Models as native libraries: the numbers of `predict`, from object code alone."""

from __future__ import annotations

import ctypes
import signal
import struct
import subprocess
import sys
import threading
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from ranvier import layers, ops
from ranvier.engines.native.machine import host, is_x86
from ranvier.graph.errors import ArgumentError, ArgumentTypeError, NotBuiltError
from ranvier.model import Functional, Model, Sequential, native_library
from tests.engines.native.elf import undefined
from tests.model.object_code import ObjectCode

ROWS = (0, 1, 7, 33)


def floats(*shape: int) -> np.ndarray:
    return np.random.default_rng(3).normal(size=shape).astype("float32")


def dense() -> tuple[Model, list[np.ndarray]]:
    model = Sequential([
        layers.Input((29,)), layers.Dense(17, activation="relu"), layers.BatchNormalization(),
        layers.Dense(5, activation="softmax"),
    ])  # fmt: skip
    return model, [floats(1000, 29)]


def conv() -> tuple[Model, list[np.ndarray]]:
    model = Sequential([
        layers.Input((9, 9, 2)), layers.Rescaling(0.5, 0.1),
        layers.Conv2D(6, 3, padding="same", activation="gelu"), layers.MaxPooling2D(),
        layers.Conv2D(4, 3), layers.Flatten(), layers.Dropout(0.5), layers.Dense(3),
    ])  # fmt: skip
    return model, [floats(40, 9, 9, 2)]


def words() -> tuple[Model, list[np.ndarray]]:
    model = Sequential([
        layers.Input((11,), dtype="int32"), layers.Embedding(30, 6, mask_zero=True),
        layers.LSTM(5), layers.Dense(1, activation="sigmoid"),
    ])  # fmt: skip
    tokens = np.random.default_rng(4).integers(0, 30, (40, 11)).astype("int32")
    tokens[:, 8:] = 0
    return model, [tokens]


def several() -> tuple[Model, list[np.ndarray]]:
    picture = layers.Input((4, 4, 1), name="picture")
    number = layers.Input((3,), name="number")
    hidden = layers.Dense(7, activation="tanh")(layers.Flatten()(picture))
    joined = layers.Concatenate()([hidden, number])
    kind = layers.Dense(3, activation="softmax", name="kind")(joined)
    size = layers.Dense(1, name="size")(joined)
    return Functional([picture, number], [kind, size]), [floats(40, 4, 4, 1), floats(40, 3)]


NETS: dict[str, Callable[[], tuple[Any, list[np.ndarray]]]] = {
    "dense": dense, "conv": conv, "words": words, "several": several,
}  # fmt: skip


@cache
def net(name: str) -> tuple[Any, list[np.ndarray]]:
    """Return a model with weights that are not its first, and rows for it."""
    model, x = NETS[name]()
    rng = np.random.default_rng(5)
    model.set_weights([
        w + np.abs(rng.normal(size=w.shape)).astype(w.dtype) * 0.2 for w in model.get_weights()
    ])  # fmt: skip
    return model, x


@cache
def exported(folder: Path, name: str, **options: Any) -> ObjectCode:
    model, _ = net(name)
    path = folder / f"{name}.o"
    model.export(path, prefix="net_", **options)
    return ObjectCode(path, "net_")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("objects")


def predicted(model: Any, x: list[np.ndarray]) -> list[np.ndarray]:
    found = model.predict(x if len(x) > 1 else x[0], batch_size=32, verbose=0)
    return found if isinstance(found, list) else [found]


@pytest.mark.parametrize("name", NETS)
def test_the_bits_of_predict(name: str, folder: Path) -> None:
    model, x = net(name)
    library = exported(folder, name, target="native")
    for rows in (*ROWS, 1000) if name == "dense" else ROWS:
        part = [a[:rows] for a in x]
        for got, want in zip(library.predict(*part), predicted(model, part), strict=True):
            assert np.array_equal(got, want)


@pytest.mark.parametrize("name", NETS)
def test_the_plainest_processor(name: str, folder: Path) -> None:
    """Products and sums are rounded apart there, and vectors are short: nearly the same."""
    model, x = net(name)
    library = exported(folder, name)
    for rows in ROWS:
        part = [a[:rows] for a in x]
        for got, want in zip(library.predict(*part), predicted(model, part), strict=True):
            np.testing.assert_allclose(got, want, rtol=2e-5, atol=2e-6)


@pytest.mark.parametrize("name", NETS)
@pytest.mark.parametrize("target", [None, "native"])
def test_memory_may_hold_anything(name: str, target: str | None, folder: Path) -> None:
    _, x = net(name)
    library = exported(folder, name, target=target)
    part = [a[:33] for a in x]
    want = library.predict(*part)
    for content in (0, 255):  # all bits set are NaN, as a float
        memory = np.full(library.function("memory")(), content, np.uint8)
        y = library.outputs(33)
        assert library.run(part, y, memory) == 0
        for got, other in zip(y, want, strict=True):
            assert np.array_equal(got, other)


# --- what it says of itself -----------------------------------------------------------------------
def test_metadata(folder: Path) -> None:
    library = exported(folder, "several", target="native")
    names = [t.name.decode() for t in library.tensors("input")]
    assert names == ["picture", "number"]
    assert [t.name.decode() for t in library.tensors("output")] == ["kind", "size"]
    assert library.shapes("input") == [(-1, 4, 4, 1), (-1, 3)]
    assert library.shapes("output") == [(-1, 3), (-1, 1)]
    assert [t.size for t in library.tensors("input")] == [16, 3]
    assert {t.dtype for t in library.tensors("input")} == {b"float32"}
    assert library.text("name") == net("several")[0].name
    assert library.text("version").startswith("Ranvier ")
    assert library.text("target") == f"{host().triple} {host().name}"
    assert library.function("batch")() == 32


def test_types_of_numbers(folder: Path) -> None:
    words = exported(folder, "words", target="native")
    assert [t.dtype for t in words.tensors("input")] == [b"int32"]
    assert "const int32_t *x, float *y" in header(folder, "words")


def header(folder: Path, name: str) -> str:
    """Return the header that was written last for a net."""
    exported(folder, name, target="native")
    return (folder / f"{name}.h").read_text(encoding="utf-8")


def test_the_header_tells_shapes_and_names(folder: Path) -> None:
    text = header(folder, "several")
    assert " *   0: picture, float, 4 x 4 x 1\n *   1: number, float, 3\n" in text
    assert "int net_predict(const void *const *x, void *const *y, int64_t rows);" in text
    assert "x[0] is float[rows][16]" in text and "y[1] float[rows][1]" in text


def test_a_name_cannot_leave_its_comment(tmp_path: Path) -> None:
    model = Sequential([layers.Input((2,)), layers.Dense(1)])
    model.name = "*/ int x; /*\n#error 신경망"
    model.export(tmp_path / "신경망.o")
    text = (tmp_path / "신경망.h").read_text(encoding="utf-8")
    assert text.startswith("/* * / int x; / * #error 신경망, as a library.\n")
    assert "int model_predict(" in text
    assert ObjectCode(tmp_path / "신경망.o", "model_").text("name") == model.name


@pytest.mark.parametrize(
    ("stem", "prefix"),
    [("fashion", "fashion_"), ("my-net.v2", "my_net_v2_"), ("3d", "model_3d_"), ("_", "model_")],
)
def test_names_begin_with_the_file_s(stem: str, prefix: str) -> None:
    assert native_library.prefix_of(Path(f"{stem}.o"), None) == prefix


def test_bare_names(folder: Path, tmp_path: Path) -> None:
    model, (x,) = net("dense")
    model.export(tmp_path / "x.o", prefix="", target="native")
    assert "#ifndef MODEL_H\n" in (tmp_path / "x.h").read_text(encoding="utf-8")
    (y,) = ObjectCode(tmp_path / "x.o", "").predict(x[:3])
    assert np.array_equal(y, model.predict(x[:3], verbose=0))


# --- how it may be called -------------------------------------------------------------------------
def test_answers(folder: Path) -> None:
    _, (x,) = net("dense")
    library = exported(folder, "dense", target="native")
    call = library.function("predict", ctypes.c_int, *[ctypes.c_void_p] * 2, ctypes.c_int64)
    y = library.outputs(2)[0]
    assert call(x.ctypes.data, y.ctypes.data, -1) == 1
    assert call(None, y.ctypes.data, 2) == 1
    assert call(x.ctypes.data, None, 2) == 1
    assert library.run([x[:2]], [y]) == 0
    run = library.function("run", ctypes.c_int, *[ctypes.c_void_p] * 2, ctypes.c_int64,
                           ctypes.c_void_p)  # fmt: skip
    assert run(None, None, 2, None) == 1
    assert run(None, None, 0, None) == 0


def test_calls_at_the_same_time(folder: Path) -> None:
    model, (x,) = net("dense")
    library = exported(folder, "dense", target="native")
    parts = [np.ascontiguousarray(x[i * 200 : (i + 1) * 200]) for i in range(4)]
    wrong: list[int] = []

    def work(i: int) -> None:
        want = np.array(model.predict(parts[i], verbose=0)) if i == 0 else None
        first = library.predict(parts[i])[0]
        for _ in range(50):
            if not np.array_equal(library.predict(parts[i])[0], first):
                wrong.append(i)
        if want is not None and not np.array_equal(first, want):
            wrong.append(i)

    threads = [threading.Thread(target=work, args=(i,)) for i in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not wrong


@pytest.mark.parametrize("batch", [1, 5, 64])
def test_any_batch_size(batch: int, folder: Path) -> None:
    model, (x,) = net("dense")
    library = exported(folder, "dense", target="native", batch_size=batch)
    assert library.function("batch")() == batch
    (y,) = library.predict(x[:77])
    assert np.array_equal(y, model.predict(x[:77], verbose=0))


@pytest.mark.skipif(not is_x86(host()), reason="only x86 code sets the mode")
def test_denormals_are_zero_inside_only(folder: Path) -> None:
    model = Sequential([layers.Input((1,)), layers.Dense(1, use_bias=False)])
    model.set_weights([np.ones((1, 1), np.float32)])
    model.export(folder / "tiny.o", target="native")
    library = ObjectCode(folder / "tiny.o", "tiny_")
    small = np.full((1, 1), 1e-40, np.float32)
    assert library.predict(small)[0][0, 0] == 0
    assert small[0, 0] * np.float32(1) != 0  # the mode of this thread is what it was


def test_nothing_but_memory_is_asked_of_others(folder: Path) -> None:
    for name in NETS:
        code = exported(folder, name, target="native").code
        assert undefined(code) <= {"malloc", "free"}, name
    assert not undefined(exported(folder, "dense", target="native").code)


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="guard pages as on Linux")
def test_no_byte_of_others_is_touched() -> None:
    words = [sys.executable, "-m", "tests.model.guarded_library"]
    root = Path(__file__).resolve().parents[2]
    result = subprocess.run(words, cwd=root, capture_output=True, text=True, check=False)
    assert result.stdout.endswith("done\n"), result.stdout[-500:] + result.stderr[-2000:]
    broken = subprocess.run([*words, "broken"], cwd=root, capture_output=True, check=False)
    assert broken.returncode == -signal.SIGSEGV


# --- other processors -----------------------------------------------------------------------------
@pytest.mark.parametrize("name", ["dense", "words"])
def test_code_for_arm(name: str, tmp_path: Path) -> None:
    model, _ = net(name)
    model.export(tmp_path / "m.o", target="aarch64-linux-gnu", cpu="neoverse-n1")
    code = (tmp_path / "m.o").read_bytes()
    assert code[:6] == b"\x7fELF\x02\x01"
    assert struct.unpack_from("<HH", code, 16) == (1, 183)  # relocatable; AArch64
    assert undefined(code) <= {"malloc", "free"}
    text = (tmp_path / "m.h").read_text(encoding="utf-8")
    assert "aarch64-unknown-linux-gnu neoverse-n1" in text


@pytest.mark.skipif(not is_x86(host()), reason="names of x86 processors")
@pytest.mark.parametrize("target", ["x86-64-v2", "x86-64-v3", "x86-64-v4", "znver4"])
def test_processors_by_name(target: str, tmp_path: Path) -> None:
    model = Sequential([layers.Input((3,)), layers.Dense(2, activation="tanh")])
    model.export(tmp_path / "m.o", target=target)
    assert f"{host().triple} {target}." in (tmp_path / "m.h").read_text(encoding="utf-8")


# --- what cannot be -------------------------------------------------------------------------------
def small() -> Model:
    return Sequential([layers.Input((3,)), layers.Dense(2)], name="small")


def stateful() -> Model:
    return Sequential([layers.Input((4, 2), batch_size=8), layers.GRU(3, stateful=True)])


def any_length() -> Model:
    return Sequential([layers.Input((None, 2)), layers.GRU(3)])


def mixing() -> Model:
    return Sequential([layers.Input((3,)), layers.Lambda(lambda x: ops.flip(x, 0))])


def no_rows() -> Model:
    return Sequential([layers.Input((3,)), layers.Lambda(lambda x: ops.mean(x, 0), name="no_rows")])


def text_input() -> Model:
    return Sequential([
        layers.Input((1,), dtype="string"), layers.TextVectorization(output_sequence_length=4),
        layers.Embedding(10, 2), layers.Flatten(), layers.Dense(1),
    ])  # fmt: skip


@pytest.mark.parametrize(
    ("make", "options", "words"),
    [
        (small, {"target": "pentium"}, "which names no processor"),
        (small, {"target": "x86-64-v3", "cpu": "haswell"}, "expected the name of a system"),
        (small, {"target": "aarch64-linux-gnu", "cpu": "haswell"}, "names no processor of aarch64"),
        (small, {"batch_size": 0}, "expected an int from 1 to 4096"),
        (small, {"prefix": "a-b"}, "a letter first, as a name in C"),
        (stateful, {}, "keeps state between calls"),
        (any_length, {}, r"has shape \(None, None, 2\).*input_signature=\[\(None, 20, 2\)\]"),
        (mixing, {}, "mixes rows"),
        (no_rows, {}, r"output 'no_rows' .* has shape \(3,\)"),
        (text_input, {}, "begins with layers that run in Python"),
    ],
)
def test_mistakes(
    make: Callable[[], Model], options: dict[str, Any], words: str, tmp_path: Path
) -> None:
    with pytest.raises(ArgumentError, match=words):
        make().export(tmp_path / "m.o", **options)
    assert not list(tmp_path.iterdir())


def test_types_of_arguments(tmp_path: Path) -> None:
    with pytest.raises(ArgumentTypeError, match="`target`: got int, expected a str or None"):
        small().export(tmp_path / "m.o", target=64)
    with pytest.raises(ArgumentTypeError, match="unexpected argument 'cpus'. Did you mean 'cpu'?"):
        small().export(tmp_path / "m.o", cpus=64)
    with pytest.raises(NotBuiltError, match="was not built yet"):
        Sequential([layers.Dense(2)]).export(tmp_path / "m.o")


@pytest.mark.parametrize("name", ["m.o", "m.h"])
def test_both_files_or_none(name: str, tmp_path: Path) -> None:
    (tmp_path / name).mkdir()
    with pytest.raises(OSError, match=name):
        small().export(tmp_path / "m.o")
    assert [p.name for p in tmp_path.iterdir()] == [name]
    with pytest.raises(FileNotFoundError, match="m.o"):
        small().export(tmp_path / "nowhere" / "m.o")
