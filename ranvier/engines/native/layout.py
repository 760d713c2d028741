"""What a program must know of its machine code: offsets and sizes, kept beside it on disk."""

from __future__ import annotations

import base64
import json
from dataclasses import asdict, dataclass

import numpy as np

from ...plan import Plan
from .home import aligned, laid_out
from .step import MAX_THREADS, home_buffers


@dataclass
class Layout:
    """Sizes and places in the arena, in bytes.

    Attributes:
        homes: the storage order of each variable.
        inputs: places of (plain, packed) of each input, -1 for none.
        outputs: place of each output.
        constants: (place, bytes) of numbers that are there before the first step.
    """

    arena: int
    private: int
    shared: bool
    rows: int
    lanes: int
    homes: list[list[int]]
    inputs: list[tuple[int, int]]
    outputs: list[int]
    constants: list[tuple[int, str]]

    @staticmethod
    def of(plan: Plan) -> Layout:
        """Return the layout of a plan."""
        constants = []
        for buffer in plan.buffers:
            if buffer.value is not None:
                flat = aligned(buffer.size, buffer.dtype)
                shape = buffer.value.shape
                laid_out(flat, shape, buffer.order, plan.lanes)[...] = buffer.value
                text = base64.b64encode(flat.tobytes()).decode()
                constants.append((buffer.offset, text))
        places = [
            tuple(-1 if b is None else b.offset for b in (e.plain, e.packed)) for e in plan.inputs
        ]
        return Layout(
            plan.arena, plan.private, plan.shared, plan.rows, plan.lanes,
            [list(b.order) for b in home_buffers(plan)],
            places, [b.offset for _, b in plan.outputs], constants,  # type: ignore[arg-type]
        )  # fmt: skip

    def memory(self) -> np.ndarray:
        """Return a new arena: constants in place, then each thread's own block, the barrier."""
        arena = aligned(self.arena + MAX_THREADS * self.private + 64, np.uint8)
        for place, text in self.constants:
            content = np.frombuffer(base64.b64decode(text), np.uint8)
            arena[place : place + len(content)] = content
        return arena

    def text(self) -> str:
        return json.dumps(asdict(self))

    @staticmethod
    def from_text(text: str) -> Layout:
        return Layout(**json.loads(text))
