"""What a library says of itself: names, shapes, what calls answer."""

from __future__ import annotations

from dataclasses import dataclass

#: What calls answer.
OK, BAD_ARGUMENT, NO_MEMORY = 0, 1, 2


@dataclass(frozen=True)
class Tensor:
    """An input or output: its name, the sizes of one row, its element type."""

    name: str
    shape: tuple[int, ...]
    dtype: str


@dataclass(frozen=True)
class Interface:
    """What a library says of itself.

    Attributes:
        prefix: what the names of its functions begin with.
        name, version, target: of the model, of what made the library, of the processor.
        batch: rows that are computed at a time.
    """

    prefix: str
    name: str
    version: str
    target: str
    batch: int
    inputs: tuple[Tensor, ...]
    outputs: tuple[Tensor, ...]


def plain(interface: Interface) -> bool:
    """Tell whether `predict` takes its arrays themselves: one goes in, one comes out."""
    return len(interface.inputs) == len(interface.outputs) == 1
