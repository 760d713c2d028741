"""Anything that holds numbers becomes a plain array with the same values."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from ranvier.data.arrays import PLAIN, as_array
from ranvier.graph.errors import DataError, DataTypeError

CODES = ("?", "u1", "u2", "u4", "i1", "i2", "i4", "i8", "f2", "f4", "f8")


def arrays(codes=CODES):
    """Arrays of any listed type, byte order and rank 1 to 3."""
    dtypes = st.tuples(st.sampled_from("<>"), st.sampled_from(codes)).map(
        lambda pair: np.dtype(pair[0] + pair[1]) if pair[1] != "?" else np.dtype("?")
    )
    shapes = hnp.array_shapes(min_dims=1, max_dims=3, min_side=1, max_side=6)
    return dtypes.flatmap(lambda d: hnp.arrays(d, shapes))


def relaid(array: np.ndarray, layout: str) -> np.ndarray:
    """The same values in another layout."""
    if layout == "fortran":
        return np.asfortranarray(array)
    if layout == "reversed":
        return array[::-1].copy()[::-1]
    if layout == "stepped":
        wide = np.zeros((array.shape[0] * 2, *array.shape[1:]), array.dtype)
        wide[::2] = array
        return wide[::2]
    if layout == "inner":
        wide = np.zeros((*array.shape, 3), array.dtype)
        wide[..., 1] = array
        return wide[..., 1]
    if layout == "unaligned":
        raw = np.zeros(array.nbytes + 1, np.uint8)[1:]
        view = raw.view(array.dtype).reshape(array.shape)
        view[...] = array
        return view
    if layout == "read-only":
        copy = array.copy()
        copy.setflags(write=False)
        return copy
    return array


LAYOUTS = ("plain", "fortran", "reversed", "stepped", "inner", "unaligned", "read-only")


@settings(max_examples=150, deadline=None)
@given(arrays(), st.sampled_from(LAYOUTS))
def test_any_type_and_layout_gives_what_a_contiguous_copy_gives(array, layout):
    given_ = relaid(array, layout)
    before = given_.tobytes()
    got = as_array(given_)
    assert type(got) is np.ndarray
    assert got.dtype in PLAIN and got.dtype.isnative and got.flags.aligned
    np.testing.assert_array_equal(got, np.ascontiguousarray(array))
    assert given_.tobytes() == before
    native = given_.dtype.isnative and given_.dtype.itemsize > (given_.dtype.kind == "f") * 2
    if native and given_.flags.aligned:
        assert np.shares_memory(got, given_)


@settings(max_examples=50, deadline=None)
@given(hnp.arrays(st.sampled_from([np.dtype("i4"), np.dtype("f8"), np.dtype("?")]),
                  hnp.array_shapes(min_dims=1, max_dims=3, min_side=1, max_side=4),
                  elements={"allow_nan": False}))  # fmt: skip
def test_lists_and_objects_hold_the_same_numbers(array):
    np.testing.assert_array_equal(as_array(array.tolist()), array)
    np.testing.assert_array_equal(as_array(array.astype(object)), array)


def test_a_memory_map_stays_on_disk(tmp_path):
    mapped = np.memmap(tmp_path / "x", np.uint8, "w+", shape=(4, 3))
    mapped[:] = 7
    got = as_array(mapped)
    assert type(got) is np.ndarray
    assert np.shares_memory(got, mapped)


def test_large_unsigned_numbers_that_fit_are_seen_as_int64():
    array = np.array([1, 2**62], np.uint64)
    got = as_array(array)
    assert got.dtype == np.int64 and np.shares_memory(got, array)
    with pytest.raises(DataTypeError, match=r"holds 9223372036854775808, beyond int64"):
        as_array(np.array([2**63], np.uint64))


def test_long_double_is_taken_only_without_loss():
    assert as_array(np.array([0.5, np.nan], np.longdouble)).dtype == np.float64
    with pytest.raises(DataTypeError, match=r"would round"):
        as_array(np.array([1], np.longdouble) / 3)


def test_bfloat16_widens():
    jax_types = pytest.importorskip("ml_dtypes")
    got = as_array(np.array([1.5, -2], jax_types.bfloat16))
    assert got.dtype == np.float32 and got.tolist() == [1.5, -2]


def test_records_become_columns():
    same = np.array([(1, 2), (3, 4)], [("a", "i4"), ("b", "i4")])
    got = as_array(same)
    assert got.tolist() == [[1, 2], [3, 4]] and np.shares_memory(got, same)
    mixed = np.array([(1, 2.5)], [("a", "i4"), ("b", "f8")])
    assert as_array(mixed).tolist() == [[1, 2.5]]
    with pytest.raises(DataTypeError, match=r"field 'b' has type <U1"):
        as_array(np.array([(1, "q")], [("a", "i4"), ("b", "U1")]))
    with pytest.raises(DataTypeError, match=r"field 'a': holds integers beyond 2\^53"):
        as_array(np.array([(2**53 + 1, 2.5)], [("a", "i8"), ("b", "f8")]))


def test_objects_that_are_rows_are_stacked():
    rows = np.empty(2, object)
    rows[:] = [np.array([1, 2]), [3, 4]]
    assert as_array(rows).tolist() == [[1, 2], [3, 4]]


def test_masked_arrays():
    free = np.ma.array([1.0, 2.0], mask=[False, False])
    assert as_array(free).tolist() == [1, 2]
    with pytest.raises(DataTypeError, match=r"1 masked entries.*filled\(0\)"):
        as_array(np.ma.array([1.0, 2.0], mask=[False, True]))


class Tensor:
    """Stands for a tensor of another library."""

    def __init__(self, values, **kinds):
        self.values = np.asarray(values, np.float32)
        self.shape = self.values.shape
        self.__dict__.update(kinds)

    def numpy(self):
        return self.values


class TorchLike(Tensor):
    requires_grad = True
    is_sparse = False
    dtype = "torch.float32"

    def detach(self):
        return TorchLike(self.values, requires_grad=False)

    def cpu(self):
        return self

    def numpy(self):
        assert not self.requires_grad
        return self.values


def test_tensors_of_other_libraries():
    assert as_array(Tensor([1, 2])).tolist() == [1, 2]
    assert as_array(TorchLike([1, 2])).tolist() == [1, 2]
    assert as_array([Tensor([1, 2]), Tensor([3, 4])]).tolist() == [[1, 2], [3, 4]]


def test_subclasses_lose_their_class():
    from ranvier.graph.array import Array

    got = as_array(Array.of([1.0]))
    assert type(got) is np.ndarray


REFUSED = [
    (["cat", "dog"], DataTypeError, r"row 0 holds text \('cat'\).*np.unique\(labels"),
    (["cat", "dog"], DataError, r"row 0 holds text.*pandas\.get_dummies"),
    (["1", "2"], DataError, r"row 0 holds text \('1'\), expected numbers\. For digits"),
    ([1, None], DataTypeError, r"row 1 is missing \(None\)"),
    ([1, "a", 2.5], DataTypeError, r"holds text"),
    (np.array([1, "a"], object), DataTypeError, r"row 1 holds text \('a'\)"),
    (np.array([1, {}], object), DataTypeError, r"row 1 holds \{\} of type dict"),
    ([[1, 2], [3]], DataError, r"row 0 has shape \(2,\), but row 1 has shape \(1,\).*pad_seq"),
    (np.array([1 + 2j]), DataTypeError, r"complex128.*x.real, x.imag"),
    (np.array(["2020-01-01"], "M8[D]"), DataTypeError, r"datetime64\[D\].*timedelta64"),
    (np.array([3], "m8[s]"), DataTypeError, r"timedelta64\[s\]"),
    (np.array([b"ab"]), DataTypeError, r"holds text"),
    (np.array(["a"], np.dtypes.StringDType()), DataTypeError, r"holds text"),
    (np.zeros(2, "V3"), DataTypeError, r"elements of type"),
    ("x.csv", DataTypeError, r"got text \('x.csv'\)"),
    ({"a": 1}, DataTypeError, r"type dict, expected an array"),
    (5, DataError, r"the single number 5"),
    (np.float32(5), DataError, r"the single number 5.0"),
    ([2**70], DataTypeError, r"too large for any plain type"),
    ([2**60 + 1, 0.5], DataTypeError, r"too large for any plain type"),
    (None, DataTypeError, r"NoneType"),
    (iter, DataTypeError, r"type builtin_function_or_method.*Give what it returns: call it"),
]


@pytest.mark.parametrize(("value", "error", "words"), REFUSED, ids=[r[2][:20] for r in REFUSED])
def test_what_is_not_numbers_is_refused_with_a_way_out(value, error, words):
    with pytest.raises(error, match=f"x: .*{words}"):
        as_array(value)


def test_sparse_matrices_are_refused_with_the_way_out():
    sparse = pytest.importorskip("scipy.sparse")
    for made in (sparse.csr_matrix, sparse.coo_array):
        with pytest.raises(DataTypeError, match=r"sparse .* of shape \(2, 2\).*x.toarray\(\)"):
            as_array(made(np.eye(2)))
