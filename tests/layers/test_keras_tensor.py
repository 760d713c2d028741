"""KerasTensors: printing, operators, ops, and what they refuse."""

from typing import Any

import numpy as np
import pytest

from ranvier import activations, ops
from ranvier.graph.errors import TraceError
from ranvier.layers import Dense, Function, Input, KerasTensor

X = np.array([[1.0, -2.0, 3.0], [0.5, 4.0, -1.0]], np.float32)

CASES: list[tuple[str, Any]] = [
    ("radd", lambda x: 1.0 + x), ("sub", lambda x: x - 2), ("rsub", lambda x: 2 - x),
    ("mul", lambda x: x * x), ("rdiv", lambda x: 1.0 / (x + 10)), ("pow", lambda x: x**2),
    ("neg", lambda x: -x), ("abs", abs), ("matmul", lambda x: x @ np.ones((3, 2), "float32")),
    ("item", lambda x: x[:, 1:]), ("column", lambda x: x[:, 0]), ("floor", lambda x: x // 2),
    ("mod", lambda x: x % 2), ("where", lambda x: ops.where(x > 0, x, 0.0)),
    ("and", lambda x: (x > 0) & (x < 2)), ("not", lambda x: ~(x >= 1)),
    ("softmax", lambda x: ops.softmax(x)), ("mean", lambda x: ops.mean(x, axis=-1)),
    ("all", lambda x: x - ops.mean(x)), ("exp", ops.exp), ("npexp", np.exp),
    ("array", lambda x: np.ones((3,), "float32") * x),
    ("concatenate", lambda x: ops.concatenate([x, x * 2], axis=-1)),
    ("reshape", lambda x: ops.reshape(x, (ops.shape(x)[0], 3, 1))),
    ("ones", lambda x: ops.ones_like(x) + x), ("cast", lambda x: ops.cast(x, "int32")),
    ("split", lambda x: ops.split(x, 3, axis=1)), ("mish", activations.mish),
]  # fmt: skip


@pytest.mark.parametrize(("name", "function"), CASES, ids=[c[0] for c in CASES])
def test_operators_and_ops_record_what_arrays_compute(name: str, function: Any) -> None:
    x = Input((3,))
    y = function(x)
    found = Function(x, y).run(X)
    with np.errstate(all="ignore"):
        expected = function(ops.cast(X, "float32"))
    for part, (a, b) in zip(
        y if isinstance(y, list) else [y],
        zip(found, expected, strict=True) if isinstance(y, list) else [(found, expected)],
        strict=True,
    ):
        assert isinstance(part, KerasTensor)
        assert part.shape == (None, *np.shape(b)[1:]) and part.dtype == str(b.dtype)
        np.testing.assert_array_equal(a, b)


def test_it_prints_as_in_keras() -> None:
    assert repr(Input((784,))) == (
        "<KerasTensor shape=(None, 784), dtype=float32, sparse=False, ragged=False, "
        "name=keras_tensor>"
    )
    assert Dense(3)(Input((784,), name="x")).name == "keras_tensor_1"


def test_functions_are_recorded_whole() -> None:
    y = ops.softmax(Input((3,)))
    layer = y.history[0].layer
    assert (layer.name, layer.op_name) == ("softmax", "softmax")
    assert len(Function(layer.input, y).operations) == 2


@pytest.mark.parametrize(
    "use", [bool, float, int, len, list, np.asarray, lambda x: np.add.reduce(x)],
    ids=["bool", "float", "int", "len", "list", "array", "reduce"],
)  # fmt: skip
def test_it_has_no_numbers(use: Any) -> None:
    with pytest.raises(TraceError, match="KerasTensor"):
        use(Input((3,)))


def test_nothing_is_written_into_it() -> None:
    with pytest.raises(TraceError, match="it has no places to write to"):
        Input((3,))[:, 0] = 1.0
    with pytest.raises(TraceError, match="so it has no truth value"):
        bool(Input((3,)) > 0)
