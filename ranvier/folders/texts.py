"""text_dataset_from_directory: batches of the texts in a folder."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from ..graph.whole import whole
from .index import datasets_of, index_of

_PLACE = "text_dataset_from_directory"


def text_dataset_from_directory(
    directory: Any,
    labels: Any = "inferred",
    label_mode: str | None = "int",
    class_names: Sequence[str] | None = None,
    batch_size: int | None = 32,
    max_length: int | None = None,
    shuffle: bool = True,
    seed: int | None = None,
    validation_split: float | None = None,
    subset: str | None = None,
    follow_links: bool = False,
    *,
    verbose: bool = True,
) -> Any:
    """Return batches of the texts in a folder, read when they are asked for.

    Args:
        directory: with a folder of `.txt` files for each class.
        max_length: cut texts after so many bytes; default None.
        labels, label_mode, class_names, batch_size, shuffle, seed, validation_split, subset,
            follow_links, verbose: as for `image_dataset_from_directory`.

    Shape: batches of (rows,), text.
    Returns: a Dataset with `class_names` and `file_paths`; a pair with subset="both".
    Raises:
        ArgumentError: if there are no texts, or arguments do not go together.

    Source: keras.utils.text_dataset_from_directory.
    """

    most = None if max_length is None else whole(f"{_PLACE}, `max_length`", max_length, 0)

    def read(path: str) -> str:
        return Path(path).read_bytes()[:most].decode("utf-8", "replace")

    index = index_of(directory, labels, class_names, (".txt",), follow_links, _PLACE, verbose)
    return datasets_of(
        index, read, label_mode, batch_size, shuffle, seed, validation_split, subset, _PLACE
    )
