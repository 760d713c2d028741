"""Compiled code on disk: found again, and never loaded where it could be damaged or foreign."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from ranvier.engines.native import NativeEngine, cache, machine
from ranvier.engines.native import program as native_program
from ranvier.graph.show import show
from tests.engines.nets import Net

ROOT = Path(__file__).resolve().parents[3]
POSIX = pytest.mark.skipif(not hasattr(os, "getuid"), reason="owners and modes are POSIX's")


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the folder of compiled code of a cache of this test's own."""
    monkeypatch.setenv("RANVIER_CACHE", str(tmp_path / "cache"))
    found = cache.folder()
    assert found == tmp_path / "cache" / "code"
    return found


def kept(place: Path) -> Path:
    cache.keep("name", "notes", b"code" * 50)
    assert cache.load("name") == ("notes", b"code" * 50)
    return place / "name"


def test_what_is_kept_is_found(place: Path) -> None:
    path = kept(place)
    assert [p.name for p in place.iterdir()] == ["name"]
    cache.keep("name", "other", b"new")
    assert cache.load("name") == ("other", b"new")
    assert cache.load("another") is None
    if hasattr(os, "getuid"):
        assert path.stat().st_mode & 0o777 == 0o600
        assert place.stat().st_mode & 0o777 == 0o700


def test_every_damaged_byte_is_noticed(place: Path) -> None:
    path = kept(place)
    whole = path.read_bytes()
    for at in range(len(whole)):
        for flip in (1, 0x80):
            damaged = bytearray(whole)
            damaged[at] ^= flip
            path.write_bytes(damaged)
            assert cache.load("name") is None, at
    path.write_bytes(whole)
    assert cache.load("name") is not None


def test_every_shorter_or_longer_file_is_noticed(place: Path) -> None:
    path = kept(place)
    whole = path.read_bytes()
    for end in range(len(whole)):
        path.write_bytes(whole[:end])
        assert cache.load("name") is None, end
    path.write_bytes(whole + b"\0")
    assert cache.load("name") is None


def test_code_under_another_name_is_not_loaded(place: Path) -> None:
    kept(place).rename(place / "other")
    assert cache.load("other") is None


@POSIX
@pytest.mark.parametrize("mode", [0o620, 0o602, 0o666])
def test_a_file_that_others_may_write_is_not_loaded(place: Path, mode: int) -> None:
    kept(place).chmod(mode)
    assert cache.load("name") is None


@POSIX
@pytest.mark.parametrize("mode", [0o770, 0o707, 0o777])
def test_a_folder_that_others_may_write_is_not_used(place: Path, mode: int) -> None:
    kept(place)
    place.chmod(mode)
    assert cache.folder() is None
    assert cache.load("name") is None
    cache.keep("new", "", b"code")
    place.chmod(0o700)
    assert cache.load("new") is None


@POSIX
def test_links_are_not_followed(place: Path, tmp_path: Path) -> None:
    path = kept(place)
    path.rename(tmp_path / "elsewhere")
    path.symlink_to(tmp_path / "elsewhere")
    assert cache.load("name") is None
    place.rename(tmp_path / "real")
    place.symlink_to(tmp_path / "real")
    assert cache.folder() is None


@POSIX
def test_another_users_files_are_not_loaded(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    kept(place)
    monkeypatch.setattr(os, "getuid", lambda: os.geteuid() + 1)
    assert cache.folder() is None
    assert cache.load("name") is None


def test_a_folder_in_the_way_of_a_file_costs_nothing(place: Path) -> None:
    (place / "name").mkdir()
    assert cache.load("name") is None
    cache.keep("name", "", b"code")
    assert [p.name for p in place.iterdir()] == ["name"], "no half-written file may stay"


def test_a_file_in_the_way_of_the_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("RANVIER_CACHE", str(tmp_path / "file"))
    assert cache.folder() is None
    cache.keep("name", "", b"code")
    assert cache.load("name") is None


def test_a_disk_that_refuses(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "replace", full)
    cache.keep("name", "", b"code")
    assert list(place.iterdir()) == []


def test_off(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RANVIER_CACHE", "off")
    assert cache.folder() is None
    cache.keep("name", "", b"code")
    assert cache.load("name") is None


def test_nobodys_home(monkeypatch: pytest.MonkeyPatch) -> None:
    def homeless() -> Path:
        raise RuntimeError("Could not determine home directory.")

    monkeypatch.delenv("RANVIER_CACHE", raising=False)
    monkeypatch.delenv("XDG_CACHE_HOME", raising=False)
    monkeypatch.setattr(Path, "home", homeless)
    assert cache.folder() is None


def test_the_name_changes_with_what_the_code_is_for() -> None:
    net = Net((5, 3, 2))
    host = machine.host()
    other = machine.Machine(host.name, host.features + ",+new", host.triple, 32, 15)
    names = {
        cache.key("step", show(net.train()), 32, 16, host),
        cache.key("step", show(net.test()), 32, 16, host),
        cache.key("step", show(Net((5, 4, 2)).train()), 32, 16, host),
        cache.key("step", show(net.train()), 33, 16, host),
        cache.key("step", show(net.train()), 32, 8, host),
        cache.key("step", show(net.train()), 32, 16, other),
        cache.key("gather", show(net.train()), 32, 16, host),
    }
    assert len(names) == 7
    again = cache.key("step", show(Net((5, 3, 2), seed=9).train()), 32, 16, host)
    assert again in names


def test_the_name_changes_with_the_generator(monkeypatch: pytest.MonkeyPatch) -> None:
    before = cache.key("step")
    monkeypatch.setattr(cache, "_generator", lambda: "newer")
    assert cache.key("step") != before


def trained() -> list[np.ndarray]:
    net = Net((5, 3, 2))
    program = NativeEngine().compile(net.train(), 4)
    program.run(net.data(20), np.arange(20), 4)
    return [w.numpy() for w in net.weights]


def test_a_damaged_program_is_made_again(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(native_program, "_CODE", type(native_program._CODE)())
    want = trained()
    paths = list(place.iterdir())
    assert paths
    for path in paths:
        path.write_bytes(path.read_bytes()[:-1] + b"?")
    native_program._CODE.clear()
    for a, b in zip(trained(), want, strict=True):
        assert a.tobytes() == b.tobytes()
    assert {p.name for p in place.iterdir()} == {p.name for p in paths}


SCRIPT = """
import sys
from ranvier.engines.native import NativeEngine
import numpy as np
from tests.engines.nets import Net
if sys.argv[1] == "warm":
    for module in ("ranvier.engines.native.make", "statistics"):
        sys.modules[module] = None  # importing the generator, or what takes milliseconds, now fails
net = Net((7, 5, 3))
made = NativeEngine().compile(net.train(), 4)
made.run(net.data(20), np.arange(20), 4)
print(*(w.numpy().tobytes().hex() for w in net.weights))
"""


def process(mode: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", SCRIPT, mode], cwd=ROOT, text=True, stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )  # fmt: skip


def test_a_fresh_process_compiles_nothing(place: Path) -> None:
    cold = process("cold").communicate(timeout=100)
    assert cold[0], cold[1]
    warm = process("warm").communicate(timeout=100)
    assert warm == cold


def test_two_processes_at_once(place: Path) -> None:
    pair = [process("cold"), process("cold")]
    results = [p.communicate(timeout=100) for p in pair]
    assert results[0][0], results[0][1]
    assert results[0] == results[1]
    assert not [p for p in place.iterdir() if p.name.startswith(".")]
