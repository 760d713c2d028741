"""Ensemble: members as they would come out alone, and their mean as one model."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

import ranvier
from ranvier import layers, learn
from ranvier.callbacks import EarlyStopping
from ranvier.errors import ArgumentError, ArgumentTypeError, DataWarning, NotBuiltError, ShapeError
from tests.learn.case import made_classes, net, same_weights

X, Y = made_classes()


@pytest.fixture(scope="module")
def trained() -> Any:
    three = learn.Ensemble(net, size=3, seed=4)
    three.fit(X, Y, epochs=3, batch_size=16, validation_split=0.2, verbose=0)
    return three


def test_members_are_those_trained_alone(trained: Any) -> None:
    for k, seed in enumerate(trained.seeds):
        ranvier.utils.set_random_seed(seed)
        model = net()
        ranvier.utils.set_random_seed(seed)
        history = model.fit(X, Y, epochs=3, batch_size=16, validation_split=0.2, verbose=0)
        assert same_weights(model, trained.members[k])
        assert history.history == trained.histories[k].history


def test_sorted_classes_and_a_split_are_told() -> None:
    order = np.argsort(Y, kind="stable")
    two = learn.Ensemble(net, size=2, seed=4)
    with pytest.warns(DataWarning, match="Ensemble, `validation_split`: y is sorted") as told:
        two.fit(X[order], Y[order], validation_split=0.2, verbose=0)
    assert [one.filename for one in told] == [__file__]
    two.fit(X[order], Y[order], verbose=0)


def test_it_predicts_and_evaluates_the_mean(trained: Any) -> None:
    mean = np.mean([one.predict(X, verbose=0) for one in trained.members], axis=0)
    found = trained.predict(X, verbose=0)
    assert np.allclose(found, mean, rtol=0, atol=1e-6)
    scores = trained.evaluate(X, Y, verbose=0, return_dict=True)
    assert scores["accuracy"] == pytest.approx(np.mean(found.argmax(axis=1) == Y), abs=1e-6)
    right = found[np.arange(len(Y)), Y].astype(np.float64)
    assert scores["loss"] == pytest.approx(-np.log(right).mean(), rel=1e-5)
    assert np.array_equal(np.asarray(trained(X[:5])), np.asarray(trained.model(X[:5])))
    assert len(trained) == 3 and repr(trained) == "Ensemble(3 x 'member_1')"


def test_it_is_saved_loaded_and_exported(trained: Any, tmp_path: Path) -> None:
    path = tmp_path / "three.keras"
    trained.save(path)
    wanted = trained.predict(X, verbose=0)
    again = learn.Ensemble.load(path)
    assert np.array_equal(again.predict(X, verbose=0), wanted)
    assert all(map(same_weights, again.members, trained.members))
    plain = ranvier.models.load_model(path)
    assert plain.evaluate(X, Y, verbose=0) == trained.evaluate(X, Y, verbose=0)
    trained.export(tmp_path / "three.o")
    assert (tmp_path / "three.o").stat().st_size > 0
    net().save(tmp_path / "one.keras")
    with pytest.raises(ArgumentTypeError, match="has no members"):
        learn.Ensemble.load(tmp_path / "one.keras")


@pytest.mark.oracle
def test_keras_opens_it(trained: Any, tmp_path: Path) -> None:
    import keras

    trained.save(tmp_path / "three.keras")
    model = keras.models.load_model(tmp_path / "three.keras")
    wanted = trained.predict(X, verbose=0)
    assert np.allclose(model.predict(X, verbose=0), wanted, atol=1e-6)


def test_bootstrap_gives_each_member_rows_of_its_own() -> None:
    def build() -> Any:
        model = ranvier.Sequential([
            layers.Input((4,)), layers.Normalization(), layers.Dense(1)
        ])  # fmt: skip
        model.compile("sgd", "mse")
        return model

    two = learn.Ensemble(build(), size=2, seed=1)
    two.fit(X, Y, epochs=1, bootstrap=True, verbose=0)
    rows = [np.random.default_rng(seed).choice(90, 90) for seed in two.seeds]
    for member, own in zip(two.members, rows, strict=True):
        mean = X[np.unique(own)].mean(axis=0)
        assert np.allclose(member.layers[0].mean, mean, atol=1e-6)


def test_models_of_folds_make_one() -> None:
    found = learn.cross_validate(net, X, Y, cv=2, return_models=True, verbose=0)
    both = learn.Ensemble(found.models)
    mean = np.mean([one.predict(X, verbose=0) for one in found.models], axis=0)
    assert np.allclose(both.predict(X, verbose=0), mean, atol=1e-6)


def test_several_inputs_and_outputs_and_callbacks() -> None:
    def build() -> Any:
        a, b = layers.Input((2,), name="a"), layers.Input((2,), name="b")
        h = layers.concatenate([a, b])
        model = ranvier.Model([a, b], [layers.Dense(1)(h), layers.Dense(3)(h)])
        model.compile("sgd", ["mse", "mse"])
        return model

    two = learn.Ensemble(build, size=2, seed=1)
    x = [X[:, :2], X[:, 2:]]
    histories = two.fit(
        x, [Y, X[:, :3]], epochs=20, validation_split=0.2, verbose=0,
        callbacks=[EarlyStopping(min_delta=10.0)],
    )  # fmt: skip
    assert all(len(one.epoch) == 2 for one in histories)
    first, second = two.predict(x, verbose=0)
    parts = [one.predict(x, verbose=0) for one in two.members]
    assert np.allclose(first, (parts[0][0] + parts[1][0]) / 2, atol=1e-6)
    assert np.allclose(second, (parts[0][1] + parts[1][1]) / 2, atol=1e-6)


def test_mistakes_are_told() -> None:
    one, three = (ranvier.Sequential([layers.Input((4,)), layers.Dense(units)]) for units in (1, 3))
    with pytest.raises(ShapeError, match=r"the shapes \(None, 1\), \(None, 3\), expected the same"):
        learn.Ensemble([one, three]).predict(X, verbose=0)
    assert len(learn.Ensemble(net, size=np.int64(2))) == 2
    with pytest.raises(ArgumentError, match="`size`: got 0, expected a positive int"):
        learn.Ensemble(net, size=0)
    with pytest.raises(ArgumentError, match="got a list of 0, expected models"):
        learn.Ensemble([])
    with pytest.raises(ArgumentTypeError, match="item 1 of 2 is 3, expected a model"):
        learn.Ensemble([net(), 3])
    with pytest.raises(ArgumentTypeError, match="`model`: got 'net'"):
        learn.Ensemble("net")

    def unbuilt() -> Any:
        model = ranvier.Sequential([layers.Dense(1)])
        model.compile("sgd", "mse")
        return model

    with pytest.raises(NotBuiltError, match="do not know their inputs yet. Call fit first"):
        learn.Ensemble(unbuilt, size=2).predict(X)

    class Own(ranvier.Model):
        def call(self, x: Any) -> Any:
            return x

    own = Own()
    own(X[:1])
    with pytest.raises(NotBuiltError, match="as Own is a class of its own. Make each a functional"):
        learn.Ensemble([own]).predict(X)
