"""Lambda: functions as layers."""

from typing import Any

import numpy as np
import pytest

from ranvier import ops
from ranvier.graph.errors import TraceError
from ranvier.layers import Input, Lambda


def test_it_applies_ops_operators_and_numpy_functions(traced: Any) -> None:
    x = np.array([[-1.0, 0.0, 1.0]], np.float32)
    for function in (ops.exp, np.exp, lambda z: ops.exp(z), lambda z: np.exp(z)):
        layer = Lambda(function)
        np.testing.assert_allclose(layer(x), [[0.36787945, 1.0, 2.7182817]], rtol=1e-6)
        np.testing.assert_array_equal(traced(layer, x), layer(x))
        assert layer(Input((3,))).shape == (None, 3)


def test_arguments_mask_and_training_are_passed_on() -> None:
    layer = Lambda(lambda x, by, training=None: x * by if training else x, arguments={"by": 3.0})
    assert layer([1.0], training=True).tolist() == [3.0] and layer([1.0]).tolist() == [1.0]
    masked = Lambda(lambda x, mask=None: ops.where(mask, x, 0.0))
    assert masked([1.0, 2.0], mask=[True, False]).tolist() == [1.0, 0.0]


def test_its_config_makes_a_copy_in_memory() -> None:
    double = Lambda(lambda x: x * 2, name="double", arguments={})
    again = Lambda.from_config(double.get_config())
    assert again([2.0]).tolist() == [4.0] and again.name == "double"
    assert Lambda("relu").get_config()["function"] == "relu"


def test_what_cannot_be_traced_says_so() -> None:
    with pytest.raises(TraceError, match="ranvier.ops"):
        Lambda(lambda x: np.median(x, axis=1))(Input((3,)))
    with pytest.raises(TraceError, match="`call` returned 'text'"):
        Lambda(lambda x: "text")(Input((3,)))
