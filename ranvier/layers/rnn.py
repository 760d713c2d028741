"""RNN: a cell run along the steps of sequences."""

from __future__ import annotations

from typing import Any

from .. import ops
from ..graph.errors import ArgumentError, ShapeError, TraceError
from ..graph.structure import flatten, packed
from ..graph.variable import Variable
from ..ops.recur import recur
from .layer import Layer
from .recurrent_cell import zeros


class RNN(Layer):
    """Run a cell along sequences: each step takes the states that the one before left.

    A cell has `state_size` (an int, or a list of them) and `call(inputs, states)` that returns
    (output, new states). Its step is traced once and compiles into one loop over time; products
    of the input alone are computed for all steps at once, before it.

    Args:
        cell: the cell, or a list of cells, one upon the other.
        return_sequences: whether to return the outputs of all steps; default False, the last.
        return_state: whether to return the last states too; default False.
        go_backwards: whether to begin at the end; outputs then come in that order.
        stateful: whether a batch begins with the states that the batch before left; needs a
            batch of one fixed size.
        unroll: whether to write every step out instead of a loop; default False.
        zero_output_for_mask: whether the output of a masked step is 0, not that of the step
            before; default False.
        **kwargs: name, dtype, trainable, activity_regularizer.

    Shape:
        (batch, steps, features) -> (batch, units), or (batch, steps, units) with return_sequences

    Raises:
        ArgumentError: if the cell has no `state_size`.
        ShapeError: if a stateful layer has no fixed batch size.

    Example:
        >>> from ranvier.layers import SimpleRNNCell
        >>> RNN(SimpleRNNCell(4), return_sequences=True)([[[1.0], [2.0], [3.0]]]).shape
        (1, 3, 4)

    Source: keras.layers.RNN.
    """

    _unheld = Layer._unheld | {"states"}  # kept from batch to batch, but no weights

    def __init__(
        self,
        cell: Any,
        return_sequences: bool = False,
        return_state: bool = False,
        go_backwards: bool = False,
        stateful: bool = False,
        unroll: bool = False,
        zero_output_for_mask: bool = False,
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        if isinstance(cell, (list, tuple)):
            from .stacked_rnn_cells import StackedRNNCells  # made of cells, like this layer

            cell = StackedRNNCells(cell)
        for needed in ("call", "state_size"):
            if not hasattr(cell, needed):
                raise ArgumentError(
                    f"{self._place}, `cell`: got {cell!r:.60} without "
                    f"`{needed}`. A cell is a Layer with `state_size` and call(inputs, states)."
                )
        self.cell = cell
        self.return_sequences, self.return_state = bool(return_sequences), bool(return_state)
        self.go_backwards, self.stateful = bool(go_backwards), bool(stateful)
        self.unroll, self.zero_output_for_mask = bool(unroll), bool(zero_output_for_mask)
        self.supports_masking = True
        self.states: Any = None

    @property
    def state_size(self) -> list[Any]:
        """The sizes of the cell's states, as a list."""
        size = self.cell.state_size
        return list(size) if isinstance(size, (list, tuple)) else [size]

    def build(  # type: ignore[override]
        self, sequences_shape: Any, initial_state_shape: Any = None
    ) -> None:
        """Build the cell for one step; make the states of a stateful layer."""
        step = (sequences_shape[0], *sequences_shape[2:])
        if isinstance(self.cell, Layer) and not self.cell.built:
            self.cell.build(step)
            self.cell.built = True
        if self.stateful and self.states is None:
            if sequences_shape[0] is None:
                raise ShapeError(
                    f"{self._place}, `stateful`: got an input of any batch "
                    "size, expected a fixed one. Give Input(batch_shape=(rows, steps, features))."
                )
            self.states = []
            for value in flatten(self.get_initial_state(sequences_shape[0])):
                variable = Variable(value, dtype=self.dtype, trainable=False, name="rnn_state")
                self.states.append(variable)

    def get_initial_state(self, batch_size: Any) -> list[Any]:
        """Return states of zeros for a number of rows, or what the cell's own method gives."""
        own = getattr(self.cell, "get_initial_state", None)
        if own is None:
            return [zeros(batch_size, size, self.compute_dtype) for size in self.state_size]
        state = own(batch_size=batch_size)
        return list(state) if isinstance(state, (list, tuple)) else [state]

    def reset_state(self) -> None:
        """Set the states of a stateful layer to 0."""
        for variable in self.states or ():
            variable.assign(ops.zeros(variable.shape, variable.dtype))

    reset_states = reset_state

    # --- calling ----------------------------------------------------------------------------
    def call(
        self, sequences: Any, initial_state: Any = None, mask: Any = None, training: bool = False
    ) -> Any:
        """Return the output of the last step or of all steps, and the states if asked for.

        Args:
            sequences: (batch, steps, ...).
            initial_state: the states to begin with; default zeros, or those kept if stateful.
            mask: (batch, steps), False where a step is skipped.
            training: handed to the cell.
        """
        if isinstance(mask, (list, tuple)):
            mask = mask[0]
        self._check_mask(mask)
        begin = self._begin(sequences, initial_state)
        values = [sequences] if mask is None else [sequences, ops.cast(mask, "bool")]
        if self.go_backwards:
            values = [ops.flip(x, 1) for x in values]
        for cell in flat_cells(self.cell):
            cell.begin()
        try:
            outputs, last = recur(self._step(begin, training), values, flatten(begin), self.unroll)
        finally:
            for cell in flat_cells(self.cell):
                cell.end()
        if self.stateful:
            for variable, value in zip(self.states, last, strict=True):
                variable.assign(value)
        output = outputs[0] if self.return_sequences else outputs[0][:, -1]
        return (output, *packed(begin, last)) if self.return_state else output

    def _check_mask(self, mask: Any) -> None:
        shape = (None, None) if mask is None else tuple(mask.shape)
        if len(shape) < 2 or any(size != 1 for size in shape[2:]):
            raise ShapeError(
                f"{self._place}, `mask`: got shape {shape}, expected one "
                "truth a step, (batch, steps). For steps that are pictures, call the layer with "
                f"mask=ops.any(x != 0, axis={[*range(2, len(shape) + 1)]}) instead of Masking."
            )

    def _begin(self, sequences: Any, given: Any) -> list[Any]:
        """Return the states that the first step finds."""
        rows = sequences.shape[0]
        if given is None and self.stateful:
            if rows is not None and rows != self.states[0].shape[0]:
                raise ShapeError(
                    f"{self._place}, `stateful`: got {rows} rows, expected "
                    f"{self.states[0].shape[0]}, as many as its states have. Give batches of that "
                    "size, with a number of rows that it divides."
                )
            return packed(self.get_initial_state(rows), self.states)  # type: ignore[no-any-return]
        states = self.get_initial_state(rows) if given is None else given
        states = list(states) if isinstance(states, (list, tuple)) else [states]
        if len(states) != len(self.state_size):
            raise ArgumentError(
                f"{self._place}, `initial_state`: got {len(states)} states, "
                f"expected {len(self.state_size)}."
            )
        for at, (state, size) in enumerate(zip(states, self.state_size, strict=True)):
            shape = tuple(getattr(state, "shape", ()))
            if isinstance(size, int) and len(shape) == 2 and shape[1] != size:
                raise ShapeError(
                    f"{self._place}, `initial_state`: got shape {shape} for "
                    f"state {at}, expected (rows, {size}), one number a unit."
                )
        return states

    def _step(self, begin: list[Any], training: Any) -> Any:
        """Return what one step does: the cell, and what a mask makes of its results."""
        cell = self.cell
        more = {"training": training} if isinstance(cell, Layer) and cell.takes("training") else {}
        # The first state is taken for the output before; of stacked cells, that of the last one.
        stacked = isinstance(begin[0], (list, tuple))
        first = len(flatten(begin[:-1])) if stacked else 0
        run = cell if callable(cell) else cell.call

        def step(values: list[Any], states: list[Any]) -> tuple[list[Any], list[Any]]:
            found = run(values[0], packed(begin, states), **more)
            if not isinstance(found, (tuple, list)) or len(found) != 2:
                raise TraceError(
                    f"{self._place}, `cell`: its call returned "
                    f"{type(found).__name__}, expected (output, states): what the step gives "
                    "and a list of the new states, `return output, [output]`."
                )
            output, new = found[0], flatten(found[1])
            if len(values) == 1:
                return [output], new
            kept = [_where(values[1], n, s) for n, s in zip(new, states, strict=True)]
            if self.zero_output_for_mask:
                return [_where(values[1], output, ops.zeros_like(output))], kept
            same = output is new[first]
            return [kept[first] if same else _where(values[1], output, states[first])], kept

        return step

    def compute_mask(self, inputs: Any, previous_mask: Any = None) -> Any:
        """Return the mask if all steps are returned; states have none."""
        if isinstance(previous_mask, (list, tuple)):
            previous_mask = previous_mask[0]
        mask = previous_mask if self.return_sequences else None
        return [mask, *(None for _ in self.state_size)] if self.return_state else mask


def _where(keep: Any, new: Any, old: Any) -> Any:
    """Return new values in the rows that count, old ones in the others."""
    return ops.where(ops.reshape(keep, (keep.shape[0], *(1 for _ in new.shape[1:]))), new, old)


def flat_cells(cell: Any) -> list[Any]:
    """Return the cells below a cell that keep masks of dropout."""
    if hasattr(cell, "cells"):
        return [one for part in cell.cells for one in flat_cells(part)]
    return [cell] if hasattr(cell, "begin") and hasattr(cell, "end") else []
