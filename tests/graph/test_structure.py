"""Nested structures: one order, rebuilt as they were."""

from collections import namedtuple
from typing import Any

import pytest

from ranvier.graph.structure import flatten, is_shape, mapped, of_shapes, packed, paths

Pair = namedtuple("Pair", "x y")


def test_flatten_and_packed_are_inverse_and_keep_types() -> None:
    tree = {"b": [1, (2, 3)], "a": Pair(4, {"c": 5})}
    assert flatten(tree) == [4, 5, 1, 2, 3]
    again = packed(tree, flatten(tree))
    assert again == tree and list(again) == ["b", "a"] and isinstance(again["a"], Pair)
    assert mapped(lambda x: -x, tree)["b"] == [-1, (-2, -3)]
    assert flatten(7) == [7] and flatten([]) == []


def test_keys_may_be_of_several_types() -> None:
    tree = {"b": 1, 10: 2, "a": 3, 9: 4}
    assert flatten(tree) == [4, 2, 3, 1]
    assert packed(tree, flatten(tree)) == tree
    assert paths(tree) == [(9,), (10,), ("a",), ("b",)]


@pytest.mark.parametrize(
    ("x", "yes"), [((None, 3), True), ([2], True), ((), True), ([(1,)], False), (3, False)]
)
def test_a_shape_is_a_list_of_sizes(x: Any, yes: bool) -> None:
    assert is_shape(x) == yes


def test_shapes_in_structures() -> None:
    assert of_shapes({"a": [None, 2], "b": [(1, 2), [3]]}, len) == {"a": 2, "b": [2, 1]}
