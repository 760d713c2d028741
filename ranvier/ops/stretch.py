"""An axis stretched to another length: each new place a weighted sum of old ones near it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from ..graph import budget
from .contract import contract_


def _triangle(x: np.ndarray) -> np.ndarray:
    return np.maximum(0.0, 1.0 - x)


def _cubic(x: np.ndarray) -> np.ndarray:
    """Keys' cubic with a = -1/2."""
    near = (1.5 * x - 2.5) * x * x + 1.0
    far = ((-0.5 * x + 2.5) * x - 4.0) * x + 2.0
    return np.where(x < 1, near, np.where(x < 2, far, 0.0))


def _lanczos(radius: int) -> Callable[[np.ndarray], np.ndarray]:
    return lambda x: np.where(x < radius, np.sinc(x) * np.sinc(x / radius), 0.0)


#: The weight of an old place by its distance from a new one.
METHODS = {
    "bilinear": _triangle, "bicubic": _cubic, "lanczos3": _lanczos(3), "lanczos5": _lanczos(5),
}  # fmt: skip


def weights(length: int, new: int, method: str, antialias: bool = True) -> np.ndarray:
    """Return the (length, new) weights that stretch or shrink an axis, each column summing to 1.

    Places are counted at their middle. Where an axis shrinks, `antialias` widens the reach of
    each new place to what it stands for.
    """
    budget.constant((length, new), 32)  # with what is made on the way
    scale = length / new
    reach = max(scale, 1.0) if antialias else 1.0
    middle = (np.arange(new) + 0.5) * scale - 0.5
    distance = np.abs(middle[None, :] - np.arange(length)[:, None]) / reach
    found = METHODS[method](distance)
    return found / found.sum(0, keepdims=True)


def stretched(x: Any, axis: int, new: int, method: str) -> Any:
    """Return x with one axis at another length, by a name of METHODS."""
    letters = "nabcd"[: len(x.shape)]
    table = weights(x.shape[axis], new, method).astype(str(x.dtype))
    spec = f"{letters},{letters[axis]}z->{letters.replace(letters[axis], 'z')}"
    return contract_(x, table, spec=spec)
