"""Two hundred steps in float64 on both sides: the rules are the same, not only alike."""

from __future__ import annotations

import importlib.util
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from ranvier import config, layers, optimizers
from ranvier.model import Sequential

pytestmark = [pytest.mark.oracle, pytest.mark.slow]

HERE = Path(__file__).parent
OURS = SimpleNamespace(
    Sequential=Sequential, Input=layers.Input, layers=layers, optimizers=optimizers
)
#: Rounding of 1e-16 grows with the steps. What Keras reports as loss it rounded in float32
#: somewhere (a net whose weights agree to the last bit reports another loss at 1e-8).
WEIGHTS, REPORTED = 1e-12, 1e-7


@pytest.fixture(scope="module")
def theirs(tmp_path_factory: pytest.TempPathFactory) -> Any:
    if importlib.util.find_spec("keras") is None:
        pytest.skip("Keras is not installed")
    path = tmp_path_factory.mktemp("keras") / "found.npz"
    subprocess.run([sys.executable, str(HERE / "float64_keras.py"), str(path)], check=True)
    return np.load(path)


@pytest.fixture(autouse=True)
def _float64() -> Iterator[None]:
    config.set_floatx("float64")
    yield
    config.set_floatx("float32")


def _cases() -> Any:
    sys.path.insert(0, str(HERE))
    try:
        import float64_cases
    finally:
        sys.path.remove(str(HERE))
    return float64_cases


@pytest.mark.parametrize("name", list(_cases().CASES))
def test_training(theirs: Any, name: str) -> None:
    cases = _cases()
    make, loss, target, optimizer = cases.CASES[name]
    model = make(OURS)
    count = len(model.weights)
    model.set_weights([theirs[f"{name}/start{i}"] for i in range(count)])
    model.compile(optimizer(OURS), loss, metrics=["mse"])
    history = model.fit(
        cases.DATA["x"], cases.DATA[target], batch_size=16, epochs=cases.STEPS // 4,
        shuffle=False, verbose=0,
    ).history  # fmt: skip
    np.testing.assert_allclose(history["loss"], theirs[f"{name}/loss"], rtol=REPORTED)
    np.testing.assert_allclose(history["mse"], theirs[f"{name}/mse"], rtol=REPORTED)
    for i, weight in enumerate(model.get_weights()):
        assert weight.dtype == np.float64
        np.testing.assert_allclose(weight, theirs[f"{name}/end{i}"], rtol=WEIGHTS, atol=WEIGHTS)
