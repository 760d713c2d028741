"""Jobs that do not share memory: joblib's backends run them, on this machine or on others."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from ranvier import config, utils

#: What is in force where nobody asked for anything.
_DEFAULT = ("LokyBackend", "SequentialBackend")


@dataclass(frozen=True)
class Jobs:
    """How joblib is to run jobs: what `joblib.Parallel` takes; None for what is in force."""

    count: int | None
    backend: Any


def where(n_jobs: int | None, backend: Any) -> Jobs | None:
    """Return how joblib is asked to run jobs, or None where it is not: one native job then."""
    if n_jobs is not None or backend is not None:
        return Jobs(n_jobs, backend)
    if "joblib" not in sys.modules:
        return None
    from joblib.parallel import get_active_backend

    active, jobs = get_active_backend()
    if type(active).__name__ in _DEFAULT and jobs in (None, 1):
        return None
    return Jobs(None, None)


#: How errors are called that mean a lost worker, not a mistake: joblib's own and Dask's.
_LOST = {"BrokenProcessPool", "KilledWorker", "CancelledError", "FutureCancelledError"}
#: So often in a row a worker may be lost without any part being done.
_PATIENCE = 3


def run_apart(
    work: Callable[..., list[Any]],
    common: Sequence[Any],
    parts: Sequence[Any],
    jobs: Jobs,
    verbose: Any = 0,
    unit: str = "part",
) -> Iterator[Any]:
    """Give what `work(*common, part)` returns for each part, one after the other as they end.

    What a worker that was lost had in hand is done again: large arguments lie in the workers, and
    are sent anew. What is done stays done.

    Args:
        work: a function of a module, so that other processes find it.
        common: arguments that all parts share; large arrays are sent to each process once.
        parts: the last argument of each call.
        jobs: how joblib is to run them.
        verbose: 0 for nothing, else a bar that counts parts.
        unit: what the bar calls a part.
    """
    left, lost = dict(enumerate(parts)), 0
    bar = utils.Progbar(len(parts), verbose=1 if verbose else 0, unit_name=unit)
    while left:
        try:
            for place, found in _begun(work, common, left, jobs):
                del left[place]
                lost = 0
                bar.add(1)
                yield from found
        except Exception as error:
            lost += 1
            if lost == _PATIENCE or not _is_loss(error):
                raise


def _begun(
    work: Callable[..., list[Any]], common: Sequence[Any], parts: dict[int, Any], jobs: Jobs
) -> Iterator[tuple[int, list[Any]]]:
    from joblib import Parallel, delayed

    pool = Parallel(n_jobs=jobs.count, backend=jobs.backend, return_as="generator_unordered")
    calls = list(parts.items())
    return pool(delayed(_alone)(work, place, part, *common) for place, part in calls)


def _is_loss(error: Exception) -> bool:
    return any(kind.__name__ in _LOST for kind in type(error).__mro__)


def _alone(
    work: Callable[..., list[Any]], place: int, part: Any, *common: Any
) -> tuple[int, list[Any]]:
    """Do a part on one thread: the other cores have parts of their own."""
    with config.threads_at_most(1):
        return place, work(*common, part)
