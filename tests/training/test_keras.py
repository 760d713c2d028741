"""The training table against Keras 3 on JAX: History, metrics and every weight, by every engine.

Both sides run the same lines on the same rows: 1 and 21 steps in float32, 201 in float64.
"""

from __future__ import annotations

import importlib.util

import pytest

import ranvier
from ranvier.engines import NAMES
from tests.training.compare import differences
from tests.training.oracle import KerasRuns
from tests.training.table import TABLE
from tests.training.train import train

pytestmark = [
    pytest.mark.oracle,
    pytest.mark.skipif(not importlib.util.find_spec("keras"), reason="Keras is not installed"),
    # What is said to people about their data and nets is tested in the room that says it.
    pytest.mark.filterwarnings("ignore"),
]


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("engine", NAMES, indirect=True)
@pytest.mark.parametrize("name", TABLE)
def test_training_is_that_of_keras(
    keras_runs: KerasRuns, name: str, engine: str, dtype: str
) -> None:
    row = TABLE[name]
    if dtype == "float64" and not row.float64:
        pytest.skip("Keras cannot run this row in float64")
    expected = keras_runs.of(dtype)[name]
    assert "error" not in expected, str(expected["error"])
    lines = differences(train(ranvier, row, dtype), expected, dtype, row)
    assert not lines, "\n".join(lines)
