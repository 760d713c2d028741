"""What all folds have in common, and how some of them are trained and scored."""

from __future__ import annotations

import copy
import math
import warnings
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from ranvier import callbacks as callbacks_room
from ranvier import config, fit_many
from ranvier.callbacks import Callback, History
from ranvier.errors import ArgumentError, ArgumentTypeError, DataError, DataWarning, ManyError

from .builder import Builder
from .fold import Fold, labels_of
from .model_parameters import called
from .number import is_number
from .preprocessing import adapt, fitted, transformed
from .rows import parts_of, sent, take
from .score import Scores, has_functions, scores_of

#: Folds that train at once may take about so many bytes together: preprocessed data and models.
ROOM = 1 << 30
#: A model with the numbers that its optimizer and its gradient keep, in times its weights.
_TIMES = 4


@dataclass
class Found:
    """What one fold gave."""

    fold: Fold
    scores: Scores
    history: History
    train_scores: Scores | None = None
    model: Any = None
    transformer: Any = None
    prediction: Any = None


@dataclass
class Task:
    """Trains and scores folds; it can be sent to another process."""

    builder: Builder
    x: Any
    y: Any
    sample_weight: Any = None
    preprocessing: Any = None
    scoring: Any = None
    fit: dict[str, Any] = field(default_factory=dict)
    callbacks: Any = None
    validation_split: float = 0.0
    keep_models: bool = False
    keep_train_scores: bool = False
    keep_predictions: bool = True
    place: str = "cross_validate"

    def run(
        self, folds: Sequence[Fold], threads: int | None = None, verbose: Any = 0
    ) -> Iterator[Found]:
        """Train folds together, and give what each found.

        Raises:
            KeyboardInterrupt: on Ctrl-C, after the folds that were trained to their end.
        """
        count = threads or config.threads()
        for ready in self._rooms(folds, count):
            stopped = self._train(ready, threads, verbose)
            done = [one for one in ready if stopped is None or one.end.reached]
            if count == 1 or len(done) < 2 or has_functions(self.scoring):
                yield from map(self._scored, done)
            else:
                with ThreadPoolExecutor(count) as pool:
                    yield from pool.map(self._scored_alone, done)
            if stopped is not None:
                raise stopped

    def _rooms(self, folds: Sequence[Fold], threads: int) -> Iterator[list[_Ready]]:
        """Give folds made ready, as many at once as their data and models leave room for."""
        room: list[_Ready] = []
        size = 0
        for fold in folds:
            room.append(self._ready(fold))
            size += room[-1].bytes
            if size > ROOM and len(room) >= threads:
                yield room
                room, size = [], 0
        if room:
            yield room

    def _ready(self, fold: Fold) -> _Ready:
        outside = self.fit.get("validation_data")
        fraction = 0.0 if outside is not None else self.validation_split
        train, held = parted(fold.train, fraction, self.place)
        x, transformer, size = self.x, None, 0
        if self.preprocessing is not None:
            transformer = fitted(self.preprocessing, x, self.y, train)
            x = transformed(transformer, x)
            size = sum(np.asarray(one).nbytes for one in parts_of(x) or [x])
            if outside is not None:
                outside = (transformed(transformer, outside[0]), *outside[1:])
        model = self.builder.make(fold.seed)
        adapt(model, x, train, self.place)
        size += _TIMES * sum(one.numpy().nbytes for one in model.weights)
        return _Ready(fold, model, x, train, held, outside, transformer, size)

    def _train(
        self, ready: Sequence[_Ready], threads: int | None, verbose: Any
    ) -> KeyboardInterrupt | None:
        """Train the models; return the Ctrl-C that ended it too early."""
        try:
            fit_many(
                [one.model for one in ready], self.x, self.y, sample_weight=self.sample_weight,
                rows=[one.train for one in ready],
                validation_rows=[one.held for one in ready],
                seeds=[one.fold.seed for one in ready],
                callbacks=[[*callbacks_of(self.callbacks, self.place), one.end] for one in ready],
                each=[{"x": one.x, "validation_data": one.outside} for one in ready],
                threads=threads, verbose=verbose, **self.fit,
            )  # fmt: skip
        except KeyboardInterrupt as stop:
            return stop
        except ManyError as error:
            place = min(error.errors)
            error.errors[place].add_note(f"{self.place}: in {ready[place].fold.name}.")
            raise error.errors[place] from error
        return None

    def _scored_alone(self, one: _Ready) -> Found:
        with config.threads_at_most(1):  # the other cores score other folds
            return self._scored(one)

    def _scored(self, one: _Ready) -> Found:
        found = Found(one.fold, self._scores(one, one.fold.test), plain(one.model.history))
        if self.keep_train_scores:
            found.train_scores = self._scores(one, one.fold.train)
        if self.keep_predictions:
            found.prediction = one.model.predict(
                take(one.x, one.fold.test), batch_size=self._batch(), verbose=0
            )
        if self.keep_models:
            found.model, found.transformer = one.model, one.transformer
        one.model, one.x = None, None  # memory stays flat
        return found

    def _scores(self, one: _Ready, rows: np.ndarray) -> Scores:
        labels = labels_of(self.y)  # of all rows: those of a fold may look like other targets
        return scores_of(
            one.model, take(one.x, rows), take(self.y, rows),
            None if labels is None else labels[rows], take(self.sample_weight, rows),
            self.scoring, self._batch(),
        )  # fmt: skip

    def _batch(self) -> int | None:
        return self.fit.get("batch_size")

    def sent(self) -> list[Any]:
        """Return the task's parts for `trained`, arrays apart: so they are sent only once."""
        bare = replace(self, x=None, y=None, sample_weight=None)
        return [bare, *map(sent, (self.x, self.y, self.sample_weight))]


def trained(task: Task, x: Any, y: Any, sample_weight: Any, fold: Fold) -> list[Found]:
    """Train and score one fold, on one thread."""
    return list(replace(task, x=x, y=y, sample_weight=sample_weight).run([fold], threads=1))


class End(Callback):
    """Notes that a model was trained to its end."""

    def __init__(self) -> None:
        super().__init__()
        self.reached = False

    def on_train_end(self, logs: Any = None) -> None:
        self.reached = True


@dataclass
class _Ready:
    """A fold with its model and its data."""

    fold: Fold
    model: Any
    x: Any
    train: np.ndarray
    held: np.ndarray | None
    outside: Any
    transformer: Any
    bytes: int
    end: End = field(default_factory=End)


def parted(rows: np.ndarray, fraction: float, place: str) -> tuple[np.ndarray, np.ndarray | None]:
    """Return the rows to train on and the last ones to validate on, as `fit` parts them.

    Raises:
        DataError: if either part would be empty.
    """
    if not fraction:
        return rows, None
    inside = is_number(fraction) and 0 < fraction < 1
    at = math.floor(len(rows) * (1.0 - fraction)) if inside else 0
    if at in (0, len(rows)):
        raise DataError(
            f"{place}, `validation_split`: {fraction!r} of the {len(rows)} rows that train leaves "
            "nothing to train on, or to validate on. Give a fraction between 0 and 1."
        )
    return rows[:at], rows[at:]


def tell_order(y: Any, fraction: float, place: str) -> None:
    """Warn where classes are sorted, so that the last rows, which validate, have other ones.

    It is said at the line that called the caller.
    """
    labels = labels_of(y) if fraction else None
    if labels is None or labels.dtype.kind not in "biu" or len(labels) <= 32:
        return
    before, after = labels[:-1], labels[1:]
    if labels[0] != labels[-1] and bool((before <= after).all() or (before >= after).all()):
        warnings.warn(
            f"{place}, `validation_split`: y is sorted, and the last rows validate, so training "
            "and validation see different classes. Shuffle x and y together first: order = "
            "np.random.permutation(len(x)); x, y = x[order], y[order].", DataWarning, stacklevel=3,
        )  # fmt: skip


def check_callbacks(given: Any, place: str) -> None:
    """Refuse callbacks whose copies would all write one file.

    Raises:
        ArgumentError: if there are such.
        ArgumentTypeError: if they are no callbacks.
    """
    for one in [] if given is None or _makes(given) else _listed(given, place):
        path = callbacks_room.path_written(one)
        if path is not None:
            name = type(one).__name__
            raise ArgumentError(
                f"{place}, `callbacks`: {name} is copied for each model, and all copies would "
                f"write {path!r}, so what the others wrote would be lost. Give a function without "
                "arguments that makes a model's callbacks, with a path of its own for each: "
                f"callbacks=lambda: [{name}(f'model-{{next(numbers)}}')], after numbers = "
                "itertools.count()."
            )


def callbacks_of(given: Any, place: str) -> list[Any]:
    """Return callbacks for one model: what a function makes, or copies of those given.

    Raises:
        ArgumentTypeError: if they are neither.
    """
    if given is None:
        return []
    if _makes(given):
        given = called(given, {}, f"{place}, `callbacks`", "It is called without arguments.")
    else:
        given = copy.deepcopy(given)
    return _listed(given, place)


def _makes(given: Any) -> bool:
    """Tell whether it is a function that makes callbacks."""
    return callable(given) and not isinstance(given, (type, callbacks_room.Callback))


def _listed(given: Any, place: str) -> list[Any]:
    """Return a list of what are callbacks."""
    found = list(given) if isinstance(given, (list, tuple)) else [given]
    for one in found:
        if not hasattr(one, "on_epoch_end") or isinstance(one, type):
            raise ArgumentTypeError(
                f"{place}, `callbacks`: got {one!r:.60}, expected callbacks, or a function that "
                "makes a list of them for each model."
            )
    return found


def without_validation(given: Any, place: str) -> list[Any]:
    """Return callbacks for a model that is not validated: those that watch something else."""
    found = callbacks_of(given, place)
    return [one for one in found if not str(getattr(one, "monitor", "")).startswith("val_")]


def plain(history: History) -> History:
    """Return a history that does not hold its model."""
    new = History()
    new.history, new.epoch, new.params = dict(history.history), list(history.epoch), history.params
    return new
