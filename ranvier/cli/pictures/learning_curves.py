"""Learning curves: loss and metric of training and validation, epoch by epoch."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from ranvier.callbacks import History


def figure(history: History) -> Figure:
    """Draw one panel for each figure of the history, training and validation in each."""
    from matplotlib.figure import Figure
    from matplotlib.ticker import MaxNLocator

    count = sum(not name.startswith("val_") for name in history.history)
    made = Figure(figsize=(4.6 * count, 3.8), layout="constrained")
    for axes in history.plot(axes=made.subplots(1, count, squeeze=False)[0]):
        axes.xaxis.set_major_locator(MaxNLocator(integer=True))
    return made
