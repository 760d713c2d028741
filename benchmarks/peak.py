"""The largest number of float32 operations that one core can do in a second, by fused adds."""

import ctypes
import os
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np

# So many independent chains hide the latency of a fused multiply-add and still fit in registers.
_CHAINS = {16: 24, 8: 12, 4: 24}
_ROUNDS = 1_000_000


def vector_width() -> int:
    """Return how many float32 numbers the widest vector of this processor holds."""
    import llvmlite.binding as llvm

    features = llvm.get_host_cpu_features()
    if features.get("avx512f"):
        return 16
    return 8 if features.get("avx2") else 4


def routine_text(width: int) -> str:
    """Write the IR: each round multiplies and adds on every chain; the sum keeps them alive."""
    vector, chains = f"<{width} x float>", range(_CHAINS[width])
    fma = f"@llvm.fma.v{width}f32"
    bits = width * 32
    phis = [f"  %c{i} = phi {vector} [ %a, %entry ], [ %n{i}, %loop ]" for i in chains]
    steps = [
        f"  %n{i} = call {vector} {fma}({vector} %c{i}, {vector} %a, {vector} %b)" for i in chains
    ]
    total = [f"  %s0 = fadd {vector} %n0, %a"]
    total += [f"  %s{i} = fadd {vector} %s{i - 1}, %n{i}" for i in chains if i]
    lines = [
        f"declare {vector} {fma}({vector}, {vector}, {vector})",
        "define void @peak(ptr %p, i64 %rounds) #0 {",
        "entry:",
        f"  %q = getelementptr i8, ptr %p, i64 {width * 4}",
        f"  %a = load {vector}, ptr %p, align 4",
        f"  %b = load {vector}, ptr %q, align 4",
        "  br label %loop",
        "loop:",
        "  %i = phi i64 [ 0, %entry ], [ %next, %loop ]",
        *phis,
        *steps,
        "  %next = add i64 %i, 1",
        "  %more = icmp slt i64 %next, %rounds",
        "  br i1 %more, label %loop, label %end",
        "end:",
        *total,
        f"  store {vector} %s{len(chains) - 1}, ptr %p, align 4",
        "  ret void",
        "}",
        f'attributes #0 = {{ nounwind "prefer-vector-width"="{bits}" '
        f'"min-legal-vector-width"="{bits}" }}',
    ]
    return "\n".join(lines)


class Peak:
    """The compiled loop; `gflops()` runs it once."""

    def __init__(self) -> None:
        import llvmlite.binding as llvm

        llvm.initialize_native_target()
        llvm.initialize_native_asmprinter()
        self.width = vector_width()
        machine = llvm.Target.from_default_triple().create_target_machine(
            cpu=llvm.get_host_cpu_name(), features=llvm.get_host_cpu_features().flatten(), opt=2
        )
        self._engine = llvm.create_mcjit_compiler(
            llvm.parse_assembly(routine_text(self.width)), machine
        )
        self._engine.finalize_object()
        address = self._engine.get_function_address("peak")
        self._run = ctypes.CFUNCTYPE(None, ctypes.c_void_p, ctypes.c_int64)(address)

    def gflops(self, rounds: int = _ROUNDS) -> float:
        """Return billions of float32 operations a second; one fused multiply-add counts two."""
        numbers = np.full(2 * self.width, 0.5, np.float32)
        start = time.perf_counter()
        self._run(numbers.ctypes.data, rounds)
        seconds = time.perf_counter() - start
        return rounds * _CHAINS[self.width] * self.width * 2 / seconds / 1e9

    def at_once(self) -> float:
        """Return the same of all processors together, each with a thread of its own.

        Virtual ones may share a core: then this is no more than one of them does alone.
        """
        count = os.cpu_count() or 1
        with ThreadPoolExecutor(count) as pool:
            return sum(pool.map(lambda _: self.gflops(), range(count)))


def _prepare(job: dict) -> tuple:
    peak = Peak()
    peak.gflops()

    # The same wall clock as the steps that it is compared with; the best of a few, since another
    # process can only make it slower.
    def measure() -> dict[str, float]:
        return {
            "gflops": max(peak.gflops() for _ in range(5)),
            "at_once": max(peak.at_once() for _ in range(5)),
        }

    return measure, {"width": peak.width}


if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).parent / "peers"))
    from turns import serve

    if len(sys.argv) > 1:
        serve(_prepare)
    else:
        one, all_of_them = (max(f() for _ in range(10)) for f in (Peak().gflops, Peak().at_once))
        print(f"{one:.1f} GFLOP/s float32 on one core, {all_of_them:.1f} on all at once")
