"""Writes how threads share a kernel: each takes its part of a count, and all meet at barriers."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import accumulate

from .emit import Function, Module

#: What every kernel's function takes after its pointers.
SHARE = (("i64", "rows"), ("i64", "thread"), ("i64", "threads"))


def share_of(f: Function, count: int | str, shared: bool) -> tuple[str | int, str | int]:
    """Return the range of `count` pieces that the running thread does."""
    if not shared:
        return 0, count
    ends = []
    for thread in ("%thread", f.add("%thread", 1)):
        ends.append(f.let(f"sdiv i64 {f.mul(thread, count)}, %threads"))
    return ends[0], ends[1]


def shares_of(f: Function, counts: Sequence[int],
              shared: bool) -> list[tuple[str | int, str | int]]:  # fmt: skip
    """Return the ranges that the running thread does of runs that follow each other, by run.

    Pieces of all runs are shared out as one: threads would else take the odd piece of every run on
    the same side.
    """
    low, high = share_of(f, sum(counts), shared)
    if not shared:
        return [(0, count) for count in counts]
    starts = [0, *accumulate(counts)]
    return [
        (f.most(f.add(low, -start), 0), f.least(f.add(high, -start), count))
        for start, count in zip(starts, counts, strict=False)
    ]


def parts_of(f: Function, count: int) -> tuple[str, str]:
    """Return the range of `count` parts in which the pieces of the running thread lie.

    They are those that `share_of` gives it of any number of pieces, as many in a part.
    """
    low = f.let(f"sdiv i64 {f.mul('%thread', count)}, %threads")
    end = f.add(f.mul(f.add("%thread", 1), count), "%threads")
    return low, f.let(f"sdiv i64 {f.let(f'sub i64 {end}, 1')}, %threads")


def away_from_neighbours(f: Function, piece: str, low: str | int, high: str | int) -> str:
    """Return the piece to do at a turn from low to high: even threads go down, odd ones up.

    A core fetches ahead in the direction in which it walks, past the end of its part too. Where
    two threads walked up, the first took away lines that the second was about to write, and the
    update of weights took twice as long. So they walk away from each other.
    """
    down = f.let(f"sub i64 {f.let(f'sub i64 {f.add(low, high)}, 1')}, {piece}")
    odd = f.let("trunc i64 %thread to i1")
    return f.let(f"select i1 {odd}, i64 {piece}, i64 {down}")


#: How long a wait spins, about a tenth of a millisecond, before it sleeps: ticks of the clock of an
#: x86, turns of the loop elsewhere.
_TICKS, _TURNS = 1 << 18, 1 << 15


def write_barrier(module: Module, x86: bool) -> str:
    """Return a function (counter, target, threads, sleep) that waits until all threads have come.

    It spins at first: a step takes microseconds, and a system call would cost more. A wait that
    lasts is one for a core that another program holds, or for a loop that one thread does alone.
    It sleeps: spinning on would use up this thread's own share of its core, so that it is the one
    to be stopped once the other is back, and a step would last time slices. `sleep` takes
    microseconds; where it is null, the wait spins on.
    """
    f = Function(module, [("ptr", "counter"), ("i64", "target"), ("i64", "threads"),
                          ("ptr", "sleep")])  # fmt: skip
    if x86:
        module.declare("i64 @llvm.readcyclecounter()")
        module.declare("void @llvm.x86.sse2.pause()")

    def wait() -> None:
        f.let("atomicrmw add ptr %counter, i64 1 acq_rel")
        sleeps = f.let("icmp ne ptr %sleep, null")
        begin = f.let("call i64 @llvm.readcyclecounter()") if x86 else "0"
        before = f.block
        f.do("br label %spin")
        f.label("spin")
        f.do(f"%turn = phi i64 [ 0, %{before} ], [ %next, %on ]")
        f.do("%next = add i64 %turn, 1")
        seen = f.let("load atomic i64, ptr %counter acquire, align 8")
        f.do(f"br i1 {f.let(f'icmp slt i64 {seen}, %target')}, label %still, label %go")
        f.label("still")
        spent = "%next"
        if x86:
            f.do("call void @llvm.x86.sse2.pause()")
            spent = f.let(f"sub i64 {f.let('call i64 @llvm.readcyclecounter()')}, {begin}")
        long = f.let(f"icmp ugt i64 {spent}, {_TICKS if x86 else _TURNS}")
        f.do(f"br i1 {f.let(f'and i1 {long}, {sleeps}')}, label %sleeps, label %on")
        f.label("sleeps")
        f.do("call i32 %sleep(i32 1)")  # systems make a twentieth of a millisecond of it
        f.do("br label %on")
        f.label("on")
        f.do("br label %spin")
        f.label("go")

    f.branch(f.let("icmp sgt i64 %threads, 1"), wait)
    return module.share(f, "barrier")
