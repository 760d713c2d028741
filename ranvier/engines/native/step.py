"""Writes a step: every kernel by what it is, then the loop that runs them all."""

from __future__ import annotations

from collections.abc import Iterator

from ...plan import Access, Copy, Loop, Pack, Plan, Product, Recur, Special
from ...plan.plan import Kernel
from .across import write_across
from .copy import write_copy
from .emit import Module
from .loop import write_loop
from .machine import Machine
from .product import write_product
from .recur import write_recur
from .run import write_run
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
    write_run(plan, module, machine, written)
    yield module.part(["run"])


def new_module(lanes: int, machine: Machine) -> Module:
    """Return an empty module for kernels on vectors of so many lanes."""
    return Module(lanes, machine.attributes, machine.estimates(lanes), machine.fused)


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
