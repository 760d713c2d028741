"""Batches that come one by one, and the faults that they have."""

from __future__ import annotations

from contextlib import closing

import numpy as np
import pytest

from ranvier.data import stream as module
from ranvier.data.py_dataset import PyDataset
from ranvier.data.stream import Stream, is_stream, unpack
from ranvier.data.table import Slot
from ranvier.graph.errors import DataError, DataTypeError, DataWarning


def batches(count, rows=2, width=3):
    for index in range(count):
        yield np.full((rows, width), index), np.full(rows, index)


def endless():
    while True:
        yield from batches(1)


class Indexed(PyDataset):
    def __init__(self, count):
        super().__init__()
        self.count, self.events = count, []

    def __len__(self):
        return self.count

    def __getitem__(self, index):
        return np.full((2, 3), index), np.full(2, index)

    def on_epoch_begin(self):
        self.events.append("begin")

    def on_epoch_end(self):
        self.events.append("end")


class Loader:
    """Can be read again and again, but not by index."""

    def __iter__(self):
        return batches(3)


def ids(tables):
    return [int(table.y[0][0]) for table in tables]


def test_what_is_a_stream():
    for value in (batches(1), Indexed(1), Loader(), iter([]), map(str, [])):
        assert is_stream(value)
    pd, pl = pytest.importorskip("pandas"), pytest.importorskip("polars")
    frames = (pd.DataFrame(), pl.Series([1]))
    for value in (None, [1], (1,), {}, np.zeros(1), 3, "x", range(3), *frames):
        assert not is_stream(value)


def test_a_generator_is_read_through_once():
    stream = Stream(batches(4))
    assert stream.steps is None
    assert stream.first.x[0].shape == (2, 3)
    assert ids(stream.epoch()) == [0, 1, 2, 3]
    assert stream.steps == 4
    with pytest.raises(DataError, match=r"x: the generator ended after batch 4, so nothing is left "
                       r"for epoch 2.*PyDataset"):  # fmt: skip
        list(stream.epoch())


def test_steps_go_on_where_the_last_epoch_stopped():
    for source in (batches(6), Indexed(6)):
        stream = Stream(source)
        assert ids(stream.epoch(2)) == [0, 1]
        assert ids(stream.epoch(3)) == [2, 3, 4]
        with pytest.warns(
            DataWarning, match=r"ended after batch 1 of the 4 steps that were asked for"
        ):
            assert ids(stream.epoch(4)) == [5]


def test_what_can_be_read_again_starts_again():
    for source in (Indexed(3), Loader()):
        stream = Stream(source)
        for _ in range(3):
            assert ids(stream.epoch()) == [0, 1, 2]
        assert ids(stream.epoch(3)) == [0, 1, 2]
        assert ids(stream.epoch(3)) == [0, 1, 2]
    assert Stream(Indexed(3)).steps == 3


def test_a_data_set_hears_of_epochs_and_is_shuffled():
    source = Indexed(5)
    stream = Stream(source, shuffle=True, permute=lambda n: np.arange(n)[::-1])
    assert ids(stream.epoch()) == [4, 3, 2, 1, 0]
    assert source.events == ["begin", "end"]


def test_an_endless_generator_needs_steps(monkeypatch):
    monkeypatch.setattr(module, "PATIENCE", 10)
    with closing(Stream(endless())) as stream:
        assert len(list(stream.epoch(15))) == 15
    told = r"has given 10 batches and has not ended.*steps_per_ep"
    with pytest.warns(DataWarning, match=told), closing(Stream(endless())) as stream:
        for index, _ in enumerate(stream.epoch()):
            if index == 10:
                break


def test_what_a_generator_raises_says_the_batch():
    def source():
        yield from batches(2)
        raise KeyError("gone")

    with pytest.raises(KeyError, match="gone") as caught:
        list(Stream(source()).epoch())
    assert "while it made batch 3" in caught.value.__notes__[0]


BAD = [
    ((np.zeros((2, 4)), np.zeros(2)), DataError, r"x has shape \(2, 4\), but the first batch had"),
    ((np.zeros((2, 3)), np.zeros((2, 2))), DataError, r"y has shape \(2, 2\)"),
    ((np.zeros((2, 3)), np.zeros(3)), DataError, r"y: has 3 rows"),
    ((np.zeros((2, 3)),), DataError, r"y is missing, unlike in the first batch|must have the same"),
    ((np.zeros((0, 3)), np.zeros(0)), DataError, r"no rows"),
    ((1, 2, 3, 4), DataError, r"got a tuple of 4"),
    ((np.zeros((2, 3)), np.array(["a", "b"])), DataTypeError, r"y: row 0 holds text"),
]


@pytest.mark.parametrize(("bad", "error", "words"), BAD, ids=[w[:12] for *_, w in BAD])
def test_a_bad_batch_is_named(bad, error, words):
    def source():
        yield from batches(2)
        yield bad

    with pytest.raises(error, match=f"^x, batch 3: .*({words})"):
        list(Stream(source()).epoch())


def test_each_batch_is_checked_by_name():
    heard = []
    stream = Stream(batches(2), check=lambda table, where: heard.append((table.rows, where)))
    list(stream.epoch())
    assert heard == [(2, "x, batch 1: "), (2, "x, batch 2: ")]


def test_rows_may_differ_between_batches():
    def source():
        yield from batches(1, rows=4)
        yield from batches(1, rows=1)

    assert [table.rows for table in Stream(source()).epoch()] == [4, 1]


def test_nothing_at_all():
    with pytest.raises(DataError, match="x: the generator gave no batch at all"):
        _ = Stream(batches(0)).first


def test_inputs_alone_and_lists_of_two():
    stream = Stream(iter([np.zeros((2, 3))] * 2))
    assert [table.y for table in stream.epoch()] == [[], []]
    stream = Stream([np.zeros((2, 3)), np.zeros(2)] for _ in range(2))
    assert all(len(table.y) == 1 for table in stream.epoch())
    two = (Slot("a"), Slot("b"))
    stream = Stream(({"a": np.zeros(2), "b": np.ones(2)}, np.zeros(2)) for _ in range(2))
    stream.inputs = two
    assert len(next(stream.epoch()).x) == 2


def test_weights_come_third():
    stream = Stream((np.zeros((2, 1)), np.zeros(2), np.ones(2)) for _ in range(2))
    assert all(table.weights[0].tolist() == [1, 1] for table in stream.epoch())


def test_unpack():
    assert unpack((1,)) == (1, None, None) and unpack((1, 2, 3)) == (1, 2, 3)
    assert unpack([1, 2]) == ([1, 2], None, None) and unpack([1, 2], lists=True) == (1, 2, None)
    with pytest.raises(DataError, match="got a tuple of 0"):
        unpack(())
