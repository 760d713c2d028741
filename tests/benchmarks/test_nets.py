"""The networks of the benchmark train here, and the claims count their work."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pytest

import ranvier
from benchmarks.claims.families import jobs
from benchmarks.claims.layers import convnet_flops

PEERS = Path(__file__).parents[2] / "benchmarks" / "peers"


def nets(name: str = "nets") -> ModuleType:
    """Return a file that every peer loads by itself."""
    spec = importlib.util.spec_from_file_location(name, PEERS / f"{name}.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


JOBS: dict[str, dict[str, Any]] = {
    "dense": {"kind": "classify", "net": (784, 100, 10), "optimizer": "sgd"},
    "convnet": {"kind": "convnet", "optimizer": "adam"},
    "normalized": {"kind": "normalized", "optimizer": "sgd"},
}
SHAPES = {"dense": (784,), "convnet": (28, 28, 1), "normalized": (28, 28)}
#: As the books print them, or counted by hand.
PARAMETERS = {"dense": 79_510, "convnet": 333_526, "normalized": 271_346}


@pytest.mark.parametrize("name", JOBS)
def test_a_network_of_the_benchmark_learns(name: str) -> None:
    ranvier.utils.set_random_seed(3)
    model = nets().build(ranvier, JOBS[name])
    assert model.count_params() == PARAMETERS[name]
    rng = np.random.default_rng(0)
    y = rng.integers(0, 10, 64)
    x = rng.random((64, *SHAPES[name]), np.float32) * 0.1
    x.reshape(64, -1)[np.arange(64), y * 50] = 5.0
    loss = model.fit(x, y, batch_size=32, epochs=6, verbose=0).history["loss"]
    assert loss[-1] < loss[0]


def test_the_operations_of_the_convnet_are_counted_by_hand() -> None:
    forward = 225_792 + 3_612_672 + 313_600 + 1_000
    assert convnet_flops() == 64 * (2 * forward + forward - 225_792)


@pytest.mark.parametrize("name", jobs())
def test_a_network_of_another_kind_trains(name: str) -> None:
    """On as little data as it takes; its shapes are those that its entry says."""
    families, job = nets("families"), jobs()[name]
    x, y = families.load(job)
    assert len(x) == len(y) == families.BATCHES * job["batch"]
    model = families.build(ranvier, job)
    assert model.output_shape == (None, families.CLASSES)
    assert np.isfinite(model.train_on_batch(x[:2], y[:2])).all()
