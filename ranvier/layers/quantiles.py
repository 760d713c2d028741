"""Quantiles of data seen in parts: summaries of values with weights, merged and compressed."""

from __future__ import annotations

import numpy as np


def summary_of(values: np.ndarray, epsilon: float) -> np.ndarray:
    """Return (2, n): about 1 / epsilon of the values, in order, and how many each stands for.

    Example:
        >>> summary_of(np.array([3.0, 1.0], "float32"), 0.5)
        array([[1., 3.],
               [1., 1.]], dtype=float32)
    """
    ordered = np.sort(values.ravel())
    step = max(len(ordered) / (1.0 / epsilon), 1)
    chosen = ordered[int(step - 1) :: int(step)]
    return np.stack([chosen, np.ones_like(chosen) * step])


def merged(first: np.ndarray, second: np.ndarray, epsilon: float) -> np.ndarray:
    """Return one summary for two."""
    both = np.concatenate((first, second), axis=1)
    return _compressed(both[:, np.argsort(both[0])], epsilon)


def boundaries_of(summary: np.ndarray, bins: int) -> np.ndarray:
    """Return the boundaries of `bins` bins with about equal weights."""
    return _compressed(summary, 1.0 / bins)[0, :-1]


def _compressed(summary: np.ndarray, epsilon: float) -> np.ndarray:
    """Return a summary of about 1 / epsilon values, interpolated where weights add up to them."""
    if summary.shape[1] * epsilon < 1:
        return summary
    shares = epsilon + np.arange(0.0, 1.0, epsilon)
    sums = summary[1].cumsum()
    parts = sums / sums[-1]
    values = np.interp(shares, parts, summary[0])
    reached = np.interp(shares, parts, sums)
    weights = reached - np.concatenate(([0], reached[:-1]))
    return np.stack((values, weights)).astype(np.float32)
