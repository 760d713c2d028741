"""BatchNormalization in training: statistics, averages, masks, freezing, renormalization."""

import os
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from ranvier import ops
from ranvier.engines.reference import evaluate
from ranvier.graph import Graph, Trace, input_node
from ranvier.graph.errors import ShapeError
from ranvier.layers import BatchNormalization, GroupNormalization, Input, LayerNormalization
from ranvier.plan.build import build
from ranvier.plan.show import show
from ranvier.transform.dedupe import dedupe
from ranvier.transform.fold import fold
from ranvier.transform.grad import gradients

RNG = np.random.default_rng(0)
X = RNG.normal(3.0, 2.0, size=(37, 5)).astype("float32")


def test_a_batch_is_normalized_and_the_averages_move(traced: Callable[..., Any]) -> None:
    layer = BatchNormalization(momentum=0.9)
    y = np.asarray(layer(X, training=True))
    np.testing.assert_allclose(y.mean(0), 0, atol=1e-6)
    np.testing.assert_allclose(y.var(0), X.var(0) / (X.var(0) + 1e-3), rtol=1e-5)
    np.testing.assert_allclose(layer.moving_mean.numpy(), 0.1 * X.mean(0), rtol=1e-5)
    np.testing.assert_allclose(layer.moving_variance.numpy(), 0.9 + 0.1 * X.var(0), rtol=1e-5)
    step = BatchNormalization(momentum=0.9)
    np.testing.assert_allclose(traced(step, X, training=True), y, rtol=1e-6, atol=1e-6)
    for a, b in zip(layer.get_weights(), step.get_weights(), strict=True):
        np.testing.assert_allclose(a, b, rtol=1e-6)


def test_outside_of_training_the_averages_count_and_stay() -> None:
    layer = BatchNormalization()
    layer.build((None, 5))
    layer.set_weights([np.full(5, 2.0), np.full(5, 1.0), np.full(5, 3.0), np.full(5, 4.0)])
    expected = (X - 3) / np.sqrt(4.001) * 2 + 1
    for training in (None, False):
        np.testing.assert_allclose(layer(X, training=training), expected, rtol=1e-5, atol=1e-6)
    layer.trainable = False  # frozen: inference mode, whatever the call says
    np.testing.assert_allclose(layer(X, training=True), expected, rtol=1e-5, atol=1e-6)
    assert layer.moving_mean.numpy().tolist() == [3.0] * 5


def test_weights_and_how_they_train() -> None:
    layer = BatchNormalization()
    layer.build((None, 5))
    names = ["gamma", "beta", "moving_mean", "moving_variance"]
    assert [w.name for w in layer.weights] == names
    assert [w.name for w in layer.trainable_weights] == names[:2]
    layer.trainable = False
    assert layer.trainable_weights == [] and len(layer.non_trainable_weights) == 4
    layer.trainable = True
    assert [w.name for w in layer.trainable_weights] == names[:2]
    bare = BatchNormalization(center=False, scale=False)
    bare.build((None, 5))
    assert [w.name for w in bare.weights] == names[2:] and bare.gamma is bare.beta is None


def test_statistics_are_those_of_what_the_mask_leaves() -> None:
    x = RNG.normal(size=(6, 4, 3)).astype("float32")
    mask = RNG.random((6, 4)) < 0.6
    layer = BatchNormalization(momentum=0.0)
    y = np.asarray(layer(x, training=True, mask=mask))
    heard = x[mask]
    np.testing.assert_allclose(layer.moving_mean.numpy(), heard.mean(0), rtol=1e-5, atol=1e-6)
    np.testing.assert_allclose(layer.moving_variance.numpy(), heard.var(0), rtol=1e-5)
    expected = (x - heard.mean(0)) / np.sqrt(heard.var(0) + 1e-3)
    np.testing.assert_allclose(y, expected, rtol=1e-5, atol=1e-5)
    with pytest.raises(ShapeError, match=r"`mask`: got shape \(6,\) .* one axis less"):
        layer(x, training=True, mask=mask[:, 0])


def test_far_from_zero_the_variance_keeps_its_digits() -> None:
    x = (RNG.normal(size=(50, 3)) + 1e4).astype("float32")
    layer = BatchNormalization(momentum=0.0)
    layer(x, training=True)
    np.testing.assert_allclose(layer.moving_variance.numpy(), x.astype("float64").var(0), rtol=1e-4)


def test_whole_numbers_are_read_as_floats() -> None:
    x = RNG.integers(0, 255, size=(20, 4), dtype=np.uint8)
    y = np.asarray(BatchNormalization()(x, training=True))
    assert y.dtype == np.float32 and abs(y.mean()) < 1e-5


def test_inputs_that_do_not_fit() -> None:
    with pytest.raises(ShapeError, match=r"'it', `axis`: got 2 for an input of shape \(None, 3\)"):
        BatchNormalization(axis=2, name="it")(Input((3,)))
    with pytest.raises(ShapeError, match=r"axis 1 of the input of shape .* is open"):
        LayerNormalization(axis=1)(Input((None, 3)))
    with pytest.raises(ShapeError, match=r"got 4 for 6 channels .* instance groups=3"):
        GroupNormalization(groups=4)(Input((6,)))
    layer = BatchNormalization()
    layer(X)
    with pytest.raises(ShapeError, match="5"):
        layer(X[:, :4])


@pytest.mark.oracle
@pytest.mark.parametrize(
    ("arguments", "shape"),
    [
        ({"momentum": 0.6}, (5,)),
        ({"axis": 1, "momentum": 0.9, "epsilon": 0.1, "center": False}, (3, 2, 4)),
        ({"scale": False, "momentum": 0.9}, (4, 3)),
        ({"renorm": True, "renorm_momentum": 0.7, "momentum": 0.8,
          "renorm_clipping": {"rmin": 0.5, "rmax": 1.5, "dmax": 0.3}}, (5,)),
        ({"renorm": True, "scale": False, "center": False}, (2, 3)),
    ],
)  # fmt: skip
def test_training_is_that_of_keras(
    traced: Callable[..., Any], slopes: Callable[..., Any], arguments: dict[str, Any],
    shape: tuple[int, ...],
) -> None:  # fmt: skip
    os.environ.setdefault("KERAS_BACKEND", "jax")
    keras = pytest.importorskip("keras")
    import jax

    mine, theirs = BatchNormalization(**arguments), keras.layers.BatchNormalization(**arguments)
    x = RNG.normal(1.0, 2.0, size=(7, *shape)).astype("float32")
    mine.build((None, *shape))
    theirs.build((None, *shape))
    given = [RNG.uniform(0.5, 2.0, w.shape).astype("float32") for w in mine.weights]
    factor = RNG.normal(size=x.shape).astype("float32")
    mine.set_weights(given)
    theirs.set_weights(given)
    trained = [v.value for v in theirs.trainable_variables]
    fixed = [v.value for v in theirs.non_trainable_variables]

    def loss(x: Any, weights: Any) -> Any:
        y, state = theirs.stateless_call(weights, fixed, x, training=True)
        return (y * factor).sum(), (y, state)

    found = jax.jit(jax.grad(loss, argnums=(0, 1), has_aux=True))(x, trained)
    (gx, gw), (y, state) = found
    for a, b in zip(slopes(mine, x, factor, training=True), [gx, *gw], strict=True):
        np.testing.assert_allclose(a, b, rtol=2e-5, atol=2e-5)
    np.testing.assert_allclose(traced(mine, x, training=True), y, rtol=1e-5, atol=1e-5)
    for variable, value in zip(mine.non_trainable_variables, state, strict=True):
        np.testing.assert_allclose(variable.numpy(), value, rtol=1e-5, atol=1e-6)
    theirs.set_weights([v.numpy() for v in mine.weights])
    np.testing.assert_allclose(mine(x), theirs(x), rtol=1e-5, atol=1e-5)


def test_forward_and_backward_together_pass_over_the_data_four_times() -> None:
    x = input_node("x", (None, 50), "float32")
    factor = input_node("factor", (None, 50), "float32")
    layer = BatchNormalization()
    layer.build((None, 50))
    with Trace() as trace:
        y = layer(x, training=True)
        wrt = [x, *(trace.leaf(v) for v in layer.trainable_weights)]
        slopes = gradients(ops.sum(ops.multiply(y, factor)), wrt)
    graph = dedupe(fold(Graph((x, factor), (y, *slopes), tuple(trace.updates.items()))))
    lines = show(build(graph, 32, 16)).splitlines()
    assert sum(line.startswith("loop [rows,50]") for line in lines) == 4


def test_second_derivatives_know_that_the_mean_moves() -> None:
    x = input_node("x", (5,), "float64")
    with Trace():
        (slope,) = gradients(ops.moments(x, 0)[1], [x])
        rows = [gradients(slope[i], [x])[0] for i in range(5)]
    graph = Graph((x,), tuple(rows))
    values = evaluate(graph, {x: RNG.normal(size=5)}, 5)
    found = np.stack([np.broadcast_to(values[row], 5) for row in rows])
    np.testing.assert_allclose(found, 2 / 5 * (np.eye(5) - 1 / 5), atol=1e-12)
