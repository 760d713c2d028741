"""Tapes: gradients of what a `with` block computed, of higher order, and inside traces."""

from __future__ import annotations

import numpy as np
import pytest

from ranvier import GradientTape, Variable, grad, layers, losses, metrics, ops, optimizers
from ranvier.errors import ArgumentError, GradientError, TraceError
from ranvier.graph import Graph, Trace
from ranvier.graph.live import Watched
from ranvier.model import Sequential
from ranvier.transform import value_and_grad


def f(a, b):
    return 3 * a**2 + 2 * a * b


@pytest.fixture
def pair():
    return Variable(5.0), Variable(3.0)


def test_gradient_of_variables(pair):
    with GradientTape() as tape:
        z = f(*pair)
    assert float(z) == z.numpy() == 105 and f"{z:.1f}" == "105.0" and repr(z).startswith("array")
    a, b = tape.gradient(z, pair)
    assert (a, b) == (36, 10) and isinstance(a, np.ndarray)
    with pytest.raises(RuntimeError, match="persistent=True"):
        tape.gradient(z, pair)


def test_a_persistent_tape_is_asked_again(pair):
    with GradientTape(persistent=True) as tape:
        z = f(*pair)
    assert tape.gradient(z, pair[0]) == 36
    assert tape.gradient(z, {"b": pair[1]}) == {"b": 10}


def test_arrays_are_watched_on_request():
    a, b = ops.convert_to_tensor(5.0), ops.convert_to_tensor(3.0)
    with GradientTape() as tape:
        z = f(a, b)
    assert tape.gradient(z, [a, b]) == [None, None]
    with GradientTape() as tape:
        tape.watch([a, b])
        z = f(a, b)
    assert tape.gradient(z, (a, b)) == (36, 10)
    assert isinstance(a, Watched) and a + 1 == 6 and np.exp(a) > 1 and np.modf(a)[1] == 5
    with GradientTape() as tape:  # another tape does not watch them
        z = f(a, b)
    assert tape.gradient(z, a) is None


def test_numpy_functions_on_a_watched_array():
    x = ops.convert_to_tensor(np.float32([1, 2, 3]))
    with GradientTape() as tape:
        tape.watch(x)
        y = np.exp(x)[1:] * np.float32([1, 10]) + sum(x)
    assert np.allclose(tape.gradient(y, x), [2, 2 + np.exp(2), 2 + 10 * np.exp(3)])


def test_a_plain_array_cannot_be_watched():
    with GradientTape() as tape, pytest.raises(TraceError, match="convert_to_tensor"):
        tape.watch(np.ones(3))


def test_only_trainable_or_watched_variables_have_gradients(pair):
    a, b = pair
    b.trainable = False
    with GradientTape() as tape:
        z = f(a, b)
    assert tape.watched_variables() == (a,)
    assert tape.gradient(z, [a, b], unconnected_gradients="zero") == [36, 0]
    with GradientTape(watch_accessed_variables=False) as tape:
        tape.watch(b)
        z = f(a, b)
    assert tape.gradient(z, pair) == (None, 10)


def test_several_targets_are_summed_and_weighed(pair):
    a, b = pair
    with GradientTape(persistent=True) as tape:
        targets = [f(a, b + 2.0), f(a, b + 5.0), f(a, b + 7.0)]
        both = ops.stack([a, a * b])
    assert tape.gradient(targets, pair) == (136, 30)
    assert tape.gradient(both, b, output_gradients=[1.0, 2.0]) == 10
    with pytest.raises(ArgumentError, match="2 for 3 targets"):
        tape.gradient(targets, a, output_gradients=[1.0, 2.0])
    with pytest.raises(ArgumentError, match="'none' or 'zero'"):
        tape.gradient(targets, a, unconnected_gradients="no")
    with pytest.raises(ArgumentError, match="`target`: got None"):
        tape.gradient(None, a)


def test_nested_tapes_give_the_hessian(pair):
    with GradientTape(persistent=True) as outer:
        with GradientTape() as inner:
            z = f(*pair)
        slopes = inner.gradient(z, pair)
    assert [outer.gradient(s, list(pair)) for s in slopes] == [[6, 2], [2, None]]


def test_stopped_gradients(pair):
    with GradientTape() as tape:
        z = 3 * pair[0] ** 2 + ops.stop_gradient(2 * pair[0] * pair[1])
    assert tape.gradient(z, pair) == (30, None)
    with GradientTape() as tape:
        z = f(*pair)
        with tape.stop_recording():
            unseen = f(*pair)
    assert isinstance(unseen, np.ndarray) and tape.gradient(z, pair[0]) == 36


def test_what_is_assigned_inside_is_read_after(pair):
    a, b = pair
    with GradientTape() as tape:
        z = a * b
        a.assign_add(1.0)
        z = z + a * a
    assert float(a) == 6 and float(z) == 15 + 36
    assert tape.gradient(z, [a, b]) == [3 + 12, 5]


def test_values_leave_the_tape_as_numbers(pair):
    with GradientTape() as tape:
        z = f(*pair)
    assert isinstance(z + 1, np.ndarray) and not hasattr(z + 1, "op")
    mean = metrics.Mean()
    mean.update_state(z)
    assert float(mean.result()) == 105
    pair[0].assign(z)
    assert float(pair[0]) == 105
    assert tape.gradient(z, pair[1]) == 10


def test_misuse_says_what_to_write(pair):
    with pytest.raises(RuntimeError, match="with GradientTape"):
        GradientTape().gradient(1.0, pair)
    with GradientTape() as tape:
        count = ops.cast(pair[0], "int32")
    with pytest.raises(GradientError, match="int32"):
        tape.gradient(count, pair[0])
    tape = GradientTape()
    with tape, pytest.raises(RuntimeError, match="recording already"):
        tape.__enter__()


def test_a_tape_inside_a_trace_builds_the_gradient(pair):
    with Trace() as trace, GradientTape() as tape:
        z = f(*pair)
    with trace:
        a, b = tape.gradient(z, pair)
        pair[0].assign(pair[0] - 0.1 * a)
        with GradientTape() as again:  # reads what was assigned before
            z = pair[0] * pair[0] * b
        pair[1].assign(again.gradient(z, pair[0]))
    from ranvier import engines

    graph = Graph((), (), tuple(trace.updates.items()))
    engines.current().compile(graph, 1).run((), np.zeros(1, np.int64), 1)
    assert float(pair[0]) == pytest.approx(1.4)
    assert float(pair[1]) == pytest.approx(2 * 1.4 * 10)


def test_grad_of_functions():
    assert grad(lambda x: x**3)(2.0) == 12
    assert grad(grad(grad(lambda x: x**3)))(2.0) == 6
    value, (a, b) = value_and_grad(f, argnums=(0, 1))(5.0, 3.0)
    assert (value, a, b) == (105, 36, 10)
    found, more = grad(lambda x: (x * x, {"twice": x + x}), has_aux=True)(3.0)
    assert found == 6 and more == {"twice": 6} and isinstance(more["twice"], np.ndarray)
    tree = grad(lambda p: p["w"] * p["b"][0])({"w": 2.0, "b": [5.0]})
    assert tree == {"w": 5, "b": [2]}
    with pytest.raises(ArgumentError, match="`argnums`: got 1"):
        grad(f, argnums=1)(1.0, b=2.0)


def test_gradients_of_a_layers_input_and_its_penalties():
    layer = layers.Dense(2, activity_regularizer="l2", kernel_initializer="ones")
    x = ops.convert_to_tensor(np.float64([[1, 2, 3]]))
    with GradientTape() as tape:
        tape.watch(x)
        y = layer(x)
    assert len(layer.losses) == 1 and float(layer.losses[0]) == pytest.approx(0.72)
    assert np.array_equal(tape.gradient(y, x), [[2, 2, 2]])


def test_a_loop_of_the_users_own_learns():
    """The same weights as `fit`, batch for batch."""
    rng = np.random.default_rng(0)
    x = rng.normal(size=(20, 4)).astype("float32")
    y = x @ np.float32([[1], [2], [0], [-1]])

    def net():
        model = Sequential([
            layers.Input((4,)), layers.Dense(5, "tanh", kernel_regularizer="l2"), layers.Dense(1)
        ])  # fmt: skip
        model.set_weights([np.full(v.shape, 0.1) * np.arange(v.shape[-1]) for v in model.weights])
        return model

    fitted, mine = net(), net()
    fitted.compile("adam", "mse")
    history = fitted.fit(x, y, batch_size=5, epochs=3, shuffle=False, verbose=0).history["loss"]
    optimizer, loss_fn, mean = optimizers.Adam(), losses.MeanSquaredError(), metrics.Mean()
    for epoch in range(3):
        mean.reset_state()
        for start in range(0, 20, 5):
            batch = slice(start, start + 5)
            with GradientTape() as tape:
                loss = loss_fn(y[batch], mine(x[batch], training=True)) + sum(mine.losses)
            slopes = tape.gradient(loss, mine.trainable_variables)
            optimizer.apply_gradients(zip(slopes, mine.trainable_variables, strict=True))
            mean(loss)
        assert float(mean.result()) == pytest.approx(history[epoch], rel=1e-5)
    for a, b in zip(fitted.get_weights(), mine.get_weights(), strict=True):
        assert np.allclose(a, b, atol=1e-6)
