"""Many models at once: the same bits as alone, rows, callbacks, errors, interruptions."""

from __future__ import annotations

import re
import signal
import threading

import numpy as np
import pytest

import ranvier
from ranvier import engines, fit_many, random
from ranvier.callbacks import CSVLogger, EarlyStopping, LambdaCallback
from ranvier.errors import ArgumentError, ArgumentTypeError, BusyError, DataError, ManyError
from ranvier.layers import Dense, Dropout, Input
from ranvier.model import Sequential
from ranvier.optimizers import SGD
from ranvier.regularizers import L2


def net(rate=0.05, drop=0.2, seed=1, **options):
    """A regression net whose start weights a seed decides."""
    random.set_random_seed(seed)
    model = Sequential([Input((4,)), Dense(6, activation="relu"), Dropout(drop), Dense(1)])
    model.compile(SGD(rate, **options), "mse", metrics=["mae"])
    return model


def folds(count, parts):
    """Row numbers to train and to validate on, as of KFold."""
    held = np.array_split(np.arange(count), parts)
    return [np.setdiff1d(np.arange(count), rows) for rows in held], held


def assert_same(model, history, other, alone):
    """Weights and History are the same bits."""
    assert history.history == alone.history
    for a, b in zip(model.get_weights(), other.get_weights(), strict=True):
        np.testing.assert_array_equal(a, b)


# --- the same bits ------------------------------------------------------------------------------
@pytest.mark.parametrize("threads", [1, 2])
def test_each_is_what_it_is_alone(numbers, threads):
    x, y = numbers
    train, held = folds(len(x), 4)
    rates, batches, epochs = [0.005, 0.01, 0.02, 0.03], [8, 16, 8, 13], [3, 2, 3, 4]
    models = [net(rate, 0.1 * (i + 1), i) for i, rate in enumerate(rates)]
    histories = fit_many(
        models, x, y, rows=train, validation_rows=held, batch_size=batches, epochs=epochs,
        seeds=[5, 6, 7, 8], verbose=0, threads=threads,
    )  # fmt: skip
    for i, rate in enumerate(rates):
        alone = net(rate, 0.1 * (i + 1), i)
        random.set_random_seed(5 + i)
        history = alone.fit(
            x[train[i]], y[train[i]], batches[i], epochs[i], verbose=0,
            validation_data=(x[held[i]], y[held[i]]),
        )  # fmt: skip
        assert_same(models[i], histories[i], alone, history)
        assert models[i].history is histories[i]


def test_early_stopping_is_each_models_own(numbers):
    x, y = numbers
    made = []

    def callbacks():
        made.append(EarlyStopping("val_loss", patience=1, restore_best_weights=True))
        return [made[-1]]

    models = [net(rate, seed=3) for rate in (0.001, 0.3)]
    histories = fit_many(
        models, x, y, epochs=12, seeds=4, verbose=0, validation_data=(x, y), callbacks=callbacks
    )
    for i, rate in enumerate((0.001, 0.3)):
        alone = net(rate, seed=3)
        random.set_random_seed(4)
        stop = EarlyStopping("val_loss", patience=1, restore_best_weights=True)
        history = alone.fit(x, y, epochs=12, verbose=0, validation_data=(x, y), callbacks=[stop])
        assert_same(models[i], histories[i], alone, history)
        assert made[i].best_epoch == stop.best_epoch
    assert len(histories[0].epoch) != len(histories[1].epoch)


def test_without_seeds_it_is_a_loop_of_fits(numbers):
    x, y = numbers
    models = [net(seed=1), net(seed=2)]
    random.set_random_seed(9)
    histories = fit_many(models, x, y, epochs=2, verbose=0)
    others = [net(seed=1), net(seed=2)]
    random.set_random_seed(9)
    for model, history, other in zip(models, histories, others, strict=True):
        assert_same(model, history, other, other.fit(x, y, epochs=2, verbose=0))


def test_weights_of_rows_and_classes(digits):
    x, y = digits
    sample_weight, class_weight = np.linspace(0.1, 1, len(x)), {0: 1.0, 1: 2.0, 2: 0.5}

    def classifier():
        random.set_random_seed(1)
        model = Sequential([Input((12,)), Dense(3, activation="softmax")])
        model.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])
        return model

    rows = np.arange(len(x)) % 2 == 0
    models = [classifier(), classifier()]
    histories = fit_many(
        models, x, y, rows=rows, epochs=2, seeds=3, verbose=0, class_weight=class_weight,
        sample_weight=sample_weight, each=[{}, {"class_weight": None, "y": (y + 1) % 3}],
    )  # fmt: skip
    for i, labels in enumerate((y, (y + 1) % 3)):
        alone = classifier()
        random.set_random_seed(3)
        history = alone.fit(
            x[rows], labels[rows], epochs=2, verbose=0, sample_weight=sample_weight[rows],
            class_weight=None if i else class_weight,
        )  # fmt: skip
        assert_same(models[i], histories[i], alone, history)


def test_a_later_call_goes_on(numbers):
    x, y = numbers
    model = net()
    fit_many([model], x, y, epochs=2, verbose=0)
    history = fit_many([model], x, y, epochs=5, initial_epoch=2, verbose=0)[0]
    assert history.epoch == [2, 3, 4]
    assert int(model.optimizer.iterations) == 5 * 3


# --- callbacks ----------------------------------------------------------------------------------
def test_callbacks_are_called_where_the_caller_is(numbers):
    seen = set()
    watch = [
        LambdaCallback(
            on_epoch_end=lambda epoch, logs: seen.add(threading.get_ident()),
            on_train_begin=lambda logs: seen.add(threading.get_ident()),
        )
        for _ in range(3)
    ]
    batches = []
    watch.append(
        LambdaCallback(
            on_train_batch_end=lambda b, logs: batches.append((b, threading.get_ident()))
        )
    )
    fit_many([net(seed=i) for i in range(4)], *numbers, callbacks=watch, epochs=2, verbose=0)
    assert seen == {threading.get_ident()}
    assert batches == [(b, threading.get_ident()) for b in (0, 1, 2)] * 2


def test_a_callback_may_not_have_two_models(numbers):
    stop = EarlyStopping()
    with pytest.raises(ArgumentError, match="models 0 and 1 have one EarlyStopping together"):
        fit_many([net(), net()], *numbers, callbacks=[stop, [stop]])
    with pytest.raises(ArgumentTypeError, match="each needs its own"):
        fit_many([net(), net()], *numbers, callbacks=stop)


def test_two_models_do_not_write_one_file(numbers, tmp_path):
    files = [str(tmp_path / name) for name in ("a.csv", "b.csv", "b.csv")]
    fit_many(
        [net(), net()], *numbers, callbacks=[CSVLogger(f) for f in files[:2]], epochs=1, verbose=0
    )
    assert all((tmp_path / name).stat().st_size for name in ("a.csv", "b.csv"))
    with pytest.raises(ArgumentError, match="models 1 and 2 would both write '.*b.csv', by CSVL"):
        fit_many([net() for _ in files], *numbers, callbacks=[CSVLogger(f) for f in files])


def test_a_range_is_a_list_too(numbers):
    histories = fit_many([net(seed=i) for i in range(2)], *numbers, epochs=range(1, 3), verbose=0)
    assert [len(h.epoch) for h in histories] == [1, 2]


# --- what goes wrong ----------------------------------------------------------------------------
def test_errors_before_the_first_step_name_the_model(numbers):
    x, y = numbers
    models = [net(), net()]
    with pytest.raises(ArgumentError, match="rows: got row 70, but the data have 70") as caught:
        fit_many(models, x, y, rows=[None, [3, 70]])
    assert caught.value.__notes__ == [f"fit_many: in model 1, '{models[1].name}'."]
    with pytest.raises(DataError, match="validation_rows: has no rows"):
        fit_many(models, x, y, validation_rows=[])
    with pytest.raises(ArgumentError, match="`seeds`: got 3 for 2 models"):
        fit_many(models, x, y, seeds=[1, 2, 3])
    with pytest.raises(ArgumentError, match="is there twice"):
        fit_many([models[0]] * 2, x, y)
    with pytest.raises(ArgumentError, match="`each`: got the key 'row' for model 1. Did you mean"):
        fit_many(models, x, y, each=[{}, {"row": [1]}])
    with pytest.raises(ArgumentTypeError, match="`each`: got None for model 1, expected a dict"):
        fit_many(models, x, y, each=[{}, None])
    with pytest.raises(ArgumentTypeError, match="expected a model"):
        fit_many(["model"], x, y)
    with pytest.raises(ArgumentTypeError, match="expected the numbers of rows"):
        fit_many(models, x, y, rows=np.array([0.5]))
    assert all(int(model.optimizer.iterations) == 0 for model in models)


def test_an_error_of_one_leaves_the_others(numbers):
    x, y = numbers

    def fail(epoch, logs):
        if epoch == 1:
            raise OSError("disk full")

    models = [net(seed=i) for i in range(3)]
    calls = [None, LambdaCallback(on_epoch_end=fail), None]
    with pytest.raises(ManyError, match="model 1 'sequential_?.*', OSError: disk full") as caught:
        fit_many(models, x, y, epochs=3, seeds=1, callbacks=calls, verbose=0)
    assert list(caught.value.errors) == [1] and isinstance(caught.value.__cause__, OSError)
    assert [len(h.epoch) for h in caught.value.histories] == [3, 1, 3]
    assert [int(model.optimizer.iterations) for model in models] == [9, 6, 9]
    models[1].fit(x, y, verbose=0)


def test_a_model_that_trains_is_refused(numbers):
    model = net()

    def again(epoch, logs):
        fit_many([model], *numbers)

    with pytest.raises(ManyError, match="in use by `fit_many`") as caught:
        fit_many([model], *numbers, callbacks=[LambdaCallback(on_epoch_end=again)], verbose=0)
    assert isinstance(caught.value.errors[0], BusyError)


def test_models_may_not_change_one_variable(numbers):
    layer = Dense(4)
    models = [Sequential([Input((4,)), layer, Dense(1)]) for _ in range(2)]
    for model in models:
        model.compile("sgd", "mse")
    with pytest.raises(ManyError, match="share the variable '.*dense.*', which training changes"):
        fit_many(models, *numbers, verbose=0)
    layer.trainable = False
    for model in models:
        model.compile("sgd", "mse")
    fit_many(models, *numbers, verbose=0)


@pytest.mark.skipif(not hasattr(signal, "pthread_kill"), reason="needs POSIX signals")
def test_control_c_leaves_each_model_whole():
    rng = np.random.default_rng(0)
    x, y = rng.normal(size=(5000, 4)), rng.normal(size=5000)
    models = [net(0.001, seed=i) for i in range(4)]
    main = threading.get_ident()
    timer = threading.Timer(0.7, signal.pthread_kill, (main, signal.SIGINT))
    timer.start()
    with pytest.raises(KeyboardInterrupt):
        fit_many(models, x, y, epochs=100_000, seeds=1, verbose=0)
    timer.join()
    assert not any(t.name.startswith("ranvier-many") for t in threading.enumerate())
    steps = [int(model.optimizer.iterations) for model in models]
    assert max(steps) > 0
    for model, done in zip(models, steps, strict=True):
        assert len(model.history.epoch) == len(model.history.history.get("loss", []))
        assert done // 157 in (len(model.history.epoch), len(model.history.epoch) + 1)
    fit_many(models, x, y, verbose=0)
    assert [int(model.optimizer.iterations) for model in models] == [s + 157 for s in steps]


# --- what is shared -----------------------------------------------------------------------------
def test_models_that_differ_in_numbers_share_code_and_memory(numbers, monkeypatch):
    if engines.current().name != "native":
        pytest.skip("code is the native engine's")
    from ranvier.engines.native import arena, program

    made, arenas = [], []
    inner, memory = program._loaded, arena.Arena.__init__
    monkeypatch.setattr(program, "_CODE", type(program._CODE)())
    monkeypatch.setattr(program, "_loaded", lambda name, *a: made.append(name) or inner(name, *a))
    monkeypatch.setattr(
        arena.Arena, "__init__", lambda self, *a: arenas.append(1) or memory(self, *a)
    )

    def model(i):
        random.set_random_seed(i)
        penalty = L2(0.001 * (i + 1))
        net = Sequential([Input((4,)), Dense(5, "relu", kernel_regularizer=penalty)])
        net.add(Dropout(0.1 * (i + 1)))
        net.add(Dense(1))
        options = {"weight_decay": 0.01 * (i + 1), "momentum": 0.1 * (i + 1)}
        net.compile(SGD(0.001 * (i + 1), **options), "mse")
        return net

    x, y = numbers
    fit_many([model(i) for i in range(8)], x, y, epochs=3, verbose=0, threads=2,
             validation_data=(x, y))  # fmt: skip
    assert len(made) == 2  # a step that trains, a step that validates
    assert len(arenas) <= 2 * 2


def test_one_that_diverges_leaves_nothing_to_the_next(numbers):
    x, y = numbers
    models = [net(1e30, seed=1), net(0.01, seed=2)]
    told = pytest.warns(RuntimeWarning, match="fit_many, 'sequential.*': the loss became")
    with told as caught:
        histories = fit_many(models, x, y, epochs=2, seeds=3, batch_size=20, verbose=0, threads=1)
    assert caught[0].filename == __file__  # the user's, although a thread of ours found it out
    alone = net(0.01, seed=2)
    random.set_random_seed(3)
    assert_same(models[1], histories[1], alone, alone.fit(x, y, 20, 2, verbose=0))


# --- the display --------------------------------------------------------------------------------
def test_a_pipe_gets_one_line_or_one_a_model(numbers, capsys):
    fit_many([net(0.01, seed=i) for i in range(3)], *numbers, epochs=2)
    assert re.fullmatch(
        r"3/3 models 0s - loss: \d+\.\d{4} to \d+\.\d{4}\n", capsys.readouterr().out
    )
    fit_many([net(0.01, seed=i) for i in range(2)], *numbers, epochs=2, verbose=2, threads=1)
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == 2 and lines[0].startswith("1/2 - sequential")
    assert "2 epochs - loss: " in lines[1] and "mae" in lines[1]


def test_no_models_and_no_epochs(numbers):
    assert fit_many([], *numbers) == []
    assert fit_many([net()], *numbers, epochs=0, verbose=0)[0].history == {}


def test_it_is_a_public_name():
    assert ranvier.fit_many is fit_many
