"""What runs here."""

import importlib.metadata

import pytest

import ranvier
from ranvier.cli.info import lines

from .conftest import run


def test_tells_version_engine_threads_and_packages(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RANVIER_ENGINE", "reference")
    monkeypatch.setenv("RANVIER_THREADS", "3")
    monkeypatch.setenv("RANVIER_CACHE", "/some where")
    result = run("info")
    assert result.exit_code == 0
    told = dict(line.split(None, 1) for line in result.output.splitlines())
    assert told["ranvier"] == ranvier.__version__
    assert told["engine"] == "reference"
    assert told["threads"].startswith("3 of ")
    assert told["cache"] == "/some where"
    assert told["numpy"] == importlib.metadata.version("numpy")


def test_says_how_to_install_what_is_absent(monkeypatch: pytest.MonkeyPatch) -> None:
    def absent(name: str) -> str:
        raise importlib.metadata.PackageNotFoundError(name)

    monkeypatch.setattr(importlib.metadata, "version", absent)
    told = dict(lines())
    assert told["matplotlib"] == "not installed (pip install 'ranvier[plot]')"
    assert told["numpy"] == "not installed (pip install 'ranvier')"
