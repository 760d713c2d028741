"""Configs as text: JSON objects within bounds."""

import pytest

from ranvier.graph.errors import ModelFileError
from ranvier.save.text import read_config


def test_reads_an_object():
    assert read_config('{"이름": [1, null, "[[[{{{"]}'.encode(), "c") == {
        "이름": [1, None, "[[[{{{"]
    }


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "not a JSON text"),
        (b"{", "not a JSON text"),
        (b'{"a": "\xff"}', "not a JSON text .*utf-8"),
        (b"[1]", "a list, expected a JSON object"),
        (b'{"a": ' + b"[" * 200_000 + b"]" * 200_000 + b"}", "nested deeper than 100"),
        (b'{"a": ' + b"[" * 120 + b"]" * 120 + b"}", "nested deeper than 100"),
        (b'{"a": ' + b"9" * 10_000 + b"}", "not a JSON text"),
        (b'{"a": [' + b"0," * 1_000_001 + b"0]}", "values, expected at most"),
        (b" " * (17 << 20), "bytes, expected at most"),
    ],
)
def test_refuses(data, words):
    with pytest.raises(ModelFileError, match=f"^c: .*{words}"):
        read_config(data, "c")


def test_near_twin_of_deep_nesting():
    assert read_config(b'{"a": ' + b"[" * 90 + b"]" * 90 + b"}", "c")
