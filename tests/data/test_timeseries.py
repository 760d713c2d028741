"""Windows over a series, against their definition, and trained on."""

from __future__ import annotations

import numpy as np
import pytest

import ranvier
from ranvier.data import Dataset, timeseries_dataset_from_array
from ranvier.graph.errors import ArgumentError, ArgumentTypeError

SERIES = np.arange(40.0).reshape(20, 2)
GOALS = np.arange(100, 120)


def by_hand(length, stride=1, rate=1, start=0, end=20, goals=True):
    series, targets = SERIES[start:end], GOALS[start:end]
    count = len(series) - (length - 1) * rate
    starts = range(0, count, stride)
    windows = np.stack([series[i : i + length * rate : rate] for i in starts])
    return windows, np.array([targets[i] for i in starts]) if goals else None


@pytest.mark.parametrize("options", [
    {}, {"sequence_stride": 3}, {"sampling_rate": 2}, {"start_index": 4}, {"end_index": 15},
    {"sequence_stride": 2, "sampling_rate": 3, "start_index": 1, "end_index": 18},
])  # fmt: skip
@pytest.mark.parametrize("batch", [1, 4, 128])
def test_windows_in_order(options, batch):
    data = timeseries_dataset_from_array(SERIES, GOALS, 4, batch_size=batch, **options)
    names = {"sequence_stride": "stride", "sampling_rate": "rate", "start_index": "start",
             "end_index": "end"}  # fmt: skip
    x, y = by_hand(4, **{names[key]: value for key, value in options.items()})
    for _ in range(2):  # it can be read again
        got = list(data)
        assert len(got) == len(data)
        np.testing.assert_array_equal(np.concatenate([part for part, _ in got]), x)
        np.testing.assert_array_equal(np.concatenate([part for _, part in got]), y)


def test_batches_in_order_are_views():
    x = next(iter(timeseries_dataset_from_array(SERIES, None, 5, batch_size=3)))
    assert np.shares_memory(x, SERIES) and x.shape == (3, 5, 2)
    assert x.numpy().tolist() == by_hand(5, goals=False)[0][:3].tolist()


def test_fewer_targets_than_windows():
    got = list(timeseries_dataset_from_array(SERIES, GOALS[:3], 4, batch_size=2))
    assert [len(y) for _, y in got] == [2, 1]


def test_shuffled():
    def read(seed):
        data = timeseries_dataset_from_array(
            SERIES, GOALS, 4, shuffle=True, seed=seed, batch_size=5
        )
        return [np.concatenate([y for _, y in data]).tolist() for _ in range(2)]

    first, second = read(7)
    assert first != second and sorted(first) == sorted(second) == GOALS[:17].tolist()
    assert read(7) == [first, second] != read(8)
    for x, y in timeseries_dataset_from_array(SERIES, GOALS, 4, shuffle=True, seed=1):
        np.testing.assert_array_equal(x[:, 0, 0], (y - 100) * 2)


def test_window_by_window():
    got = list(timeseries_dataset_from_array(SERIES, GOALS, 4, batch_size=None))
    assert len(got) == 17 and got[0][0].shape == (4, 2) and got[3][1] == 103


def test_nothing_fits():
    assert list(timeseries_dataset_from_array(SERIES, None, 30)) == []


@pytest.mark.parametrize(("options", "words"), [
    ({"start_index": 20}, "`start_index`: got 20"),
    ({"start_index": -1}, "`start_index`: got -1"),
    ({"end_index": 21}, "`end_index`: got 21"),
    ({"start_index": 5, "end_index": 5}, "`end_index`: got 5, expected more than start_index"),
    ({"sequence_stride": 20}, "`sequence_stride`: got 20"),
    ({"sampling_rate": 0}, "sampling_rate: got 0"),
    ({"start_index": 1.0}, "`start_index`: got 1.0 of type float"),
    ({"end_index": "9"}, "`end_index`: got '9' of type str"),
    ({"shuffle": True, "seed": -1}, "`seed`: got -1, expected an int from 0"),
])  # fmt: skip
def test_bad_arguments(options, words):
    with pytest.raises(ArgumentError, match=words):
        timeseries_dataset_from_array(SERIES, GOALS, 3, **options)


def test_a_model_is_trained_on_it():
    data = timeseries_dataset_from_array(SERIES / 40, GOALS / 100, 4, batch_size=6, seed=1,
                                         shuffle=True)  # fmt: skip
    model = ranvier.Sequential([ranvier.layers.Flatten(), ranvier.layers.Dense(1)])
    model.compile("sgd", "mse")
    history = model.fit(data, validation_data=data, epochs=2, verbose=0)
    assert len(history.history["val_loss"]) == 2
    assert model.predict(data, verbose=0).shape == (17, 1)


def test_dataset_methods():
    numbers = Dataset(lambda: iter(range(4)), 4)
    assert list(numbers.skip(3)) == [3] and len(numbers.skip(3)) == 1
    assert list(numbers.take(-1).prefetch(2)) == [0, 1, 2, 3]
    pairs = Dataset(lambda: zip("ab", "cd", strict=True)).map(lambda x, y: x + y)
    assert list(pairs) == ["ac", "bd"]
    with pytest.raises(ArgumentTypeError, match="does not know"):
        len(pairs)
    made = []
    kept = Dataset(lambda: (made.append(n) or n for n in range(2))).cache()
    assert list(kept) == list(kept) == [0, 1] and made == [0, 1]
    with pytest.raises(ArgumentError, match="`count`: got -1"):
        numbers.skip(-1)
