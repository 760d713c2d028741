"""Models as ONNX files: what ONNX Runtime computes of them is what `predict` says."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import onnxruntime
import pytest
from onnx.reference import ReferenceEvaluator

import ranvier
from ranvier import layers, ops
from ranvier.data import unpack_x_y_sample_weight as unpack
from ranvier.graph import dtype as dt
from ranvier.graph.structure import flatten
from ranvier.layers.merge import Merge
from ranvier.model import Model, Sequential
from tests.layers.test_catalog import ONE_OF_EACH, PAIRED, TWO
from tests.layers.test_oracle import CASES as OPTIONS
from tests.layers.test_recurrent_oracle import CASES as RECURRENT

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


def shaken(weight: Any) -> None:
    """Give a weight numbers that differ and are no zeros or ones, which would hide mistakes."""
    if weight.dtype == "float32":
        line = np.arange(1, weight.numpy().size + 1).reshape(weight.shape)
        weight.assign(weight.numpy() / 2 + np.abs(np.sin(line)) * 0.3 + 0.05)


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
    if isinstance(layer, Merge) or name in PAIRED + TWO:
        y = layers.Input(shape, name="b", dtype=dtype)
        return Model([x, y], layer(x, y) if name in TWO else layer([x, y])), 2
    return Model(x, layer(x)), 1


@pytest.mark.parametrize("name", [name for name in ONE_OF_EACH if name not in WITHOUT])
def test_a_layer_predicts_the_same_in_its_file(name: str, tmp_path: Path) -> None:
    """A new layer is here by itself; one that no file can hold needs its reason in WITHOUT."""
    model, count = alone(name)
    for weight in model.weights:
        shaken(weight)
    shape = (4, *ONE_OF_EACH[name][1]) if name in CELLS else ONE_OF_EACH[name][1]
    draw = {"draw": whole(0, 3)} if name in ("Embedding", "CategoryEncoding") else {}
    agree(model, tmp_path / "m.onnx", [shape] * count, **draw)


def test_all_options_of_layers_stand_in_one_file(tmp_path: Path) -> None:
    """The cases that are compared with Keras, side by side in one model."""
    inputs, outputs = [], []
    for name, arguments, shapes in OPTIONS:
        layer = layers.CATALOG[name](**arguments)
        given = [layers.Input(shape) for shape in shapes]
        outputs.append(layer(given if isinstance(layer, Merge) else given[0]))
        inputs += given
        for weight in layer.weights:
            shaken(weight)
    agree(Model(inputs, outputs), tmp_path / "m.onnx", [tuple(x.shape[1:]) for x in inputs])


@pytest.mark.parametrize("name", RECURRENT)
def test_recurrent_nets_that_are_compared_with_keras(name: str, tmp_path: Path) -> None:
    make, x, _ = RECURRENT[name]
    model = make(ranvier)
    session = session_of(model, tmp_path / "m.onnx")
    got = ran(session, [x.astype("float32")])[0]
    np.testing.assert_allclose(got, model.predict(x, verbose=0), **FLOAT32)


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


# --- nets of the books ----------------------------------------------------------------------------
def dense_net() -> Sequential:
    return Sequential([
        layers.Input((28, 28), name="pixels"), layers.Flatten(), layers.Dense(100, "relu"),
        layers.Dropout(0.3), layers.Dense(10, "softmax", name="classes"),
    ])  # fmt: skip


def conv_net() -> Sequential:
    return Sequential([
        layers.Input((14, 14, 1)), layers.Conv2D(4, 3, activation="relu", padding="same"),
        layers.MaxPooling2D(2), layers.Conv2D(6, (3, 3), activation="relu", padding="same"),
        layers.MaxPooling2D(2), layers.Flatten(), layers.Dense(10, "relu"),
        layers.Dense(3, "softmax"),
    ])  # fmt: skip


def normalized_net() -> Sequential:
    model = Sequential([layers.Input((5, 3)), layers.Flatten(), layers.BatchNormalization()])
    for units in (7, 6):
        model.add(layers.Dense(units, use_bias=False))
        model.add(layers.BatchNormalization())
        model.add(layers.Activation("elu"))
    model.add(layers.Dense(2, "softmax"))
    return model


def words_net(recurrent: Any) -> Sequential:
    embedding = layers.Embedding(30, 5, mask_zero=True)
    return Sequential([layers.Input((9,), dtype="int32"), embedding, *recurrent, layers.Dense(1)])


NETS: dict[str, Any] = {
    "dense": (dense_net, [(28, 28)], {}),
    "conv": (conv_net, [(14, 14, 1)], {}),
    "normalized": (normalized_net, [(5, 3)], {}),
    "lstm": (lambda: words_net([layers.LSTM(4, dropout=0.2)]), [(9,)], {}),
    "gru": (lambda: words_net([layers.GRU(4, return_sequences=True), layers.GRU(3)]), [(9,)], {}),
    "both ways": (lambda: words_net([layers.Bidirectional(layers.SimpleRNN(3))]), [(9,)], {}),
}


@pytest.mark.parametrize("name", NETS)
def test_nets_of_the_books(name: str, tmp_path: Path) -> None:
    """Also by a second runtime, the evaluator that comes with the package `onnx`."""
    make, shapes, how = NETS[name]
    model = make()
    for weight in model.weights:
        shaken(weight)
    masked = {"draw": whole(0, 30), "dtype": "int32"} if model.input_shape == (None, 9) else how
    agree(model, tmp_path / "m.onnx", shapes, **masked)
    found = onnx.load(tmp_path / "m.onnx")
    x = np.ones((3, *shapes[0]), masked.get("dtype", "float32"))
    second = ReferenceEvaluator(found).run(None, {found.graph.input[0].name: x})
    np.testing.assert_allclose(second[0], model.predict(x, verbose=0), **FLOAT32)
    kept = {array.name.removesuffix("_transposed") for array in found.graph.initializer}
    seeds = {w.path for w in model.weights if "seed" in w.path}
    assert {w.path for w in model.weights} - seeds <= kept
    scans = [node.op_type for node in found.graph.node].count("Scan")
    assert scans == {"lstm": 1, "gru": 2, "both ways": 2}.get(name, 0)


def test_what_runtimes_know_has_its_name(tmp_path: Path) -> None:
    normalized_net().export(tmp_path / "m.onnx")
    kinds = [node.op_type for node in onnx.load(tmp_path / "m.onnx").graph.node]
    assert kinds.count("Elu") == 2 and "Where" not in kinds
    conv_net().export(tmp_path / "m.onnx")
    kinds = [node.op_type for node in onnx.load(tmp_path / "m.onnx").graph.node]
    assert kinds == [
        "Transpose", "Conv", "MaxPool", "Relu", "Conv", "Slice", "MaxPool", "Relu", "Transpose",
        "Reshape", "MatMul", "Add", "Relu", "MatMul", "Add", "Softmax"]  # fmt: skip


def test_filters_with_channels_first_and_all_options(tmp_path: Path) -> None:
    first = {"data_format": "channels_first"}
    model = Sequential([
        layers.Input((3, 9, 8)), layers.Conv2D(4, 3, groups=1, bias_initializer="ones", **first),
        layers.Activation("elu"), layers.MaxPooling2D(2, **first),
        layers.AveragePooling2D(2, 1, padding="same", **first),
        layers.Conv2DTranspose(3, 2, strides=(2, 1), bias_initializer="ones", **first),
    ])  # fmt: skip
    agree(model, tmp_path / "m.onnx", [(3, 9, 8)])
    kinds = [node.op_type for node in onnx.load(tmp_path / "m.onnx").graph.node]
    assert "Add" not in kinds and kinds.count("Transpose") <= 4
    last = Sequential([
        layers.Input((9, 8, 4)),
        layers.Conv2D(6, 3, groups=2, dilation_rate=2, padding="same", bias_initializer="ones"),
        layers.DepthwiseConv2D((2, 3), depth_multiplier=2, bias_initializer="ones"),
        layers.SeparableConv2D(5, 3, strides=2, padding="same", activation="leaky_relu"),
        layers.Conv2DTranspose(2, 3, strides=2, padding="same", output_padding=1),
    ])  # fmt: skip
    agree(last, tmp_path / "m.onnx", [(9, 8, 4)])


# --- what goes in and out -------------------------------------------------------------------------
def test_names_of_layers_and_an_open_batch(tmp_path: Path) -> None:
    dense_net().export(tmp_path / "m.onnx")
    found = onnx.load(tmp_path / "m.onnx")
    assert found.producer_name == "ranvier"
    assert [x.name for x in found.graph.input] == ["pixels"]
    assert [y.name for y in found.graph.output] == ["classes"]
    sizes = found.graph.input[0].type.tensor_type.shape.dim
    assert [d.dim_param or d.dim_value for d in sizes] == ["batch", 28, 28]
    names = [array.name for array in found.graph.initializer]
    assert {"classes/kernel", "classes/bias"} <= {"/".join(n.split("/")[-2:]) for n in names}


def test_several_inputs_and_outputs_shared_layers_and_inner_models(tmp_path: Path) -> None:
    a, b = layers.Input((4,), name="a"), layers.Input((4,), name="b")
    inner = Sequential([layers.Input((4,)), layers.Dense(3, "tanh")], name="inner")
    both = layers.Concatenate()([inner(a), inner(b)])
    outputs = [layers.Dense(2, name="far")(both), layers.Dense(1, name="near")(both), both]
    session = agree(Model([a, b], outputs), tmp_path / "m.onnx", [(4,), (4,)])
    assert [x.name for x in session.get_inputs()] == ["a", "b"]
    assert [y.name for y in session.get_outputs()][:2] == ["far", "near"]
    kept = [array.name for array in onnx.load(tmp_path / "m.onnx").graph.initializer]
    assert len([name for name in kept if name.endswith("kernel")]) == 3


def test_dicts_give_the_names(tmp_path: Path) -> None:
    x, y = layers.Input((3,), name="x"), layers.Input((2,), name="y")
    outputs = {"sum": layers.Dense(2)(x) + y, "same": x}
    model = Model({"x": x, "y": y}, outputs)
    session = session_of(model, tmp_path / "m.onnx")
    data = {"x": np.ones((5, 3), "float32"), "y": np.full((5, 2), 2, "float32")}
    found = dict(zip([o.name for o in session.get_outputs()], session.run(None, data), strict=True))
    wanted = model.predict(data, verbose=0)
    assert set(found) == {"sum", "same"}
    for name, want in wanted.items():
        np.testing.assert_allclose(found[name], want, **FLOAT32)


class Own(Model):
    """Words of a user's own: a subclass, an op of `ranvier.ops` each, a `predict_step`."""

    def __init__(self) -> None:
        super().__init__()
        self.dense = layers.Dense(3)

    def call(self, inputs: Any) -> Any:
        y = self.dense(inputs["a"])
        order = ops.argsort(y)
        return ops.take_along_axis(ops.sin(y), order, -1) + ops.cumsum(inputs["b"], axis=1)

    def predict_step(self, data: Any) -> Any:
        x, _, _ = unpack(data)
        y = self(x, training=False)
        return {"y": y, "best": ops.argmax(y, 1)}


def test_a_model_of_the_users_own(tmp_path: Path) -> None:
    model, rng = Own(), np.random.default_rng(0)
    data = {"a": rng.normal(size=(6, 2)).astype("float32"),
            "b": rng.normal(size=(6, 3)).astype("float32")}  # fmt: skip
    wanted = model.predict(data, verbose=0)
    session = session_of(model, tmp_path / "m.onnx")
    assert [y.name for y in session.get_outputs()] == ["best", "y"]
    best, y = session.run(None, data)
    np.testing.assert_array_equal(best, wanted["best"])
    np.testing.assert_allclose(y, wanted["y"], **FLOAT32)


def test_lambdas_and_whole_numbers(tmp_path: Path) -> None:
    x = layers.Input((3,), dtype="int32", name="x")
    y = layers.Lambda(lambda v: ops.where(v > 2, v // 2, v * v) % 3)(x)
    agree(Model(x, [y, ops.cast(y, "bool"), ops.mean(y, 1)]), tmp_path / "m.onnx", [(3,)],
          dtype="int32", draw=whole(-9, 9))  # fmt: skip


@pytest.mark.parametrize("floatx", ["float64", "float32"])
def test_float64(floatx: str, tmp_path: Path) -> None:
    """A whole model in float64, and one layer of it in a model of float32."""
    before = dt.floatx()
    dt.set_floatx(floatx)
    try:
        x = layers.Input((6, 5, 2), name="x")
        y = layers.Conv2D(3, 2, activation="gelu", dtype="float64")(x)
        y = layers.Conv2DTranspose(2, 2, strides=2, activation="softplus")(y)
        y = layers.AveragePooling2D(2)(y)
        y = layers.Reshape((5, 8))(y)
        y = layers.LSTM(3, activation="selu")(y)
        close = FLOAT64 if floatx == "float64" else FLOAT32
        session = agree(Model(x, y), tmp_path / "m.onnx", [(6, 5, 2)], dtype=floatx,
                        tolerance=close)  # fmt: skip
        assert session.get_inputs()[0].type == {"float64": "tensor(double)"}.get(
            floatx, "tensor(float)")  # fmt: skip
    finally:
        dt.set_floatx(before)


def test_rows_that_mix_need_one_size(tmp_path: Path) -> None:
    x = layers.Input((3,), name="x")
    model = Model(x, layers.Lambda(lambda v: v[::-1])(x))
    with pytest.raises(ValueError, match="mixes rows.*for instance batch_size=32"):
        model.export(tmp_path / "m.onnx")
    session = session_of(model, tmp_path / "m.onnx", batch_size=4)
    data = np.arange(12, dtype="float32").reshape(4, 3)
    np.testing.assert_array_equal(session.run(None, {"x": data})[0], data[::-1])
    assert session.get_inputs()[0].shape == [4, 3]


# --- what no file can say -------------------------------------------------------------------------
def test_state_and_random_numbers_are_refused(tmp_path: Path) -> None:
    x = layers.Input((4, 3), batch_size=2)
    model = Model(x, layers.LSTM(2, stateful=True)(x))
    with pytest.raises(ValueError, match="changes variables when it predicts.*stateful=False"):
        model.export(tmp_path / "m.onnx", batch_size=2)
    x = layers.Input((3,))
    model = Model(x, layers.Dropout(0.5)(x, training=True))
    with pytest.raises(ValueError, match="without training=True"):
        model.export(tmp_path / "m.onnx")


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"batch_size": 0}, "`batch_size`: got 0, expected a positive int"),
        ({"opset_version": 9}, "`opset_version`: got 9, expected 18"),
    ],
)
def test_wrong_options(options: dict[str, Any], words: str, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=words):
        dense_net().export(tmp_path / "m.onnx", **options)
    with pytest.raises(TypeError, match="unexpected argument 'opset'"):
        dense_net().export(tmp_path / "m.onnx", opset=18)
    with pytest.raises(ValueError, match="was not built yet"):
        Sequential([layers.Dense(2)]).export(tmp_path / "m.onnx")


def test_the_file_is_whole_or_the_old_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "m.bin"
    model = dense_net()
    model.export(path, format="onnx", verbose=True)
    assert "m.bin" in capsys.readouterr().out
    before = path.read_bytes()
    monkeypatch.setattr("os.replace", lambda *_: (_ for _ in ()).throw(OSError(28, "full")))
    with pytest.raises(OSError, match="m.bin"):
        model.export(path, format="onnx")
    assert path.read_bytes() == before
    assert list(tmp_path.iterdir()) == [path]


# --- the example ----------------------------------------------------------------------------------
def test_the_example_runs(tmp_path: Path) -> None:
    home = Path(__file__).resolve().parents[2]
    environment = {**os.environ, "PYTHONPATH": str(home), "RANVIER_ENGINE": "native"}
    for name in ("export.py", "classify.py"):
        done = subprocess.run(
            [sys.executable, home / "examples" / "onnx" / name, tmp_path],
            capture_output=True, text=True, env=environment, timeout=120,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr
    assert "('words', 'tensor(int32)', ['batch', 20])" in done.stdout
    low, high, _ = (float(line.split()[-1]) for line in done.stdout.splitlines()[1:])
    assert high < 0.5 < low
