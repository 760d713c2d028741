"""What one of many models trains on: rows of arrays that all share, ready to run."""

from __future__ import annotations

from contextlib import ExitStack
from dataclasses import replace
from typing import Any

import numpy as np

from .. import data
from ..data import Table
from ..graph.errors import ArgumentError, ArgumentTypeError, DataError
from . import slots
from .advice import advise
from .claim import Claims
from .evaluate import Validation
from .fit import Run, Settings, Told, triple, weighed
from .intake import Intake
from .run import callback_list

#: Targets larger than this are checked whole where a model takes some rows of them: the check
#: would copy those rows.
_SMALL = 1 << 26


class Shared:
    """What several models have in common, so that it is read and checked once.

    Attributes:
        claims: which of them changes which variable.
    """

    def __init__(self) -> None:
        self._checked: set[tuple[Any, ...]] = set()
        self._kept: list[Any] = []
        self._arrays: dict[int, Any] = {}
        self._weights: dict[tuple[Any, ...], Table] = {}
        self.claims = Claims()

    def array(self, value: Any, place: str) -> Any:
        """Return data as an array, converted once for all models, where it is a single one."""
        if value is None or type(value) is np.ndarray or isinstance(value, dict):
            return value
        if isinstance(value, (list, tuple)) and any(hasattr(one, "shape") for one in value):
            return value
        if id(value) not in self._arrays:
            self._kept.append(value)
            self._arrays[id(value)] = data.as_array(value, place)
        return self._arrays[id(value)]

    def check(self, intake: Intake, table: Table, rows: np.ndarray | None) -> None:
        """Check a table for a model, unless it was checked for one that expects the same."""
        model = intake.model
        key = (
            *(_place(a) for group in (table.x, table.y, table.weights) for a in group),
            *((s.shape, s.loss, s.needed, s.ignore) for s in slots.outputs_of(model)),
            *(s.shape for s in slots.inputs_of(model)),
            slots.is_scaled(model), rows is None or hash(rows.tobytes()), intake.training,
        )  # fmt: skip
        if key in self._checked:
            return
        self._checked.add(key)
        self._kept.append(table)
        intake.check(_seen(table, rows))
        if not intake.training:
            intake.check_values(table)

    def weighed(self, table: Table, class_weight: Any, model: Any) -> Table:
        """Return the table with the weights of classes, made once for models that share them."""
        key = (id(class_weight), *map(_place, [*table.y, *table.weights]))
        if key not in self._weights:
            self._kept.append((class_weight, table))
            self._weights[key] = weighed(table, class_weight, model)
        return replace(table, weights=self._weights[key].weights)


def _place(array: np.ndarray | None) -> Any:
    """Return what tells an array that is kept from any other."""
    if array is None:
        return None
    return array.ctypes.data, array.shape, array.strides, array.dtype.str


def _seen(table: Table, rows: np.ndarray | None) -> Table:
    """Return what to check: targets of the rows that are used, small enough to be copied."""
    if rows is None:
        return table

    def cut(arrays: list[Any]) -> list[Any]:
        return [a if a is None or a.nbytes > _SMALL else a[rows] for a in arrays]

    return replace(table, y=cut(table.y), weights=cut(table.weights))


def prepared(ends: ExitStack, shared: Shared, model: Any, one: dict[str, Any]) -> Run:
    """Return the run of one model.

    Args:
        ends: takes what the run holds open.
        shared: what it has in common with the other models.
        model: the model, compiled.
        one: its arguments, those of `fit` and `rows`, `validation_rows`.
    """
    settings = Settings.of(one)
    intake = Intake(model, training=True)
    x, y, weights = one["x"], one["y"], one["sample_weight"]
    if data.is_stream(x):
        raise ArgumentTypeError(
            f"x: got {type(x).__name__}, which gives batches one by one, expected arrays, which "
            "many models can read at once. Call fit for each model, or read the batches into an "
            "array."
        )
    if not model.prepares:
        x = shared.array(x, "x")
    table = intake.table(x, shared.array(y, "y"), weights)
    rows = rows_of("rows", one["rows"], table.rows)
    shared.check(intake, table, rows)
    source_table = table
    if one["class_weight"] is not None:
        source_table = shared.weighed(table, one["class_weight"], model)
    count = table.rows if rows is None else len(rows)
    batch = data.batch_size(settings.batch, count)
    source = intake.source(source_table, batch, None, settings.shuffle, rows)
    ends.callback(source.close)
    validation = _validation(shared, model, table, settings, one)
    advise(model)
    callbacks = callback_list(settings.callbacks, model, 0, settings.epochs, source.steps, True)
    return Run(model, source, validation, callbacks, settings, Told(f"fit_many, '{model.name}'"),
               shared.claims.of(model))  # fmt: skip


def _validation(
    shared: Shared, model: Any, table: Table, settings: Settings, one: dict[str, Any]
) -> Validation | None:
    """Return what a model is validated on: rows of its own table, or data of their own."""
    rows, given = one["validation_rows"], one["validation_data"]
    if rows is None and given is None:
        return None
    if given is None:
        intake = Intake(model, where="validation_rows, ")
        rows = rows_of("validation_rows", rows, table.rows)
    elif rows is not None:
        raise ArgumentError("validation_data: cannot go with validation_rows. Give one of both.")
    else:
        intake = Intake(model, where="validation_data, ")
        x, y, weights = triple(given)
        if not model.prepares:
            x = shared.array(x, "validation_data, x")
        table = intake.table(x, shared.array(y, "validation_data, y"), weights)
    shared.check(intake, table, rows)
    count = table.rows if rows is None else len(rows)
    size = data.batch_size(one["validation_batch_size"] or settings.batch, count)
    return Validation(model, intake.source(table, size, rows=rows))


def rows_of(name: str, rows: Any, count: int) -> np.ndarray | None:
    """Return row numbers as int64, checked; those of a mask; None for all rows.

    Raises:
        ArgumentTypeError: for anything but whole numbers or a mask.
        ArgumentError: for a number that no row has, or a mask of another length.
        DataError: for none.
    """
    if rows is None:
        return None
    array = np.asarray(rows)
    if array.dtype == bool and array.shape == (count,):
        array = np.flatnonzero(array)
    if array.ndim != 1 or (array.size and array.dtype.kind not in "iu"):
        raise ArgumentTypeError(
            f"{name}: got {array.dtype} of shape {array.shape}, expected the numbers of rows, "
            f"shape (n,), or a mask of shape ({count},)."
        )
    if not array.size:
        raise DataError(f"{name}: has no rows, expected at least one.")
    low, high = int(array.min()), int(array.max())
    if low < 0 or high >= count:
        wrong = low if low < 0 else high
        raise ArgumentError(
            f"{name}: got row {wrong}, but the data have {count} rows, numbered from 0."
        )
    return np.ascontiguousarray(array, np.int64)
