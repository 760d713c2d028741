"""Reuters: 11,228 newswires as rows of word ranks, each of one of 46 topics."""

from __future__ import annotations

import numpy as np

from ranvier.datasets.source import KERAS_URL, File, Source, read_named
from ranvier.datasets.split import check_split, order
from ranvier.datasets.unpickle import read_npz
from ranvier.datasets.word_rows import limited, marked, word_index

_SHA256 = "d6586e694ee56d7a4e65172e12b3e987c03096cb01eab99753921ef915959916"
# Published with an MD5 alone.
_INDEX_MD5 = "4d44cc38712099c9e383dc6e5f11a921"

SOURCE = Source(
    name="reuters",
    title="Reuters newswires",
    contents="11,228 newswires, lists of word ranks; 46 topics",
    licence="free for research; copyright Reuters Ltd. (Reuters-21578)",
    homepage="https://archive.ics.uci.edu/dataset/137/reuters+21578",
    files=(File("reuters.npz", _SHA256, 2_110_848, KERAS_URL + "reuters.npz"),),
)

_INDEX = File("reuters_word_index.json", _INDEX_MD5, 550_378, KERAS_URL + "reuters_word_index.json")

_LABELS = """
cocoa grain veg-oil earn acq wheat copper housing money-supply coffee sugar trade reserves
ship cotton carcass crude nat-gas cpi money-fx interest gnp meal-feed alum oilseed gold tin
strategic-metal livestock retail ipi iron-steel rubber heat jobs lei bop zinc orange pet-chem dlr
gas silver wpi hog lead
"""


def load_data(
    path: str = "reuters.npz",
    num_words: int | None = None,
    skip_top: int = 0,
    maxlen: int | None = None,
    test_split: float = 0.2,
    seed: int = 113,
    start_char: int | None = 1,
    oov_char: int | None = 2,
    index_from: int | None = 3,
) -> tuple[tuple[np.ndarray, np.ndarray], tuple[np.ndarray, np.ndarray]]:
    """Load the newswires, shuffled and split; found in the places that `mnist.load_data` names.

    Args:
        path: another name of `reuters.npz`, relative to the folders searched or absolute.
        num_words: keep the most frequent words alone; default None, all but the rarest.
        skip_top: leave out so many of the most frequent ones; default 0.
        maxlen: keep texts with fewer words alone; default None.
        test_split: the share of rows kept for the test, 0 <= test_split < 1; default 0.2.
        seed: of the shuffle.
        start_char: what each text begins with; default 1, None for nothing.
        oov_char: what stands for words left out; default 2, None for nothing.
        index_from: the most frequent word has this number plus 1; default 3.

    Returns:
        `(x_train, y_train), (x_test, y_test)`: arrays of lists of ints, and of topics.
    Raises:
        ArgumentError: if no newswire is shorter than maxlen; a test_split outside [0, 1).
        DatasetError: neither at hand nor to be had, or not of the expected form.

    Source: Reuters-21578 (Lewis 1997); equals `keras.datasets.reuters.load_data`.
    """
    check_split(test_split, "reuters.load_data")
    content = read_named(SOURCE, SOURCE.files[0], path)
    x, y = read_npz(content, ("x", "y"), "Reuters, 'reuters.npz'")
    shuffled = order(len(x), seed)
    rows, labels = marked(
        x[shuffled], y[shuffled], start_char, index_from, maxlen, "reuters.load_data"
    )
    words = limited(rows, num_words, skip_top, oov_char)
    cut = int(len(words) * (1 - test_split))
    return (words[:cut], labels[:cut]), (words[cut:], labels[cut:])


def get_word_index(path: str = "reuters_word_index.json") -> dict[str, int]:
    """Return the rank of each word: 1 for the most frequent one.

    In the data a word has its rank plus `index_from`.

    Args:
        path: another name of the file, relative to the folders searched or absolute.
    Raises:
        DatasetError: neither at hand nor to be had.

    Source: equals `keras.datasets.reuters.get_word_index`.
    """
    return word_index(SOURCE, _INDEX, path)


def get_label_names() -> tuple[str, ...]:
    """Return the names of the 46 topics, in the order of the labels.

    Example:
        >>> from ranvier.datasets import reuters
        >>> reuters.get_label_names()[3]
        'earn'

    Source: equals `keras.datasets.reuters.get_label_names`.
    """
    return tuple(_LABELS.split())
