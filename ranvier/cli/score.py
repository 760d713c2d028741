"""How a network does on a test set: the whole, and class by class by name."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    import numpy as np


@dataclass(frozen=True)
class Score:
    """Counts of true class (row) against answered class (column)."""

    class_names: tuple[str, ...]
    confusion: np.ndarray

    @property
    def accuracy(self) -> float:
        """The share of all rows that are answered rightly."""
        return float(self.confusion.trace() / self.confusion.sum())

    def of_class(self, label: int) -> float:
        """Return the share of a class that is answered rightly; NaN where it has no row."""
        total = int(self.confusion[label].sum())
        return float(self.confusion[label, label]) / total if total else float("nan")

    def mistaken_for(self, label: int) -> tuple[str, int]:
        """Return the wrong class that is answered most often, and how often."""
        wrong = self.confusion[label].copy()
        wrong[label] = 0
        other = int(wrong.argmax())
        return self.class_names[other], int(wrong[other])


def count(labels: np.ndarray, answers: np.ndarray, class_names: tuple[str, ...]) -> Score:
    """Count true against answered classes.

    Args:
        labels: the true class of each row.
        answers: probabilities or logits, one column for each class.
        class_names: a name for each class.
    """
    import numpy as np

    confusion = np.zeros((len(class_names), len(class_names)), np.int64)
    np.add.at(confusion, (labels.astype(np.int64), answers.argmax(axis=1)), 1)
    return Score(class_names, confusion)


def show(score: Score) -> None:
    """Print the accuracy of each class by name, and what it is taken for most often."""
    width = max(len("Class"), *(len(name) for name in score.class_names))
    click.secho(f"{'Class':<{width}}  Accuracy  Most often taken for", bold=True)
    for label, name in enumerate(score.class_names):
        other, times = score.mistaken_for(label)
        note = f"{other} ({times})" if times else "-"
        click.echo(f"{name:<{width}}  {score.of_class(label):8.3f}  {note}")
