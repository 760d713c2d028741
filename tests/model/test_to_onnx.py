"""Models as ONNX files: what ONNX Runtime computes of them is what `predict` says."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import onnxruntime
import pytest

from ranvier import layers
from ranvier.layers.merge import Merge
from ranvier.layers.structure import flatten
from ranvier.model import Model
from tests.layers.test_catalog import ONE_OF_EACH

#: Layers that no file holds, and the words of the error.
WITHOUT = dict.fromkeys(
    ("HashedCrossing", "Hashing", "IntegerLookup", "StringLookup", "TextVectorization"),
    "begins with layers that run in Python, on text or keys",
)
CELLS = ("GRUCell", "LSTMCell", "SimpleRNNCell", "StackedRNNCells")

#: A runtime's exp, tanh and sums differ from ours in the last places.
FLOAT32, FLOAT64 = {"rtol": 1e-5, "atol": 2e-6}, {"rtol": 1e-12, "atol": 1e-12}


def session_of(model: Any, path: Path, **options: Any) -> Any:
    """Return a session of a model's file, which is checked first."""
    model.export(path, **options)
    onnx.checker.check_model(onnx.load(path), full_check=True)
    single = onnxruntime.SessionOptions()
    single.intra_op_num_threads = 1  # pools of threads take longer to make than these nets
    return onnxruntime.InferenceSession(path, single, providers=["CPUExecutionProvider"])


def ran(session: Any, arrays: Sequence[np.ndarray]) -> list[np.ndarray]:
    named = {x.name: a for x, a in zip(session.get_inputs(), arrays, strict=True)}
    return list(session.run(None, named))


def agree(model: Any, path: Path, shapes: Sequence[tuple[int, ...]], **how: Any) -> Any:
    """Compare a model with its file on batches of 1 and 7 rows."""
    dtype, tolerance = how.get("dtype", "float32"), how.get("tolerance", FLOAT32)
    draw = how.get("draw", lambda rng, shape: rng.normal(size=shape) * 2)
    session = session_of(model, path)
    rng = np.random.default_rng(0)
    for rows in (1, 7):
        arrays = [draw(rng, (rows, *shape)).astype(dtype) for shape in shapes]
        wanted = flatten(model.predict(arrays if len(arrays) > 1 else arrays[0], verbose=0))
        for got, want in zip(ran(session, arrays), wanted, strict=True):
            assert (got.dtype, got.shape) == (want.dtype, want.shape)
            np.testing.assert_allclose(got, want, **tolerance)
    return session


def whole(low: int, high: int) -> Any:
    """Return what draws whole numbers."""
    return lambda rng, shape: rng.integers(low, high, shape)


# --- every layer ----------------------------------------------------------------------------------
def alone(name: str, dtype: str = "float32") -> tuple[Any, int]:
    """Return a model of one layer of a kind, and how many inputs it has."""
    arguments, shape = ONE_OF_EACH[name]
    if name == "InputLayer":
        x = layers.Input(shape, name="a")
        return Model(x, x), 1
    layer = layers.CATALOG[name](**arguments, dtype=dtype, name="it")
    if name in CELLS:
        layer, shape = layers.RNN(layer), (4, *shape)
    x = layers.Input(shape, name="a", dtype=dtype)
    if isinstance(layer, Merge):
        y = layers.Input(shape, name="b", dtype=dtype)
        return Model([x, y], layer([x, y])), 2
    return Model(x, layer(x)), 1


@pytest.mark.parametrize("name", [name for name in ONE_OF_EACH if name not in WITHOUT])
def test_a_layer_predicts_the_same_in_its_file(name: str, tmp_path: Path) -> None:
    """A new layer is here by itself; one that no file can hold needs its reason in WITHOUT."""
    model, count = alone(name)
    for weight in model.weights:  # zeros and ones would hide what is mixed up
        if weight.dtype == "float32":
            start = np.arange(1, weight.numpy().size + 1).reshape(weight.shape)
            weight.assign(np.abs(np.sin(start)) + 0.1)
    shape = (4, *ONE_OF_EACH[name][1]) if name in CELLS else ONE_OF_EACH[name][1]
    draw = {"draw": whole(0, 3)} if name in ("Embedding", "CategoryEncoding") else {}
    agree(model, tmp_path / "m.onnx", [shape] * count, **draw)


@pytest.mark.parametrize("name", WITHOUT)
def test_a_layer_that_no_file_holds_says_so(name: str, tmp_path: Path) -> None:
    arguments, _ = ONE_OF_EACH[name]
    layer = layers.CATALOG[name](**arguments)
    kind = "int64" if name == "IntegerLookup" else "string"
    count = 2 if name == "HashedCrossing" else 1
    inputs = [layers.Input((1,), dtype=kind) for _ in range(count)]
    model = Model(inputs, layer(inputs if count > 1 else inputs[0]))
    with pytest.raises(ValueError, match=WITHOUT[name]):
        model.export(tmp_path / "m.onnx")
    assert list(tmp_path.iterdir()) == []
