"""IMDB: 50,000 film reviews as rows of word ranks, each good or bad."""

from __future__ import annotations

import numpy as np

from ranvier.datasets.source import KERAS_URL, File, Source, read_named
from ranvier.datasets.unpickle import read_npz
from ranvier.datasets.word_rows import limited, marked, word_index

_SHA256 = "69664113be75683a8fe16e3ed0ab59fda8886cb3cd7ada244f7d9544e4676b9f"
# Published with an MD5 alone.
_INDEX_MD5 = "bfafd718b763782e994055a2d397834f"

SOURCE = Source(
    name="imdb",
    title="IMDB",
    contents="25,000 training and 25,000 test reviews, lists of word ranks; 2 classes",
    licence="no licence given; Andrew Maas et al. ask to be cited (ACL 2011)",
    homepage="https://ai.stanford.edu/~amaas/data/sentiment/",
    files=(File("imdb.npz", _SHA256, 17_464_789, KERAS_URL + "imdb.npz"),),
)

_INDEX = File("imdb_word_index.json", _INDEX_MD5, 1_641_221, KERAS_URL + "imdb_word_index.json")


def load_data(
    path: str = "imdb.npz",
    num_words: int | None = None,
    skip_top: int = 0,
    maxlen: int | None = None,
    seed: int = 113,
    start_char: int | None = 1,
    oov_char: int | None = 2,
    index_from: int | None = 3,
) -> tuple[tuple[np.ndarray, np.ndarray], tuple[np.ndarray, np.ndarray]]:
    """Load the reviews, shuffled; found in the places that `mnist.load_data` names.

    Args:
        path: another name of `imdb.npz`, relative to the folders searched or absolute.
        num_words: keep the most frequent words alone; default None, all but the rarest.
        skip_top: leave out so many of the most frequent ones; default 0.
        maxlen: keep texts with fewer words alone; default None.
        seed: of the shuffle.
        start_char: what each text begins with; default 1, None for nothing.
        oov_char: what stands for words left out; default 2, None for nothing.
        index_from: the most frequent word has this number plus 1; default 3.

    Returns:
        `(x_train, y_train), (x_test, y_test)`: arrays of lists of ints, and of 1 (good) and 0.
    Raises:
        ArgumentError: if no review is shorter than maxlen.
        DatasetError: neither at hand nor to be had, or not of the expected form.

    Source: Maas et al. 2011; equals `keras.datasets.imdb.load_data`.
    """
    content = read_named(SOURCE, SOURCE.files[0], path)
    names = ("x_train", "y_train", "x_test", "y_test")
    x_train, y_train, x_test, y_test = read_npz(content, names, "IMDB, 'imdb.npz'")
    # One generator orders both halves in Keras.
    random = np.random.RandomState(seed)
    train, test = np.arange(len(x_train)), np.arange(len(x_test))
    random.shuffle(train)
    random.shuffle(test)
    how = start_char, index_from, maxlen, "imdb.load_data"
    first, y_train = marked(x_train[train], y_train[train], *how)
    second, y_test = marked(x_test[test], y_test[test], *how)
    rows = limited(first + second, num_words, skip_top, oov_char)
    return (rows[: len(first)], y_train), (rows[len(first) :], y_test)


def get_word_index(path: str = "imdb_word_index.json") -> dict[str, int]:
    """Return the rank of each word: 1 for the most frequent one.

    In the data a word has its rank plus `index_from`.

    Args:
        path: another name of the file, relative to the folders searched or absolute.
    Raises:
        DatasetError: neither at hand nor to be had.

    Source: equals `keras.datasets.imdb.get_word_index`.
    """
    return word_index(SOURCE, _INDEX, path)
