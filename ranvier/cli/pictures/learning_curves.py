"""Learning curves: loss and metric of training and validation, epoch by epoch."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from matplotlib.figure import Figure


def figure(history: dict[str, list[float]]) -> Figure:
    """Draw one panel for each figure of the history, training and validation in each."""
    from matplotlib.figure import Figure
    from matplotlib.ticker import MaxNLocator

    names = sorted((name for name in history if not name.startswith("val_")), key=_loss_first)
    made = Figure(figsize=(4.6 * len(names), 3.8), layout="constrained")
    for axes, name in zip(made.subplots(1, len(names), squeeze=False)[0], names, strict=True):
        for key, label in ((name, "training"), (f"val_{name}", "validation")):
            values = history.get(key, [])
            if values:
                axes.plot(range(1, len(values) + 1), values, marker=".", label=label)
        axes.set_title(name)
        axes.set_xlabel("epoch")
        axes.xaxis.set_major_locator(MaxNLocator(integer=True))
        axes.grid(alpha=0.3)
        axes.legend()
    return made


def _loss_first(name: str) -> tuple[bool, str]:
    return name != "loss", name
