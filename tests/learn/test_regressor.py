"""RanvierRegressor: scikit-learn's steps, other losses, several numbers a row."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn.exceptions import ConvergenceWarning
from sklearn.neural_network import MLPRegressor

import ranvier as keras
from ranvier.learn import RanvierRegressor

pytestmark = pytest.mark.oracle


@pytest.fixture(scope="module")
def rows():
    rng = np.random.default_rng(0)
    x = rng.normal(size=(120, 3))
    return x, x @ [1.0, -2.0, 0.5] + 1.0


def net(**given):
    words = {"hidden_layer_sizes": (), "max_iter": 60, "learning_rate_init": 0.1, "tol": None,
             "random_state": 0, "alpha": 0.0}  # fmt: skip
    return RanvierRegressor(**{**words, **given})


def test_steps_are_those_of_scikit_learn(rows):
    x, y = rows
    words = {
        "hidden_layer_sizes": (6,),
        "shuffle": False,
        "random_state": 0,
        "alpha": 0.3,
        "warm_start": True,
        "learning_rate_init": 0.01,
        "tol": 0.0,
        "batch_size": 50,
    }
    theirs, ours = MLPRegressor(**words), RanvierRegressor(**words)
    with pytest.warns(ConvergenceWarning):
        ours.set_params(max_iter=1, learning_rate_init=1e-30).fit(x, y)
        theirs.set_params(max_iter=1).fit(x, y)
        theirs.coefs_, theirs.intercepts_ = ours.coefs_, ours.intercepts_
        theirs.set_params(max_iter=2, batch_size=60).fit(x, y)
        ours.set_params(max_iter=2, batch_size=60, learning_rate_init=0.01).fit(x, y)
    for a, b in zip(ours.coefs_, theirs.coefs_, strict=True):
        np.testing.assert_allclose(a, b, atol=1e-4)  # alpha was divided by 50 rows, not by 60
    np.testing.assert_allclose(ours.predict(x), theirs.predict(x), atol=1e-3)


def test_a_warm_start_with_another_loss(rows):
    x, y = rows
    fitted = RanvierRegressor((4,), max_iter=2, tol=None, warm_start=True, random_state=0)
    fitted.fit(x, y).set_params(loss="huber").fit(x, y)
    with pytest.raises(ValueError, match="`loss`: got 'poisson', but .* go through 'identity'"):
        fitted.set_params(loss="poisson").fit(x, abs(y))


def test_learns_one_number_and_several(rows):
    x, y = rows
    one = net().fit(x, y)
    assert one.score(x, y) > 0.99 and one.predict(x).shape == (120,)
    two = net().fit(x, np.column_stack([y, -y]))
    assert two.predict(x).shape == (120, 2) and two.n_outputs_ == 2
    with pytest.raises(ValueError, match="got 3 columns, expected 2"):
        two.partial_fit(x, np.column_stack([y, y, y]))


@pytest.mark.parametrize("loss", ["huber", "mae", keras.losses.Huber(0.5)])
def test_other_losses(rows, loss):
    x, y = rows
    assert net(loss=loss).fit(x, y).score(x, y) > 0.9


class Mine(keras.optimizers.SGD):
    """An optimizer of the user's own."""

    def __init__(self, learning_rate=0.1, extra=0, **given):
        super().__init__(learning_rate, **given)
        self.extra = extra


def test_solvers_of_ones_own(rows):
    rate = keras.optimizers.schedules.ExponentialDecay(0.1, 50, 0.9)
    for solver in (Mine(0.1, extra=3), Mine(rate), Mine):
        fitted = net(solver=solver).fit(*rows)
        assert fitted.score(*rows) > 0.9 and type(fitted.model_.optimizer) is Mine
    assert net(solver=Mine(0.1, extra=3)).fit(*rows).model_.optimizer.extra == 3


def test_losses_that_are_none(rows):
    with pytest.raises(ValueError, match="`loss`: got None, expected a name"):
        net(loss=None).fit(*rows)
    linear = keras.Sequential([keras.layers.Dense(1)])
    with pytest.raises(ValueError, match=r"Write activation='exponential' there\.$"):
        net(loss="poisson", model=linear).fit(rows[0], np.abs(rows[1]))


def test_a_loss_that_is_given_stays_as_it_is(rows):
    loss = keras.losses.Huber(0.5)
    before = loss.get_config()
    for dtype in ("float64", "float32"):
        net(loss=loss, max_iter=2, dtype=dtype).fit(*rows)
    assert loss.get_config() == before


def test_counts_are_learnt_through_exp_as_in_scikit_learn(rows):
    x, y = rows
    counts = np.floor(np.exp(y / 2))
    words = {"hidden_layer_sizes": (6,), "loss": "poisson", "shuffle": False, "warm_start": True,
             "alpha": 0.0, "max_iter": 1, "solver": "sgd"}  # fmt: skip
    theirs, ours = MLPRegressor(**words), RanvierRegressor(tol=None, **words)
    with pytest.warns(ConvergenceWarning):
        ours.set_params(learning_rate_init=1e-30).fit(x, counts)
        theirs.fit(x, counts)
        theirs.coefs_, theirs.intercepts_ = ours.coefs_, ours.intercepts_
        theirs.set_params(max_iter=3).fit(x, counts)
        ours.set_params(max_iter=3, learning_rate_init=0.001).fit(x, counts)
    assert ours.out_activation_ == theirs.out_activation_ == "exp"
    np.testing.assert_allclose(ours.predict(x), theirs.predict(x), rtol=1e-4)
    with pytest.raises(ValueError, match=r"y: has -1, expected numbers of at least 0"):
        net(loss="poisson").fit(x, counts - 1)


@pytest.mark.parametrize("solver", ["rmsprop", keras.optimizers.SGD(0.05, momentum=0.5)])
def test_other_solvers(rows, solver):
    x, y = rows
    fitted = net(solver=solver).fit(x, y)
    assert fitted.score(x, y) > 0.9
    assert fitted.model_.optimizer is not solver  # the parameter itself is never trained with


def test_early_stopping_looks_at_r2(rows):
    x, y = rows
    fitted = net(early_stopping=True, tol=1e-4, max_iter=200, n_iter_no_change=3).fit(x, y)
    assert fitted.best_validation_score_ > 0.9
    weighted = net(early_stopping=True, max_iter=5).fit(x, y, sample_weight=np.ones(120))
    assert len(weighted.validation_scores_) == 5


def test_a_function_makes_the_model(rows):
    x, y = rows

    def build(input_shape):
        return keras.Sequential([keras.Input(input_shape), keras.layers.Dense(1)])

    assert net(model=build).fit(x, y).score(x, y) > 0.99
