"""Tests of nodes, constants, and how apply prepares operands."""

from __future__ import annotations

import numpy as np
import pytest

from ranvier import ops
from ranvier.graph import Array, Node, Trace, Variable, const_node, input_node, order
from ranvier.graph.errors import DTypeError, ShapeError, TraceError
from ranvier.graph.node import CONST, Value


def x(dtype: str = "float32", shape: tuple[int | None, ...] = (None, 3)) -> Node:
    return input_node("x", shape, dtype)


def test_python_numbers_never_widen() -> None:
    assert (x() * 2.0).dtype == "float32"
    assert (x("float64") + 0.1).dtype == "float64"
    assert (x("int32") * 2).dtype == "int32"
    assert (x("int32") * 2.0).dtype == "float32"
    assert (x("bool") + 1).dtype == "int32"


def test_numpy_constants_take_the_default_float_type() -> None:
    assert (x() * np.ones(3)).dtype == "float32"
    assert (x() * np.float64(2)).dtype == "float32"
    assert (x() * np.ones(3, np.int64)).dtype == "float32"
    assert (x("int32") + np.ones(3, np.uint8)).dtype == "int32"


def test_a_constant_keeps_its_digits_beside_float64() -> None:
    third = np.array([1 / 3])
    node = x("float64") * third
    assert node.inputs[1].attrs["value"].array.tolist() == third.tolist()
    chosen = ops.where(x("bool"), 1 / 3, x("float64"))
    assert chosen.dtype == "float64"
    assert chosen.inputs[1].attrs["value"].array.item() == 1 / 3


def test_division_gives_floats() -> None:
    assert (x("int32") / 2).dtype == "float32"
    assert ops.divide([1, 2], 2).tolist() == [0.5, 1.0]


def test_eager_calls_give_arrays_with_numpy() -> None:
    result = ops.add([1.0, 2.0], 1)
    assert isinstance(result, Array)
    assert type(result.numpy()) is np.ndarray
    assert result.dtype == "float32"
    assert ops.add(np.ones(2), 1.0).dtype == "float64"


def test_variables_are_numbers_outside_and_nodes_inside_a_trace() -> None:
    v = Variable([1.0, 2.0])
    assert isinstance(v + 1, Array)
    with Trace():
        assert isinstance(v + 1, Node)
    assert isinstance(v + 1, Array)


def test_operators_from_both_sides() -> None:
    n = x(shape=(3,))
    for left, right in ((n, np.ones(3)), (np.ones(3), n), (2, n), (n, 2), (Variable([1.0]), n)):
        for result in (left + right, left - right, left * right, left / right, left**right):
            assert isinstance(result, Node)
    for result in (n < 1, n >= 1, n == 1, n != 1, ~(n > 0), -n, abs(n), n // 2, n % 2, 2**n):
        assert isinstance(result, Node)
    assert isinstance(np.ones((2, 3)) @ n, Node)
    assert isinstance(np.exp(n), Node)
    assert isinstance(n[1:], Node)


def test_equality_with_other_things_is_no_op() -> None:
    assert (x() == None) is False  # noqa: E711
    assert (x() == "x") is False
    assert x() not in [None, "x"]


@pytest.mark.parametrize(
    ("use", "words"),
    [
        (bool, "where"), (float, "float"), (int, "int"), (np.asarray, "ranvier.ops"),
        (len, "shape"), (lambda n: n.numpy(), "numpy"), (lambda n: np.linalg.norm(n), "ops"),
        (lambda n: np.add.reduce(n), "ranvier.ops"),
    ],
)  # fmt: skip
def test_what_needs_numbers_is_told(use: object, words: str) -> None:
    with pytest.raises(TraceError, match=words):
        use(x())  # type: ignore[operator]


def test_text_is_refused() -> None:
    with pytest.raises(DTypeError, match="Give numbers"):
        ops.add(x(), np.array(["a"]))


def test_order_puts_inputs_first() -> None:
    a = x()
    b = ops.exp(a)
    c = b * a
    assert [n.serial for n in order([c])] == sorted([a.serial, b.serial, c.serial])


def test_values_compare_by_content() -> None:
    a, b = Value(np.ones(100), "float32"), Value(np.ones(100), "float32")
    assert a == b
    assert hash(a) == hash(b)
    assert a != Value(np.ones(100), "float64")
    assert Value(np.array(0.0), "float32") != Value(np.array(-0.0), "float32")
    assert Value(np.array(np.nan), "float32") == Value(np.array(np.nan), "float32")


def test_a_constant_is_a_copy() -> None:
    array = np.ones(3, np.float32)
    node = const_node(array)
    array[0] = 5
    assert node.op is CONST
    assert node.attrs["value"].array.tolist() == [1, 1, 1]


def test_a_list_of_nodes_is_stacked() -> None:
    n = x(shape=(3,))
    assert ops.sum([n, n]).shape == ()
    assert ops.mean([n, 2 * n], 0).shape == (3,)


def test_power_of_small_whole_numbers_becomes_products() -> None:
    n = x()
    assert (n**2).op.name == "square"
    assert (n**3).op.name == "multiply"
    assert (n**0.5).op.name == "sqrt"
    assert (n**-1).op.name == "reciprocal"
    assert (n**2.5).op.name == "power"
    assert (x("int32") ** 2).dtype == "int32"
    assert (x("int32") ** 2.0).dtype == "float32"


def test_mixed_rows_are_told() -> None:
    with pytest.raises(ShapeError):
        x(shape=(3,)) + x(shape=(4,))


def test_operands_may_be_named_as_in_keras() -> None:
    assert ops.add(x1=[1.0], x2=[2.0]).tolist() == [3]
    assert ops.exp(x=[0.0]).tolist() == [1]
    assert ops.maximum([1.0], x2=2.0).tolist() == [2]


def test_lists_of_whole_numbers_are_int32_while_they_fit() -> None:
    assert ops.convert_to_tensor([1, 2]).dtype == "int32"
    assert ops.convert_to_tensor([1, 2**40]).dtype == "int64"
    assert ops.convert_to_tensor(np.array([1, 2])).dtype == "int64"


def test_arithmetic_of_bools() -> None:
    a, b = np.array([True, True]), np.array([True, False])
    assert ops.add(a, b).tolist() == [True, True]
    assert ops.multiply(a, b).tolist() == [True, False]
    assert ops.power(a, b).dtype == "int32"
    assert ops.sum(a).dtype == "int32"
    assert ops.max(a).dtype == "bool"
    with pytest.raises(DTypeError, match="logical_xor"):
        ops.subtract(a, b)


def test_a_traced_value_stays_as_it_is() -> None:
    with Trace(), pytest.raises(TraceError, match=r"cannot be changed in place.*ops\.where"):
        x()[:, 0] = 1.0
