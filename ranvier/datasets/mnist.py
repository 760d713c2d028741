"""MNIST: 70,000 grey images of handwritten digits, 28 by 28 pixels."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from ranvier.datasets import idx
from ranvier.datasets.source import KERAS_URL, File, Source, read, read_local
from ranvier.datasets.unpickle import read_npz

_IDX_URL = "https://storage.googleapis.com/cvdf-datasets/mnist/"

# One file, as Keras keeps it.
SOURCE = Source(
    name="mnist",
    title="MNIST",
    contents="60,000 training and 10,000 test images, 28x28, uint8; 10 classes",
    licence="CC BY-SA 3.0, Yann LeCun, Corinna Cortes and Christopher J. C. Burges",
    homepage="http://yann.lecun.com/exdb/mnist/",
    files=(
        File(
            name="mnist.npz",
            sha256="731c5ac602752760c8e48fbffcf8c3b850d9dc2a2aedcf2cc48468fc17b673d1",
            content_size=11_490_434,
            url=KERAS_URL + "mnist.npz",
        ),
    ),
)

# The same data in the four files of its authors, taken where they are at hand.
IDX_SOURCE = replace(
    SOURCE,
    keras_folder="mnist",
    files=idx.files(
        _IDX_URL,
        (
            "440fcabf73cc546fa21475e81ea370265605f56be210a4024d2ca8f203523609",
            "ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db",
        ),
        (
            "3552534a0a558bbed6aed32b30c495cca23d567ec52cac8be1a0730e8010255c",
            "65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5",
        ),
        (
            "8d422c7b0a1c1c79245a5bcf07fe86e33eeafee792b84584aec276f5a2dbc4e6",
            "0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7",
        ),
        (
            "f7ae60f92e00ec6debd23a6088c31dbd2371eca3ffa0defaefb259924204aec6",
            "ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2",
        ),
    ),
)


def load_data(
    path: str = "mnist.npz",
) -> tuple[tuple[np.ndarray, np.ndarray], tuple[np.ndarray, np.ndarray]]:
    """Load MNIST.

    Taken from Keras' `mnist.npz` or from the authors' four IDX files, packed or not, whichever is
    found first in Ranvier's cache, Keras' cache, a folder of the system or one that the
    environment names in `RANVIER_DATA`; else `mnist.npz` is downloaded. Every file is checked
    against its SHA-256.

    Args:
        path: another name of `mnist.npz`, relative to those folders or absolute.
    Shape: images (60000, 28, 28) and (10000, 28, 28), labels (60000,) and (10000,).
    Returns:
        `(x_train, y_train), (x_test, y_test)`, arrays of uint8.
    Raises:
        DatasetError: neither at hand nor to be had, or not of the expected form.

    Source: LeCun, Bottou, Bengio and Haffner 1998; equals `keras.datasets.mnist.load_data`.
    """
    file = replace(SOURCE.files[0], name=str(path))
    archive = read_local(SOURCE, file, [])
    if archive is None:
        arrays = _from_idx()
        if arrays is not None:
            return (arrays[0], arrays[1]), (arrays[2], arrays[3])
        archive = read(SOURCE, file)
    names = ("x_train", "y_train", "x_test", "y_test")
    x_train, y_train, x_test, y_test = read_npz(archive.tobytes(), names, "MNIST, 'mnist.npz'")
    return (x_train, y_train), (x_test, y_test)


def _from_idx() -> list[np.ndarray] | None:
    contents = [read_local(IDX_SOURCE, file, []) for file in IDX_SOURCE.files]
    if any(content is None for content in contents):
        return None
    return [
        idx.parse(content, f"{SOURCE.title}, '{file.name}'")
        for content, file in zip(contents, IDX_SOURCE.files, strict=True)
        if content is not None
    ]
