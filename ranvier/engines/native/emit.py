"""Writes LLVM IR as text: functions, structured loops with phis, vectors of one lane count."""

from __future__ import annotations

import re
import struct
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import NamedTuple

from ...plan.arena import ITEM

#: LLVM's element type of each dtype, in registers and in memory.
REGISTER = {"bool": "i1", "uint32": "i32", "int32": "i32", "int64": "i64", "float32": "float",
            "float64": "double"}  # fmt: skip
MEMORY = {**REGISTER, "bool": "i8"}
#: Bytes of an element of each dtype.
SIZE = ITEM
MANGLED = {"float": "f32", "double": "f64", "i8": "i8", "i32": "i32", "i64": "i64", "i1": "i1",
           "i16": "i16", "ptr": "p0"}  # fmt: skip
#: Bytes of each of LLVM's element types.
WIDTH = {"i8": 1, "i16": 2, "i32": 4, "i64": 8, "float": 4, "double": 8}


class Value(NamedTuple):
    """A vector in a register: its SSA name (or literal) and dtype."""

    name: str
    dtype: str


def literal(value: float, kind: str) -> str:
    """Return a number as an LLVM literal of element type `kind`."""
    if kind in ("float", "double"):
        if kind == "float":
            value = struct.unpack("<f", struct.pack("<f", _in_range(value)))[0]
        return f"0x{struct.unpack('<Q', struct.pack('<d', value))[0]:016X}"
    if kind == "i1":
        return "true" if value else "false"
    return str(int(value))


def _in_range(value: float) -> float:
    return value if abs(value) <= 3.4028234663852886e38 or value != value else value * float("inf")


_CALLED = re.compile(r"@(\w+)\(")

#: The C library may lie further from the code than a call reaches: calls that LLVM makes itself
#: (memset) go by its address. Those that are written here say `nonlazybind`, which is the same.
_FAR = ("!llvm.module.flags = !{!0}", '!0 = !{i32 7, !"RtLibUseGOT", i32 1}')


class Module:
    """Functions and declarations of one compilation; functions of equal text are shared.

    `estimates` names the processor's family of reciprocal estimates for these lanes, if any;
    `fused` tells whether it multiplies and adds at once. While `inline` is set, functions of a few
    instructions are written out where they are used.
    """

    inline = False

    def __init__(
        self, lanes: int, attributes: str, estimates: str = "", fused: bool = True
    ) -> None:
        self.lanes, self.estimates, self.fused = lanes, estimates, fused
        self.attributes = attributes
        self.declarations: set[str] = set()
        self.functions: dict[str, str] = {}
        self._names: dict[str, str] = {}
        self._given: set[str] = set()
        self._seen = 0

    def declare(self, text: str) -> None:
        self.declarations.add(text)

    def share(self, function: Function, stem: str) -> str:
        """Add a function unless one of the same text exists; return its name."""
        text = function.text()
        if text not in self._names:
            name = f"{stem}_{len(self._names)}"
            self._names[text] = name
            self.functions[name] = text.replace("@SELF(", f"@{name}(", 1)
        return self._names[text]

    def text(self) -> str:
        """Return all of it."""
        return self._page(list(self.functions.values()))

    def lines(self) -> int:
        """Return how many lines have been written since the last `part`."""
        return sum(text.count("\n") for text in [*self.functions.values()][self._seen :])

    def part(self, names: Sequence[str]) -> str:
        """Return a module of its own with these functions, which others call, and all they need.

        Functions of earlier parts are called where they lie; what those use inside is there again.
        """
        own = [name for name in dict.fromkeys(names) if name not in self._given]
        texts: dict[str, str] = {}
        wanted = own[::-1]
        while wanted:
            name = wanted.pop()
            if name in texts or name not in self.functions:  # the latter is LLVM's own
                continue
            head, begin, body = self.functions[name].partition(" #0 {\n")
            if name in self._given:
                texts[name] = head.replace("define internal", "declare") + " nonlazybind"
                continue
            head = head.replace("define internal", "define") if name in own else head
            texts[name] = f"{head}{begin}{body}"
            wanted.extend(_CALLED.findall(body)[::-1])
        self._given.update(own)
        self._seen = len(self.functions)
        return self._page([*texts.values()])

    def _page(self, functions: Sequence[str]) -> str:
        return "\n".join([
            f"attributes #0 = {{ {self.attributes} noinline }}",
            *(f"declare {d}" for d in sorted(self.declarations)), *functions, *_FAR, "",
        ])  # fmt: skip


class Function:
    """One function being written. Names are SSA; `block` is the label now written to."""

    def __init__(self, module: Module, arguments: Sequence[tuple[str, str]],
                 linkage: str = "internal", name: str = "SELF",
                 result: str = "void") -> None:  # fmt: skip
        self.module, self.lanes = module, module.lanes
        spelled = ", ".join(f"{kind} %{arg}" for kind, arg in arguments)
        self.head = f"define {linkage} {result} @{name}({spelled}) #0 {{"
        #: What it returns, if its result is not void.
        self.answer = "void"
        self.lines: list[str] = ["entry:"]
        self.block = "entry"
        self._count = 0

    def text(self) -> str:
        return "\n".join([self.head, *self.lines, f"  ret {self.answer}", "}"])

    # --- instructions ---------------------------------------------------------------------------
    def new(self) -> str:
        self._count += 1
        return f"%v{self._count}"

    def do(self, text: str) -> None:
        self.lines.append("  " + text)

    def let(self, text: str) -> str:
        name = self.new()
        self.lines.append(f"  {name} = {text}")
        return name

    def label(self, name: str) -> None:
        self.lines.append(name + ":")
        self.block = name

    def add(self, a: str | int, b: str | int) -> str:
        if isinstance(a, int) and isinstance(b, int):
            return str(a + b)
        if a in (0, "0"):
            return str(b)
        if b in (0, "0"):
            return str(a)
        return self.let(f"add nsw i64 {a}, {b}")

    def mul(self, a: str | int, b: str | int) -> str:
        if a in (0, "0") or b in (0, "0"):
            return "0"
        if b in (1, "1"):
            return str(a)
        if a in (1, "1"):
            return str(b)
        if isinstance(a, int) and isinstance(b, int):
            return str(a * b)
        return self.let(f"mul nsw i64 {a}, {b}")

    def least(self, a: str, b: str | int) -> str:
        """Return the lesser of two i64."""
        return self._chosen("slt", a, b)

    def most(self, a: str, b: str | int) -> str:
        """Return the greater of two i64."""
        return self._chosen("sgt", a, b)

    def _chosen(self, word: str, a: str, b: str | int) -> str:
        first = self.let(f"icmp {word} i64 {a}, {b}")
        return self.let(f"select i1 {first}, i64 {a}, i64 {b}")

    def whole(self, low: str | int, high: str | int, size: int) -> str | int:
        """Return where the last whole piece of `size` from `low` to `high` ends."""
        if isinstance(low, int) and isinstance(high, int):
            return low + (high - low) // size * size
        count = high if low == 0 else self.let(f"sub i64 {high}, {low}")
        count = self.let(f"sdiv i64 {count}, {size}")
        return self.add(low, self.mul(count, size))

    def offset(self, pointer: str, size: str | int) -> str:
        """Return the pointer moved by a number of bytes."""
        if size in (0, "0"):
            return pointer
        return self.let(f"getelementptr inbounds i8, ptr {pointer}, i64 {size}")

    def call(self, result: str, name: str, arguments: Sequence[str]) -> str:
        text = f"call {result} @{name}({', '.join(arguments)})"
        if result == "void":
            self.do(text)
            return ""
        return self.let(text)

    def prefetch(self, pointer: str, written: bool = False, level: int = 1) -> None:
        """Ask for the line at a pointer, for the cache of a level; any address will do."""
        self.module.declare("void @llvm.prefetch.p0(ptr, i32, i32, i32)")
        self.call("void", "llvm.prefetch.p0", [f"ptr {pointer}", f"i32 {int(written)}",
                                               f"i32 {4 - level}", "i32 1"])  # fmt: skip

    def branch(self, condition: str, body: Callable[[], None]) -> None:
        """Run `body` only if the i1 `condition` holds."""
        self._count += 1
        yes, on = f"t{self._count}", f"e{self._count}"
        self.do(f"br i1 {condition}, label %{yes}, label %{on}")
        self.label(yes)
        body()
        self.do(f"br label %{on}")
        self.label(on)

    def loop(
        self,
        low: str | int,
        high: str | int,
        body: Callable[[str, list[str]], Sequence[str] | None],
        carried: Sequence[tuple[str, str]] = (),
        step: int = 1,
        guard: bool = True,
    ) -> list[str]:
        """Write `for i in range(low, high, step)`; `carried` (type, start) pass through phis.

        With guard=False the body runs at least once, which the caller knows to be right.
        """
        if isinstance(low, int) and isinstance(high, int):
            if high - low <= 0:
                return [start for _, start in carried]
            guard = False
            if high - low <= step:
                return list(body(str(low), [start for _, start in carried]) or [])
        self._count += 1
        head, leave, before = f"h{self._count}", f"x{self._count}", self.block
        if guard:
            test = self.let(f"icmp slt i64 {low}, {high}")
            self.do(f"br i1 {test}, label %{head}, label %{leave}")
        else:
            self.do(f"br label %{head}")
        self.label(head)
        index, place = self.new(), len(self.lines)
        values = [self.new() for _ in carried]
        self.lines.extend([""] * (1 + len(carried)))
        results = list(body(index, values) or [])
        following = self.let(f"add nsw i64 {index}, {step}")
        test = self.let(f"icmp slt i64 {following}, {high}")
        latch = self.block
        self.do(f"br i1 {test}, label %{head}, label %{leave}")
        self.lines[place] = f"  {index} = phi i64 [ {low}, %{before} ], [ {following}, %{latch} ]"
        for n, ((kind, start), value, result) in enumerate(
            zip(carried, values, results, strict=True)
        ):
            self.lines[place + 1 + n] = (
                f"  {value} = phi {kind} [ {start}, %{before} ], [ {result}, %{latch} ]"
            )
        self.label(leave)
        if guard and carried:
            return [
                self.let(f"phi {kind} [ {start}, %{before} ], [ {result}, %{latch} ]")
                for (kind, start), result in zip(carried, results, strict=True)
            ]
        return results

    # --- vectors --------------------------------------------------------------------------------
    def vector(self, kind: str) -> str:
        return f"<{self.lanes} x {kind}>"

    @contextmanager
    def narrowed(self, lanes: int) -> Iterator[None]:
        """Write vectors of so many lanes for a while; 0 leaves them as they are."""
        whole, self.lanes = self.lanes, lanes or self.lanes
        yield
        self.lanes = whole

    def resized(self, value: Value, have: int) -> Value:
        """Return a vector of `have` lanes, 0 for all, in as many as are written now.

        Those that come anew, at most as many again, are zero.
        """
        if have in (0, self.lanes):
            return value
        v, other = f"<{have} x {REGISTER[value.dtype]}>", "zeroinitializer"
        lanes = ", ".join(f"i32 {i}" for i in range(self.lanes))
        mask = f"<{self.lanes} x i32> <{lanes}>"
        return Value(self.let(f"shufflevector {v} {value.name}, {v} {other}, {mask}"), value.dtype)

    def splat(self, scalar: str, kind: str) -> str:
        v = self.vector(kind)
        first = self.let(f"insertelement {v} poison, {kind} {scalar}, i64 0")
        return self.let(
            f"shufflevector {v} {first}, {v} poison, <{self.lanes} x i32> zeroinitializer"
        )

    def constant(self, value: float, dtype: str) -> Value:
        kind = REGISTER[dtype]
        text = f"splat ({kind} {literal(value, kind)})"
        return Value("zeroinitializer" if value == 0 and str(value) != "-0.0" else text, dtype)

    def converted(self, name: str, value: str, have: str, want: str) -> str:
        """Return a vector in another type, by the conversion of that name.

        Of floats that are no such whole number it is the nearest, of NaN 0; LLVM's plain
        conversions may give anything there.
        """
        v, to = self.vector(have), self.vector(want)
        if name not in ("fptosi", "fptoui"):
            return self.let(f"{name} {v} {value} to {to}")
        full = f"llvm.{name}.sat.v{self.lanes}{MANGLED[want]}.v{self.lanes}{MANGLED[have]}"
        self.module.declare(f"{to} @{full}({v})")
        return self.call(to, full, [f"{v} {value}"])

    def lane_numbers(self, kind: str = "i64") -> str:
        return "<" + ", ".join(f"{kind} {i}" for i in range(self.lanes)) + ">"

    def load(self, pointer: str, dtype: str, mask: str | None = None) -> Value:
        """Load a vector of neighbours; under a mask the other lanes are zero."""
        kind, n = MEMORY[dtype], self.lanes
        v = self.vector(kind)
        if mask is None:
            raw = self.let(f"load {v}, ptr {pointer}, align {SIZE[dtype]}")
            return self._from_memory(raw, dtype)
        name = f"llvm.masked.load.v{n}{MANGLED[kind]}.p0"
        self.module.declare(f"{v} @{name}(ptr, i32, <{n} x i1>, {v})")
        raw = self.call(v, name, [f"ptr {pointer}", f"i32 {SIZE[dtype]}", f"<{n} x i1> {mask}",
                                  f"{v} zeroinitializer"])  # fmt: skip
        return self._from_memory(raw, dtype)

    def load_splat(self, pointer: str, dtype: str) -> Value:
        """Load one element into every lane."""
        kind = MEMORY[dtype]
        one = self.let(f"load {kind}, ptr {pointer}, align {SIZE[dtype]}")
        return self._from_memory(self.splat(one, kind), dtype)

    def addresses(self, pointer: str, stride: int, size: int) -> str:
        """Return a vector of addresses: pointer + lane * stride * size."""
        numbers = ", ".join(f"i64 {i * stride * size}" for i in range(self.lanes))
        return self.let(f"getelementptr i8, ptr {pointer}, <{self.lanes} x i64> <{numbers}>")

    def gather(self, addresses: str, dtype: str, mask: str) -> Value:
        """Load one element an address where the mask holds, zero elsewhere."""
        kind, n = MEMORY[dtype], self.lanes
        name = f"llvm.masked.gather.v{n}{MANGLED[kind]}.v{n}p0"
        v = self.vector(kind)
        self.module.declare(f"{v} @{name}(<{n} x ptr>, i32, <{n} x i1>, {v})")
        raw = self.call(v, name, [f"<{n} x ptr> {addresses}", f"i32 {SIZE[dtype]}",
                                  f"<{n} x i1> {mask}", f"{v} zeroinitializer"])  # fmt: skip
        return self._from_memory(raw, dtype)

    def scatter(self, value: Value, addresses: str, mask: str) -> None:
        """Store one element an address where the mask holds."""
        raw, kind = self._to_memory(value)
        n, v = self.lanes, self.vector(kind)
        name = f"llvm.masked.scatter.v{n}{MANGLED[kind]}.v{n}p0"
        self.module.declare(f"void @{name}({v}, <{n} x ptr>, i32, <{n} x i1>)")
        self.call("void", name, [f"{v} {raw}", f"<{n} x ptr> {addresses}",
                                 f"i32 {SIZE[value.dtype]}", f"<{n} x i1> {mask}"])  # fmt: skip

    def store(self, value: Value, pointer: str, mask: str | None = None) -> None:
        """Store a vector of neighbours, under a mask if one is given."""
        raw, kind = self._to_memory(value)
        v = self.vector(kind)
        if mask is None:
            self.do(f"store {v} {raw}, ptr {pointer}, align {SIZE[value.dtype]}")
            return
        n = self.lanes
        name = f"llvm.masked.store.v{n}{MANGLED[kind]}.p0"
        self.module.declare(f"void @{name}({v}, ptr, i32, <{n} x i1>)")
        self.call("void", name, [f"{v} {raw}", f"ptr {pointer}", f"i32 {SIZE[value.dtype]}",
                                 f"<{n} x i1> {mask}"])  # fmt: skip

    def store_first(self, value: Value, pointer: str) -> None:
        """Store lane 0 alone."""
        raw, kind = self._to_memory(value)
        one = self.let(f"extractelement {self.vector(kind)} {raw}, i64 0")
        self.do(f"store {kind} {one}, ptr {pointer}, align {SIZE[value.dtype]}")

    def below(self, first: str | int, bound: str | int) -> str:
        """Return the mask of lanes whose number, counted from `first`, is below `bound`."""
        if isinstance(first, int) and isinstance(bound, int):
            bits = ", ".join(f"i1 {str(first + i < bound).lower()}" for i in range(self.lanes))
            return f"<{bits}>"
        left = self.let(f"sub i64 {bound}, {first}")
        return self.let(
            f"icmp slt <{self.lanes} x i64> {self.lane_numbers()}, {self.splat(left, 'i64')}"
        )

    def _from_memory(self, raw: str, dtype: str) -> Value:
        if dtype == "bool":
            raw = self.let(f"icmp ne {self.vector('i8')} {raw}, zeroinitializer")
        return Value(raw, dtype)

    def _to_memory(self, value: Value) -> tuple[str, str]:
        if value.dtype != "bool":
            return value.name, MEMORY[value.dtype]
        raw = self.let(f"zext {self.vector('i1')} {value.name} to {self.vector('i8')}")
        return raw, "i8"
