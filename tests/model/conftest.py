"""What the tests of models share: the engine they run on, small data, and two small nets."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest

from ranvier import engines, random
from ranvier.engines.setting import SETTING
from ranvier.graph.naming import reset_names
from ranvier.layers import Dense, Input
from ranvier.model import Functional, Model, Sequential


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run tests on both engines, but those of files, and most of those with Keras, on one."""
    name = metafunc.function.__name__
    if any(mark.args[0] == "engine" for mark in metafunc.definition.iter_markers("parametrize")):
        return  # the test says itself which
    slow = metafunc.definition.get_closest_marker("oracle") and name != "test_training"
    module = metafunc.module.__name__.rpartition(".")[2]
    once = slow or module.startswith(("test_load", "test_export", "test_native"))
    names = ["native"] if once else list(engines.NAMES)
    # What other runtimes make of a file is compared with one engine; this one compiles nothing.
    names = ["reference"] if module == "test_to_onnx" else names
    metafunc.parametrize("engine", names, indirect=True)


@pytest.fixture(autouse=True)
def engine(request: pytest.FixtureRequest) -> Iterator[None]:
    """The engine, one seed, names counted anew."""
    before = SETTING.engine
    engines.select(request.param)
    random.set_random_seed(7)
    reset_names()
    yield
    SETTING.engine = before


@pytest.fixture
def digits() -> tuple[np.ndarray, np.ndarray]:
    """Seventy rows of twelve features, three classes that a net can tell apart."""
    rng = np.random.default_rng(0)
    y = rng.integers(0, 3, 70)
    x = rng.normal(size=(70, 12)) + y[:, None] * 0.5
    return x.astype("float32"), y


@pytest.fixture
def numbers() -> tuple[np.ndarray, np.ndarray]:
    """Seventy rows of four features and a number that depends on them."""
    rng = np.random.default_rng(1)
    x = rng.normal(size=(70, 4))
    return x, x @ [1.0, -2.0, 0.5, 0.0] + 0.1


@pytest.fixture
def classifier() -> Sequential:
    """A net for `digits`, compiled."""
    model = Sequential([Input((12,)), Dense(8, activation="relu"), Dense(3, activation="softmax")])
    model.compile("sgd", "sparse_categorical_crossentropy", metrics=["accuracy"])
    return model


@pytest.fixture
def two_outputs() -> Functional:
    """A wide and deep net with two inputs and two outputs, compiled."""
    from ranvier.layers import Concatenate

    wide, deep = Input((2,), name="wide"), Input((4,), name="deep")
    hidden = Dense(5, activation="relu", name="hidden")(deep)
    joined = Concatenate(name="joined")([wide, hidden])
    outputs = [Dense(1, name="main")(joined), Dense(1, name="aux")(hidden)]
    model = Model([wide, deep], outputs)
    model.compile("sgd", loss=("mse", "mse"), loss_weights=(0.9, 0.1))
    return model
