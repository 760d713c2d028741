"""The base classes of initializers."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, TypeVar

import numpy as np

from ..graph.array import Array
from ..graph.configurable import Configurable, plain
from ..graph.dtype import canonical, is_float
from ..graph.errors import ArgumentTypeError, DTypeError, ShapeError
from ..random import SeedGenerator, fixed_state, next_seed

I = TypeVar("I", bound="Initializer")  # noqa: E741


def checked_shape(shape: Sequence[int], place: str) -> tuple[int, ...]:
    """Return a shape as a tuple of ints.

    Raises:
        ArgumentTypeError: if it is no shape.
        ShapeError: if a size is missing or negative.
    """
    if isinstance(shape, str) or not isinstance(shape, (int, Iterable)):
        raise ArgumentTypeError(
            f"{place}, `shape`: got {shape!r:.60}, expected a tuple of ints, for instance (2, 3)."
        )
    sizes = (shape,) if isinstance(shape, int) else tuple(shape)
    if any(not isinstance(s, (int, np.integer)) or s < 0 for s in sizes):
        raise ShapeError(f"{place}, `shape`: got {sizes}, expected known sizes of at least 0.")
    return tuple(int(s) for s in sizes)


class Initializer(Configurable):
    """What gives weights their first numbers. Subclass it and write `__call__`.

    Example:
        >>> class Half(Initializer):
        ...     def __call__(self, shape, dtype=None):
        ...         return np.full(shape, 0.5, canonical(dtype))
        >>> Half()((2,)).tolist()
        [0.5, 0.5]

    Source: keras.initializers.Initializer.
    """

    def __call__(self, shape: Sequence[int], dtype: Any = None) -> Any:
        """Return numbers of a shape and dtype."""
        raise NotImplementedError(
            f"{type(self).__name__}.__call__(shape, dtype=None) is not written yet: it returns "
            "the numbers that a new weight starts with."
        )

    def clone(self: I) -> I:
        """Return a new initializer of the same config; without a seed it draws other numbers."""
        return type(self).from_config(self.get_config())


class RandomInitializer(Initializer):
    """An initializer that draws: the same numbers at each call, unless its seed is a generator.

    Args:
        seed: an int, a SeedGenerator, or None for a seed from the global sequence.

    Raises:
        ArgumentTypeError: for another seed.
    """

    def __init__(self, seed: Any = None) -> None:
        if isinstance(seed, Mapping):
            seed = SeedGenerator.from_config(seed.get("config", seed))
        whole = isinstance(seed, (int, np.integer)) and not isinstance(seed, bool)
        if not (seed is None or whole or isinstance(seed, SeedGenerator)):
            raise ArgumentTypeError(
                f"{type(self).__name__}, `seed`: got {seed!r}, expected an int, a SeedGenerator "
                "or None."
            )
        self._given_seed = seed
        self.seed = next_seed() if seed is None else seed

    def get_config(self) -> dict[str, Any]:
        """Return the arguments; a seed that was not given stays None."""
        return {**super().get_config(), "seed": plain(self._given_seed)}

    def _drawn(self, draw: Any, shape: Sequence[int], dtype: Any) -> np.ndarray:
        """Draw with one of the flat functions of the random room."""
        place = type(self).__name__
        name = canonical(dtype)
        if not is_float(name):
            raise DTypeError(f"{place}, `dtype`: got {dtype!r}, expected a float type or None.")
        sizes = checked_shape(shape, place)
        if math.prod(sizes) == 0:
            return np.zeros(sizes, name)
        return draw(sizes, fixed_state(self.seed, place), name)


def scaled(values: np.ndarray, factor: float, offset: float = 0.0) -> Array:
    """Return values * factor + offset, computed in place."""
    if factor != 1:
        values *= values.dtype.type(factor)
    if offset != 0:
        values += values.dtype.type(offset)
    return Array.of(values)
