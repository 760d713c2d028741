"""Pictures of a run, one file for each kind: samples, curves, confusion, neurons."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from . import confusion_matrix, learning_curves, neurons, samples

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from ..score import Score
    from ..task import Task


def draw(folder: Path, task: Task, model: Any, counts: Score | None) -> None:
    """Leave the pictures that fit the task in a folder, and say what the folder holds.

    Without matplotlib it says how to get it, and draws nothing.
    """
    if find_spec("matplotlib") is None:
        click.echo(
            "No pictures: matplotlib is not installed. pip install 'ranvier[plot]'", err=True
        )
    else:
        for name, figure in figures(task, model, counts).items():
            figure.savefig(folder / f"{name}.png", dpi=150)
    left = ", ".join(sorted(path.name for path in folder.iterdir() if path.is_file()))
    click.echo(f"\nLeft in {folder}: {left}")


def figures(task: Task, model: Any, counts: Score | None) -> dict[str, Figure]:
    """Return each picture that fits the task by the name of its file."""
    made = {"learning_curves": learning_curves.figure(model.history)}
    if counts is not None:
        made["confusion_matrix"] = confusion_matrix.figure(counts)
    if task.has_images:
        made["samples"] = samples.figure(task.x_train, task.y_train, task.class_names)
        kernel = next(layer for layer in model.layers if hasattr(layer, "kernel")).kernel
        made["neurons"] = neurons.figure(kernel.numpy(), task.x_train.shape[1:])
    return made
