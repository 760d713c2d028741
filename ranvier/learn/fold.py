"""Folds: which rows train a model and which test it, as scikit-learn's splitters say."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from ranvier.errors import ArgumentError

from .number import is_count
from .rows import count, parts_of
from .seed import base_seed, seed_of


@dataclass(frozen=True)
class Fold:
    """One model's share of the rows.

    Attributes:
        number: from 0, over all repeats.
        repeat: which repeat it belongs to, from 0.
        seed: what the model's weights and the order of its rows depend on.
        train, test: numbers of rows.
    """

    number: int
    repeat: int
    seed: int
    train: np.ndarray
    test: np.ndarray

    @property
    def name(self) -> str:
        """What displays call it."""
        return f"fold {self.number + 1}"


def folds_of(
    x: Any, y: Any, cv: Any, groups: Any, repeats: int, seed: Any, classes: bool, place: str
) -> list[Fold]:
    """Return the folds of all repeats.

    Args:
        x, y: the data.
        cv: how many folds, a splitter, or pairs (train, test).
        groups: handed to the splitter.
        repeats: how often all of it is done.
        seed: an int, None, or one int for each repeat.
        classes: whether a number of folds means stratified ones.
        place: how messages call the caller.
    """
    seeds = _seeds(seed, repeats, place)
    labels, rows = labels_of(y) if classes else None, count(x)
    stand_in = np.empty((rows, 0))  # splitters look at the number of rows alone
    pairs = _pairs(cv, stand_in, labels if labels is not None else _column(y), groups, seeds,
                   labels is not None, place)  # fmt: skip
    per = max(len(pairs) // len(seeds), 1)
    return [
        Fold(k, k // per, seed_of(seeds[k // per], k // per, k % per), train, test)
        for k, (train, test) in enumerate(pairs)
    ]


def _pairs(
    cv: Any, x: Any, y: Any, groups: Any, seeds: Sequence[int], classes: bool, place: str
) -> list[tuple[np.ndarray, np.ndarray]]:
    from sklearn import model_selection

    if isinstance(cv, type):
        raise ArgumentError(
            f"{place}, `cv`: got the class {cv.__name__}, expected a splitter: {cv.__name__}()."
        )
    shuffled = isinstance(cv, (int, np.integer)) and not isinstance(cv, bool) and len(seeds) > 1
    try:
        found_cv = model_selection.check_cv(cv, y, classifier=classes)
        splitters = [found_cv] * len(seeds)
        if shuffled:
            splitters = [type(found_cv)(cv, shuffle=True, random_state=s) for s in seeds]
        found = [pair for one in splitters for pair in one.split(x, y, groups)]
    except (ValueError, TypeError) as error:  # the latter of groups that have no order
        raise ArgumentError(f"{place}, `cv`: {error}") from error
    if not found:
        raise ArgumentError(f"{place}, `cv`: got no folds, expected at least one.")
    return [
        (_numbers(train, len(x), "trains", place), _numbers(test, len(x), "tests", place))
        for train, test in found
    ]


def _numbers(given: Any, rows: int, what: str, place: str) -> np.ndarray:
    """Return the numbers of a fold's rows; they may be given as a mask."""
    found = np.asarray(given)
    if found.dtype == bool and len(found) == rows:
        found = np.flatnonzero(found)
    if not found.size:
        raise ArgumentError(f"{place}, `cv`: a fold {what} on no rows, expected at least one.")
    if found.dtype.kind not in "iu" or found.min() < -rows or found.max() >= rows:
        raise ArgumentError(
            f"{place}, `cv`: got {found!r:.60} as the rows that a fold {what} on, expected numbers "
            f"below {rows}, or a mask of {rows} values."
        )
    return np.where(found < 0, found + rows, found)


def _seeds(seed: Any, repeats: int, place: str) -> list[int]:
    if not is_count(repeats):
        raise ArgumentError(f"{place}, `repeats`: got {repeats!r}, expected a positive int.")
    if isinstance(seed, (list, tuple, range)):
        if repeats not in (1, len(seed)) or not seed:
            raise ArgumentError(
                f"{place}, `seed`: got {len(seed)} of them, expected one for each of the "
                f"{repeats} repeats."
            )
        return [base_seed(one, place) for one in seed]
    first = base_seed(seed, place)
    return [first] if repeats == 1 else [seed_of(first, k) for k in range(repeats)]


def labels_of(y: Any) -> np.ndarray | None:
    """Return the class of each row, of labels or of rows with a single 1; None if there is none."""
    if y is None or parts_of(y) is not None:
        return None
    array = np.asarray(y)
    if array.dtype == object:  # of which scikit-learn does not tell what they are
        array = np.array(array.tolist())
    if array.ndim == 2 and array.shape[1] > 1:
        one_hot = bool(np.all((array == 0) | (array == 1)) and np.all(array.sum(axis=1) == 1))
        return array.argmax(axis=1) if one_hot else None
    return array.reshape(-1) if array.ndim == 1 or array.size == len(array) else None


def _column(y: Any) -> np.ndarray | None:
    return None if y is None or parts_of(y) is not None else np.asarray(y)
