"""The confusion matrix: what each class is taken for."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from ..score import Score


def figure(score: Score) -> Figure:
    """Draw true classes downwards, answers across, the count in each field."""
    from matplotlib.figure import Figure

    names = score.class_names
    shares = score.confusion / score.confusion.sum(axis=1, keepdims=True).clip(1)
    made = Figure(figsize=(7.5, 6.8), layout="constrained")
    axes = made.subplots()
    axes.imshow(shares, cmap="Blues", vmin=0, vmax=1)
    for row in range(len(names)):
        for column in range(len(names)):
            count = int(score.confusion[row, column])
            colour = "white" if shares[row, column] > 0.5 else "black" if count else "silver"
            axes.text(column, row, str(count), ha="center", va="center", color=colour, fontsize=9)
    axes.set_xticks(range(len(names)), names, rotation=45, ha="right")
    axes.set_yticks(range(len(names)), names)
    axes.set_xlabel("answered")
    axes.set_ylabel("true")
    axes.set_title(f"Test set, accuracy {score.accuracy:.4f}")
    return made
