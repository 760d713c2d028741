"""The list of data sets."""

import pytest

from ranvier import datasets
from ranvier.cli.datasets import describe

from .conftest import run


def test_names_each_set_with_rows_licence_and_place() -> None:
    result = run("datasets")
    assert result.exit_code == 0
    for name, module in datasets.CATALOG.items():
        assert name.replace("_", "-") in result.output.splitlines()
        assert module.SOURCE.licence in result.output
    assert "where    comes with ranvier" in result.output


def test_says_how_to_get_what_is_not_here(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(datasets, "locate", lambda source: None)
    fashion = dict(describe(datasets.fashion_mnist))["where"]
    assert fashion.endswith("apt install dataset-fashion-mnist")
    where = dict(describe(datasets.mnist))["where"]
    assert f"put mnist.npz into {datasets.cache_folder()}" in where


def test_says_where_it_was_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        datasets, "locate", lambda source: "/a b" if source is datasets.mnist.IDX_SOURCE else None
    )
    assert dict(describe(datasets.mnist))["where"] == "/a b"
