"""What users pass as x, y and sample_weight, as sources of steps: checked, and built on."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from .. import data
from .. import random as random_room
from ..data import Table
from . import slots
from .advice import advise_targets
from .feed import Feed, feed, hides_lost_weights, mostly_zero
from .own import is_own
from .run import Source, StreamSource, TableSource


class Intake:
    """Reads the data of one run for one model.

    Args:
        model: the model; it is built on the first data if it is not yet.
        training: whether the data are trained on: then more is checked.
        where: put before the argument in messages, for instance "validation_data, ".
    """

    def __init__(self, model: Any, training: bool = False, where: str = "") -> None:
        self.model, self.training, self.where = model, training, where
        self._inputs: list[data.Slot] = []
        self._targets: list[data.Slot] | None = None

    def table(self, x: Any, y: Any = None, sample_weight: Any = None) -> Table:
        """Return arrays as a table in the model's order, with the model built on them."""
        form = _form(x, y) if sample_weight is None else None
        found = self.model._inventory().notes.get(form)
        if found is not None:  # a batch like one before needs microseconds
            self._inputs, self._targets, shapes = found
            arrays = [a.reshape(len(a), *s) for a, s in zip((x, y), shapes, strict=False)]
            return Table(arrays[:1], arrays[1:], [None] * len(arrays[1:]), [None])
        table = self._read(x, y, sample_weight)
        if form is not None and not self.model.prepares:
            shapes = [a.shape[1:] for a in (*table.x, *table.y) if a is not None]
            self.model._inventory().notes[form] = self._inputs, self._targets, shapes
        return table

    def _read(self, x: Any, y: Any, sample_weight: Any) -> Table:
        data.check_labels_of_rows(x, y, f"{self.where}y")
        x = self.model.prepared(x)
        inputs = slots.inputs_for(self.model, x)
        first = data.read(x, inputs=inputs, where=self.where)
        self.model.take_form(x, len(inputs))
        self.model.build_on(first.x)
        x = first.x if len(first.x) > 1 else first.x[0]
        self._inputs = slots.inputs_of(self.model)
        self._targets = slots.targets_of(self.model, y)
        table = data.read(
            x, _padded(y, self._targets), sample_weight, self._inputs or inputs, self._targets,
            self.where,
        )  # fmt: skip
        return replace(table, columns=first.columns)

    def check(self, table: Table, fraction: float = 0.0) -> None:
        """Run the checks on a table that need the model's shapes."""
        inputs = self.slots()
        outputs = slots.outputs_of(self.model) if self._targets is None else self._targets
        slots.need_targets(self.model, table, self.where)
        if self.training:
            scaled = slots.is_scaled(self.model)
            data.check_training(table, inputs, outputs, scaled, fraction, self.where)
            if not is_own(self.model, "train"):
                advise_targets(self.model, table.y, outputs)
        else:
            data.check_inputs(table.x, inputs, self.where)
            data.check_targets(table, outputs, self.where)

    def check_values(self, table: Table) -> None:
        """Warn where inputs to validate on have NaN."""
        data.check_values(table, self.slots(), self.where, "val_loss into NaN")

    def slots(self) -> list[data.Slot]:
        """Return the model's inputs: those of the table that was read, or as they are now."""
        return self._inputs or slots.inputs_of(self.model)

    def feed(self, table: Table) -> Feed:
        """Return a table as a feed."""
        outputs = len(self.model.known_outputs())
        return feed(table, self.model.known_inputs(), outputs, self.model._zeros)

    def source(
        self, table: Table, batch: int, steps: int | None = None, shuffle: bool | str = False,
        rows: np.ndarray | None = None,
    ) -> Source:  # fmt: skip
        """Return a table, or those of its rows whose numbers are given, as a source of steps.

        What is trained on decides whether the model's products pass over zeros: from then on, so
        that its weights lie the same way in all that follows, until one of them is no number.
        """
        if self.training:
            self.model._zeros = tuple(mostly_zero(x, rows) for x in table.x)
        hides_lost_weights(self.model)
        permute = permutations() if shuffle else None
        count = table.rows if rows is None else len(rows)
        schedule = data.Schedule(count, batch, steps, shuffle, permute)
        return TableSource(self.feed(table), schedule, rows)

    def stream(
        self,
        source: Any,
        steps: int | None = None,
        shuffle: bool | str = False,
        epochs: int = 1,
        weigh: Callable[[Table], Table] | None = None,
        targets: bool = True,
        again: bool = False,
    ) -> Source:
        """Return a generator or data set as a source of steps.

        Args:
            source: gives batches.
            steps: batches an epoch, None for all.
            shuffle: whether the batches of a data set come in a new order each epoch.
            epochs: how often it will be gone through at most.
            weigh: adds the weights of classes to a batch.
            targets: whether targets are needed; if not, those that come are left out.
            again: whether each epoch begins with the first batch again.
        """
        permute = permutations() if shuffle else None
        inputs, outputs = slots.inputs_for(self.model, None), slots.outputs_of(self.model)

        def prepared(x: Any) -> Any:
            x = self.model.prepared(x)
            if not self.model.known_inputs():  # the first batch says what they are
                stream.inputs = slots.inputs_for(self.model, x)
                self.model.take_form(x, len(stream.inputs))
            return x

        stream = data.Stream(
            source, inputs, outputs or (data.Slot("y"),), f"{self.where}x", shuffle, permute,
            total=None if steps is None else steps * epochs, again=again,
            prepare=prepared if self.model.prepares or not self.model.known_inputs() else None,
        )  # fmt: skip
        if not self.model.known_outputs():
            try:
                self.model.build_on(stream.first.x)
            except BaseException:
                stream.close()
                raise
        stream.inputs = slots.inputs_of(self.model)
        stream.outputs = slots.outputs_of(self.model) or (data.Slot("y"),)

        # The scale of x is looked at in the first batch only, as all others are like it.
        seen = [not self.training or slots.is_scaled(self.model)]

        def check(table: Table, where: str) -> None:
            if not targets:
                data.check_inputs(table.x, stream.inputs, where)
                return
            slots.need_targets(self.model, table, where)
            data.check_batch(table, stream.inputs, stream.outputs, where, seen[0])
            seen[0] = True

        def made(table: Table) -> Feed:
            if not targets:
                table = replace(table, y=[], weights=[])
            return self.feed(table if weigh is None else weigh(table))

        stream.check = check
        return StreamSource(stream, made, steps)


def _form(x: Any, y: Any) -> tuple[Any, ...] | None:
    """Return what batches that are read alike have in common; None for all but plain arrays."""
    arrays = (x,) if y is None else (x, y)
    if not all(data.is_plain(a) and len(a) == len(x) for a in arrays) or not len(x):
        return None
    return tuple([(a.dtype, a.shape[1:]) for a in arrays])


def _padded(y: Any, outputs: Sequence[data.Slot]) -> Any:
    """Return targets with None put where an output has no loss and was left out."""
    needed = [slot.needed for slot in outputs]
    if not isinstance(y, (list, tuple)) or len(y) == len(needed) or len(y) != sum(needed):
        return y
    if not all(hasattr(one, "shape") for one in y):
        return y
    rest = iter(y)
    return [next(rest) if one else None for one in needed]


def permutations() -> data.Orders:
    """Return what gives a new order of n rows each time; one seed for all of them."""
    return data.Orders(random_room.permutation, random_room.next_seed())
