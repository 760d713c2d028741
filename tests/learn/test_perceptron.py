"""Perceptron: Rosenblatt's rule at once and step by step, the figures of the books."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn.datasets import load_iris
from sklearn.exceptions import ConvergenceWarning

from ranvier.learn import Perceptron

pytestmark = pytest.mark.oracle

CORNERS = np.array([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]])


@pytest.fixture(scope="module")
def iris():
    data = load_iris()
    return data.data[:, (2, 3)], (data.target == 0).astype(int)


@pytest.mark.parametrize("step", ["heaviside", "sign"])
def test_iris_as_in_the_books(iris, step):
    found = Perceptron(step=step, max_iter=1000, tol=1e-3, random_state=42).fit(*iris)
    assert found.predict([[2, 0.5]]).tolist() == [1]
    assert found.predict([[2, 0.5], [3, 1]]).tolist() == [1, 0]
    assert found.mistakes_[-1] == 0 and found.score(*iris) == 1
    assert found.decision_function([[2, 0.5]]).shape == (1,)


@pytest.mark.parametrize("step", ["heaviside", "sign"])
def test_steps_in_python_are_those_of_fit(iris, step):
    x, y = iris
    *_, last = Perceptron(step=step, shuffle=False).steps(x, y)
    found = Perceptron(step=step, shuffle=False, tol=None).fit(x, y)
    np.testing.assert_allclose(last.weights, found.coef_[0], atol=1e-12)
    np.testing.assert_allclose(last.bias, found.intercept_[0], atol=1e-12)
    assert last.epoch + 1 == found.n_iter_


@pytest.mark.parametrize("targets, learns", [
    ([0, 0, 0, 1], True), ([0, 1, 1, 1], True), ([0, 1, 1, 0], False),
])  # fmt: skip
def test_and_or_and_not_xor(targets, learns):
    found = Perceptron(shuffle=False, max_iter=20, tol=None).fit(CORNERS, targets)
    assert (found.score(CORNERS, targets) == 1) == learns
    assert (found.mistakes_[-1] == 0) == learns
    steps = list(Perceptron(shuffle=False, max_iter=20).steps(CORNERS, targets))
    assert (not any(step.wrong for step in steps[-4:])) == learns


def test_several_classes_are_each_against_the_rest():
    data = load_iris()
    x = (data.data - data.data.mean(0)) / data.data.std(0)
    found = Perceptron(random_state=0).fit(x, data.target_names[data.target])
    assert found.coef_.shape == (3, 4) and found.intercept_.shape == (3,)
    assert found.score(x, data.target_names[data.target]) > 0.8
    assert Perceptron(fit_intercept=False, random_state=0).fit(x, data.target).intercept_.sum() == 0


def test_what_never_converges_says_so():
    with pytest.warns(ConvergenceWarning, match="max_iter=3 epochs"):
        Perceptron(max_iter=3).fit(CORNERS, [0, 1, 1, 0])
    with pytest.raises(ValueError, match="`step`: got 'stair', expected one of"):
        Perceptron(step="stair").fit(CORNERS, [0, 1, 1, 0])
    with pytest.raises(ValueError, match="`max_iter`: got 0"):
        Perceptron(max_iter=0).fit(CORNERS, [0, 1, 1, 0])
    with pytest.raises(ValueError, match="only one class, 0"):
        Perceptron().fit(CORNERS, [0, 0, 0, 0])
    with pytest.raises(ValueError, match="has 3 classes, expected two"):
        next(Perceptron().steps(CORNERS, [0, 1, 2, 0]))


def test_a_weighed_row_is_seen_more_often(iris):
    x, y = iris
    times = np.where(y == 1, 3, 1)
    words = {"max_iter": 3, "tol": None, "random_state": 1}
    weighed = Perceptron(**words).fit(x, y, sample_weight=times)
    repeated = Perceptron(**words).fit(x.repeat(times, axis=0), y.repeat(times))
    assert weighed.coef_.tolist() == repeated.coef_.tolist()
    assert weighed.mistakes_ == repeated.mistakes_ and weighed.t_ == repeated.t_


def test_warm_start_and_partial_fit_go_on():
    warm = Perceptron(warm_start=True, max_iter=1, tol=None, shuffle=False)
    for _ in range(8):
        warm.fit(CORNERS, [0, 0, 0, 1])
    parts = Perceptron(shuffle=False)
    for _ in range(8):
        parts.partial_fit(CORNERS, [0, 0, 0, 1], classes=[0, 1])
    whole = Perceptron(shuffle=False, max_iter=8, tol=None).fit(CORNERS, [0, 0, 0, 1])
    assert warm.coef_.tolist() == parts.coef_.tolist() == whole.coef_.tolist()
    with pytest.raises(ValueError, match="`classes`: got None at the first call"):
        Perceptron().partial_fit(CORNERS, [0, 0, 0, 1])
