"""Tests of variables outside a trace."""

from __future__ import annotations

import copy

import numpy as np
import pytest

from ranvier import ops
from ranvier.graph import Variable
from ranvier.graph.errors import ArgumentError, ShapeError


def test_types() -> None:
    assert Variable([1.0]).dtype == "float32"
    assert Variable(np.ones(2)).dtype == "float32"
    assert Variable([1, 2]).dtype == "int64"
    assert Variable(True).dtype == "bool"
    assert Variable(np.ones(2), dtype="float64").dtype == "float64"


def test_an_initializer_makes_the_numbers() -> None:
    v = Variable(np.zeros, shape=(2, 3), dtype="float64")
    assert (v.shape, v.dtype) == ((2, 3), "float64")
    with pytest.raises(ArgumentError, match="an initializer needs one"):
        Variable(np.zeros)
    with pytest.raises(TypeError, match="initializers.get"):
        Variable("zeros", shape=(2,))  # a name means nothing to the language
    with pytest.raises(ShapeError, match=r"got \(3,\) for numbers of shape \(2,\)"):
        Variable([1.0, 2.0], shape=(3,))


def test_it_owns_its_numbers() -> None:
    source = np.ones(3, np.float32)
    v = Variable(source)
    source[0] = 5
    v.numpy()[1] = 5
    np.asarray(v)[2] = 5
    assert v.numpy().tolist() == [1, 1, 1]


def test_assign_returns_itself_and_counts_versions() -> None:
    v = Variable([1.0, 2.0])
    assert v.assign([3.0, 4.0]) is v
    assert v.assign_add([1.0, 1.0]) is v
    assert v.assign_sub(2.0 * v) is v
    assert v.numpy().tolist() == [-4, -5]
    assert v.version == 3


def test_a_wrong_shape_changes_nothing() -> None:
    v = Variable([1.0, 2.0])
    with pytest.raises(ShapeError, match=r"got shape \(3,\), expected \(2,\)"):
        v.assign([1.0, 2.0, 3.0])
    assert (v.numpy().tolist(), v.version) == ([1, 2], 0)


def test_it_stands_for_a_number() -> None:
    v = Variable(0.25)
    assert (float(v), int(v), bool(v)) == (0.25, 0, True)
    assert f"{v:.3f}" == "0.250"
    assert "0.25" in repr(v)
    assert len(Variable([1.0, 2.0])) == 2
    assert [float(e) for e in Variable([1.0, 2.0])] == [1.0, 2.0]


def test_a_scalar_has_no_length() -> None:
    with pytest.raises(TypeError, match="no axis"):
        len(Variable(1.0))


def test_it_hashes_by_identity_and_compares_by_element() -> None:
    a, b = Variable([1.0, 2.0]), Variable([1.0, 3.0])
    assert {a: 1}[a] == 1
    assert (a == b).tolist() == [True, False]
    assert a in [a, b]
    assert (a == None) is False  # noqa: E711


def test_ops_and_numpy_read_it() -> None:
    v = Variable([1.0, 4.0])
    assert ops.sqrt(v).tolist() == [1, 2]
    assert np.sqrt(v).tolist() == [1, 2]
    assert (np.ones(2) + v).tolist() == [2, 5]
    assert np.mean(np.asarray(v)) == 2.5
    assert v[1] == 4
    assert v.value.tolist() == [1, 4]


def test_a_copy_has_numbers_of_its_own() -> None:
    v = Variable([1.0, 2.0], name="w")
    other = copy.deepcopy(v)
    other.assign_add([1.0, 1.0])
    assert v.numpy().tolist() == [1.0, 2.0] and other.numpy().tolist() == [2.0, 3.0]
    assert (other.name, other.path, other.trainable) == ("w", "w", True)


def test_what_only_arrays_have_is_asked_of_the_numbers() -> None:
    variable = Variable([1.0, 2.0])
    with pytest.raises(AttributeError, match=r"no attribute 'reshape'.*write \.numpy\(\)\.reshape"):
        getattr(variable, "reshape")(-1)  # noqa: B009
    with pytest.raises(AttributeError, match="no attribute 'kernels'$"):
        getattr(variable, "kernels")  # noqa: B009
