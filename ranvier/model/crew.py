"""The crew: threads that train models, part by part."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from ..graph.errors import ManyError
from .fit import Run


class Job:
    """One model's training, and how far it is.

    Attributes:
        place: of the model in the list.
        run: its training.
        error: what ended it too early.
    """

    def __init__(self, place: int, run: Run) -> None:
        self.place, self.run = place, run
        self.parts: Iterator[int] = run.parts()
        self.error: Exception | None = None


def run(jobs: Sequence[Job], threads: int | None, verbose: int) -> None:
    """Train all models.

    Raises:
        ManyError: if some could not be trained to their end.
    """
    for job in jobs:
        try:
            for _ in job.parts:
                pass
        except Exception as error:
            job.error = error
    _raise(jobs)


def _raise(jobs: Sequence[Job]) -> None:
    failed = [job for job in jobs if job.error is not None]
    if not failed:
        return
    words = [_words(job) for job in failed[:3]]
    more = f"; and {len(failed) - 3} more" if len(failed) > 3 else ""
    errors: dict[int, Any] = {job.place: job.error for job in failed}
    raise ManyError(
        f"fit_many: {len(failed)} of {len(jobs)} models could not be trained: {'; '.join(words)}"
        f"{more}. The others are trained; this error's `errors` and `histories` have all of it.",
        errors, [job.run.model.history for job in jobs],
    ) from failed[0].error  # fmt: skip


def _words(job: Job) -> str:
    error = job.error
    return f"model {job.place} '{job.run.model.name}', {type(error).__name__}: {error}"
