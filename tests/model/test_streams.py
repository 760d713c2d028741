"""Batches that come one by one, in fit, evaluate and predict."""

from __future__ import annotations

import threading

import numpy as np
import pytest

from ranvier.callbacks import Callback, LambdaCallback
from ranvier.data import PyDataset
from ranvier.graph.errors import BusyError, DataError
from ranvier.layers import LSTM, Dense, GlobalAveragePooling1D, Input
from ranvier.model import Sequential, program
from ranvier.model import model as model_file
from ranvier.model.program import StepProgram
from ranvier.optimizers import SGD
from tests.faults.process import run


def linear(units=1, loss="mse", **options):
    model = Sequential([Input((4,)), Dense(units, kernel_initializer="zeros")])
    model.compile("sgd", loss, **options)
    return model


def parts(*arrays, size=16):
    return [tuple(a[i : i + size] for a in arrays) for i in range(0, len(arrays[0]), size)]


def same(a, b):
    return all(
        np.allclose(u, v, atol=1e-6) for u, v in zip(a.get_weights(), b.get_weights(), strict=True)
    )


def threads():
    return [t for t in threading.enumerate() if t.name == "ranvier-prefetch"]


class Parts(PyDataset):
    def __init__(self, batches, **options):
        super().__init__(**options)
        self.batches = batches

    def __len__(self):
        return len(self.batches)

    def __getitem__(self, index):
        return self.batches[index]


class Tensor:
    """What a torch tensor on the CPU lets others do with it."""

    def __init__(self, array):
        self.array, self.requires_grad = array, False
        self.shape, self.dtype = array.shape, array.dtype

    def detach(self):
        return self

    def cpu(self):
        return self

    def numpy(self):
        return self.array

    def __array__(self, dtype=None, copy=None):
        return self.array if dtype is None else self.array.astype(dtype)

    def __len__(self):
        return len(self.array)

    def __getitem__(self, index):
        return Tensor(self.array[index])


class DataLoader:
    """Gives a list of tensors a batch, as torch's does."""

    def __init__(self, batches):
        self.batches = batches

    def __len__(self):
        return len(self.batches)

    def __iter__(self):
        for batch in self.batches:
            yield [Tensor(part) for part in batch]


class EagerTensor:
    """What a tensor of TensorFlow lets others do with it."""

    def __init__(self, array):
        self.array, self.shape, self.dtype = array, array.shape, array.dtype

    def numpy(self):
        return self.array

    def __array__(self, dtype=None, copy=None):
        return self.array if dtype is None else self.array.astype(dtype)

    def __len__(self):
        return len(self.array)

    def __iter__(self):
        raise TypeError

    def __getitem__(self, index):
        return EagerTensor(self.array[index])


class Dataset:
    """Gives tuples of tensors, as tf.data does; of unknown length."""

    def __init__(self, batches):
        self.batches = batches

    def __len__(self):
        raise TypeError("The dataset length is unknown.")

    def __iter__(self):
        for batch in self.batches:
            yield tuple(EagerTensor(part) for part in batch)


SOURCES = {
    "generator": lambda b: (part for _ in range(3) for part in b),
    "PyDataset": Parts,
    "PyDataset, 3 workers": lambda b: Parts(b, workers=3, use_multiprocessing=True),
    "PyDataset, no worker": lambda b: Parts(b, workers=0),
    "DataLoader": DataLoader,
    "tf.data": Dataset,
}


@pytest.mark.parametrize("kind", SOURCES)
def test_batches_of_any_kind_train_as_arrays_do(kind, numbers):
    x, y = numbers
    model, whole = linear(), linear()
    whole.fit(x, y, batch_size=16, epochs=3, shuffle=False, verbose=0)
    source = SOURCES[kind]
    steps = 5 if kind == "generator" else None
    history = model.fit(source(parts(x, y)), epochs=3, shuffle=False, verbose=0,
                        steps_per_epoch=steps, validation_data=source(parts(x, y)),
                        validation_steps=steps)  # fmt: skip
    assert same(model, whole) and len(history.history["val_loss"]) == 3
    expected = whole.evaluate(x, y, verbose=0)
    assert model.evaluate(source(parts(x, y)), steps=5, verbose=0) == pytest.approx(expected)
    found = model.predict(source(parts(x, y) if kind != "generator" else parts(x)), steps=5,
                          verbose=0)  # fmt: skip
    assert np.allclose(found, whole.predict(x, verbose=0), atol=1e-6)
    assert not threads()


@pytest.mark.parametrize("kind", [*SOURCES, "iterator"])
@pytest.mark.parametrize("steps", [2, None])
def test_each_validation_has_the_same_batches(kind, steps, numbers):
    x, y = numbers
    given = parts(x, y)
    source = iter(given) if kind == "iterator" else SOURCES[kind](given)
    if steps is None and kind == "generator":
        source = (part for part in given)
    model = linear()
    model.compile(SGD(0.0), loss="mse")
    history = model.fit(x, y, epochs=4, verbose=0, validation_data=source,
                        validation_steps=steps, validation_freq=[1, 2, 4])  # fmt: skip
    rows = None if steps is None else 32
    expected = model.evaluate(x[:rows], y[:rows], verbose=0)
    assert history.history["val_loss"] == pytest.approx([expected] * 3)
    if kind == "iterator" and steps:  # what is behind them is left alone
        assert len(list(source)) == len(given) - steps
    assert not threads()


def test_weights_in_batches_and_of_classes(digits):
    x, y = digits
    weight = np.linspace(0, 2, len(y)).astype("float32")

    def trained(*data, **options):
        model = Sequential([Input(x.shape[1:]), Dense(10, "softmax", kernel_initializer="zeros")])
        model.compile("sgd", "sparse_categorical_crossentropy")
        model.fit(*data, shuffle=False, verbose=0, **options)
        return model

    plain = trained(x, y, batch_size=16)
    weighted = trained(x, y, batch_size=16, sample_weight=weight)
    assert same(trained(Parts(parts(x, y, weight))), weighted) and not same(plain, weighted)
    classes = dict.fromkeys(range(10), 1.0) | {1: 4.0}
    of_classes = trained(x, y, batch_size=16, class_weight=classes)
    assert same(trained(Parts(parts(x, y)), class_weight=classes), of_classes)
    both = trained(x, y, batch_size=16, sample_weight=weight, class_weight=classes)
    assert same(trained(iter(parts(x, y, weight)), class_weight=classes), both)


def test_an_endless_generator_goes_on_from_epoch_to_epoch_and_fit_to_fit(numbers):
    x, y = numbers
    made = []

    def endless():
        while True:
            for number, part in enumerate(parts(x, y)):
                made.append(number)
                yield part

    model, whole, source = linear(), linear(), endless()
    for _ in range(2):
        model.fit(source, epochs=2, steps_per_epoch=3, verbose=0)
    assert made == [0, 1, 2, 3, 4] * 2 + [0, 1]
    whole.fit(Parts(parts(x, y) * 2 + parts(x, y)[:2]), shuffle=False, verbose=0)
    assert same(model, whole)


def test_an_array_that_is_filled_anew_is_no_trap(numbers):
    x, y = numbers
    model, whole = linear(), linear()

    def refilled():
        a, b = np.zeros((16, 4), "float32"), np.zeros(16, "float32")
        for part in parts(x, y)[:4] * 5:
            a[:], b[:] = part[0], part[1].reshape(16)
            yield a, b

    model.fit(refilled(), verbose=0)
    whole.fit(x[:64], y[:64], batch_size=16, epochs=5, shuffle=False, verbose=0)
    assert same(model, whole)


def test_an_error_in_a_generator_names_its_batch_and_keeps_the_steps_before(numbers):
    x, y = numbers

    def broken():
        yield from parts(x, y)[:3]
        raise OSError("disk gone")

    model, whole = linear(), linear()
    with pytest.raises(OSError, match="disk gone") as caught:
        model.fit(broken(), verbose=0)
    assert caught.value.__notes__ == ["(raised by the generator given as x, while it made batch 4)"]
    whole.fit(x[:48], y[:48], batch_size=16, shuffle=False, verbose=0)
    assert same(model, whole) and not threads()
    with pytest.raises(DataError, match="x: the generator gave no batch at all"):
        model.fit((b for b in []), verbose=0)
    assert not threads()


def test_batches_that_ask_the_model_itself_are_made_between_steps(numbers):
    x, y = numbers
    model = linear()

    class Own(Parts):
        def __getitem__(self, index):
            model.predict(self.batches[index][0], verbose=0)
            return self.batches[index]

    with pytest.raises(BusyError, match="makes batches ahead.*PyDataset with workers=0"):
        model.fit(Own(parts(x, y)), verbose=0)
    whole = linear()
    model.fit(Own(parts(x, y), workers=0), shuffle=False, verbose=0)
    whole.fit(x, y, batch_size=16, shuffle=False, verbose=0)
    assert same(model, whole)


def test_stopping_and_interrupts_leave_no_thread(numbers):
    x, y = numbers

    class Stop(Callback):
        def on_train_batch_end(self, batch, logs=None):
            self.model.stop_training = batch == 2

    def interrupt(batch, logs):
        raise KeyboardInterrupt

    validation = iter(parts(x, y) * 3)
    linear().fit(Parts(parts(x, y)), epochs=5, callbacks=[Stop()], verbose=0,
                 validation_data=validation, validation_steps=1)  # fmt: skip
    assert not threads()
    for source in (Parts(parts(x, y)), iter(parts(x, y) * 9)):
        with pytest.raises(KeyboardInterrupt):
            linear().fit(source, callbacks=[LambdaCallback(on_train_batch_end=interrupt)],
                         verbose=0)  # fmt: skip
        assert not threads()


def test_a_generator_works_while_steps_run(numbers):
    """What is done with the first batch waits for the third to be made."""
    x, y = numbers
    third, waited = threading.Event(), []

    def source():
        for number, part in enumerate(parts(x, y)):
            if number == 2:
                third.set()
            yield part

    def wait(batch, logs):
        waited.append(third.wait(10))

    linear().fit(source(), callbacks=[LambdaCallback(on_train_batch_end=wait)], verbose=0)
    assert waited == [True] * 5


@pytest.mark.skipif("os.name == 'nt'", reason="needs POSIX signals")
def test_control_c_while_a_generator_works(tmp_path):
    out = run(
        """
        def slow():
            while True:
                time.sleep(0.02)
                yield X[:32], Y[:32]

        model = net(10)
        model.fit(X[:32], Y[:32], verbose=0)
        threading.Timer(0.3, os.kill, (os.getpid(), signal.SIGINT)).start()
        try:
            model.fit(slow(), steps_per_epoch=10**6, verbose=0)
        except KeyboardInterrupt:
            print(sum(t.name == "ranvier-prefetch" for t in threading.enumerate()))
        """,
        tmp_path,
    )
    assert out == "0\n"


def bucketed():
    numbers = np.random.default_rng(5)
    return [
        (numbers.normal(size=(rows, steps, 3)).astype("float32"), numbers.normal(size=(rows, 1)))
        for rows, steps in ((4, 5), (4, 7), (2, 5), (4, 3))
    ]


def counting():
    model = Sequential([
        Input((None, 3)), LSTM(4, kernel_initializer="ones", recurrent_initializer="ones"),
        Dense(1, kernel_initializer="ones"),
    ])  # fmt: skip
    model.compile(SGD(0.1, momentum=0.5), "mse")
    return model


@pytest.mark.parametrize("source", [iter, Parts], ids=["generator", "PyDataset"])
def test_batches_of_different_lengths_where_the_axis_is_open(source):
    batches, streamed, stepped = bucketed(), counting(), counting()
    streamed.fit(source(batches), shuffle=False, verbose=0)
    for x, y in batches:
        stepped.train_on_batch(x, y)
    for a, b in zip(streamed.get_weights(), stepped.get_weights(), strict=True):
        np.testing.assert_array_equal(a, b)
    each = [streamed.predict_on_batch(x) for x, _ in batches]
    np.testing.assert_allclose(
        streamed.predict(source(batches), verbose=0), np.concatenate(each), rtol=1e-6
    )
    squares = np.concatenate([(p - y) ** 2 for p, (_, y) in zip(each, batches, strict=True)])
    loss = streamed.evaluate(source(batches), verbose=0)
    np.testing.assert_allclose(loss, squares.mean(), rtol=1e-5)


def test_of_programs_for_many_lengths_the_last_are_kept(monkeypatch):
    batches, model, other = bucketed(), counting(), counting()
    model.fit(iter(batches), shuffle=False, verbose=0)
    monkeypatch.setattr(program, "_PROGRAMS_KEPT", 2)
    made = []

    def graph(*given, **more):
        made.append(given)
        return StepProgram(*given, **more)

    monkeypatch.setattr(model_file, "StepProgram", graph)
    other.fit(iter(batches), shuffle=False, verbose=0)
    for a, b in zip(model.get_weights(), other.get_weights(), strict=True):
        np.testing.assert_array_equal(a, b)
    counts = [len(made)]
    for x, y in (batches[3], batches[2], batches[3], batches[0], batches[3], batches[2]):
        other.train_on_batch(x, y)
        counts.append(len(made))
    assert counts == [4, 4, 4, 4, 5, 5, 6]  # the one used least recently had to go


def test_targets_and_weights_of_different_lengths():
    model = Sequential([Input((None, 3)), Dense(2, kernel_initializer="ones")])
    model.compile(SGD(0.0), "mse")
    batches = [
        (np.ones((2, n, 3)), np.ones((2, n, 2)), np.full((2, n), weight))
        for n, weight in ((3, 1.0), (5, 2.0))
    ]
    loss = model.fit(iter(batches), verbose=0).history["loss"][0]
    # (3 - 1)^2 for 6 places of weight 1, then for 10 of weight 2; batches count by their rows.
    np.testing.assert_allclose(loss, (4.0 + 8.0) / 2, rtol=1e-6)
    with pytest.raises(DataError, match=r"outputs of shapes \(None, 3, 2\), \(None, 5, 2\).*Pad"):
        model.predict(((x,) for x, _, _ in batches), verbose=0)


def test_axes_that_are_not_open_stay_as_they_are():
    model = Sequential([Input((None, 3)), GlobalAveragePooling1D(), Dense(1)])
    model.compile("sgd", "mse")
    odd = [(np.ones((2, 4, 3)), np.ones(2)), (np.ones((2, 5, 4)), np.ones(2))]
    with pytest.raises(DataError, match=r"batch 2: x has shape \(2, 5, 4\).*open in the model"):
        model.fit(iter(odd), verbose=0)


def test_batches_without_targets_say_how_to_give_them():
    x = np.zeros((8, 4))
    with pytest.raises(DataError, match=r"batch 1: y: got None.* each batch be a pair, \(x, y\)"):
        linear().fit((x[i : i + 4] for i in (0, 4)), verbose=0)
    with pytest.raises(DataError, match=r"y: got None.* Write validation_data=\(x, y\)"):
        linear().fit(x, np.zeros(8), validation_data=(x,), verbose=0)
