"""The files in a folder with their labels: found, shuffled and split as Keras does."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from ..data import Dataset
from ..graph.array import Array
from ..graph.dtype import floatx
from ..graph.errors import ArgumentError, DatasetError
from ..graph.number import check_numbers
from ..graph.path import path_of
from ..graph.whole import seed_of, whole


@dataclass(frozen=True)
class Index:
    """Paths of files, and the label of each (None for none), with the names of the classes."""

    paths: list[str]
    labels: np.ndarray | None
    class_names: list[str] | None

    def part(self, rows: slice) -> Index:
        """Return some of the files."""
        labels = None if self.labels is None else self.labels[rows]
        return Index(self.paths[rows], labels, self.class_names)


class FolderDataset(Dataset):
    """Batches of a folder's files.

    Attributes:
        class_names: names of the classes, in the order of the labels.
        file_paths: the files, in the order of the first pass.
    """

    class_names: list[str] | None
    file_paths: list[str]


def index_of(
    directory: Any, labels: Any, class_names: Sequence[str] | None, endings: tuple[str, ...],
    follow_links: bool, place: str, verbose: bool,
) -> Index:  # fmt: skip
    """Return the files of a folder, in the order of their names.

    Raises:
        ArgumentError: if there are none, or labels and class names do not fit.
        DatasetError: if there is no such folder.
    """
    root = path_of(place, "directory", directory)
    if not os.path.isdir(root):
        what = "it is a file" if os.path.exists(root) else "there is none"
        raise DatasetError(
            f"{place}, `directory`: got {root!r}, expected a folder, but {what}. Relative paths "
            f"begin in {os.getcwd()!r}."
        )
    inferred = isinstance(labels, str) and labels == "inferred"
    names = _class_folders(root, class_names, place) if inferred else [""]
    if not inferred and class_names is not None:
        raise ArgumentError(f"{place}, `class_names`: they go with labels='inferred' only.")
    paths: list[str] = []
    found: list[int] = []
    for number, name in enumerate(names):
        files = list(_files(os.path.join(root, name), endings, follow_links))
        paths += files
        found += [number] * len(files)
    if not paths:
        raise ArgumentError(
            f"{place}, `directory`: there is no file that ends in {', '.join(endings)} in {root!r}."
        )
    if inferred:
        kept: Any = np.array(found, "int32")
    elif labels is None:
        kept, names = None, []
    else:
        kept = _given(labels, len(paths), f"{place}, `labels`", root)
        names = [str(label) for label in np.unique(kept)]
    if verbose:
        what = "" if labels is None else f" belonging to {len(names)} classes"
        print(f"Found {len(paths)} files{what}.")
    return Index(paths, kept, None if labels is None else list(names))


def _given(labels: Any, count: int, place: str, root: str) -> np.ndarray:
    """Return the labels that a user gives for files."""
    given = np.asarray(labels) if isinstance(labels, (list, tuple, np.ndarray)) else None
    if given is None or given.shape != (count,):
        got = f"{labels!r:.60}" if given is None or given.ndim != 1 else len(given)
        raise ArgumentError(
            f"{place}: got {got} for the {count} files in {root!r}. Give 'inferred', None, or a "
            "list with one label a file, in the order of their names."
        )
    return given


def _class_folders(root: str, class_names: Sequence[str] | None, place: str) -> list[str]:
    folders = sorted(
        name for name in os.listdir(root)
        if os.path.isdir(os.path.join(root, name)) and not name.startswith(".")
    )  # fmt: skip
    if class_names is None:
        return folders
    missing = [name for name in class_names if name not in folders]
    if missing:
        raise ArgumentError(
            f"{place}, `class_names`: there is no folder {missing[0]!r} in {root!r}, only "
            f"{folders}."
        )
    return list(class_names)


def _files(folder: str, endings: tuple[str, ...], follow_links: bool) -> Iterator[str]:
    for root, _, files in sorted(os.walk(folder, followlinks=follow_links)):
        for name in sorted(files):
            if name.lower().endswith(endings):
                yield os.path.join(root, name)


def datasets_of(
    index: Index, read: Callable[[str], Any], label_mode: str | None, batch_size: int | None,
    shuffle: bool, seed: int | None, validation_split: float | None, subset: str | None, place: str,
) -> Any:  # fmt: skip
    """Return the batches of the files, or those of a subset, or of both.

    Raises:
        ArgumentError: for arguments that do not go together.
    """
    if label_mode not in ("int", "categorical", "binary", None):
        raise ArgumentError(
            f"{place}, `label_mode`: got {label_mode!r}, expected 'int', 'categorical', 'binary' "
            "or None."
        )
    classes = len(index.class_names or ())
    if label_mode == "binary" and classes != 2:
        raise ArgumentError(f"{place}, `label_mode`: 'binary' needs 2 classes, got {classes}.")
    if label_mode in ("categorical", "binary") and index.labels is not None:
        strange = [label for label in index.labels.tolist() if label not in range(classes)]
        if strange:
            raise ArgumentError(
                f"{place}, `labels`: got {strange[0]!r}, but label_mode={label_mode!r} needs ints "
                f"from 0 to {classes - 1}. Number them: names, labels = np.unique(labels, "
                "return_inverse=True)."
            )
    _check_split(validation_split, subset, shuffle, seed, place)
    size = None if batch_size is None else whole(f"{place}, `batch_size`", batch_size, 1)
    if seed is None:
        chosen = int(np.random.randint(1_000_000))
    else:
        chosen = seed_of(f"{place}, `seed`", seed)
    if shuffle:
        order = np.arange(len(index.paths))
        np.random.RandomState(chosen).shuffle(order)
        labels = None if index.labels is None else index.labels[order]
        index = Index([index.paths[i] for i in order], labels, index.class_names)
    count = int((validation_split or 0) * len(index.paths))
    parts = {"training": slice(0, len(index.paths) - count),
             "validation": slice(len(index.paths) - count, None), None: slice(None)}  # fmt: skip

    def made(name: str | None, mixed: bool) -> FolderDataset:
        part = index.part(parts[name])
        return _batches(part, read, label_mode, size, chosen if mixed else None)

    if subset == "both":
        return made("training", shuffle), made("validation", False)
    return made(subset, shuffle)


def _check_split(
    split: float | None, subset: str | None, shuffle: bool, seed: int | None, place: str
) -> None:
    if split is not None:
        check_numbers(place, validation_split=split)
    if split and not 0 < split < 1:
        raise ArgumentError(f"{place}, `validation_split`: got {split}, expected 0 < split < 1.")
    if bool(split) != (subset is not None):
        raise ArgumentError(f"{place}: give both `validation_split` and `subset`, or neither.")
    if subset not in ("training", "validation", "both", None):
        raise ArgumentError(
            f"{place}, `subset`: got {subset!r}, expected 'training', 'validation' or 'both'."
        )
    if split and shuffle and seed is None and subset != "both":
        raise ArgumentError(
            f"{place}, `seed`: a split of shuffled files needs one, so that the two parts never "
            "overlap."
        )


def _batches(
    index: Index, read: Callable[[str], Any], label_mode: str | None, size: int | None,
    seed: int | None,
) -> FolderDataset:  # fmt: skip
    labels = _encoded(index, label_mode)
    random = None if seed is None else np.random.RandomState(seed)

    def batches() -> Iterator[Any]:
        count = len(index.paths)
        order = np.arange(count) if random is None else random.permutation(count)
        for at in range(0, count, size or 1):
            rows = order[at : at + (size or 1)]
            x = Array.of(np.stack([np.asarray(read(index.paths[i])) for i in rows]))
            y = None if labels is None else Array.of(labels[rows])
            if size is None:
                x, y = x[0], None if y is None else y[0]
            yield x if y is None else (x, y)

    made = FolderDataset(batches, -(-len(index.paths) // (size or 1)))
    made.class_names, made.file_paths = index.class_names, index.paths
    return made


def _encoded(index: Index, mode: str | None) -> np.ndarray | None:
    if mode is None or index.labels is None:
        return None
    labels = index.labels
    if mode == "int":
        return labels.astype("int32") if labels.dtype.kind in "iu" else labels
    if mode == "binary":
        return labels.astype(floatx())[:, None]
    return np.eye(len(index.class_names or ()), dtype=floatx())[labels.astype(int)]
