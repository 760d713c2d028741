"""Which products pass over the zeros of their input.

Pictures have empty margins, encoded categories and counted words are nearly all zeros. Where most
numbers of a model's input are zero (`model/feed.py` looks when training begins), a dense layer on
it does only the multiply-adds of the others, forward and in its kernel's gradient: lanes then run
along the outputs, so that each number of the input meets whole vectors, and a zero spares them all.

What is left out would add zero. Forward, each row is summed in two parts, one for each half of the
input, and a thread has the same half of the weights forward and back: what a core writes, no other
reads, which else takes longer than zeros save. So results may differ in the last bits from those of
other products, and never by the number of threads. Where weights or slopes are no longer finite,
zero times infinity, which is no number, is left out too: `model/feed.py` looks at the weights when
steps on a table begin, and when an epoch ends.
"""

from __future__ import annotations

from ..graph.node import INPUT, Node

#: Outputs of a layer, and numbers in a row of its input, from which passing over zeros pays.
_OUTPUTS, _INPUTS = 48, 64
#: Numbers of a row of the input that share a tile of the gradient: what is read of a row serves all
#: of them, and is read where any of them is not zero.
HEIGHT = 2
#: Numbers that are looked through for zeros at once: bits of a loop's mask.
BITS = 64
#: Into how many parts a row's sum falls in the forward product.
PARTS = 2


def part_size(count: int) -> int:
    """Return how many of a row's `count` numbers each part but the last has.

    It is as many as `engines/native/share.py` gives a thread of so many tiles.
    """
    return -(-count // HEIGHT) // PARTS * HEIGHT


def zero_side(node: Node) -> int:
    """Return which operand of a contraction, 0 or 1, has zeros to pass over; -1 for neither."""
    inputs, out = node.attrs["spec"].split("->")
    letters = inputs.split(",")
    for side, (x, mine) in enumerate(zip(node.inputs, letters, strict=True)):
        if not _mostly_zero(x) or len(mine) != 2 or {*mine} <= {*out}:
            continue
        other = letters[1 - side]
        outputs = [c for c in other if c not in mine]
        sizes = dict(zip(other, node.inputs[1 - side].shape, strict=True))
        if len(other) == 2 == len(out) and len(outputs) == 1 and outputs[0] in out:
            wide = (sizes[outputs[0]] or 0) >= _OUTPUTS and (x.shape[1] or 0) >= _INPUTS
            return side if wide and node.dtype.startswith("float") else -1
    return -1


def _mostly_zero(node: Node) -> bool:
    """Tell whether a node has the rows of an input of which most numbers are zero."""
    if len(node.shape) != 2 or node.shape[0] is not None:
        return False
    while node.op.name == "reshape":
        node = node.inputs[0]
    return node.op is INPUT and bool(node.attrs.get("zeros"))
