"""LogisticRegressionSGD: the steps of scikit-learn's SGDClassifier."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn.exceptions import ConvergenceWarning, NotFittedError
from sklearn.linear_model import SGDClassifier

from ranvier.learn import LogisticRegressionSGD, Perceptron

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
    assert (
        found.n_iter_ < 1000 and found.score(x, y) > 0.75
    )  # scikit-learn's: 0.77 to 0.88, by the seed
    assert found.loss_curve_[-1] < found.loss_curve_[0]
    np.testing.assert_allclose(found.predict_log_proba(x), np.log(found.predict_proba(x)))
    with pytest.warns(ConvergenceWarning, match="max_iter=1 epochs"):
        LogisticRegressionSGD(max_iter=1).fit(x, y)


def test_a_weight_is_how_often_a_row_is_there(rows):
    x, y = rows[0][:60], rows[1][:60] > 0
    times = np.random.default_rng(1).integers(0, 4, 60)
    many, labels = x.repeat(times, axis=0), y.repeat(times)
    for words in ({"shuffle": False}, {"random_state": 3}, {"random_state": 3, "batch_size": 8}):
        words = {"max_iter": 2, "tol": None, **words}
        weighed = LogisticRegressionSGD(**words).fit(x, y, sample_weight=times)
        repeated = LogisticRegressionSGD(**words).fit(many, labels)
        assert weighed.coef_.tolist() == repeated.coef_.tolist()
        assert weighed.t_ == repeated.t_ == 2 * times.sum()
    part = LogisticRegressionSGD(random_state=3).partial_fit(x, y, [False, True], times)
    again = LogisticRegressionSGD(random_state=3).partial_fit(many, labels, [False, True])
    assert part.coef_.tolist() == again.coef_.tolist()
    assert part.score(x, y, times) == pytest.approx(part.score(many, labels))


def test_a_part_of_a_weight_is_a_part_of_a_step(rows):
    x, y = rows[0][:1].repeat(3, axis=0), np.array([0, 1, 1])
    words = {"max_iter": 1, "tol": None, "shuffle": False, "learning_rate": "constant",
             "alpha": 0.0}  # fmt: skip
    found = LogisticRegressionSGD(**words, eta0=0.1).fit(x[:2], y[:2], sample_weight=[0.5, 0.25])
    theirs = SGDClassifier(loss="log_loss", **{**words, "alpha": 1e-12}, eta0=0.1)
    theirs.fit(x[:2], y[:2], sample_weight=[0.5, 0.25])
    np.testing.assert_allclose(found.coef_, theirs.coef_, rtol=1e-6)
    found = LogisticRegressionSGD(**words, eta0=0.1).fit(x[:2], y[:2], sample_weight=[1, 1.5])
    theirs.set_params(eta0=0.1).fit(x, y, sample_weight=[1, 0.75, 0.75])
    np.testing.assert_allclose(found.coef_, theirs.coef_, rtol=1e-6)


def test_weights_that_cannot_be(rows):
    x, y = rows[0], rows[1] > 0
    for weights, message in [
        (y, "leaves rows of only one class"), (np.full(200, 1e4), "add up to 2e\\+06 for 200 rows"),
        (-np.ones(200), "row 0 has weight -1"), (np.ones(5), "sample_weight"),
    ]:  # fmt: skip
        with pytest.raises(ValueError, match=message):
            LogisticRegressionSGD().fit(x, y, sample_weight=weights)


def test_the_order_of_rows_does_not_matter(rows):
    x, y = rows
    turned = LogisticRegressionSGD(max_iter=2, tol=None, random_state=0).fit(x[::-1], y[::-1])
    straight = LogisticRegressionSGD(max_iter=2, tol=None, random_state=0).fit(x, y)
    assert turned.coef_.tolist() == straight.coef_.tolist()


@pytest.mark.parametrize("words, message", [
    ({"alpha": 0}, "`alpha`: got 0, expected a number above 0"),
    ({"learning_rate": "best"}, "`learning_rate`: got 'best'"),
    ({"batch_size": 0}, "`batch_size`: got 0"),
    ({"alpha": "none"}, "`alpha`: got 'none', expected a number"),
    ({"eta0": 0.0}, r"`eta0`: got 0.0, expected a number in the range \(0, inf\)"),
    ({"tol": "low"}, "`tol`: got 'low'"),
    ({"fit_intercept": "no"}, "`fit_intercept`: got 'no', expected True or False"),
])  # fmt: skip
def test_parameters_are_checked(rows, words, message):
    with pytest.raises(ValueError, match=message):
        LogisticRegressionSGD(**words).fit(*rows)


def test_a_warm_start_takes_what_is_set_now(rows):
    x, y = rows
    warm = LogisticRegressionSGD(warm_start=True, random_state=0, tol=None, max_iter=3).fit(x, y)
    before = np.abs(warm.coef_).max()
    warm.set_params(alpha=100.0).fit(x, y)
    assert np.abs(warm.coef_).max() < 0.2 * before
    with pytest.raises(ValueError, match="`fit_intercept`: got False, but .* was made with True"):
        warm.set_params(fit_intercept=False).fit(x, y)


def test_several_labels_a_row_are_told(rows):
    x, y = rows
    for estimator in (LogisticRegressionSGD(), Perceptron()):
        with pytest.raises(
            ValueError, match=r"y: got shape .* expected one label a row.*MultiOutp"
        ):
            estimator.fit(x, np.column_stack([y, y]))


def test_weights_that_are_lost_answer_nothing(rows):
    x, y = rows
    fitted = LogisticRegressionSGD(learning_rate="constant", eta0=1e38, dtype="float32")
    with pytest.warns(RuntimeWarning), pytest.raises(ValueError, match="the loss became"):
        fitted.fit(x, y)
    with pytest.raises(NotFittedError):
        fitted.predict(x)


def test_a_fit_that_fails_leaves_the_classes_of_the_one_before(rows):
    x, y = rows
    fitted = LogisticRegressionSGD(max_iter=2, tol=None).fit(x, y)
    with pytest.raises(ValueError, match="only one class"):
        fitted.fit(x, np.ones(len(x)))
    assert set(fitted.predict(x)) <= set(y)


def test_later_parts_have_the_same_classes(rows):
    x, y = rows
    parts = LogisticRegressionSGD().partial_fit(x, y, classes=np.unique(y))
    parts.partial_fit(x, y, classes=np.unique(y))
    with pytest.raises(ValueError, match="`classes`: got .* as at the first call"):
        parts.partial_fit(x, y, classes=[*np.unique(y), 9])
