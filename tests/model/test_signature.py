"""Shapes for exported files: what closes the axes that a model leaves open."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from ranvier import Functional, InputSpec, Sequential, layers
from ranvier.graph.errors import ArgumentError, ArgumentTypeError
from ranvier.model.signature import signature_of
from ranvier.model.step import Spec
from tests.model.object_code import ObjectCode


def forecaster() -> Any:
    return Sequential([
        layers.Input((None, 3), name="series"),
        layers.Conv1D(4, 2, padding="causal"),
        layers.LSTM(5, return_sequences=True),
        layers.TimeDistributed(layers.Dense(2)),
    ])  # fmt: skip


def both() -> Any:
    words = layers.Input((None,), dtype="int32", name="words")
    picture = layers.Input((None, 4, 1), name="picture")
    left = layers.GRU(2)(layers.Embedding(9, 3)(words))
    right = layers.GlobalAveragePooling2D()(layers.Conv2D(2, 2)(picture))
    return Functional([words, picture], layers.Concatenate()([left, right]))


@pytest.mark.parametrize(
    "given",
    [
        [(None, 7, 3)], (None, 7, 3), [[None, 7, 3]], [InputSpec(shape=(None, 7, 3))],
        InputSpec(shape=(None, 7, 3)), {"series": (None, 7, 3)},
    ],
    ids=["list", "tuple", "lists", "specs", "spec", "dict"],
)  # fmt: skip
def test_forms(given: Any) -> None:
    assert signature_of(forecaster(), ["series"], given) == (Spec((7, 3), "float32"),)


def test_several_keep_their_types_and_order() -> None:
    want = (Spec((5,), "int32"), Spec((6, 4, 1), "float32"))
    for given in ([(None, 5), (None, 6, 4, 1)], {"picture": (None, 6, 4, 1), "words": (None, 5)}):
        assert signature_of(both(), ["words", "picture"], given) == want


@pytest.mark.parametrize(
    ("given", "words"),
    [
        (None, r"'series'.*\(None, None, 3\).*input_signature=\[\(None, 20, 3\)\]"),
        ((None, None, 3), r"\(None, None, 3\).*sizes that are known"),
        ((None, 7, 4), r"got \(None, 7, 4\), expected .*\(None, None, 3\)"),
        ((None, 7), r"got \(None, 7\)"),
        ((2, 7, 3), r"got \(2, 7, 3\).*None first"),
        ((None, 0, 3), r"got \(None, 0, 3\)"),
        ([(None, 7, 3)] * 2, r"got \(None, 7, 3\) and \(None, 7, 3\)"),
        ({"serie": (None, 7, 3)}, "got shapes of serie, expected .*: series"),
    ],
)
def test_what_does_not_fit(given: Any, words: str) -> None:
    with pytest.raises(ArgumentError, match=words):
        signature_of(forecaster(), ["series"], given)


@pytest.mark.parametrize("given", ["series", ["series"], [InputSpec(ndim=3)], 7])
def test_what_is_no_shape(given: Any) -> None:
    with pytest.raises(ArgumentTypeError, match="expected an InputSpec with a shape"):
        signature_of(forecaster(), ["series"], given)


def test_an_onnx_file_of_one_length(tmp_path: Path) -> None:
    runtime = pytest.importorskip("onnxruntime")
    model, path = forecaster(), tmp_path / "m.onnx"
    model.export(path, input_signature=[InputSpec(shape=(None, 7, 3))])
    session = runtime.InferenceSession(str(path), providers=["CPUExecutionProvider"])
    assert session.get_inputs()[0].shape == ["batch", 7, 3]
    x = np.random.default_rng(0).normal(size=(4, 7, 3)).astype("float32")
    (found,) = session.run(None, {"series": x})
    np.testing.assert_allclose(found, model.predict(x, verbose=0), atol=1e-6)
    with pytest.raises(ArgumentError, match=r"input_signature=\[\(None, 20, 3\)\]"):
        model.export(tmp_path / "open.onnx")


def test_a_library_of_one_length(tmp_path: Path) -> None:
    model = both()
    path = tmp_path / "m.o"
    model.export(path, input_signature=[(None, 5), (None, 6, 4, 1)], target="native")
    rng = np.random.default_rng(0)
    x = [rng.integers(0, 9, (3, 5), np.int32), rng.normal(size=(3, 6, 4, 1)).astype("float32")]
    (found,) = ObjectCode(path, "m_").predict(*x)
    np.testing.assert_allclose(found, model.predict(x, verbose=0), atol=1e-6)
