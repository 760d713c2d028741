"""Other processors: code is made for them, and their vectors' widths give right numbers here."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import llvmlite.binding as llvm
import numpy as np
import pytest

from ranvier.engines.native import NativeEngine, machine
from ranvier.engines.native import program as native_program
from ranvier.engines.native.gather import Form, write_gathers
from ranvier.engines.native.machine import Machine, compile_object, host
from ranvier.engines.native.step import write_step
from ranvier.engines.reference import ReferenceEngine
from ranvier.optimizers import SGD, Adam
from ranvier.plan import build
from tests.cases import CASES
from tests.cases.engine import CAPACITY, run
from tests.engines.nets import Net, convolutions, pooled
from tests.engines.random_graph import random_graph
from tests.engines.run import close, run_from, starts
from tests.ops.test_cases import close as close_case
from tests.ops.test_cases import stepwise, with_gradients

ROOT = Path(__file__).resolve().parents[3]

OTHERS = {
    "baseline": Machine("x86-64", "", "x86_64-unknown-linux-gnu", 16, 15),
    "avx2": Machine("haswell", "+avx2,+fma", "x86_64-unknown-linux-gnu", 32, 15),
    "avx512": Machine("skylake-avx512", "", "x86_64-unknown-linux-gnu", 64, 31),
    "aarch64": Machine("generic", "+neon", "aarch64-unknown-linux-gnu", 16, 31),
    "apple": Machine("apple-m1", "", "arm64-apple-macosx", 16, 31),
}


@pytest.mark.parametrize("name", OTHERS)
@pytest.mark.parametrize("dtype", ["float32", pytest.param("float64", marks=pytest.mark.slow)])
def test_code_is_made_for_other_processors(name: str, dtype: str) -> None:
    llvm.initialize_all_targets()
    llvm.initialize_all_asmprinters()
    other = OTHERS[name]
    lanes = other.lanes(dtype)
    net = Net((29, 17, 3), Adam, 0.5, dtype)
    for graph in (net.train(), net.predict()):
        for text in write_step(build(graph, 33, lanes), other):
            assert len(compile_object(text, other)) > 1000
    form = Form("uint8", dtype, 29, True, 48, True, True, lanes)
    assert len(compile_object(write_gathers([form], other.attributes), other)) > 500


def narrower(size: int) -> Machine:
    """Return this computer with vectors of fewer bytes."""
    here = host()
    return Machine(here.name, here.features, here.triple, size, 15)


@pytest.fixture(params=[32, 16], ids=["32 bytes", "16 bytes"])
def narrow(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[Machine]:
    """Let the native engine make code for narrower vectors."""
    if request.param >= host().vector_bytes:
        pytest.skip("vectors are not wider here")
    other = narrower(request.param)
    monkeypatch.setattr(native_program, "host", lambda: other)
    monkeypatch.setenv("RANVIER_CACHE", "off")
    native_program._gathers.cache_clear()
    yield other
    native_program._gathers.cache_clear()


@pytest.mark.parametrize(
    ("make", "dtype"), [(SGD, "float32"), (Adam, "float32"), (Adam, "float64")]
)
def test_nets_on_narrow_vectors(narrow: Machine, make: Callable, dtype: str) -> None:
    found = []
    for engine in (NativeEngine(), ReferenceEngine()):
        net = Net((29, 17, 3), make, 0.3, dtype)
        graph = net.train()
        program = engine.compile(graph, 17)
        if isinstance(engine, NativeEngine):
            assert program.layout.lanes == narrow.lanes(dtype)
        found.append(run_from(starts(graph), program, graph, net.data(40), np.arange(40), 17))
    close(*found, tolerance=1e-9 if dtype == "float64" else 1e-4)


def test_windows_on_narrow_vectors(narrow: Machine, small_windows: None) -> None:
    graph = convolutions(5, 6, 9, 17, same=True)
    x = np.random.default_rng(2).normal(size=(40, 5, 6, 9)).astype("float32")
    start = starts(graph)
    found = [
        run_from(start, engine.compile(graph, 37), graph, [x], np.arange(40), 37)
        for engine in (NativeEngine(), ReferenceEngine())
    ]
    close(*found, tolerance=1e-4)


@pytest.mark.parametrize(
    ("places", "channels", "units"), [((5, 6), 9, 17), ((6, 4), 33, 70)], ids=str
)
def test_slopes_on_narrow_vectors(
    places: tuple[int, ...], channels: int, units: int, narrow: Machine, small_slopes: None
) -> None:
    graph = pooled(places, channels, units)
    x = np.random.default_rng(2).normal(size=(40, *places, channels)).astype("float32")
    start = starts(graph)
    found = [
        run_from(start, engine.compile(graph, 37), graph, [x], np.arange(40), 37)
        for engine in (NativeEngine(), ReferenceEngine())
    ]
    close(*found, tolerance=1e-4)


@pytest.mark.parametrize("seeds", [range(5), pytest.param(range(5, 100), marks=pytest.mark.slow)])
def test_random_graphs_on_narrow_vectors(narrow: Machine, seeds: range) -> None:
    for seed in seeds:
        graph, data = random_graph(seed, "float64")
        start, order = starts(graph), np.arange(33)
        want = run_from(start, ReferenceEngine().compile(graph, 17), graph, data, order, 17)
        got = run_from(start, NativeEngine().compile(graph, 17), graph, data, order, 17)
        close(got, want, 1e-9)


@pytest.mark.parametrize(
    "first", [0, *(pytest.param(n, marks=pytest.mark.slow) for n in range(1, 40))]
)
def test_op_cases_on_narrow_vectors(narrow: Machine, first: int) -> None:
    """Every fortieth row; the slow tests take the rest."""
    for case in CASES[first::40]:
        for kind in ("float32", "float64"):
            signature = case.signatures[-1]
            graph, data = with_gradients(case, signature, case.nodes(signature, kind), kind)
            program = NativeEngine().compile(graph, CAPACITY)
            order = np.arange(CAPACITY + 2 if any(None in s for s in signature) else 1)
            got = run(program, graph, data, order, CAPACITY)
            for a, b in zip(got, stepwise(graph, data, order), strict=True):
                close_case(case, a, b, kind, 8.0)


@pytest.mark.parametrize(
    ("features", "triple", "size", "registers"),
    [
        ({"avx512f": True, "avx512vl": True, "avx512dq": True}, "x86_64-linux", 64, 31),
        ({"avx512f": True, "avx2": True, "fma": True}, "x86_64-linux", 32, 15),
        ({"avx2": True, "fma": False}, "x86_64-linux", 16, 15),
        ({}, "x86_64-linux", 16, 15),
        ({"neon": True}, "aarch64-linux-gnu", 16, 31),
        ({}, "arm64-apple-darwin", 16, 31),
    ],
)
def test_the_widest_vectors_that_are_safe(
    features: dict[str, bool], triple: str, size: int, registers: int,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    class Features(dict):
        def flatten(self) -> str:
            return ""

    monkeypatch.setattr(llvm, "get_host_cpu_features", lambda: Features(features))
    monkeypatch.setattr(llvm, "get_default_triple", lambda: triple)
    found = machine.host.__wrapped__()
    assert (found.vector_bytes, found.registers) == (size, registers)


#: Takes all free memory from 1 MB on within 4 GB, so that an object's code finds room among what
#: is left and its constants, 2 MB of them, do not; then loads it and one that calls it.
SCATTERED = """
import ctypes
from ranvier.engines.native.machine import Loaded, compile_object, host
code = compile_object(f'''
@table = internal constant [2000000 x i8] c"{"*" * 2000000}"
define i8 @at(i64 %i) {{
  %p = getelementptr i8, ptr @table, i64 %i
  %x = load i8, ptr %p
  ret i8 %x
}}
''', host())
user = compile_object('''
declare i8 @at(i64) nonlazybind
define i8 @twice(i64 %i) {
  %x = call i8 @at(i64 %i)
  %y = add i8 %x, %x
  ret i8 %y
}
''', host())
libc = ctypes.CDLL(None)
libc.mmap.restype = ctypes.c_void_p
libc.mmap.argtypes = [ctypes.c_void_p, ctypes.c_size_t, *[ctypes.c_int] * 3, ctypes.c_long]
for _ in range(4096):
    libc.mmap(None, 1 << 20, 0, 0x4022, -1, 0)  # private, nobody's file, nothing reserved
loaded = Loaded([code, user], host())
for name in ("at", "twice"):
    print(ctypes.CFUNCTYPE(ctypes.c_int8, ctypes.c_int64)(loaded.address(name))(1_234_567))
"""


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="asks Linux for memory")
def test_code_and_constants_lie_together_where_memory_is_scattered() -> None:
    done = subprocess.run(
        [sys.executable, "-c", SCATTERED], cwd=ROOT, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.split() == ["42", "84"]
