"""Trials: a file by name, its loader, what must come of it; and the good files to begin from."""

from __future__ import annotations

import io
import tempfile
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from ranvier.datasets.idx import parse
from ranvier.layers import Dense, Input
from ranvier.model import Sequential
from ranvier.model.load import load_model


@dataclass(frozen=True)
class Trial:
    """One file: "loaded" is a benign twin, "refused" must be, "either" may go both ways."""

    name: str
    make: Callable[[], bytes]
    wanted: str = "refused"
    file: str = "m.keras"
    loader: str = "model"


@cache
def net() -> Any:
    """A small model with an optimizer's state, the same each time."""
    model = Sequential([Input((4,)), Dense(3, name="a"), Dense(2, name="b")], name="net")
    model.compile("adam", "mse", metrics=["mae"])
    model.optimizer.build(model.trainable_variables)
    rng = np.random.default_rng(0)
    model.set_weights([rng.random(w.shape).astype("f4") for w in model.get_weights()])
    return model


@cache
def _weights() -> list[np.ndarray]:
    return list(net().get_weights())


def _check(model: Any) -> None:
    for one, other in zip(model.get_weights(), _weights(), strict=True):
        np.testing.assert_array_equal(one, other)  # else damage gave other numbers


def _same_weights(file: io.BytesIO) -> None:
    net().load_weights(file)
    _check(net())


def _any_weights(file: io.BytesIO) -> None:
    net().load_weights(file)


def _model(file: io.BytesIO) -> None:
    load_model(file)


def _same_model(file: io.BytesIO) -> None:
    _check(load_model(file))


def _idx(file: io.BytesIO) -> None:
    parse(np.frombuffer(file.getvalue(), np.uint8), "idx")


#: What reads a file; "same" loaders also check that the numbers are the good file's.
LOADERS: dict[str, Callable[[io.BytesIO], None]] = {
    "model": _model, "same model": _same_model, "weights": _any_weights,
    "same weights": _same_weights, "idx": _idx,
}  # fmt: skip
#: What loads each form.
FORMS = {"m.keras": "model", "m.h5": "model", "m.weights.h5": "weights",
         "m.safetensors": "weights", "m.npz": "weights"}  # fmt: skip


def saved(model: Any, file: str = "m.keras") -> bytes:
    """Return the bytes of a model, or of its weights, in the form that a file's ending says."""
    with tempfile.TemporaryDirectory() as folder, warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of forms that are old
        path = Path(folder) / file
        (model.save if FORMS[file] == "model" else model.save_weights)(path)
        return path.read_bytes()


@cache
def good(file: str) -> bytes:
    """The benign twin in each form."""
    return saved(net(), file)
