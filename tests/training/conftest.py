"""What the training tables share: the engine, and what Keras made of the same rows."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

import ranvier
from ranvier.engines.setting import SETTING
from tests.training.oracle import KerasRuns


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Keep what waits for one training of the table with Keras in one process."""
    for item in items if config.pluginmanager.hasplugin("xdist") else ():
        if "keras_runs" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.xdist_group(f"training-{item.callspec.params['dtype']}"))


@pytest.fixture
def engine(request: pytest.FixtureRequest) -> Iterator[str]:
    """The engine that the test names, chosen as a user would."""
    before = SETTING.engine, SETTING.threads
    ranvier.config.set_engine(request.param)
    yield request.param
    SETTING.engine, SETTING.threads = before


@pytest.fixture(scope="session")
def keras_runs(tmp_path_factory: pytest.TempPathFactory) -> KerasRuns:
    """What Keras made of the table."""
    return KerasRuns(tmp_path_factory.mktemp("keras"))
