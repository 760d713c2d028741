"""A program's code in several parts, which threads compile side by side."""

from __future__ import annotations

import ctypes
from collections.abc import Iterator

import numpy as np
import pytest
from llvmlite.binding import ffi

from ranvier.engines.native import NativeEngine, step
from ranvier.engines.native.compile import compile_all
from ranvier.engines.native.emit import Function, Module
from ranvier.engines.native.machine import Loaded, compile_object, host
from ranvier.engines.native.make import make_step
from ranvier.engines.setting import SETTING, set_threads
from ranvier.graph.graph import unchanged
from ranvier.optimizers import Adam
from tests.engines.nets import Net
from tests.engines.run import run_from, same_bits, starts


@pytest.fixture(autouse=True)
def threads_as_before() -> Iterator[None]:
    before = SETTING.threads
    yield
    set_threads(before)


def number(value: int, length: int = 1) -> str:
    """Return a module whose function answers a number, after so many additions."""
    lines = [f"%v{i + 1} = add i64 %v{i}, 1" for i in range(length)]
    body = "\n".join([f"%v0 = add i64 %x, {value - length}", *lines])
    return f"define i64 @answer{value}(i64 %x) {{\n{body}\nret i64 %v{length}\n}}"


@pytest.mark.parametrize("count", [1, 2, 3, 20])
@pytest.mark.parametrize("threads", [1, 2, 3])
def test_codes_come_in_the_order_of_their_texts(count: int, threads: int) -> None:
    set_threads(threads)
    texts = [number(i, 1 + 37 * i % 11) for i in range(count)]
    assert compile_all(iter(texts), host()) == [compile_object(t, host()) for t in texts]


@pytest.mark.parametrize("threads", [1, 2])
def test_what_cannot_be_compiled_is_told_and_threads_go_on(threads: int) -> None:
    set_threads(threads)
    for place in range(4):
        texts = [number(i) for i in range(4)]
        texts[place] = "define nonsense"
        with pytest.raises(RuntimeError, match="parsing error"):
            compile_all(iter(texts), host())
    assert len(compile_all(map(number, range(4)), host())) == 4


@pytest.mark.parametrize("after", range(4))
def test_an_interrupt_while_texts_are_written_ends_all(after: int) -> None:
    set_threads(2)

    def texts() -> Iterator[str]:
        yield from map(number, range(after))
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        compile_all(texts(), host())
    assert len(compile_all(map(number, range(4)), host())) == 4


def test_llvmlite_still_lets_us_pass_its_lock() -> None:
    """Without it all holds, but threads take turns and a first fit takes twice as long."""
    assert hasattr(ffi.lib.LLVMPY_TargetMachineEmitToMemory, "_cfn")


def test_parts_call_each_other_and_write_what_they_share_again() -> None:
    module = Module(4, "nounwind")
    helper = Function(module, [("i64", "x")], name="helper", result="i64")
    helper.answer = f"i64 {helper.let('mul i64 %x, 3')}"
    module.functions["helper"] = helper.text()

    def function(name: str, linkage: str, called: str, added: int) -> None:
        f = Function(module, [("i64", "x")], linkage, name, "i64")
        answer = f.call("i64", called, ["i64 %x"])
        f.answer = f"i64 {f.add(answer, added)}"
        module.functions[name] = f.text()

    function("first", "internal", "helper", 1)
    assert module.lines() > 0
    parts = [module.part(["first"])]
    assert module.lines() == 0
    function("second", "internal", "helper", 2)
    parts.append(module.part(["first", "second"]))
    function("run", "", "second", 4)
    parts.append(module.part(["run"]))

    assert [part.count("@helper(i64 %x) #0 {") for part in parts] == [1, 1, 0]
    assert "@first" not in parts[1] and "declare i64 @second(i64 %x) nonlazybind" in parts[2]
    loaded = Loaded([compile_object(part, host()) for part in parts], host())
    kind = ctypes.CFUNCTYPE(ctypes.c_int64, ctypes.c_int64)
    assert [kind(loaded.address(n))(5) for n in ("first", "second", "run")] == [16, 17, 21]
    assert module.text().count("define") == 4


@pytest.mark.parametrize("sizes", [(29, 17, 3), (785, 101, 11)])
def test_steps_in_many_parts_and_in_one_give_the_same_bits(
    sizes: tuple[int, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RANVIER_CACHE", "off")
    net = Net(sizes, Adam, 0.5)
    graph = net.train()
    start, order = starts(graph), np.arange(70)
    found, counts = [], []
    for lines in (10**6, 300, 0):
        monkeypatch.setattr(step, "_PART", lines)
        monkeypatch.setattr("ranvier.engines.native.program._CODE", {})
        layout, code = make_step(graph, unchanged, 32, host().lanes("float32"), host())
        counts.append(len(layout.codes))
        assert sum(layout.codes) == len(code) and b"".join(layout.split(code)) == code
        program = NativeEngine().compile(graph, 32)
        found.append(run_from(start, program, graph, net.data(70), order, 32))
    assert counts[0] == 1 < counts[1] < counts[2]
    same_bits(found[1], found[0])
    same_bits(found[2], found[0])
