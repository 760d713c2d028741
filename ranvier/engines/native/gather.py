"""Writes gathers: rows of the user's array, of any number type, into the arena.

They are a small module of their own, so that a step is not compiled again for other types of data.
Rows past the end of a batch repeat its last row: they are real numbers, and nothing sums them.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from ...graph.shape import round_up
from ...plan.arena import LINE
from .emit import MANGLED, MEMORY, REGISTER, SIZE, WIDTH, Function, Module
from .feed import SOURCES
from .transpose import block_function

#: Blocks of features by which memory is asked ahead for those of a row: rows lie anywhere, and
#: sixteen of them side by side are more than a core fetches ahead by itself.
_AHEAD = 4


class Form(NamedTuple):
    """What a gather is made for: `plain` feature-major, `packed` batch-major, or both."""

    source: str
    target: str
    features: int
    near: bool
    rows: int
    plain: bool
    packed: bool
    lanes: int


def blocks_of(features: int, lanes: int) -> int:
    """Return how many blocks of features a gather goes through."""
    return -(-features // lanes)


def write_gathers(forms: Sequence[Form], attributes: str) -> str:
    """Return a module with `gather0` and so on.

    Each takes (data, row step, step, order, rows, plain, packed, low, high): where it reads and
    writes, and which blocks of features, `form.lanes` in each.

    Args:
        forms: one an input, all with the same lanes.
        attributes: those of every function.
    """
    module = Module(forms[0].lanes, attributes)
    for i, form in enumerate(forms):
        module.functions[f"gather{i}"] = _written(module, form, "", f"gather{i}").text()
    return module.text()


def write_gather_into(module: Module, form: Form) -> str:
    """Write a gather as one more function of a module; returns its name."""
    return module.share(_written(module, form, "internal", "SELF"), "gather")


def _written(module: Module, form: Form, linkage: str, name: str) -> Function:
    """Return the function of a gather."""
    arguments = [("ptr", "data"), ("i64", "row_step"), ("i64", "step"), ("ptr", "order"),
                 ("i64", "rows"), ("ptr", "plain"), ("ptr", "packed"), ("i64", "low"),
                 ("i64", "high")]  # fmt: skip
    f = Function(module, arguments, linkage, name)
    kind = MEMORY[form.target]
    size = SIZE[form.target]
    width = round_up(form.features, form.lanes)
    last = f.let("sub i64 %rows, 1")
    held = f.let(f"alloca [{form.lanes} x ptr]")

    def row_pointer(row: str) -> str:
        late = f.let(f"icmp slt i64 {row}, %rows")
        row = f.let(f"select i1 {late}, i64 {row}, i64 {last}")
        number = f.let(f"load i64, ptr {f.offset('%order', f.mul(row, 8))}, align 8")
        return f.offset("%data", f.mul(number, "%row_step"))

    tile = f.let(f"alloca [{form.lanes} x {f.vector(kind)}], align 64") if (
        form.plain and not form.packed and form.features > 1) else ""  # fmt: skip

    def block(v: str, pointers: list[str], first: str, valid: int) -> None:
        """One square of rows x features: rows into `packed` or a tile, and columns from there."""
        here, step = tile, form.lanes * size
        if form.packed:
            step = width * size
            here = f.offset("%packed", f.add(f.mul(v, form.lanes * step), f.mul(first, size)))
        if form.near and form.features > _AHEAD * form.lanes:
            _ask_ahead(f, form, pointers, first)
        for r, pointer in enumerate(pointers):
            x = _load(f, form, pointer, first, valid)
            f.do(f"store {f.vector(kind)} {x}, ptr {f.offset(here, r * step)}, align {size}")
        if form.plain:
            there = f.add(f.mul(first, form.rows * size), f.mul(v, form.lanes * size))
            name = block_function(module, form.target, form.lanes, valid)
            f.call("void", name, [f"ptr {here}", f"i64 {step}", f"ptr {f.offset('%plain', there)}",
                                  f"i64 {form.rows * size}"])  # fmt: skip

    def rows_block(v: str, _: list[str]) -> None:
        def keep(r: str, _: list[str]) -> None:
            pointer = row_pointer(f.add(f.mul(v, form.lanes), r))
            f.do(f"store ptr {pointer}, ptr {f.offset(held, f.mul(r, 8))}, align 8")

        f.loop(0, form.lanes, keep)
        pointers = [
            f.let(f"load ptr, ptr {f.offset(held, 8 * r)}, align 8") for r in range(form.lanes)
        ]
        whole, rest = divmod(form.features, form.lanes)
        if form.features == 1:
            _column(f, form, v, pointers)
            return
        if whole:
            f.loop("%low", f.least("%high", whole),
                   lambda b, _: block(v, pointers, f.mul(b, form.lanes), form.lanes))  # fmt: skip
        if rest:
            f.branch(f.let(f"icmp sgt i64 %high, {whole}"),
                     lambda: block(v, pointers, str(whole * form.lanes), rest))  # fmt: skip

    f.loop(0, form.rows // form.lanes, rows_block)
    return f


def _column(f: Function, form: Form, v: str, pointers: list[str]) -> None:
    """One feature: one number a row, no square to turn."""
    source, _ = SOURCES[form.source]
    x = "poison"
    for r, pointer in enumerate(pointers):
        one = f.let(f"load {source}, ptr {pointer}, align {WIDTH[source]}")
        x = f.let(f"insertelement {f.vector(source)} {x}, {source} {one}, i64 {r}")
    x = _converted(f, form, x)
    kind, size = MEMORY[form.target], SIZE[form.target]
    if form.plain:
        place = f.offset("%plain", f.mul(v, form.lanes * size))
        f.do(f"store {f.vector(kind)} {x}, ptr {place}, align {size}")
    if form.packed:
        for r in range(form.lanes):
            row = f.mul(f.add(f.mul(v, form.lanes), r), form.lanes * size)
            one = f.let(f"extractelement {f.vector(kind)} {x}, i64 {r}")
            clean = f.let(f"insertelement {f.vector(kind)} zeroinitializer, {kind} {one}, i64 0")
            f.do(f"store {f.vector(kind)} {clean}, ptr {f.offset('%packed', row)}, align {size}")


def _ask_ahead(f: Function, form: Form, pointers: list[str], first: str) -> None:
    """Ask for what follows the features from `first` on, up to the end of each row."""
    width = WIDTH[SOURCES[form.source][0]]
    there = f.least(f.add(first, _AHEAD * form.lanes), form.features - 1)
    for pointer in pointers:
        place = f.offset(pointer, f.mul(there, width))
        for line in range(0, form.lanes * width, LINE):
            f.prefetch(f.offset(place, line))


def _load(f: Function, form: Form, pointer: str, first: str, valid: int) -> str:
    """Return one row's features from `first` on, zeros past the row's end."""
    source, _ = SOURCES[form.source]
    n, v = form.lanes, f.vector(source)
    mask = "<" + ", ".join(f"i1 {str(i < valid).lower()}" for i in range(n)) + ">"
    if form.near:
        place = f.offset(pointer, f.mul(first, WIDTH[source]))
        if valid == n:
            raw = f.let(f"load {v}, ptr {place}, align {WIDTH[source]}")
        else:
            name = f"llvm.masked.load.v{n}{MANGLED[source]}.p0"
            f.module.declare(f"{v} @{name}(ptr, i32, <{n} x i1>, {v})")
            raw = f.call(v, name, [f"ptr {place}", f"i32 {WIDTH[source]}", f"<{n} x i1> {mask}",
                                   f"{v} zeroinitializer"])  # fmt: skip
    else:
        start = f.offset(pointer, f.mul(first, "%step"))
        steps = f.let(f"mul <{n} x i64> {f.lane_numbers()}, {f.splat('%step', 'i64')}")
        places = f.let(f"getelementptr i8, ptr {start}, <{n} x i64> {steps}")
        name = f"llvm.masked.gather.v{n}{MANGLED[source]}.v{n}p0"
        f.module.declare(f"{v} @{name}(<{n} x ptr>, i32, <{n} x i1>, {v})")
        raw = f.call(v, name, [f"<{n} x ptr> {places}", f"i32 {WIDTH[source]}",
                               f"<{n} x i1> {mask}", f"{v} zeroinitializer"])  # fmt: skip
    return _converted(f, form, raw)


def _converted(f: Function, form: Form, raw: str) -> str:
    """Return the vector in the target's type, as it lies in memory."""
    source, sign = SOURCES[form.source]
    target = REGISTER[form.target]
    have = f.vector(source)
    if form.target == "bool":
        test = f"fcmp une {have} {raw}, zeroinitializer" if sign == "f" else (
            f"icmp ne {have} {raw}, zeroinitializer")  # fmt: skip
        return f.let(f"zext {f.vector('i1')} {f.let(test)} to {f.vector('i8')}")
    if source == target:
        return raw
    if target in ("float", "double"):
        name = {"f": "fpext" if target == "double" else "fptrunc", "u": "uitofp", "s": "sitofp"}[
            sign]  # fmt: skip
    elif sign == "f":
        name = "fptoui" if form.target == "uint32" else "fptosi"
    elif WIDTH[source] > WIDTH[target]:
        name = "trunc"
    else:
        name = "zext" if sign == "u" else "sext"
    return f.converted(name, raw, source, target)
