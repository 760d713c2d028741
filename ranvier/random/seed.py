"""Seeds: the sequence that unseeded things draw theirs from, and the generators with a state."""

from __future__ import annotations

import itertools
import random as python_random
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

import numpy as np

from ..graph.configurable import Configurable
from ..graph.errors import ArgumentError, ArgumentTypeError
from ..graph.naming import auto_name
from ..graph.trace import current
from ..graph.variable import Variable
from ..graph.whole import seed_of
from ..ops.philox import philox_words

#: Streams of the generator that tell the library's own draws apart (users' draws have stream 0).
SEED_STREAM, INITIALIZER_STREAM, PERMUTATION_STREAM = 1, 2, 3


class _Sequence:
    """Seeds without end: the k-th is Philox at counter k. Fresh in each process until set."""

    def __init__(self, key: int) -> None:
        self.key, self.places = key, itertools.count()

    def next(self) -> int:
        place = np.array([next(self.places)], np.uint32)
        return int(philox_words(place, 0, SEED_STREAM, self.key, (0,))[0, 0])


_SEQUENCE = [_Sequence(secrets.randbits(32))]
#: The sequence of a `seeded` block: its thread's own, so that blocks of others do not disturb it.
_OWN: ContextVar[_Sequence | None] = ContextVar("own seeds", default=None)
_GLOBAL: list[SeedGenerator] = []


def set_random_seed(seed: int) -> None:
    """Make everything that is random the same on every run: Python, NumPy and Ranvier.

    Args:
        seed: an int from 0 to 2**32 - 1.

    Raises:
        ArgumentError: for any other value.

    Example:
        >>> set_random_seed(42)

    Source: keras.utils.set_random_seed. The numbers drawn are not those of Keras.
    """
    seed = seed_of("set_random_seed, `seed`", seed)
    python_random.seed(seed)
    np.random.seed(seed)
    if _OWN.get() is None:
        _SEQUENCE[0] = _Sequence(seed)
    else:
        _OWN.set(_Sequence(seed))
    # Compiled steps hold the generator's variable, so it is set, never replaced.
    if _GLOBAL:
        _GLOBAL[0].state.assign(np.array([seed, 0], np.uint32))
    else:
        _GLOBAL.append(SeedGenerator(seed, name="global_seed_generator"))


def next_seed() -> int:
    """Return the next seed of the global sequence, an int below 2**32."""
    return (_OWN.get() or _SEQUENCE[0]).next()


@contextmanager
def seeded(seed: int | None) -> Iterator[None]:
    """Let things without a seed draw theirs as after `set_random_seed(seed)`; None: as they are.

    Raises:
        ArgumentError: for a seed that is no int from 0 to 2**32 - 1.
    """
    before = _OWN.get()
    if seed is not None:
        _OWN.set(_Sequence(seed_of("seed", seed)))
    try:
        yield
    finally:
        _OWN.set(before)


def _is_int(value: Any) -> bool:
    return isinstance(value, (int, np.integer)) and not isinstance(value, bool)


class SeedGenerator(Configurable):
    """A source of random numbers that differ from draw to draw.

    `state` holds the seed and the number of draws so far. A draw while a step is traced advances
    the counter in the compiled step too.

    Args:
        seed: an int, or None for one from the global sequence; default None.
        name: default "seed_generator".

    Raises:
        ArgumentTypeError: if `seed` is no int.

    Example:
        >>> SeedGenerator(seed=7).next().numpy()
        array([7, 0], dtype=uint32)

    Source: keras.random.SeedGenerator.
    """

    def __init__(self, seed: int | None = None, name: str | None = None) -> None:
        if seed is not None and not _is_int(seed):
            raise ArgumentTypeError(
                f"SeedGenerator, `seed`: got {seed!r}, expected an int or None."
            )
        self.seed = seed
        self.name = name or auto_name("SeedGenerator")
        first = next_seed() if seed is None else int(seed) & 0xFFFFFFFF
        self.state = Variable(np.array([first, 0], np.uint32), trainable=False,
                              name="seed_generator_state")  # fmt: skip

    def next(self, ordered: bool = True) -> Any:
        """Return the state (seed, count) and count one draw.

        Args:
            ordered: accepted for Keras; draws are always counted in order.
        """
        value = self.state.value
        self.state.assign(value + np.array([0, 1], np.uint32))
        return value


def global_seed_generator() -> SeedGenerator:
    """Return the generator of draws without a seed of their own."""
    if not _GLOBAL:
        _GLOBAL.append(SeedGenerator(name="global_seed_generator"))
    return _GLOBAL[0]


def draw_state(seed: Any, place: str = "random") -> Any:
    """Return uint32 (seed, count) for one draw.

    Args:
        seed: an int (the same draw each time), a SeedGenerator, a state, or None for the global
            generator.
        place: how messages call the caller.

    Raises:
        ArgumentTypeError: for anything else.
    """
    if seed is None:
        return global_seed_generator().next()
    if isinstance(seed, SeedGenerator):
        return seed.next()
    if _is_int(seed):
        return np.array([int(seed) & 0xFFFFFFFF, 0], np.uint32)
    if getattr(seed, "shape", None) == (2,) and str(getattr(seed, "dtype", "")) == "uint32":
        return seed.value if isinstance(seed, Variable) else seed
    raise ArgumentTypeError(
        f"{place}, `seed`: got {seed!r}, expected an int, a SeedGenerator or None."
    )


def fixed_state(seed: Any, place: str = "random") -> np.ndarray:
    """Return uint32 (seed, count) as numbers, for draws that no step repeats.

    Raises:
        ArgumentError: if a SeedGenerator is used so while a step is traced.
    """
    if isinstance(seed, SeedGenerator) and current() is not None:
        raise ArgumentError(
            f"{place}, `seed`: a SeedGenerator cannot be drawn from as numbers while a step is "
            "traced. Give an int, or make the weights before the step."
        )
    return np.asarray(draw_state(seed, place))
