"""What users pass, sorted by input and output."""

from __future__ import annotations

import numpy as np
import pytest

from ranvier.data.table import Slot, follow, read
from ranvier.graph.errors import DataError, DataWarning

X = np.arange(12.0).reshape(4, 3)
Y = np.arange(4)
ONE = (Slot("x", (None, 3)),)
TWO = (Slot("wide", (None, 3)), Slot("deep", (None, 3)))


def test_one_array_is_not_copied():
    table = read(X, Y)
    assert table.x[0] is X and table.y[0] is Y and table.weights == [None]
    assert table.rows == 4


def test_parts_are_views():
    table = read(X, Y, np.ones(4))
    part = table.part(1, 3)
    assert part.rows == 2 and np.shares_memory(part.x[0], X)
    assert part.y[0].tolist() == [1, 2] and len(part.weights[0]) == 2


@pytest.mark.parametrize("x", [[X], (X,), {"x": X}, X, X.tolist()], ids=str)
def test_one_input_in_every_form(x):
    assert read(x, inputs=ONE).x[0].tolist() == X.tolist()


def test_rows_in_a_list_are_rows():
    assert read([X[0], X[1]], inputs=ONE).x[0].shape == (2, 3)
    assert read([X[0]], inputs=ONE).x[0].shape == (1, 3)
    assert read([X], inputs=(Slot("x"),)).x[0] is X


def test_several_inputs_by_order_and_name():
    for x in ((X, -X), [X, -X], {"deep": -X, "wide": X}):
        table = read(x, inputs=TWO)
        assert table.x[0] is X and table.x[1][0, 1] == -1


def test_a_key_that_is_no_input_says_how_inputs_get_names():
    slots = [Slot("keras_tensor", (None, 2)), Slot("keras_tensor_1", (None, 2))]
    x = {"wide": np.zeros((3, 2)), "deep": np.zeros((3, 2))}
    with pytest.raises(DataError, match=r"the key 'wide'.*Input\(\.\.\., name='wide'\)"):
        read(x, inputs=slots)


def test_keys_that_are_no_inputs_are_left_out_with_a_warning():
    with pytest.warns(DataWarning, match=r"^x: the keys \['more'\] are no inputs of the model"):
        table = read({"deep": -X, "more": X, "wide": X}, inputs=TWO)
    assert len(table.x) == 2 and table.x[0] is X
    with pytest.raises(DataError, match="y: got the key 'more', which no output"):
        read(X, {"wide": Y, "deep": Y, "more": Y}, outputs=TWO)


def test_several_outputs():
    outputs = (Slot("a", (None, 1)), Slot("b", (None, 1), needed=False))
    table = read(X, {"a": Y}, outputs=outputs)
    assert table.y[0] is Y and table.y[1] is None
    table = read(X, (Y, Y), {"b": np.ones(4)}, outputs=outputs)
    assert table.weights[0] is None and table.weights[1].tolist() == [1] * 4
    table = read(X, (Y, Y), np.ones((4, 1)), outputs=outputs)
    assert [w.shape for w in table.weights] == [(4,), (4,)]


def test_a_last_axis_of_one_is_added_or_dropped():
    assert read([1.0, 2.0], inputs=(Slot("x", (None, 1)),)).x[0].shape == (2, 1)
    images = np.zeros((2, 28, 28, 1))
    assert read(images, inputs=(Slot("x", (None, 28, 28)),)).x[0].shape == (2, 28, 28)


WRONG = [
    ({"x": None}, r"x: got None"),
    ({"x": X, "y": Y[:3]}, r"y: has 3 rows \(shape \(3,\)\), but x has 4 \(shape \(4, 3\)\)"),
    ({"x": X, "y": Y, "sample_weight": [1.0]}, r"sample_weight: has 1 rows.*but x has 4"),
    ({"x": X, "sample_weight": [1.0] * 4}, r"given without y"),
    ({"x": (X, X[:2]), "inputs": TWO}, r"x for 'deep': has 2 rows"),
    ({"x": X, "inputs": TWO}, r"got one ndarray, but the model has 2 inputs: \['wide', 'deep'\]"),
    ({"x": (X, X, X), "inputs": TWO}, r"got 3 arrays, but the model has 2 inputs"),
    ({"x": {"wide": X, "depe": X}, "inputs": TWO}, r"got the key 'depe'.*Did you mean 'deep'"),
    ({"x": {"wide": X}, "inputs": TWO}, r"the keys \['deep'\] are missing"),
    ({"x": [X, X], "inputs": ONE}, r"got a list of 2 arrays, but the model has one input, 'x'"),
    ({"x": X, "y": (Y, Y), "sample_weight": np.ones((4, 2)), "outputs": TWO},
     r"one array of shape \(4, 2\) for 2 outputs"),
]  # fmt: skip


@pytest.mark.parametrize(("arguments", "words"), WRONG, ids=[w[:25] for _, w in WRONG])
def test_what_does_not_fit_says_both_sides(arguments, words):
    with pytest.raises(DataError, match=words):
        read(**arguments)


def test_messages_say_where():
    with pytest.raises(DataError, match=r"^validation_data, y: has 3 rows"):
        read(X, Y[:3], where="validation_data, ")


def test_frames_keep_their_column_names():
    pd = pytest.importorskip("pandas")
    assert read(pd.DataFrame(X, columns=list("abc"))).columns == [("a", "b", "c")]


def test_parts_of_nested_structures():
    paths = [("a",), ("b", 0), ("b", 1)]
    assert follow({"b": (2, 3), "a": 1}, paths) == [1, 2, 3]
    assert follow({"b": None}, paths) == [None] * 3
    assert follow(None, paths) == [None] * 3
    for other in (1, "abc", [1, (2, 3)], {"a": 1, "c": 2}, {"a": 1, "b": [2]}, {"b": {"p": 2}}):
        assert follow(other, paths) is None
    assert follow([1, [2, 3]], [(0,), (1, 0), (1, 1)]) == [1, 2, 3]
    assert follow([1, 2, 3], [(0,), (1, 0), (1, 1)]) is None


@pytest.mark.parametrize("x", [{"q": X, "c": X}, {"c": X}, [X, X]], ids=["key", "missing", "few"])
def test_data_of_another_structure_are_shown_that_of_the_model(x):
    inputs = [Slot("c", path=("c",)), Slot("q/0", path=("q", 0)), Slot("q/1", path=("q", 1))]
    with pytest.raises(DataError) as error:
        read(x, inputs=inputs)
    assert str(error.value).endswith("as the model has them, {'c': ..., 'q': [..., ...]}.")


def test_targets_alone_in_a_list_are_the_targets() -> None:
    x, y = np.zeros((5, 3)), np.arange(5)
    for listed in ([y], (y,), [y[:, np.newaxis]]):
        table = read([x], listed)
        assert table.y[0] is not None and len(table.y[0]) == 5
    one = read(x[:1], [np.ones(3)])  # a row of three targets
    assert one.y[0] is not None and one.y[0].shape == (1, 3)
