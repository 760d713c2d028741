"""Counting right and wrong answers."""

import math

import numpy as np
import pytest

from ranvier.cli import score

NAMES = ("cat", "dog", "bird")


def test_counts_accuracy_and_the_most_frequent_mistake() -> None:
    labels = np.array([0, 0, 0, 0, 1, 1], np.uint8)
    answers = np.eye(3)[[0, 1, 1, 2, 1, 1]]
    counts = score.count(labels, answers, NAMES)
    assert counts.confusion.tolist() == [[1, 2, 1], [0, 2, 0], [0, 0, 0]]
    assert counts.accuracy == 0.5
    assert [counts.of_class(0), counts.of_class(1)] == [0.25, 1.0]
    assert math.isnan(counts.of_class(2))
    assert counts.mistaken_for(0) == ("dog", 2)


def test_the_table_names_each_class(capsys: pytest.CaptureFixture[str]) -> None:
    score.show(score.Score(NAMES, np.array([[3, 1, 0], [0, 4, 0], [0, 0, 0]])))
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].split()[0] == "Class"
    assert lines[1:] == [
        "cat       0.750  dog (1)",
        "dog       1.000  -",
        "bird        nan  -",
    ]
