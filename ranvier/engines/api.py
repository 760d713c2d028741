"""What an engine promises: `compile(graph) -> Program`, and a program runs steps."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

import numpy as np

from ..graph.graph import Graph, Pass, unchanged


class Program(Protocol):
    """A compiled graph. It holds no numbers: variables do."""

    def run(
        self,
        data: Sequence[np.ndarray],
        order: np.ndarray,
        batch: int,
        out: Sequence[np.ndarray] = (),
    ) -> None:
        """Run one step for each `batch` rows of `order`; the last may have fewer.

        Updates of the graph go into its variables, step after step.

        Args:
            data: one array for each graph input, in order. An input with an open batch axis gets
                an array of all rows, of any dtype and strides; others an array of their shape.
            order: int64 row numbers, in the order in which to visit them.
            batch: rows a step, at most the program's capacity.
            out: one array for each graph output. An output with an open batch axis fills an
                array of len(order) rows; another leaves the value of the last step.
        """


class Engine(Protocol):
    """Turns graphs into programs."""

    name: str

    def compile(self, graph: Graph, capacity: int, passes: Pass = unchanged) -> Program:
        """Return a program for batches of up to `capacity` rows.

        Args:
            graph: one step.
            capacity: the most rows of a batch.
            passes: what the graph goes through first, unless its code is at hand already.
        """
