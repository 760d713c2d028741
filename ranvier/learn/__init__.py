"""Many networks at once: cross-validation, search, ensembles, and scikit-learn's interface."""

from importlib import import_module as _import_module
from typing import Any as _Any

#: Each public name and the file that holds it; resolved at its first use, as scikit-learn is. No
#: file has the name of a function: loading it would put the module in the function's place.
_PUBLIC = {
    "CrossValidation": "fold_scores",
    "Ensemble": "ensemble",
    "Integers": "space",
    "LogisticRegressionSGD": "logistic_regression_sgd",
    "LogUniform": "space",
    "Perceptron": "perceptron",
    "RanvierClassifier": "classifier",
    "RanvierRegressor": "regressor",
    "SearchResult": "search_result",
    "Uniform": "space",
    "cross_validate": "cross_validation",
    "search": "candidate_search",
}

__all__ = [*_PUBLIC]


def __getattr__(name: str) -> _Any:
    if name not in _PUBLIC:
        raise AttributeError(
            f"ranvier.learn has no {name!r}. Known names: {', '.join(sorted(_PUBLIC))}."
        )
    value = getattr(_import_module(f".{_PUBLIC[name]}", __name__), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *_PUBLIC})
