"""A step compiled: for batches of any size, or, where rows mix, for each exact size anew."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from .. import engines
from ..graph import Graph
from ..graph.errors import OpenBatchError
from ..graph.shape import is_open
from ..transform.simplify import simplify

#: Exact sizes kept at a time: the full batch and the last, partial one, with some to spare.
_SIZES_KEPT = 8
#: Programs of one model kept at a time. Each length of sequences in buckets has its own, to train,
#: to validate and to predict; a stream whose every batch has another length must not keep all.
_PROGRAMS_KEPT = 64


class StepProgram:
    """One compiled step of a model.

    Args:
        trace: makes the graph, for any number of rows (None) or for an exact one.
        capacity: the most rows a batch has.
        first: the rows of the first batch, which may be all there is.
        exact: whether there is a program for each number of rows, although one could serve all:
            lanes are then no rows, so that a step of few rows does no work in vain.

    Attributes:
        open: whether one program serves all batch sizes.
        outputs: shape (None for rows) and dtype of each output.
    """

    def __init__(
        self, trace: Callable[[int | None], Graph], capacity: int, first: int, exact: bool = False
    ) -> None:
        self.capacity = capacity
        self._trace = trace
        self._exact: dict[int, Any] = {}
        self.open = not exact
        try:
            if self.open:
                graph = trace(None)
                self._program = engines.current().compile(graph, capacity, simplify)
        except OpenBatchError:
            # An op mixes rows in a way that no mask can express.
            self.open = False
        if not self.open:
            graph = self._exact_program(first)[1]
        self.outputs = [(_opened(n.shape, first, self.open), n.dtype) for n in graph.outputs]
        self.variables = graph.variables
        self.changed = [variable for variable, _ in graph.updates]

    def run(
        self,
        data: Sequence[np.ndarray],
        order: np.ndarray,
        batch: int,
        out: Sequence[np.ndarray] = (),
    ) -> None:
        """Run one step for each `batch` rows of `order`; see `engines.api.Program.run`."""
        if self.open:
            self._program.run(data, order, batch, out)
            return
        for start in range(0, len(order), batch):
            rows = order[start : start + batch]
            taken = [np.ascontiguousarray(array[rows]) for array in data]
            part = [o[start : start + len(rows)] if is_open(s) else o
                    for o, (s, _) in zip(out, self.outputs, strict=bool(out))]  # fmt: skip
            program, _ = self._exact_program(len(rows))
            program.run(taken, np.arange(len(rows)), len(rows), part)

    def exactly(self, rows: int) -> Any:
        """Return the engine's program for just so many rows."""
        return self._exact_program(rows)[0]

    def _exact_program(self, rows: int) -> tuple[Any, Graph]:
        if rows not in self._exact:
            while len(self._exact) >= _SIZES_KEPT:
                self._exact.pop(next(iter(self._exact)))
            graph = self._trace(rows)
            self._exact[rows] = (engines.current().compile(graph, rows, simplify), graph)
        return self._exact[rows]


def row_by_row(outputs: Sequence[tuple[tuple[int | None, ...], str]]) -> bool:
    """Tell whether every output has one row a row of data, so that many steps fill one array."""
    return all(is_open(shape) for shape, _ in outputs)


def space(outputs: Sequence[tuple[tuple[int | None, ...], str]], rows: int) -> list[np.ndarray]:
    """Return arrays for the outputs of so many rows."""
    return [
        np.empty((rows, *shape[1:]) if is_open(shape) else shape, dtype)  # type: ignore[arg-type]
        for shape, dtype in outputs
    ]


def _opened(shape: tuple[int | None, ...], rows: int, is_open: bool) -> tuple[int | None, ...]:
    if is_open or not shape or shape[0] != rows:
        return shape
    return (None, *shape[1:])


class ProgramCache:
    """The programs of one model, found by what they depend on; those used last are kept."""

    def __init__(self) -> None:
        self._programs: dict[tuple[Any, ...], StepProgram] = {}  # from the one used longest ago on

    def __reduce__(self) -> tuple[type, tuple[()]]:
        return ProgramCache, ()  # machine code stays behind when a model is copied or pickled

    def get(self, key: tuple[Any, ...], make: Callable[[], StepProgram]) -> StepProgram:
        """Return the program of this key, made now if there is none."""
        key = (*key, engines.current().name)
        found = self._programs.pop(key, None) or make()
        self._programs[key] = found
        while len(self._programs) > _PROGRAMS_KEPT:
            self._programs.pop(next(iter(self._programs)))
        return found

    def clear(self, kinds: Sequence[str] | None = None) -> None:
        """Forget all programs, or those whose key begins with one of `kinds`."""
        self._programs = {
            k: p for k, p in self._programs.items() if kinds is not None and k[0] not in kinds
        }
