"""Steps that run one by one, with values at hand."""

from __future__ import annotations

import numpy as np
import pytest

from ranvier import ops
from ranvier.graph.errors import TraceError
from ranvier.layers import GRU, Dense, Dropout, Flatten, Input, Layer, TimeDistributed
from ranvier.model import Sequential


def test_the_same_numbers_as_compiled(digits):
    def run(eagerly):
        model = Sequential([
            Input((12,)), Dense(6, activation="relu", kernel_regularizer="l2"),
            Dropout(0.3, seed=1),
            Dense(3, activation="softmax"),
        ])  # fmt: skip
        model.set_weights([np.full(v.shape, 0.1) * np.arange(v.shape[-1]) for v in model.weights])
        model.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"],
                      run_eagerly=eagerly)  # fmt: skip
        history = model.fit(*digits, epochs=3, shuffle=False, verbose=0).history
        return history, model.get_weights(), model.predict(digits[0], verbose=0)

    (a, weights, p), (b, others, q) = run(True), run(False)
    for key in b:
        assert a[key] == pytest.approx(b[key], rel=1e-5)
    for one, other in zip([*weights, p], [*others, q], strict=True):
        assert np.allclose(one, other, atol=1e-6)


def test_sequences_are_stepped_through():
    def run(eagerly):
        class Shown(Dense):
            def call(self, inputs):
                if looking:
                    seen.append(np.asarray(inputs).shape)
                return super().call(inputs)

        looking = []
        net = [Input((4, 3)), GRU(3, return_sequences=True), TimeDistributed(Shown(2)), Flatten()]
        model = Sequential([*net, Dense(1)])
        model.set_weights([np.full(v.shape, 0.1) * np.arange(v.shape[-1]) for v in model.weights])
        model.compile("sgd", "mse", run_eagerly=eagerly)
        x = np.linspace(-1.0, 1.0, 60, dtype="float32").reshape(5, 4, 3)
        looking.extend([True] * eagerly)
        return model.fit(x, x[:, 0, :1], epochs=2, verbose=0).history["loss"], model.get_weights()

    seen = []
    (a, weights), (b, others) = run(True), run(False)
    assert (5, 3) in seen  # one step of all rows, its numbers at hand
    assert a == pytest.approx(b, rel=1e-5)
    for one, other in zip(weights, others, strict=True):
        assert np.allclose(one, other, atol=1e-6)


def test_values_can_be_looked_at(numbers):
    seen = []

    def loss(y_true, y_pred):
        seen.append((y_pred.numpy(), float(ops.mean(y_true)), f"{ops.max(y_pred):.2f}"))
        if ops.mean(y_pred) > 1e9:
            raise AssertionError
        return ops.mean(ops.square(y_true - y_pred[:, 0]), axis=-1)

    x, y = numbers
    model = Sequential([Input((4,)), Dense(1)])
    model.compile("sgd", loss, run_eagerly=True)
    model.fit(x, y, batch_size=32, shuffle=False, verbose=0)
    assert [values.shape for values, _, _ in seen] == [(32, 1), (32, 1), (6, 1)]
    assert seen[0][1] == pytest.approx(y[:32].mean(), rel=1e-5)
    model.compile("sgd", loss)
    with pytest.raises(TraceError, match="run_eagerly=True"):
        model.fit(x, y, verbose=0)


def test_layers_with_state(numbers):
    class Counting(Layer):
        def build(self, input_shape):
            self.seen = self.add_weight((), "zeros", trainable=False, name="seen")

        def call(self, inputs):
            self.seen.assign_add(1.0)
            return inputs

    x, y = numbers
    model = Sequential([Input((4,)), Dense(1), Counting()])
    model.layers[1].seen.assign(0.0)
    model.compile("sgd", "mse", run_eagerly=True)
    model.fit(x, y, verbose=0)
    assert float(model.layers[1].seen) == 3
