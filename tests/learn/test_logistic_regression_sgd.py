"""LogisticRegressionSGD: the steps of scikit-learn's SGDClassifier."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn.exceptions import ConvergenceWarning
from sklearn.linear_model import SGDClassifier

from ranvier.learn import LogisticRegressionSGD

pytestmark = pytest.mark.oracle


@pytest.fixture(scope="module")
def rows():
    rng = np.random.default_rng(0)
    x = rng.normal(size=(200, 3))
    return x, (x @ [1.0, -2.0, 0.5] > 0.3).astype(int) + (x[:, 0] > 1)


@pytest.mark.parametrize("words", [
    {"alpha": 0.01}, {"learning_rate": "constant", "eta0": 0.02, "fit_intercept": False},
])  # fmt: skip
def test_steps_are_those_of_scikit_learn(rows, words):
    x, y = rows
    words = {"max_iter": 3, "tol": None, "shuffle": False, **words}
    ours = LogisticRegressionSGD(**words).fit(x, y)
    theirs = SGDClassifier(loss="log_loss", **words).fit(x, y)
    np.testing.assert_allclose(ours.coef_, theirs.coef_, rtol=1e-5, atol=1e-6)
    np.testing.assert_allclose(ours.intercept_, theirs.intercept_, rtol=1e-5, atol=1e-6)
    np.testing.assert_allclose(ours.predict_proba(x), theirs.predict_proba(x), atol=1e-6)
    two, both = LogisticRegressionSGD(**words), SGDClassifier(loss="log_loss", **words)
    np.testing.assert_allclose(two.fit(x, y > 0).coef_, both.fit(x, y > 0).coef_, rtol=1e-5)


def test_learns_and_ends_by_itself(rows):
    x, y = rows
    found = LogisticRegressionSGD(random_state=0).fit(x, y)
    assert found.n_iter_ < 1000 and found.score(x, y) > 0.85
    assert found.loss_curve_[-1] < found.loss_curve_[0]
    np.testing.assert_allclose(found.predict_log_proba(x), np.log(found.predict_proba(x)))
    with pytest.warns(ConvergenceWarning, match="max_iter=1 epochs"):
        LogisticRegressionSGD(max_iter=1).fit(x, y)


@pytest.mark.parametrize("words, message", [
    ({"alpha": 0}, "`alpha`: got 0, expected a number above 0"),
    ({"learning_rate": "best"}, "`learning_rate`: got 'best'"),
    ({"batch_size": 0}, "`batch_size`: got 0"),
])  # fmt: skip
def test_parameters_are_checked(rows, words, message):
    with pytest.raises(ValueError, match=message):
        LogisticRegressionSGD(**words).fit(*rows)
