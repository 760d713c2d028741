"""Weights made from a stranger's config stay within what the file stores."""

import pytest

from ranvier.graph import budget
from ranvier.graph.errors import ModelFileError


def test_free_outside():
    budget.charge((1 << 40, 1 << 40), "float32")


def test_counts_until_it_is_spent():
    with budget.limited(1000):
        budget.charge((10, 10), "float32")
        budget.charge((), "float64")
        with pytest.raises(ModelFileError, match=r"shape \(10, 15\), and with it for more weights"):
            budget.charge((10, 15), "float32")
    budget.charge((10, 15), "float32")


def test_sizes_beyond_all_numbers():
    with budget.limited(1 << 62), pytest.raises(ModelFileError):
        budget.charge((1 << 63, 1 << 63), "bool")


def test_work_is_counted_in_ops_and_twice_for_layers():
    with budget.limited(1000, values=10):
        budget.step(40_009)
        budget.step()
        with pytest.raises(ModelFileError, match="more work than a model of its size"):
            budget.step()
    budget.step(1 << 40)
