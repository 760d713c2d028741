"""No hostile config loads, runs code, imports, takes memory or time."""

import io
import json
import subprocess
import sys
import textwrap
import time
import tracemalloc
from pathlib import Path

import numpy as np
import pytest

from ranvier.graph.errors import ModelFileError
from ranvier.layers import Dense, Input
from ranvier.model import Model, Sequential
from ranvier.model.load import load_model
from ranvier.model.store import save_model
from ranvier.save.keras import pack_keras, unpack_keras
from tests.hostile import config_corpus as corpus


@pytest.fixture(scope="module")
def good() -> bytes:
    model = Sequential([Input((4,)), Dense(3), Dense(2)])
    model.compile("adam", "mse")
    file = io.BytesIO()
    save_model(model, file)
    load_model(io.BytesIO(file.getvalue()))  # what is imported at first use is there now
    return file.getvalue()


def load(data: bytes, safe_mode: bool = True):
    file = io.BytesIO(data)
    file.name = "m.keras"
    return load_model(file, safe_mode=safe_mode)


@pytest.mark.parametrize("case", corpus.CASES, ids=lambda case: case.name)
def test_refused_with_bounded_time_and_memory(case, good):
    data = case.make(good)
    tracemalloc.start()
    start = time.process_time()
    try:
        for safe_mode in (True, False):
            with pytest.raises(ModelFileError, match=f"^m.keras.*({case.words})"):
                load(data, safe_mode)
        assert time.process_time() - start < 2
        assert tracemalloc.get_traced_memory()[1] < 3 * len(data) + (24 << 20)
    finally:
        tracemalloc.stop()


def test_the_twin_loads(good):
    assert load(good).predict(np.ones((1, 4)), verbose=0).shape == (1, 2)


def test_models_in_models_load(good):
    contents = unpack_keras(good, "good")
    data = pack_keras(corpus.deep(contents.config, 3), contents.weights)
    with pytest.raises(ModelFileError, match="'layers/sequential' has 0 arrays|it holds weights"):
        load(data)  # built as it says, but its weights are those of the plain model


def network_config(change) -> bytes:
    x = Input((4,), name="x")
    model = Model(x, Dense(2, name="b")(Dense(3, name="a")(x)))
    file = io.BytesIO()
    save_model(model, file)
    contents = unpack_keras(file.getvalue(), "good")
    change(contents.config["config"])
    return pack_keras(contents.config, contents.weights)


def history(config, layer):
    return config["layers"][layer]["inbound_nodes"][0]["args"][0]["config"]["keras_history"]


def x_of(config):
    """The tensor of the input."""
    return config["layers"][1]["inbound_nodes"][0]["args"][0]


def operation(config, word, args, **extras):
    """Add an operation that asks for a huge array, and let a layer take it."""
    node = {"args": args, "kwargs": {}}
    config["layers"].append({
        "module": "keras.src.ops.numpy", "class_name": word, "config": {"name": "op", **extras},
        "registered_name": None, "name": "op", "inbound_nodes": [node],
    })  # fmt: skip
    history(config, 1)[0] = "op"


@pytest.mark.parametrize(
    "change",
    [
        lambda c: history(c, 1).__setitem__(0, "b"),
        lambda c: history(c, 1).__setitem__(0, "nowhere"),
        lambda c: history(c, 1).__setitem__(1, 5),
        lambda c: history(c, 1).__setitem__(2, -1),
        lambda c: history(c, 1).__setitem__(0, ["a"]),
        lambda c: c.__setitem__("output_layers", [["b", 7, 0]]),
        lambda c: c.__setitem__("input_layers", "x"),
        lambda c: c.__setitem__("input_layers", 5),
        lambda c: c.__delitem__("output_layers"),
        lambda c: c["layers"].pop(1),
        lambda c: c["layers"][2].__setitem__("inbound_nodes", {"a": 1}),
        lambda c: c["layers"][2].__setitem__("inbound_nodes", [5]),
        lambda c: c["layers"][1]["inbound_nodes"].extend([{"args": [1], "kwargs": {}}]),
        lambda c: operation(c, "Ones", [], shape=[1 << 40]),
        lambda c: operation(c, "Full", [1.0], shape=[1 << 40]),
        lambda c: operation(c, "Eye", [1 << 20]),
        lambda c: operation(c, "Arange", [1 << 40]),
        lambda c: operation(c, "BroadcastTo", [x_of(c)], shape=[1, 1 << 20, 1 << 20, 4]),
        lambda c: operation(c, "Tile", [x_of(c)], repeats=[1, 1 << 40]),
        lambda c: operation(c, "OneHot", [x_of(c)], num_classes=1 << 40),
    ],
)
def test_damaged_connections(change):
    data = network_config(change)
    tracemalloc.start()
    start = time.process_time()
    try:
        with pytest.raises(ModelFileError, match="^m.keras"):
            load(data)
        assert time.process_time() - start < 2
        assert tracemalloc.get_traced_memory()[1] < 24 << 20
    finally:
        tracemalloc.stop()


def test_near_twin_of_damaged_connections():
    assert load(network_config(lambda c: None)).count_params() == 23


def test_nothing_is_imported_run_or_opened(good, tmp_path):
    """A hook sees every file, import, process and socket: there must be none."""
    files = [str(tmp_path / f"{i}.keras") for i in range(len(corpus.CASES) + 1)]
    for path, data in zip(files, [good, *(c.make(good) for c in corpus.CASES)], strict=True):
        Path(path).write_bytes(data)
    code = """
        import io, json, sys
        from ranvier.model.load import load_model
        files = [open(path, "rb").read() for path in json.load(sys.stdin)]
        load_model(io.BytesIO(files[0]))
        watched = ("open", "import", "exec", "subprocess", "socket", "os.", "ctypes", "pickle")
        events = []
        sys.addaudithook(lambda name, args: events.append((name, str(args)))
                         if name.startswith(watched) else None)
        for data in files[1:]:
            try:
                load_model(io.BytesIO(data))
            except ValueError as error:
                assert type(error).__name__ == "ModelFileError"
        print(json.dumps(events))
    """
    done = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(code)], input=json.dumps(files), text=True,
        capture_output=True, cwd=Path(__file__).parents[2], check=True,
    )  # fmt: skip
    assert json.loads(done.stdout) == []
