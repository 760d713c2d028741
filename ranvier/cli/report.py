"""What a command says of a model on the test set of a task."""

from __future__ import annotations

import math
from typing import Any

import click

from . import score
from .rows import suit
from .task import Task


def report(task: Task, model: Any, pixels: str = "auto") -> score.Score | None:
    """Evaluate on the test set and print it, class by class where there are classes.

    Returns:
        The counts behind the table; None where the task asks for a number.

    Raises:
        LossError: where the loss, or an answer, is NaN or infinite.
    """
    import numpy as np

    from ranvier import errors

    broken = " is NaN or infinite: the model is of no use. Train one with a smaller learning rate."
    x = suit(model, task.x_test, pixels)
    figures = model.evaluate(x, task.y_test, verbose=0, return_dict=True)
    named = ", ".join(f"{name} {value:.4f}" for name, value in sorted(figures.items()))
    unit = f", in {task.unit}" if task.unit else ""
    click.secho(f"\nTest set: {named} ({len(x):,} rows{unit})", bold=True)
    if not math.isfinite(figures["loss"]):
        raise errors.LossError(f"test set: the loss{broken}")
    if not task.classifies:
        return None
    answers = model.predict(x, verbose=0)
    if answers.shape[1:] != (len(task.class_names),):
        raise click.UsageError(
            f"MODEL: got one whose output is {answers.shape[1:]}, expected "
            f"({len(task.class_names)},), a number for each class of {task.title}."
        )
    if not np.isfinite(answers).all():
        raise errors.LossError(f"test set: an answer{broken}")
    counts = score.count(task.y_test, answers, task.class_names)
    click.echo()
    score.show(counts)
    return counts
