"""Scores of a model on rows: its own loss and metrics, or what scikit-learn calls scoring."""

from __future__ import annotations

import numbers
from typing import Any

import numpy as np

from ranvier.errors import ArgumentError

from .kind import has_classes
from .rows import mapped


def scores_of(
    model: Any, x: Any, y: Any, labels: Any, weights: Any, scoring: Any, batch_size: int | None
) -> dict[str, float]:
    """Return the scores of a model by name.

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
    count = len(getattr(model, "outputs", None) or ())
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


def _scikit_learn(model: Any, x: Any, y: Any, labels: Any, scoring: Any) -> dict[str, float]:
    from sklearn.metrics import check_scoring as scorer_of

    from .scored import ScoredClassifier, ScoredLabels, ScoredRegressor

    classes = has_classes(model)
    target = labels if classes and labels is not None else mapped(np.asarray, y)
    if not classes and isinstance(target, np.ndarray) and target.ndim == 2:
        target = target[:, 0] if target.shape[1] == 1 else target
    kind = ScoredRegressor if not classes else ScoredLabels if labels is None else ScoredClassifier
    estimator = kind(model)
    found = scorer_of(estimator, scoring)(estimator, x, target)
    if not isinstance(found, dict):
        found = {scoring if isinstance(scoring, str) else "score": found}
    return {name: _number(name, value) for name, value in found.items()}


def _number(name: str, value: Any) -> float:
    value = value.item() if np.ndim(value) == 0 and hasattr(value, "item") else value
    if not isinstance(value, numbers.Real):
        got = f"{value!r:.60} of type {type(value).__name__}"
        raise ArgumentError(
            f"cross_validate, `scoring`: {name!r} gave {got}, expected a number. Return float(...) "
            "from the function that scores."
        )
    return float(value)
