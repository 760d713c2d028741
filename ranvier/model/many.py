"""Many models trained in one call: each on rows of its own, by its own rules."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from contextlib import ExitStack
from typing import Any

import numpy as np

from .. import data, engines
from ..callbacks.callback import path_written
from ..callbacks.many_progress import ManyProgress
from ..graph.errors import ArgumentError, ArgumentTypeError, ManyError, nearest
from ..graph.function import takes
from ..random import seeded
from .crew import Crew, Job
from .fold import Shared, prepared

#: Arguments of which there may be one for all models or a list with one a model.
_LISTS = ("batch_size", "epochs", "initial_epoch", "rows", "validation_rows", "seeds")


def fit_many(
    models: Iterable[Any],
    x: Any = None,
    y: Any = None,
    *,
    batch_size: int | Sequence[int | None] | None = 32,
    epochs: int | Sequence[int] = 1,
    rows: Any = None,
    validation_rows: Any = None,
    validation_data: Any = None,
    validation_batch_size: int | None = None,
    validation_freq: Any = 1,
    sample_weight: Any = None,
    class_weight: Any = None,
    shuffle: bool | str = True,
    seeds: int | Sequence[int | None] | None = None,
    initial_epoch: int | Sequence[int] = 0,
    callbacks: Sequence[Any] | Callable[[], Any] | None = None,
    each: Iterable[dict[str, Any]] | None = None,
    verbose: Any = "auto",
    threads: int | None = None,
) -> list[Any]:
    """Train many models at once, and return the History of each.

    Each model trains on one thread at a time, just as if `fit` were called for it alone: with one
    seed its weights and History are the same bits, whatever the other models and the number of
    threads are. Models that differ only in numbers (weights, learning rates, dropout rates, weight
    decay, momentum, seeds) run the same compiled code. The data are read where they lie: a fold is
    a list of row numbers, and copies nothing.

    Models begin in their order; towards the end those that have most left to do go first, so that
    all threads are busy until all are done.

    Args:
        models: compiled models, each of them once.
        x, y: data that all models share, as for `fit`: arrays, no generators.
        batch_size: rows a step, default 32; one for all models, or a list with one a model.
        epochs: the number of the last epoch, default 1; one, or a list with one a model.
        rows: which rows to train on: their numbers or a mask, one for all models, or a list with
            one a model (None in it for all rows). Default all.
        validation_rows: which rows of x and y to validate on after each epoch, in the same forms;
            `sample_weight` counts in them as it does with `validation_split`.
        validation_data: (x, y) or (x, y, sample_weight) to validate on, for all models.
        validation_batch_size: default batch_size.
        validation_freq: validate every so many epochs, or after the epochs of a list.
        sample_weight: what each row of x counts in the loss.
        class_weight: {class: weight}, what a row of each class counts in the loss.
        shuffle: whether each epoch has a new order of rows; default True.
        seeds: an int, or a list with one a model: as if `set_random_seed(seed)` came before the
            model's `fit`, for its order of rows, and for its weights if it is not built yet.
            Default: drawn one after the other as by a loop of fits.
        initial_epoch: epochs that an earlier call has done; default 0; one, or a list.
        callbacks: a list with one a model, each a callback, a list of them, or None; or a function
            without arguments that makes a model's callbacks. All are called on the calling thread,
            between two steps of their model. Those that watch batches keep their model on that
            thread.
        each: a list with a dict a model, of arguments that replace the ones above for it: "x",
            "y", "rows", "validation_rows", "validation_data", "validation_batch_size",
            "validation_freq", "sample_weight", "class_weight", "shuffle", "seed", "batch_size",
            "epochs", "initial_epoch", "callbacks".
        verbose: 0 silent, 1 one display for all models, 2 a line a model that is done; "auto" 1.
        threads: how many models train at once; default `config.threads()`.

    Returns: a list with the History of each model, which is also its `model.history`.

    Raises:
        ArgumentError, ArgumentTypeError, DataError, ShapeError: before the first step, if an
            argument or the data cannot be used; a note names the model.
        BusyError: if a model is being trained already.
        ManyError: at the end, if models failed while they trained: its `errors` has them by their
            place in the list, its `histories` what all models have. The others are trained.
        KeyboardInterrupt: on Ctrl-C. Each model is as its last whole step left it, and its
            `history` holds its whole epochs.

    Example:
        >>> import ranvier
        >>> x, y = np.arange(12.0).reshape(12, 1), np.arange(12.0)
        >>> def model(rate):
        ...     net = ranvier.Sequential([ranvier.layers.Dense(1)])
        ...     net.compile(ranvier.optimizers.SGD(rate), "mse")
        ...     return net
        >>> folds = [np.arange(6, 12), np.arange(6)]
        >>> histories = fit_many([model(0.001), model(0.002)], x, y, epochs=3, rows=folds,
        ...                      validation_rows=folds[::-1], seeds=[1, 2], verbose=0)
        >>> [len(h.history["val_loss"]) for h in histories]
        [3, 3]
    """
    given = {
        "x": x, "y": y, "sample_weight": sample_weight, "class_weight": class_weight,
        "validation_data": validation_data, "validation_batch_size": validation_batch_size,
        "validation_freq": validation_freq, "shuffle": shuffle, "batch_size": batch_size,
        "epochs": epochs, "initial_epoch": initial_epoch, "rows": rows,
        "validation_rows": validation_rows, "seeds": seeds, "callbacks": callbacks,
    }  # fmt: skip
    taken = _models(models)
    tasks = _tasks(taken, given, each)
    verbosity = data.verbosity(verbose)
    count = None if threads is None else data.whole("threads", threads, 1)
    with ExitStack() as ends:
        jobs = _jobs(ends, taken, tasks)
        if jobs:
            progress = ManyProgress(jobs, verbosity)
            try:
                Crew(jobs, count or engines.threads()).work(progress.look)
            finally:
                progress.end()
    _raise(jobs)
    return [model.history for model in taken]


def _models(models: Iterable[Any]) -> list[Any]:
    found = list(models) if isinstance(models, Iterable) else [models]
    for i, model in enumerate(found):
        if not hasattr(model, "compiled_step"):
            raise ArgumentTypeError(
                f"fit_many, `models`: got {type(model).__name__} at place {i}, expected a model."
            )
        model._assert_compiled(f"fit_many, model {i}")
        if any(model is other for other in found[:i]):
            raise ArgumentError(
                f"fit_many, `models`: model {i}, '{model.name}', is there twice. Use copies: "
                "clone_model(model), then set_weights(model.get_weights()) and compile."
            )
    return found


def _tasks(
    models: Sequence[Any], given: dict[str, Any], each: Iterable[dict[str, Any]] | None
) -> list[dict[str, Any]]:
    """Return the arguments of each model."""
    count = len(models)
    own = [{}] * count if each is None else list(each)
    if len(own) != count:
        raise ArgumentError(f"fit_many, `each`: got {len(own)} dicts for {count} models.")
    lists = {name: _spread(name, given.pop(name), count) for name in _LISTS}
    lists["seed"] = lists.pop("seeds")
    makers = given.pop("callbacks")
    if callable(makers) and not isinstance(makers, type):
        takes(makers, "fit_many, `callbacks`")
        lists["callbacks"] = [makers() for _ in models]
    else:
        lists["callbacks"] = _spread("callbacks", makers, count)
    tasks = []
    for i in range(count):
        one = {**given, "verbose": 0, **{name: values[i] for name, values in lists.items()}}
        if not isinstance(own[i], dict):
            raise ArgumentTypeError(
                f"fit_many, `each`: got {own[i]!r:.60} for model {i}, expected a dict of arguments."
            )
        for name in own[i]:
            if name not in one or name == "verbose":
                raise ArgumentError(
                    f"fit_many, `each`: got the key {name!r} for model {i}. "
                    f"{nearest(name, set(one) - {'verbose'})}"
                )
        tasks.append({**one, **own[i]})
    _check_callbacks(tasks)
    return tasks


def _spread(name: str, value: Any, count: int) -> list[Any]:
    """Return one value a model, from one for all or a list of them."""
    if name == "callbacks":
        single = value is None
        if not single and not isinstance(value, (list, tuple)):
            raise ArgumentTypeError(
                f"fit_many, `callbacks`: got {type(value).__name__}, expected a list with an entry "
                "a model, or a function that makes a model's callbacks: a callback keeps notes of "
                "its model, so each needs its own."
            )
    elif name in ("rows", "validation_rows"):
        several = isinstance(value, (list, tuple)) and any(
            one is None or np.ndim(one) for one in value
        )
        single = not several and np.ndim(value) < 2
    else:
        single = not isinstance(value, (list, tuple, range, np.ndarray))
    if single:
        return [value] * count
    if len(value) != count:
        raise ArgumentError(f"fit_many, `{name}`: got {len(value)} for {count} models.")
    return [one.item() if isinstance(one, np.generic) else one for one in value]


def _check_callbacks(tasks: list[dict[str, Any]]) -> None:
    owner: dict[int, int] = {}
    writer: dict[str, int] = {}
    for i, one in enumerate(tasks):
        mine = one["callbacks"]
        for callback in mine if isinstance(mine, (list, tuple)) else [mine]:
            if callback is not None and owner.setdefault(id(callback), i) != i:
                raise ArgumentError(
                    f"fit_many, `callbacks`: models {owner[id(callback)]} and {i} have one "
                    f"{type(callback).__name__} together, but it keeps notes of its model. Make "
                    "one for each."
                )
            path = path_written(callback)
            if path is not None and writer.setdefault(path, i) != i:
                raise ArgumentError(
                    f"fit_many, `callbacks`: models {writer[path]} and {i} would both write "
                    f"{path!r}, by {type(callback).__name__}, and one would lose what it writes. "
                    "Give each a path of its own."
                )


def _jobs(ends: ExitStack, models: Sequence[Any], tasks: Sequence[dict[str, Any]]) -> list[Job]:
    """Return each model's run, with the models held for training."""
    shared, jobs = Shared(), []
    for place, (model, one) in enumerate(zip(models, tasks, strict=True)):
        try:
            ends.enter_context(model._busy.training("fit_many", model.name))
            with seeded(one.pop("seed")):
                jobs.append(Job(place, prepared(ends, shared, model, one)))
        except Exception as error:
            error.add_note(f"fit_many: in model {place}, '{model.name}'.")
            raise
    return jobs


def _raise(jobs: Sequence[Job]) -> None:
    """Raise what ended some trainings too early, if anything did."""
    failed = [job for job in jobs if job.error is not None]
    if not failed:
        return
    words = [_words(job) for job in failed[:3]]
    more = f"; and {len(failed) - 3} more" if len(failed) > 3 else ""
    errors: dict[int, BaseException] = {j.place: j.error for j in failed if j.error is not None}
    raise ManyError(
        f"fit_many: {len(failed)} of {len(jobs)} models could not be trained: {'; '.join(words)}"
        f"{more}. The others are trained; this error's `errors` and `histories` have all of it.",
        errors, [job.run.model.history for job in jobs],
    ) from failed[0].error  # fmt: skip


def _words(job: Job) -> str:
    error = job.error
    words = str(error).rstrip(".")
    return f"model {job.place} '{job.run.model.name}', {type(error).__name__}: {words}"
