"""What holds for all tests."""

from __future__ import annotations

import os
from collections.abc import Generator, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.xla import known_flags

# Keras, where it is the oracle, computes with JAX; both ask when they are imported first, in the
# processes that tests start too.
os.environ.setdefault("KERAS_BACKEND", "jax")
os.environ.setdefault("XLA_FLAGS", known_flags())

_FOLDERS = pytest.StashKey[dict[Path, Any]]()


@pytest.hookimpl(tryfirst=True)
def pytest_ignore_collect(collection_path: Path) -> bool | None:
    """Collect test files only: `--doctest-modules` would import scripts that set up a process."""
    if collection_path.suffix == ".py" and not collection_path.name.startswith("test_"):
        return True
    return None


@pytest.hookimpl(wrapper=True)
def pytest_collect_directory(
    path: Path, parent: pytest.Collector
) -> Generator[None, pytest.Collector | None, pytest.Collector | None]:
    """Let a folder be one node: pytest 9.1 makes it anew for a file of another folder, and fixtures
    of the `conftest.py` in it belong to the first."""
    node = yield
    return parent.session.stash.setdefault(_FOLDERS, {}).setdefault(path, node)


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Keep a file that asks an oracle in one process: what it computes once it computes once."""
    if config.pluginmanager.hasplugin("xdist"):
        for item in items:
            apart = item.get_closest_marker("oracle") and not item.get_closest_marker("xdist_group")
            if apart:
                item.add_marker(pytest.mark.xdist_group("/".join(item.path.parts[-2:])))


@pytest.fixture(scope="module")
def keras64() -> Iterator[Any]:
    """Keras and JAX, which compute in float64 where they are asked to."""
    import jax
    import keras
    from keras.src.backend.common import dtypes

    held = keras.config.floatx()
    with pytest.MonkeyPatch.context() as patch, jax.enable_x64(True):
        # On JAX, Keras rounds float64 to float32 in some functions, mean and tanh among them.
        patch.setitem(dtypes.BIT64_TO_BIT32_DTYPE, "float64", "float64")
        yield keras, jax
    keras.config.set_floatx(held)
