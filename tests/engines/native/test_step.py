"""A step's code calls nothing that could allocate, wait or print, and keeps its stack small."""

from __future__ import annotations

import re

import pytest

from ranvier.engines.native.machine import Machine, compile_object, host
from ranvier.engines.native.step import write_step
from ranvier.graph import Graph
from ranvier.optimizers import SGD, Adam, RMSprop
from ranvier.plan import build
from tests.cases import CASES
from tests.cases.engine import CAPACITY
from tests.engines.native.elf import undefined
from tests.engines.nets import Net
from tests.ops.test_cases import with_gradients

#: Functions of the C library that compiled code may call; none of them allocates.
LIBRARY = frozenset(
    ("acos", "asin", "atan", "atan2", "cos", "cosh", "erf", "exp", "expm1", "log", "log1p", "pow",
     "sin", "sinh", "tan", "tanh", "fmod")
)  # fmt: skip
#: What the code generator may put for a large copy, or where a processor has no such instruction.
GENERATED = frozenset(("memcpy", "memset", "memmove", "fma", "fmaf", "floor", "floorf", "ceil",
                       "ceilf", "rint", "rintf", "trunc", "truncf"))  # fmt: skip

NETS = {
    "sgd": lambda: Net((785, 101, 11), SGD).train(),
    "adam": lambda: Net((785, 101, 11), lambda: Adam(global_clipnorm=1.0), 0.5).train(),
    "rmsprop": lambda: Net((17, 5, 3), RMSprop).train(),
    "float64": lambda: Net((17, 5, 3), Adam, 0.5, "float64").train(),
    "predict": lambda: Net((785, 101, 11)).predict(),
}


def text(graph: Graph, capacity: int, machine: Machine, dtype: str = "float32") -> str:
    return "\n".join(write_step(build(graph, capacity, machine.lanes(dtype)), machine))


def calls_nothing_unknown(code: str) -> None:
    """Every call is to a function of the module, LLVM's own or a listed one, a gather or sleep."""
    own = set(re.findall(r"^define [^@]*@([\w.]+)\(", code, re.M))
    called = re.findall(r"\bcall\b[^@%]*?([@%])([\w.]+)\(", code)
    assert called
    for sigil, name in called:
        if sigil == "@":
            assert name in own or name.startswith("llvm.") or name in LIBRARY, name
    indirect = {line.strip() for line in code.splitlines() if re.search(r"call \w+ %", line)}
    indirect.discard("call i32 %sleep(i32 1)")
    assert all(re.match(r"call void %\w+\(ptr %\w+, i64 ", line) for line in indirect)


def stack_is_set_up_once(code: str) -> None:
    """Stack space is taken before the first label but one: a loop would take it again and again."""
    for body in re.findall(r"^define .*?^}", code, re.M | re.S):
        blocks = re.split(r"^\w+:$", body, flags=re.M)
        assert not any("alloca" in block for block in blocks[2:])


@pytest.mark.parametrize("name", NETS)
def test_training_steps(name: str) -> None:
    code = text(NETS[name](), 32, host(), "float64" if name == "float64" else "float32")
    calls_nothing_unknown(code)
    stack_is_set_up_once(code)


@pytest.mark.parametrize("kind", ["float32", pytest.param("float64", marks=pytest.mark.slow)])
@pytest.mark.parametrize(
    "first", [0, *(pytest.param(n, marks=pytest.mark.slow) for n in range(1, 6))]
)
def test_op_cases(first: int, kind: str) -> None:
    for case in CASES[first::6]:
        for signature in case.signatures[-1:]:
            graph, _ = with_gradients(case, signature, case.nodes(signature, kind), kind)
            code = text(graph, CAPACITY, host(), kind)
            calls_nothing_unknown(code)
            stack_is_set_up_once(code)


@pytest.mark.parametrize("name", NETS)
def test_machine_code_asks_for_listed_functions_alone(name: str) -> None:
    dtype = "float64" if name == "float64" else "float32"
    texts = list(write_step(build(NETS[name](), 32, host().lanes(dtype)), host()))
    codes = [compile_object(text, host()) for text in texts]
    if codes[0][:4] != b"\x7fELF":
        pytest.skip("only ELF objects are looked into")
    kernels = set(re.findall(r"^define void @(\w+)\(", "\n".join(texts), re.M))
    found = set().union(*map(undefined, codes)) - kernels
    assert found <= LIBRARY | GENERATED
    assert name != "float64" or "pow" in found, "Adam's powers come from the C library"
