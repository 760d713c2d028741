"""The Plan record: all that an engine sees of a graph."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from ..graph.graph import Graph
from ..graph.node import Node
from ..graph.shape import Shape
from ..graph.variable import Variable
from .slopes import Slopes
from .windows import Windows


@dataclass(eq=False)
class Buffer:
    """A piece of memory: in the arena, or a variable's own home.

    Attributes:
        shape, order, dtype: of the array it holds, and the order in which its axes are stored.
        size: in elements.
        variable: whose home it is; None for a piece of the arena.
        value: numbers that are there before the first step.
        private: whether each thread has one of its own: batches, and what kernels that are
            `repeated` make.
        offset: bytes from the start of the arena.
        turn: in the step of a loop: (operand, offset, step); the buffer lies in an operand of
            the loop, and moves on by `step` elements a turn. See `Recur.accesses`.
    """

    shape: Shape
    order: tuple[int, ...]
    dtype: str
    size: int
    variable: Variable | None = None
    value: np.ndarray | None = None
    offset: int = -1
    private: bool = False
    turn: tuple[int, int, int] | None = None


@dataclass(frozen=True)
class Access:
    """Elements of a buffer at offset + sum(index * stride), one stride an axis or letter."""

    buffer: Buffer
    offset: int
    strides: tuple[int, ...]
    padded: bool = True


@dataclass(eq=False)
class Kernel:
    """What kernels share: maps in order, arrays read and written.

    A read is keyed by its node; in a contraction done as a plain loop by (node, operand).
    `shared` kernels are cut up among threads, `repeated` ones are done by every thread for itself,
    the rest run on the first; before a kernel that must `meet`, all threads wait for each other.
    """

    body: list[Node] = field(default_factory=list)
    reads: dict[Any, Access] = field(default_factory=dict)
    writes: list[tuple[Node, Access]] = field(default_factory=list)
    shared: bool = False
    repeated: bool = False
    meet: bool = False

    @property
    def by_all(self) -> bool:
        """Whether every thread takes part."""
        return self.shared or self.repeated

    def read_buffers(self) -> list[Buffer]:
        return [a.buffer for a in self.reads.values()]

    def written_buffers(self) -> list[Buffer]:
        return [a.buffer for _, a in self.writes]


@dataclass(eq=False)
class Loop(Kernel):
    """Maps and reductions over one space.

    Attributes:
        shape: sizes of the space, None first for the batch.
        order: axes from outer to inner; lanes run along the last.
        reduced: axes over which `reductions` go; all other axes are kept.
    """

    shape: Shape = ()
    order: tuple[int, ...] = ()
    reductions: list[Node] = field(default_factory=list)
    reduced: tuple[int, ...] = ()

    @property
    def cut(self) -> int | None:
        """The axis along which threads share the work: the outermost that is kept, lanes' last."""
        plain = _plain(self.shape, self.order)
        lanes = [] if self.shape[:1] == (None,) else self.order[-1:]
        return _outermost(self.shape, [a for a in (*plain, *lanes) if a not in self.reduced])


def _plain(shape: Shape, order: tuple[int, ...]) -> list[int]:
    """Return the axes of a space from outer to inner, without that of the lanes."""
    lanes = 0 if shape[:1] == (None,) else order[-1] if order else None
    return [axis for axis in order if axis != lanes]


def _outermost(shape: Shape, axes: Sequence[int]) -> int | None:
    """Return the first of some axes that can be shared out."""
    return next((a for a in axes if shape[a] != 1), None)


#: Turns from which a loop shares out evenly.
_LONG = 6


@dataclass(eq=False)
class Product(Kernel):
    """A contraction with maps on its result while that is still in registers.

    Attributes:
        node: the contraction.
        sizes: the size of each letter; None is the batch.
        vector: the letter along which lanes run.    row: the letter of a tile's rows, or "".
        outer: letters of plain loops.               sums: letters summed over.
        left, right: strides by letter.              out: letters of the result, in axis order.
        scratch: where sums wait while the next part of a long sum is read, strides by letter.
        part: the summed letter whose turns are done one by one for all sums; "" for none.
        across: the summed letter along which lanes run instead; "" for none. See `letters.py`.
        windows: what makes a product over 3x3 windows cheaper; see `windows.py`.
        slopes: how zeros of a slope are passed over in a product of windows; see `slopes.py`.
        zeros: which operand, 0 or 1, has zeros to pass over; -1 for none. See `zeros.py`.
        ends: whether it makes results of the sums that the kernel before it left in `scratch`.
        ahead: where it reads which rows of its input come next; see `Input`.
        added: values of which only sums are kept: those of the rows of each tile lie where the
            first of them would. A kernel of its own adds tiles up.
        height: the rows of every tile but the last; 0 where any will do.
    """

    node: Node = None  # type: ignore[assignment]
    sizes: dict[str, int | None] = field(default_factory=dict)
    vector: str = ""
    row: str = ""
    outer: tuple[str, ...] = ()
    sums: tuple[str, ...] = ()
    left: tuple[Buffer, int, dict[str, int]] = None  # type: ignore[assignment]
    right: tuple[Buffer, int, dict[str, int]] = None  # type: ignore[assignment]
    out: str = ""
    scratch: tuple[Buffer, dict[str, int]] | None = None
    part: str = ""
    across: str = ""
    windows: Windows | None = None
    slopes: Slopes | None = None
    zeros: int = -1
    ends: bool = False
    ahead: Buffer | None = None
    added: list[tuple[Node, Access]] = field(default_factory=list)
    height: int = 0

    @property
    def cut(self) -> str:
        """The letter along which threads share the work: a long outer loop, or tiles of rows.

        Where neither is long, the longest of both. Where lanes run along a sum, vectors of results.
        """
        if self.slopes is not None and not self.slopes.ahead:
            return self.row
        if self.across or self.slopes is not None:
            return self.vector
        if self.by_row:
            return self.row if self.ends else self.sums[0]
        letters = [c for c in (*self.outer, self.row) if c]
        long = [c for c in letters if (self.sizes[c] or 1) >= _LONG]
        return (long or sorted(letters, key=lambda c: -(self.sizes[c] or 1)) or [""])[0]

    @property
    def by_row(self) -> bool:
        """Whether zeros are passed over in each row of the batch: the forward product."""
        return self.zeros >= 0 and self.sizes[self.vector] is None

    def read_buffers(self) -> list[Buffer]:
        own = [self.scratch[0]] if self.ends and self.scratch else [self.left[0], self.right[0]]
        return [*super().read_buffers(), *own]

    def written_buffers(self) -> list[Buffer]:
        own = [] if self.scratch is None or self.ends else [self.scratch[0]]
        return [*super().written_buffers(), *(a.buffer for _, a in self.added), *own]


@dataclass(eq=False)
class Pack(Kernel):
    """A copy in which numbers of one row of the batch are neighbours, instead of the rows.

    Attributes:
        lead: (count, stride in the source, stride in the target) of outer loops.
        features: how many become neighbours.    stride: from one to the next in the source.
        source: rows are its neighbours.
        target: the packed buffer.               width: from one row to the next in it.
    """

    lead: tuple[tuple[int, int, int], ...] = ()
    features: int = 0
    stride: int = 0
    source: Access = None  # type: ignore[assignment]
    target: Buffer = None  # type: ignore[assignment]
    width: int = 0

    def read_buffers(self) -> list[Buffer]:
        return [self.source.buffer]

    def written_buffers(self) -> list[Buffer]:
        return [self.target]


@dataclass(eq=False)
class Special(Kernel):
    """An op with a routine of its own: scans and indices. Inputs by position in `operands`."""

    node: Node = None  # type: ignore[assignment]
    operands: list[Access] = field(default_factory=list)
    target: Access = None  # type: ignore[assignment]

    @property
    def cut(self) -> int | None:
        """The axis of what `take` is given along which threads share it; None for other ops.

        The first that is not the batch's, where there is one.
        """
        index = self.node.inputs[-1].shape
        if self.node.op.name != "take" or not index:
            return None
        return 1 if index[0] is None and len(index) > 1 else 0

    def read_buffers(self) -> list[Buffer]:
        return [a.buffer for a in self.operands]

    def written_buffers(self) -> list[Buffer]:
        return [self.target.buffer]


@dataclass(eq=False)
class Recur(Kernel):
    """The kernels of a step, run turn after turn.

    Attributes:
        node: the recurrence.
        plan: the step; its buffers lie in `scratch`, or in an operand where they have a `turn`.
        operands: what the step reads: whole sequences, and what all steps share.
        target: the value of the recurrence.
        scratch: memory of the step's own.
        parts: into how many parts the batch falls, of so many rows each as `plan` has; each runs
            through all turns for itself. 1 where a step may mix rows.
    """

    node: Node = None  # type: ignore[assignment]
    plan: Plan = None  # type: ignore[assignment]
    operands: list[Access] = field(default_factory=list)
    target: Access = None  # type: ignore[assignment]
    scratch: Access = None  # type: ignore[assignment]
    parts: int = 1

    @property
    def accesses(self) -> list[Access]:
        """What the loop's function takes, as the turns of buffers count it."""
        return [self.target, self.scratch, *self.operands]

    def read_buffers(self) -> list[Buffer]:
        return [a.buffer for a in self.operands]

    def written_buffers(self) -> list[Buffer]:
        return [self.target.buffer, self.scratch.buffer]


@dataclass(eq=False)
class Copy(Kernel):
    """One array, or one number, copied (or added) to another place element by element."""

    shape: Shape = ()
    source: Access | float = 0.0
    target: Access = None  # type: ignore[assignment]
    adds: bool = False

    @property
    def order(self) -> tuple[int, ...]:
        """Axes from outer to inner, as the target lies where the copy fills it."""
        buffer = self.target.buffer
        whole = len(buffer.order) == len(self.shape) and self.shape == buffer.shape
        return buffer.order if whole else tuple(range(len(self.shape)))

    @property
    def cut(self) -> int | None:
        """The axis along which threads share the work; what is added may overlap."""
        return None if self.adds else _outermost(self.shape, _plain(self.shape, self.order))

    def read_buffers(self) -> list[Buffer]:
        own = [self.target.buffer] if self.adds else []
        return [self.source.buffer, *own] if isinstance(self.source, Access) else own

    def written_buffers(self) -> list[Buffer]:
        return [self.target.buffer]


@dataclass(eq=False)
class Input:
    """One graph input: where its rows go. `packed` is batch-major, `plain` feature-major.

    Where it is `parted`, a thread reads only those parts of a row that are its own, see `zeros.py`.

    A kernel may ask memory for the next batch while it computes. Then `ahead` has four words: where
    the numbers of the next rows stand, where the caller's array begins, bytes from one row to the
    next in it, and from one feature to the next; the last is 0 where nothing is to be asked for.
    """

    node: Node
    plain: Buffer | None = None
    packed: Buffer | None = None
    ahead: Buffer | None = None
    parted: bool = False


@dataclass(eq=False)
class Plan:
    """A graph ready for an engine.

    Attributes:
        capacity: rows a batch may have; rounded up to whole vectors in `rows`.
        kernels: in order of running.
        inputs, outputs: one for each of the graph's.
        buffers: every buffer.    arena: bytes of the arena.
        private: bytes that each thread has of its own, from the start of its own block.
        shared: whether any kernel is cut up among threads.
    """

    graph: Graph
    capacity: int
    rows: int
    lanes: int
    kernels: list[Kernel]
    inputs: list[Input]
    outputs: list[tuple[Node, Buffer]]
    buffers: list[Buffer]
    arena: int = 0
    private: int = 0
    shared: bool = False
