"""Prediction: outputs for rows, in batches, and fast for one row at a time."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import closing
from typing import Any

import numpy as np

from .. import data
from ..engines.setting import SETTING
from ..graph.errors import DataError
from ..graph.structure import packed
from .feed import Feed
from .intake import Intake
from .pace import Pace
from .program import StepProgram, row_by_row, space
from .run import callback_list, epoch_parts, programs, steps_a_call

_FIRST = np.zeros(1, np.int64)


def predict(
    model: Any, x: Any, batch_size: int | None, verbose: Any, steps: int | None, callbacks: Any
) -> Any:
    """Return the outputs for x; see `Trainer.predict` for the arguments."""
    verbosity, steps = data.verbosity(verbose), data.optional("steps", steps)
    intake = Intake(model)
    alone = False
    if data.is_stream(x):
        source = intake.stream(x, steps, targets=False)
        rows = None
    else:
        table = intake.table(x)
        data.check_inputs(table.x, intake.slots(), empty=True)
        batch = data.batch_size(batch_size, table.rows, steps)
        table = table.first(steps, batch)
        source = intake.source(table, batch)
        rows = table.rows
        alone = rows == 1 and batch_size is None
    gathered = Gathered(model, rows)
    calls = callback_list(callbacks, model, verbosity if rows != 0 else 0, 1, source.steps)
    watched = steps_a_call(model, calls, "predict")
    model.stop_predicting = False
    calls.on_predict_begin()

    def end(last: int) -> bool:
        calls.on_predict_batch_end(last, lambda: {"outputs": gathered.last()})
        return bool(model.stop_predicting)

    if rows != 0:
        with closing(source):
            for _ in epoch_parts(
                source, programs(model, "predict", exact=alone), Pace(watched),
                calls.on_predict_batch_begin, end, gathered.room,
            ):  # fmt: skip
                pass
    calls.on_predict_end()
    if alone and type(x) is np.ndarray and not model.prepares:
        _remember(model, x, intake.slots(), source.feed, gathered)  # type: ignore[attr-defined]
    return gathered.result()


class Gathered:
    """Outputs, row by row: in arrays of the right size, or in parts where none is known.

    Args:
        model: the model, built.
        rows: how many rows there will be, or None.
    """

    def __init__(self, model: Any, rows: int | None) -> None:
        self.model, self.rows = model, rows
        self.whole: list[np.ndarray] | None = None
        self.parts: list[list[np.ndarray]] = []
        self.filled = 0

    def room(self, program: StepProgram, count: int) -> list[np.ndarray]:
        """Return arrays for the outputs of the next `count` rows."""
        if self.rows is None or not row_by_row(program.outputs):
            self.parts.append(space(program.outputs, count))
            return self.parts[-1]
        if self.whole is None:
            self.whole = space(program.outputs, self.rows)
        start, self.filled = self.filled, self.filled + count
        self.parts = [[array[start : self.filled] for array in self.whole]]
        return self.parts[0]

    def last(self) -> Any:
        """Return the outputs of the last call."""
        return self._packed(self.parts[-1])

    def result(self) -> Any:
        """Return all outputs, in the model's structure."""
        if self.whole is not None:
            return self._packed([array[: self.filled] for array in self.whole])
        if not self.parts:
            return self._packed([
                np.zeros((0, *(s or 0 for s in t.shape[1:])), t.dtype)
                for t in self.model.known_outputs()
            ])  # fmt: skip
        return self._packed([_joined(one) for one in zip(*self.parts, strict=True)])

    def _packed(self, arrays: list[np.ndarray]) -> Any:
        form = self.model.prediction_form
        return arrays[0] if not isinstance(form, (list, tuple, dict)) else packed(form, arrays)


def _joined(parts: Sequence[np.ndarray]) -> np.ndarray:
    """Return the parts as one array; of numbers, one a batch, several in a row."""
    if len(parts) == 1:
        return parts[0]
    shapes = sorted({part.shape[1:] for part in parts})
    if len(shapes) > 1:
        listed = ", ".join(str((None, *shape)) for shape in shapes)
        raise DataError(
            f"predict: batches have outputs of shapes {listed}, which make no one array. Pad the "
            "batches to one size, or call predict_on_batch for each."
        )
    return np.concatenate(parts) if parts[0].ndim else np.stack(parts)


def _remember(
    model: Any, x: np.ndarray, slots: Sequence[data.Slot], feed: Feed, gathered: Gathered
) -> None:
    """Keep what the next `predict` of one such row needs, and nothing else."""
    if len(feed.arrays) != 1 or gathered.whole is None or len(gathered.whole) != 1:
        return
    if isinstance(model.prediction_form, (list, tuple, dict)) or feed.arrays[0].shape != x.shape:
        return
    program = model.program("predict", feed.specs, 1, exact=True)
    if not isinstance(program, StepProgram):
        return
    model._one_row = one_row(program.exactly(1), x, gathered.whole[0], model._busy, slots[0].below)


def one_row(
    program: Any, x: np.ndarray, out: np.ndarray, busy: Any, below: int | None
) -> Callable[[Any], np.ndarray | None]:
    """Return a function that predicts one row like `x`, or returns None for anything else."""
    shape, dtype, out_shape, out_dtype = x.shape, x.dtype, out.shape, out.dtype
    chosen, run, empty = SETTING.engine, program.run, np.empty
    acquire, release = busy.try_reading, busy.end_reading

    def fast(row: Any) -> np.ndarray | None:
        if type(row) is not np.ndarray or row.shape != shape or row.dtype != dtype:
            return None
        if below is not None and not (row.min() >= 0 and row.max() < below):
            return None
        if SETTING.engine is not chosen or not acquire():
            return None
        try:
            result = empty(out_shape, out_dtype)
            run((row,), _FIRST, 1, (result,))
        finally:
            release()
        return result

    return fast


def predict_on_batch(model: Any, x: Any) -> Any:
    """Return the outputs for one batch."""
    intake = Intake(model)
    table = intake.table(x)
    data.check_inputs(table.x, intake.slots(), empty=True)
    gathered = Gathered(model, table.rows)
    if table.rows:
        feed = intake.feed(table)
        program = model.program("predict", feed.specs, table.rows, exact=table.rows == 1)
        out = gathered.room(program, table.rows)
        program.run(feed.arrays, np.arange(table.rows), table.rows, out)
    return gathered.result()
