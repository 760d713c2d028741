"""float64 rows as float32: converted and found finite in one pass, on all threads."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np

from ranvier import config

from . import jobs

#: Numbers that are converted and then looked at while they are in the cache.
_PIECE = 1 << 17
#: Fewer numbers are converted before threads have begun.
_LARGE = 1 << 20


def narrowed(x: Any) -> np.ndarray | None:
    """Return a large float64 array as float32, or None where scikit-learn has to look at it.

    That is where it is no such array, or a value is not finite in float32: scikit-learn says which.
    It would read the rows twice, on one thread.
    """
    if type(x) is not np.ndarray or x.dtype != np.float64 or x.ndim < 2 or x.size < _LARGE:
        return None
    found = np.empty(x.shape, np.float32)
    step = max(1, _PIECE * len(x) // x.size)

    def convert(start: int) -> bool:
        piece = found[start : start + step]
        with np.errstate(over="ignore"):
            piece[...] = x[start : start + step]
        return bool(np.isfinite(piece.max()) and np.isfinite(piece.min()))

    with config.threads_at_most(jobs.share()):
        count = config.threads()
    with ThreadPoolExecutor(count) as pool:
        return found if all(pool.map(convert, range(0, len(x), step))) else None
