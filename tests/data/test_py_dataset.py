"""Data that users load batch by batch."""

from __future__ import annotations

import pytest

from ranvier.data import PyDataset, is_stream


def test_the_base_class_asks_to_be_overridden():
    with pytest.raises(NotImplementedError):
        len(PyDataset())
    with pytest.raises(NotImplementedError):
        PyDataset()[0]


def test_a_subclass_need_not_call_the_base():
    class Two(PyDataset):
        def __init__(self):
            pass

        def __len__(self):
            return 2

    assert is_stream(Two()) and len(Two()) == 2
    assert PyDataset(workers=4).workers == 4
