"""Steps run one by one with values at hand, so that prints and breakpoints in user code work."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from ..graph.live import LiveTrace, live_input, value_of
from ..graph.shape import is_open
from .step import Body, Specs


class EagerProgram:
    """A step without compiled code: each op computes as Python reaches it.

    Args:
        model: the model.
        body: what a step computes.
        specs: what data the step takes.
        gives: whether it gives outputs; what they look like, a step on one row tells.
    """

    def __init__(self, model: Any, body: Body, specs: Specs, gives: bool = False) -> None:
        self.model, self.body, self.specs = model, body, specs
        self.outputs: list[tuple[tuple[int | None, ...], str]] = []
        if gives:
            every = [s for group in (specs.x, specs.y, specs.weights) for s in group if s]
            found = self._step([np.zeros((1, *s.shape), s.dtype) for s in every])
            self.outputs = [
                ((None, *node.shape[1:]) if node.shape[:1] == (1,) else node.shape, node.dtype)
                for node in found
            ]

    def run(
        self,
        data: Sequence[np.ndarray],
        order: np.ndarray,
        batch: int,
        out: Sequence[np.ndarray] = (),
    ) -> None:
        """Run the steps; see `engines.api.Program.run`."""
        for start in range(0, len(order), batch):
            rows = order[start : start + batch]
            outputs = self._step([array[rows] for array in data])
            for target, (shape, _), node in zip(out, self.outputs, outputs, strict=bool(out)):
                place = slice(start, start + len(rows)) if is_open(shape) else ...
                target[place] = value_of(node)

    def _step(self, arrays: list[np.ndarray]) -> list[Any]:
        taken = iter(arrays)

        def live(specs: Sequence[Any], kind: str) -> list[Any]:
            return [None if s is None else live_input(next(taken), f"{kind}{i}", s.dtype)
                    for i, s in enumerate(specs)]  # fmt: skip

        x, y, w = live(self.specs.x, "x"), live(self.specs.y, "y"), live(self.specs.weights, "w")
        with LiveTrace() as trace:
            outputs = self.body(self.model, trace, x, y, w)
        values = [(variable, value_of(node)) for variable, node in trace.updates.items()]
        for variable, value in values:
            variable.assign(value)
        return outputs
