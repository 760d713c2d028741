"""CIFAR-10: 60,000 colour pictures of 32 by 32 pixels, in 10 classes."""

from __future__ import annotations

import numpy as np

from ranvier.datasets.cifar import batches
from ranvier.datasets.source import File, Source

SOURCE = Source(
    name="cifar10",
    title="CIFAR-10",
    contents="50,000 training and 10,000 test pictures, 32x32x3, uint8; 10 classes",
    licence="no licence given; Alex Krizhevsky asks to be cited (2009)",
    homepage="https://www.cs.toronto.edu/~kriz/cifar.html",
    files=(
        File(
            "cifar-10-python.tar.gz",
            "6d958be074577803d12ecdefd02955f39262c83c16fe9348329d7fe0b5c001ce",
            170_498_071,
            "https://www.cs.toronto.edu/~kriz/cifar-10-python.tar.gz",
            others=("cifar-10-batches-py-target_archive",),
        ),
    ),
)


def load_data() -> tuple[tuple[np.ndarray, np.ndarray], tuple[np.ndarray, np.ndarray]]:
    """Load CIFAR-10; found in the places that `mnist.load_data` names.

    Classes: airplane, automobile, bird, cat, deer, dog, frog, horse, ship, truck.

    Shape: pictures (50000, 32, 32, 3) and (10000, 32, 32, 3), labels (50000, 1) and (10000, 1).
    Returns:
        `(x_train, y_train), (x_test, y_test)`, arrays of uint8.
    Raises:
        DatasetError: neither at hand nor to be had, or not of the expected form.

    Source: Krizhevsky 2009; equals `keras.datasets.cifar10.load_data`.
    """
    folder = "cifar-10-batches-py"
    train = tuple(f"{folder}/data_batch_{i}" for i in range(1, 6))
    x_train, y_train = batches(SOURCE, train, b"labels")
    x_test, y_test = batches(SOURCE, (f"{folder}/test_batch",), b"labels")
    return (x_train, y_train), (x_test, y_test)
