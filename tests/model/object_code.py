"""Loads an exported object file with LLVM's own linker, so that no compiler is needed."""

from __future__ import annotations

import ctypes
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from ranvier.engines.native.machine import Loaded, host


class Tensor(ctypes.Structure):
    """What a library says of an input or output."""

    _fields_ = [
        ("name", ctypes.c_char_p), ("dtype", ctypes.c_char_p), ("rank", ctypes.c_int64),
        ("shape", ctypes.POINTER(ctypes.c_int64)), ("size", ctypes.c_int64),
    ]  # fmt: skip


class ObjectCode:
    """The functions of an object file, called as from C."""

    def __init__(self, code: Path | bytes, prefix: str) -> None:
        self.code = code if isinstance(code, bytes) else code.read_bytes()
        self._loaded = Loaded([self.code], host())
        self._prefix = prefix

    def function(self, name: str, result: Any = ctypes.c_int64, *arguments: Any) -> Any:
        """Return a function by its name without the prefix."""
        address = self._loaded.address(self._prefix + name)
        assert address, f"{self._prefix}{name} is not there"
        return ctypes.CFUNCTYPE(result, *arguments)(address)

    def text(self, name: str) -> str:
        """Return what a function without arguments says."""
        said: bytes = self.function(name, ctypes.c_char_p)()
        return said.decode()

    def tensors(self, side: str) -> list[Tensor]:
        """Return the descriptions of all inputs or outputs."""
        one = self.function(side, ctypes.POINTER(Tensor), ctypes.c_int64)
        count = self.function(f"{side}s")()
        assert not one(count) and not one(-1)
        return [one(i).contents for i in range(count)]

    def shapes(self, side: str) -> list[tuple[int, ...]]:
        """Return the shape of each tensor, -1 for rows."""
        return [tuple(t.shape[i] for i in range(t.rank)) for t in self.tensors(side)]

    def outputs(self, rows: int) -> list[np.ndarray]:
        """Return arrays for the outputs of so many rows."""
        return [
            np.full((rows, *shape[1:]), 77, t.dtype.decode())
            for t, shape in zip(self.tensors("output"), self.shapes("output"), strict=True)
        ]

    def run(
        self, x: Sequence[np.ndarray], y: Sequence[np.ndarray], memory: np.ndarray | None = None
    ) -> int:
        """Call `run` on arrays; returns its answer."""
        call = self.function("run", ctypes.c_int, *[ctypes.c_void_p] * 2, ctypes.c_int64,
                             ctypes.c_void_p)  # fmt: skip
        here = None if memory is None else memory.ctypes.data
        answer: int = call(pointers(x), pointers(y), len(x[0]), here)
        return answer

    def predict(self, *x: np.ndarray) -> list[np.ndarray]:
        """Return the outputs that `predict` gives."""
        y = self.outputs(len(x[0]))
        call = self.function("predict", ctypes.c_int, *[ctypes.c_void_p] * 2, ctypes.c_int64)
        if len(x) == len(y) == 1:
            assert call(x[0].ctypes.data, y[0].ctypes.data, len(x[0])) == 0
        else:
            assert call(pointers(x), pointers(y), len(x[0])) == 0
        return y


def pointers(arrays: Sequence[np.ndarray]) -> Any:
    """Return an array of the arrays' addresses."""
    return (ctypes.c_void_p * len(arrays))(*(a.ctypes.data for a in arrays))
