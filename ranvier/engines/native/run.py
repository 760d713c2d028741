"""Writes `run`, which each thread of a call runs once: gathers, kernels, meetings, results.

Every thread goes through all steps. Kernels that are shared are done by all, each its part, and
those that are repeated by each for itself; what is left is done by the first thread alone, as many
kernels as come one after the other.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

from ...graph.shape import size as size_of
from ...plan import Access, Input, Plan
from ...plan.zeros import PARTS, part_size
from .call import BEGUN, HEAD, MAX_THREADS, PER_INPUT, SLEEP
from .emit import MEMORY, SIZE, Function, Module
from .gather import blocks_of
from .home import apart
from .machine import Machine, is_x86
from .share import parts_of, write_barrier

#: What `run` takes.
_ARGUMENTS = (("ptr", "arena"), ("ptr", "homes"), ("ptr", "call"), ("i64", "thread"),
              ("i64", "threads"))  # fmt: skip

#: A kernel's function, and the accesses whose pointers it takes.
Written = tuple[str, list[Access]]


def write_run(plan: Plan, module: Module, machine: Machine, kernels: Sequence[Written]) -> None:
    """Add `run(arena, homes, call, thread, threads)` to a module that has these kernels."""
    writer = _RunWriter(plan, module, machine, kernels)
    writer.write()
    module.functions["run"] = writer.f.text()


class _RunWriter:
    """Where everything lies for the running thread, and the loop over steps."""

    def __init__(
        self, plan: Plan, module: Module, machine: Machine, kernels: Sequence[Written]
    ) -> None:
        self.plan, self.module, self.machine, self.kernels = plan, module, machine, kernels
        self.f = f = Function(module, _ARGUMENTS, linkage="", name="run")
        self.private = apart(plan.private)
        self.own = f.offset("%arena", f.add(f.mul("%thread", self.private), plan.arena))
        self.first = f.let("icmp eq i64 %thread, 0")
        self.restore = flush_denormals(f, machine)
        self.homes = {
            id(b): f.let(f"load ptr, ptr {f.offset('%homes', 8 * i)}, align 8")
            for i, b in enumerate(home_buffers(plan))
        }
        self.order, self.total, self.batch = (self._word(i) for i in range(3))
        #: In the running step: its first row, how many it has; kernels for the first thread; the
        #: count at which the next meeting is complete.
        self.start = self.rows = self.target = ""
        self.alone: list[Written] = []

    def write(self) -> None:
        """Write the loop over steps."""
        f = self.f
        steps = f.let(f"add i64 {self.total}, {self.batch}")
        steps = f.let(f"sub i64 {steps}, 1")
        steps = f.let(f"sdiv i64 {steps}, {self.batch}")
        self.counter = f.offset("%arena", self.plan.arena + MAX_THREADS * self.private)
        self.meet, self.sleep = write_barrier(self.module, is_x86(self.machine)), self._word(SLEEP)
        self.blocks = [self._blocks(entry) for entry in self.plan.inputs]
        f.branch(self.first, self._begin)
        f.loop(0, steps, self._step, [("i64", "0")])
        self.restore()

    def _begin(self) -> None:
        """Say that the call runs."""
        self.f.do(f"store i64 1, ptr {self.f.offset('%call', 8 * BEGUN)}, align 8")

    def _step(self, s: str, carried: list[str]) -> list[str]:
        f, plan = self.f, self.plan
        (self.target,) = carried
        self.start = f.mul(s, self.batch)
        self.rows = f.least(f.let(f"sub i64 {self.total}, {self.start}"), self.batch)
        self._gather(f.offset(self.order, f.mul(self.start, 8)))
        for kernel, written in zip(plan.kernels, self.kernels, strict=True):
            if kernel.meet:
                self._flush()
                self._barrier()
            if kernel.by_all:
                self._flush()
                self._call(*written, "%thread", "%threads")
            else:
                self.alone.append(written)
        self._flush()
        if any(n.shape[:1] == (None,) for n, _ in plan.outputs):
            self._barrier()
            f.branch(self.first, self._outputs)
        self._barrier()
        return [self.target]

    def _word(self, index: int) -> str:
        """Read a word of the call block."""
        kind = "ptr" if index in (0, SLEEP) else "i64"
        return self.f.let(f"load {kind}, ptr {self.f.offset('%call', 8 * index)}, align 8")

    def _pointer(self, access: Access) -> str:
        offset = access.offset * SIZE[access.buffer.dtype]
        if access.buffer.variable is not None:
            return self.f.offset(self.homes[id(access.buffer)], offset)
        base = self.own if access.buffer.private else "%arena"
        return self.f.offset(base, access.buffer.offset + offset)

    def _call(self, name: str, accesses: list[Access], thread: str, threads: str) -> None:
        pointers = [f"ptr {self._pointer(a)}" for a in accesses]
        numbers = [f"i64 {n}" for n in (self.rows, thread, threads)]
        self.f.call("void", name, [*pointers, *numbers])

    def _barrier(self) -> None:
        """Let all threads meet."""
        self.target = self.f.add(self.target, "%threads")
        self.f.call("void", self.meet, [f"ptr {self.counter}", f"i64 {self.target}",
                                        "i64 %threads", f"ptr {self.sleep}"])  # fmt: skip

    def _flush(self) -> None:
        """Let the first thread run the kernels that are not shared."""
        calls, self.alone = self.alone, []
        if calls:
            self.f.branch(self.first, partial(self._call_all, calls))

    def _call_all(self, calls: list[Written]) -> None:
        for name, accesses in calls:
            self._call(name, accesses, "0", "1")

    def _gather(self, order: str) -> None:
        """Gather the rows of this step from the caller's arrays."""
        f, at = self.f, HEAD
        for entry, (low, high) in zip(self.plan.inputs, self.blocks, strict=True):
            if entry.node.shape[:1] == (None,):
                data, gather = (
                    f.let(f"load ptr, ptr {f.offset('%call', 8 * (at + i))}, align 8")
                    for i in (0, 3)
                )
                row_step, step = (self._word(at + i) for i in (1, 2))
                targets = [
                    "null" if b is None else f.offset(self.own, b.offset)
                    for b in (entry.plain, entry.packed)
                ]
                if entry.ahead is not None:
                    self._tell(f.offset(self.own, entry.ahead.offset), order, data, row_step, step)
                f.do(
                    f"call void {gather}(ptr {data}, i64 {row_step}, i64 {step}, ptr {order}, "
                    f"i64 {self.rows}, ptr {targets[0]}, ptr {targets[1]}, i64 {low}, i64 {high})"
                )
            at += PER_INPUT

    def _blocks(self, entry: Input) -> tuple[str, str]:
        """Return the range of blocks of features that this thread reads."""
        lanes, features = self.plan.lanes, size_of(entry.node.shape)
        count = str(blocks_of(features, lanes))
        if not entry.parted:
            return "0", count
        f, part = self.f, part_size(features)
        first, end = parts_of(f, PARTS)
        low = f.let(f"sdiv i64 {f.mul(first, part)}, {lanes}")
        high = f.add(f.mul(end, part), lanes - 1)
        high = f.let(f"sdiv i64 {high}, {lanes}")
        last = f.let(f"icmp eq i64 {end}, {PARTS}")
        return low, f.let(f"select i1 {last}, i64 {count}, i64 {high}")

    def _tell(self, place: str, order: str, data: str, row_step: str, step: str) -> None:
        """Leave word at a place of where the next batch is: four words, as `plan.Input` has them.

        Kernels also compute the rows past the end of a batch, so as many must follow. Where
        features lie further apart than one number, more would be asked for than is read.
        """
        f = self.f
        end = f.add(f.add(self.start, self.rows), self.plan.rows)
        follow = f.let(f"icmp sle i64 {end}, {self.total}")
        near = f.let(f"icmp ule i64 {step}, {max(SIZE.values())}")
        step = f.let(f"select i1 {f.let(f'and i1 {follow}, {near}')}, i64 {step}, i64 0")
        order = f.offset(order, f.mul(self.rows, 8))
        words = (f"ptr {order}", f"ptr {data}", f"i64 {row_step}", f"i64 {step}")
        for i, word in enumerate(words):
            f.do(f"store {word}, ptr {f.offset(place, 8 * i)}, align 8")

    def _outputs(self) -> None:
        """Copy outputs that have rows to the caller's arrays, row by row."""
        f, plan = self.f, self.plan
        for i, (node, buffer) in enumerate(plan.outputs):
            if node.shape[:1] != (None,):
                continue
            at = HEAD + PER_INPUT * len(plan.inputs) + i
            target = f.let(f"load ptr, ptr {f.offset('%call', 8 * at)}, align 8")
            form = Rows(f, plan.rows, size_of(node.shape), node.dtype)
            given = f.let(f"icmp ne ptr {target}, null")
            source = f.offset("%arena", buffer.offset)
            f.branch(given, partial(form.write, source, target, self.start, self.rows))


def home_buffers(plan: Plan) -> list:
    """Return the buffers of variables, in the order of the table of homes."""
    by_variable = {id(b.variable): b for b in plan.buffers if b.variable is not None}
    return [by_variable[id(v)] for v in plan.graph.variables]


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
