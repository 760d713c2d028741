"""Functions compiled by hand: loops of the user's own give the numbers of `fit`."""

from __future__ import annotations

import numpy as np
import pytest

from ranvier import GradientTape, Variable, function, losses, metrics, ops, optimizers
from ranvier.errors import TraceError
from ranvier.layers import Dense, Dropout, Input
from ranvier.model import Sequential


def net():
    model = Sequential([Input((4,)), Dense(5, "tanh", kernel_regularizer="l2"), Dense(1)])
    model.set_weights([np.full(v.shape, 0.1) * np.arange(v.shape[-1]) for v in model.weights])
    return model


def test_a_loop_of_the_users_own_is_fit(numbers):
    x, y = numbers[0], numbers[1][:, None]
    fitted, mine, traces = net(), net(), []
    fitted.compile("adam", "mse")
    kept = fitted.fit(x, y, batch_size=32, epochs=3, shuffle=False, verbose=0).history["loss"]
    optimizer, loss_of, mean = optimizers.Adam(), losses.MeanSquaredError(), metrics.Mean()

    @function
    def step(x, y):
        """One step."""
        traces.append(x.shape)
        with GradientTape() as tape:
            loss = loss_of(y, mine(x, training=True)) + sum(mine.losses)
        weights = mine.trainable_variables
        optimizer.apply_gradients(zip(tape.gradient(loss, weights), weights, strict=True))
        mean.update_state(loss, sample_weight=ops.shape(x)[0])
        return loss

    assert step.__name__ == "step" and step.__doc__ == "One step."
    for epoch in range(3):
        mean.reset_state()
        for start in range(0, 70, 32):
            loss = step(x[start : start + 32], y[start : start + 32])
        assert float(mean.result()) == pytest.approx(kept[epoch], rel=1e-5)
    assert loss.shape == () and len(traces) <= 2
    for a, b in zip(fitted.get_weights(), mine.get_weights(), strict=True):
        assert np.allclose(a, b, atol=1e-6)


def test_structures_and_plain_arguments():
    @function
    def f(pair, power=2, **more):
        a, b = pair
        return {"sum": a + b, "power": [a**power, "text", None], "const": np.float32([7])}

    a, b = np.arange(6.0).reshape(3, 2), np.ones(2)
    for power in (2, 3, 2):
        found = f((a, b), power=power)
        assert np.allclose(found["sum"], a + b) and found["power"][1:] == ["text", None]
        assert np.allclose(found["power"][0], a**power) and found["const"] == 7
        assert found["sum"].numpy().dtype == "float32"
    assert f((a[:2], b))["sum"].shape == (2, 2)
    assert f((np.float32(2), np.int32(3)))["sum"] == 5


def test_sizes_that_the_code_asks_for():
    @function
    def mean(x):
        return ops.matmul(ops.transpose(x), x) / x.shape[0]

    for rows in (5, 3, 5):
        x = np.random.default_rng(rows).normal(size=(rows, 2))
        assert np.allclose(mean(x), x.T @ x / rows, atol=1e-5)


def test_inside_a_trace_it_is_a_part_of_it(numbers):
    count = Variable(0.0)

    @function
    def inner(x):
        count.assign_add(1.0)
        return x * 2

    @function
    def outer(x):
        return inner(x) + 1

    with GradientTape() as tape:
        x = ops.convert_to_tensor(3.0)
        tape.watch(x)
        y = outer(x)
    assert y == 7 and tape.gradient(y, x) == 2 and float(count) == 1
    assert np.allclose(outer(np.float32([1, 2])), [3, 5]) and float(count) == 2


def test_random_state_goes_on_and_mistakes_name_the_line():
    layer = Dropout(0.5, seed=1)

    @function
    def drop(x):
        return layer(x, training=True)

    x = np.ones((4, 50), np.float32)
    assert not np.array_equal(drop(x), drop(x))

    @function
    def wrong(x):
        return x if x[0, 0] > 0 else -x

    with pytest.raises(TraceError, match=r"(.|\n)*In wrong, .*return x if"):
        wrong(x)
