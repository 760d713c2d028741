"""The ladder of models: accuracy of each with its deviation, and what the book prints."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from ..ladder import Result


def figure(found: Sequence[Result], title: str) -> Figure:
    """Draw a point a model with its deviation over folds, and a mark for the book's figure."""
    from matplotlib.figure import Figure

    made = Figure(figsize=(8, 1.2 + 0.4 * len(found)), layout="constrained")
    axes = made.subplots()
    places = range(len(found))
    means = [one.accuracies.mean() for one in found]
    spread = [one.accuracies.std() for one in found]
    axes.errorbar(means, places, xerr=spread, fmt="o", capsize=3, label="mean and deviation")
    told = [(one.rung.figure, at) for at, one in enumerate(found) if one.rung.figure is not None]
    if told:
        axes.plot(*zip(*told, strict=True), "|", markersize=14, color="tab:red", label="the book")
    axes.set_yticks(places, [one.rung.title for one in found])
    axes.invert_yaxis()
    axes.set_xlabel("accuracy")
    axes.set_title(title)
    axes.grid(alpha=0.3, axis="x")
    axes.legend()
    return made
