"""How many threads a fit may use, when joblib runs several fits at once."""

from __future__ import annotations

import os


def share() -> int | None:
    """Return how many threads one of joblib's jobs may use, None outside of such jobs.

    A process of joblib's is told its share of the cores, as OpenMP's libraries are, by
    OMP_NUM_THREADS; jobs in threads of one process get one each.
    """
    from joblib.parallel import get_active_backend

    backend, _ = get_active_backend()
    if not getattr(backend, "nesting_level", 0):
        return None
    told = os.environ.get("OMP_NUM_THREADS", "")
    in_process = os.environ.get("JOBLIB_SPAWNED_PROCESS") or "LOKY" in type(backend).__name__
    return int(told) if in_process and told.isdigit() and int(told) else 1
