"""Steps run one by one with values at hand, so that prints and breakpoints in user code work."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from ..graph.live import LiveTrace, live_input, value_of
from .step import BODIES, Specs


class EagerProgram:
    """A step without compiled code: each op computes as Python reaches it.

    Args:
        model: the model.
        kind: "train", "test" or "predict".
        specs: what data the step takes.
    """

    def __init__(self, model: Any, kind: str, specs: Specs) -> None:
        self.model, self.kind, self.specs = model, kind, specs
        self.outputs = [
            ((None, *t.shape[1:]), str(t.dtype)) for t in model.known_outputs()
        ] if kind == "predict" else []  # fmt: skip

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
            for target, node in zip(out, outputs, strict=bool(out)):
                target[start : start + len(rows)] = value_of(node)

    def _step(self, arrays: list[np.ndarray]) -> list[Any]:
        taken = iter(arrays)

        def live(specs: Sequence[Any], kind: str) -> list[Any]:
            return [None if s is None else live_input(next(taken), f"{kind}{i}", s.dtype)
                    for i, s in enumerate(specs)]  # fmt: skip

        x, y, w = live(self.specs.x, "x"), live(self.specs.y, "y"), live(self.specs.weights, "w")
        with LiveTrace() as trace:
            outputs = BODIES[self.kind](self.model, trace, x, y, w)
        values = [(variable, value_of(node)) for variable, node in trace.updates.items()]
        for variable, value in values:
            variable.assign(value)
        return outputs
