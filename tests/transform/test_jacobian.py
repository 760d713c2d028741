"""Jacobians of tapes: values, structures, second order, inside steps, and their errors."""

from __future__ import annotations

import numpy as np
import pytest

from ranvier import GradientTape, Variable, layers, ops
from ranvier.errors import ArgumentError, OpenBatchError, ShapeError, TapeError
from ranvier.graph import Trace, input_node
from ranvier.model import Model, Sequential

W = np.arange(6, dtype="float32").reshape(2, 3)
X = np.float32([[1, 2, 3], [4, 5, 6]])


def test_a_product_has_its_matrix_as_jacobian():
    x, other = Variable(X[0]), Variable(2.0)
    with GradientTape() as tape:
        y = ops.matmul(W, x)
    of = tape.jacobian(y, {"x": x, "rest": [other]})
    assert np.array_equal(of["x"], W) and isinstance(of["x"], np.ndarray)
    assert of["rest"] == [None]
    with pytest.raises(TapeError, match=r"GradientTape.jacobian: .*persistent=True"):
        tape.jacobian(y, x)


def test_sizes_are_those_of_target_and_source():
    x, other = Variable(X), Variable([1.0, 1.0])
    with GradientTape(persistent=True) as tape:
        y = ops.tanh(ops.matmul(x, W.T))
        number = ops.sum(y)
    j = tape.jacobian(y, x)
    assert j.shape == (2, 2, 2, 3)
    assert np.allclose(j.sum((0, 1)), tape.gradient(y, x), atol=1e-6)
    assert np.allclose(tape.jacobian(number, x), tape.gradient(number, x), atol=1e-6)
    assert np.array_equal(tape.jacobian(y, other, "zero"), np.zeros((2, 2, 2)))
    with pytest.raises(ArgumentError, match="jacobian, `unconnected_gradients`: got 'no'"):
        tape.jacobian(y, x, unconnected_gradients="no")


def test_the_jacobian_of_a_gradient_is_the_hessian():
    x = Variable([1.0, 2.0])
    with GradientTape() as outer:
        with GradientTape() as inner:
            y = x[0] ** 3 * x[1]
        slope = inner.gradient(y, x)
    assert np.allclose(outer.jacobian(slope, x), [[12, 3], [3, 0]])


def test_a_jacobian_can_be_derived():
    x = Variable([1.0, 2.0])
    with GradientTape() as outer:
        with GradientTape() as inner:
            y = x**3
        total = ops.sum(inner.jacobian(y, x))
    assert np.allclose(outer.gradient(total, x), [6, 12])


def test_rows_of_a_batch_have_jacobians_of_their_own():
    dense = layers.Dense(2, activation="tanh")
    x = ops.convert_to_tensor(X)
    with GradientTape(persistent=True) as tape:
        tape.watch(x)
        y = dense(x)
    rows = tape.batch_jacobian(y, x)
    whole = tape.jacobian(y, x)
    assert rows.shape == (2, 2, 3)
    assert np.allclose(rows, [whole[i, :, i] for i in range(2)])
    assert np.array_equal(tape.batch_jacobian(ops.ones((2, 4)), x), np.zeros((2, 4, 3)))
    with pytest.raises(ShapeError, match=r"target of shape \(2, 2\) and a source of shape \(1,\)"):
        tape.batch_jacobian(y, dense.bias[:1])


class Flat(Model):
    """Learns to change little with its input: the penalty is of its Jacobian."""

    kind = "batch_jacobian"

    def __init__(self):
        super().__init__()
        self.net = Sequential([layers.Input((3,)), layers.Dense(4, "tanh"), layers.Dense(2)])

    def call(self, x):
        return self.net(x)

    def train_step(self, data):
        x, y = data
        with GradientTape() as outer:
            with GradientTape() as inner:
                inner.watch(x)
                found = self(x, training=True)
            slope = getattr(inner, self.kind)(found, x)
            loss = ops.mean((y - found) ** 2) + 0.1 * ops.mean(slope**2)
        slopes = outer.gradient(loss, self.trainable_variables)
        self.optimizer.apply_gradients(zip(slopes, self.trainable_variables, strict=True))
        return {"loss": loss}


@pytest.mark.parametrize("kind", ["batch_jacobian", "jacobian"])
def test_a_compiled_step_takes_jacobians(kind):
    """The step with whole Jacobians is compiled for the number of rows that a batch has."""
    rng = np.random.default_rng(0)
    x, y = rng.normal(size=(8, 3)).astype("float32"), rng.normal(size=(8, 2)).astype("float32")
    models = Flat(), Flat()
    models[1].build((None, 3))
    models[0].build((None, 3))
    models[1].set_weights(models[0].get_weights())
    for model, eagerly in zip(models, (False, True), strict=True):
        model.kind = kind
        model.compile("sgd", run_eagerly=eagerly)
        model.fit(x, y, batch_size=4, epochs=2, shuffle=False, verbose=0)
    for a, b in zip(models[0].get_weights(), models[1].get_weights(), strict=True):
        assert np.allclose(a, b, atol=1e-6)


def test_an_open_batch_has_no_whole_jacobian():
    with Trace(), GradientTape() as tape:
        x = input_node("x", (None, 2), "float32")
        y = x**2
        with pytest.raises(OpenBatchError, match="use `batch_jacobian`"):
            tape.jacobian(y, x)
    with Trace(), GradientTape() as tape:
        x = input_node("x", (None, 2), "float32")
        assert tape.batch_jacobian(x**2, x).shape == (None, 2, 2)
