"""RanvierClassifier: labels of all kinds, what scikit-learn does with estimators, Keras' models."""

from __future__ import annotations

import gc
import pickle
import warnings

import joblib
import numpy as np
import pandas as pd
import pytest
from scipy.sparse import csr_matrix
from sklearn.base import clone
from sklearn.calibration import CalibratedClassifierCV
from sklearn.exceptions import ConvergenceWarning, NotFittedError
from sklearn.model_selection import GridSearchCV, cross_val_predict, cross_val_score
from sklearn.neural_network import MLPClassifier
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

import ranvier as keras
from ranvier.learn import LogisticRegressionSGD, RanvierClassifier
from ranvier.wrappers import SKLearnClassifier

pytestmark = pytest.mark.oracle  # scikit-learn's import takes a second


@pytest.fixture(scope="module")
def blobs():
    rng = np.random.default_rng(0)
    y = rng.integers(0, 3, 120)
    centres = np.array([[2.0, 0.0], [-2.0, 0.0], [0.0, 2.5]])
    return centres[y] + rng.normal(size=(120, 2)) / 2, y


def net(**given):
    words = {"hidden_layer_sizes": (6,), "max_iter": 30, "learning_rate_init": 0.05, "tol": None,
             "random_state": 0, "alpha": 0.0}  # fmt: skip
    return RanvierClassifier(**{**words, **given})


# --- labels -------------------------------------------------------------------------------------
def test_labels_may_be_strings(blobs):
    x, y = blobs
    names = np.array(["pear", "apple", "fig"])[y]
    fitted = net().fit(x, names)
    assert list(fitted.classes_) == ["apple", "fig", "pear"]
    assert fitted.score(x, names) > 0.95
    chances = fitted.predict_proba(x)
    np.testing.assert_allclose(chances.sum(1), 1, rtol=1e-6)
    assert (fitted.classes_[chances.argmax(1)] == fitted.predict(x)).all()
    np.testing.assert_allclose(fitted.predict_log_proba(x), np.log(chances))


def test_two_classes_are_one_unit(blobs):
    x, y = blobs
    fitted = net().fit(x, y == 2)
    assert fitted.out_activation_ == "logistic" and fitted.n_outputs_ == 1
    assert fitted.predict(x).dtype == bool and fitted.score(x, y == 2) > 0.95
    assert fitted.predict_proba(x).shape == (120, 2)


def test_several_labels_a_row(blobs):
    x, _ = blobs
    y = (x > 0).astype(int)
    fitted = net(max_iter=60).fit(x, y)
    assert fitted.predict(x).shape == (120, 2) and fitted.score(x, y) > 0.9
    assert fitted.predict_proba(x).shape == (120, 2)


def test_several_columns_of_classes(blobs):
    x, y = blobs
    both = np.column_stack([np.array(["a", "b", "c"])[y], np.where(x[:, 0] > 0, "r", "l")])
    fitted = net(max_iter=60, early_stopping=True).fit(x, both)
    assert [list(c) for c in fitted.classes_] == [["a", "b", "c"], ["l", "r"]]
    assert [p.shape for p in fitted.predict_proba(x)] == [(120, 3), (120, 2)]
    assert fitted.score(x, both) > 0.9 and fitted.predict(x).shape == (120, 2)
    weighted = net(max_iter=2).fit(x, both, sample_weight=np.ones(120))
    np.testing.assert_allclose(weighted.coefs_[0], net(max_iter=2).fit(x, both).coefs_[0])


def test_columns_may_be_text_and_numbers(blobs):
    x, y = blobs
    both = pd.DataFrame({"name": np.array(["pear", "apple", "fig"])[y], "two": y == 2, "number": y})
    fitted = net(max_iter=60, class_weight="balanced").fit(x, both)
    assert [list(one) for one in fitted.classes_] == [
        ["apple", "fig", "pear"], [False, True], [0, 1, 2]]  # fmt: skip
    answers = fitted.predict(x)
    assert [type(one) for one in answers[0]] == [str, bool, int]
    assert fitted.score(x, both) > 0.9


def test_columns_of_any_two_numbers_are_classes(blobs):
    x, y = blobs
    both = np.column_stack([1 + (y > 0), np.where(x[:, 0] > 0, 2, 1)])
    fitted = net(max_iter=60).fit(x, both)
    assert [list(c) for c in fitted.classes_] == [[1, 2], [1, 2]] and fitted.score(x, both) > 0.9
    assert fitted.score(x, both + 0.5) == 0


def test_classes_of_columns_come_batch_by_batch(blobs):
    x, y = blobs
    both = np.column_stack([y, x[:, 0] > 0]).astype(int)
    first, classes = np.flatnonzero(y < 2)[:20], [[0, 1, 2], [0, 1]]
    fitted = net().partial_fit(x[first], both[first], classes=classes)
    for _ in range(30):
        fitted.partial_fit(x, both, classes=classes)
    assert [list(c) for c in fitted.classes_] == classes and fitted.score(x, both) > 0.9
    for other in ([[0, 1], [0, 1]], [0, 1, 2], [[0, 1, 2]]):
        with pytest.raises(ValueError, match="as at the first call"):
            fitted.partial_fit(x, both, classes=other)
    with pytest.raises(ValueError, match="labels of each of the 2 columns"):
        net().partial_fit(x, both, classes=[0, 1, 2])
    labels = net().partial_fit(x, np.eye(3, dtype=int)[y], classes=[0, 1])
    labels.partial_fit(x, np.eye(3, dtype=int)[y], classes=[0, 1])
    assert labels.predict(x).shape == (120, 3)


def test_sparse_labels_say_the_way_out(blobs):
    x, y = blobs
    with pytest.raises(TypeError, match=r"y: got a sparse csr_matrix, .* Write y.toarray\(\)"):
        net().fit(x, csr_matrix(np.eye(3, dtype=int)[y]))


@pytest.mark.parametrize(
    "classes", [3, [], {0, 1, 2}, "012", [0, 1, 2, np.nan], ["a", None]], ids=str
)
def test_classes_that_are_none(blobs, classes):
    for estimator in (net(), LogisticRegressionSGD()):
        with pytest.raises(ValueError, match="`classes`: got .*, expected a list of all labels"):
            estimator.partial_fit(*blobs, classes=classes)


def test_sparse_labels_are_scored(blobs):
    x, _ = blobs
    y = (x > 0).astype(int)
    fitted = net(max_iter=2).fit(x, y)
    assert fitted.score(x, csr_matrix(y)) == fitted.score(x, y)


# --- training -----------------------------------------------------------------------------------
@pytest.mark.parametrize("words", [
    {"solver": "sgd", "batch_size": 40}, {"solver": "adam"},
    {"solver": "sgd", "learning_rate": "invscaling", "power_t": 0.1, "nesterovs_momentum": False},
])  # fmt: skip
def test_steps_are_those_of_scikit_learn(blobs, words):
    x, y = blobs
    words = {"hidden_layer_sizes": (6,), "shuffle": False, "random_state": 0, "alpha": 0.3,
             "warm_start": True, "learning_rate_init": 0.01, "tol": 0.0, **words}  # fmt: skip
    theirs, ours = MLPClassifier(**words), RanvierClassifier(**words)
    with pytest.warns(ConvergenceWarning, match="max_iter=1 epochs"):
        ours.set_params(max_iter=1, learning_rate_init=1e-30).fit(x, y)
    with pytest.warns(ConvergenceWarning):
        theirs.set_params(max_iter=1).fit(x, y)
        theirs.coefs_, theirs.intercepts_ = ours.coefs_, ours.intercepts_
        theirs.set_params(max_iter=5).fit(x, y)
        ours.set_params(max_iter=5, learning_rate_init=0.01).fit(x, y)
    for a, b in zip(ours.coefs_ + ours.intercepts_, theirs.coefs_ + theirs.intercepts_,
                    strict=True):  # fmt: skip
        np.testing.assert_allclose(a, b, atol=1e-9)
    np.testing.assert_allclose(ours.loss_curve_[-5:], theirs.loss_curve_[-5:], rtol=1e-3)
    np.testing.assert_allclose(ours.predict_proba(x), theirs.predict_proba(x), atol=1e-9)


def test_one_random_state_is_one_network(blobs):
    x, y = blobs
    keras.utils.set_random_seed(1)
    a = net(max_iter=3).fit(x, y)
    after = keras.random.next_seed()
    keras.utils.set_random_seed(2)
    b = net(max_iter=3).fit(x, y)
    np.testing.assert_array_equal(a.predict_proba(x), b.predict_proba(x))
    keras.utils.set_random_seed(1)
    assert keras.random.next_seed() == after  # the global sequence was not touched
    assert (net(max_iter=3, random_state=1).fit(x, y).coefs_[0] != a.coefs_[0]).any()


def test_weights_of_classes_are_weights_of_rows(blobs):
    x, y = blobs
    weights = np.array([1.0, 0.0, 3.0])[y]
    by_rows = net(max_iter=3).fit(x, y, sample_weight=weights)
    by_class = net(max_iter=3, class_weight={0: 1.0, 1: 0.0, 2: 3.0}).fit(x, y)
    np.testing.assert_array_equal(by_rows.coefs_[0], by_class.coefs_[0])
    assert net(class_weight="balanced").fit(x, y).score(x, y) > 0.95


def test_partial_fit_is_an_epoch(blobs):
    x, y = blobs
    steps = net(shuffle=False)
    for _ in range(3):
        steps.partial_fit(x, y, classes=[0, 1, 2])
    whole = net(shuffle=False, max_iter=3).fit(x, y)
    np.testing.assert_array_equal(steps.coefs_[0], whole.coefs_[0])
    assert steps.loss_curve_ == whole.loss_curve_ and steps.t_ == whole.t_ == 360
    steps.partial_fit(x[y == 1][:20], y[y == 1][:20])  # rows of one class only
    with pytest.raises(ValueError, match="row 0 has the label 'plum'"):
        steps.partial_fit(x, ["plum"] * 120)
    with pytest.raises(ValueError, match="`classes`: got None at the first call"):
        net().partial_fit(x, y)
    with pytest.raises(ValueError, match="does not support early_stopping"):
        net(early_stopping=True).partial_fit(x, y, classes=[0, 1, 2])


def test_warm_start_goes_on(blobs):
    x, y = blobs
    warm = net(warm_start=True, max_iter=4, solver="sgd", momentum=0.0, shuffle=False)
    warm.fit(x, y).fit(x, y)
    whole = net(max_iter=8, solver="sgd", momentum=0.0, shuffle=False).fit(x, y)
    np.testing.assert_array_equal(warm.coefs_[0], whole.coefs_[0])
    assert warm.n_iter_ == 4 and len(warm.loss_curve_) == 8


def test_warm_start_takes_what_is_set_now(blobs):
    x, y = blobs
    words = {"hidden_layer_sizes": (6,), "max_iter": 5, "random_state": 0, "shuffle": False,
             "alpha": 0.0, "warm_start": True, "tol": None}  # fmt: skip
    fitted = RanvierClassifier(**words).fit(x, y)
    light, heavy = (pickle.loads(pickle.dumps(fitted)) for _ in range(2))
    light.set_params(learning_rate_init=0.01, max_iter=100).fit(x, y)
    heavy.set_params(learning_rate_init=0.01, max_iter=100, alpha=300.0).fit(x, y)
    assert np.square(heavy.coefs_[0]).sum() < 0.1 * np.square(light.coefs_[0]).sum()


@pytest.mark.parametrize("change", [
    {"hidden_layer_sizes": (7,)}, {"hidden_layer_sizes": (6, 6)}, {"activation": "tanh"},
    {"dtype": "float32"},
], ids=str)  # fmt: skip
def test_a_network_that_is_there_keeps_its_layers(blobs, change):
    x, y = blobs
    for fit in (lambda net: net.fit(x, y), lambda net: net.partial_fit(x, y)):
        fitted = net(max_iter=1, warm_start=True).fit(x, y).set_params(**change)
        with pytest.raises(ValueError, match=f"`{next(iter(change))}`: got .* was made with"):
            fit(fitted)
        fitted.set_params(warm_start=False).fit(x, y)
        fitted.set_params(
            warm_start=True, hidden_layer_sizes=list(np.atleast_1d(fitted.hidden_layer_sizes))
        ).fit(x, y)  # the same, in another form


def test_arguments_that_are_arrays_are_the_same_by_their_numbers(blobs):
    def make(n_features_in, n_classes, given):
        return keras.Sequential([keras.layers.Dense(n_classes, "softmax")])

    fitted = net(model=make, model_kwargs={"given": np.arange(3)}, max_iter=1, warm_start=True)
    fitted.fit(*blobs).set_params(model__given=np.arange(3)).fit(*blobs)
    with pytest.raises(ValueError, match="`model_kwargs`: got .* was made with"):
        fitted.set_params(model__given=np.arange(4)).fit(*blobs)


def test_what_ends_it_may_change_between_fits(blobs):
    fitted = net(max_iter=3, warm_start=True, tol=1e-4, n_iter_no_change=99)
    with pytest.warns(ConvergenceWarning):
        fitted.fit(*blobs)
        fitted.set_params(early_stopping=True).fit(*blobs)
        assert len(fitted.validation_scores_) == 3 and fitted.best_loss_ is None
        fitted.set_params(early_stopping=False).fit(*blobs)
        assert fitted.validation_scores_ is None
        assert fitted.best_loss_ == min(fitted.loss_curve_[-3:]) and len(fitted.loss_curve_) == 9
        fitted.set_params(early_stopping=True).fit(*blobs)
    fitted.set_params(early_stopping=False).partial_fit(*blobs)
    assert np.isfinite(fitted.best_loss_)


def test_early_stopping_keeps_the_best(blobs):
    x, y = blobs
    fitted = net(early_stopping=True, tol=1e-4, n_iter_no_change=2, max_iter=50).fit(x, y)
    assert fitted.n_iter_ < 50
    assert fitted.best_validation_score_ == max(fitted.validation_scores_)
    assert len(fitted.validation_scores_) == len(fitted.loss_curve_) == fitted.n_iter_
    with pytest.raises(ValueError, match="`validation_fraction`: 0.005 of 120 rows cannot"):
        net(early_stopping=True, validation_fraction=0.005).fit(x, (x > 0).astype(int))


def test_the_loss_ends_it(blobs):
    x, y = blobs
    fitted = net(tol=0.5, n_iter_no_change=1, max_iter=50).fit(x, y)
    assert fitted.n_iter_ < 50 and fitted.best_loss_ == min(fitted.loss_curve_)
    slower = net(solver="sgd", learning_rate="adaptive", tol=0.5, n_iter_no_change=1, max_iter=9)
    with pytest.warns(ConvergenceWarning, match="before the optimization converged"):
        slower.fit(x, y)
    assert float(slower.model_.optimizer.learning_rate.numpy()) < 0.05


def test_verbose_prints_a_line_an_epoch(blobs, capsys):
    net(max_iter=2, verbose=True).fit(*blobs)
    assert capsys.readouterr().out.startswith("Iteration 1, loss = ")


# --- data ---------------------------------------------------------------------------------------
def test_columns_have_names(blobs):
    x, y = blobs
    frame = pd.DataFrame(x, columns=["length", "width"])
    fitted = net(max_iter=1).fit(frame, y)
    assert list(fitted.feature_names_in_) == ["length", "width"]
    frame.loc[[3, 8], "width"] = np.nan
    with pytest.raises(ValueError, match=r"X: has NaN in column 'width', row 3 \(2 such rows"):
        net().fit(frame, y)
    with pytest.raises(ValueError, match="infinity in column 'length', row 1"):
        fitted.predict(pd.DataFrame({"length": [0.0, -np.inf], "width": [0.0, 1.0]}))
    with pytest.raises(
        ValueError,
        match="too large for float32 .*, in column 1, row 0",
    ):
        net(dtype="float32").fit(np.where(x > 1, 1e200, x), y)
    with pytest.raises(ValueError, match="feature names"):
        fitted.predict(frame.dropna()[["width", "length"]])


def test_float_types(blobs):
    x, y = blobs
    assert net(max_iter=1).fit(x, y).predict_proba(x).dtype == "float64"
    assert net(max_iter=1).fit(x.astype("f4"), y).predict_proba(x).dtype == "float32"
    assert net(max_iter=1, dtype="float32").fit(x, y).predict_proba(x).dtype == "float32"
    many = np.tile(x, (1, 100))
    assert net(max_iter=1).fit(many, y).coefs_[0].dtype == "float32"
    bytes_ = (x * 5 + 25).astype("u1")
    assert net(max_iter=1, hidden_layer_sizes=()).fit(bytes_, y).predict(bytes_).shape == (120,)


def test_what_cannot_be_learnt_says_so(blobs):
    x, y = blobs
    with pytest.raises(ValueError, match="only one class, 1"):
        net().fit(x, np.ones(120, int))
    with pytest.raises(ValueError, match="leaves rows of only one class"):
        net().fit(x, y, sample_weight=(y == 1) * 1.0)
    with pytest.raises(ValueError, match="row 0 has weight -1"):
        net().fit(x, y, sample_weight=np.full(120, -1.0))
    with pytest.warns(RuntimeWarning), pytest.raises(ValueError, match="loss became"):
        net(solver="sgd", activation="identity", learning_rate_init=1e38, dtype="float32").fit(x, y)


def test_weights_that_are_lost_answer_nothing(blobs):
    x, y = blobs
    words = {"solver": "sgd", "activation": "identity", "dtype": "float32"}
    fitted = net(warm_start=True, **words).fit(x, y).set_params(learning_rate_init=1e38)
    with pytest.warns(RuntimeWarning), pytest.raises(ValueError, match="the weights are lost"):
        fitted.fit(x, y)
    with pytest.raises(NotFittedError):
        fitted.predict(x)
    with pytest.raises(ValueError, match="`classes`: got None at the first call"):
        fitted.partial_fit(x[:5], y[:5])
    assert fitted.set_params(learning_rate_init=0.05).fit(x, y).score(x, y) > 0.9


@pytest.mark.parametrize("column, message", [
    (["red", "blue"], "X: column 'c' holds 'red' in row 0, .*OneHotEncoder"),
    ([1.5, "blue"], "X: column 'c' holds 'blue' in row 1"),
    (pd.Categorical(["red", "blue"]), "X: column 'c' holds 'red'"),
    (pd.to_datetime(["2020-01-01", "2021-01-01"]), "X: column 'c' holds dates"),
], ids=["text", "mixed", "categories", "dates"])  # fmt: skip
def test_columns_that_are_no_numbers_are_named(column, message):
    frame = pd.DataFrame({"b": [1.0, 2.0], "c": column})
    for x in (frame, frame[["c"]]):
        with pytest.raises((ValueError, TypeError), match=message):
            net().fit(x, [0, 1])
    if "dates" not in message:
        with pytest.raises(ValueError, match=message.replace("'c'", "1")):
            net().fit(frame.to_numpy(dtype=object), [0, 1])
        with pytest.raises(ValueError, match=message.replace("'c'", "1")):
            net().fit(frame.to_numpy(dtype=object).tolist(), [0, 1])


@pytest.mark.parametrize("y, message", [
    (pd.Series(["a", "b", None], dtype=object), "y: row 2 has None, a missing value .10 such rows"),
    (pd.Series(["a", "b", None], dtype="string"), "y: row 2 has <NA>"),
    (["a", "b", float("nan")], "y: row 2 has nan"),
    (["a", 1, 2], "y: has text and numbers in one column"),
], ids=["none", "na", "nan", "mixed"])  # fmt: skip
def test_labels_that_are_missing_or_mixed(blobs, y, message):
    whole = pd.concat([pd.Series(y)] * 10, ignore_index=True)
    for fit in (net().fit, LogisticRegressionSGD().fit):
        with pytest.raises(ValueError, match=message):
            fit(blobs[0][:30], whole)


def test_too_few_rows_to_hold_some_out(blobs):
    x, y = blobs
    with pytest.raises(ValueError, match="`validation_fraction`: 0.1 of 5 rows cannot be held out"):
        net(early_stopping=True).fit(x[:5], [0, 1, 0, 1, 1])
    with pytest.raises(ValueError, match="Classes with too few members are.*early_stopping=False"):
        net(early_stopping=True).fit(x[:21], [0, 1] * 10 + [2])


def test_weights_of_classes_that_cannot_be(blobs):
    x, y = blobs
    with pytest.raises(ValueError, match="class_weight: row .* has weight -1"):
        net(class_weight={0: -1, 1: 1, 2: 1}).fit(x, y)
    with pytest.raises(ValueError, match="class_weight leaves rows of only one class"):
        net(class_weight={0: 0, 1: 1, 2: 0}).fit(x, y)
    with pytest.raises(ValueError, match="`class_weight`: got 'balanced', which partial_fit"):
        net(class_weight="balanced").partial_fit(x, y, classes=[0, 1, 2])
    for given in ("auto", {0: np.nan}, {0: "a"}, [{0: 1}]):
        with pytest.raises(ValueError, match="`class_weight`: got .*, expected 'balanced', or a"):
            net(class_weight=given).fit(x, y)


@pytest.mark.parametrize("words, message", [
    ({"max_iter": 0}, "`max_iter`: got 0, expected an int of at least 1"),
    ({"hidden_layer_sizes": (3, -1)}, "`hidden_layer_sizes`: got .* expected positive ints"),
    ({"alpha": -1}, r"`alpha`: got -1, expected a number in the range \[0, inf\)\."),
    ({"alpha": float("inf")}, r"`alpha`: got inf, expected a number in the range \[0, inf\)"),
    ({"momentum": 2}, r"`momentum`: got 2, expected a number in the range \[0, 1\]"),
    ({"tol": -1e-4}, r"`tol`: got -0.0001, .* range \[0, inf\), or None to train for max_iter"),
    ({"power_t": -0.5}, r"`power_t`: got -0.5, expected a number in the range \[0, inf\)"),
    ({"beta_2": 1.0}, r"`beta_2`: got 1.0, expected a number in the range \[0, 1\)"),
    ({"epsilon": float("nan")}, r"`epsilon`: got nan, expected a number in the range \(0, inf\)"),
    ({"n_iter_no_change": 1.5}, "got 1.5, expected an int of at least 1, or infinity to train"),
    ({"batch_size": "all"}, "`batch_size`: got 'all'"),
    ({"learning_rate": "fast"}, "`learning_rate`: got 'fast'"),
    ({"dtype": "half"}, "`dtype`: got 'half'"),
    ({"activation": "rellu"}, "relu"),
    ({"early_stopping": "no"}, "`early_stopping`: got 'no', expected True or False"),
    ({"tol": "low"}, "`tol`: got 'low'"),
    ({"random_state": -1}, "`random_state`: got -1, expected an int from 0 to 4294967295"),
    ({"random_state": np.random.default_rng(0)}, "`random_state`: got Generator.* a RandomState"),
    ({"solver": None}, "`solver`: got None, expected a name"),
    ({"solver": "lbfgs"}, "RanvierClassifier, `solver`: got 'lbfgs'. Known names: adadelta"),
    ({"model_kwargs": {"units": 3}}, "`model_kwargs`: got .* but `model` is None"),
    ({"model__units": 3}, "`model_kwargs`: got .* but `model` is None"),
    ({"model_kwargs": 3}, "`model_kwargs`: got 3, expected a dict"),
    ({"model": lambda units: None}, "does not take what it is given .*'units'"),
    ({"model": lambda: None, "model_kwargs": {"a": 1}}, "does not take what it is given .*'a'"),
    ({"model": 3}, "`model`: got 3"),
])  # fmt: skip
def test_parameters_are_checked_at_fit(blobs, words, message):
    estimator = net().set_params(**words)
    with pytest.raises((ValueError, TypeError), match=message):
        estimator.fit(*blobs)


# --- what scikit-learn does with it -------------------------------------------------------------
def test_search_in_a_pipeline_gives_the_same_in_threads(blobs):
    x, y = blobs
    pipeline = make_pipeline(StandardScaler(), net(max_iter=5))
    grid = {"ranvierclassifier__hidden_layer_sizes": [(3,), (6,)]}
    alone = GridSearchCV(pipeline, grid, cv=2).fit(x, y)
    with joblib.parallel_config(backend="threading", n_jobs=2):
        threads = GridSearchCV(pipeline, grid, cv=2).fit(x, y)
    for name in ("split0_test_score", "split1_test_score"):
        np.testing.assert_array_equal(alone.cv_results_[name], threads.cv_results_[name])
    np.testing.assert_array_equal(alone.predict_proba(x), threads.predict_proba(x))


def test_processes_give_the_same(blobs):
    x, y = blobs
    words = {"method": "predict_proba", "cv": 2}
    alone = cross_val_predict(net(max_iter=5), x, y, **words)
    with joblib.parallel_config(backend="loky", n_jobs=2):
        np.testing.assert_array_equal(alone, cross_val_predict(net(max_iter=5), x, y, **words))


def test_calibration_and_predictions_of_folds(blobs):
    x, y = blobs
    calibrated = CalibratedClassifierCV(net(max_iter=10), cv=2).fit(x, y)
    assert calibrated.score(x, y) > 0.9
    assert cross_val_predict(net(max_iter=10), x, y, cv=2, method="predict_proba").shape == (120, 3)
    assert cross_val_score(net(), x, y, cv=2).mean() > 0.9


@pytest.mark.parametrize("protocol", [0, 1, 5])
def test_a_copy_by_pickle_predicts_and_trains_on(blobs, protocol):
    x, y = blobs
    fitted = net(max_iter=3).fit(x, y)
    copy = pickle.loads(pickle.dumps(fitted, protocol))
    np.testing.assert_array_equal(copy.predict_proba(x), fitted.predict_proba(x))
    np.testing.assert_array_equal(copy.partial_fit(x, y).coefs_[0],
                                  fitted.partial_fit(x, y).coefs_[0])  # fmt: skip


@pytest.mark.parametrize("mode", ["r", "r+"])
def test_a_copy_that_lies_in_a_file_trains_on_and_leaves_the_file(blobs, tmp_path, mode):
    path, fitted = tmp_path / "net.joblib", net(max_iter=3).fit(*blobs)
    joblib.dump(fitted, path)
    before = path.read_bytes()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ResourceWarning)  # joblib's own
        mapped = joblib.load(path, mmap_mode=mode).partial_fit(*blobs)
        gc.collect()
    np.testing.assert_array_equal(mapped.coefs_[0], fitted.partial_fit(*blobs).coefs_[0])
    assert path.read_bytes() == before


def test_the_model_saves_like_any_other(blobs, tmp_path):
    x, y = blobs
    fitted = net(max_iter=3, alpha=0.1).fit(x, y)
    fitted.model_.save(tmp_path / "net.keras")
    loaded = keras.models.load_model(tmp_path / "net.keras")
    np.testing.assert_allclose(loaded.predict(x, verbose=0), fitted.predict_proba(x), atol=1e-6)


# --- models of the user's own -------------------------------------------------------------------
def build(n_features_in, n_classes, units=4, loss=None, out=None):
    model = keras.Sequential([
        keras.Input((n_features_in,)), keras.layers.Dense(units, "relu"),
        keras.layers.Dense(n_classes, None if loss is not None and not out else "softmax"),
    ])  # fmt: skip
    if loss is not None:
        model.compile("adam", loss)
    return model


@pytest.mark.parametrize("loss", [
    None, keras.losses.SparseCategoricalCrossentropy(from_logits=True),
    keras.losses.CategoricalCrossentropy(from_logits=True),
])  # fmt: skip
def test_a_function_makes_the_model(blobs, loss):
    x, y = blobs
    words = {"loss": loss}
    fitted = net(model=build, model_kwargs=words, max_iter=40 if loss is None else 90).fit(x, y)
    np.testing.assert_allclose(fitted.predict_proba(x).sum(1), 1, rtol=1e-5)
    assert fitted.loss_curve_[-1] < fitted.loss_curve_[0]
    again = clone(fitted).fit(x, y)
    np.testing.assert_array_equal(fitted.predict_proba(x), again.predict_proba(x))
    two = net(model=build, model_kwargs=words, max_iter=2).fit(x, y == 1)  # two outputs for two
    assert two.predict_proba(x).shape == (120, 2)


def test_arguments_of_the_function_are_searched(blobs):
    x, y = blobs
    search = GridSearchCV(net(model=build, max_iter=2), {"model__units": [2, 5]}, cv=2).fit(x, y)
    assert search.best_estimator_.coefs_[0].shape[1] == search.best_params_["model__units"]
    assert net(model=build).set_params(model__units=7).get_params()["model__units"] == 7


def test_a_warm_start_with_other_arguments_is_refused(blobs):
    fitted = net(model=build, max_iter=1, warm_start=True).set_params(model__units=3).fit(*blobs)
    fitted.fit(*blobs)
    with pytest.raises(ValueError, match=r"`model_kwargs`: got {'units': 4}, .* {'units': 3}"):
        fitted.set_params(model__units=4).fit(*blobs)


def test_images_go_through_a_model_as_they_are(blobs):
    _, y = blobs
    x = np.random.default_rng(0).integers(0, 255, (120, 4, 4), dtype=np.uint8)
    model = keras.Sequential([
        keras.Input((4, 4)), keras.layers.Rescaling(1 / 255), keras.layers.Flatten(),
        keras.layers.Dense(3, "softmax"),
    ])  # fmt: skip
    model.compile("sgd", "sparse_categorical_crossentropy")
    before = model.get_weights()[0]
    fitted = net(model=model, max_iter=2).fit(x, y)
    assert fitted.predict(x).shape == (120,) and fitted.n_layers_ == 2  # the images and one layer
    np.testing.assert_array_equal(before, model.get_weights()[0])  # a model of its own is trained
    with pytest.raises(ValueError, match=r"shape \(2, 4, 5\), expected \(rows, 4, 4\)"):
        fitted.predict(np.zeros((2, 4, 5)))
    with pytest.raises(ValueError, match=r"shape \(rows, 3\), expected \(rows, 1\)"):
        net(model=model).fit(x, y == 1)


def test_rows_of_any_length_are_asked_for(blobs):
    x, y = blobs
    model = keras.Sequential([
        keras.Input((None, 1)), keras.layers.SimpleRNN(3), keras.layers.Dense(3, "softmax"),
    ])  # fmt: skip
    fitted = net(model=model, max_iter=2).fit(x[:, :, None], y)
    np.testing.assert_allclose(
        fitted.predict_proba(x[:, :, None]), fitted.model_.predict(x[:, :, None], verbose=0),
        atol=1e-6,
    )  # fmt: skip


def test_large_numbers_of_things_stay_as_they_are(blobs):
    numbers = np.array([5, 2**24 + 1, 2**24 + 3])  # float32 has none of its own for the last two
    x = numbers[blobs[1]][:, None]

    def make(X, y):
        assert X.dtype == np.int64
        model = keras.Sequential([
            keras.Input((1,), dtype="int64"), keras.layers.IntegerLookup(vocabulary=numbers),
            keras.layers.Embedding(4, 4), keras.layers.Flatten(), keras.layers.Dense(3, "softmax"),
        ])  # fmt: skip
        model.compile("adam", "categorical_crossentropy")
        return model

    assert (
        net(model=make, max_iter=60).set_params(batch_size=10).fit(x, blobs[1]).score(x, blobs[1])
        == 1
    )
    fitted = SKLearnClassifier(make, fit_kwargs={"epochs": 60, "batch_size": 10, "verbose": 0})
    assert fitted.fit(x, blobs[1]).score(x, blobs[1]) == 1


@pytest.mark.parametrize("loss, out", [("hinge", "tanh"), ("squared_hinge", None)])
def test_margins_become_chances(blobs, loss, out):
    x, y = blobs
    model = keras.Sequential([keras.Input((2,)), keras.layers.Dense(1, out)])
    model.compile(keras.optimizers.Adam(0.05), loss)
    fitted = net(model=model).fit(x, y == 2)
    margins = fitted.model_.predict(x, verbose=0)[:, 0]
    np.testing.assert_array_equal(fitted.predict(x), margins > 0)
    chances = fitted.predict_proba(x)
    assert chances.min() >= 0 and chances.max() <= 1


class Written(keras.Model):
    """A model whose layers are known once it was called."""

    def __init__(self):
        super().__init__()
        self.out = keras.layers.Dense(3, "softmax")

    def call(self, x):
        return self.out(x)


def test_a_model_written_as_a_class(blobs):
    fitted = net(model=Written, max_iter=60).fit(*blobs)
    assert fitted.score(*blobs) > 0.95 and fitted.n_layers_ == 2
    with pytest.raises(ValueError, match=r"shape \(rows, 3\), expected \(rows, 1\)"):
        net(model=Written).fit(blobs[0], blobs[1] == 1)


def two_heads(compiled, out="softmax"):
    """Make a model with a sigmoid unit for one column of y and three outputs for another."""
    first = keras.Input((2,))
    hidden = keras.layers.Dense(4, "relu")(first)
    made = [keras.layers.Dense(1, "sigmoid", name="a")(hidden),
            keras.layers.Dense(3, out, name="b")(hidden)]  # fmt: skip
    model = keras.Model(first, made)
    if compiled is not None:
        model.compile("adam", compiled)
    return model


@pytest.mark.parametrize("losses, out", [
    (None, "softmax"),
    (["binary_crossentropy", "sparse_categorical_crossentropy"], "softmax"),
    ({"b": "sparse_categorical_crossentropy", "a": "binary_crossentropy"}, "softmax"),
    (["binary_crossentropy", "categorical_crossentropy"], "softmax"),
    (["mse", keras.losses.SparseCategoricalCrossentropy(from_logits=True, name="own")], None),
], ids=["none", "list", "dict", "one-hot", "logits"])  # fmt: skip
def test_each_output_has_a_loss_of_its_own(blobs, losses, out):
    x, y = blobs
    y = np.column_stack([y == 1, y]).astype(int)
    fitted = net(model=two_heads, model_kwargs={"compiled": losses, "out": out}).fit(x, y)
    first, second = fitted.predict_proba(x)
    assert first.shape == (120, 2) and second.shape == (120, 3)
    np.testing.assert_allclose(second.sum(1), 1, rtol=1e-5)


def test_an_output_without_activation_and_loss_is_refused(blobs):
    x, y = blobs
    with pytest.raises(
        ValueError, match="RanvierClassifier, `model`: it is not compiled, and its last layer 'b'"
    ):
        net(model=two_heads, model_kwargs={"compiled": None, "out": None}).fit(
            x, np.column_stack([y == 1, y])
        )
