"""Tables of box characters."""

from __future__ import annotations

from ranvier.callbacks.screen import columns_of
from ranvier.model.table import draw, wrap


def test_words_wrap_and_long_ones_are_cut():
    assert wrap("concatenate (Concatenate)", 19) == ["concatenate", "(Concatenate)"]
    assert wrap("a_long_word_that_does_not_fit", 10) == ["a_long_wo…"]
    assert wrap("", 5) == [""]
    assert wrap("   └ dense (Dense)", 30) == ["   └ dense (Dense)"]
    assert wrap("출력층출력층", 7) == ["출력층…"]


def test_lines_are_as_long_as_asked_for():
    lines = draw(["A", "B"], [["출력", "1"], ["x y", "2"]], ["left", "right"], [20, 20], 33)
    assert {columns_of(line) for line in lines} == {33}
    assert lines[0][0] == "┏"
    assert lines[-1][-1] == "┘"
