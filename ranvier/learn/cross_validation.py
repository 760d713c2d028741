"""cross_validate: one model, several folds, all of them trained at once."""

from __future__ import annotations

import warnings
from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np

from ranvier.errors import DataWarning

from .apart import run_apart, where
from .builder import Builder
from .fold import folds_of
from .fold_scores import CrossValidation
from .kind import has_classes
from .preprocessing import check_transformer
from .rows import count, settled, settled_pair
from .score import check_scoring, numbers_of_folds
from .task import Found, Task, check_callbacks, tell_order, trained


def cross_validate(
    model: Any,
    x: Any,
    y: Any = None,
    *,
    cv: Any = 5,
    epochs: int = 1,
    batch_size: int | None = 32,
    groups: Any = None,
    preprocessing: Any = None,
    scoring: Any = None,
    repeats: int = 1,
    seed: int | Sequence[int] | None = None,
    validation_split: float = 0.0,
    validation_data: Any = None,
    callbacks: Any = None,
    sample_weight: Any = None,
    class_weight: Any = None,
    shuffle: bool = True,
    return_models: bool = False,
    return_train_score: bool = False,
    return_predictions: bool = True,
    verbose: Any = "auto",
    n_jobs: int | None = None,
    backend: Any = None,
) -> CrossValidation:
    """Train a model of its own on each fold, all at once, and score it on the rows left out.

    Weights are drawn anew in each fold, and preprocessing is fitted anew on the rows that train,
    as are layers of the model that learn from data (`Normalization`, ...), so that nothing of the
    rows that test leaks in. Model k is, bit for bit, the one that these lines make:

        utils.set_random_seed(result.folds[k].seed)
        model = build()
        utils.set_random_seed(result.folds[k].seed)
        model.fit(x[result.folds[k].train], y[result.folds[k].train], ...)

    Args:
        model: a compiled model, of whose layers and `compile` new ones are made, or a function
            without arguments that makes a compiled model.
        x, y: the data: arrays, frames, or several of them as for `fit`.
        cv: how many folds, any splitter of scikit-learn, or pairs of row numbers (train, test).
            A number means StratifiedKFold for a model with a crossentropy, else KFold, both
            unshuffled as in scikit-learn; with repeats, shuffled with the seed of the repeat.
        epochs, batch_size, class_weight, shuffle, validation_data: as for `fit`.
        groups: a group a row, for splitters that keep groups together.
        preprocessing: a scikit-learn transformer or pipeline of them, fitted in each fold.
        scoring: None for loss and metrics of the model as `evaluate` gives them; else as in
            scikit-learn: a name, a function (estimator, x, y), a list of names, or a dict. A score
            that fails in some folds, for instance where a class is missing, is NaN there.
        repeats: how often all folds are done, with other seeds; default 1.
        seed: what weights, orders of rows and repeats depend on: an int, or one an int each
            repeat. Default: drawn from NumPy's generator, which `utils.set_random_seed` sets.
        validation_split: the part of the rows that train, their last ones, to validate on after
            each epoch, for instance to stop early; preprocessing does not see it either.
        callbacks: callbacks, copied for each fold, or a function that makes a list of them, which
            those that write files need.
        sample_weight: a weight a row; it counts in training and in `evaluate`, not in `scoring`.
        return_models: whether to keep the trained models.
        return_train_score: whether to score on the rows that train, too.
        return_predictions: whether to keep the outputs for the rows left out; default True.
        verbose: 1 one display for all folds, 0 nothing, 2 a line a fold; "auto" 1.
        n_jobs: None: one native job on `config.threads()` threads. A number: joblib's jobs, each
            training a fold on one thread.
        backend: a backend of joblib, for instance "loky", "threading" or "dask"; the one of
            `joblib.parallel_config` counts, too.

    Returns: a `CrossValidation`: scores, mean, std, histories, models, predictions, a table. After
        Ctrl-C it has the folds that were trained to their end, and a warning says so.

    Raises:
        ArgumentError: if an argument does not fit, before anything is trained.
        KeyboardInterrupt: on Ctrl-C before any fold was done.

    Example:
        >>> import ranvier
        >>> ranvier.utils.set_random_seed(1)
        >>> x, y = np.arange(40.0).reshape(20, 2) / 40, np.arange(20) // 10
        >>> def build():
        ...     net = ranvier.Sequential([ranvier.layers.Dense(1, "sigmoid")])
        ...     net.compile("adam", "binary_crossentropy", metrics=["accuracy"])
        ...     return net
        >>> result = cross_validate(build, x, y, cv=4, epochs=2, verbose=0)
        >>> list(result.scores), result.scores["accuracy"].shape, result.predictions.shape
        (['loss', 'accuracy'], (4,), (20, 1))

    Source: sklearn.model_selection.cross_validate, whose splits these are.
    """
    place = "cross_validate"
    builder = Builder(model, place)
    x, y = settled_pair(x, y)
    sample_weight = settled(sample_weight, "sample_weight")
    check_transformer(preprocessing, place)
    check_callbacks(callbacks, place)
    if validation_data is None:
        tell_order(y, validation_split, place)
    example = builder.example()
    check_scoring(scoring, example, place)
    folds = folds_of(x, y, cv, groups, repeats, seed, has_classes(example), place)
    fit = {"epochs": epochs, "batch_size": batch_size, "class_weight": class_weight,
           "shuffle": shuffle, "validation_data": validation_data}  # fmt: skip
    task = Task(
        builder, x, y, sample_weight, preprocessing, scoring, fit, callbacks, validation_split,
        return_models, return_train_score, return_predictions, place,
    )  # fmt: skip
    jobs = where(n_jobs, backend, place)
    found: list[Found] = []
    stopped = _collect(
        task.run(folds, verbose=verbose) if jobs is None
        else run_apart(trained, task.sent(), folds, jobs, verbose, "fold"), found, len(folds), place
    )  # fmt: skip
    return _result(found, task, count(x), stopped)


def _collect(source: Iterator[Found], found: list[Found], total: int, place: str) -> bool:
    """Take what comes; say whether Ctrl-C ended it."""
    try:
        found.extend(source)
    except KeyboardInterrupt:
        if not found:
            raise
        warnings.warn(
            f"{place}: interrupted; {len(found)} of {total} folds are done, and the result has "
            "these.", DataWarning, stacklevel=3,
        )  # fmt: skip
        return True
    return False


def _result(found: list[Found], task: Task, rows: int, stopped: bool) -> CrossValidation:
    found.sort(key=lambda one: one.fold.number)
    scored = [one.fold for one in found]
    train_scores = [one.train_scores for one in found if one.train_scores is not None]
    return CrossValidation(
        scored,
        numbers_of_folds([one.scores for one in found], scored, task.place),
        [one.history for one in found],
        numbers_of_folds(train_scores, scored, task.place),
        [one.model for one in found if one.model is not None],
        [one.transformer for one in found if one.transformer is not None],
        _gathered(found, rows) if task.keep_predictions else None,
        stopped,
    )


def _gathered(found: Sequence[Found], rows: int) -> Any:
    """Return the outputs of all folds in the order of the rows: means where there are several."""
    first = found[0].prediction
    if isinstance(first, dict):
        return {name: _one([one.prediction[name] for one in found], found, rows) for name in first}
    if isinstance(first, (list, tuple)):
        return [_one([one.prediction[k] for one in found], found, rows) for k in range(len(first))]
    return _one([one.prediction for one in found], found, rows)


def _one(parts: Sequence[np.ndarray], found: Sequence[Found], rows: int) -> np.ndarray:
    total = np.zeros((rows, *parts[0].shape[1:]), np.float64)
    times = np.zeros(rows, np.int64)
    for part, one in zip(parts, found, strict=True):
        total[one.fold.test] += part
        times[one.fold.test] += 1
    result = np.full(total.shape, np.nan, parts[0].dtype)
    seen = times > 0
    result[seen] = total[seen] / times[seen].reshape(-1, *[1] * (total.ndim - 1))
    return result
