"""What the native engine makes for programs without Python: object code with a C header."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from ..graph.errors import EngineError
from ..graph.graph import Graph


class Library(NamedTuple):
    """A library as bytes: the object file, its header, and its shared object if one was asked."""

    code: bytes
    header: str
    shared: bytes | None


def library(
    graph: Graph,
    inputs: Sequence[str],
    outputs: Sequence[str],
    *,
    prefix: str,
    name: str,
    version: str,
    batch: int = 32,
    target: str | None = None,
    cpu: str | None = None,
    shared: str | None = None,
) -> Library:
    """Return a graph without updates as a library.

    Args:
        graph: what it computes.
        inputs, outputs: their names.
        prefix: what the names of its functions begin with.
        name, version: what it says of itself.
        batch: rows to compute at a time.
        target, cpu: the processor; see `native.target.named`.
        shared: the name of the shared object to link, or None.

    Raises:
        ArgumentError: for an unknown processor.
        EngineError: where there is no native engine, or no compiler to link.
    """
    try:
        from .native.export import make_library
    except ImportError as error:
        raise EngineError(
            f"export: machine code is made by LLVM, and llvmlite cannot be imported ({error}). "
            "Install llvmlite."
        ) from error
    return Library(*make_library(
        graph, inputs, outputs, prefix=prefix, name=name, version=version, batch=batch,
        target=target, cpu=cpu, shared=shared,
    ))  # fmt: skip
