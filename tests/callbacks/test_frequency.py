"""Every so many batches: what may be given, and when it is due."""

import pytest

from ranvier.callbacks.frequency import BatchCount, check_frequency
from ranvier.errors import ArgumentError


@pytest.mark.parametrize("value", ["epochs", 0, -1, True, 1.5, None])
def test_refused(value):
    with pytest.raises(ArgumentError, match=r"Saver, `every`: got .*'epoch', 'batch' or a number"):
        check_frequency("Saver", "every", value, "epoch", "batch")


@pytest.mark.parametrize("value", ["epoch", "batch", 1, 1000])
def test_taken(value):
    check_frequency("Saver", "every", value, "epoch", "batch")


def test_counts_across_epochs():
    count = BatchCount()
    told = [count.due(batch, 3) for _ in range(3) for batch in range(4)]
    assert [place for place, due in enumerate(told) if due] == [2, 5, 8, 11]


def test_counts_several_at_once():
    count = BatchCount()
    assert [count.due(batch, 4) for batch in (2, 5, 1, 4)] == [False, True, False, True]


def test_goes_on_within_an_epoch():
    count = BatchCount()
    count.due(7, 9)
    count.begin(5)
    assert [count.due(batch, 2) for batch in (5, 6)] == [False, True]


def test_a_word_is_never_due():
    count = BatchCount()
    assert not any(count.due(batch, "epoch") for batch in range(9))
