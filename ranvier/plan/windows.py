"""Which products run over 3x3 windows one place apart: 16 multiplications do for 36.

Of a convolution, and of the gradient of its input, four neighbouring results come of 4x4 numbers;
of the gradient of a kernel, nine results of sums over such places. Each thread works on one place
at a time, in memory of its own that stays in its cache; `engines/native/windows.py` says how.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ..graph.shape import round_up

if TYPE_CHECKING:
    from .letters import Form
    from .plan import Product

#: A window's edge.
_EDGE = 3
#: From how many places, and from how many channels on both sides, a * b / (a + b), the products
#: saved pay for the sums before and after them. Eight channels on both sides take 1.3 times the
#: time of the direct sum, 24 as much, 32 from 0.88 of it, 64 from 0.65 (a step of two convolutions
#: at 14 x 14 places); 64 channels at 2 x 2 places 2.3 times, at 4 x 4 0.89, at 6 x 6 0.79.
_PLACES, _CHANNELS = 16, 16
#: Rows of a batch, and rows of results of a kernel's gradient, that are worked on at a time.
ROWS, GROUP = 32, 8
#: Elements between two matrices: sixteen that lie a multiple of 4 KB apart push each other out of
#: a core's first cache, which has places for twelve lines so far apart.
_APART = 16
#: Products a place and pair of channels.
PRODUCTS = 16


@dataclass(frozen=True)
class Windows:
    """A product over windows.

    Attributes:
        places, steps: letters of where a window lies, and of what lies where in it, by axis.
        ahead: whether results lie at places: a convolution; else in windows: its gradient.
        shapes: lines, and elements of a line, of each of the 16 matrices: of the left and the
            right operand, as their product reads them, and of its results.
    """

    places: tuple[str, str]
    steps: tuple[str, str]
    ahead: bool
    shapes: tuple[tuple[int, int], tuple[int, int], tuple[int, int]]

    @property
    def planes(self) -> list[int]:
        """Elements from one matrix to the next of each kind."""
        return [lines * line + _APART for lines, line in self.shapes]

    @property
    def size(self) -> int:
        """Elements of memory that a thread needs."""
        return PRODUCTS * sum(self.planes)


def windows(kernel: Product, rows: int, lanes: int) -> Windows | None:
    """Return what there is to know of a product over windows, None for any other product."""
    sizes, ahead = kernel.sizes, kernel.sizes[kernel.vector] is None
    pairs = paired(kernel, kernel.left[2], kernel.right[2], ahead)
    both = [letter for pair in pairs for letter in pair]
    summed = [c for c in kernel.sums if c not in both and sizes[c] != 1]
    letters = {*both, kernel.vector, kernel.row, *summed}
    if len(pairs) != 2 or len(summed) != 1 or len(letters) != 7 or kernel.across:
        return None
    if any(sizes[step] != _EDGE for _, step in pairs):
        return None
    if kernel.node.dtype != "float32" or any(sizes[c] != 1 for c in sizes if c not in letters):
        return None
    if math.prod(sizes[place] or 1 for place, _ in pairs) < _PLACES:
        return None
    width = min(rows, ROWS)
    found = _shapes_ahead if ahead else _shapes_back
    shapes = found(kernel, summed[0], width, lanes)
    (a, i), (b, j) = pairs
    return None if shapes is None else Windows((a, b), (i, j), ahead, shapes)


def paired(about: Product | Form, left: Mapping[str, int], right: Mapping[str, int],
           ahead: bool) -> list[tuple[str, str]]:  # fmt: skip
    """Return the letters of place and step along each axis where windows go place by place.

    Args:
        about: whose letters they are; its left operand has the windows.
        left, right: strides of its operands.
        ahead: whether results lie at places, and steps are summed; else the other way round.
    """
    places, steps = (about.outer, about.sums) if ahead else (about.sums, about.outer)
    return [
        (place, step) for place in places for step in steps
        if step in left and left.get(place) == left[step] and about.sizes[place] is not None
        and (place in right) is not ahead and (step in right) is ahead
    ]  # fmt: skip


def _both(a: int, b: int) -> float:
    """Return how many channels two sides have together, as resistors have ohms."""
    return a * b / (a + b)


#: Lines and elements of a line: left, right, results.
_Shapes = tuple[tuple[int, int], tuple[int, int], tuple[int, int]]


def _shapes_ahead(kernel: Product, summed: str, width: int, lanes: int) -> _Shapes | None:
    right = kernel.right[2]
    rows, count = (kernel.sizes[c] or 0 for c in (kernel.row, summed))
    near, far = (rows, count) if right[kernel.row] == 1 else (count, rows)
    if 1 not in (right[kernel.row], right[summed]) or _both(rows, count) < _CHANNELS:
        return None
    return (count, width), (far, round_up(near, lanes)), (rows, width)


def _shapes_back(kernel: Product, summed: str, width: int, lanes: int) -> _Shapes | None:
    rows, channels = (kernel.sizes[c] or 0 for c in (kernel.row, kernel.vector))
    mine = kernel.left[2] if kernel.row in kernel.left[2] else kernel.right[2]
    if mine[summed] != 1 or _both(rows, channels) < _CHANNELS:
        return None
    line = round_up(channels, lanes)
    sides = [(width, line), (min(rows, GROUP), width)]
    left, right = sides[::-1] if mine is kernel.left[2] else sides
    return left, right, (rows, line)
