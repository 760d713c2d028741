"""Shared objects and C programs made of exported models; what needs no compiler is not skipped."""

from __future__ import annotations

import ctypes
import errno
import os
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from ranvier import layers
from ranvier.engines.native import link
from ranvier.graph.errors import EngineError
from ranvier.model import Model, Sequential

EXAMPLE = Path(__file__).resolve().parents[2] / "examples" / "native_library"
COMPILER = shutil.which(os.environ.get("CC", "cc"))
compiled = pytest.mark.skipif(COMPILER is None, reason="there is no C compiler: install gcc")
WARNINGS = ("-Wall", "-Wextra", "-Wpedantic", "-Wconversion", "-Werror")


def run(*words: object, cwd: Path) -> str:
    """Run a command; return what it printed."""
    result = subprocess.run(
        list(map(str, words)), cwd=cwd, capture_output=True, text=True, check=False
    )
    assert result.returncode == 0, result.stderr
    return result.stdout


@pytest.fixture(scope="module")
def fashion(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Model]:
    """A net as the examples take it, exported both ways where there is a compiler."""
    folder = tmp_path_factory.mktemp("fashion")
    model = Sequential([
        layers.Input((28, 28)), layers.Rescaling(1 / 255), layers.Flatten(),
        layers.Dense(20, activation="relu"), layers.Dense(10, activation="softmax"),
    ])  # fmt: skip
    model.export(folder / "fashion.o")
    if COMPILER:
        model.export(folder / "fashion.so")
    return folder, model


@pytest.fixture
def picture() -> np.ndarray:
    """The picture that the examples draw."""
    x = np.zeros((1, 28, 28), np.float32)
    x[0, 6:22, 6:22] = 200
    return x


@compiled
@pytest.mark.parametrize(
    ("words", "ending"), [(("-std=c99",), "c"), (("-x", "c++", "-std=c++11"), "cpp")]
)
def test_the_header_compiles(
    words: tuple[str, ...], ending: str, fashion: tuple[Path, Model], tmp_path: Path
) -> None:
    if ending == "cpp" and shutil.which("c++") is None:
        pytest.skip("there is no C++ compiler: install g++")
    source = tmp_path / f"use.{ending}"
    source.write_text(
        '#include "fashion.h"\n#include "fashion.h"\n'
        "int use(const float *x, float *y);\n"
        "int use(const float *x, float *y) { return fashion_predict(x, y, fashion_batch()); }\n"
    )
    run(COMPILER, *words, *WARNINGS, f"-I{fashion[0]}", "-c", source, "-o", tmp_path / "use.o",
        cwd=tmp_path)  # fmt: skip


@compiled
def test_a_shared_object(fashion: tuple[Path, Model]) -> None:
    folder, model = fashion
    library = ctypes.CDLL(str(folder / "fashion.so"))
    library.fashion_predict.argtypes = [ctypes.c_void_p, ctypes.c_void_p, ctypes.c_int64]
    x = np.random.default_rng(0).integers(0, 256, (50, 28, 28)).astype("float32")
    y = np.empty((50, 10), np.float32)
    assert library.fashion_predict(x.ctypes.data, y.ctypes.data, 50) == 0
    np.testing.assert_allclose(y, model.predict(x, verbose=0), rtol=1e-5, atol=1e-6)


@compiled
def test_the_program_in_c(fashion: tuple[Path, Model], picture: np.ndarray, tmp_path: Path) -> None:
    folder, model = fashion
    run(COMPILER, "-std=c99", *WARNINGS, f"-I{folder}", "-o", tmp_path / "classify",
        EXAMPLE / "classify.c", folder / "fashion.o", "-lm", cwd=tmp_path)  # fmt: skip
    said = run(tmp_path / "classify", cwd=tmp_path).split()
    assert abs(float(said[-1]) - model.predict(picture, verbose=0).max()) < 2e-6
    pixels = np.random.default_rng(1).integers(0, 256, (3, 28, 28), np.uint8)
    (tmp_path / "pictures").write_bytes(bytes(16) + pixels.tobytes())
    lines = run(tmp_path / "classify", "pictures", cwd=tmp_path).splitlines()
    want = model.predict(pixels.astype(np.float32), verbose=0).max(axis=1)
    np.testing.assert_allclose([float(line.split()[-1]) for line in lines], want, atol=2e-6)


@compiled
def test_two_models_in_one_program(fashion: tuple[Path, Model], tmp_path: Path) -> None:
    folder, _ = fashion
    small().export(tmp_path / "small.o")
    (tmp_path / "both.c").write_text(
        '#include "fashion.h"\n#include "small.h"\n#include <stdio.h>\n'
        "int main(void) {\n"
        "    float x[784] = {0}, y[10];\n"
        "    return fashion_predict(x, y, 1) || small_predict(x, y, 1) ||\n"
        '           printf("%s", small_input(0)->dtype) != 7;\n'
        "}\n"
    )
    run(COMPILER, "-std=c99", *WARNINGS, f"-I{folder}", "-o", "both", "both.c", "small.o",
        folder / "fashion.o", "-lm", cwd=tmp_path)  # fmt: skip
    assert run(tmp_path / "both", cwd=tmp_path) == "float32"


@compiled
def test_the_program_in_python(fashion: tuple[Path, Model], picture: np.ndarray) -> None:
    folder, model = fashion
    said = run(sys.executable, "-I", EXAMPLE / "classify.py", folder, cwd=folder).split()
    assert abs(float(said[-1]) - model.predict(picture, verbose=0).max()) < 2e-6


@compiled
def test_the_old_library_stays_where_the_new_one_cannot_be(
    fashion: tuple[Path, Model], monkeypatch: pytest.MonkeyPatch
) -> None:
    folder, model = fashion
    before = {p.name: p.read_bytes() for p in folder.iterdir()}
    monkeypatch.setenv("CC", f"{shlex.quote(sys.executable)} -c 1/0 ")
    with pytest.raises(EngineError, match="(?s)could not link 'fashion.so'.*ZeroDivisionError"):
        model.export(folder / "fashion.so")
    assert {p.name: p.read_bytes() for p in folder.iterdir()} == before


def small() -> Model:
    return Sequential([layers.Input((3,)), layers.Dense(2)])


@compiled
def test_the_file_that_has_no_room_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(path: Path, content: bytes) -> int:
        raise OSError(errno.ENOSPC, "No space left on device")  # of a write: without a name

    monkeypatch.setattr(Path, "write_bytes", full)
    with pytest.raises(OSError, match="No space left on device: '.*model.o'"):
        small().export(tmp_path / "m.so")


def test_without_a_compiler(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.delenv("CC", raising=False)
    with pytest.raises(EngineError, match="there is no 'cc' here. Install one .*ends in .o"):
        small().export(tmp_path / "m.so")
    monkeypatch.setenv("CC", "no-such-compiler -m64")
    with pytest.raises(EngineError, match="there is no 'no-such-compiler' here"):
        small().export(tmp_path / "m.so")
    assert not list(tmp_path.iterdir())
    small().export(tmp_path / "m.o")
    assert sorted(p.name for p in tmp_path.iterdir()) == ["m.h", "m.o"]


def test_another_family_needs_a_compiler_of_its_own(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("CC", raising=False)
    here = link.host().triple.partition("-")[0]
    other = "aarch64" if here == "x86_64" else "x86_64"
    with pytest.raises(EngineError, match=f"needs a compiler for it. Name it in CC.*CC={other}"):
        small().export(tmp_path / "m.so", target=f"{other}-linux-gnu")
