"""Ten samples of a data set with the names of their classes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from matplotlib.figure import Figure


def figure(images: np.ndarray, labels: np.ndarray, class_names: tuple[str, ...]) -> Figure:
    """Show ten images, the first of each class; where classes are fewer, the first others too."""
    from matplotlib.figure import Figure

    _, firsts = np.unique(labels, return_index=True)
    others = np.setdiff1d(np.arange(min(len(labels), 20)), firsts)
    chosen = np.concatenate([firsts, others])[:10]
    made = Figure(figsize=(8, 3.8), layout="constrained")
    for axes, row in zip(made.subplots(2, 5).flat, chosen, strict=False):
        axes.imshow(images[row], cmap="gray_r", vmin=0, vmax=255)
        axes.set_title(class_names[labels[row]], fontsize=11)
    for axes in made.axes:
        axes.set_axis_off()
    return made
