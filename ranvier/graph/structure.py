"""Nested structures of values: lists, tuples and dicts, flattened and rebuilt in one order."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np


def flatten(structure: Any) -> list[Any]:
    """Return the leaves of nested lists, tuples and dicts; a dict in the order of its sorted keys.

    Example:
        >>> flatten({"b": [1, 2], "a": (3,)})
        [3, 1, 2]
    """
    if isinstance(structure, dict):
        return [leaf for key in _keys(structure) for leaf in flatten(structure[key])]
    if isinstance(structure, (list, tuple)):
        return [leaf for part in structure for leaf in flatten(part)]
    return [structure]


def _keys(structure: dict[Any, Any]) -> list[Any]:
    """Return the keys in order; where they are of several types, type by type."""
    return sorted(structure, key=lambda key: (type(key).__name__, key))


def mapped(function: Callable[[Any], Any], structure: Any) -> Any:
    """Return the structure with `function` applied to each leaf.

    Example:
        >>> mapped(abs, {"a": [-1, 2]})
        {'a': [1, 2]}
    """
    if isinstance(structure, dict):
        done = {key: mapped(function, structure[key]) for key in _keys(structure)}
        return {key: done[key] for key in structure}
    if isinstance(structure, (list, tuple)):
        parts = [mapped(function, part) for part in structure]
        if hasattr(structure, "_fields"):
            return type(structure)(*parts)
        return parts if isinstance(structure, list) else tuple(parts)
    return function(structure)


def packed(structure: Any, leaves: list[Any]) -> Any:
    """Return the structure with its leaves replaced, in the order of `flatten`."""
    rest: Iterator[Any] = iter(leaves)
    return mapped(lambda _: next(rest), structure)


def numbered(structure: Any) -> Any:
    """Return the structure with its leaves numbered in the order of `flatten`.

    Example:
        >>> numbered({"b": ["x", "y"], "a": "z"})
        {'b': [1, 2], 'a': 0}
    """
    return packed(structure, list(range(len(flatten(structure)))))


def paths(structure: Any) -> list[tuple[Any, ...]]:
    """Return the keys and places that lead to each leaf, in the order of `flatten`.

    Example:
        >>> paths({"b": ["x", "y"], "a": "z"})
        [('a',), ('b', 0), ('b', 1)]
    """
    if isinstance(structure, dict):
        return [(key, *path) for key in _keys(structure) for path in paths(structure[key])]
    if isinstance(structure, (list, tuple)):
        return [(at, *path) for at, part in enumerate(structure) for path in paths(part)]
    return [()]


def joined(path: tuple[Any, ...]) -> str:
    """Return the name of what a path leads to, for instance "b/0"."""
    return "/".join(map(str, path))


def is_shape(x: Any) -> bool:
    """Tell whether x is one shape: a list or tuple of sizes, some of them perhaps None."""
    return isinstance(x, (list, tuple)) and all(
        s is None or isinstance(s, (int, np.integer)) for s in x
    )


def of_shapes(shapes: Any, function: Callable[[tuple[Any, ...]], Any]) -> Any:
    """Return what `function` makes of each shape in a nested structure of shapes."""
    if is_shape(shapes):
        return function(tuple(shapes))
    if isinstance(shapes, dict):
        return {key: of_shapes(part, function) for key, part in shapes.items()}
    return [of_shapes(part, function) for part in shapes]
