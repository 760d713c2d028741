"""Writes the step: gather the batch, run every kernel, hand out results, again and again."""

from __future__ import annotations

from functools import partial

from ...graph.shape import size as size_of
from ...plan import Access, Copy, Loop, Pack, Plan, Product, Special
from ...plan.plan import Kernel
from .emit import MEMORY, SIZE, Function, Module
from .loop import write_copy, write_loop
from .machine import Machine
from .product import write_product
from .special import write_special
from .transpose import write_pack

#: Words of the call block: row order, rows in all, rows a batch; then the inputs' and outputs'.
HEAD, PER_INPUT = 3, 4


def write_step(plan: Plan, machine: Machine) -> str:
    """Return a module with `run(arena, homes, call)`."""
    module = Module(plan.lanes, machine.attributes)
    plan.notes["vector_bytes"] = machine.vector_bytes
    written = [_write_kernel(plan, module, k, machine) for k in plan.kernels]
    f = Function(module, [("ptr", "arena"), ("ptr", "homes"), ("ptr", "call")],
                 linkage="", name="run")  # fmt: skip
    restore = _flush_denormals(f, machine)
    homes = {
        id(b): f.let(f"load ptr, ptr {f.offset('%homes', 8 * i)}, align 8")
        for i, b in enumerate(home_buffers(plan))
    }
    order, total, batch = (_word(f, i) for i in range(HEAD))
    steps = f.let(f"add i64 {total}, {batch}")
    steps = f.let(f"sub i64 {steps}, 1")
    steps = f.let(f"sdiv i64 {steps}, {batch}")

    def pointer(access: Access) -> str:
        offset = access.offset * SIZE[access.buffer.dtype]
        if access.buffer.variable is not None:
            return f.offset(homes[id(access.buffer)], offset)
        return f.offset("%arena", access.buffer.offset + offset)

    def step(s: str, _: list[str]) -> None:
        start = f.mul(s, batch)
        left = f.let(f"sub i64 {total}, {start}")
        short = f.let(f"icmp slt i64 {left}, {batch}")
        rows = f.let(f"select i1 {short}, i64 {left}, i64 {batch}")
        here = f.offset(order, f.mul(start, 8))
        _write_gathers(f, plan, here, rows)
        for name, accesses in written:
            f.call("void", name, [*(f"ptr {pointer(a)}" for a in accesses), f"i64 {rows}",
                                  "i64 0", "i64 0"])  # fmt: skip
        _write_outputs(f, plan, start, rows)

    f.loop(0, steps, step)
    restore()
    module.functions["run"] = f.text()
    return module.text()


def home_buffers(plan: Plan) -> list:
    """Return the buffers of variables, in the order of the table of homes."""
    by_variable = {id(b.variable): b for b in plan.buffers if b.variable is not None}
    return [by_variable[id(v)] for v in plan.graph.variables]


def _write_kernel(plan: Plan, module: Module, kernel: Kernel,
                  machine: Machine) -> tuple[str, list[Access]]:  # fmt: skip
    if isinstance(kernel, Product):
        return write_product(plan, module, kernel, machine.registers)
    if isinstance(kernel, Loop):
        return write_loop(plan, module, kernel)
    if isinstance(kernel, Pack):
        return write_pack(plan, module, kernel)
    if isinstance(kernel, Special):
        return write_special(plan, module, kernel)
    assert isinstance(kernel, Copy)
    return write_copy(plan, module, kernel)


def _word(f: Function, index: int) -> str:
    kind = "ptr" if index == 0 else "i64"
    return f.let(f"load {kind}, ptr {f.offset('%call', 8 * index)}, align 8")


def _write_gathers(f: Function, plan: Plan, order: str, rows: str) -> None:
    at = HEAD
    for entry in plan.inputs:
        if entry.node.shape[:1] == (None,):
            data, gather = (
                f.let(f"load ptr, ptr {f.offset('%call', 8 * (at + i))}, align 8") for i in (0, 3)
            )
            row_step, step = (_word(f, at + i) for i in (1, 2))
            targets = [
                "null" if b is None else f.offset("%arena", b.offset)
                for b in (entry.plain, entry.packed)
            ]
            f.do(f"call void {gather}(ptr {data}, i64 {row_step}, i64 {step}, ptr {order}, "
                 f"i64 {rows}, ptr {targets[0]}, ptr {targets[1]})")  # fmt: skip
        at += PER_INPUT


def _write_outputs(f: Function, plan: Plan, start: str, rows: str) -> None:
    """Copy outputs that have rows to the caller's arrays, row by row."""
    for i, (node, buffer) in enumerate(plan.outputs):
        if node.shape[:1] != (None,):
            continue
        at = HEAD + PER_INPUT * len(plan.inputs) + i
        target = f.let(f"load ptr, ptr {f.offset('%call', 8 * at)}, align 8")
        features = size_of(node.shape)
        form = _Rows(f, plan.rows, features, node.dtype)
        given = f.let(f"icmp ne ptr {target}, null")
        source = f.offset("%arena", buffer.offset)
        f.branch(given, partial(form.write, source, target, start, rows))


class _Rows:
    """Writes the copy of feature-major results to rows of the caller's array."""

    def __init__(self, f: Function, stride: int, features: int, dtype: str) -> None:
        self.f, self.stride, self.features, self.dtype = f, stride, features, dtype

    def write(self, source: str, target: str, start: str, rows: str) -> None:
        f, size, kind = self.f, SIZE[self.dtype], MEMORY[self.dtype]

        def row(r: str, _: list[str]) -> None:
            here = f.offset(source, f.mul(r, size))
            there = f.offset(target, f.mul(f.mul(f.add(start, r), self.features), size))

            def cell(c: str, _: list[str]) -> None:
                p = f.offset(here, f.mul(c, self.stride * size))
                x = f.let(f"load {kind}, ptr {p}, align {size}")
                f.do(f"store {kind} {x}, ptr {f.offset(there, f.mul(c, size))}, align {size}")

            f.loop(0, self.features, cell)

        f.loop(0, rows, row)


def _flush_denormals(f: Function, machine: Machine):  # type: ignore[no-untyped-def]
    """Treat denormals as zero while the step runs; return what writes the way back.

    A decaying average reaches denormals, and each costs a hundred cycles: without this a step
    takes twice its time.
    """
    if not machine.triple.startswith(("x86_64", "i686", "amd64")):
        return lambda: None
    for name in ("ldmxcsr", "stmxcsr"):
        f.module.declare(f"void @llvm.x86.sse.{name}(ptr)")
    old, new = f.let("alloca i32"), f.let("alloca i32")
    f.call("void", "llvm.x86.sse.stmxcsr", [f"ptr {old}"])
    held = f.let(f"load i32, ptr {old}, align 4")
    f.do(f"store i32 {f.let(f'or i32 {held}, 32832')}, ptr {new}, align 4")
    f.call("void", "llvm.x86.sse.ldmxcsr", [f"ptr {new}"])
    return lambda: f.call("void", "llvm.x86.sse.ldmxcsr", [f"ptr {old}"])
