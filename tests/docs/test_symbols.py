"""The table of Keras' names: what it says is what the code does."""

from __future__ import annotations

import importlib.util
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def symbols() -> Any:
    place = ROOT / "scripts" / "symbols.py"
    spec = importlib.util.spec_from_file_location("symbols", place)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_table_and_the_code_agree(symbols):
    written = (ROOT / "docs" / "keras" / "symbols.md").read_text(encoding="utf-8").splitlines()
    made = symbols.table().splitlines()
    wrong = [line for line in made if line not in set(written)]
    assert made == written, "\n".join(["run: python scripts/symbols.py", *wrong[:20]])


def test_every_row_says_something(symbols):
    for name, (state, text) in symbols.rows().items():
        assert state in symbols.STATES and (text or state == "works"), name


def test_remarks_are_of_names_that_are_not_said_twice(symbols):
    names = symbols.read_names()
    for pattern, state, text in symbols.read_remarks():
        assert any(fnmatchcase(name, pattern) for name in names), f"{pattern} fits no name"
        assert state in symbols.STATES and text, pattern


def test_what_a_table_finds_out(symbols):
    state = symbols._state
    assert state("keras.layers.Dense", ["units"], []) == ("works", "")
    assert state("keras.layers.Dense", ["units", "warp"], []) == (
        "differs", "does not take `warp`"
    )  # fmt: skip
    assert state("keras.layers.Danse", [], []) == ("not here", "not yet")
    assert state("keras.layers.Danse", [], [("keras.layers.D*", "not here", "why")])[1] == "why"
    assert state("keras.layers.Dense", [], [("*", "differs", "how")]) == ("differs", "how")
    assert state("keras.ops.numpy.exp", ["x"], []) == ("differs", "at `keras.ops.exp`")


def test_arguments_come_in_the_order_of_keras(symbols):
    """Each parameter that may come by position stands where Keras has it."""
    for name, theirs in symbols.read_names().items():
        ours = symbols.by_position(symbols.found(name))
        count = min(len(ours), len(theirs))
        assert ours[:count] == theirs[:count], name


@pytest.mark.oracle
def test_the_list_of_names_is_whole(symbols):
    import keras

    if keras.__version__.startswith("3.15."):
        assert symbols.keras_names() == symbols.read_names()
