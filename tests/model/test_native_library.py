"""Models as native libraries: the numbers of `predict`, from object code alone."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from ranvier import layers
from ranvier.model import Functional, Model, Sequential
from tests.model.object_code import ObjectCode

ROWS = (0, 1, 7, 33)


def floats(*shape: int) -> np.ndarray:
    return np.random.default_rng(3).normal(size=shape).astype("float32")


def dense() -> tuple[Model, list[np.ndarray]]:
    model = Sequential([
        layers.Input((29,)), layers.Dense(17, activation="relu"), layers.BatchNormalization(),
        layers.Dense(5, activation="softmax"),
    ])  # fmt: skip
    return model, [floats(1000, 29)]


def conv() -> tuple[Model, list[np.ndarray]]:
    model = Sequential([
        layers.Input((9, 9, 2)), layers.Rescaling(0.5, 0.1),
        layers.Conv2D(6, 3, padding="same", activation="gelu"), layers.MaxPooling2D(),
        layers.Conv2D(4, 3), layers.Flatten(), layers.Dropout(0.5), layers.Dense(3),
    ])  # fmt: skip
    return model, [floats(40, 9, 9, 2)]


def words() -> tuple[Model, list[np.ndarray]]:
    model = Sequential([
        layers.Input((11,), dtype="int32"), layers.Embedding(30, 6, mask_zero=True),
        layers.LSTM(5), layers.Dense(1, activation="sigmoid"),
    ])  # fmt: skip
    tokens = np.random.default_rng(4).integers(0, 30, (40, 11)).astype("int32")
    tokens[:, 8:] = 0
    return model, [tokens]


def several() -> tuple[Model, list[np.ndarray]]:
    picture = layers.Input((4, 4, 1), name="picture")
    number = layers.Input((3,), name="number")
    hidden = layers.Dense(7, activation="tanh")(layers.Flatten()(picture))
    joined = layers.Concatenate()([hidden, number])
    kind = layers.Dense(3, activation="softmax", name="kind")(joined)
    size = layers.Dense(1, name="size")(joined)
    return Functional([picture, number], [kind, size]), [floats(40, 4, 4, 1), floats(40, 3)]


NETS: dict[str, Callable[[], tuple[Any, list[np.ndarray]]]] = {
    "dense": dense, "conv": conv, "words": words, "several": several,
}  # fmt: skip


@cache
def net(name: str) -> tuple[Any, list[np.ndarray]]:
    """Return a model with weights that are not its first, and rows for it."""
    model, x = NETS[name]()
    rng = np.random.default_rng(5)
    model.set_weights([
        w + np.abs(rng.normal(size=w.shape)).astype(w.dtype) * 0.2 for w in model.get_weights()
    ])  # fmt: skip
    return model, x


@cache
def exported(folder: Path, name: str, **options: Any) -> ObjectCode:
    model, _ = net(name)
    path = folder / f"{name}-{len(list(folder.iterdir()))}.o"
    model.export(path, prefix="net_", **options)
    return ObjectCode(path, "net_")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("objects")


def predicted(model: Any, x: list[np.ndarray]) -> list[np.ndarray]:
    found = model.predict(x if len(x) > 1 else x[0], verbose=0)
    return found if isinstance(found, list) else [found]


@pytest.mark.parametrize("name", NETS)
def test_the_bits_of_predict(name: str, folder: Path) -> None:
    model, x = net(name)
    library = exported(folder, name, target="native")
    for rows in (*ROWS, 1000) if name == "dense" else ROWS:
        part = [a[:rows] for a in x]
        for got, want in zip(library.predict(*part), predicted(model, part), strict=True):
            assert np.array_equal(got, want)


@pytest.mark.parametrize("name", NETS)
def test_the_plainest_processor(name: str, folder: Path) -> None:
    """Products and sums are rounded apart there, and vectors are short: nearly the same."""
    model, x = net(name)
    library = exported(folder, name)
    for rows in ROWS:
        part = [a[:rows] for a in x]
        for got, want in zip(library.predict(*part), predicted(model, part), strict=True):
            np.testing.assert_allclose(got, want, rtol=2e-5, atol=2e-6)


@pytest.mark.parametrize("name", NETS)
@pytest.mark.parametrize("target", [None, "native"])
def test_memory_may_hold_anything(name: str, target: str | None, folder: Path) -> None:
    _, x = net(name)
    library = exported(folder, name, target=target)
    part = [a[:33] for a in x]
    want = library.predict(*part)
    for content in (0, 255):  # all bits set are NaN, as a float
        memory = np.full(library.function("memory")(), content, np.uint8)
        y = library.outputs(33)
        assert library.run(part, y, memory) == 0
        for got, other in zip(y, want, strict=True):
            assert np.array_equal(got, other)
