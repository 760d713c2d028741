"""Frames and series of pandas and polars as arrays."""

from __future__ import annotations

import numpy as np
import pytest

import ranvier
from ranvier.data.arrays import as_array
from ranvier.data.frames import check_labels_of_rows, column_names
from ranvier.graph.errors import DataTypeError, DataWarning

pd = pytest.importorskip("pandas")
pl = pytest.importorskip("polars")


def test_a_frame_of_one_type_is_seen_in_place():
    frame = pd.DataFrame(np.arange(6.0, dtype=np.float32).reshape(3, 2), columns=["a", "b"])
    got = as_array(frame)
    assert got.dtype == np.float32 and got.tolist() == [[0, 1], [2, 3], [4, 5]]
    assert np.shares_memory(got, frame.to_numpy())
    series = pd.Series(np.arange(3))
    assert np.shares_memory(as_array(series), series.to_numpy())


@pytest.mark.parametrize("make", [pd.DataFrame, pl.DataFrame], ids=["pandas", "polars"])
def test_mixed_columns_meet_in_a_type_that_holds_all(make):
    frame = make({"a": [1, 2], "b": [0.5, 1.5], "c": [True, False]})
    assert as_array(frame).tolist() == [[1, 0.5, 1], [2, 1.5, 0]]
    whole = as_array(make({"a": [1, 2], "c": [True, False]}))
    assert whole.dtype == np.int64 and whole.tolist() == [[1, 1], [2, 0]]
    assert column_names(frame) == ("a", "b", "c")


@pytest.mark.parametrize("make", [pd.DataFrame, pl.DataFrame], ids=["pandas", "polars"])
def test_identifiers_are_not_rounded_in_silence(make):
    with pytest.raises(DataTypeError, match=r"x column 'id': holds integers beyond 2\^53"):
        as_array(make({"id": [2**53 + 1], "b": [0.5]}))


@pytest.mark.parametrize("make", [pd.DataFrame, pl.DataFrame], ids=["pandas", "polars"])
def test_text_names_its_column(make):
    with pytest.raises(DataTypeError, match=r"x column 'town':.*text"):
        as_array(make({"a": [1], "town": ["Bern"]}))


def test_categories_and_dates_are_refused():
    with pytest.raises(DataTypeError, match=r"'c': got categories.*cat.codes"):
        as_array(pd.DataFrame({"c": pd.Categorical(["a", "b"])}))
    with pytest.raises(DataTypeError, match=r"categories"):
        as_array(pl.DataFrame({"c": pl.Series(["a", "b"], dtype=pl.Categorical)}))
    with pytest.raises(DataTypeError, match=r"'d': got dates"):
        as_array(pd.DataFrame({"d": pd.to_datetime(["2020-01-01"])}))
    with pytest.raises(DataTypeError, match=r"sparse column"):
        as_array(pd.DataFrame({"s": pd.arrays.SparseArray([0, 1])}))
    with pytest.raises(DataTypeError, match=r"collect\(\)"):
        as_array(pl.LazyFrame({"a": [1]}))


@pytest.mark.parametrize("make", [pd.DataFrame, pl.DataFrame], ids=["pandas", "polars"])
def test_groups_are_no_rows(make):
    frame = make({"a": [1.0, 2.0], "town": [0, 1]})
    groups = frame.groupby("town") if make is pd.DataFrame else frame.group_by("town")
    with pytest.raises(DataTypeError, match=r"^x: got a \w*GroupBy, expected a frame.*mean\(\)"):
        as_array(groups)


def test_missing_values_of_nullable_types_become_nan():
    got = as_array(pd.DataFrame({"a": pd.Series([1, None], dtype="Int64")}))
    assert got[0, 0] == 1 and np.isnan(got[1, 0])
    got = as_array(pl.Series([1, None]))
    assert got[0] == 1 and np.isnan(got[1])
    whole = as_array(pd.Series([1, 2], dtype="Int16"))
    assert whole.dtype == np.int16
    assert as_array(pd.Series([True, False], dtype="boolean")).dtype == bool
    with pytest.raises(DataTypeError, match=r"beyond 2\^53"):
        as_array(pd.Series([2**53 + 1, None], dtype="Int64"))


def test_columns_with_one_name_keep_their_places():
    frame = pd.DataFrame([[1, 2.5], [3, 4.5]], columns=["a", "a"])
    assert as_array(frame).tolist() == [[1, 2.5], [3, 4.5]]


def test_cells_that_hold_arrays():
    frame = pd.DataFrame({"a": [1, 2], "v": [[1, 2], [3, 4]]})
    assert as_array(frame["v"]).tolist() == [[1, 2], [3, 4]]
    with pytest.raises(DataTypeError, match=r"column 'v': each cell holds an array"):
        as_array(frame)


def test_no_columns():
    assert as_array(pd.DataFrame(index=range(3))).shape == (3, 0)


class Interchange:
    """Offers `__dataframe__` and nothing else."""

    def __init__(self, frame):
        self._frame = frame

    def __dataframe__(self, allow_copy=True):
        return self._frame.__dataframe__(allow_copy=allow_copy)


@pytest.mark.filterwarnings("ignore:.*interchange.*")
def test_the_interchange_protocol():
    columns = {"a": [1, 2, 3], "b": [0.5, 1.5, 2.5], "c": [True, False, True]}
    got = as_array(Interchange(pd.DataFrame(columns)))
    assert got.tolist() == [[1, 0.5, 1], [2, 1.5, 0], [3, 2.5, 1]]
    with pytest.raises(DataTypeError, match=r"column 't'"):
        as_array(Interchange(pd.DataFrame({"t": ["a"]})))


class BitColumn:
    """Booleans, eight to a byte, from the second bit on."""

    dtype = (20, 1, "b", "=")
    offset = 1
    null_count = 0

    def __init__(self):
        self.bits = np.packbits([1, 0, 1, 1, 0], bitorder="little")
        self.ptr, self.bufsize = self.bits.ctypes.data, self.bits.nbytes

    def size(self):
        return 4

    def get_buffers(self):
        return {"data": (self, self.dtype)}


class BitTable:
    def __init__(self):
        self.column = BitColumn()

    def __dataframe__(self):
        return self

    def column_names(self):
        return ["c"]

    def get_chunks(self):
        return [self, self]

    def get_column(self, index):
        return self.column

    def num_rows(self):
        return 4


def test_the_interchange_protocol_with_bits_in_two_chunks():
    assert as_array(BitTable()).ravel().tolist() == [False, True, True, False] * 2
    table = BitTable()
    table.column.null_count = 2
    with pytest.raises(DataTypeError, match="2 values are missing"):
        as_array(table)


def test_row_labels_in_another_order_are_told():
    x = pd.DataFrame({"a": [1.0, 2.0, 3.0]})
    y = pd.Series([1.0, 2.0, 3.0])
    with pytest.warns(DataWarning, match=r"y: has the row labels of x in another order"):
        check_labels_of_rows(x, y[[2, 0, 1]])
    for other in (y, y.set_axis([5, 6, 7]), y.to_numpy(), [1, 2, 3]):
        check_labels_of_rows(x, other)
    model = ranvier.Sequential([ranvier.layers.Dense(1)])
    model.compile("sgd", "mse")
    with pytest.warns(DataWarning, match=r"y: has the row labels .* Write y.loc\[x.index\]"):
        model.fit(x, y[::-1], verbose=0)
