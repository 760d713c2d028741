"""Sources that fill the same arrays again and again."""

from __future__ import annotations

from collections import OrderedDict, UserDict
from types import MappingProxyType

import numpy as np
import pytest

from ranvier.data.reuse import Kept, Reuse


@pytest.mark.parametrize("ring", [1, 2, 3, 5])
def test_what_is_kept_does_not_change(ring):
    """However many arrays a source goes round, the last four batches are what they were."""
    buffers = [(np.zeros(4), {"y": np.zeros(2)}) for _ in range(ring)]
    reuse, kept = Reuse(4), []
    for step in range(12):
        x, named = buffers[step % ring]
        x[:] = step
        named["y"][:] = step
        kept.append(reuse.safe((x, named)))
        for old in range(max(0, step - 3), step + 1):
            assert (kept[old][0] == old).all() and (kept[old][1]["y"] == old).all()


@pytest.mark.parametrize("kind", [dict, OrderedDict, UserDict, MappingProxyType])
def test_mappings_of_any_kind_are_looked_into(kind):
    buffer, reuse = np.zeros(2), Reuse(2)
    batches = []
    for step in range(4):
        buffer[:] = step
        batches.append(reuse.safe((kind({"x": kind({"y": buffer})}), buffer)))
    assert [named["x"]["y"][0] for named, _ in batches] == [0, 1, 2, 3]


def test_new_arrays_are_not_copied_for_ever():
    reuse = Reuse(3)
    batches = [[np.full(3, step), None] for step in range(6)]
    safe = [reuse.safe(batch) for batch in batches]
    assert [a is b for a, b in zip(safe, batches, strict=True)] == [False] * 3 + [True] * 3
    assert type(safe[0]) is list and safe[0][1] is None


def test_kept_batches_do_not_change_with_the_buffer_they_came_in():
    buffer = np.zeros(2)

    def source():
        for number in range(5):
            buffer[:] = number
            yield {"x": buffer}, [buffer]

    rest = source()
    kept = Kept(rest, 2)
    begun = iter(kept)
    next(begun)
    for _ in range(3):  # also after a pass that was left off
        assert [(x["x"][0], y[0]) for x, [y] in kept] == [(0, 0), (1, 1)]
    assert next(rest)[1][0][0] == 2  # no more was taken than asked for
    assert [len(list(kept)) for kept in [Kept(iter("abc"))] * 2] == [3, 3]
