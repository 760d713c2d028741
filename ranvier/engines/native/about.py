"""Writes what a library tells of itself: its names, its processor, its inputs and outputs."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from ...graph.shape import size as size_of
from .emit import Function, Module
from .interface import Interface, Tensor


class About:
    """Writes the functions that tell what a library is.

    Args:
        module: the library.
        interface: what it says.
        memory: bytes that a call needs.
        constant: returns a constant of the module.
    """

    def __init__(
        self, module: Module, interface: Interface, memory: int, constant: Callable[[bytes], str]
    ) -> None:
        self.module, self.interface, self.memory = module, interface, memory
        self.constant = constant

    def write(self) -> None:
        """Write all of them."""
        interface = self.interface
        for name in ("name", "version", "target"):
            self._answer(name, "ptr", self._string(getattr(interface, name)))
        for name, tensors in (("input", interface.inputs), ("output", interface.outputs)):
            self._answer(f"{name}s", "i64", str(len(tensors)))
            self._table(name, tensors)
        self._answer("batch", "i64", str(interface.batch))
        self._answer("memory", "i64", str(self.memory))

    def _answer(self, name: str, kind: str, value: str) -> None:
        full = self.interface.prefix + name
        f = Function(self.module, [], "", full, kind)
        f.answer = f"{kind} {value}"
        self.module.functions[full] = f.text()

    def _string(self, text: str) -> str:
        return self.constant(text.encode() + b"\0")

    def _table(self, name: str, tensors: Sequence[Tensor]) -> None:
        """Write the function that returns the description of one tensor, null past the last."""
        kind = "{ ptr, ptr, i64, ptr, i64 }"
        rows = []
        for t in tensors:
            sizes = self.constant(np.array([-1, *t.shape], np.int64).tobytes())
            title, dtype = self._string(t.name), self._string(t.dtype)
            fields = (
                f"ptr {title}", f"ptr {dtype}", f"i64 {len(t.shape) + 1}", f"ptr {sizes}",
                f"i64 {size_of(t.shape)}",
            )  # fmt: skip
            rows.append(f"{kind} {{ {', '.join(fields)} }}")
        count, table = len(rows), f"{name}_table"
        self.module.functions[table] = (
            f"@{table} = internal constant [{count} x {kind}] [{', '.join(rows)}], align 8"
        )
        full = self.interface.prefix + name
        f = Function(self.module, [("i64", "index")], "", full, "ptr")
        known = f.let(f"icmp ult i64 %index, {count}")
        held = f.let(f"select i1 {known}, i64 %index, i64 0")
        place = f.offset("@" + table, f.mul(held, 40))
        f.answer = "ptr " + f.let(f"select i1 {known}, ptr {place}, ptr null")
        self.module.functions[full] = f.text()
