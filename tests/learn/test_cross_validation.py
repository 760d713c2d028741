"""cross_validate: scikit-learn's folds, the scores of `evaluate`, the bits of one model alone."""

from __future__ import annotations

import gc
import weakref
from typing import Any

import numpy as np
import pytest
from scipy.sparse import coo_matrix, csr_matrix
from sklearn import model_selection
from sklearn.base import BaseEstimator, TransformerMixin
from sklearn.compose import make_column_transformer
from sklearn.metrics import accuracy_score, log_loss, mean_absolute_error, roc_auc_score
from sklearn.model_selection import GroupKFold, KFold
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import MaxAbsScaler, StandardScaler

import ranvier
from ranvier import layers, learn
from ranvier.callbacks import Callback, EarlyStopping, LambdaCallback, ModelCheckpoint
from ranvier.errors import ArgumentError, ArgumentTypeError, DataError, DataWarning
from tests.learn.case import alone, made_classes, net, same_weights

X, Y = made_classes()


def regression() -> Any:
    model = ranvier.Sequential([layers.Input((4,)), layers.Dense(1)])
    model.compile("sgd", "mse", metrics=["mae"])
    return model


@pytest.fixture(scope="module")
def result() -> Any:
    return learn.cross_validate(
        net, X, Y, cv=3, epochs=3, batch_size=16, seed=7, return_models=True,
        return_train_score=True, verbose=0,
    )  # fmt: skip


def same_folds(found: Any, pairs: Any) -> bool:
    return all(
        np.array_equal(fold.train, train) and np.array_equal(fold.test, test)
        for fold, (train, test) in zip(found, pairs, strict=True)
    )


# --- folds ----------------------------------------------------------------------------------
def test_classes_are_stratified(result: Any) -> None:
    assert same_folds(result.folds, model_selection.StratifiedKFold(3).split(X, Y))


def test_one_hot_targets_are_classes_and_numbers_are_not() -> None:
    def one_hot() -> Any:
        model = ranvier.Sequential([layers.Input((4,)), layers.Dense(3, "softmax")])
        model.compile("sgd", "categorical_crossentropy")
        return model

    found = learn.cross_validate(one_hot, X, np.eye(3)[Y], cv=3, verbose=0)
    assert same_folds(found.folds, model_selection.StratifiedKFold(3).split(X, Y))
    found = learn.cross_validate(regression, X, Y, cv=3, verbose=0)
    assert same_folds(found.folds, model_selection.KFold(3).split(X))


def test_any_splitter_and_groups() -> None:
    groups = np.arange(len(X)) // 10
    for cv in (model_selection.GroupKFold(3), model_selection.ShuffleSplit(2, random_state=1),
               list(model_selection.KFold(2).split(X))):  # fmt: skip
        by = groups if isinstance(cv, model_selection.GroupKFold) else None
        found = learn.cross_validate(regression, X, Y, cv=cv, groups=by, verbose=0)
        wanted = cv if isinstance(cv, list) else cv.split(X, Y, by)
        assert same_folds(found.folds, wanted)
    seen = {int(row) for fold in found.folds for row in fold.test}
    assert seen == set(range(len(X)))


def test_repeats_have_other_folds_and_other_seeds() -> None:
    found = learn.cross_validate(net, X, Y, cv=3, repeats=2, seed=[1, 2], verbose=0)
    for repeat in (0, 1):
        split = model_selection.StratifiedKFold(3, shuffle=True, random_state=repeat + 1)
        assert same_folds(found.folds[3 * repeat : 3 * repeat + 3], split.split(X, Y))
    assert [fold.repeat for fold in found.folds] == [0, 0, 0, 1, 1, 1]
    assert len({fold.seed for fold in found.folds}) == 6
    assert "repeat" in found.to_frame().columns


# --- scores, weights, predictions -----------------------------------------------------------------
def test_each_model_is_the_one_trained_alone(result: Any) -> None:
    for k, fold in enumerate(result.folds):
        model = alone(net, X, Y, fold, epochs=3, batch_size=16)
        assert same_weights(model, result.models[k])
        assert model.history.history == result.histories[k].history
        for rows, scores in ((fold.test, result.scores), (fold.train, result.train_scores)):
            found = model.evaluate(X[rows], Y[rows], batch_size=16, verbose=0, return_dict=True)
            assert found == {name: values[k] for name, values in scores.items()}
        assert np.array_equal(result.predictions[fold.test], model.predict(X[fold.test], verbose=0))


def test_models_of_many_folds_are_made_as_there_is_room(monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[Any] = []
    most = 0

    def build() -> Any:
        nonlocal most
        gc.collect()
        most = max(most, sum(one() is not None for one in made))
        model = net()
        made.append(weakref.ref(model))
        return model

    words: Any = {"cv": 9, "seed": 1, "verbose": 0}
    with ranvier.config.threads_at_most(2):
        wanted = learn.cross_validate(net, X, Y, **words)
        monkeypatch.setattr("ranvier.learn.task.ROOM", 1)
        found = learn.cross_validate(build, X, Y, **words)
    assert len(made) == 10 and most <= 4  # one to look at, two that train, one not yet let go
    assert np.array_equal(found["loss"], wanted["loss"])


def test_a_model_that_is_given_is_drawn_anew_and_left_as_it_was() -> None:
    model = net()
    model.fit(X, Y, verbose=0)
    before = model.get_weights()
    found = learn.cross_validate(
        model, X, Y, cv=3, seed=7, epochs=3, batch_size=16, return_models=True, verbose=0
    )
    assert all(np.array_equal(a, b) for a, b in zip(before, model.get_weights(), strict=True))
    kernels = [one.get_weights()[0] for one in found.models]
    assert not np.array_equal(kernels[0], kernels[1])
    again = learn.cross_validate(
        model, X, Y, cv=3, seed=7, epochs=3, batch_size=16, return_models=True, verbose=0
    )
    assert same_weights(found.models[0], again.models[0])


def test_sorted_classes_and_a_split_are_told() -> None:
    order = np.argsort(Y, kind="stable")
    with pytest.warns(DataWarning, match="cross_validate, `validation_split`: y is sorted") as told:
        learn.cross_validate(net, X[order], Y[order], cv=2, validation_split=0.2, verbose=0)
    assert [one.filename for one in told] == [__file__]
    learn.cross_validate(net, X[order], Y[order], cv=2, verbose=0)


def test_weights_of_rows_and_classes_and_a_validation_of_its_own() -> None:
    weights = np.linspace(0.5, 2.0, len(X))
    found = learn.cross_validate(
        net, X, Y, cv=3, epochs=4, seed=1, sample_weight=weights, class_weight={0: 1, 1: 2, 2: 3},
        validation_split=0.25, callbacks=[EarlyStopping(patience=1)], return_models=True,
        verbose=0,
    )  # fmt: skip
    fold = found.folds[1]
    model = alone(
        net, X, Y, fold, epochs=4, batch_size=32, sample_weight=weights[fold.train],
        class_weight={0: 1, 1: 2, 2: 3}, validation_split=0.25,
        callbacks=[EarlyStopping(patience=1)],
    )  # fmt: skip
    assert same_weights(model, found.models[1])
    assert model.history.history == found.histories[1].history
    scored = model.evaluate(
        X[fold.test], Y[fold.test], sample_weight=weights[fold.test], verbose=0, return_dict=True
    )
    assert scored["loss"] == found["loss"][1] == found["test_loss"][1]


def test_scoring_is_scikit_learns() -> None:
    found = learn.cross_validate(
        net, X, Y, cv=3, seed=1, verbose=0,
        scoring=["accuracy", "neg_log_loss", "roc_auc_ovr"],
    )  # fmt: skip
    for k, fold in enumerate(found.folds):
        p, y = found.predictions[fold.test].astype(np.float64), Y[fold.test]
        p /= p.sum(axis=1, keepdims=True)
        assert found["accuracy"][k] == accuracy_score(y, p.argmax(axis=1))
        assert found["neg_log_loss"][k] == pytest.approx(-log_loss(y, p), rel=1e-9)
        assert found["roc_auc_ovr"][k] == roc_auc_score(y, p, multi_class="ovr")

    def spread(estimator: Any, x: Any, y: Any) -> float:
        return float(estimator.predict(x).std())

    for scoring in ("neg_mean_absolute_error", {"error": "neg_mean_absolute_error", "s": spread}):
        found = learn.cross_validate(regression, X, Y, cv=3, verbose=0, scoring=scoring)
        fold, name = found.folds[0], next(iter(found.scores))
        wanted = -mean_absolute_error(Y[fold.test], found.predictions[fold.test, 0])
        assert found[name][0] == wanted
    assert found["s"][0] == found.predictions[fold.test, 0].std()


def test_a_score_that_fails_in_some_folds_leaves_the_others() -> None:
    y = np.where(np.arange(len(Y)) < 60, Y, 0)  # the last fold tests one class alone
    with pytest.warns(
        DataWarning, match="'neg_log_loss' is NaN, as it failed, in 1 of 3 folds. In fo"
    ):
        found = learn.cross_validate(
            net, X, y, cv=KFold(3), seed=1, verbose=0, scoring=["accuracy", "neg_log_loss"],
            return_train_score=True,
        )  # fmt: skip
    assert np.isfinite(found["accuracy"]).all()
    assert np.isnan(found["test_neg_log_loss"]).tolist() == [False, False, True]
    assert np.isfinite(found["train_neg_log_loss"]).all()


def test_models_that_do_not_know_their_input_are_scored_too() -> None:
    class Own(ranvier.Model):
        def __init__(self) -> None:
            super().__init__()
            self.last = layers.Dense(3, "softmax")

        def call(self, x: Any) -> Any:
            return self.last(x)

    for make in (Own, lambda: ranvier.Sequential([layers.Dense(3, "softmax")])):

        def build(make: Any = make) -> Any:
            model = make()
            model.compile("sgd", "sparse_categorical_crossentropy", metrics=["accuracy"])
            return model

        words: Any = {"cv": 2, "seed": 1, "verbose": 0}
        scored = learn.cross_validate(build, X, Y, scoring="accuracy", **words)
        assert scored["accuracy"] == pytest.approx(
            learn.cross_validate(build, X, Y, **words)["accuracy"]
        )


def test_logits_of_one_output_become_probabilities() -> None:
    def build() -> Any:
        model = ranvier.Sequential([layers.Input((4,)), layers.Dense(1)])
        model.compile("sgd", ranvier.losses.BinaryCrossentropy(from_logits=True))
        return model

    y = (Y > 0).astype(int)
    found = learn.cross_validate(build, X, y, cv=2, scoring=("accuracy", "roc_auc"), verbose=0)
    fold = found.folds[0]
    out = found.predictions[fold.test, 0]
    assert found["accuracy"][0] == accuracy_score(y[fold.test], out > 0)
    assert found["roc_auc"][0] == roc_auc_score(y[fold.test], out)


def test_rows_that_no_fold_tests_are_nan_and_several_are_averaged() -> None:
    found = learn.cross_validate(
        regression, X, Y, cv=model_selection.TimeSeriesSplit(2), verbose=0, return_models=True
    )
    assert np.isnan(found.predictions[:30]).all() and not np.isnan(found.predictions[30:]).any()
    pairs = [(np.arange(30, 90), np.arange(30))] * 2
    found = learn.cross_validate(regression, X, Y, cv=pairs, verbose=0, return_models=True)
    both = [model.predict(X[:30], verbose=0).astype(np.float64) for model in found.models]
    assert np.array_equal(found.predictions[:30], ((both[0] + both[1]) / 2).astype(np.float32))


# --- nothing leaks --------------------------------------------------------------------------------
class Watching(TransformerMixin, BaseEstimator):
    """Notes which rows it is fitted on; the first column of x is the row's number."""

    seen: list[set[int]] = []

    def fit(self, x: Any, y: Any = None) -> Any:
        Watching.seen.append({int(row) for row in x[:, 0]})
        self.mean_ = x[:, 1:].mean(axis=0)
        return self

    def transform(self, x: Any) -> Any:
        return x[:, 1:] - self.mean_


def test_preprocessing_never_sees_what_is_held_out() -> None:
    Watching.seen.clear()
    x = np.column_stack([np.arange(len(X)), X])
    found = learn.cross_validate(
        net, x, Y, cv=3, preprocessing=make_pipeline(Watching(), StandardScaler()),
        validation_split=0.2, return_models=True, verbose=0,
    )  # fmt: skip
    assert len(Watching.seen) == 3
    for fold, seen, steps in zip(found.folds, Watching.seen, found.transformers, strict=True):
        assert seen == set(fold.train[: int(len(fold.train) * 0.8)].tolist())
        assert not seen & set(fold.test.tolist())
        assert steps.transform(x).shape == X.shape


def shifted() -> np.ndarray:
    """Return data whose later rows lie elsewhere, so that it matters on which rows one fits."""
    return X + np.arange(len(X), dtype=np.float32)[:, None]


def test_a_preprocessing_that_leaks_scores_otherwise() -> None:
    x = shifted()
    cv = model_selection.KFold(3)
    honest = learn.cross_validate(
        net, x, Y, cv=cv, seed=1, preprocessing=StandardScaler(), return_models=True, verbose=0
    )
    leaky = learn.cross_validate(
        net, StandardScaler().fit_transform(x), Y, cv=cv, seed=1, verbose=0
    )
    assert not np.isclose(honest["loss"], leaky["loss"]).any()
    for fold, scaler in zip(honest.folds, honest.transformers, strict=True):
        assert np.allclose(scaler.mean_, x[fold.train].mean(axis=0))
    fold = honest.folds[2]
    model = alone(net, honest.transformers[2].transform(x), Y, fold, batch_size=32)
    assert same_weights(model, honest.models[2])


def test_validation_data_from_outside_are_preprocessed_too() -> None:
    x = shifted()
    found = learn.cross_validate(
        net, x, Y, cv=2, seed=1, preprocessing=StandardScaler(), validation_data=(x[:40], Y[:40]),
        validation_split=0.5, return_models=True, verbose=0,
    )  # fmt: skip
    scaled = found.transformers[1].transform(x[:40])
    loss = found.models[1].evaluate(scaled, Y[:40], verbose=0, return_dict=True)["loss"]
    assert found.histories[1].history["val_loss"] == [loss]


def normalized() -> Any:
    first, later = layers.Normalization(), layers.Normalization()
    model = ranvier.Sequential([
        layers.Input((4,)), first, layers.Dense(3, activation="relu"), later,
        layers.Dense(3, "softmax"),
    ])  # fmt: skip
    first.adapt(shifted())  # what a careless builder does: found anew in each fold
    model.compile("sgd", "sparse_categorical_crossentropy")
    return model


def test_normalization_is_adapted_to_the_rows_that_train() -> None:
    x = shifted()
    found = learn.cross_validate(
        normalized, x, Y, cv=model_selection.KFold(3), return_models=True, verbose=0
    )
    for fold, model in zip(found.folds, found.models, strict=True):
        first = model.layers[0]
        assert np.allclose(first.mean, x[fold.train].mean(axis=0), rtol=1e-5)
        assert np.allclose(first.variance, x[fold.train].var(axis=0), rtol=1e-4)
    later = [model.layers[2].get_weights()[0] for model in found.models]
    assert not np.allclose(later[0], 0) and not np.allclose(later[0], later[1])


def test_numbers_that_a_layer_was_given_stay() -> None:
    def build() -> Any:
        model = ranvier.Sequential([
            layers.Input((4,)), layers.Normalization(mean=[1.0] * 4, variance=[4.0] * 4),
            layers.Dense(1),
        ])  # fmt: skip
        model.compile("sgd", "mse")
        return model

    found = learn.cross_validate(build, X, Y, cv=2, return_models=True, verbose=0)
    assert np.all(np.asarray(found.models[0].layers[0].mean) == 1)


# --- forms, displays, ends ----------------------------------------------------------------------
def test_frames_and_several_inputs() -> None:
    pandas = pytest.importorskip("pandas")

    def build() -> Any:
        a, b = layers.Input((2,), name="a"), layers.Input((2,), name="b")
        model = ranvier.Model([a, b], layers.Dense(1)(layers.concatenate([a, b])))
        model.compile("sgd", "mse")
        return model

    by_name = {"a": X[:, :2], "b": X[:, 2:]}
    found = [
        learn.cross_validate(build, x, Y, cv=2, seed=1, verbose=0)["loss"]
        for x in (by_name, [X[:, :2], X[:, 2:]])
    ]
    assert np.array_equal(found[0], found[1])
    x, y = pandas.DataFrame(X, columns=list("abcd"), index=range(9, 99)), pandas.Series(Y)
    a = learn.cross_validate(net, x, y, cv=2, seed=1, preprocessing=StandardScaler(), verbose=0)
    b = learn.cross_validate(net, X, Y, cv=2, seed=1, preprocessing=StandardScaler(), verbose=0)
    assert np.array_equal(a["loss"], b["loss"])


def test_the_table(result: Any) -> None:
    lines = repr(result).splitlines()
    assert lines[0].split() == ["fold", "loss", "accuracy", "train_loss", "train_accuracy"]
    assert [line.split()[0] for line in lines[1:]] == ["1", "2", "3", "mean", "std"]
    assert f"{result.mean['accuracy']:.4f}" in lines[4]
    assert (
        result.mean["loss"] == result["loss"].mean() and result.std["loss"] == result["loss"].std()
    )
    assert "<th>accuracy</th>" in result._repr_html_() and len(result) == 3
    assert list(result.to_frame()["loss"]) == list(result["loss"])
    assert result["train_loss"] is result.train_scores["loss"]
    with pytest.raises(ArgumentError, match="'acuracy', expected one of loss, accuracy, test_loss"):
        result["acuracy"]


class Interrupting(Callback):
    """Presses Ctrl-C in the second epoch of a fold, once another is done."""

    ended = 0

    def on_epoch_end(self, epoch: int, logs: Any = None) -> None:
        if epoch == 1 and Interrupting.ended:
            raise KeyboardInterrupt

    def on_train_end(self, logs: Any = None) -> None:
        Interrupting.ended += 1


def test_what_is_done_is_kept_when_interrupted() -> None:
    Interrupting.ended = 0
    cut = [LambdaCallback(on_epoch_end=lambda epoch, logs: None)]
    whole = learn.cross_validate(net, X, Y, cv=3, epochs=1, seed=5, callbacks=cut, verbose=0)

    def first_ends_early() -> list[Any]:
        made.append(Interrupting())
        return [made[-1], *([_Stop()] if len(made) == 1 else [])]

    made: list[Any] = []
    with pytest.warns(DataWarning, match="1 of 3 folds are done"):
        found = learn.cross_validate(
            net, X, Y, cv=3, epochs=50, seed=5, callbacks=first_ends_early, verbose=0
        )
    assert found.interrupted and len(found) == 1 and "interrupted" in repr(found)
    assert found["loss"][0] == whole["loss"][0]
    assert np.isnan(found.predictions[found.folds[0].train]).all()


class _Stop(Callback):
    def on_epoch_end(self, epoch: int, logs: Any = None) -> None:
        self.model.stop_training = True


def test_ctrl_c_before_any_fold_is_done() -> None:
    def stop(epoch: int, logs: Any) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        learn.cross_validate(
            net, X, Y, cv=2, callbacks=lambda: [LambdaCallback(on_epoch_end=stop)], verbose=0
        )


def test_joblib_trains_the_same(result: Any, capsys: Any) -> None:
    found = learn.cross_validate(
        net, X, Y, cv=3, epochs=3, batch_size=16, seed=7, n_jobs=2, backend="threading"
    )
    assert np.array_equal(found["loss"], result["loss"])
    assert np.array_equal(found.predictions, result.predictions)
    assert "3/3" in capsys.readouterr().out


def test_randomness_outside_goes_on_where_it_was() -> None:
    np.random.seed(1)
    first = np.random.random()
    np.random.seed(1)
    learn.cross_validate(net, X, Y, cv=2, seed=3, verbose=0)
    assert np.random.random() == first


# --- forms of what is given ---------------------------------------------------------------------
def test_folds_may_be_masks_and_negative_numbers_and_weights_a_list() -> None:
    first = np.arange(len(X)) < 60
    words: Any = {"seed": 1, "verbose": 0, "sample_weight": [1.0, 2.0] * 45}
    numbers = learn.cross_validate(
        net, X, Y, cv=[(range(60), range(60, 90))], seed=1, verbose=0,
        sample_weight=np.array(words["sample_weight"]),
    )  # fmt: skip
    for pair in ((first, ~first), (range(60), range(-30, 0))):
        found = learn.cross_validate(net, X, Y, cv=[pair], **words)
        assert found.scores == numbers.scores
        np.testing.assert_array_equal(found.predictions, numbers.predictions)


def test_several_labels_a_row_are_scored_as_such() -> None:
    y = np.column_stack([X[:, 0] > 0, X[:, 1] > 0, X[:, 2] > 0]).astype(int)

    def build() -> Any:
        model = ranvier.Sequential([layers.Input((4,)), layers.Dense(3)])
        loss = ranvier.losses.BinaryCrossentropy(from_logits=True)
        model.compile(ranvier.optimizers.Adam(0.1), loss)
        return model

    # the rows of the second fold have one label each, so that alone they look like classes
    single = np.flatnonzero(y.sum(1) == 1)
    rest = np.flatnonzero(y.sum(1) != 1)
    found = learn.cross_validate(
        build, X, y, cv=[(single, rest), (rest, single)], epochs=5, seed=1, verbose=0,
        scoring=["accuracy", "roc_auc"], return_models=True,
    )  # fmt: skip
    for k, rows in enumerate((rest, single)):
        logits = found.models[k].predict(X[rows], verbose=0)
        answers = (logits > 0).astype(int)
        assert found.scores["accuracy"][k] == (answers == y[rows]).all(1).mean()
        assert found.scores["roc_auc"][k] == pytest.approx(
            np.mean([roc_auc_score(y[rows][:, c], logits[:, c]) for c in range(3)])
        )


def test_labels_that_are_objects_are_stratified_too() -> None:
    words: Any = {"cv": 3, "epochs": 1, "seed": 1, "verbose": 0}
    plain = learn.cross_validate(net, X, Y, **words)
    objects = learn.cross_validate(net, X, Y.astype(object), **words)
    for one, other in zip(plain.folds, objects.folds, strict=True):
        np.testing.assert_array_equal(one.test, other.test)


def test_chances_as_targets_have_repeats_too() -> None:
    def build() -> Any:
        model = ranvier.Sequential([layers.Input((4,)), layers.Dense(1, "sigmoid")])
        model.compile("sgd", "binary_crossentropy")
        return model

    y = np.linspace(0.0, 1.0, len(X))
    assert len(learn.cross_validate(build, X, y, cv=3, repeats=2, seed=1, verbose=0)) == 6


def test_frames_keep_their_names_in_other_jobs_and_sparse_rows_of_any_form() -> None:
    polars = pytest.importorskip("polars")
    frame = polars.DataFrame(X, schema=list("abcd"))
    steps = make_column_transformer((StandardScaler(), ["a", "b", "c", "d"]))
    words: Any = {"cv": 2, "epochs": 1, "seed": 1, "verbose": 0}
    here = learn.cross_validate(net, frame, Y, preprocessing=steps, **words)
    there = learn.cross_validate(
        net, frame, Y, preprocessing=steps, n_jobs=1, backend="threading", **words
    )
    np.testing.assert_array_equal(here.scores["loss"], there.scores["loss"])
    for form in (coo_matrix, csr_matrix):
        for n_jobs in (None, 1):
            found = learn.cross_validate(
                net, form(X), Y, preprocessing=MaxAbsScaler(), n_jobs=n_jobs, **words
            )
            assert found.scores["loss"].shape == (2,)


def test_masked_entries_are_refused_in_other_jobs_too() -> None:
    masked = np.ma.masked_array(X, X > 1)
    for n_jobs in (None, 1):
        with pytest.raises(TypeError, match="masked array with .* masked entries"):
            learn.cross_validate(net, masked, Y, cv=2, n_jobs=n_jobs, verbose=0)


def test_several_inputs_and_outputs_may_be_lists_and_are_scored_by_functions() -> None:
    def build() -> Any:
        a, b = ranvier.Input((1,), name="a"), ranvier.Input((3,), name="b")
        both = layers.concatenate([a, b])
        out = {"p": layers.Dense(3, "softmax", name="p")(both), "q": layers.Dense(1, name="q")(a)}
        model = ranvier.Model([a, b], out)
        model.compile("sgd", {"p": "sparse_categorical_crossentropy", "q": "mse"})
        return model

    x = {"a": X[:, 0].tolist(), "b": X[:, 1:].tolist()}
    y = {"p": Y.tolist(), "q": X[:, 0].tolist()}
    words: Any = {"cv": KFold(3, shuffle=True, random_state=0), "seed": 1, "verbose": 0}

    def score(estimator: Any, x: Any, y: Any) -> float:
        return float(np.mean(estimator.predict(x)["p"].argmax(1) == y["p"]))

    found = learn.cross_validate(build, x, y, scoring=score, **words)
    assert found.scores["score"].shape == (3,) and found.predictions["q"].shape == (90, 1)
    with pytest.raises(ArgumentError, match="`scoring`: got 'accuracy' for a model of 2 outputs"):
        learn.cross_validate(build, x, y, scoring="accuracy", **words)


@pytest.mark.parametrize("form", [list, lambda x: x.tolist()], ids=["arrays", "numbers"])
def test_lists_of_rows_are_rows(form: Any) -> None:
    def build() -> Any:
        model = ranvier.Sequential([layers.Input((4,)), layers.Dense(3, "softmax")])
        model.compile("sgd", "categorical_crossentropy")
        return model

    words: Any = {"cv": 3, "seed": 1, "verbose": 0}
    y = np.eye(3)[Y]
    usual = learn.cross_validate(build, X, y, **words)
    for given in ((form(X), y), (X, form(y))):
        found = learn.cross_validate(build, *given, **words)
        assert np.array_equal(found.scores["loss"], usual.scores["loss"])


# --- mistakes -----------------------------------------------------------------------------------
ONE = net()
SHARED = layers.Dense(3, "softmax", name="shared")


def same_again() -> Any:
    return ONE


def same_layer() -> Any:
    model = ranvier.Sequential([layers.Input((4,)), SHARED])
    model.compile("sgd", "sparse_categorical_crossentropy")
    return model


@pytest.mark.parametrize(
    "change, error, words",
    [
        ({"model": 3}, ArgumentTypeError, "`model`: got 3, expected a compiled model"),
        ({"model": lambda: 3}, ArgumentTypeError, "returned 3, expected a model"),
        ({"model": ranvier.Sequential()}, ArgumentError, "was not compiled"),
        ({"cv": 1}, ArgumentError, "`cv`: k-fold cross-validation requires at least one"),
        ({"cv": 400}, ArgumentError, "`cv`: Cannot have number of splits n_splits=400"),
        ({"repeats": 0}, ArgumentError, "`repeats`: got 0, expected a positive int"),
        ({"seed": -1}, ArgumentError, "`seed`: got -1"),
        ({"seed": [1, 2], "repeats": 3}, ArgumentError, "`seed`: got 2 of them"),
        ({"cv": []}, ArgumentError, "`cv`: got no folds"),
        ({"cv": [([0, 1], [])]}, ArgumentError, "`cv`: a fold tests on no rows"),
        ({"cv": [([0, 1], [4000])]}, ArgumentError, "expected numbers below 90"),
        ({"scoring": accuracy_score}, ArgumentError, "`scoring`: .* use `make_scorer`"),
        ({"scoring": []}, ArgumentError, "`scoring`: .* Empty list"),
        ({"scoring": 5}, ArgumentError, "`scoring`: .* Got 5"),
        ({"scoring": lambda *_: None}, ArgumentError, "`scoring`: 'score' gave None of type None"),
        ({"scoring": {"a": lambda *_: [1.0]}}, ArgumentError, "`scoring`: 'a' gave .*expected"),
        ({"cv": KFold}, ArgumentError, r"`cv`: got the class KFold, expected .* KFold\(\)"),
        ({"n_jobs": 0}, ArgumentError, "`n_jobs`: got 0, expected how many"),
        ({"n_jobs": "2"}, ArgumentError, "`n_jobs`: got '2', expected how many"),
        ({"backend": "multiprocessing"}, ArgumentError, "`backend`: got 'multiprocessing', exp"),
        ({"backend": "lokky"}, ArgumentError, "`backend`: got 'lokky', expected 'loky'"),
        ({"scoring": "acuracy"}, ArgumentError, "`scoring`: 'acuracy' is not a valid"),
        ({"preprocessing": "scale"}, ArgumentTypeError, "`preprocessing`: got 'scale'"),
        ({"preprocessing": StandardScaler}, ArgumentTypeError, "`preprocessing`"),
        ({"callbacks": [3]}, ArgumentTypeError, "`callbacks`: got 3"),
        ({"callbacks": ModelCheckpoint("best.keras")}, ArgumentError,
         "ModelCheckpoint is copied for each model, and all copies would write 'best.keras'"),
        ({"validation_split": 1.5}, DataError, "`validation_split`: 1.5"),
        ({"x": (row for row in X)}, DataError, "x: got generator, .* generators do not have"),
        ({"groups": [None, *"ab"] * 30, "cv": GroupKFold(2)}, ArgumentError, "`cv`: .*NoneType"),
        ({"scoring": lambda *_: 1 / 0}, ArgumentError, "'score' failed in 2 of 2 folds. In fold 1"),
        ({"model": same_again}, ArgumentError, "returned model .*, but it was made in an earlier"),
        ({"model": same_layer, "n_jobs": 1}, ArgumentError, "its variable '.*shared/kernel' was"),
        ({"y": Y[:30]}, DataError, r"y: has 30 rows, but x has 90. Each row of x .* row of y.$"),
        ({"x": [X, X], "y": Y[:30]}, DataError, "but x has 90. .* A list of arrays means a part"),
        ({"x": [[1, 2], [1]] * 45}, DataError, "x: its rows have different lengths.*pad_sequences"),
        ({"y": [[1, 2], [1]] * 45}, DataError, "y: its rows have different lengths"),
        ({"x": [], "y": []}, DataError, "x: got no rows, expected at least one"),
    ],
)  # fmt: skip
def test_mistakes_are_told(change: Any, error: Any, words: str) -> None:
    arguments = {"model": net, "x": X, "y": Y, "cv": 2, "verbose": 0, **change}
    with pytest.raises(error, match=words):
        learn.cross_validate(**arguments)


def test_a_fold_that_fails_is_named() -> None:
    def fail(epoch: int, logs: Any) -> None:
        raise ZeroDivisionError("by my callback")

    with pytest.raises(ZeroDivisionError) as caught:
        learn.cross_validate(
            net, X, Y, cv=2, callbacks=lambda: [LambdaCallback(on_epoch_end=fail)], verbose=0
        )
    assert any("in fold 1" in note for note in caught.value.__notes__)
