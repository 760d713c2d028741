"""Visits: in which order the rows of a table are seen, and how often by their weights."""

from __future__ import annotations

import numpy as np

from ranvier.errors import DataError

#: An epoch may have so many times as many steps as there are rows.
_MOST = 100


def visits(
    x: np.ndarray, targets: np.ndarray, weights: np.ndarray | None, shuffled: bool
) -> tuple[np.ndarray, np.ndarray | None]:
    """Return the rows of an epoch by their numbers, and what a step with each row counts.

    A row of weight 3 is there three times, one of weight 2.5 three times with steps of 2.5 / 3: to
    weigh a row is to repeat it. Where each epoch draws a new order, it does not depend on the one
    that the rows came in, so that repeated rows, too, are in the places of weighted ones.

    Args:
        x: rows, one after the other in memory.
        targets: a class a row.
        weights: what each row counts; None for 1.
        shuffled: whether each epoch has an order of its own.

    Returns: row numbers, and a factor a row of x, or None where all are 1.

    Raises:
        DataError: where the weights add up to far more than the number of rows.
    """
    order = _settled(x, targets) if shuffled else np.arange(len(x))
    if weights is None:
        return order, None
    total = float(weights.sum())
    if total > _MOST * len(x):
        raise DataError(
            f"sample_weight: the weights add up to {total:g} for {len(x)} rows, and a row is seen "
            "as often an epoch as its weight says. Divide them by their mean."
        )
    times = np.ceil(weights).astype(np.int64)
    factors = np.divide(weights, times, out=np.ones(len(x)), where=times > 0)
    return np.repeat(order, times[order]), None if (factors == 1).all() else factors


def _settled(x: np.ndarray, targets: np.ndarray) -> np.ndarray:
    """Return an order of rows that depends on what is in them, not on where they are."""
    size = 8 if x.nbytes // max(1, len(x)) % 8 == 0 else x.itemsize
    words = x.reshape(len(x), -1).view(f"u{size}")
    odd = np.random.default_rng(0).integers(2**63, size=words.shape[1] + 1, dtype=np.uint64) * 2 + 1
    key = np.einsum("ij,j->i", words, odd[1:], dtype=np.uint64, casting="unsafe")
    return np.argsort(key + targets.astype(np.uint64) * odd[0], kind="stable")
