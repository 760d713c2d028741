"""Processors by name: those that code is made for without running there."""

from __future__ import annotations

import llvmlite.binding as llvm

from ...graph.errors import ArgumentError, nearest
from .machine import Machine, host

#: Bytes of a vector that each x86 processor computes with, by LLVM's name of it. Code for 32
#: takes fused multiply-adds for granted, code for 64 AVX-512 with its VL and DQ parts.
_X86 = {
    **dict.fromkeys((
        "x86-64", "x86-64-v2", "nocona", "core2", "penryn", "nehalem", "westmere", "sandybridge",
        "ivybridge", "bonnell", "silvermont", "goldmont", "goldmont-plus", "tremont", "k8",
        "amdfam10", "btver1", "btver2", "bdver1", "bdver2", "bdver3",
    ), 16),
    **dict.fromkeys((
        "x86-64-v3", "haswell", "broadwell", "skylake", "alderlake", "raptorlake", "meteorlake",
        "arrowlake", "lunarlake", "gracemont", "sierraforest", "bdver4", "znver1", "znver2",
        "znver3",
    ), 32),
    **dict.fromkeys((
        "x86-64-v4", "skylake-avx512", "cascadelake", "cooperlake", "cannonlake", "icelake-client",
        "icelake-server", "tigerlake", "rocketlake", "sapphirerapids", "emeraldrapids",
        "graniterapids", "znver4", "znver5",
    ), 64),
}  # fmt: skip

_ARM = (
    "generic", "cortex-a53", "cortex-a55", "cortex-a57", "cortex-a72", "cortex-a73", "cortex-a75",
    "cortex-a76", "cortex-a77", "cortex-a78", "cortex-x1", "neoverse-n1", "neoverse-n2",
    "neoverse-v1", "neoverse-v2", "ampere1", "ampere1a", "apple-m1", "apple-m2", "apple-m3",
    "apple-m4",
)  # fmt: skip

_SYSTEMS = ("linux", "windows", "freebsd", "netbsd", "openbsd", "none")


def named(target: str | None = None, cpu: str | None = None) -> Machine:
    """Return a processor by name.

    Args:
        target: "native" for this computer's processor with all that it can do, a processor of
            this computer's family, for instance "x86-64-v3", or a system, for instance
            "aarch64-linux-gnu"; default the plainest processor of this computer's family.
        cpu: a processor of that system; default its plainest.

    Raises:
        ArgumentError: if either is unknown.
    """
    if target == "native" and cpu is None:
        return host()
    here = host().triple
    if target is not None and _family(target):
        return _machine(_whole(target), cpu)
    if target is not None and cpu is not None:
        raise ArgumentError(
            f"export, `target`: got {target!r:.60} beside cpu={cpu!r:.60}, expected the name of a "
            'system, for instance "aarch64-linux-gnu". One processor alone is a target.'
        )
    return _machine(here, cpu or target, "target" if cpu is None else "cpu")


def _family(triple: str) -> str:
    """Return "x86" or "arm" for the name of a system; "" for what is none, or another's."""
    first, dash, _ = triple.partition("-")
    if first in ("x86_64", "amd64") and dash:
        return "x86"
    return "arm" if first in ("aarch64", "arm64") and dash else ""


def _whole(triple: str) -> str:
    """Return a triple with the vendor that people leave out."""
    parts = triple.split("-")
    if len(parts) > 1 and parts[1].startswith(_SYSTEMS):
        parts.insert(1, "unknown")
    return "-".join(parts)


def _machine(triple: str, cpu: str | None, argument: str = "cpu") -> Machine:
    """Return a processor of a system's family."""
    family = _family(triple)
    known = {"x86": tuple(_X86), "arm": _ARM}.get(family, ())
    if cpu is None and known:
        cpu = known[0]
    if cpu not in known:
        raise ArgumentError(
            f"export, `{argument}`: got {cpu!r:.60}, which names no processor of {triple}. "
            f'{nearest(cpu, known)} Or give "native", or a system such as "aarch64-linux-gnu".'
        )
    llvm.initialize_all_targets()
    llvm.initialize_all_asmprinters()
    if family == "arm":
        return Machine(cpu, "", triple, 16, 31)
    size = _X86[cpu]
    return Machine(cpu, "", triple, size, 31 if size == 64 else 15)
