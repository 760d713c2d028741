"""Boston housing: 506 districts with 13 features; the target is the median value of a house."""

from __future__ import annotations

import numpy as np

from ranvier.datasets.source import KERAS_URL, File, Source, read_named
from ranvier.datasets.split import check_split, order
from ranvier.datasets.unpickle import read_npz

SOURCE = Source(
    name="boston-housing",
    title="Boston housing",
    contents="506 rows of 13 features; the target is the median house value in 1,000 dollars",
    licence="public domain counts of the 1970 US census; published by StatLib without a licence",
    homepage="https://lib.stat.cmu.edu/datasets/boston",
    files=(
        File(
            "boston_housing.npz",
            "f553886a1f8d56431e820c5b82552d9d95cfcb96d1e678153f8839538947dff5",
            57_026,
            KERAS_URL + "boston_housing.npz",
        ),
    ),
)


def load_data(
    path: str = "boston_housing.npz", test_split: float = 0.2, seed: int = 113
) -> tuple[tuple[np.ndarray, np.ndarray], tuple[np.ndarray, np.ndarray]]:
    """Load Boston housing, shuffled and split; found in the places that `mnist.load_data` names.

    One of the features, "B", takes for granted that people prefer districts of their own skin
    colour. `california_housing` is the better choice where any data of houses will do.

    Args:
        path: another name of `boston_housing.npz`, relative to the folders searched or absolute.
        test_split: the share of rows kept for the test, 0 <= test_split < 1.
        seed: of the shuffle.
    Shape: x (rows, 13), y (rows,).
    Returns:
        `(x_train, y_train), (x_test, y_test)`, float64.
    Raises:
        ArgumentError: a test_split outside [0, 1).
        DatasetError: neither at hand nor to be had, or not of the expected form.

    Source: Harrison and Rubinfeld 1978; equals `keras.datasets.boston_housing.load_data`.
    """
    check_split(test_split, "boston_housing.load_data")
    content = read_named(SOURCE, SOURCE.files[0], path)
    x, y = read_npz(content, ("x", "y"), "Boston housing, 'boston_housing.npz'")
    shuffled = order(len(x), seed)
    x, y = x[shuffled], y[shuffled]
    cut = int(len(x) * (1 - test_split))
    return (x[:cut].copy(), y[:cut].copy()), (x[cut:].copy(), y[cut:].copy())
