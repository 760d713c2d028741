"""Every optimizer and option against Keras 3 on JAX: weights after 1, 20 and 200 steps."""

import json
import re
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from ranvier import ops, optimizers
from ranvier.engines.reference import ReferenceEngine
from ranvier.graph import Graph, Trace, Variable, input_node
from ranvier.graph.dtype import floatx, set_floatx
from ranvier.transform.dedupe import dedupe
from ranvier.transform.fold import fold
from ranvier.transform.grad import gradients
from tests.optimizers.cases import CASES, EXTRA, KNOWN, LEFT_OUT

#: Keras takes cosines and means in float32 even where all else is float64.
ROUNDED = ("sgd-warmup", "adafactor")


def problem() -> dict[str, np.ndarray]:
    rng = np.random.default_rng(3)
    x = rng.normal(size=(12, 4))
    return {
        "x": x,
        "y": np.tanh(x @ rng.normal(size=(4, 3))),
        "kernel": rng.normal(size=(4, 3)),
        "bias": rng.normal(size=3) * 0.5,
    }


@pytest.fixture(scope="module")
def keras_results(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, np.ndarray]:
    folder = tmp_path_factory.mktemp("oracle")
    np.savez(folder / "in.npz", **problem())
    cases = [
        {"name": name, "class": cls, "arguments": arguments, **EXTRA.get(name, {})}
        for name, (cls, arguments) in CASES.items()
        if name in KNOWN
    ]
    (folder / "cases.json").write_text(json.dumps(cases))
    script = Path(__file__).with_name("keras_oracle.py")
    files = [str(folder / name) for name in ("in.npz", "cases.json", "out.npz")]
    subprocess.run([sys.executable, str(script), *files], check=True)
    return dict(np.load(folder / "out.npz"))


def test_what_is_left_out_is_not_in_keras() -> None:
    table = Path(__file__).parents[2] / "docs" / "keras" / "names.tsv"
    names = {line.partition("\t")[0] for line in table.read_text(encoding="utf-8").splitlines()}
    assert not [cls for cls in LEFT_OUT if f"keras.optimizers.{cls}" in names]
    assert len(CASES) - len(KNOWN) == sum(cls in LEFT_OUT for cls, _ in CASES.values())


@pytest.fixture
def dtype(request: pytest.FixtureRequest) -> Iterator[str]:
    before = floatx()
    set_floatx(request.param)
    yield request.param
    set_floatx(before)


def train(name: str, dtype: str, steps: int, engine: Any) -> tuple[list[Variable], Any]:
    """Train through graph, passes and an engine."""
    data = problem()
    weights = [Variable(data[k], dtype=dtype, name=k) for k in ("kernel", "bias")]
    cls, arguments = CASES[name]
    optimizer = optimizers.deserialize({"class_name": cls, "config": arguments})
    extra = EXTRA.get(name, {})
    if "spared" in extra:
        optimizer.exclude_from_weight_decay(var_names=extra["spared"])
    if "constraint" in extra:
        weights[0].constraint = lambda w: ops.maximum(w, 0.0)
    x, y = input_node("x", (None, 4), dtype), input_node("y", (None, 3), dtype)
    with Trace() as trace:
        error = ops.tanh(ops.matmul(x, weights[0]) + weights[1]) - y
        loss = optimizer.scale_loss(ops.sum(ops.square(error)) / (12.0 * 3))
        if optimizer.loss_scale_factor is not None:
            loss = loss / optimizer.loss_scale_factor  # the oracle divides what was not scaled
        optimizer.apply(gradients(loss, [trace.leaf(w) for w in weights]), weights)
    graph = dedupe(fold(Graph((x, y), (), tuple(trace.updates.items()))))
    program = engine.compile(graph, 12)
    rows = np.tile(np.arange(12), steps)
    program.run([data["x"].astype(dtype), data["y"].astype(dtype)], rows, 12)
    return weights, optimizer


@pytest.fixture(scope="module", params=["reference", "native"])
def engine(request: pytest.FixtureRequest) -> Any:
    if request.param == "reference":
        return ReferenceEngine()
    pytest.importorskip("llvmlite")
    from ranvier.engines.native import NativeEngine

    return NativeEngine()


@pytest.mark.parametrize("dtype", ["float32", "float64"], indirect=True)
@pytest.mark.parametrize("name", CASES)
def test_both_engines_train_alike(name: str, dtype: str) -> None:
    pytest.importorskip("llvmlite")
    from ranvier.engines.native import NativeEngine

    # The native engine fuses products and sums, so that each step rounds a little less.
    tolerance = {"float32": 1e-5, "float64": 1e-12}[dtype]
    one, first = train(name, dtype, 12, ReferenceEngine())
    two, second = train(name, dtype, 12, NativeEngine())
    for a, b in zip([*one, *first.variables], [*two, *second.variables], strict=True):
        np.testing.assert_allclose(a.numpy(), b.numpy(), tolerance, tolerance)


@pytest.mark.oracle
@pytest.mark.parametrize("dtype", ["float32", "float64"], indirect=True)
@pytest.mark.parametrize("name", KNOWN)
def test_weights_are_those_of_keras(
    name: str, dtype: str, engine: Any, keras_results: Mapping[str, np.ndarray]
) -> None:
    # float64: only rounding of sums in another order, grown over 200 steps. float32: the same
    # after 20 steps, where a gradient near 0 is divided by its own size (Adam's first steps).
    tolerance = {"float32": 2e-5, "float64": 1e-10}[dtype]
    marks = {"float32": (1, 20), "float64": (20, 200)}[dtype]
    if name in ROUNDED and dtype == "float64":
        tolerance, marks = 1e-6, (20,)
    for steps in marks:
        weights, optimizer = train(name, dtype, steps, engine)
        for i, weight in enumerate(weights):
            expected = keras_results[f"{name}/{dtype}/{steps}/{i}"]
            np.testing.assert_allclose(weight.numpy(), expected, tolerance, tolerance)
    names = [v.name for v in optimizer.variables]
    known = [re.sub(r"^variable_\d+$", "variable", n) for n in keras_results[f"{name}/names"]]
    assert names == known
    for i, variable in enumerate(optimizer.variables):
        expected = keras_results[f"{name}/{dtype}/{steps}/state/{i}"]
        np.testing.assert_allclose(variable.numpy(), expected, tolerance, tolerance)
