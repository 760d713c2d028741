"""Many models at once: the same bits as alone, rows, callbacks, errors, interruptions."""

from __future__ import annotations

import numpy as np
import pytest

import ranvier
from ranvier import fit_many, random
from ranvier.callbacks import EarlyStopping, LambdaCallback
from ranvier.errors import ArgumentError, ArgumentTypeError, BusyError, DataError, ManyError
from ranvier.layers import Dense, Dropout, Input
from ranvier.model import Sequential
from ranvier.optimizers import SGD


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
    import threading

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


def test_no_models_and_no_epochs(numbers):
    assert fit_many([], *numbers) == []
    assert fit_many([net()], *numbers, epochs=0, verbose=0)[0].history == {}


def test_it_is_a_public_name():
    assert ranvier.fit_many is fit_many
