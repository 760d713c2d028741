"""Fashion-MNIST: 70,000 grey images of clothes, 28 by 28 pixels, in ten classes."""

from __future__ import annotations

import numpy as np

from ranvier.datasets import idx
from ranvier.datasets.source import KERAS_URL, Source, read

SOURCE = Source(
    name="fashion-mnist",
    title="Fashion-MNIST",
    contents="60,000 training and 10,000 test images, 28x28, uint8; 10 classes",
    licence="MIT, copyright 2017 Zalando SE",
    homepage="https://github.com/zalandoresearch/fashion-mnist",
    package="dataset-fashion-mnist",
    keras_folder="fashion-mnist",
    files=idx.files(
        KERAS_URL,
        (
            "3aede38d61863908ad78613f6a32ed271626dd12800ba2636569512369268a84",
            "c59f468a2f672dc815687fe0f83887768d799fd8a3f3276145d20f83aa44d888",
        ),
        (
            "a04f17134ac03560a47e3764e11b92fc97de4d1bfaf8ba1a3aa29af54cc90845",
            "bad3541b69d912435c50bb6ba87bec294ff4f6a2e1246121d8633921760443d9",
        ),
        (
            "346e55b948d973a97e58d2351dde16a484bd415d4595297633bb08f03db6a073",
            "5b4141f0afbad91edebe8549f8fcffe087ea10ca49f1dbef5c9a5cd8815ce37b",
        ),
        (
            "67da17c76eaffca5446c3361aaab5c3cd6d1c2608764d35dfb1850b086bf8dd5",
            "0402a96d92fd2663957122ceb108a494c5af83dab82d92729df917d7dec38c34",
        ),
    ),
)

class_names = [
    "T-shirt/top",
    "Trouser",
    "Pullover",
    "Dress",
    "Coat",
    "Sandal",
    "Shirt",
    "Sneaker",
    "Bag",
    "Ankle boot",
]


def load_data() -> tuple[tuple[np.ndarray, np.ndarray], tuple[np.ndarray, np.ndarray]]:
    """Load Fashion-MNIST.

    Looked for in Ranvier's cache, Keras' cache, Debian's package `dataset-fashion-mnist` and the
    folders that the environment names in `RANVIER_DATA`; then downloaded. Every file is checked
    against its SHA-256.

    Shape: images (60000, 28, 28) and (10000, 28, 28), labels (60000,) and (10000,).
    Returns:
        `(x_train, y_train), (x_test, y_test)`, arrays of uint8; `class_names[y]` names a label.
    Raises:
        DatasetError: a file is neither at hand nor to be had.
    Example:
        >>> from ranvier.datasets import fashion_mnist
        >>> (x_train, y_train), (x_test, y_test) = fashion_mnist.load_data()
        >>> x_train.shape, fashion_mnist.class_names[y_train[0]]
        ((60000, 28, 28), 'Ankle boot')

    Source: Xiao, Rasul and Vollgraf 2017, arXiv 1708.07747; equals
    `keras.datasets.fashion_mnist.load_data`, but for the arrays being writable.
    """
    x_train, y_train, x_test, y_test = (
        idx.parse(read(SOURCE, file), f"{SOURCE.title}, '{file.name}'") for file in SOURCE.files
    )
    return (x_train, y_train), (x_test, y_test)
