"""What the training tables share: the engine, and what Keras made of the same rows."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

import ranvier
from ranvier.engines.setting import SETTING
from tests.training.oracle import KerasRuns


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Keep the table in one process: each would train it all with Keras, for minutes."""
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.xdist_group("training"))


@pytest.fixture
def engine(request: pytest.FixtureRequest) -> Iterator[str]:
    """The engine that the test names, chosen as a user would."""
    before = SETTING.engine, SETTING.threads
    ranvier.config.set_engine(request.param)
    yield request.param
    SETTING.engine, SETTING.threads = before


@pytest.fixture(scope="session")
def keras_runs(tmp_path_factory: pytest.TempPathFactory) -> Iterator[KerasRuns]:
    """What Keras made of the table."""
    runs = KerasRuns(tmp_path_factory.mktemp("keras"))
    yield runs
    runs.stop()
