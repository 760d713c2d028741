"""scikit-learn's own checks of estimators, all of them, with no expected failure."""

from __future__ import annotations

import pytest
from sklearn.utils.estimator_checks import parametrize_with_checks

from ranvier import learn

pytestmark = [
    pytest.mark.oracle,
    # The checks themselves train for a few epochs, on data that are not scaled.
    pytest.mark.filterwarnings("ignore"),
]

# Small and quick; alpha divides by the rows of a batch, so each number of rows compiles anew.
QUICK = {"hidden_layer_sizes": (5,), "max_iter": 20, "learning_rate_init": 0.1, "alpha": 0.0}


@parametrize_with_checks([
    learn.RanvierClassifier(**QUICK), learn.RanvierRegressor(**QUICK),
    learn.Perceptron(max_iter=30), learn.LogisticRegressionSGD(max_iter=30),
])  # fmt: skip
def test_check(estimator, check):
    check(estimator)
