"""Batches made ahead in a background thread."""

from __future__ import annotations

import gc
import threading
import time

import numpy as np
import pytest

from ranvier.data import PyDataset
from ranvier.data.prefetch import Prefetch
from ranvier.data.stream import Stream


def threads():
    return [t for t in threading.enumerate() if t.name == "ranvier-prefetch"]


@pytest.fixture(autouse=True)
def no_thread_is_left():
    yield
    gc.collect()
    for thread in threads():
        thread.join(2)
    assert not threads()


def wait_for(true):
    end = time.monotonic() + 5
    while not true():
        assert time.monotonic() < end
        time.sleep(0.001)


def counted(n, made):
    for index in range(n):
        made.append(index)
        yield index


def test_order_is_kept_and_no_more_wait_than_asked_for():
    made = []
    ahead = Prefetch(counted(50, made), size=3)
    ahead.open()
    assert next(ahead) == 0
    wait_for(lambda: len(made) >= 4)
    time.sleep(0.01)
    assert len(made) == 4
    assert list(ahead) == list(range(1, 50))
    with pytest.raises(StopIteration):
        next(ahead)


def test_nothing_unasked_before_it_is_opened_and_beyond_the_limit():
    made = []
    ahead = Prefetch(counted(9, made), size=4, limit=3)
    assert next(ahead) == 0
    time.sleep(0.01)
    assert made == [0]
    ahead.open()
    wait_for(lambda: made == [0, 1, 2])
    assert [next(ahead) for _ in range(4)] == [1, 2, 3, 4]
    time.sleep(0.01)
    assert made == [0, 1, 2, 3, 4]
    ahead.close()


def test_an_error_comes_in_its_place():
    def source():
        yield from "ab"
        raise KeyError("gone")

    ahead = Prefetch(source())
    ahead.open()
    assert next(ahead) == "a"
    time.sleep(0.01)
    assert next(ahead) == "b"
    with pytest.raises(KeyError, match="gone") as caught:
        next(ahead)
    assert any(frame.name == "source" for frame in caught.traceback)
    with pytest.raises(StopIteration):
        next(ahead)


def test_closing_ends_the_thread_wherever_it_is():
    for opened in (False, True):
        ahead = Prefetch(iter(int, 1))
        if opened:
            ahead.open()
        next(ahead)
        assert threads()
        ahead.close()
        assert not threads()
        with pytest.raises(StopIteration):
            next(ahead)
    ahead.close()


def test_one_that_is_forgotten_ends_its_thread():
    ahead = Prefetch(iter(int, 1))
    next(ahead)
    del ahead  # the fixture looks


def test_a_generator_stays_the_users():
    made = []

    def source():
        for index in counted(10, made):
            yield np.full((2, 1), index), np.zeros(2)

    mine = source()
    for start in (0, 4):
        stream = Stream(mine, total=4)
        found = [int(t.x[0][0, 0]) for _ in range(2) for t in stream.epoch(2)]
        stream.close()
        assert found == list(range(start, start + 4))
    assert int(next(mine)[0][0, 0]) == 8


class Watched(PyDataset):
    def __init__(self, **options):
        super().__init__(**options)
        self.by, self.events, self.active, self.most = set(), [], 0, 0

    def __len__(self):
        return 8

    def __getitem__(self, index):
        self.active += 1
        self.most = max(self.most, self.active)
        self.events.append(index)
        self.by.add(threading.current_thread().name.partition("_")[0])
        time.sleep(0.005 * (1 + index % 2))
        self.active -= 1
        return np.full((2, 1), index), np.zeros(2)

    def on_epoch_end(self):
        self.events.append("end")


@pytest.mark.parametrize("workers", [0, 1, 4])
def test_a_data_set_has_as_many_threads_as_it_asks_for(workers):
    source = Watched(workers=workers)
    stream = Stream(source)
    for _ in range(2):
        assert [int(t.x[0][0, 0]) for t in stream.epoch()] == list(range(8))
    stream.close()
    where = {0: "MainThread", 1: "ranvier-prefetch", 4: "ThreadPoolExecutor-"}[workers]
    assert all(name.startswith(where) for name in source.by)
    assert source.events.index("end") == 8 and source.events[-1] == "end"
    assert source.most == 1 if workers < 2 else 1 < source.most <= workers


def test_a_data_set_without_an_end():
    class Endless(PyDataset):
        num_batches = None

        def __getitem__(self, index):
            return np.full((2, 1), index), np.zeros(2)

    stream = Stream(Endless(), shuffle=True, permute=np.arange)
    assert stream.steps is None
    assert [int(t.x[0][0, 0]) for t in stream.epoch(3)] == [0, 1, 2]
    assert [int(t.x[0][0, 0]) for t in stream.epoch(3)] == [3, 4, 5]
    stream.close()
