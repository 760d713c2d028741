"""Reshape, Flatten and InputLayer: sizes found, sizes refused."""

import numpy as np
import pytest

from ranvier.graph.errors import ShapeError
from ranvier.layers import Flatten, Input, InputLayer, Reshape


def test_one_size_is_found_from_the_rest() -> None:
    x = np.arange(12.0).reshape(1, 12)
    assert Reshape((2, -1, 2))(x).shape == (1, 2, 3, 2)
    assert Reshape((-1,))(Input((3, 4))).shape == (None, 12)
    assert Reshape([12])(x).tolist() == x.tolist()


@pytest.mark.parametrize("target", [(5,), (5, -1), (0, -1)])
def test_a_row_that_does_not_fit_is_refused(target: tuple[int, ...]) -> None:
    with pytest.raises(ShapeError, match=r"Reshape 'reshape': a row of shape \(12,\) holds 12"):
        Reshape(target)(Input((12,)))


def test_flatten_keeps_integers() -> None:
    images = np.arange(8, dtype=np.uint8).reshape(2, 2, 2)
    y = Flatten()(images)
    assert y.tolist() == [[0, 1, 2, 3], [4, 5, 6, 7]] and y.dtype == np.int32
    assert Flatten()(Input((28, 28), dtype="uint8")).dtype == "int32"


def test_inputs_in_every_spelling() -> None:
    assert Input(3).shape == Input((3,)).shape == Input([3]).shape == (None, 3)
    assert Input((3,), batch_size=4).shape == (4, 3) == Input(batch_shape=(4, 3)).shape
    assert Input((None, 5)).shape == (None, None, 5)
    old = InputLayer(input_shape=[28, 28], name="images")
    assert old.output.shape == (None, 28, 28) and old.input is old.output
    assert old.get_config()["batch_shape"] == (None, 28, 28) and old.built
    assert Input(tensor=old.output) is old.output
    assert Input((2,), dtype="int64").dtype == "int64"
