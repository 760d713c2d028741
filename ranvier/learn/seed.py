"""Seeds: one for each model of many, and a model made as if its seed had been set alone."""

from __future__ import annotations

import os
import random as python_random
from collections.abc import Iterator
from contextlib import contextmanager
from threading import RLock
from typing import Any

import numpy as np

from ranvier import random
from ranvier.errors import ArgumentError

#: Held while generators are as after a seed.
_LOCK = [RLock()]
if hasattr(os, "register_at_fork"):  # a child would wait for ever for a thread left behind
    os.register_at_fork(after_in_child=lambda: _LOCK.__setitem__(0, RLock()))


def base_seed(seed: Any, place: str) -> int:
    """Return the seed that was given, or one drawn from NumPy's generator.

    Raises:
        ArgumentError: for anything else than None and an int from 0 to 2**32 - 1.
    """
    if seed is None:
        return int(np.random.randint(0, 2**32, dtype=np.uint32))
    if isinstance(seed, bool) or not isinstance(seed, (int, np.integer)) or not 0 <= seed < 2**32:
        raise ArgumentError(
            f"{place}, `seed`: got {seed!r}, expected an int from 0 to {2**32 - 1}."
        )
    return int(seed)


def seed_of(*numbers: int) -> int:
    """Return the seed of one model: an int below 2**32 that depends on all the numbers."""
    return int(np.random.SeedSequence(numbers).generate_state(1)[0])


@contextmanager
def seeded(seed: int) -> Iterator[None]:
    """Let everything random in the block be as after `utils.set_random_seed(seed)`.

    All generators go on afterwards where they were. Threads take turns: Python's and NumPy's
    generators are one for all.
    """
    with _LOCK[0], random.seeded(seed):
        python, numpy = python_random.getstate(), np.random.get_state()
        python_random.seed(seed)
        np.random.seed(seed)
        try:
            yield
        finally:
            python_random.setstate(python)
            np.random.set_state(numpy)
