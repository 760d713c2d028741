"""Operations between layers: named, described and inferred like layers."""

from typing import Any

import numpy as np

from ranvier import ops
from ranvier.graph import Variable
from ranvier.layers import Function, Input
from ranvier.layers.op_layer import OpLayer


def test_it_is_named_after_its_function() -> None:
    x = Input((3,))
    made = [f(x).history[0].layer for f in (ops.exp, ops.softmax, lambda z: z // 2, lambda z: -z)]
    assert [layer.name for layer in made] == ["exp", "softmax", "floor_divide", "negative"]
    assert [m.class_name for m in made] == ["Exp", "Softmax", "FloorDivide", "Negative"]
    assert made[1].get_config() == {"name": "softmax", "op": "softmax"}
    assert made[0].weights == [] and made[0].built


def test_constants_and_variables_among_the_arguments(traced: Any) -> None:
    x, v = Input((3,)), Variable([1.0, 2.0, 3.0])
    function = Function(x, ops.add(np.ones(3, np.float32), x * v))
    ones = np.ones((2, 3), np.float32)
    assert function.run(ones).tolist() == [[2.0, 3.0, 4.0]] * 2
    v.assign([0.0, 0.0, 0.0])
    np.testing.assert_array_equal(traced(function.run, ones), ones)


def test_a_function_of_several_results() -> None:
    values, index = ops.top_k(Input((5,)), 2)
    assert (values.shape, index.shape, index.dtype) == ((None, 2), (None, 2), "int32")
    assert values.history[0] is index.history[0] and index.history[1] == 1


def test_on_arrays_it_is_its_function() -> None:
    assert OpLayer(ops.square)(np.array([3.0])).tolist() == [9.0]
