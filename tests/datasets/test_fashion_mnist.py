"""Fashion-MNIST as the textbooks describe it."""

import numpy as np

from ranvier.datasets import fashion_mnist


def test_the_real_data_are_what_the_books_print() -> None:
    (x_train, y_train), (x_test, y_test) = fashion_mnist.load_data()
    assert (x_train.shape, y_train.shape) == ((60000, 28, 28), (60000,))
    assert (x_test.shape, y_test.shape) == ((10000, 28, 28), (10000,))
    assert {a.dtype for a in (x_train, y_train, x_test, y_test)} == {np.dtype(np.uint8)}
    assert y_train[:10].tolist() == [9, 0, 0, 3, 0, 2, 7, 2, 5, 5]
    assert y_test[:3].tolist() == [9, 2, 1]
    assert np.bincount(y_train).tolist() == [6000] * 10
    assert x_train.min() == 0 and x_train.max() == 255


def test_the_classes_have_names() -> None:
    names = [fashion_mnist.class_names[label] for label in (9, 2, 1)]
    assert names == ["Ankle boot", "Pullover", "Trouser"]
    assert len(set(fashion_mnist.class_names)) == 10
