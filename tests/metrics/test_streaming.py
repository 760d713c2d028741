"""Every metric over several batches: eagerly, traced, and against Keras 3 on JAX."""

import importlib.util
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest

from ranvier import metrics
from ranvier.engines.reference import ReferenceEngine
from ranvier.graph import Graph, Trace, input_node
from ranvier.graph.dtype import floatx, set_floatx
from ranvier.graph.errors import ShapeError
from ranvier.transform.dedupe import dedupe
from ranvier.transform.fold import fold
from tests.metrics.cases import BATCH, CASES, ROWS, data

IDS = [f"{name}-{i}" for i, (name, _, _) in enumerate(CASES)]


def weights(kind: str, whole: bool) -> np.ndarray:
    given = np.random.default_rng(9).uniform(0.2, 2, ROWS)
    return (np.floor(given * 3) if whole else given).astype(np.float32)


def batches(kind: str, weigh: bool, whole: bool) -> Iterator[tuple[Any, ...]]:
    y_true, y_pred = data(kind)
    y_pred = y_pred if y_pred.dtype.kind == "i" else y_pred.astype(np.float32)
    y_true = y_true.astype(np.int32 if y_true.dtype.kind == "i" else np.float32)
    w = weights(kind, whole)
    for start in range(0, ROWS, BATCH):
        part = slice(start, start + BATCH)
        yield (y_true[part], y_pred[part], w[part]) if weigh else (y_true[part], y_pred[part])


def engines() -> list[Any]:
    if importlib.util.find_spec("llvmlite") is None:
        return [ReferenceEngine()]
    from ranvier.engines.native import NativeEngine

    return [ReferenceEngine(), NativeEngine()]


def is_whole(name: str, arguments: dict[str, Any]) -> bool:
    """Tell whether the metric cuts weights to whole numbers, with a warning in Keras."""
    return "IoU" in name and "dtype" not in arguments


def eager(name: str, arguments: dict[str, Any], kind: str, weigh: bool) -> list[np.ndarray]:
    metric = getattr(metrics, name)(**arguments)
    return [np.asarray(metric(*batch)) for batch in batches(kind, weigh, is_whole(name, arguments))]


@pytest.mark.parametrize("weigh", [False, True], ids=["plain", "weighted"])
@pytest.mark.parametrize(("name", "arguments", "kind"), CASES, ids=IDS)
def test_a_traced_metric_gives_what_the_eager_one_gives(
    name: str, arguments: dict[str, Any], kind: str, weigh: bool
) -> None:
    metric = getattr(metrics, name)(**arguments)
    parts = list(batches(kind, weigh, is_whole(name, arguments)))
    whole = [np.concatenate(arrays) for arrays in zip(*parts, strict=True)]
    inputs = tuple(
        input_node(f"x{i}", (None, *a.shape[1:]), str(a.dtype)) for i, a in enumerate(whole)
    )
    with Trace() as trace:
        metric.update_state(*inputs)
    graph = dedupe(fold(Graph(inputs, (), tuple(trace.updates.items()))))
    expected = eager(name, arguments, kind, weigh)[-1]
    for engine in engines():
        metric.reset_state()
        assert all(not v.numpy().any() for v in metric.variables)
        engine.compile(graph, BATCH).run(whole, np.arange(ROWS), BATCH)
        np.testing.assert_allclose(np.asarray(metric.result()), expected, 2e-6, 2e-6)


@pytest.mark.parametrize(("name", "arguments", "kind"), CASES, ids=IDS)
def test_configs_come_back_whole(name: str, arguments: dict[str, Any], kind: str) -> None:
    metric = getattr(metrics, name)(**arguments)
    config = metrics.serialize(metric)
    assert config["module"] == "keras.metrics" and config["class_name"] == name
    again = metrics.deserialize(config)
    assert type(again) is type(metric) and again.get_config() == metric.get_config()
    assert {k: v for k, v in again.get_config().items() if k in arguments} == arguments
    np.testing.assert_array_equal(
        [np.asarray(again(*b)) for b in batches(kind, False, False)],
        eager(name, arguments, kind, False),
    )


@pytest.mark.oracle
@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("weigh", [False, True], ids=["plain", "weighted"])
@pytest.mark.parametrize(("name", "arguments", "kind"), CASES, ids=IDS)
def test_results_are_those_of_keras(
    name: str, arguments: dict[str, Any], kind: str, weigh: bool
) -> None:
    import keras

    theirs = getattr(keras.metrics, name)(**arguments)
    mine = eager(name, arguments, kind, weigh)
    parts = batches(kind, weigh, is_whole(name, arguments))
    for found, batch in zip(mine, parts, strict=True):
        expected = np.asarray(theirs(*batch))
        # float32 sums in another order; the interpolated areas add 200 of them.
        np.testing.assert_allclose(found, expected, 2e-5, 2e-6)
        assert found.dtype == expected.dtype and found.shape == expected.shape
    named = [v.name for v in getattr(metrics, name)(**arguments).variables]
    assert set(named) <= {v.name for v in theirs.variables}
    config = {k: v for k, v in theirs.get_config().items() if k != "label_weights"}
    assert getattr(metrics, name).from_config(config).get_config().keys() >= config.keys()


@pytest.mark.oracle
@pytest.mark.parametrize("name", sorted({case[0] for case in CASES} | {"Mean", "Sum"}))
def test_names_and_directions_are_those_of_keras(name: str) -> None:
    import keras

    arguments = next((a for n, a, _ in CASES if n == name), {})
    keras.utils.clear_session()
    from ranvier.graph.naming import reset_names

    reset_names()
    theirs = getattr(keras.metrics, name)(**arguments)
    mine = getattr(metrics, name)(**arguments)
    assert mine.name == theirs.name and mine.dtype == theirs.dtype
    known = getattr(theirs, "_direction", None)
    assert mine.direction == known or known is None


@pytest.mark.oracle
def test_every_name_of_keras_is_known() -> None:
    import keras

    public = {n for n in dir(keras.metrics) if not n.startswith("_")}
    assert public <= set(metrics.__all__)
    from keras.src.metrics import ALL_OBJECTS_DICT

    for name, theirs in ALL_OBJECTS_DICT.items():
        if theirs is not keras.metrics.Metric:
            assert metrics.deserialize(name).__name__ == theirs.__name__


def test_float64_metrics_have_float64_results() -> None:
    before = floatx()
    set_floatx("float64")
    try:
        metric = metrics.MeanSquaredError()
        assert metric([[0.1]], [[0.3]]).dtype == np.float64
    finally:
        set_floatx(before)
    assert metrics.Mean(dtype="float64")([0.1]).dtype == np.float64


def test_accuracy_of_class_numbers_says_what_takes_them() -> None:
    for metric in (metrics.Accuracy(), metrics.BinaryAccuracy()):
        with pytest.raises(ShapeError, match=r"equal shapes. .* metrics=\['accuracy'\] in compile"):
            metric(np.zeros(3), np.zeros((3, 10)))
