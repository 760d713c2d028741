"""One pass of steps over data: calls of about 20 ms, with room for callbacks between them."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, nullcontext
from typing import Any, Protocol

import numpy as np

from ..callbacks import CallbackList
from .feed import Feed
from .pace import Pace
from .program import StepProgram, row_by_row

#: Makes the program for a feed, the most rows of one of its batches, and how many rows there are.
Programs = Callable[[Feed, int, int], StepProgram]


_FREE = nullcontext()


class Source(Protocol):
    """Where steps get their rows."""

    @property
    def steps(self) -> int | None:
        """Batches an epoch, None while they are unknown."""

    def epoch(self, skip: int = 0) -> Iterator[tuple[Feed, np.ndarray, int]]:
        """Give feeds with the rows to visit in each and the batch size, without `skip` batches."""

    def state(self) -> dict[str, int]:
        """Return where the source stands between two epochs."""

    def resume(self, state: dict[str, int]) -> None:
        """Go on where another source of the same data stood."""

    def meet_zeros(self) -> None:
        """Let products pass over no zeros from now on."""

    def close(self) -> None:
        """Let go of what reads ahead; no epoch follows."""


class TableSource:
    """All rows at hand: one feed, visited in the order of a schedule.

    Args:
        data: the arrays.
        schedule: the order, over all rows or over those of `rows`.
        rows: the numbers of the rows to visit, None for all.

    Attributes:
        steps: batches an epoch.
    """

    def __init__(self, data: Feed, schedule: Any, rows: np.ndarray | None = None) -> None:
        self.feed, self.schedule, self.rows = data, schedule, rows
        self.steps: int | None = schedule.steps

    def epoch(self, skip: int = 0) -> Iterator[tuple[Feed, np.ndarray, int]]:
        """Give the one feed and the rows of the next epoch."""
        batch = self.schedule.batch
        order = self.schedule.epoch()[skip * batch :]
        yield self.feed, order if self.rows is None else self.rows[order], batch

    def state(self) -> dict[str, int]:
        """Return where the order of rows stands."""
        found: dict[str, int] = self.schedule.state()
        return found

    def resume(self, state: dict[str, int]) -> None:
        """Go on with the order of rows where another run stood."""
        self.schedule.resume(state)

    def meet_zeros(self) -> None:
        """Let products pass over no zeros from now on."""
        self.feed = self.feed.met()

    def close(self) -> None:
        """There is nothing to let go of."""


class StreamSource:
    """Batches that come one by one.

    Attributes:
        steps: batches an epoch, None until they are known.
    """

    def __init__(self, stream: Any, made: Callable[[Any], Feed], per_epoch: int | None) -> None:
        self._stream, self._made, self._per_epoch = stream, made, per_epoch

    @property
    def steps(self) -> int | None:
        """Batches an epoch, None until they are known."""
        return self._per_epoch or self._stream.steps

    def epoch(self, skip: int = 0) -> Iterator[tuple[Feed, np.ndarray, int]]:
        """Give each batch as a feed of its own."""
        for number, table in enumerate(self._stream.epoch(self._per_epoch)):
            data = self._made(table)
            rows = data.rows if number >= skip else 0
            yield data, np.arange(rows, dtype=np.int64), data.rows

    def state(self) -> dict[str, int]:
        """Return where the order of batches stands."""
        found: dict[str, int] = self._stream.state()
        return found

    def resume(self, state: dict[str, int]) -> None:
        """Go on with the order of batches where another run stood."""
        self._stream.resume(state)

    def meet_zeros(self) -> None:
        """There is nothing to do: each feed goes by the model as it is."""

    def close(self) -> None:
        """End the thread that reads ahead."""
        self._stream.close()


def programs(
    model: Any, kind: str, claim: Callable[[Any], None] | None = None, exact: bool = False
) -> Programs:
    """Return the function that gives `epoch_parts` its programs, the last one remembered."""
    held: list[Any] = [None, 0, None]

    def get(feed: Feed, batch: int, rows: int) -> StepProgram:
        if held[0] is not feed.specs or held[1] < batch:
            found = model.program(kind, feed.specs, batch, min(batch, rows), exact)
            held[:] = [feed.specs, batch, found]
            if claim is not None:
                claim(found)
        program: StepProgram = held[2]
        return program

    return get


def steps_a_call(model: Any, callbacks: CallbackList, mode: str) -> int | None:
    """Return how many steps a call takes: those that batch callbacks want, or None for any."""
    if callbacks.watches_batches(mode):
        return int(model.steps_per_execution)
    return None


def callback_list(
    callbacks: Any, model: Any, verbose: int, epochs: int, steps: int | None, history: bool = False
) -> CallbackList:
    """Return the user's callbacks with the progress bar and the History."""
    if isinstance(callbacks, CallbackList):
        return callbacks
    return CallbackList(
        callbacks, add_history=history, add_progbar=verbose != 0, model=model, verbose=verbose,
        epochs=epochs, steps=steps,
    )  # fmt: skip


def epoch_parts(
    source: Source,
    programs: Programs,
    pace: Pace,
    begin: Callable[[int], Any],
    end: Callable[[int], bool],
    out: Callable[[StepProgram, int], Sequence[np.ndarray]] | None = None,
    turn: AbstractContextManager[Any] = _FREE,
    skip: int = 0,
) -> Iterator[int]:
    """Run the steps of one epoch, a call of the program a turn of the loop; yield their number.

    Args:
        source: gives the rows.
        programs: gives the program for them.
        pace: how many steps a call takes.
        begin: called before each call of the program, with the number of its first step.
        end: called after it, with the number of its last step; returns whether to stop.
        out: gives the arrays for the outputs of that many rows; None for a step without outputs.
        turn: held while steps run.
        skip: steps of the epoch that are done already.
    """
    step = skip
    for data, order, batch in source.epoch(skip):
        program = programs(data, batch, len(order))
        one = out is not None and not row_by_row(program.outputs)  # each step has its own array
        start, total = 0, len(order)
        while start < total:
            stop = min(total, start + (1 if one else pace.steps) * batch)
            last = step - (-(stop - start) // batch) - 1
            begin(step)
            rows = order[start:stop]
            arrays = () if out is None else out(program, len(rows))
            began = time.perf_counter()
            with turn:
                program.run(data.arrays, rows, batch, arrays)
            pace.took(last - step + 1, time.perf_counter() - began)
            done, step, start = last + 1 - step, last + 1, stop
            if end(last):
                return
            yield done
