"""The processor, and machine code for it: LLVM IR text -> object bytes -> callable."""

from __future__ import annotations

import ctypes
import functools
import os
import threading
from collections.abc import Sequence
from typing import Any

import llvmlite.binding as llvm
from llvmlite.binding import ffi


def _hold_over_forks(lock: Any) -> None:
    """Hold a lock while the process forks: a child would wait for ever for a thread left behind."""
    os.register_at_fork(
        before=lock.__enter__,
        after_in_parent=lambda: lock.__exit__(None, None, None),
        after_in_child=lambda: lock.__exit__(None, None, None),
    )


if hasattr(os, "register_at_fork") and hasattr(ffi.lib, "_lock"):
    _hold_over_forks(ffi.lib._lock)  # llvmlite's own, which it takes around every call


class Machine:
    """What the generator needs to know of a processor.

    Attributes:
        name, features, triple: as LLVM names them.
        vector_bytes: bytes of its widest vectors.    registers: how many of them a tile may use.
    """

    def __init__(
        self, name: str, features: str, triple: str, vector_bytes: int, registers: int
    ) -> None:
        self.name, self.features, self.triple = name, features, triple
        self.vector_bytes, self.registers = vector_bytes, registers

    def __repr__(self) -> str:
        return f"Machine({vars(self)})"

    @property
    def attributes(self) -> str:
        """The attributes of every function."""
        bits = self.vector_bytes * 8
        return (
            f'nounwind "target-cpu"="{self.name}" "prefer-vector-width"="{bits}" '
            f'"min-legal-vector-width"="{bits}" "no-trapping-math"="true" "frame-pointer"="none"'
        )

    def estimates(self, lanes: int) -> str:
        """Return the family of reciprocal estimates for so many float32s; "" for none."""
        if not is_x86(self) or self.vector_bytes != 4 * lanes:
            return ""
        return {64: "avx512", 32: "avx.WORD.ps.256", 16: "sse.WORD.ps"}[self.vector_bytes]

    @property
    def fused(self) -> bool:
        """Whether it multiplies and adds at once: of x86, where it has AVX2."""
        return not is_x86(self) or self.vector_bytes > 16

    def lanes(self, dtype: str) -> int:
        """Return how many elements of the default float type a vector holds."""
        return self.vector_bytes // (8 if dtype == "float64" else 4)


def is_x86(machine: Machine) -> bool:
    """Tell whether the processor speaks x86."""
    return machine.triple.startswith(("x86_64", "i686", "amd64"))


@functools.cache
def host() -> Machine:
    """Return this computer's processor."""
    llvm.initialize_native_target()
    llvm.initialize_native_asmprinter()
    features = llvm.get_host_cpu_features()
    triple = llvm.get_default_triple()
    if features.get("avx512f") and features.get("avx512vl") and features.get("avx512dq"):
        size, registers = 64, 31
    elif features.get("avx2") and features.get("fma"):
        size, registers = 32, 15
    elif triple.startswith(("aarch64", "arm64")):
        size, registers = 16, 31
    else:
        size, registers = 16, 15
    return Machine(llvm.get_host_cpu_name(), features.flatten(), triple, size, registers)


def compile_object(text: str, machine: Machine) -> bytes:
    """Return machine code that may lie anywhere, as the bytes of an object file."""
    target = _target(machine, threading.get_ident())
    module = llvm.parse_assembly(text, llvm.create_context())
    module.triple, module.data_layout = machine.triple, str(target.target_data)
    # llvmlite lets one thread at a time into LLVM, which wants no more than that threads share no
    # context and no target. Where the call without its lock is not at hand, threads take turns.
    emit = ffi.lib.LLVMPY_TargetMachineEmitToMemory
    with ffi.OutputString() as error:
        held = getattr(emit, "_cfn", emit)(target, module, 1, error)
        if not held:
            raise RuntimeError(str(error))
    try:
        size = ffi.lib.LLVMPY_GetBufferSize(held)
        return ctypes.string_at(ffi.lib.LLVMPY_GetBufferStart(held), size)
    finally:
        ffi.lib.LLVMPY_DisposeMemoryBuffer(held)


@functools.cache
def _target(machine: Machine, thread: int) -> Any:
    # Constants are found relative to the code. Code that reaches further, LLVM's default for code
    # in a process, loads the address of each constant first: a third more instructions in `exp`.
    # Level 1 of code generation makes code as fast as level 2 does, in 0.7 to 0.9 of the time.
    return llvm.Target.from_triple(machine.triple).create_target_machine(
        cpu=machine.name, features=machine.features, opt=1, reloc="pic", codemodel="small"
    )


class Loaded:
    """Machine code in memory; functions are found by name while this object lives.

    A file may call functions of those before it.
    """

    def __init__(self, codes: Sequence[bytes], machine: Machine) -> None:
        empty = llvm.parse_assembly("")
        target = llvm.Target.from_triple(machine.triple).create_target_machine(jit=True)
        # This memory manager lays code and its constants side by side. Code reaches 2 GB far: where
        # free memory is scattered, it would else end the process.
        self._engine = llvm.create_mcjit_compiler(empty, target, use_lmm=True)
        self._engine.remove_module(empty)  # compiling nothing takes longer than all else here
        for code in codes:
            self._engine.add_object_file(llvm.ObjectFileRef.from_data(code))
            self._engine.finalize_object()  # it takes memory for one file at a time

    def address(self, name: str) -> int:
        """Return the address of a function."""
        return self._engine.get_function_address(name)
