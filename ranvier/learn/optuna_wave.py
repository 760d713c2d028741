"""Optuna's samplers, asked for candidates and told what they came to."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from ranvier import config
from ranvier.errors import ArgumentTypeError, RanvierError

from .seed import seed_of
from .wave import Plan, Wave


class MissingOptunaError(RanvierError, ImportError):
    """Optuna is asked for, but is not installed."""


def with_optuna(
    plan: Plan, sampler: Any, known: Callable[[int], dict[str, Any] | None], place: str
) -> Iterator[Wave]:
    """Give candidates that a sampler of Optuna asks for, twice as many at once as threads.

    Args:
        plan: the space and how many candidates.
        sampler: an Optuna sampler, or None for its TPE with the seed of the search.
        known: the parameters of candidates that an earlier run has tried.
        place: how messages call the caller.
    """
    try:
        import optuna
    except ImportError as error:
        raise MissingOptunaError(
            f"{place}, `method`: Optuna is not installed. pip install 'ranvier[search]'"
        ) from error
    if sampler is None:
        sampler = optuna.samplers.TPESampler(seed=seed_of(plan.seed))
    elif not isinstance(sampler, optuna.samplers.BaseSampler):
        raise ArgumentTypeError(
            f"{place}, `method`: got {sampler!r:.60}, expected a name, or a sampler of Optuna."
        )
    distributions = plan.space.distributions(optuna)
    study, verbosity = None, optuna.logging.get_verbosity()
    number, size = 0, 2 * config.threads()
    over: list[bool] = []
    while number < plan.trials and not over:
        optuna.logging.set_verbosity(optuna.logging.WARNING)
        if study is None:
            direction = "maximize" if plan.sign > 0 else "minimize"
            study = optuna.create_study(sampler=sampler, direction=direction)
            study.stop = lambda: over.append(True)  # what samplers call that have asked for all
        trials: list[Any] = []
        wave = []
        for k in range(number, min(number + size, plan.trials)):
            before, trial = known(k), None
            if before is not None:
                params = plan.space.read(before)
            else:
                trial = study.ask(distributions)
                params = plan.space.named(trial.params)
            trials.append(trial)
            wave.append(plan.candidate(k, params))
        number += len(wave)
        optuna.logging.set_verbosity(verbosity)
        yield Wave(wave)
        for trial, one in zip(trials, wave, strict=True):
            _tell(optuna, study, trial, one, plan.space.placed(one.params), distributions)


def _tell(
    optuna: Any, study: Any, trial: Any, one: Any, params: dict[str, Any], distributions: Any
) -> None:
    states = optuna.trial.TrialState
    if trial is None and one.counts:
        made = optuna.trial.create_trial(params=params, distributions=distributions,
                                         value=one.value)  # fmt: skip
        study.add_trial(made)
    elif trial is not None:
        value = one.value if one.counts else None
        study.tell(trial, value, state=None if one.counts else states.FAIL)
