"""The cache: where it is, and that a file in it is whole or absent."""

import os
from pathlib import Path

import pytest

from ranvier.datasets import cache


def test_the_folder_follows_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RANVIER_CACHE", "/a b")
    assert cache.folder("set") == Path("/a b/datasets/set")
    monkeypatch.setenv("RANVIER_CACHE", "off")
    assert cache.folder("x").parts[-3:-1] == ("ranvier", "datasets")
    monkeypatch.delenv("RANVIER_CACHE")
    monkeypatch.setenv("XDG_CACHE_HOME", "/xdg")
    assert cache.folder("set") == Path("/xdg/ranvier/datasets/set")
    monkeypatch.delenv("XDG_CACHE_HOME")
    assert cache.folder("set") == Path.home() / ".cache" / "ranvier" / "datasets" / "set"


def test_a_failure_keeps_the_old_file_and_leaves_no_part(tmp_path: Path) -> None:
    target = tmp_path / "deep" / "file"
    with cache.part(target) as path:
        path.write_text("old")
    with pytest.raises(ZeroDivisionError), cache.part(target) as path:
        path.write_text("half")
        raise ZeroDivisionError
    assert target.read_text() == "old"
    assert [p.name for p in target.parent.iterdir()] == ["file"]


def test_the_parts_of_dead_processes_are_swept(tmp_path: Path) -> None:
    stale, fresh = tmp_path / ".file.dead.part", tmp_path / ".file.live.part"
    for path in (stale, fresh):
        path.touch()
    os.utime(stale, (0, 0))
    with cache.part(tmp_path / "file"):
        pass
    assert not stale.exists()
    assert fresh.exists()
