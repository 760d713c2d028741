"""Which products over windows pass over the zeros of a slope.

Of the numbers that share a largest one, all but that one have a slope of zero. Behind pooling in
squares of two so at most a quarter of a convolution's slopes is not zero, and half of that where
ReLU comes between. The gradients of its input and of its filters then do only the multiply-adds of
the others: lanes run along the channels of the input, so that a zero spares whole vectors, and
each row of the batch is done for itself (`engines/native/slopes.py`).
"""

from __future__ import annotations

from dataclasses import dataclass
from math import prod

from ..graph.constant import number
from ..graph.node import CONST, Node
from ..graph.shape import round_up, size
from .letters import Form
from .windows import paired
from .zeros import BITS

#: The largest share of slopes that are not zero, and the least channels of the input times those
#: of the slope, with which passing over zeros pays: docs/decisions/where-a-step-goes.md.
_SHARE, _PAIRS = 1 / 4, 256
#: The most vectors of sums of a place or a filter: each is written out.
_SUMS = 256
#: Ops whose result is zero where all that they are given is, and where what comes first is, or
#: either of two factors; how many ops back to look for them, and what a cut must leave.
_ZERO_WHERE_ALL = ("select", "add", "subtract")
_ZERO_WHERE_ANY = ("multiply", "divide", "negative", "reshape", "transpose", "broadcast", "windows",
                   "put")  # fmt: skip
_DEPTH, _MOST = 12, 4 / 5
#: Units whose slopes are turned at a time in the gradient of filters.
GROUP = 8
#: Elements between the numbers of two rows of the batch: sixteen rows a multiple of 4 KB apart
#: would push each other out of a core's first cache.
APART = 16


@dataclass(frozen=True)
class Slopes:
    """A product over windows of which one operand is a slope with zeros.

    The right operand of the gradient of filters, the left one of that of the input.

    Attributes:
        places, steps: letters of where a window lies, and of what lies where in it, by axis.
        counts, edges: how many there are of either, by axis.
        unit, units: the letter of the slope's channels, and how many there are.
        width: channels of the input, rounded up to whole vectors.
        ahead: whether results lie at places: the gradient of the input; else that of the filters.
        lanes: of a vector.
    """

    places: tuple[str, ...]
    steps: tuple[str, ...]
    counts: tuple[int, ...]
    edges: tuple[int, ...]
    unit: str
    units: int
    width: int
    ahead: bool
    lanes: int

    @property
    def seen(self) -> tuple[int, ...]:
        """Places of a line of the slope that windows see, along each axis but the first."""
        return tuple(n + k - 1 for n, k in zip(self.counts[1:], self.edges[1:], strict=True))

    @property
    def span(self) -> tuple[int, ...]:
        """Places that such a line is spread over."""
        return tuple(n + k - 1 for n, k in zip(self.seen, self.edges[1:], strict=True))

    @property
    def numbers(self) -> int:
        """Numbers that are looked through at a time: units of a place, or places of a unit."""
        if self.ahead:
            return round_up(self.units, self.lanes)
        return prod(self.counts[:-1]) * round_up(self.counts[-1], self.lanes)

    @property
    def turned(self) -> int:
        """Elements of memory for one row's part of the slope: of a line, or of some units."""
        return (prod(self.seen) if self.ahead else GROUP) * self.numbers + APART

    @property
    def line(self) -> int:
        """Elements of the sums of one line of places."""
        return prod(self.span) * self.width

    @property
    def sums(self) -> int:
        """Elements of the sums of one row, as many lines as a window is high, or of one filter."""
        return self.edges[0] * self.line + APART if self.ahead else prod(self.edges) * self.width

    @property
    def room(self) -> int:
        """Elements of memory for the turned slope; what looks for zeros reads some beyond it."""
        return self.lanes * self.turned + BITS

    @property
    def size(self) -> int:
        """Elements of memory that a thread needs: for the slope, then for sums."""
        return self.room + self.sums * (self.lanes if self.ahead else self.units)


def slopes(node: Node, form: Form, lanes: int) -> Slopes | None:
    """Return what there is to know of a product that passes over a slope's zeros, None for others.

    Args:
        node, form: the contraction, and how it is arranged.
        lanes: of a vector.
    """
    sizes, ahead = form.sizes, form.sizes[form.vector] is None
    left, right = (dict(zip(mine, view.strides, strict=True)) for view, mine in form.operands)
    pairs = paired(form, left, right, ahead)
    both = [letter for pair in pairs for letter in pair]
    known = {*both, form.vector, form.row}
    rest = [c for c in sizes if c not in known and sizes[c] not in (1, None)]
    channel, unit = (form.row, rest.pop() if rest else "") if ahead else (form.vector, form.row)
    # What lanes run along are neighbours in the filters, or in a copy of the windows; rows are in
    # the slope.
    near = right.get(channel) == 1 if ahead else form.pack == 0
    near = near and next((left if ahead else right)[c] for c in sizes if sizes[c] is None) == 1
    if not pairs or len({*both}) < len(both) or rest or not unit or not near or form.across:
        return None
    channels, units = (sizes[c] or 0 for c in (channel, unit))
    width, edges = round_up(channels, lanes), tuple(sizes[step] or 0 for _, step in pairs)
    fits = channels * units >= _PAIRS and prod(edges) * width <= _SUMS * lanes
    if not fits or not node.dtype.startswith("float"):
        return None
    if share(node.inputs[0 if ahead else 1]) > _SHARE:
        return None
    places, steps = zip(*pairs, strict=True)
    counts = tuple(sizes[c] or 0 for c in places)
    return Slopes(places, steps, counts, edges, unit, units, width, ahead, lanes)


def share(node: Node) -> float:
    """Return about the largest share of a node's numbers that are not zero, as its ops tell."""
    return 1 / max((_window(pick) for pick in _picks(node, _DEPTH)), default=1)


def _picks(node: Node, depth: int) -> set[Node]:
    """Return what picks one number of each window and leaves zeros where the node has zeros too."""
    name, inputs = node.op.name, node.inputs
    # What pooling added beyond the end of an axis is cut off again: about as many are zero.
    if name == "slice" and size(node.shape) >= _MOST * size(inputs[0].shape):
        return _picks(inputs[0], depth - 1)
    if depth == 0 or name not in (*_ZERO_WHERE_ALL, *_ZERO_WHERE_ANY):
        return set()
    if name in _ZERO_WHERE_ANY:
        given = inputs if name == "multiply" else inputs[:1]
        return set().union(*(_picks(x, depth - 1) for x in given))
    given = inputs[1:] if name == "select" else inputs
    found = [_picks(x, depth - 1) for x in given if number(x) != 0]
    every = set.intersection(*found) if found else set()
    if name == "select" and number(inputs[2]) == 0 and _window(inputs[0]) > 1:
        every.add(inputs[0])
    return every


def _window(condition: Node) -> int:
    """Return among how many numbers a condition holds for one at most: which is the largest."""
    if condition.op.name != "equal":
        return 1
    which, first = condition.inputs
    if which.op is not CONST or first.op.name != "argmax":
        return 1
    numbers = which.attrs["value"].array
    apart = len({*numbers.ravel().tolist()}) == numbers.size
    one = all(a == 1 or b == 1 for a, b in zip(which.shape, first.shape, strict=True))
    return numbers.size if apart and one else 1
