"""search: many candidates, trained at once, compared, and written down as they end."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

import numpy as np

from ranvier import callbacks as callbacks_room
from ranvier.errors import ArgumentError, ArgumentTypeError

from . import wave as waves
from .apart import where
from .asha import asha
from .builder import Builder
from .course import Course
from .fold import folds_of
from .kind import has_classes
from .number import is_count, is_number
from .optuna_wave import with_optuna
from .preprocessing import check_transformer, fitted, transformed
from .record import Record, described, fingerprint, named
from .rows import count, settled_pair
from .runner import Runner, Split, own_params
from .search_result import SearchResult
from .seed import base_seed
from .space import Space
from .task import check_callbacks, parted, tell_order
from .wave import Await, Begin, Plan, Wave, rungs_of

#: Those that compare candidates before they have had all epochs.
_RUNGS = ("halving", "asha")
_PLACE = "search"


def search(
    build: Any,
    space: dict[str, Any],
    x: Any,
    y: Any = None,
    *,
    method: Any = "random",
    trials: int = 20,
    epochs: int = 10,
    batch_size: int | None = 32,
    objective: str = "val_loss",
    mode: str = "auto",
    validation_split: float = 0.2,
    validation_data: Any = None,
    cv: Any = None,
    groups: Any = None,
    preprocessing: Any = None,
    callbacks: Any = None,
    sample_weight: Any = None,
    class_weight: Any = None,
    shuffle: bool = True,
    seed: int | None = None,
    budget: float | None = None,
    folder: str | os.PathLike[str] | None = None,
    min_epochs: int = 1,
    factor: int = 3,
    at_once: int = 16,
    refit: bool = True,
    verbose: Any = "auto",
    n_jobs: int | None = None,
    backend: Any = None,
) -> SearchResult:
    """Train candidates with parameters from a space, many at once, and compare them.

    Candidates that differ only in numbers (learning rate, dropout rate, weight decay, seed) run
    the same compiled code. One seed gives the same candidates with the same bits.

    Args:
        build: a function that takes the parameters by name and returns a compiled model. A name
            `batch_size` that it does not take goes to training.
        space: name -> a list of values, `Uniform(low, high)`, `LogUniform(low, high)`,
            `Integers(low, high)`, or a distribution of scipy.stats.
        x, y, batch_size, sample_weight, class_weight, shuffle: as for `fit`.
        method: "random" (default); "grid", all combinations of lists; "halving", successive
            halving: all candidates for `min_epochs`, the best of them for `factor` times as many,
            and so on up to `epochs`; "asha", the same without waiting: a candidate goes on as soon
            as it is among the best of those that came as far, else a new one begins; "optuna", or
            a sampler of Optuna, asked and told.
        trials: how many candidates; a grid has as many as it has. Default 20.
        epochs: how long a candidate is trained at most. Default 10.
        objective: a name in the logs; its best epoch is a candidate's value. Default "val_loss".
        mode: "min", "max", or "auto" (default), by the objective's name.
        validation_split: the part of the rows, the last ones, to validate on; default 0.2.
        validation_data: (x, y) to validate on instead.
        cv: folds as for `cross_validate`: a candidate's value is then the mean over them.
        groups: a group a row, for splitters that keep groups together.
        preprocessing: a scikit-learn transformer, fitted on the rows that train, in each fold; the
            one that belongs to `best_model` is `best_transformer`.
        callbacks: for instance [EarlyStopping(patience=3, restore_best_weights=True)], copied for
            each candidate; or a function that makes a list of them. Without such a one models
            keep the weights of their last epoch.
        seed: what candidates, weights and orders of rows depend on. Default: drawn from NumPy's
            generator.
        budget: seconds after which no epoch begins any more; those that run are cut off.
        folder: where outcomes are written down as they come, and the best model. The same call
            with the same folder goes on where it was, also after a kill: what is written down is
            not trained again, unless it failed. Once a candidate is, another search is refused,
            and so is another `build`, by the config of the first candidate's model; what a
            function of yours computes is not looked at.
        min_epochs, factor: the first rung of "halving" and "asha", and how many candidates share
            a place in the next one.
        at_once: how many candidates "asha" has in training at once; default 16. What it finds
            depends on this number, not on threads or time: candidates count as ended in the order
            in which so many workers, all equally fast, would end them. Give at least as many as
            there are threads or workers. Callbacks of several candidates may run at once there.
        refit: with `cv`, whether the best candidate is trained anew on all rows at the end, as
            `best_model`: as many epochs as its folds had (their mean), without callbacks that
            watch a validation, of which there is none; also if the budget is used up, not after
            Ctrl-C. Default True.
        verbose: 1 one display for candidates that train together, 0 nothing; "auto" 1.
        n_jobs, backend: as for `cross_validate`.

    Returns: a `SearchResult`: best_params, best_model, candidates with their learning curves, a
        table. After Ctrl-C it has what there is, and a warning says so.

    Raises:
        ArgumentError: if an argument does not fit, or the folder is another search's.
        Exception: that of the first candidate, if none can be trained.

    Example:
        >>> import ranvier
        >>> x = np.arange(40.0).reshape(40, 1) / 40
        >>> def build(units, rate):
        ...     net = ranvier.Sequential([ranvier.layers.Dense(units, "relu"),
        ...                               ranvier.layers.Dense(1)])
        ...     net.compile(ranvier.optimizers.Adam(rate), "mse")
        ...     return net
        >>> space = {"units": [4, 8], "rate": [0.01, 0.1]}
        >>> found = search(build, space, x, 2 * x, method="grid", epochs=2, seed=1, verbose=0)
        >>> len(found), sorted(found.best_params)
        (4, ['rate', 'units'])

    Source: Jamieson and Talwalkar 2016, "Non-stochastic best arm identification", for "halving";
        Li et al. 2018, "Massively parallel hyperparameter tuning", for "asha".
    """
    began = time.time()
    _check_build(build)
    x, y = settled_pair(x, y)
    check_transformer(preprocessing, _PLACE)
    check_callbacks(callbacks, _PLACE)
    trials, epochs, min_epochs, at_once, factor = _counts(
        trials=trials, epochs=epochs, min_epochs=min_epochs, at_once=at_once, factor=factor
    )
    _check_budget(budget)
    _check_validation(cv, groups, validation_data)
    if cv is None and validation_data is None:
        tell_order(y, validation_split, _PLACE)
    builder, space_of = Builder(build, _PLACE, "build"), Space(space, _PLACE)
    rungs = rungs_of(epochs, min_epochs, factor) if method in _RUNGS else [epochs]
    if isinstance(cv, (list, tuple)) or hasattr(cv, "__next__"):
        cv = list(cv)
    asked: dict[str, Any] = {
        "method": method if isinstance(method, str) else type(method).__name__,
        "space": repr(space_of), "rungs": rungs, "objective": objective, "rows": count(x),
        "batch_size": batch_size, "validation": _words(cv, validation_data, validation_split),
        "class_weight": repr(class_weight), "shuffle": bool(shuffle),
        "preprocessing": named(preprocessing), "seed": base_seed(seed, _PLACE),
        **({"at_once": at_once} if method == "asha" else {}),
    }  # fmt: skip
    record = None
    if folder is not None:
        asked["data"] = fingerprint(x, y, sample_weight, validation_data, groups)
        record = Record(folder, asked, _PLACE, seed is not None)
        asked = record.asked  # with the seed that it began with
    plan = Plan(space_of, trials, asked["seed"], rungs, factor,
                callbacks_room.MonitorCallback(objective, mode).sign, at_once)  # fmt: skip
    moves = _waves(method, plan, record)
    example = None if record is None and cv is None else _example(builder, plan)
    pairs = _pairs(x, y, cv, groups, plan.seed, example, validation_data, validation_split)
    if record is not None:
        folds = {} if cv is None else {"folds": fingerprint(pairs)}
        record.agree({"model": described(example), **folds})
    splits = [_split(x, y, preprocessing, train, test) for train, test in pairs]
    if validation_data is not None and preprocessing is not None:
        first_part, *rest = validation_data
        validation_data = (transformed(splits[0].transformer, first_part), *rest)
    fit = {"batch_size": batch_size, "sample_weight": sample_weight, "class_weight": class_weight,
           "shuffle": shuffle, "validation_data": validation_data}  # fmt: skip
    deadline = None if budget is None else began + budget
    runner = Runner(builder, y, splits, rungs, fit, callbacks, deadline, _PLACE, objective)
    refits = cv is not None and refit
    again = partial(_split, x, y, preprocessing, np.arange(count(x))) if refits else None
    course = Course(runner, plan, record, objective, where(n_jobs, backend, _PLACE), verbose, again)
    return course.run(moves)


def _counts(**given: Any) -> list[int]:
    """Return the numbers of things, checked."""
    for name, value in given.items():
        least = 2 if name == "factor" else 1
        if not is_count(value) or value < least:
            raise ArgumentError(
                f"{_PLACE}, `{name}`: got {value!r}, expected an int of at least {least}."
            )
    return [int(value) for value in given.values()]


def _check_build(build: Any) -> None:
    if not callable(build) or hasattr(build, "compiled_step"):
        raise ArgumentTypeError(
            f"{_PLACE}, `build`: got {build!r:.60}, expected a function that takes parameters and "
            "returns a compiled model."
        )


def _check_budget(budget: Any) -> None:
    if budget is not None and not (is_number(budget) and budget > 0):
        raise ArgumentError(
            f"{_PLACE}, `budget`: got {budget!r}, expected seconds above 0, or None."
        )


def _check_validation(cv: Any, groups: Any, validation_data: Any) -> None:
    """Refuse what would be left unused, so that candidates would not be validated as it says."""
    if cv is not None and validation_data is not None:
        raise ArgumentError(
            f"{_PLACE}, `validation_data`: cannot go with cv, whose folds validate. Give one of "
            "both."
        )
    if cv is None and groups is not None:
        raise ArgumentError(
            f"{_PLACE}, `groups`: are for splitters, but cv is None, so that the last rows of all "
            "validate. Say cv=GroupKFold(5), for instance."
        )


def _waves(
    method: Any, plan: Plan, record: Record | None
) -> Iterator[Wave] | Iterator[Begin | Await]:
    plain: dict[str, Callable[[Plan], Iterator[Any]]] = {
        "random": waves.random, "grid": waves.grid, "halving": waves.halving, "asha": asha,
    }  # fmt: skip
    if isinstance(method, str) and method in plain:
        return plain[method](plan)
    if method is None or (isinstance(method, str) and method != "optuna"):
        raise ArgumentError(
            f"{_PLACE}, `method`: got {method!r}, expected one of {', '.join(plain)}, optuna, or a "
            "sampler of Optuna."
        )
    known = record.params if record is not None else (lambda number: None)
    return with_optuna(plan, None if method == "optuna" else method, known, _PLACE)


def _words(cv: Any, validation_data: Any, fraction: float) -> str:
    if cv is not None:
        return f"cv={type(cv).__name__ if isinstance(cv, list) else named(cv)}"
    return f"validation_split={fraction}" if validation_data is None else "validation_data"


def _pairs(
    x: Any, y: Any, cv: Any, groups: Any, seed: int, example: Any, validation_data: Any,
    fraction: float,
) -> list[tuple[np.ndarray, np.ndarray | None]]:  # fmt: skip
    """Return the rows that candidates train and are validated on; None for data of their own."""
    if cv is not None:
        folds = folds_of(x, y, cv, groups, 1, seed, has_classes(example), _PLACE)
        return [(fold.train, fold.test) for fold in folds]
    rows = np.arange(count(x))
    return [(rows, None) if validation_data is not None else parted(rows, fraction, _PLACE)]


def _split(
    x: Any, y: Any, preprocessing: Any, train: np.ndarray, test: np.ndarray | None = None
) -> Split:
    """Return rows to train and to validate on, with the preprocessing fitted on the former."""
    if preprocessing is None:
        return Split(x, train, test)
    steps = fitted(preprocessing, x, y, train)
    return Split(transformed(steps, x), train, test, steps)


def _example(builder: Builder, plan: Plan) -> Any:
    """Return the model of the first candidate that can be built."""
    errors: list[Exception] = []
    for number in range(plan.trials):
        one = waves.drawn(plan, number)
        try:
            return builder.make(one.seed, **own_params(builder.given, one.params))
        except Exception as error:
            errors.append(error)
    raise errors[0]
