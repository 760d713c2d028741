"""Writes the step: gather the batch, run every kernel, hand out results, again and again."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial

from ...graph.shape import size as size_of
from ...plan import Access, Copy, Loop, Pack, Plan, Product, Recur, Special
from ...plan.plan import Kernel
from .across import write_across
from .call import BEGUN, HEAD, MAX_THREADS, PER_INPUT, SLEEP
from .copy import write_copy
from .emit import MEMORY, SIZE, Function, Module
from .home import apart
from .loop import write_loop
from .machine import Machine, is_x86
from .product import write_product
from .recur import write_recur
from .share import write_barrier
from .slopes import write_slopes
from .special import write_special
from .transpose import write_pack
from .windows import write_windows
from .zeros import write_passing

#: Lines from which a part of a step's code is a text of its own: threads compile texts side by
#: side, and each takes a warm start a tenth of a millisecond to load.
_PART = 600


def write_step(plan: Plan, machine: Machine) -> Iterator[str]:
    """Yield modules, of which the last has `run(arena, homes, call, thread, threads)`.

    Those before it have kernels that it calls. Each thread of a step calls `run` once.
    """
    module = new_module(plan.lanes, machine)
    written = []
    for kernel in plan.kernels:
        written.append(write_kernel(plan, module, kernel, machine))
        if module.lines() > _PART:
            yield module.part([name for name, _ in written])
    arguments = [("ptr", "arena"), ("ptr", "homes"), ("ptr", "call"), ("i64", "thread"),
                 ("i64", "threads")]  # fmt: skip
    f = Function(module, arguments, linkage="", name="run")
    private = apart(plan.private)
    own = f.offset("%arena", f.add(f.mul("%thread", private), plan.arena))
    first = f.let("icmp eq i64 %thread, 0")
    restore = flush_denormals(f, machine)
    homes = {
        id(b): f.let(f"load ptr, ptr {f.offset('%homes', 8 * i)}, align 8")
        for i, b in enumerate(home_buffers(plan))
    }
    order, total, batch = (_word(f, i) for i in range(3))
    steps = f.let(f"add i64 {total}, {batch}")
    steps = f.let(f"sub i64 {steps}, 1")
    steps = f.let(f"sdiv i64 {steps}, {batch}")

    def pointer(access: Access) -> str:
        offset = access.offset * SIZE[access.buffer.dtype]
        if access.buffer.variable is not None:
            return f.offset(homes[id(access.buffer)], offset)
        base = own if access.buffer.private else "%arena"
        return f.offset(base, access.buffer.offset + offset)

    def step(s: str, carried: list[str]) -> list[str]:
        target = carried[0]

        def barrier() -> None:
            nonlocal target
            target = f.add(target, "%threads")
            f.call("void", meet, [f"ptr {counter}", f"i64 {target}", "i64 %threads",
                                  f"ptr {sleep}"])  # fmt: skip

        start = f.mul(s, batch)
        rows = f.least(f.let(f"sub i64 {total}, {start}"), batch)
        here = f.offset(order, f.mul(start, 8))
        _write_gathers(f, plan, own, here, rows)
        alone: list[tuple[str, list[Access]]] = []

        def flush() -> None:
            """Let the first thread run the kernels that are not shared."""
            if alone:
                calls = list(alone)
                f.branch(first, partial(call_all, calls))
                alone.clear()

        def call_all(calls: list[tuple[str, list[Access]]]) -> None:
            for name, accesses in calls:
                call(name, accesses, "0", "1")

        def call(name: str, accesses: list[Access], thread: str, threads: str) -> None:
            f.call("void", name, [*(f"ptr {pointer(a)}" for a in accesses), f"i64 {rows}",
                                  f"i64 {thread}", f"i64 {threads}"])  # fmt: skip

        for kernel, (name, accesses) in zip(plan.kernels, written, strict=True):
            if kernel.meet:
                flush()
                barrier()
            if kernel.shared:
                flush()
                call(name, accesses, "%thread", "%threads")
            else:
                alone.append((name, accesses))
        flush()
        if any(n.shape[:1] == (None,) for n, _ in plan.outputs):
            barrier()
            f.branch(first, lambda: _write_outputs(f, plan, start, rows))
        barrier()
        return [target]

    counter = f.offset("%arena", plan.arena + MAX_THREADS * private)
    meet, sleep = write_barrier(module, is_x86(machine)), _word(f, SLEEP)
    f.branch(first, lambda: f.do(f"store i64 1, ptr {f.offset('%call', 8 * BEGUN)}, align 8"))
    f.loop(0, steps, step, [("i64", "0")])
    restore()
    module.functions["run"] = f.text()
    yield module.part(["run"])


def new_module(lanes: int, machine: Machine) -> Module:
    """Return an empty module for kernels on vectors of so many lanes."""
    return Module(lanes, machine.attributes, machine.estimates(lanes), machine.fused)


def home_buffers(plan: Plan) -> list:
    """Return the buffers of variables, in the order of the table of homes."""
    by_variable = {id(b.variable): b for b in plan.buffers if b.variable is not None}
    return [by_variable[id(v)] for v in plan.graph.variables]


def write_kernel(plan: Plan, module: Module, kernel: Kernel,
                 machine: Machine) -> tuple[str, list[Access]]:  # fmt: skip
    """Write any kernel; returns its function and the accesses whose pointers it takes."""
    if isinstance(kernel, Product):
        write = write_across if kernel.across else write_product
        write = write_windows if kernel.windows else write
        write = write_slopes if kernel.slopes else write
        write = write_passing if kernel.zeros >= 0 else write
        return write(plan, module, kernel, machine)
    if isinstance(kernel, Loop):
        return write_loop(plan, module, kernel)
    if isinstance(kernel, Pack):
        return write_pack(plan, module, kernel)
    if isinstance(kernel, Recur):
        return write_recur(module, kernel, lambda p, k: write_kernel(p, module, k, machine))
    if isinstance(kernel, Special):
        return write_special(plan, module, kernel)
    assert isinstance(kernel, Copy)
    return write_copy(plan, module, kernel)


def _word(f: Function, index: int) -> str:
    kind = "ptr" if index in (0, SLEEP) else "i64"
    return f.let(f"load {kind}, ptr {f.offset('%call', 8 * index)}, align 8")


def _write_gathers(f: Function, plan: Plan, own: str, order: str, rows: str) -> None:
    at = HEAD
    for entry in plan.inputs:
        if entry.node.shape[:1] == (None,):
            data, gather = (
                f.let(f"load ptr, ptr {f.offset('%call', 8 * (at + i))}, align 8") for i in (0, 3)
            )
            row_step, step = (_word(f, at + i) for i in (1, 2))
            targets = [
                "null" if b is None else f.offset(own, b.offset)
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
        form = Rows(f, plan.rows, features, node.dtype)
        given = f.let(f"icmp ne ptr {target}, null")
        source = f.offset("%arena", buffer.offset)
        f.branch(given, partial(form.write, source, target, start, rows))


class Rows:
    """Writes the copy of feature-major results to rows of the caller's array."""

    def __init__(self, f: Function, stride: int, features: int, dtype: str) -> None:
        self.f, self.stride, self.features, self.dtype = f, stride, features, dtype

    def write(self, source: str, target: str, start: str, rows: str) -> None:
        """Write the copy of `rows` rows at `source` to those from `start` on at `target`."""
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


def flush_denormals(f: Function, machine: Machine) -> Callable[[], object]:
    """Treat denormals as zero while the step runs; return what writes the way back.

    A decaying average reaches denormals, and each costs a hundred cycles: without this a step
    takes twice its time.
    """
    if not is_x86(machine):
        return lambda: None
    for name in ("ldmxcsr", "stmxcsr"):
        f.module.declare(f"void @llvm.x86.sse.{name}(ptr)")
    old, new = f.let("alloca i32"), f.let("alloca i32")
    f.call("void", "llvm.x86.sse.stmxcsr", [f"ptr {old}"])
    held = f.let(f"load i32, ptr {old}, align 4")
    f.do(f"store i32 {f.let(f'or i32 {held}, 32832')}, ptr {new}, align 4")
    f.call("void", "llvm.x86.sse.ldmxcsr", [f"ptr {new}"])
    return lambda: f.call("void", "llvm.x86.sse.ldmxcsr", [f"ptr {old}"])
