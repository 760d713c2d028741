"""What is said of a model on a test set."""

from types import SimpleNamespace

import click
import numpy as np
import pytest

from ranvier.cli.report import report
from ranvier.cli.task import Task
from ranvier.errors import LossError

X = np.zeros((4, 2), np.float32)
Y = np.array([0, 0, 1, 1])
TASK = Task("pets", "Pets", X, Y, X, Y, class_names=("cat", "dog"))


def answering(answers: np.ndarray, loss: float = 0.25) -> SimpleNamespace:
    return SimpleNamespace(
        evaluate=lambda *_, **__: {"loss": loss, "accuracy": 0.75},
        predict=lambda *_, **__: answers,
    )


def test_tells_the_whole_and_each_class(capsys: pytest.CaptureFixture[str]) -> None:
    counts = report(TASK, answering(np.eye(2)[[0, 1, 1, 1]]))
    assert counts is not None and counts.accuracy == 0.75
    told = capsys.readouterr().out
    assert "Test set: accuracy 0.7500, loss 0.2500 (4 rows)" in told
    assert "cat       0.500  dog (1)" in told


@pytest.mark.parametrize(("loss", "what"), [(0.25, "an answer"), (np.nan, "the loss")])
def test_answers_of_nan_are_not_counted_as_the_first_class(
    capsys: pytest.CaptureFixture[str], loss: float, what: str
) -> None:
    with pytest.raises(LossError, match=f"test set: {what} is NaN or infinite.*learning rate"):
        report(TASK, answering(np.full((4, 2), np.nan), loss))
    told = capsys.readouterr().out
    assert f"loss {loss:.4f}" in told and "cat" not in told


def test_a_model_of_other_classes_is_refused() -> None:
    with pytest.raises(click.UsageError, match=r"output is \(3,\), expected \(2,\)"):
        report(TASK, answering(np.eye(3)[[0, 1, 1, 2]]))
