"""The epoch loop: epochs, validation, weights, callbacks, interruptions, bad input."""

from __future__ import annotations

import threading
import warnings

import numpy as np
import pytest

from ranvier import random
from ranvier.callbacks import Callback, EarlyStopping, LambdaCallback
from ranvier.graph.errors import (
    ArgumentError,
    ArgumentTypeError,
    BusyError,
    DataError,
    DataTypeError,
    DataWarning,
    NotBuiltError,
    ShapeError,
)
from ranvier.layers import Dense, Input
from ranvier.model import Sequential
from ranvier.optimizers import SGD


def linear(optimizer="sgd", **options):
    model = Sequential([Input((4,)), Dense(1, kernel_initializer="zeros")])
    model.compile(optimizer, "mse", **options)
    return model


def test_history(digits, classifier):
    x, y = digits
    history = classifier.fit(x, y, epochs=4, batch_size=16, validation_data=(x, y), verbose=0)
    assert history is classifier.history
    assert list(history.history) == ["accuracy", "loss", "val_accuracy", "val_loss"]
    assert history.epoch == [0, 1, 2, 3]
    assert history.params == {"verbose": 0, "epochs": 4, "steps": 5}
    assert history.history["loss"][-1] < history.history["loss"][0]
    assert all(type(v) is float for v in history.history["loss"])


def test_same_seed_same_history(digits):
    def run():
        random.set_random_seed(3)
        model = Sequential([Input((12,)), Dense(3, activation="softmax")])
        model.compile("adam", "sparse_categorical_crossentropy")
        return model.fit(*digits, epochs=3, verbose=0).history["loss"], model.get_weights()

    (loss, weights), (again, others) = run(), run()
    assert loss == again
    assert all(np.array_equal(a, b) for a, b in zip(weights, others, strict=True))


def test_shuffling_changes_the_order_only(numbers):
    x, y = numbers
    seen = []
    for shuffle in (False, True):
        model = linear()
        model.fit(x, y, batch_size=16, shuffle=shuffle, verbose=0)
        seen.append(model.get_weights()[0])
    assert not np.array_equal(*seen)
    assert np.allclose(*seen, atol=0.2)


def test_epochs_zero_and_initial_epoch(numbers):
    x, y = numbers
    model = linear()
    history = model.fit(x, y, epochs=0, verbose=0)
    assert history.history == {}
    assert history.epoch == []
    history = model.fit(x, y, epochs=5, initial_epoch=3, verbose=0)
    assert history.epoch == [3, 4]


def test_steps_per_epoch_goes_on_where_it_stopped(numbers):
    x, y = numbers
    model, whole = linear(), linear()
    history = model.fit(x, y, batch_size=16, steps_per_epoch=2, epochs=2, shuffle=False, verbose=0)
    assert history.params["steps"] == 2
    whole.fit(x[:64], y[:64], batch_size=16, shuffle=False, verbose=0)
    assert np.allclose(model.get_weights()[0], whole.get_weights()[0], atol=1e-6)


def test_steps_without_a_batch_size_share_the_rows_out(numbers):
    x, y = numbers
    seen = []
    watch = LambdaCallback(
        on_train_batch_end=lambda batch, logs: seen.append(("train", batch)),
        on_test_batch_end=lambda batch, logs: seen.append(("test", batch)),
        on_predict_batch_end=lambda batch, logs: seen.append(len(logs["outputs"])),
    )
    model, same = linear(), linear()
    model.fit(x, y, steps_per_epoch=3, shuffle=False, validation_data=(x[:9], y[:9]),
              validation_steps=2, callbacks=[watch], verbose=0)  # fmt: skip
    same.fit(x, y, batch_size=24, shuffle=False, verbose=0)
    assert np.array_equal(model.get_weights()[0], same.get_weights()[0])
    model.evaluate(x, y, steps=2, callbacks=[watch], verbose=0)
    assert len(model.predict(x, steps=4, callbacks=[watch], verbose=0)) == 70
    tests = [("test", 0), ("test", 1)]
    assert seen == [("train", 0), ("train", 1), ("train", 2), *tests, *tests, 18, 18, 18, 16]


def test_more_steps_than_data(numbers):
    x, y = numbers
    with pytest.warns(DataWarning, match="steps_per_epoch: asked for 9"):
        linear().fit(x, y, batch_size=16, steps_per_epoch=9, verbose=0)


def test_validation_split_takes_the_last_rows(numbers):
    x, y = numbers
    history = linear().fit(x, y, validation_split=0.3, epochs=1, verbose=0).history
    model = linear()
    given = model.fit(x[:49], y[:49], validation_data=(x[49:], y[49:]), verbose=0, shuffle=False)
    random.set_random_seed(7)
    assert list(history) == list(given.history) == ["loss", "val_loss"]


def test_validation_freq_and_steps(numbers):
    x, y = numbers
    data = (x, y)
    history = (
        linear().fit(x, y, epochs=4, validation_data=data, validation_freq=2, verbose=0).history
    )
    assert len(history["val_loss"]) == 2
    history = linear().fit(x, y, epochs=4, validation_data=data, validation_freq=[1, 4],
                           validation_steps=1, validation_batch_size=8, verbose=0)  # fmt: skip
    assert len(history.history["val_loss"]) == 2


def test_sample_weight_zero_leaves_rows_out(numbers):
    x, y = numbers
    wrong = y.copy()
    wrong[::2] += 100
    weights = np.tile([0.0, 2.0], 35)
    model, clean = linear(), linear()
    model.fit(x, wrong, sample_weight=weights, batch_size=70, shuffle=False, epochs=5, verbose=0)
    clean.fit(x[1::2], y[1::2], batch_size=35, shuffle=False, epochs=5, verbose=0)
    assert np.allclose(model.get_weights()[0], clean.get_weights()[0], atol=1e-5)


def test_weights_of_a_wrong_shape_are_told_alone(numbers):
    x, y = numbers
    model = Sequential([Input((4,)), Dense(1)])
    model.compile("sgd", "mse", weighted_metrics=["mae"])
    for shape in ((len(x), 2), (len(x), 1, 1)):
        for run in (model.fit, model.evaluate):
            with pytest.raises(ShapeError, match=r"^sample_weight: got shape \(None, .*a row"):
                run(x, y, sample_weight=np.ones(shape), verbose=0)


def test_class_weight_is_a_sample_weight(digits, classifier):
    x, y = digits
    start = classifier.get_weights()
    classifier.fit(x, y, class_weight={0: 1.0, 1: 2.0, 2: 0.5}, shuffle=False, verbose=0)
    weighted = classifier.get_weights()
    classifier.set_weights(start)
    weights = np.array([1.0, 2.0, 0.5])[y]
    classifier.fit(x, y, sample_weight=weights, shuffle=False, verbose=0)
    assert all(np.array_equal(a, b) for a, b in zip(weighted, classifier.get_weights(),
                                                    strict=True))  # fmt: skip


def test_class_and_sample_weights_are_multiplied(digits, classifier):
    x, y = digits
    start, rows = classifier.get_weights(), np.linspace(0.5, 1.5, 70)
    classes = {0: 1.0, 1: 2.0, 2: 0.5}
    first = classifier.train_on_batch(x, y, sample_weight=rows, class_weight=classes)
    classifier.set_weights(start)
    both = rows.astype("float32") * np.array([1.0, 2.0, 0.5])[y]
    assert first == pytest.approx(classifier.train_on_batch(x, y, sample_weight=both))


def test_class_weight_needs_one_target(two_outputs):
    x = [np.ones((5, 2)), np.ones((5, 4))]
    with pytest.raises(ArgumentError, match="class_weight: got it for a model with 2 targets"):
        two_outputs.fit(x, [np.ones(5), np.ones(5)], class_weight={0: 1.0}, verbose=0)


@pytest.mark.parametrize("dtype", ["uint8", "int64", "float32", "float64", "float16"])
def test_inputs_of_any_type(dtype, numbers):
    x = np.abs(numbers[0] * 10).astype(dtype)
    plain, typed = linear(), linear()
    plain.fit(x.astype("float32"), numbers[1], epochs=2, shuffle=False, verbose=0)
    typed.fit(x, numbers[1], epochs=2, shuffle=False, verbose=0)
    assert np.array_equal(plain.get_weights()[0], typed.get_weights()[0])


def test_layouts_do_not_matter(numbers):
    x, y = numbers
    plain = linear()
    plain.fit(x, y, shuffle=False, verbose=0)
    for same in (np.asfortranarray(x), np.repeat(x, 2, 0)[::2], x[::-1][::-1], x.astype(">f8"),
                 x.tolist()):  # fmt: skip
        model = linear()
        model.fit(same, y, shuffle=False, verbose=0)
        assert np.array_equal(plain.get_weights()[0], model.get_weights()[0])


def test_a_generator_of_batches(numbers):
    x, y = numbers
    model, whole = linear(), linear()
    batches = [(x[i : i + 16], y[i : i + 16]) for i in range(0, 70, 16)]
    history = model.fit((b for _ in range(3) for b in batches), epochs=3, steps_per_epoch=5,
                        validation_data=(b for b in [batches[0]] * 9), validation_steps=1,
                        verbose=0)  # fmt: skip
    whole.fit(x, y, batch_size=16, epochs=3, shuffle=False, verbose=0)
    assert np.allclose(model.get_weights()[0], whole.get_weights()[0], atol=1e-6)
    assert len(history.history["val_loss"]) == 3


def test_arguments_that_do_not_go_with_a_generator(numbers):
    x, y = numbers
    with pytest.raises(ArgumentError, match="fit, `y`: cannot go with a generator"):
        linear().fit((b for b in [(x, y)]), y, verbose=0)


# --- callbacks ----------------------------------------------------------------------------------
class Record(Callback):
    def __init__(self):
        super().__init__()
        self.calls = []

    def on_train_batch_end(self, batch, logs=None):
        self.calls.append((batch, round(logs["loss"], 6)))


def test_batch_callbacks_hear_of_each_step(numbers):
    x, y = numbers
    record = Record()
    linear().fit(x, y, batch_size=16, callbacks=[record], verbose=0)
    assert [batch for batch, _ in record.calls] == [0, 1, 2, 3, 4]
    several = Record()
    linear(steps_per_execution=2).fit(x, y, batch_size=16, callbacks=several, verbose=0)
    assert [batch for batch, _ in several.calls] == [1, 3, 4]


def test_a_callback_that_watches_changes_no_weights(numbers):
    x, y = numbers
    model, watched = linear("adam"), linear("adam")
    model.fit(x, y, epochs=2, shuffle=False, verbose=0)
    watched.fit(x, y, epochs=2, shuffle=False, callbacks=[Record()], verbose=0)
    assert np.array_equal(model.get_weights()[0], watched.get_weights()[0])


def test_stop_training_at_a_batch_and_at_an_epoch(numbers):
    x, y = numbers
    model = linear()

    class Stop(Callback):
        def on_train_batch_end(self, batch, logs=None):
            self.model.stop_training = batch == 1

    history = model.fit(x, y, batch_size=16, epochs=5, callbacks=[Stop()], verbose=0)
    assert history.epoch == [0]
    assert int(model.optimizer.iterations.numpy()) == 2
    stop = LambdaCallback(on_epoch_end=lambda e, logs: setattr(model, "stop_training", e == 1))
    assert model.fit(x, y, epochs=5, callbacks=[stop], verbose=0).epoch == [0, 1]


def test_an_epoch_that_begins_stopped_ends_after_its_first_step(numbers):
    x, y = numbers
    model = linear()
    stop = LambdaCallback(on_epoch_begin=lambda e, logs: setattr(model, "stop_training", e == 3))
    assert len(model.fit(x, y, batch_size=10, epochs=9, callbacks=[stop], verbose=0).epoch) == 4
    assert int(model.optimizer.iterations.numpy()) == 3 * 7 + 1


def test_moving_averages_are_in_the_weights_when_training_ends(numbers):
    x, y = numbers
    model = linear()
    model.compile(SGD(0.1, use_ema=True, ema_momentum=0.5), "mse")
    best = EarlyStopping("loss", patience=1, restore_best_weights=True)
    seen, ends = [], []
    watch = LambdaCallback(on_epoch_end=lambda epoch, logs: seen.append(model.get_weights()),
                           on_train_end=lambda logs: ends.append(model.get_weights()))  # fmt: skip
    model.fit(x, y, batch_size=16, epochs=2, callbacks=[watch], verbose=0)
    assert np.array_equal(ends[0][0], model.optimizer.variables[2].numpy())
    assert not np.array_equal(ends[0][0], seen[-1][0])
    # What a callback puts into the weights at the end stays there, as in Keras.
    model.fit(x, y, batch_size=16, epochs=2, callbacks=[watch, best], verbose=0)
    assert np.array_equal(model.get_weights()[0], seen[2 + best.best_epoch][0])


def test_moving_averages_of_layers_unfrozen_since_compile(numbers):
    x, y = numbers
    model = Sequential([Input((4,)), Dense(3), Dense(1)])
    model.layers[0].trainable = False
    model.compile(SGD(0.1, use_ema=True), "mse")
    model.layers[0].trainable = True
    before = model.layers[0].kernel.numpy()
    with pytest.warns(DataWarning, match="trainable"):
        model.fit(x, y, verbose=0)
    assert np.array_equal(model.layers[0].kernel.numpy(), before)


def test_learning_rate_set_by_a_callback_acts_at_once(numbers):
    x, y = numbers
    model = linear()

    class Off(Callback):
        def on_epoch_end(self, epoch, logs=None):
            self.model.optimizer.learning_rate = 0.0
            self.seen = self.model.get_weights()[0]

    off = Off()
    model.fit(x, y, epochs=3, callbacks=[off], verbose=0)
    first = off.seen
    model.fit(x, y, epochs=1, verbose=0)
    assert np.array_equal(first, model.get_weights()[0])


def test_a_callback_may_predict_and_evaluate_but_not_fit(numbers):
    x, y = numbers
    model, plain = linear(), linear()
    seen = {}

    class Look(Callback):
        def on_train_batch_end(self, batch, logs=None):
            seen["predicted"] = self.model.predict(x[:2], verbose=0)
            seen["loss"] = self.model.evaluate(x, y, verbose=0)
            with pytest.raises(BusyError, match="fit: model 'sequential' is in use by `fit`"):
                self.model.fit(x, y, verbose=0)

    looked = model.fit(x, y, callbacks=[Look()], shuffle=False, verbose=0).history
    assert seen["predicted"].shape == (2, 1)
    assert looked == plain.fit(x, y, shuffle=False, verbose=0).history


def test_an_error_in_a_callback_comes_out_and_the_model_goes_on(numbers):
    x, y = numbers
    model = linear()

    def fail(epoch, logs):
        raise KeyError("mine")

    with pytest.raises(KeyError, match="mine"):
        model.fit(x, y, callbacks=[LambdaCallback(on_epoch_end=fail)], verbose=0)
    assert len(model.fit(x, y, verbose=0).history["loss"]) == 1


def test_another_thread_is_refused(numbers):
    x, y = numbers
    model = linear()
    caught = []

    class Meanwhile(Callback):
        def on_epoch_end(self, epoch, logs=None):
            def work():
                for run in (lambda: model.fit(x, y, verbose=0),
                            lambda: model.predict(x, verbose=0)):  # fmt: skip
                    try:
                        run()
                    except BusyError as error:
                        caught.append(str(error))

            thread = threading.Thread(target=work)
            thread.start()
            thread.join()

    model.fit(x, y, callbacks=[Meanwhile()], verbose=0)
    assert len(caught) == 2
    assert "in another thread" in caught[0]
    assert "clone_model" in caught[1]


def test_interruption_keeps_whole_steps(numbers):
    x, y = numbers
    model = linear()

    class Press(Callback):
        def on_train_batch_end(self, batch, logs=None):
            if batch == 2:
                raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        model.fit(x, y, batch_size=16, callbacks=[Press()], epochs=2, verbose=0)
    assert int(model.optimizer.iterations.numpy()) == 3
    assert model.history.epoch == []
    assert len(model.fit(x, y, verbose=0).history["loss"]) == 1


def test_a_loss_that_becomes_nan_is_told_once_with_its_batch(numbers):
    x, y = numbers
    y = y.copy()
    y[20] = 3e38
    model = linear()
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        model.fit(x, y, batch_size=8, epochs=3, shuffle=False, verbose=0)
    told = [str(w.message) for w in caught if w.category is RuntimeWarning]
    assert len(told) == 1
    assert "at batch 3 of 9 of epoch 1" in told[0]
    assert "Lower the learning rate" in told[0]


# --- bad input ----------------------------------------------------------------------------------
def test_fit_before_compile():
    model = Sequential([Input((2,)), Dense(1)])
    for use in (lambda: model.fit([[1, 2]], [1]), lambda: model.evaluate([[1, 2]], [1]),
                lambda: model.train_on_batch([[1, 2]], [1])):  # fmt: skip
        with pytest.raises(NotBuiltError, match="was not compiled"):
            use()


def test_no_loss_at_all(numbers):
    model = Sequential([Input((4,)), Dense(1)])
    model.compile("sgd")
    with pytest.raises(ArgumentError, match="the model has no loss"):
        model.fit(numbers[0], verbose=0)


@pytest.mark.parametrize(
    ("given", "said"),
    [((1, 2, 3, 4), "a tuple of 4"), ([], "a list of 0"), (np.ones((3, 4)), "a ndarray, exp")],
    ids=["four", "none", "array"],
)
def test_validation_data_of_another_form(numbers, given, said):
    model = Sequential([Input((4,)), Dense(1)])
    model.compile("sgd", "mse")
    with pytest.raises(ArgumentTypeError, match=rf"validation_data: got {said}.*\(x, y\) or"):
        model.fit(*numbers, validation_data=given, verbose=0)


def test_validation_data_without_targets(numbers):
    model = Sequential([Input((4,)), Dense(4, activity_regularizer="l2")])
    model.compile("sgd")
    kept = model.fit(numbers[0], validation_data=(numbers[0],), verbose=0).history
    assert set(kept) == {"loss", "val_loss"}


@pytest.mark.parametrize("eager", [False, True])
def test_metrics_without_a_loss_are_evaluated(numbers, eager):
    model = Sequential([Input((4,)), Dense(1)])
    model.compile(loss="mse", metrics=["mae"])
    _, expected = model.evaluate(*numbers, verbose=0)
    model.compile(metrics=["mae"], run_eagerly=eager)
    assert model.evaluate(*numbers, verbose=0) == [0, pytest.approx(expected)]
    assert model.test_on_batch(*numbers) == [0, pytest.approx(expected)]
    with pytest.raises(ArgumentError, match="the model has no loss"):
        model.fit(*numbers, verbose=0)


@pytest.mark.parametrize(
    ("change", "error", "words"),
    [
        ({"y": lambda y: y - 1}, DataError, "row"),
        ({"y": lambda y: y + 1}, DataError, "3"),
        ({"y": lambda y: y + 0.5}, DataError, "0.5|1.5|2.5"),
        ({"y": lambda y: y[:-1]}, DataError, "69 rows"),
        ({"y": lambda y: np.eye(3)[y]}, DataError, "categorical_crossentropy"),
        ({"x": lambda x: x[:, :5]}, ShapeError, r"\(70, 5\)"),
        ({"x": lambda x: x[0], "y": lambda y: y[:12]}, ShapeError, "one example"),
        ({"x": lambda x: x[:0], "y": lambda y: y[:0]}, DataError, "no rows"),
        ({"x": lambda x: x.astype(str)}, DataTypeError, "text"),
        ({"x": lambda x: None}, DataError, "x: got None"),
        ({"y": lambda y: None}, DataError, r"y: got None, but 'sparse_.*fit\(x, y\)"),
    ],
)
def test_data_that_cannot_be_trained_on(classifier, digits, change, error, words):
    x, y = digits
    x, y = change.get("x", lambda v: v)(x), change.get("y", lambda v: v)(y)
    before = classifier.get_weights()
    with pytest.raises(error, match=words):
        classifier.fit(x, y, verbose=0)
    assert all(np.array_equal(a, b) for a, b in zip(before, classifier.get_weights(), strict=True))


@pytest.mark.parametrize(
    ("arguments", "error"),
    [
        ({"batch_size": 0}, ArgumentError),
        ({"batch_size": -1}, ArgumentError),
        ({"batch_size": 2.5}, ArgumentTypeError),
        ({"epochs": -1}, ArgumentError),
        ({"epochs": "3"}, ArgumentTypeError),
        ({"validation_split": 1.0}, ArgumentError),
        ({"validation_split": float("nan")}, ArgumentError),
        ({"validation_freq": 0}, ArgumentError),
        ({"verbose": 7}, ArgumentError),
        ({"callbacks": [len]}, ArgumentTypeError),
        ({"callbacks": [Callback]}, ArgumentTypeError),
        ({"validation_data": 3}, ArgumentTypeError),
        ({"shuffle": "rows"}, ArgumentError),
    ],
)
def test_arguments_that_cannot_work(numbers, arguments, error):
    arguments.setdefault("verbose", 0)
    with pytest.raises(error):
        linear().fit(*numbers, **arguments)


def test_a_huge_batch_is_the_whole_data(numbers):
    x, y = numbers
    model, whole = linear(), linear()
    model.fit(x, y, batch_size=2**40, shuffle=False, verbose=0)
    whole.fit(x, y, batch_size=70, shuffle=False, verbose=0)
    assert np.array_equal(model.get_weights()[0], whole.get_weights()[0])


def test_nan_in_data_to_validate_on_is_told(classifier, digits):
    x, y = digits
    held = x.copy()
    held[3, 2] = np.nan
    with pytest.warns(DataWarning, match="validation_data, x: has NaN .*column 2, row 3.*val_loss"):
        classifier.fit(x, y, validation_data=(held, y), verbose=0)


def test_targets_without_an_output(two_outputs):
    x = [np.ones((5, 2)), np.ones((5, 4))]
    with pytest.raises(DataError, match="2 outputs"):
        two_outputs.fit(x, np.ones(5), verbose=0)


# --- progress -----------------------------------------------------------------------------------
def test_what_is_printed(numbers, capsys):
    linear().fit(*numbers, epochs=2, validation_data=numbers, verbose=2)
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == "Epoch 1/2"
    assert lines[1].startswith("3/3 - ")
    assert " - loss: " in lines[1]
    assert " - val_loss: " in lines[1]
    linear().fit(*numbers, verbose=1)
    assert "3/3 ━━━━━━━━━━━━━━━━━━━━ " in capsys.readouterr().out
    linear().fit(*numbers, verbose=0)
    assert capsys.readouterr().out == ""
