"""What the first layer's neurons look for: their weights as images."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from matplotlib.figure import Figure

_MOST = 100


def figure(kernel: np.ndarray, shape: tuple[int, ...]) -> Figure:
    """Show each neuron's weights in the place of their pixels, red above 0 and blue below.

    Args:
        kernel: (pixels, neurons); at most the first 100 neurons are shown.
        shape: height and width of an image.
    """
    from matplotlib.figure import Figure

    images = kernel.T[:_MOST].reshape(-1, *shape)
    # One scale for all; the few largest weights would leave the rest pale.
    limit = float(np.quantile(np.abs(images), 0.995)) or 1.0
    columns = min(10, math.ceil(math.sqrt(len(images))))
    rows = math.ceil(len(images) / columns)
    width = max(4.0, 0.8 * columns + 1.4)
    made = Figure(figsize=(width, 0.8 * rows + 0.5), layout="constrained")
    grid = made.subplots(rows, columns, squeeze=False)
    for axes, image in zip(grid.flat, images, strict=False):
        drawn = axes.imshow(image, cmap="RdBu_r", vmin=-limit, vmax=limit)
    for axes in grid.flat:
        axes.set_axis_off()
    made.colorbar(drawn, ax=grid, shrink=0.6, label="weight", extend="both")
    more = f", the first {len(images)}" if len(images) < kernel.shape[1] else ""
    made.suptitle(f"First layer: weights of {kernel.shape[1]} neurons{more}")
    return made
