"""Writes how threads share a kernel: each takes its part of a count, and all meet at barriers."""

from __future__ import annotations

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


def away_from_neighbours(f: Function, piece: str, low: str | int, high: str | int) -> str:
    """Return the piece to do at a turn from low to high: even threads go down, odd ones up.

    A core fetches ahead in the direction in which it walks, past the end of its part too. Where
    two threads walked up, the first took away lines that the second was about to write, and the
    update of weights took twice as long. So they walk away from each other.
    """
    down = f.let(f"sub i64 {f.let(f'sub i64 {f.add(low, high)}, 1')}, {piece}")
    odd = f.let("trunc i64 %thread to i1")
    return f.let(f"select i1 {odd}, i64 {piece}, i64 {down}")


#: Long waits in one call after which sharing ends. A few are chance: a virtual machine loses its
#: core for some milliseconds now and then; a core that another program holds does it every step.
LATE = 4
#: Turns of the waiting loop, about a millisecond, after which a core must be busy elsewhere.
_PATIENCE = 20000


def write_barrier(module: Module, x86: bool, patient: bool) -> str:
    """Return a function (counter, target, threads) that waits until all threads have come.

    It spins: a step takes microseconds, and a system call would take hundreds of them. Waits that
    took too long are counted behind the counter, for the step to end the sharing; a `patient`
    barrier, which waits for what one thread does alone, counts none.
    """
    f = Function(module, [("ptr", "counter"), ("i64", "target"), ("i64", "threads")])
    several = f.let("icmp sgt i64 %threads, 1")

    def late() -> None:
        f.let(f"atomicrmw add ptr {f.offset('%counter', 8)}, i64 1 monotonic")

    def wait() -> None:
        f.let("atomicrmw add ptr %counter, i64 1 acq_rel")
        before = f.block
        f.do("br label %spin")
        f.label("spin")
        f.do(f"%turn = phi i64 [ 0, %{before} ], [ %next, %spin ]")
        f.do("%next = add i64 %turn, 1")
        if x86:
            module.declare("void @llvm.x86.sse2.pause()")
            f.do("call void @llvm.x86.sse2.pause()")
        seen = f.let("load atomic i64, ptr %counter acquire, align 8")
        f.do(f"br i1 {f.let(f'icmp slt i64 {seen}, %target')}, label %spin, label %go")
        f.label("go")
        if not patient:
            f.branch(f.let(f"icmp sgt i64 %turn, {_PATIENCE}"), late)

    f.branch(several, wait)
    return module.share(f, "barrier")
