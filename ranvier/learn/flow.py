"""Flows: candidates that train while others begin, on threads here or by joblib's backends."""

from __future__ import annotations

from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from typing import Protocol

from ranvier import config

from .apart import Apart, Jobs
from .candidate import Outcome
from .runner import Runner, Unit, run_unit


class Flow(Protocol):
    """What trains units; more may be added at any time."""

    @property
    def is_busy(self) -> bool:
        """Whether a unit has not ended."""

    def begin(self, unit: Unit) -> None:
        """Take a unit in; it trains as soon as there is a thread for it."""

    def ended(self) -> list[Outcome]:
        """Wait for a unit to end, and return what it gave."""

    def stop(self) -> list[Outcome]:
        """End what still trains, and return what is known of it."""


class Threads:
    """Units on threads of this process, each on one."""

    def __init__(self, runner: Runner) -> None:
        self.runner = runner
        self._pool = ThreadPoolExecutor(config.threads(), "ranvier-search")
        self._going: set[Future[list[Outcome]]] = set()

    @property
    def is_busy(self) -> bool:
        """Whether a unit has not ended."""
        return bool(self._going)

    def begin(self, unit: Unit) -> None:
        """Take a unit in."""
        self._going.add(self._pool.submit(self._run, unit))

    def _run(self, unit: Unit) -> list[Outcome]:
        with config.threads_at_most(1):  # the other cores have units of their own
            return self.runner.run([unit], threads=1)

    def ended(self) -> list[Outcome]:
        """Wait for a unit to end, and return what it gave."""
        done = wait(self._going, return_when=FIRST_COMPLETED).done.pop()
        self._going.remove(done)
        return done.result()

    def stop(self) -> list[Outcome]:
        """End what still trains after its step."""
        self.runner.stop()
        self._pool.shutdown(cancel_futures=True)
        whole = [one for one in self._going if not one.cancelled() and one.exception() is None]
        self._going = set()
        return [outcome for future in whole for outcome in future.result()]


class Workers:
    """Units on the workers of joblib's backends."""

    def __init__(self, runner: Runner, jobs: Jobs) -> None:
        self._apart = Apart(run_unit, runner.sent(), jobs)

    @property
    def is_busy(self) -> bool:
        """Whether a unit has not ended."""
        return bool(self._apart.left)

    def begin(self, unit: Unit) -> None:
        """Take a unit in."""
        self._apart.begin(unit)

    def ended(self) -> list[Outcome]:
        """Wait for a unit to end, and return what it gave."""
        return self._apart.ended()

    def stop(self) -> list[Outcome]:
        """Let go of the workers; what they still have in hand is lost."""
        self._apart.stop()
        return []
