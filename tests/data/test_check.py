"""What can be seen before the first step."""

from __future__ import annotations

import warnings

import numpy as np
import pytest

from ranvier.data.check import check_batch, check_inputs, check_order, check_scale, check_training
from ranvier.data.table import Slot, read
from ranvier.graph.errors import DataError, DataWarning, ShapeError

IN = (Slot("x", (None, 4), layer="Dense 'hidden'"),)
OUT = (Slot("y", (None, 3), "Dense 'head'", "sparse_categorical_crossentropy"),)
RNG = np.random.default_rng(0)


def test_good_data_pass_in_silence():
    x, y = RNG.normal(size=(100, 4)), RNG.integers(0, 3, 100)
    check_training(read(x, y, np.ones(100)), IN, OUT, fraction=0.2)


SHAPES = [
    (
        (5, 3),
        r"got shape \(5, 3\), expected \(rows, 4\), the input of Dense 'hidden'.*4 features, "
        r"and x has 3",
    ),
    ((5, 2, 2), r"x.reshape\(-1, 4\) \(or put Flatten\(input_shape=\(2, 2\)\) first\)"),
    ((4,), r"got shape \(4,\).*This is one example; a batch of one is x\[np.newaxis\]"),
    ((5,), r"Give the same form"),
]
BATCHED = (Slot("x", (None, 64, 8)),)  # fmt: skip


@pytest.mark.parametrize(("shape", "words"), SHAPES, ids=[str(s) for s, _ in SHAPES])
def test_other_shapes_say_both_and_the_layer(shape, words):
    with pytest.raises(ShapeError, match=words):
        check_inputs([np.zeros(shape)], IN)


def test_rows_in_the_shape_of_an_input():
    with pytest.raises(ShapeError, match=r"counts the rows, leave it out .*Input\(\(8,\)\)"):
        check_inputs([np.zeros((64, 8))], BATCHED)


def test_axes_in_another_order_are_moved_not_reshaped():
    with pytest.raises(ShapeError, match=r"another order: write x\.transpose\(0, 2, 3, 1\)"):
        check_inputs([np.zeros((5, 3, 28, 28))], [Slot("x", (None, 28, 28, 3))])
    with pytest.raises(ShapeError, match=r"x\.transpose\(0, 2, 1\)"):
        check_inputs([np.zeros((5, 6, 4))], [Slot("x", (None, 4, 6))])


def test_one_picture_is_shown_as_it_came():
    slots = [Slot("x", (None, 28, 28, 1))]
    one = read(np.zeros((28, 28, 1)), None, inputs=slots).x
    with pytest.raises(ShapeError, match=r"got shape \(28, 28, 1\).*For one example give x\[np"):
        check_inputs(one, slots)
    assert read(np.zeros((5, 28, 28)), None, inputs=slots).x[0].shape == (5, 28, 28, 1)


def test_open_axes_fit_anything():
    check_inputs([np.zeros((2, 9, 5))], [Slot("x", (None, None, 5))])
    check_inputs([np.zeros((2, 9))], [Slot("x")])


def test_no_rows_and_no_features():
    with pytest.raises(DataError, match=r"x: has no rows \(shape \(0, 4\)\)"):
        check_inputs([np.zeros((0, 4))], IN)
    check_inputs([np.zeros((0, 4))], IN, empty=True)
    with pytest.raises(DataError, match="axis of size 0"):
        check_inputs([np.zeros((2, 0))], [Slot("x")])


def test_the_least_number_of_a_type_is_far_from_0() -> None:
    # Its absolute value is none of its type, where it stays below 0.
    with pytest.warns(DataWarning, match=r"column 0 has values of about 3.28e\+04"):
        check_scale(np.full((4, 2), -(2**15), np.int16))


def test_raw_images_are_pointed_out():
    images = RNG.integers(0, 256, (50, 28, 28), np.uint8)
    with pytest.warns(DataWarning, match=r"run from 0 to 255, as in raw images.*x / 255.0"):
        check_scale(images)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        check_scale(images / 255.0)
        check_scale(RNG.normal(size=(50, 4)))
        check_scale(np.zeros((5, 3), bool))
        check_scale(np.zeros((0, 3)))


def test_raw_features_name_their_column():
    x = RNG.normal(size=(50, 3))
    x[:, 1] += 1500
    with pytest.warns(DataWarning, match=r"column 'population' has values of about 1\.5e\+03"):
        check_scale(x, "x", ("a", "population", "b"))
    with pytest.warns(DataWarning, match=r"column 1 has values"):
        check_scale(x)
    table = read(x, np.zeros(50))
    slots = (Slot("x", (None, 3)),), (Slot("y", (None, 1), loss="mse"),)
    check_training(table, *slots, scaled=True)
    with pytest.warns(DataWarning, match="Normalization"):
        check_training(table, *slots)


def test_sorted_labels_and_a_split():
    y = np.repeat(np.arange(3), 20)
    with pytest.warns(DataWarning, match=r"labels are sorted, and validation_split takes the last "
                      r"20%"):  # fmt: skip
        check_order(y, 0.2)
    with pytest.warns(DataWarning, match="sorted"):
        check_order(np.eye(3)[y[::-1]], 0.2)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        check_order(y, 0.0)
        check_order(RNG.permutation(y), 0.2)
    with pytest.warns(DataWarning, match="all 60 rows have the label 1"):
        check_order(np.ones(60, int), 0.0)


def test_sorted_labels_of_one_unit_and_a_split():
    x, y = RNG.normal(size=(60, 4)), np.repeat([0, 1], 30)
    one, two = (Slot("y", (None, n), loss="binary_crossentropy") for n in (1, 2))
    with pytest.warns(DataWarning, match="labels are sorted"):
        check_training(read(x, y), IN, (one,), fraction=0.2)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        check_training(read(x, RNG.permutation(y)), IN, (one,), fraction=0.2)
        check_training(read(x, np.stack([y, 1 - y], 1)), IN, (two,), fraction=0.2)
    with pytest.warns(DataWarning, match="y: has NaN"):
        check_training(read(x, np.where(np.arange(60) == 3, np.nan, 0.0)), IN, (one,))


def test_nan_is_told_before_the_first_step():
    x, y = RNG.normal(size=(40, 4)), RNG.integers(0, 3, 40)
    x[7, 2] = np.nan
    with pytest.warns(DataWarning, match="x: has NaN.*column 2, row 7"):
        check_training(read(x, y), IN, OUT)
    target = np.where(np.arange(40) == 3, np.inf, 0.0)
    out = (Slot("y", (None, 1), loss="mse"),)
    with pytest.warns(DataWarning, match="y: has NaN or infinite values, row 3"):
        check_training(read(x[:, :1] * 0 + 1, target), (Slot("x"),), out)


def test_weights_below_zero():
    w = np.ones(40)
    w[5] = -1
    x = np.zeros((40, 4))
    with pytest.raises(DataError, match="sample_weight: row 5 has weight -1.0"):
        check_training(read(x, np.arange(40) % 3, w), IN, OUT)


def test_places_are_named():
    with pytest.raises(DataError, match="^validation_data, y: row 0 holds 7"):
        check_training(read(np.zeros((1, 4)), [7]), IN, OUT, where="validation_data, ")


def test_a_batch_of_a_stream():
    x, y = np.zeros((40, 4)), np.zeros(40, int)
    check_batch(read(x, y), IN, OUT, "x, batch 3: ")
    x[2, 1] = np.inf
    with pytest.warns(DataWarning, match=r"^x, batch 3: x: has NaN.*column 1, row 2"):
        check_batch(read(x, y), IN, OUT, "x, batch 3: ")
    with pytest.warns(DataWarning, match="column 0 has values of about 500"):
        check_batch(read(x[3:] + 500.0, y[3:]), IN, OUT, "x, batch 1: ", scaled=False)
    images = RNG.integers(0, 256, (8, 5, 5)).astype("uint8")
    with pytest.warns(DataWarning, match=r"^x, batch 1: x: .*raw images.*Give x / 255.0, or"):
        check_scale(images, "x, batch 1: x")
    with pytest.raises(DataError, match="^x, batch 3: y: row 0 holds 3"):
        check_batch(read(x, y + 3), IN, OUT, "x, batch 3: ")


def test_large_arrays_are_not_read_as_a_whole(monkeypatch):
    from ranvier.data import check

    monkeypatch.setattr(check, "WHOLE", 10)
    x = np.full((40, 4), np.nan)
    check_training(read(x, np.arange(40) % 3), IN, OUT)
