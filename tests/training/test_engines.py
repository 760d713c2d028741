"""The same training on the engines: alike within rounding, and the same bits at any threads."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterator
from pathlib import Path

import pytest

import ranvier
from ranvier.engines.setting import SETTING
from tests.training.compare import differences, same_bits
from tests.training.rows import random
from tests.training.table import TABLE
from tests.training.train import Numbers, train

pytest.importorskip("llvmlite")
#: One or more rows of each part of the table; all others train on both engines against Keras.
CHOSEN = (
    "optimizers: adam-everything", "optimizers: rmsprop-both", "optimizers: lamb-decay",
    "optimizers: polynomial cycles", "losses: by names",
    "losses: SparseCategoricalCrossentropy ignore_class=2 from_logits=True ",
    "losses: Circle gamma=2.0 tanh", "metrics: labels 2", "metrics: sparse 1",
    "metrics: ids and ranked", "activations: options", "layers: activation layers",
    "layers: merges", "layers: shapes", "layers: shared", "layers: dense of rows",
    "layers: flatten and rescaling of bytes", "penalties: all at once", "penalties: orthogonal",
    "weights: answers of one output", "weights: validation data with weights",
    "outputs: weighted metrics", "own: layer that adds losses", "own: metrics",
)  # fmt: skip
ROWS = {name: TABLE[name] for name in CHOSEN} | random.ROWS
#: For every day; the first is wide enough that its kernels are shared out without being asked.
QUICK = ("layers: 784-100-10", "layers: merges", "metrics: sparse 1", "dropout")


@pytest.fixture(autouse=True)
def _setting() -> Iterator[None]:
    before = SETTING.engine, SETTING.threads
    yield
    SETTING.engine, SETTING.threads = before


def on(engine: str, name: str, dtype: str, threads: int | None = None) -> Numbers:
    """Train a row on an engine, with dropout drawn anew from one seed."""
    ranvier.config.set_engine(engine)
    ranvier.config.set_threads(threads)
    ranvier.utils.set_random_seed(3)
    return train(ranvier, (TABLE | random.ROWS)[name], dtype, epochs=1)


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize(("name", "dtype"), [
    *((name, "float32") for name in ROWS),
    # What Keras draws as well, both engines train against it in float64, to the same digits.
    *(pytest.param(name, "float64", marks=pytest.mark.slow) for name in random.ROWS),
])  # fmt: skip
def test_engines_train_alike(name: str, dtype: str) -> None:
    native, reference = on("native", name, dtype), on("reference", name, dtype)
    lines = differences(native, reference, dtype, ROWS[name])
    assert not lines, "\n".join(lines)


@pytest.fixture
def shared(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Share out every kernel that can be, however small, and use all threads always."""
    from ranvier.engines.native import choice, program
    from ranvier.plan import split

    monkeypatch.setattr(split, "_PRODUCT", 1)
    monkeypatch.setattr(split, "_ELEMENTS", 1)
    monkeypatch.setattr(choice.Choice, "pick", lambda self, most, steps: (most, steps))
    # Code that is kept was made with other limits.
    monkeypatch.setattr(program, "_CODE", OrderedDict())
    monkeypatch.setenv("RANVIER_CACHE", str(tmp_path))


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("name", [
    *QUICK, *(pytest.param(name, marks=pytest.mark.slow) for name in ROWS if name not in QUICK)
])  # fmt: skip
def test_threads_change_no_bit(shared: None, name: str) -> None:
    alone = on("native", name, "float32", 1)
    for threads in (2, 3):
        same_bits(on("native", name, "float32", threads), alone)
