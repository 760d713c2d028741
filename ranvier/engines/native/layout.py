"""What a program must know of its machine code: offsets and sizes, kept beside it on disk."""

from __future__ import annotations

import base64
import json
from itertools import accumulate

import numpy as np

from .call import MAX_THREADS
from .home import aligned


class Layout:
    """Sizes and places in the arena, in bytes.

    Attributes:
        variables: the numbers of those that the code reads or writes among the graph's.
        homes: the storage order of each of them.
        inputs: places of (plain, packed) of each input, -1 for none.
        outputs: place of each output.
        constants: (place, bytes) of numbers that are there before the first step.
        codes: the size of each object file, in the order in which they are loaded.
    """

    def __init__(
        self, *, arena: int, private: int, shared: bool, rows: int, lanes: int,
        variables: list[int], homes: list[list[int]], inputs: list[tuple[int, int]],
        outputs: list[int], constants: list[tuple[int, str]], codes: list[int],
    ) -> None:  # fmt: skip
        self.arena, self.private, self.shared = arena, private, shared
        self.rows, self.lanes, self.variables = rows, lanes, variables
        self.homes, self.inputs, self.outputs, self.constants = homes, inputs, outputs, constants
        self.codes = codes

    def memory(self) -> np.ndarray:
        """Return a new arena: constants in place, then each thread's own block, the barrier."""
        arena = aligned(self.arena + MAX_THREADS * self.private + 64, np.uint8)
        for place, text in self.constants:
            content = np.frombuffer(base64.b64decode(text), np.uint8)
            arena[place : place + len(content)] = content
        return arena

    def split(self, code: bytes) -> list[bytes]:
        """Return the object files that lie one behind the other in `code`."""
        ends = [*accumulate(self.codes)]
        return [code[end - size : end] for end, size in zip(ends, self.codes, strict=True)]

    def text(self) -> str:
        return json.dumps(vars(self))

    @staticmethod
    def from_text(text: str) -> Layout:
        return Layout(**json.loads(text))
