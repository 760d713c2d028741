"""Tests of broadcasting with an open batch axis."""

from __future__ import annotations

import pytest

from ranvier.graph.errors import OpenBatchError, ShapeError
from ranvier.graph.shape import Shape, broadcast, normal_axes, normal_axis, row_shape, size


@pytest.mark.parametrize(
    ("shapes", "result"),
    [
        (((3,), (3,)), (3,)), (((3, 1), (1, 4)), (3, 4)), (((), (2,)), (2,)),
        (((None, 3), (3,)), (None, 3)), (((None, 1), (None, 4)), (None, 4)),
        (((1, 4), (None, 1)), (None, 4)), (((None,), ()), (None,)), (((0,), (1,)), (0,)),
        (((2, 3), (3,), (1, 1)), (2, 3)),
    ],
)  # fmt: skip
def test_broadcast(shapes: tuple[Shape, ...], result: Shape) -> None:
    assert broadcast(*shapes) == broadcast(*shapes[::-1]) == result


def test_unequal_sizes_are_told() -> None:
    with pytest.raises(ShapeError, match=r"\(3,\) and \(4,\) do not broadcast.*equal or 1"):
        broadcast((3,), (4,))


@pytest.mark.parametrize("other", [(5,), (5, 3), (3, None)])
def test_the_open_axis_meets_nothing_else(other: Shape) -> None:
    with pytest.raises(OpenBatchError, match="batch axis"):
        broadcast((None, 3) if len(other) == 2 else (None,), other)


def test_the_open_axis_stays_first() -> None:
    with pytest.raises(OpenBatchError, match="must stay the first axis"):
        broadcast((None,), (3, 1))


def test_axes() -> None:
    assert normal_axis(-1, 3) == 2
    assert normal_axes((-1, 0), 3) == (0, 2)
    assert normal_axes(None, 2) == (0, 1)
    with pytest.raises(ShapeError, match="got 3 for an array of 3 axes"):
        normal_axis(3, 3)


def test_sizes() -> None:
    assert size((None, 3, 4)) == 12
    assert row_shape((None, 3)) == (3,)
