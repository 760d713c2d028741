"""Seeds: the global sequence, generators, and set_random_seed."""

import random as python_random

import numpy as np
import pytest

from ranvier import random
from ranvier.graph.errors import ArgumentError, ArgumentTypeError


def _everything() -> list[float]:
    return [
        python_random.random(),
        np.random.rand(),
        random.next_seed(),
        float(random.normal(())),
        float(random.uniform((), seed=random.SeedGenerator())),
    ]


def test_set_random_seed_repeats_everything() -> None:
    random.set_random_seed(42)
    first = _everything()
    random.set_random_seed(42)
    assert _everything() == first
    random.set_random_seed(43)
    assert not set(_everything()) & set(first)


def test_seeds_of_the_sequence_differ() -> None:
    random.set_random_seed(0)
    seeds = [random.next_seed() for _ in range(1000)]
    assert len(set(seeds)) == 1000 and all(0 <= s < 2**32 for s in seeds)


def test_set_random_seed_keeps_the_global_variable() -> None:
    state = random.global_seed_generator().state
    random.set_random_seed(5)
    assert random.global_seed_generator().state is state
    assert state.numpy().tolist() == [5, 0]


@pytest.mark.parametrize("seed", [-1, 2**32, 1.5, "a", True, None])
def test_set_random_seed_refuses(seed: object) -> None:
    with pytest.raises(ArgumentError, match="set_random_seed, `seed`: got"):
        random.set_random_seed(seed)  # type: ignore[arg-type]


def test_generator_state_and_config() -> None:
    generator = random.SeedGenerator(7, name="mine")
    assert generator.next().tolist() == [7, 0] and generator.next().tolist() == [7, 1]
    assert generator.get_config() == {"seed": 7, "name": "mine"}
    assert random.SeedGenerator.from_config(generator.get_config()).next().tolist() == [7, 0]
    assert random.SeedGenerator(-1).next().tolist() == [2**32 - 1, 0]
    with pytest.raises(ArgumentTypeError, match="SeedGenerator, `seed`: got 1.5"):
        random.SeedGenerator(1.5)  # type: ignore[arg-type]


def test_a_seeded_block_is_its_threads_own() -> None:
    from threading import Barrier, Thread

    drawn: dict[int, list[int]] = {}
    together = Barrier(2)

    def draw(seed: int) -> None:
        with random.seeded(seed):
            together.wait()
            drawn[seed] = [random.next_seed() for _ in range(20)]
            together.wait()

    threads = [Thread(target=draw, args=(seed,)) for seed in (1, 2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for seed in (1, 2):
        with random.seeded(seed):
            assert drawn[seed] == [random.next_seed() for _ in range(20)]
