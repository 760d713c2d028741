"""CIFAR-100: 60,000 colour pictures of 32 by 32 pixels, in 100 classes."""

from __future__ import annotations

import numpy as np

from ranvier.datasets.cifar import batches
from ranvier.datasets.source import File, Source
from ranvier.graph.errors import ArgumentError

SOURCE = Source(
    name="cifar100",
    title="CIFAR-100",
    contents="50,000 training and 10,000 test pictures, 32x32x3, uint8; 100 classes",
    licence="no licence given; Alex Krizhevsky asks to be cited (2009)",
    homepage="https://www.cs.toronto.edu/~kriz/cifar.html",
    files=(
        File(
            "cifar-100-python.tar.gz",
            "85cd44d02ba6437773c5bbd22e183051d648de2e7d6b014e1ef29b855ba677a7",
            169_001_437,
            "https://www.cs.toronto.edu/~kriz/cifar-100-python.tar.gz",
            others=("cifar-100-python-target_archive",),
        ),
    ),
)


def load_data(
    label_mode: str = "fine",
) -> tuple[tuple[np.ndarray, np.ndarray], tuple[np.ndarray, np.ndarray]]:
    """Load CIFAR-100; found in the places that `mnist.load_data` names.

    Args:
        label_mode: "fine" (default) for the 100 classes, "coarse" for their 20 families.
    Shape: pictures (50000, 32, 32, 3) and (10000, 32, 32, 3), labels (50000, 1) and (10000, 1).
    Returns:
        `(x_train, y_train), (x_test, y_test)`, arrays of uint8 (Keras has labels of int64).
    Raises:
        ArgumentError: for another label_mode.
        DatasetError: neither at hand nor to be had, or not of the expected form.

    Source: Krizhevsky 2009; equals `keras.datasets.cifar100.load_data`.
    """
    if label_mode not in ("fine", "coarse"):
        raise ArgumentError(
            f"cifar100.load_data, `label_mode`: got {label_mode!r}, expected 'fine' or 'coarse'."
        )
    label = f"{label_mode}_labels".encode()
    x_train, y_train = batches(SOURCE, ("cifar-100-python/train",), label)
    x_test, y_test = batches(SOURCE, ("cifar-100-python/test",), label)
    return (x_train, y_train), (x_test, y_test)
