"""Writes a library: a plan's kernels with the weights as constants behind a C interface.

What it exports is told in `header.py`. Nothing in it is ever written to, so calls may run at the
same time: what a call needs lies on its stack, in memory that it asks for, or in the caller's.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from ...graph.graph import Graph
from ...graph.shape import size as size_of
from ...plan import Plan, build
from ...plan.arena import LINE
from ...plan.plan import Buffer
from .about import About
from .emit import SIZE, Function
from .gather import Form, blocks_of, write_gather_into
from .home import NativeHome, aligned, laid_out
from .interface import BAD_ARGUMENT, NO_MEMORY, OK, Interface, plain
from .machine import Machine
from .pool import Pool
from .run import Rows, flush_denormals, home_buffers
from .step import new_module, write_kernel

#: Bytes that a call takes of its thread's stack; where it needs more it asks `malloc`. The
#: smallest stacks in use, of threads under musl, have 128 KiB.
_STACK = 1 << 16


def write_library(
    graph: Graph, machine: Machine, lanes: int, interface: Interface
) -> tuple[str, Pool]:
    """Return a module with the functions that `header.py` declares, and its constants."""
    library = _Library(graph, machine, lanes, interface)
    return library.text(), library.pool


class _Library:
    """One module: constants, a routine for each size of batch, and what callers see."""

    def __init__(self, graph: Graph, machine: Machine, lanes: int, interface: Interface) -> None:
        self.graph, self.machine, self.lanes = graph, machine, lanes
        self.interface = interface
        self.module = new_module(lanes, machine)
        self.pool = Pool(machine)
        #: Bytes that each routine needs, in the order of their sizes of batch.
        self.needs: list[int] = []

    def text(self) -> str:
        """Write all of it."""
        sizes = [self.lanes] if self.interface.batch <= self.lanes else [
            self.interface.batch, self.lanes]  # fmt: skip
        self.order = self.pool.add(np.arange(sizes[0], dtype=np.int64).tobytes())
        routines = [(rows, self._routine(rows)) for rows in sizes]
        self._work(routines)
        self._own()
        self._run()
        self._predict()
        About(self.module, self.interface, max(self.needs), self.pool.add).write()
        return f"{self.module.text()}{self.pool.text()}\n"

    # --- one batch ------------------------------------------------------------------------------
    def _routine(self, rows: int) -> str:
        """Write `(memory, x, y, start, rows)`, which computes one batch of at most `rows` rows."""
        plan = build(self.graph, rows, self.lanes)
        for kernel in plan.kernels:
            kernel.shared = kernel.meet = False  # one thread runs all
        written = [write_kernel(plan, self.module, k, self.machine) for k in plan.kernels]
        self.needs.append(plan.arena + plan.private)
        arguments = [("ptr", "memory"), ("ptr", "x"), ("ptr", "y"), ("i64", "start"),
                     ("i64", "rows")]  # fmt: skip
        f = Function(self.module, arguments)
        fixed = self._fixed(plan)

        def pointer(buffer: Buffer, offset: int = 0) -> str:
            if id(buffer) in fixed:
                return f.offset(fixed[id(buffer)], offset)
            place = buffer.offset + (plan.arena if buffer.private else 0)
            return f.offset("%memory", place + offset)

        self._gathers(f, plan, pointer)
        for name, accesses in written:
            places = [pointer(a.buffer, a.offset * SIZE[a.buffer.dtype]) for a in accesses]
            f.call("void", name, [*(f"ptr {p}" for p in places), "i64 %rows", "i64 0", "i64 1"])
        for i, (node, buffer) in enumerate(plan.outputs):
            target = f.let(f"load ptr, ptr {f.offset('%y', 8 * i)}, align 8")
            form = Rows(f, plan.rows, size_of(node.shape), node.dtype)
            form.write(pointer(buffer), target, "%start", "%rows")
        return self.module.share(f, "batch")

    def _fixed(self, plan: Plan) -> dict[int, str]:
        """Return the constant of every buffer whose numbers are known."""
        found: dict[int, str] = {}
        for buffer in home_buffers(plan):
            assert buffer.variable is not None
            home = NativeHome(buffer.variable.numpy(), buffer.order, self.lanes)
            found[id(buffer)] = self.pool.add(home.flat.tobytes())
        for buffer in plan.buffers:
            if buffer.value is not None:
                flat = aligned(buffer.size, buffer.dtype)
                laid_out(flat, buffer.value.shape, buffer.order, self.lanes)[...] = buffer.value
                found[id(buffer)] = self.pool.add(flat.tobytes())
        return found

    def _gathers(self, f: Function, plan: Plan, pointer: Callable[[Buffer], str]) -> None:
        """Write what brings rows of the caller's arrays into the kernels' layout."""
        for i, entry in enumerate(plan.inputs):
            dtype, features = entry.node.dtype, size_of(entry.node.shape)
            form = Form(dtype, dtype, features, True, plan.rows, entry.plain is not None,
                        entry.packed is not None, self.lanes)  # fmt: skip
            gather = write_gather_into(self.module, form)
            row = features * SIZE[dtype]
            data = f.let(f"load ptr, ptr {f.offset('%x', 8 * i)}, align 8")
            data = f.offset(data, f.mul("%start", row))
            places = ["null" if b is None else pointer(b) for b in (entry.plain, entry.packed)]
            f.call("void", gather, [
                f"ptr {data}", f"i64 {row}", f"i64 {SIZE[dtype]}", f"ptr {self.order}", "i64 %rows",
                *(f"ptr {p}" for p in places), "i64 0", f"i64 {blocks_of(features, self.lanes)}",
            ])  # fmt: skip

    # --- a call ---------------------------------------------------------------------------------
    def _work(self, routines: Sequence[tuple[int, str]]) -> None:
        """Write `work(memory, x, y, rows)`: all rows, batch after batch."""
        arguments = [("ptr", "memory"), ("ptr", "x"), ("ptr", "y"), ("i64", "rows")]
        f = Function(self.module, arguments, name="work")
        restore = flush_denormals(f, self.machine)
        (most, large), (fewest, small) = routines[0], routines[-1]

        def batches(low: str | int, high: str, size: int, name: str) -> None:
            """Write calls of one routine."""

            def one(start: str, _: list[str]) -> None:
                rows = f.least(f.let(f"sub i64 {high}, {start}"), size)
                f.call("void", name, ["ptr %memory", "ptr %x", "ptr %y", f"i64 {start}",
                                      f"i64 {rows}"])  # fmt: skip

            f.loop(low, high, one, step=size)

        # A rest that fits the small routine is its; a longer one runs the large one, partly idle.
        rest = f.let(f"srem i64 %rows, {most}")
        whole = f.let(f"sub i64 %rows, {rest}")
        fits = f.let(f"icmp sle i64 {rest}, {fewest}")
        high = f.let(f"select i1 {fits}, i64 {whole}, i64 %rows")
        batches(0, high, most, large)
        batches(high, "%rows", fewest, small)
        restore()
        self.module.functions["work"] = f.text()

    def _own(self) -> None:
        """Write `own(x, y, rows)`: the work in memory that the call finds by itself."""
        arguments = [("ptr", "x"), ("ptr", "y"), ("i64", "rows")]
        f = Function(self.module, arguments, name="own", result="i32")
        answer = f.let("alloca i32")
        f.do(f"store i32 {OK}, ptr {answer}, align 4")
        few, any_ = self.needs[-1], max(self.needs)
        near = f.let(f"icmp sle i64 %rows, {self.lanes if few <= _STACK else 0}")
        if any_ <= _STACK:
            near = "true"
        f.branch(near, lambda: self._on_stack(f, any_ if any_ <= _STACK else few))
        if any_ > _STACK:
            f.branch(f.let(f"xor i1 {near}, true"), lambda: self._on_heap(f, answer))
        f.answer = "i32 " + f.let(f"load i32, ptr {answer}, align 4")
        self.module.functions["own"] = f.text()

    def _on_stack(self, f: Function, size: int) -> None:
        """Write the call of a function whose frame has room for the work."""
        if size > _STACK:
            return
        arguments = [("ptr", "x"), ("ptr", "y"), ("i64", "rows")]
        inner = Function(self.module, arguments, name="near")
        place = inner.let(f"alloca [{max(size, 1)} x i8], align {LINE}")
        rest = ["ptr %x", "ptr %y", "i64 %rows"]
        inner.call("void", "work", [f"ptr {place}", *rest])
        self.module.functions["near"] = inner.text()
        f.call("void", "near", rest)

    def _on_heap(self, f: Function, answer: str) -> None:
        """Write the work in memory from `malloc`."""
        for declared in ("ptr @malloc(i64)", "void @free(ptr)"):
            self.module.declare(declared)
        raw = f.call("ptr", "malloc", [f"i64 {max(self.needs) + LINE}"])
        number = f.let(f"ptrtoint ptr {raw} to i64")
        start = f.let(f"and i64 {f.let(f'sub i64 0, {number}')}, {LINE - 1}")
        f.do(f"store i32 {NO_MEMORY}, ptr {answer}, align 4")

        def go() -> None:
            place = f.let(f"getelementptr i8, ptr {raw}, i64 {start}")
            f.call("void", "work", [f"ptr {place}", "ptr %x", "ptr %y", "i64 %rows"])
            f.call("void", "free", [f"ptr {raw}"])
            f.do(f"store i32 {OK}, ptr {answer}, align 4")

        f.branch(f.let(f"icmp ne ptr {raw}, null"), go)

    def _run(self) -> None:
        """Write the general call: checks, then the work."""
        arguments = [("ptr", "x"), ("ptr", "y"), ("i64", "rows"), ("ptr", "memory")]
        f = Function(self.module, arguments, "", f"{self.interface.prefix}run", "i32")
        answer = f.let("alloca i32")
        f.do(f"store i32 {BAD_ARGUMENT}, ptr {answer}, align 4")

        def put(value: str | int) -> None:
            f.do(f"store i32 {value}, ptr {answer}, align 4")

        def given(pointers: Sequence[str]) -> str:
            """Return whether none of them is null."""
            tests = [f.let(f"icmp ne ptr {p}, null") for p in pointers]
            while len(tests) > 1:
                tests = [f.let(f"and i1 {tests[0]}, {tests[1]}"), *tests[2:]]
            return tests[0]

        def elements() -> None:
            sides = (("%x", self.interface.inputs), ("%y", self.interface.outputs))
            f.branch(given([
                f.let(f"load ptr, ptr {f.offset(side, 8 * i)}, align 8")
                for side, tensors in sides for i in range(len(tensors))
            ]), compute)  # fmt: skip

        def compute() -> None:
            own = f.let("icmp eq ptr %memory, null")
            f.branch(own, lambda: put(
                f.call("i32", "own", ["ptr %x", "ptr %y", "i64 %rows"])))  # fmt: skip
            f.branch(f.let(f"xor i1 {own}, true"), lent)

        def lent() -> None:
            f.call("void", "work", ["ptr %memory", "ptr %x", "ptr %y", "i64 %rows"])
            put(OK)

        f.branch(f.let("icmp eq i64 %rows, 0"), lambda: put(OK))
        f.branch(f.let("icmp sgt i64 %rows, 0"), lambda: f.branch(given(["%x", "%y"]), elements))
        f.answer = "i32 " + f.let(f"load i32, ptr {answer}, align 4")
        self.module.functions[f"{self.interface.prefix}run"] = f.text()

    def _predict(self) -> None:
        """Write the plain call."""
        name = f"{self.interface.prefix}predict"
        arguments = [("ptr", "x"), ("ptr", "y"), ("i64", "rows")]
        f = Function(self.module, arguments, "", name, "i32")
        places = ["%x", "%y"]
        if plain(self.interface):
            places = [f.let("alloca ptr") for _ in places]
            for value, place in zip(("%x", "%y"), places, strict=True):
                f.do(f"store ptr {value}, ptr {place}, align 8")
        run = [*(f"ptr {p}" for p in places), "i64 %rows", "ptr null"]
        f.answer = "i32 " + f.call("i32", f"{self.interface.prefix}run", run)
        self.module.functions[name] = f.text()
