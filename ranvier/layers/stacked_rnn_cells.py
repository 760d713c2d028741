"""StackedRNNCells: cells one upon the other, as one cell."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ..graph.errors import ArgumentError
from .layer import Layer
from .recurrent_cell import zeros


class StackedRNNCells(Layer):
    """A cell made of cells: each takes the output of the one below.

    Args:
        cells: cells with `state_size` and `call(inputs, states)`, the lowest first.
        **kwargs: name, dtype, trainable.

    Shape:
        (batch, features), [states of each cell] -> the output and states of the last

    Raises:
        ArgumentError: if a cell has no `state_size`.

    Example:
        >>> from ranvier.layers import RNN, GRUCell
        >>> RNN(StackedRNNCells([GRUCell(4), GRUCell(2)]))([[[1.0], [2.0]]]).shape
        (1, 2)

    Source: keras.layers.StackedRNNCells.
    """

    def __init__(self, cells: Sequence[Any], **kwargs: Any) -> None:
        super().__init__(**kwargs)
        for cell in cells:
            if not hasattr(cell, "call") or not hasattr(cell, "state_size"):
                raise ArgumentError(
                    f"StackedRNNCells '{self.name}', `cells`: got {cell!r:.60}, expected cells "
                    "with `state_size` and call(inputs, states)."
                )
        self.cells = list(cells)

    @property
    def state_size(self) -> list[Any]:
        """The state sizes of the cells, in their order."""
        return [cell.state_size for cell in self.cells]

    @property
    def output_size(self) -> int:
        """The size of the last cell's output."""
        return _output_size(self.cells[-1])

    def get_initial_state(self, batch_size: Any = None) -> list[Any]:
        """Return what each cell begins with, for a number of rows."""
        found: list[Any] = []
        for cell in self.cells:
            own = getattr(cell, "get_initial_state", None)
            if own is not None:
                found.append(own(batch_size=batch_size))
                continue
            size = cell.state_size
            states = [
                zeros(batch_size, s, self.compute_dtype)
                for s in (size if isinstance(size, (list, tuple)) else [size])
            ]
            found.append(states if isinstance(size, (list, tuple)) else states[0])
        return found

    def build(self, input_shape: Any) -> None:
        """Build each cell on the output of the one below."""
        for cell in self.cells:
            if isinstance(cell, Layer) and not cell.built:
                cell.build(input_shape)
                cell.built = True
            input_shape = (input_shape[0], _output_size(cell))

    def call(self, inputs: Any, states: Any, training: bool = False) -> Any:
        """Return the last cell's output and the new states of all."""
        new: list[Any] = []
        for cell, mine in zip(self.cells, states, strict=True):
            alone = not isinstance(mine, (list, tuple))
            takes = isinstance(cell, Layer) and cell.takes("training")
            more = {"training": training} if takes else {}
            run = cell if callable(cell) else cell.call
            inputs, kept = run(inputs, [mine] if alone else list(mine), **more)
            if alone and isinstance(kept, (list, tuple)):
                kept = kept[0]
            new.append(kept)
        return inputs, new


def _output_size(cell: Any) -> Any:
    size = getattr(cell, "output_size", None)
    if size is None:
        size = cell.state_size[0] if isinstance(cell.state_size, (list, tuple)) else cell.state_size
    return size
