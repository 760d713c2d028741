"""search: candidates that come out the same alone, a table of them, and a folder that survives."""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from sklearn.preprocessing import StandardScaler

import ranvier
from ranvier import layers, learn
from ranvier.callbacks import Callback, EarlyStopping, LambdaCallback
from ranvier.errors import ArgumentError, ArgumentTypeError, DataError, DataWarning
from tests.learn.case import killed, made_classes, net, same, same_weights

X, Y = made_classes(100)
SPACE = {"units": [4, 6], "rate": learn.LogUniform(1e-3, 1e-1)}


def find(**change: Any) -> Any:
    arguments = {"method": "random", "trials": 4, "epochs": 3, "seed": 1, "verbose": 0, **change}
    space = arguments.pop("space", SPACE)
    return learn.search(arguments.pop("build", net), space, X, Y, **arguments)


@pytest.fixture(scope="module")
def random() -> Any:
    return find()


@pytest.fixture(scope="module")
def halving() -> Any:
    return find(method="halving", trials=9, epochs=9)


def alone(candidate: Any, epochs: int = 3, start: int = 0) -> Any:
    ranvier.utils.set_random_seed(candidate.seed)
    model = net(**candidate.params)
    ranvier.utils.set_random_seed(candidate.seed)
    model.fit(X, Y, epochs=epochs, validation_split=0.2, verbose=0)
    return model


# --- candidates -----------------------------------------------------------------------------
def test_each_candidate_is_the_one_trained_alone(random: Any) -> None:
    for one in random.candidates[:2]:
        assert alone(one).history.history == one.history
        curve = one.history["val_loss"]
        assert one.value == min(curve) and curve[one.epoch - 1] == one.value
    best = random.best
    assert same_weights(random.best_model, alone(best))
    assert best.value == min(one.value for one in random.candidates) == random.best_value
    assert random.best_params == best.params


def test_sorted_classes_and_a_split_are_told() -> None:
    order = np.argsort(Y, kind="stable")
    arguments = {"method": "grid", "epochs": 1, "seed": 1, "verbose": 0}
    with pytest.warns(DataWarning, match="search, `validation_split`: y is sorted") as told:
        learn.search(net, {"units": [4]}, X[order], Y[order], **arguments)
    assert [one.filename for one in told] == [__file__]
    for other in ({"cv": 2}, {"validation_data": (X, Y)}):
        learn.search(net, {"units": [4]}, X[order], Y[order], **arguments, **other)


def test_one_seed_one_search(random: Any) -> None:
    assert same(find(), random)
    assert not same(find(seed=2), random)
    more = find(trials=6)
    assert [one.params for one in more.candidates[:4]] == [one.params for one in random.candidates]
    assert len({one.seed for one in more.candidates}) == 6


def test_a_grid_goes_through_all() -> None:
    found = find(method="grid", space={"units": [4, 6], "rate": [0.01, 0.1]}, epochs=1)
    assert [tuple(one.params.values()) for one in found.candidates] == [
        (4, 0.01), (4, 0.1), (6, 0.01), (6, 0.1),
    ]  # fmt: skip


def test_spaces_of_all_kinds() -> None:
    stats = pytest.importorskip("scipy.stats")
    space = learn.space.Space({
        "a": np.array([1, 2]), "b": learn.Uniform(0.0, 0.5), "c": learn.Integers(3, 5),
        "d": stats.loguniform(1e-3, 1), "e": range(3), "f": learn.LogUniform(1e-3, 1.0),
    }, "search")  # fmt: skip
    drawn = [space.draw(seed) for seed in range(200)]
    assert drawn[0] == space.draw(0)
    assert {one["a"] for one in drawn} == {1, 2} and {one["c"] for one in drawn} == {3, 4, 5}
    assert all(0 <= one["b"] <= 0.5 and 1e-3 <= one["d"] <= 1 for one in drawn)
    assert abs(np.median(np.log10([one["f"] for one in drawn])) + 1.5) < 0.3
    assert all(type(v) in (int, float) for one in drawn for v in one.values())
    assert "loguniform" in repr(space) and "Integers(3, 5)" in repr(space)


def test_halving_keeps_the_best_of_each_rung(halving: Any) -> None:
    by_epochs = {n: [c for c in halving.candidates if c.epochs == n] for n in (1, 3, 9)}
    assert [len(by_epochs[n]) for n in (1, 3, 9)] == [6, 2, 1]
    assert {c.state for c in by_epochs[1]} == {"left behind"}
    first = {c.number: c.history["val_loss"][0] for c in halving.candidates}
    kept = sorted(first, key=lambda number: first[number])[:3]
    assert {c.number for n in (3, 9) for c in by_epochs[n]} == set(kept)
    assert halving.best is by_epochs[9][0] and halving.best.state == "done"
    # It goes on where it was: three calls of fit one after the other.
    best = halving.best
    ranvier.utils.set_random_seed(best.seed)
    model = net(**best.params)
    curve: list[float] = []
    for rung, (start, stop) in enumerate(((0, 1), (1, 3), (3, 9))):
        seed = best.seed if rung == 0 else learn.seed.seed_of(best.seed, 0, rung)
        ranvier.utils.set_random_seed(seed)
        history = model.fit(X, Y, epochs=stop, initial_epoch=start, validation_split=0.2, verbose=0)
        curve += history.history["val_loss"]
    assert curve == best.history["val_loss"]
    assert same_weights(model, halving.best_model)


def test_cross_validation_of_candidates() -> None:
    found = find(space={"units": [4, 6]}, method="grid", cv=3, preprocessing=StandardScaler(),
                 refit=False)  # fmt: skip
    one = found.candidates[1]
    assert one.value == pytest.approx(
        np.mean([min(curve["val_loss"]) for curve in one.curves]), abs=1e-12
    )
    assert len(one.curves) == 3 and found.best_model is None
    assert one.history["loss"][0] == np.mean([curve["loss"][0] for curve in one.curves])


def test_the_best_of_a_cross_validation_is_trained_on_all_rows(tmp_path: Path) -> None:
    stopping = [EarlyStopping(patience=0, min_delta=0.1), EarlyStopping("loss", patience=50)]
    found = find(
        space={"units": [4, 6]}, method="grid", cv=3, epochs=6, preprocessing=StandardScaler(),
        callbacks=stopping, folder=tmp_path,
    )  # fmt: skip
    best = found.best
    epochs = round(np.mean([len(curve["loss"]) for curve in best.curves]))
    assert epochs < 6
    scaler = StandardScaler().fit(X)
    assert found.best_transformer.mean_.tolist() == scaler.mean_.tolist()
    ranvier.utils.set_random_seed(best.seed)
    model = net(**best.params)
    ranvier.utils.set_random_seed(best.seed)
    model.fit(scaler.transform(X), Y, epochs=epochs, verbose=0)
    assert same_weights(model, found.best_model)
    kept = ranvier.models.load_model(tmp_path / f"candidate-{best.number}.keras")
    assert same_weights(kept, model)


def test_a_number_of_folds_means_the_same_with_groups_and_where_a_candidate_fails() -> None:
    def build(units: int) -> Any:
        if units == 0:
            raise ZeroDivisionError("no units")
        model = ranvier.Sequential([layers.Input((4,)), layers.Dense(units), layers.Dense(1)])
        model.compile("sgd", "mse")
        return model

    # whole numbers are no classes where the loss is none of classes
    words: Any = {"method": "grid", "cv": 2, "epochs": 1, "seed": 1, "verbose": 0, "refit": False}
    y = np.arange(len(X)) // 2
    with pytest.warns(UserWarning, match="groups"):
        grouped = learn.search(build, {"units": [2, 3]}, X, y, groups=y, **words)
    assert same(grouped, learn.search(build, {"units": [2, 3]}, X, y, **words))
    for seed in range(4):  # whichever is drawn first
        with pytest.warns(DataWarning, match="1 of 2 candidates failed"):
            some = learn.search(build, {"units": [0, 3]}, X, y, **{**words, "seed": seed})
        assert [one.state for one in some.candidates] == ["failed", "done"]


def test_an_objective_that_is_not_there_ends_after_an_epoch() -> None:
    epochs: list[int] = []
    with pytest.raises(
        ArgumentError, match="`objective`: got 'val_mae', .* val_accuracy, val_loss"
    ):
        find(objective="val_mae", mode="min", trials=2, epochs=3, callbacks=lambda: [
            LambdaCallback(on_epoch_begin=lambda epoch, logs: epochs.append(epoch))])  # fmt: skip
    assert set(epochs) == {0}


def test_callbacks_stop_candidates_early_and_validation_data_of_its_own() -> None:
    found = find(
        epochs=30, callbacks=[EarlyStopping(patience=0, min_delta=0.5)],
        validation_data=(X[:30], Y[:30]), objective="val_accuracy",
    )  # fmt: skip
    assert {one.state for one in found.candidates} == {"stopped early"}
    assert all(one.epochs < 30 for one in found.candidates)
    assert found.best.value == max(one.value for one in found.candidates)


def test_the_batch_size_may_be_searched() -> None:
    found = find(space={"batch_size": [16, 80]}, method="grid", epochs=1)
    ranvier.utils.set_random_seed(found.candidates[0].seed)
    model = net()
    ranvier.utils.set_random_seed(found.candidates[0].seed)
    history = model.fit(X, Y, batch_size=16, validation_split=0.2, verbose=0)
    assert history.history == found.candidates[0].history


def test_candidates_that_differ_in_numbers_share_their_programs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def programs(trials: int) -> int:
        folder = tmp_path / str(trials)
        folder.mkdir(mode=0o700)
        monkeypatch.setenv("RANVIER_CACHE", str(folder))
        space = {"rate": learn.LogUniform(1e-3, 1e-1), "dropout": learn.Uniform(0.1, 0.5)}
        find(build=lambda **numbers: net(8 + trials, **numbers), space=space, trials=trials,
             epochs=1)  # fmt: skip
        return sum(1 for path in folder.rglob("*") if path.is_file())

    find(epochs=1, trials=1)  # what reads rows serves any network, and is made once a process
    assert programs(1) == programs(6) > 0


# --- what goes wrong ------------------------------------------------------------------------
def picky(units: int) -> Any:
    if units == 5:
        raise ValueError("five is right out")
    return net(units)


def test_a_candidate_that_cannot_be_built_has_failed() -> None:
    told = "1 of 3 candidates failed; candidate 1, {'units': 5}: ValueError: five is right out"
    with pytest.warns(DataWarning, match=told):
        found = find(build=picky, space={"units": [4, 5, 6]}, method="grid", epochs=1)
    assert [one.state for one in found.candidates] == ["done", "failed", "done"]
    assert found.candidates[1].error == "ValueError: five is right out"
    assert found.ranked[-1].number == 1 and "failed" in repr(found)
    with pytest.raises(ValueError, match="right out"):
        find(build=picky, space={"units": [5]}, method="grid")


def test_a_candidate_that_does_not_fit_the_data_has_failed() -> None:
    def build(width: int) -> Any:
        model = ranvier.Sequential([layers.Input((width,)), layers.Dense(3, "softmax")])
        model.compile("sgd", "sparse_categorical_crossentropy")
        return model

    with pytest.warns(DataWarning, match="candidates failed.*expected \\(rows, 5\\)"):
        found = find(build=build, space={"width": [4, 5]}, method="grid", epochs=1)
    assert [one.state for one in found.candidates] == ["done", "failed"]


@pytest.mark.parametrize("method", ["grid", "asha"])
def test_a_model_that_was_trained_before_is_no_new_candidate(method: str) -> None:
    one = net()

    def build(rate: float) -> Any:
        one.compile(ranvier.optimizers.SGD(rate), "sparse_categorical_crossentropy")
        return one

    with pytest.warns(DataWarning, match="2 of 3 .* `build`: the function returned model .*"):
        found = find(build=build, space={"rate": [0.1, 0.01, 0.001]}, method=method, trials=3)
    assert [one.state for one in found.candidates] == ["done", "failed", "failed"]


def test_a_loss_that_is_no_number_is_the_worst() -> None:
    with pytest.warns(RuntimeWarning, match="the loss became"):
        found = find(space={"rate": [0.01, 1e30]}, method="grid", epochs=2)
    assert found.best.params["rate"] == 0.01


@pytest.mark.parametrize("method", ["halving", "asha"])
def test_a_loss_that_is_no_number_is_left_behind(method: str) -> None:
    with pytest.warns(RuntimeWarning, match="the loss became"):
        found = find(space={"rate": [0.01, 1e30]}, method=method, epochs=4, trials=5)
    assert {one.state for one in found.candidates} == {"done", "left behind"}
    assert "cut off" not in repr(found)


@pytest.mark.parametrize("method", ["grid", "optuna"])
def test_values_that_no_comparison_tells_apart(tmp_path: Path, method: str) -> None:
    pytest.importorskip("optuna")

    def build(rate: float, given: Any) -> Any:
        return net(rate=0.01 if rate != rate else rate)

    space = {"rate": [float("nan"), 0.1], "given": [np.arange(2), np.arange(3), None]}
    words: Any = {"build": build, "space": space, "method": method, "epochs": 1, "trials": 6}
    first, again = find(folder=tmp_path, **words), find(folder=tmp_path, **words)
    assert first.best_value == again.best_value
    assert (tmp_path / "records.jsonl").read_bytes().count(b"\n") == 6  # none is trained twice
    for one in again.candidates:
        assert any(one.params["given"] is value for value in space["given"])


def test_the_budget_cuts_off(tmp_path: Path) -> None:
    class Slow(Callback):
        def on_epoch_end(self, epoch: int, logs: Any = None) -> None:
            time.sleep(0.05)

    began = time.time()
    found = find(epochs=1000, budget=0.8, callbacks=[Slow()], folder=tmp_path)
    assert time.time() - began < 10
    assert found.candidates and {one.state for one in found.candidates} <= {"cut off"}
    assert "out of time" in repr(found) and found.best_value == found.best.value
    assert not (tmp_path / "records.jsonl").exists()


class Interrupting(Callback):
    def __init__(self) -> None:
        super().__init__()
        self.rate = 0.0

    def on_epoch_end(self, epoch: int, logs: Any = None) -> None:
        if len(ENDED) >= 2:
            raise KeyboardInterrupt

    def on_train_end(self, logs: Any = None) -> None:
        ENDED.append(1)


ENDED: list[int] = []


def test_ctrl_c_keeps_what_is_done_and_the_folder_goes_on(tmp_path: Path, random: Any) -> None:
    ENDED.clear()
    with pytest.warns(DataWarning, match="interrupted"):
        part = find(folder=tmp_path, callbacks=[Interrupting()])
    assert part.interrupted and "interrupted" in repr(part)
    done = [one for one in part.candidates if one.state == "done"]
    assert 0 < len(done) < 4
    lines = (tmp_path / "records.jsonl").read_text().splitlines()
    assert len(lines) == len(done)
    whole = find(folder=tmp_path, seed=None)
    assert same(whole, random) and same_weights(whole.best_model, random.best_model)
    lines = (tmp_path / "records.jsonl").read_text().splitlines()
    assert sorted(json.loads(line)["number"] for line in lines) == [0, 1, 2, 3]


def test_ctrl_c_keeps_curves_that_have_no_end(tmp_path: Path) -> None:
    epochs: list[int] = []

    def stop(epoch: int, logs: Any) -> None:
        epochs.append(epoch)
        if len(epochs) == 8:
            raise KeyboardInterrupt

    with pytest.warns(DataWarning, match="interrupted"):
        part = find(folder=tmp_path, epochs=100, callbacks=lambda: [LambdaCallback(None, stop)])
    assert {one.state for one in part.candidates} == {"cut off"}
    assert part.best_value == min(part.best.history["val_loss"])
    assert part.best_model.count_params() > 0
    assert not (tmp_path / "records.jsonl").exists()


def test_ctrl_c_where_a_rung_begins_keeps_the_one_before() -> None:
    begun: list[Any] = []

    def stop(logs: Any) -> None:
        begun.append(logs)
        if len(begun) > 9:
            raise KeyboardInterrupt

    with pytest.warns(DataWarning, match="interrupted"):
        part = find(method="halving", trials=9, epochs=9,
                    callbacks=lambda: [LambdaCallback(on_train_begin=stop)])  # fmt: skip
    states = [one.state for one in part.ranked]
    assert states == ["cut off"] * 3 + ["left behind"] * 6


# --- the folder -----------------------------------------------------------------------------------
def test_a_folder_is_not_trained_again(tmp_path: Path, halving: Any) -> None:
    def rung(folder: Path) -> Any:
        return find(method="halving", trials=9, epochs=9, folder=folder)

    assert same(rung(tmp_path), halving)
    lines = (tmp_path / "records.jsonl").read_bytes().splitlines(keepends=True)
    assert len(lines) == 9 + 3 + 1
    kept = ranvier.models.load_model(tmp_path / f"candidate-{halving.best.number}.keras")
    assert same_weights(kept, halving.best_model)
    # A kill in the middle of a line: of the second rung, and of the last one.
    for count in (10, 12):
        cut = b"".join(lines[:count]) + lines[count][:40]
        (tmp_path / "records.jsonl").write_bytes(cut)
        again = rung(tmp_path)
        assert same(again, halving) and same_weights(again.best_model, halving.best_model)
        assert len((tmp_path / "records.jsonl").read_bytes().splitlines()) == 13


def test_numbers_by_name_of_a_distribution_are_told_apart(tmp_path: Path) -> None:
    stats = pytest.importorskip("scipy.stats")
    find(folder=tmp_path, space={"rate": stats.uniform(0.1, scale=0.1)}, epochs=1, trials=1)
    with pytest.raises(ArgumentError, match="holds a search with space=.*0.1.* but now .*0.5"):
        find(folder=tmp_path, space={"rate": stats.uniform(0.1, scale=0.5)}, epochs=1, trials=1)


def test_a_folder_of_another_search_is_refused(tmp_path: Path) -> None:
    find(folder=tmp_path, epochs=1, trials=1)
    with pytest.raises(ArgumentError, match="holds a search with rungs=\\[1\\], but now"):
        find(folder=tmp_path, epochs=2, trials=1)
    with pytest.raises(ArgumentError, match="seed=1, but now it is 2"):
        find(folder=tmp_path, epochs=1, trials=1, seed=2)
    for change, words in (
        ({"preprocessing": StandardScaler()}, "preprocessing='None', but now .*StandardScaler"),
        ({"class_weight": {0: 1, 1: 2, 2: 1}}, "class_weight='None', but now"),
        ({"shuffle": False}, "shuffle=True, but now"),
        ({"sample_weight": np.ones(len(X))}, "data="),
    ):
        with pytest.raises(ArgumentError, match=f"holds a search with {words}"):
            find(folder=tmp_path, epochs=1, trials=1, **change)
    whole = json.loads((tmp_path / "records.jsonl").read_text())
    for line in (
        "no line of ours", "[]", "null", *(
            json.dumps({**whole, name: value})
            for name, value in (("state", "well"), ("rung", [0]), ("seconds", "few"),
                                ("curves", None), ("curves", [{"loss": ["low"]}]), ("params", 3))
        ),
    ):  # fmt: skip
        (tmp_path / "records.jsonl").write_text(f"{line}\n")
        with pytest.raises(ArgumentError, match="holds a line that is none of a search"):
            find(folder=tmp_path, epochs=1, trials=1)
    for text in ('{"rungs": [', "3", "null", "[1]", "[" * 100_000):
        (tmp_path / "search.json").write_text(text)
        with pytest.raises(ArgumentError, match="search.json is not what a search writes"):
            find(folder=tmp_path, epochs=1, trials=1)


def test_a_folder_in_which_nothing_is_done_may_be_of_another_search(tmp_path: Path) -> None:
    """A mistake in the first call would else take the folder for itself."""
    for mistake in ({"method": "bayes"}, {"objective": "val_mae"}, {"objective": "score"}):
        with pytest.raises(ArgumentError):
            find(folder=tmp_path, epochs=1, trials=1, **mistake)
    found = find(folder=tmp_path, epochs=1, trials=1)
    assert [one.state for one in found.candidates] == ["done"]
    assert json.loads((tmp_path / "search.json").read_text())["objective"] == "val_loss"


def test_what_failed_is_tried_again(tmp_path: Path) -> None:
    def build(units: int) -> Any:
        if units in broken:
            raise RuntimeError("for today")
        return net(units)

    words = {"space": {"units": [4, 8]}, "method": "grid", "epochs": 1, "folder": tmp_path}
    broken = [8]
    with pytest.warns(DataWarning, match="1 of 2 candidates failed"):
        before = find(build=build, **words)
    broken = []
    found = find(build=build, **words)
    assert [one.state for one in before.candidates] == ["done", "failed"]
    assert [one.state for one in found.candidates] == ["done", "done"]
    assert found.candidates[0].value == before.candidates[0].value


def test_a_folder_of_other_folds_is_refused(tmp_path: Path) -> None:
    words: Any = {"folder": tmp_path, "epochs": 1, "trials": 1, "refit": False}
    rows = np.arange(len(X))
    find(cv=[(rows[:50], rows[50:])], **words)
    find(cv=[(rows[:50], rows[50:])], **words)
    with pytest.raises(ArgumentError, match="holds a search with folds="):
        find(cv=[(rows[:60], rows[60:])], **words)


def _functional(
    activation: str = "relu", rate: float = 0.1, twice: bool = False, loss: Any = "mse"
) -> Any:
    def build(units: int) -> Any:
        entry = ranvier.Input((X.shape[1],))
        first = layers.Dense(units, activation=activation)(entry)
        second = layers.Bidirectional(layers.LSTM(2))(layers.Reshape((units, 1))(first))
        model = ranvier.Model(entry, layers.Dense(1)(layers.add([second, second])))
        if twice:
            model = ranvier.Sequential([model, layers.Dense(1)])
        model.compile(ranvier.optimizers.Adam(rate), loss, metrics=["mae"])
        return model

    return build


def test_a_folder_of_another_function_is_refused(tmp_path: Path) -> None:
    words: Any = {"folder": tmp_path, "space": {"units": [4]}, "trials": 1, "epochs": 1}
    first = find(build=_functional(), **words)
    layers.Dense(3), layers.LSTM(2)  # names that were given out meanwhile do not count
    again = find(build=_functional(), callbacks=[LambdaCallback(on_train_begin=_never)], **words)
    assert same(again, first)
    for change, differs in (
        ({"activation": "tanh"}, "config.activation='relu', but now it is 'tanh'"),
        ({"rate": 0.2}, r"model.compile.optimizer.config.learning_rate=0.1\d*, but now it is 0.2"),
        ({"loss": ranvier.losses.Huber()}, "model.compile.loss='mse', but now it is {.*Huber"),
        ({"twice": True}, "model.class='Functional', but now it is 'Sequential'"),
    ):
        with pytest.raises(ArgumentError, match=f"holds a search with .*{differs}"):
            find(build=_functional(**change), **words)


@ranvier.saving.register_keras_serializable(package="search")
class OfOwn(ranvier.Model):
    width = 4

    def __init__(self) -> None:
        super().__init__()
        self.parts = [layers.Dense(self.width), layers.Dense(1)]

    def call(self, inputs: Any) -> Any:
        return self.parts[1](self.parts[0](inputs))


def test_a_class_of_ones_own_is_known_by_its_weights(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def build(rate: float) -> Any:
        model = OfOwn()
        model.build((None, X.shape[1]))
        model.compile(ranvier.optimizers.SGD(rate), "mse")
        return model

    words: Any = {"folder": tmp_path, "space": {"rate": [0.1]}, "trials": 1, "epochs": 1}
    assert same(find(build=build, **words), find(build=build, **words))
    monkeypatch.setattr(OfOwn, "width", 5)
    with pytest.raises(ArgumentError, match=r"model.weights.0=\[\d+, 4\], .* now it is .*, 5\]"):
        find(build=build, **words)


def _never(logs: Any) -> None:
    raise AssertionError("trained again")


@pytest.mark.slow
def test_a_search_goes_on_after_it_was_killed(tmp_path: Path) -> None:
    killed("tests.learn.test_search", tmp_path, 2, trials=8)
    before = (tmp_path / "records.jsonl").read_bytes()
    assert 2 <= before.count(b"\n") < 8
    found = find(folder=tmp_path, trials=8)
    assert same(found, find(trials=8))
    after = (tmp_path / "records.jsonl").read_bytes()
    assert after.startswith(before) and after.count(b"\n") == 8


# --- Optuna ---------------------------------------------------------------------------------------
def test_a_sampler_of_optuna_is_asked_and_told(tmp_path: Path) -> None:
    optuna = pytest.importorskip("optuna")
    told: list[Any] = []

    class Told(optuna.samplers.RandomSampler):
        def after_trial(self, study: Any, trial: Any, state: Any, values: Any) -> None:
            told.append((trial.params, values))
            super().after_trial(study, trial, state, values)

    space = {**SPACE, "dropout": learn.Uniform(0.0, 0.5)}
    found = find(method=Told(seed=3), space=space, trials=5, epochs=1)
    assert len(told) == 5
    for one, (params, values) in zip(found.candidates, told, strict=True):
        assert values == [one.value]
        assert params == {**one.params, "units": [4, 6].index(one.params["units"])}
    first = find(method="optuna", trials=6, epochs=1, folder=tmp_path)
    assert same(find(method="optuna", trials=6, epochs=1, folder=tmp_path), first)
    assert same(find(method="optuna", trials=6, epochs=1), first)


@pytest.mark.filterwarnings("ignore:BruteForceSampler is experimental")
def test_a_sampler_of_optuna_that_has_asked_for_all_ends_the_search() -> None:
    optuna = pytest.importorskip("optuna")
    sampler = optuna.samplers.BruteForceSampler(seed=1)
    space = {"units": [4, 6], "rate": [0.1, 0.01]}
    found = find(method=sampler, space=space, trials=50, epochs=1)
    assert 4 <= len(found) < 50
    assert {tuple(one.params.values()) for one in found.candidates} == {
        (units, rate) for units in space["units"] for rate in space["rate"]
    }


@pytest.mark.parametrize("method", ["random", "optuna"])
def test_a_folder_gives_back_values_that_it_knows_by_name(tmp_path: Path, method: str) -> None:
    pytest.importorskip("optuna")

    def build(units: tuple[int, ...], activation: Any) -> Any:
        dense = [layers.Dense(width, activation) for width in units]
        model = ranvier.Sequential([layers.Input((4,)), *dense, layers.Dense(1)])
        model.compile("sgd", "mse")
        return model

    space = {"units": [(3,), (4, 2)], "activation": [ranvier.activations.tanh, None]}
    words: Any = {"method": method, "epochs": 1, "seed": 1, "verbose": 0, "folder": tmp_path}
    first = learn.search(build, space, X, X[:, 0], trials=2, **words)
    more = learn.search(build, space, X, X[:, 0], trials=4, **words)
    assert len(more) == 4 and (tmp_path / "records.jsonl").read_bytes().count(b"\n") == 4
    for one, before in zip(more.candidates, first.candidates, strict=False):
        assert one.params == before.params and one.value == before.value


def test_optuna_does_not_know_scipy() -> None:
    pytest.importorskip("optuna")
    stats = pytest.importorskip("scipy.stats")
    with pytest.raises(ArgumentError, match="which Optuna does not know"):
        find(method="optuna", space={"rate": stats.loguniform(1e-3, 1)})


# --- tables, backends, mistakes ---------------------------------------------------------------
def test_the_tables(random: Any) -> None:
    lines = repr(random).splitlines()
    assert lines[0].split() == [
        "candidate", "units", "rate", "val_loss", "epoch", "epochs", "state"
    ]  # fmt: skip
    assert [int(line.split()[0]) for line in lines[1:]] == [one.number for one in random.ranked]
    frame = random.to_frame()
    assert list(frame["val_loss"]) == sorted(one.value for one in random.candidates)
    assert frame["history"][0] == random.best.history
    curves = random.curves()
    assert curves.shape == (3, 4) and list(curves["2"]) == random.candidates[2].history["val_loss"]
    assert "<th>rate</th>" in random._repr_html_() and len(random) == 4


def test_joblib_finds_the_same(halving: Any, tmp_path: Path) -> None:
    found = find(
        method="halving", trials=9, epochs=9, n_jobs=2, backend="threading", folder=tmp_path
    )
    assert same(found, halving) and same_weights(found.best_model, halving.best_model)
    assert (tmp_path / "records.jsonl").read_bytes().count(b"\n") == 13


@pytest.mark.parametrize(
    "change, error, words",
    [
        ({"build": net()}, ArgumentTypeError, "`build`: got .*, expected a function"),
        ({"space": {}}, ArgumentTypeError, "`space`: got {}, expected a dict"),
        ({"space": {"units": 5}}, ArgumentError, "`space`: got 5 for 'units', expected a list"),
        ({"space": {"units": []}}, ArgumentError, "`space`: got \\[\\] for 'units'"),
        ({"method": "grid"}, ArgumentError, "got LogUniform\\(0.001, 0.1\\) for 'rate'"),
        ({"method": "bayes"}, ArgumentError, "`method`: got 'bayes', expected one of random"),
        ({"method": None}, ArgumentError, "`method`: got None, expected one of random"),
        ({"cv": 2, "validation_data": (X, Y)}, ArgumentError, "`validation_data`: cannot go with"),
        ({"groups": Y}, ArgumentError, "`groups`: are for splitters, but cv is None"),
        ({"validation_split": "0.2"}, DataError, "`validation_split`: '0.2' of the 100 rows"),
        ({"factor": "3"}, ArgumentError, "`factor`: got '3', expected an int of at least 2"),
        ({"budget": -1}, ArgumentError, "`budget`: got -1, expected seconds above 0"),
        ({"trials": 0}, ArgumentError, "`trials`: got 0, expected an int of at least 1"),
        ({"factor": 1}, ArgumentError, "`factor`: got 1, expected an int of at least 2"),
        ({"objective": "val_mae"}, ArgumentError, "got 'val_mae', which is not in the logs"),
        ({"objective": "score"}, ArgumentError, "cannot tell whether more or less"),
        ({"space": {"width": [1]}}, TypeError, r"search, `build`: the function .* \(width\)"),
    ],
    ids=str,
)  # fmt: skip
def test_mistakes_are_told(change: Any, error: Any, words: str) -> None:
    with pytest.raises(error, match=words):
        find(**change)


@pytest.mark.parametrize("make", [
    lambda: learn.Uniform(1, 1), lambda: learn.Uniform("1", 2), lambda: learn.LogUniform(0, 1),
    lambda: learn.Integers(1.5, 3),
])  # fmt: skip
def test_ranges_that_are_none(make: Any) -> None:
    with pytest.raises(ArgumentError, match="got"):
        make()


def test_a_message_is_silent_on_callbacks_that_print(capsys: Any) -> None:
    find(callbacks=[LambdaCallback(on_epoch_end=lambda epoch, logs: None)], trials=1, epochs=1)
    assert capsys.readouterr().out == ""
