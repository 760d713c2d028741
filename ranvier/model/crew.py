"""The crew: threads that train many models part by part, while their caller runs callbacks."""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from .. import engines
from ..callbacks import History
from ..graph.errors import user_line, warning_at
from .fit import CALLBACKS, Run

#: How long a thread stays with a model before it looks whether another one should go first.
SLICE = 0.02
#: How often the caller looks at the progress while it has nothing else to do (seconds).
_LOOK = 0.05
#: Hooks of callbacks that a run calls at the ends of epochs, and those that it calls elsewhere.
_AT_ENDS = ("on_train_begin", "on_train_end", "on_epoch_begin", "on_epoch_end")
_WITHIN = ("on_test_begin", "on_test_end")


class Job:
    """One model's training, and how far it is.

    Args:
        place: of the model in the list.
        run: its training.

    Attributes:
        name: of the model.
        error: what ended it too early.
        home: whether all of it runs on the caller's thread.
        done: training steps done.
        seconds: what they took.
        ended: whether nothing is left to do.
    """

    def __init__(self, place: int, run: Run) -> None:
        self.place, self.run = place, run
        self.error: Exception | None = None
        self.done, self.seconds, self.ended = 0, 0.0, False
        settings, calls = run.settings, run.callbacks
        self.steps = (run.source.steps or 1) * max(0, settings.epochs - settings.initial_epoch)
        others = [c for c in calls.callbacks if type(c) is not History]
        self.home = run.model.run_eagerly or any(
            calls.watches_batches(mode) for mode in ("train", "test")
        ) or calls.hears(_WITHIN, others)  # fmt: skip
        self.listens = self.home or calls.hears(_AT_ENDS, others)
        self._history: Any = calls.history
        self._parts: Iterator[int] = run.parts()

    def advance(self, at_home: bool, stopped: Callable[[], bool]) -> bool:
        """Train for a while; return whether to go on at home."""
        began = time.perf_counter()
        end = began + SLICE
        try:
            for part in self._parts:
                if part > 0:
                    self.done += part
                if part == CALLBACKS and self.listens:
                    return True
                if (at_home and not self.home) or stopped() or time.perf_counter() >= end:
                    return self.home
            self.ended = True
        except Exception as error:
            self.error, self.ended = error, True
        finally:
            self.seconds += time.perf_counter() - began
        return False

    @property
    def name(self) -> str:
        """The model's name."""
        return str(self.run.model.name)

    @property
    def share(self) -> float:
        """How much is done, 0 to 1."""
        return 1.0 if self.ended else min(1.0, self.done / max(1, self.steps))

    @property
    def epochs(self) -> int:
        """How many epochs are done."""
        return len(self._history.epoch)

    @property
    def logs(self) -> dict[str, Any]:
        """The numbers of the last epoch."""
        found = list(self._history.history.items())
        return {name: values[-1] for name, values in found if values}

    def close(self) -> None:
        """End the training where it is."""
        self._parts.close()  # type: ignore[attr-defined]

    @property
    def left(self) -> int:
        """Training steps left, if nothing stops the model early."""
        return 0 if self.ended else max(0, self.steps - self.done)


class Crew:
    """Threads and the jobs that they share.

    Args:
        jobs: what is to be done, in the order in which to begin.
        threads: how many jobs are worked at once.
    """

    def __init__(self, jobs: Sequence[Job], threads: int) -> None:
        self.jobs, self.threads = jobs, threads
        self._change = threading.Condition()
        self._free = [job for job in jobs if not job.listens]
        self._home = deque(job for job in jobs if job.listens)
        self._unfinished = len(jobs)
        self._stop = False
        self._line = user_line()
        self._fatal: BaseException | None = None

    def work(self, look: Callable[[], None]) -> None:
        """Do all jobs; the caller's thread runs callbacks, and `look` now and then."""
        count = min(self.threads, len(self.jobs))
        crew = [threading.Thread(target=self._serve, daemon=True, name=f"ranvier-many-{i}")
                for i in range(count)]  # fmt: skip
        try:
            for thread in crew:
                thread.start()
            while (job := self._next_at_home(look)) is not None:
                self._put(job, job.advance(True, self._stopped))
                look()
        finally:
            self._leave(crew)
        if self._fatal is not None:
            raise self._fatal

    def _stopped(self) -> bool:
        return self._stop

    def _next_at_home(self, look: Callable[[], None]) -> Job | None:
        """Return the next job for the caller's thread, None when all are done."""
        while True:
            with self._change:
                if self._stop or not self._unfinished:
                    return None
                if self._home:
                    return self._home.popleft()
                self._change.wait(_LOOK)
            look()

    def _serve(self) -> None:
        """Work as one of the threads."""
        try:
            with warning_at(self._line):
                while (job := self._next_free()) is not None:
                    with engines.threads_at_most(max(1, self.threads // max(1, self._unfinished))):
                        home = job.advance(False, self._stopped)
                    self._put(job, home)
        except BaseException as error:
            with self._change:
                self._fatal, self._stop = error, True
                self._change.notify_all()

    def _next_free(self) -> Job | None:
        with self._change:
            while not self._free:
                if self._stop or not self._unfinished:
                    return None
                self._change.wait()
            if self._stop:
                return None
            job = self._first()
            self._free.remove(job)
            return job

    def _first(self) -> Job:
        """Return the free job that should go first.

        While there are many, the earliest, so that models are done one by one. Once there are few,
        the one with most left to do, which ends all of them as early as can be.

        Source: McNaughton, Scheduling with deadlines and loss functions (1959).
        """
        if self._unfinished > 2 * self.threads:
            return min(self._free, key=lambda job: job.place)
        done = sum(job.done for job in self.jobs)
        mean = sum(job.seconds for job in self.jobs) / done if done else 1.0
        return max(
            self._free,
            key=lambda job: job.left * (job.seconds / job.done if job.done else mean),
        )

    def _put(self, job: Job, home: bool) -> None:
        """Put a job back, for whoever may go on with it."""
        with self._change:
            if job.ended:
                self._unfinished -= 1
            elif home:
                self._home.append(job)
            else:
                self._free.append(job)
            self._change.notify_all()

    def _leave(self, crew: Sequence[threading.Thread]) -> None:
        """Wait until no thread is in a step, and end what has not; nothing interrupts that."""
        interrupt: BaseException | None = None
        while True:
            try:
                self._stop = True
                with self._change:
                    self._change.notify_all()
                for thread in crew:
                    if thread.ident is not None:
                        thread.join()
                for job in self.jobs:
                    job.close()
                break
            except KeyboardInterrupt as again:
                interrupt = again
        if interrupt is not None:
            raise interrupt
