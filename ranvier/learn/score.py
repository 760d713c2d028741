"""Scores of a model on rows: its own loss and metrics, or what scikit-learn calls scoring."""

from __future__ import annotations

import numbers
import traceback
import warnings
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

import numpy as np

from ranvier.errors import ArgumentError, DataWarning, RanvierError

from .fold import Fold
from .kind import has_classes
from .rows import mapped


@dataclass(frozen=True)
class Failure:
    """Why there is no score: in words, and where it was."""

    words: str
    traceback: str


#: What each name came to on the rows of one fold.
Scores = dict[str, float | Failure]


def scores_of(
    model: Any, x: Any, y: Any, labels: Any, weights: Any, scoring: Any, batch_size: int | None
) -> Scores:
    """Return the scores of a model by name; a scorer that fails leaves the others as they are.

    Args:
        model: trained and compiled.
        x, y, weights: the rows to score it on.
        labels: the class of each of them, None where a row has none or several.
        scoring: None for what `evaluate` returns, else as in scikit-learn.
        batch_size: of `evaluate`.
    """
    if scoring is None:
        found = model.evaluate(
            x, y, sample_weight=weights, batch_size=batch_size, verbose=0, return_dict=True
        )
        return {name: found[name] for name in model.metrics_names if name in found} | found
    return _scikit_learn(model, x, y, labels, scoring)


def check_scoring(scoring: Any, model: Any, place: str) -> None:
    """Refuse what scikit-learn cannot score with, before anything is trained.

    Raises:
        ArgumentError: it says what scikit-learn says.
    """
    if scoring is None:
        return
    from sklearn.metrics import check_scoring as scorer_of
    from sklearn.metrics import get_scorer

    from .scored import ScoredRegressor

    try:
        if isinstance(scoring, str):
            get_scorer(scoring)  # which says it in fewer words
        scorer_of(ScoredRegressor(None), scoring)
    except (ValueError, TypeError) as error:
        raise ArgumentError(f"{place}, `scoring`: {error}") from error
    count = 1
    with suppress(RanvierError, AttributeError):  # of a model that does not know its input yet
        count = len(model.outputs)
    if count > 1 and not has_functions(scoring):
        raise ArgumentError(
            f"{place}, `scoring`: got {scoring!r:.60} for a model of {count} outputs, and "
            "scikit-learn's scorers take one. Give a function of (estimator, x, y), where "
            "estimator.predict(x) gives them all."
        )


def has_functions(scoring: Any) -> bool:
    """Tell whether functions of the user's score, which may not be made for several threads."""
    if isinstance(scoring, dict):
        scoring = list(scoring.values())
    several = scoring if isinstance(scoring, (list, tuple, set)) else [scoring]
    return any(callable(one) for one in several)


def _scikit_learn(model: Any, x: Any, y: Any, labels: Any, scoring: Any) -> Scores:
    from sklearn.metrics import check_scoring as scorer_of

    from .scored import ScoredClassifier, ScoredLabels, ScoredRegressor

    classes = has_classes(model)
    target = labels if classes and labels is not None else mapped(np.asarray, y)
    if not classes and isinstance(target, np.ndarray) and target.ndim == 2:
        target = target[:, 0] if target.shape[1] == 1 else target
    kind = ScoredRegressor if not classes else ScoredLabels if labels is None else ScoredClassifier
    estimator = kind(model, x)
    found: Scores = {}
    for name, one in _named(scoring).items():
        try:
            value = scorer_of(estimator, one)(estimator, x, target)
        except Exception as error:
            where = "".join(traceback.format_exception(error))
            found[name] = Failure(f"{type(error).__name__}: {error}", where)
            continue
        several = value if isinstance(value, dict) else {name: value}
        found |= {called: _number(called, number) for called, number in several.items()}
    return found


def _named(scoring: Any) -> dict[str, Any]:
    """Return what scikit-learn calls scoring as one scorer a name."""
    if isinstance(scoring, dict):
        return scoring
    if isinstance(scoring, (list, tuple, set)):
        return {name: name for name in scoring}
    return {scoring if isinstance(scoring, str) else "score": scoring}


def numbers_of_folds(
    scores: Sequence[Scores], folds: Sequence[Fold], place: str
) -> list[dict[str, float]]:
    """Return scores with NaN where one failed, which a warning tells.

    Raises:
        ArgumentError: if all of them failed.
    """
    failed: dict[str, list[tuple[Fold, Failure]]] = {}
    for fold, one in zip(folds, scores, strict=False):
        for name, value in one.items():
            if isinstance(value, Failure):
                failed.setdefault(name, []).append((fold, value))
    for name, those in failed.items():
        fold, why = those[0]
        words = f"{len(those)} of {len(scores)} folds. In {fold.name}: {why.words}"
        if sum(map(len, failed.values())) == sum(map(len, scores)):
            error = ArgumentError(f"{place}, `scoring`: {name!r} failed in {words}")
            error.add_note(why.traceback)
            raise error
        warnings.warn(
            f"{place}, `scoring`: {name!r} is NaN, as it failed, in {words}", DataWarning,
            stacklevel=4,
        )  # fmt: skip
    return [
        {name: float("nan") if isinstance(value, Failure) else value for name, value in one.items()}
        for one in scores
    ]


def _number(name: str, value: Any) -> float:
    value = value.item() if np.ndim(value) == 0 and hasattr(value, "item") else value
    if not isinstance(value, numbers.Real):
        got = f"{value!r:.60} of type {type(value).__name__}"
        raise ArgumentError(
            f"cross_validate, `scoring`: {name!r} gave {got}, expected a number. Return float(...) "
            "from the function that scores."
        )
    return float(value)
