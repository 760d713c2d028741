"""Keras' wrappers: scikit-learn's checks, and what Keras says they do."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn import config_context
from sklearn.model_selection import GridSearchCV
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.utils.estimator_checks import parametrize_with_checks

import ranvier as keras
from ranvier.wrappers import SKLearnClassifier, SKLearnRegressor, SKLearnTransformer

pytestmark = [pytest.mark.oracle, pytest.mark.filterwarnings("ignore")]

QUIET = {"verbose": 0}


class Build:
    """Makes a small model. No function: its address would be in the names of the tests."""

    def __call__(self, X, y, loss="mse", units=3):
        keras.utils.set_random_seed(0)  # as Keras has it, the wrapper has no random_state
        model = keras.Sequential([
            keras.Input(X.shape[1:]), keras.layers.Dense(units, "relu"),
            keras.layers.Dense(y.shape[1], "softmax" if "cross" in loss else None),
        ])  # fmt: skip
        model.compile("rmsprop", loss)
        return model

    def __repr__(self) -> str:
        return "build"


build = Build()


CROSS = {"loss": "categorical_crossentropy"}


@parametrize_with_checks([
    SKLearnClassifier(build, model_kwargs=CROSS, fit_kwargs=QUIET),
    SKLearnRegressor(build, fit_kwargs=QUIET),
    SKLearnTransformer(build, fit_kwargs=QUIET),
])  # fmt: skip
def test_check(estimator, check):
    check(estimator)


X = np.random.default_rng(0).normal(size=(60, 2)).astype("f4")
Y = np.where(X[:, 0] > 0, "right", "left")


def test_arguments_of_function_and_fit():
    found = SKLearnClassifier(build, model_kwargs=CROSS, fit_kwargs={"verbose": 0, "epochs": 2})
    assert len(found.fit(X, Y).history_.epoch) == 2
    assert len(found.fit(X, Y, epochs=3).history_.epoch) == 3
    search = GridSearchCV(found, {"model__units": [2, 4]}, cv=2).fit(X, Y)
    assert set(search.best_params_) == {"model__units"}
    assert found.fit(X, Y, epochs=30).score(X, Y) > 0.5


def test_arguments_of_fit_are_searched():
    found = SKLearnClassifier(build, model_kwargs=CROSS, fit_kwargs=QUIET)
    search = GridSearchCV(found, {"fit__epochs": [1, 2]}, cv=2).fit(X, Y)
    assert len(search.best_estimator_.history_.epoch) == search.best_params_["fit__epochs"]
    assert found.get_params()["fit__verbose"] == 0 and found.fit_kwargs == QUIET


def test_labels_to_validate_on_are_those_of_y():
    found = SKLearnClassifier(build, model_kwargs=CROSS, fit_kwargs=QUIET)
    weights, hot = np.linspace(0.5, 1.0, 60), np.eye(2)[(Y == "right").astype(int)]
    losses = [
        found.fit(X, Y, validation_data=(X, y, weights)).history_.history["val_loss"]
        for y in (Y, list(Y), Y[:, np.newaxis], hot)
    ]
    assert losses == losses[:1] * 4
    with pytest.raises(ValueError, match="label 'up', which is not in `classes_`"):
        found.fit(X, Y, validation_data=(X, ["up"] * 60))


def test_weights_of_classes_may_have_labels():
    def weighted(given, y=Y):
        found = SKLearnClassifier(build, model_kwargs=CROSS, fit_kwargs=QUIET)
        return found.fit(X, y, class_weight=given).predict_proba(X)

    numbers, few = weighted({0: 1, 1: 9}), np.arange(60) // 50
    np.testing.assert_array_equal(weighted({"left": 1, "right": 9}), numbers)
    np.testing.assert_array_equal(weighted({1: 1, 2: 9}, 1 + (Y == "right")), numbers)
    assert (numbers != weighted(None)).any()
    np.testing.assert_array_equal(weighted("balanced", few), weighted({0: 0.6, 1: 3.0}, few))
    with pytest.raises(ValueError, match="`class_weight`: got {'up': 2}, expected 'balanced', or"):
        weighted({"up": 2})


def test_a_model_stays_as_it_is_unless_warm():
    model = build(X, np.eye(2), **CROSS)
    before = model.get_weights()[0]
    found = SKLearnClassifier(model, fit_kwargs=QUIET).fit(X, Y)
    assert found.model_ is not model and (model.get_weights()[0] == before).all()
    warm = SKLearnClassifier(model, warm_start=True, fit_kwargs=QUIET).fit(X, Y)
    assert warm.model_ is model and (model.get_weights()[0] != before).any()
    assert warm.fit(X, Y).model_ is model


def test_numbers_keep_their_form():
    one = SKLearnRegressor(build, fit_kwargs=QUIET)
    assert one.fit(X, X[:, 0]).predict(X).shape == (60,)
    assert one.fit(X, X).predict(X).shape == (60, 2)
    assert SKLearnTransformer(build, fit_kwargs=QUIET).fit(X, X).transform(X).shape == (60, 2)


def test_what_cannot_work_says_so():
    with pytest.raises(ValueError, match="no compiled model with a loss"):
        SKLearnRegressor(keras.Sequential([keras.layers.Dense(1)])).fit(X, X)
    with pytest.raises(TypeError, match="got 3, expected a model, or a function"):
        SKLearnRegressor(3).fit(X, X)
    with pytest.raises(ValueError, match="Only binary and multiclass"):
        SKLearnClassifier(build).fit(X, (X > 0).astype(int))
    with pytest.raises(AttributeError, match="ranvier.wrappers has no 'KerasClassifier'"):
        keras.wrappers.KerasClassifier  # noqa: B018
    with pytest.raises(ValueError, match="`model_kwargs`: got .* but `model` is <Sequential"):
        SKLearnRegressor(build(X, X), model_kwargs={"units": 3}).fit(X, X)
    with pytest.raises(ValueError, match=r"does not take what it is given \(X, y\)"):
        SKLearnRegressor(lambda: None).fit(X, X)
    with pytest.raises(ValueError, match="`fit_kwargs`: got 'silent', expected a dict"):
        SKLearnRegressor(build, fit_kwargs="silent").fit(X, X)


def test_logits_become_chances():
    def with_logits(X, y):
        model = build(X, y)
        model.compile("sgd", keras.losses.CategoricalCrossentropy(from_logits=True))
        return model

    found = SKLearnClassifier(with_logits, fit_kwargs=QUIET).fit(X, Y)
    np.testing.assert_allclose(found.predict_proba(X).sum(1), 1, rtol=1e-5)
    assert (found.classes_[found.predict_proba(X).argmax(1)] == found.predict(X)).all()


def test_a_warm_start_keeps_classes_and_model():
    warm = SKLearnClassifier(build, True, CROSS, QUIET).fit(X, Y)
    assert warm.fit(X, Y).classes_.tolist() == ["left", "right"]
    with pytest.raises(ValueError, match="label 'up', which is not in `classes_`"):
        warm.fit(X, np.where(X[:, 0] > 0, "left", "up"))
    with pytest.raises(ValueError, match="`model_kwargs`: got .* was made with"):
        warm.set_params(model__units=5).fit(X, Y)


def test_columns_of_a_transformer_have_names():
    steps = make_pipeline(SKLearnTransformer(build, fit_kwargs=QUIET), StandardScaler())
    found = steps.set_output(transform="pandas").fit_transform(X, X)
    assert list(found.columns) == ["sklearntransformer0", "sklearntransformer1"]


def test_weights_are_routed_to_it():
    weights = np.linspace(0.1, 2.0, 60)
    with config_context(enable_metadata_routing=True):
        made = SKLearnRegressor(build, fit_kwargs=QUIET).set_fit_request(sample_weight=True)
        routed = make_pipeline("passthrough", made).fit(X, X[:, 0], sample_weight=weights)
    alone = SKLearnRegressor(build, fit_kwargs=QUIET).fit(X, X[:, 0], sample_weight=weights)
    np.testing.assert_array_equal(routed.predict(X), alone.predict(X))
    plain = SKLearnRegressor(build, fit_kwargs=QUIET).fit(X, X[:, 0])
    assert (plain.predict(X) != alone.predict(X)).any()
