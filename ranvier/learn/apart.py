"""Jobs that do not share memory: joblib's backends run them, on this machine or on others."""

from __future__ import annotations

import numbers
import sys
import time
import warnings
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import nullcontext
from copy import copy
from dataclasses import dataclass
from typing import Any

from ranvier import config, utils
from ranvier.errors import ArgumentError, RanvierError

#: What is in force where nobody asked for anything.
_DEFAULT = ("LokyBackend", "SequentialBackend")


@dataclass(frozen=True)
class Jobs:
    """How joblib is to run jobs: what `joblib.Parallel` takes; None for what is in force."""

    count: int | None
    backend: Any


def where(n_jobs: int | None, backend: Any, place: str) -> Jobs | None:
    """Return how joblib is asked to run jobs, or None where it is not: one native job then.

    Raises:
        ArgumentError: if joblib cannot run them so; `place` is how messages call the caller.
    """
    if n_jobs is not None or backend is not None:
        return _checked(Jobs(n_jobs, backend), place)
    if "joblib" not in sys.modules:
        return None
    from joblib.parallel import get_active_backend

    active, jobs = get_active_backend()
    if type(active).__name__ in _DEFAULT and jobs in (None, 1):
        return None
    return _checked(Jobs(None, None), place, type(active).__name__)


def _checked(jobs: Jobs, place: str, active: str = "") -> Jobs:
    whole = isinstance(jobs.count, numbers.Integral) and not isinstance(jobs.count, bool)
    if jobs.count is not None and not (whole and jobs.count):
        raise ArgumentError(
            f"{place}, `n_jobs`: got {jobs.count!r}, expected how many jobs, -1 for all cores, or "
            "None for one native job."
        )
    try:
        _parallel(jobs)
    except (ValueError, ImportError) as error:
        raise ArgumentError(
            f"{place}, `backend`: got {active or repr(jobs.backend)}, expected 'loky', "
            f"'threading', 'sequential' or 'dask' ({error})."
        ) from error
    return jobs


def _parallel(jobs: Jobs) -> Any:
    from joblib import Parallel, parallel_config

    known = nullcontext() if jobs.backend is None else parallel_config(jobs.backend)
    with known:  # which finds 'dask', too
        # One by one: joblib would put short ones together, and tell of them together.
        return Parallel(jobs.count, batch_size=1, return_as="generator_unordered")


#: How errors are called that mean a lost worker, not a mistake: joblib's own and Dask's.
_LOST = {"BrokenProcessPool", "KilledWorker", "CancelledError", "FutureCancelledError"}
#: So often in a row a worker may be lost without any part being done.
_PATIENCE = 3


#: How long a worker with nothing to do waits before it asks again, in seconds.
_PAUSE = 0.02


class Apart:
    """Work that joblib's backends do, part by part; parts may begin while others are done.

    What a worker that was lost had in hand is done again: large arguments lie in the workers, and
    are sent anew. What is done stays done.

    Args:
        work: a function of a module, so that other processes find it.
        common: arguments that all parts share; large arrays are sent to each process once.
        jobs: how joblib is to run them.

    Attributes:
        left: the parts that have begun and not ended, by their numbers.
    """

    def __init__(self, work: Callable[..., list[Any]], common: Sequence[Any], jobs: Jobs) -> None:
        self._work, self._common, self._jobs = work, common, jobs
        self.left: dict[int, Any] = {}
        self._waiting: deque[int] = deque()
        self._begun = self._lost = 0
        self._closed = False
        self._results: Any = None

    def begin(self, part: Any) -> None:
        """Take a part in: the last argument of a call of `work`."""
        self.left[self._begun] = part
        self._waiting.append(self._begun)
        self._begun += 1

    def close(self) -> None:
        """Note that no part will begin any more."""
        self._closed = True

    def ended(self) -> list[Any]:
        """Wait until a part ends, and return what its work gave."""
        while True:
            try:
                if self._results is None:
                    self._results = self._pool()
                for place, found in self._results:
                    if place is not None:
                        del self.left[place]
                        self._lost = 0
                        return found  # type: ignore[no-any-return]
                return []
            except Exception as error:
                self._lost += 1
                if self._lost == _PATIENCE or not _is_loss(error):
                    raise
                self._results, self._waiting = None, deque(self.left)

    def stop(self) -> None:
        """Let go of the workers, and of what they have in hand."""
        self._closed = True
        if self._results is None:
            return
        if not self.left:
            for _ in self._results:  # pauses that are not over
                pass
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # joblib's, of calls that it cancels
            self._results.close()

    def _pool(self) -> Any:
        return _parallel(self._jobs)(self._calls())

    def _calls(self) -> Iterator[Any]:
        """Give the calls to make, and pauses where there is none to make yet."""
        from joblib import delayed

        while True:
            if self._waiting:
                place = self._waiting.popleft()
                yield delayed(_alone)(self._work, place, self.left[place], *self._common)
            elif self._closed:
                return
            else:
                yield delayed(_pause)()


def run_apart(
    work: Callable[..., list[Any]],
    common: Sequence[Any],
    parts: Sequence[Any],
    jobs: Jobs,
    verbose: Any = 0,
    unit: str = "part",
) -> Iterator[Any]:
    """Give what `work(*common, part)` returns for each part, one after the other as they end.

    Args:
        work, common, jobs: as for `Apart`.
        parts: the last argument of each call.
        verbose: 0 for nothing, else a bar that counts parts.
        unit: what the bar calls a part.
    """
    apart = Apart(work, common, jobs)
    for part in parts:
        apart.begin(part)
    apart.close()
    bar = utils.Progbar(len(parts), verbose=1 if verbose else 0, unit_name=unit)
    while apart.left:
        found = apart.ended()
        bar.add(1)
        yield from found


def _pause() -> tuple[None, list[Any]]:
    time.sleep(_PAUSE)
    return None, []


def _is_loss(error: Exception) -> bool:
    return any(kind.__name__ in _LOST for kind in type(error).__mro__)


def _alone(
    work: Callable[..., list[Any]], place: int, part: Any, *common: Any
) -> tuple[int, list[Any]]:
    """Do a part on one thread: the other cores have parts of their own."""
    with config.threads_at_most(1):
        try:
            return place, work(*common, part)
        except Exception as error:
            raise sendable(error)  # noqa: B904 (most often it is the same)


def sendable(error: BaseException) -> BaseException:
    """Return an error, or its words where it would not come out of another process.

    Such are those whose `__init__` takes other arguments than it hands on; pools break at them.
    """
    try:
        copy(error)  # as pickle makes it anew: of its class and its arguments
    except Exception:
        kind = type(error).__name__
        return RanvierError(f"{kind}: {error} (in words, as pickle cannot make a {kind} anew)")
    return error
