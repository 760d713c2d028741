"""Which arrays are read in place, and the form of the gather that reads one."""

from typing import NamedTuple

#: LLVM's type and sign of each number type that is read in place.
SOURCES = {
    "bool": ("i8", "u"), "uint8": ("i8", "u"), "int8": ("i8", "s"), "uint16": ("i16", "u"),
    "int16": ("i16", "s"), "uint32": ("i32", "u"), "int32": ("i32", "s"), "int64": ("i64", "s"),
    "uint64": ("i64", "u"), "float32": ("float", "f"), "float64": ("double", "f"),
}  # fmt: skip


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
