"""Layers of attention against Keras on JAX: values, masks, gradients by training, configs."""

import os
import re
import warnings
from typing import Any

import numpy as np
import pytest

import ranvier
from ranvier.graph.mask import mask_of

os.environ.setdefault("KERAS_BACKEND", "jax")
pytestmark = [pytest.mark.oracle, pytest.mark.filterwarnings("ignore::DeprecationWarning")]
RNG = np.random.default_rng(0)
Q = RNG.normal(size=(5, 4, 3)).astype("float32")
V = RNG.normal(size=(5, 6, 3)).astype("float32")
K = RNG.normal(size=(5, 6, 3)).astype("float32")
QM, VM = RNG.random((5, 4)) < 0.7, RNG.random((5, 6)) < 0.7
VM[:, 0] = True
AM = RNG.random((5, 4, 6)) < 0.7
BOTH = {"return_attention_scores": True}
CAUSAL = {"use_causal_mask": True}
PLACES = RNG.normal(size=(5, 2, 3, 4)).astype("float32")
HEADED = ("GroupQueryAttention", "MultiHeadAttention")
CLOSE = {"rtol": 1e-4, "atol": 2e-6}


def _same(mine: Any, theirs: Any) -> None:
    mine, theirs = (list(y) if isinstance(y, (list, tuple)) else [y] for y in (mine, theirs))
    for a, b in zip(mine, theirs, strict=True):
        np.testing.assert_allclose(np.asarray(a), np.asarray(b), **CLOSE)


def _weighted(name: str, arguments: dict[str, Any], *inputs: Any, **more: Any) -> tuple[Any, Any]:
    """Return the layer of either side, with the same random weights."""
    keras = pytest.importorskip("keras")
    theirs, mine = (getattr(k.layers, name)(**arguments) for k in (keras, ranvier))
    for layer in (theirs, mine):
        layer(*inputs, **more)
    weights = [RNG.normal(size=w.shape).astype("float32") for w in theirs.weights]
    theirs.set_weights(weights)
    mine.set_weights(weights)
    paths = [[re.sub(r"_\d+/", "/", w.path) for w in one.weights] for one in (mine, theirs)]
    assert paths[0] == paths[1]
    return mine, theirs


SCORES = [{}, {"use_scale": True}, {"score_mode": "concat", "use_scale": True}, None]


@pytest.mark.parametrize("arguments", SCORES)
def test_attention_is_keras(arguments: Any) -> None:
    name = "AdditiveAttention" if arguments is None else "Attention"
    mine, theirs = _weighted(name, arguments or {}, [Q, V])
    for mask in (None, [QM, VM], [QM, None], [None, np.zeros_like(VM)]):
        more = {} if mask is None else {"mask": mask}
        _same(mine([Q, V], **more), theirs([Q, V], **more))
        more |= {**BOTH, **CAUSAL}
        _same(mine([Q, V, K], **more), theirs([Q, V, K], **more))
    for again in (mine.get_config(), theirs.get_config()):
        type(mine).from_config(again)
    assert set(mine.get_config()) == set(theirs.get_config())
    assert mine.compute_output_shape([Q.shape, V.shape]) == (5, 4, 3)


HEADS = [
    # On JAX, Keras takes another value_dim only where the weights are returned.
    {}, {"value_dim": 5, "use_bias": False}, {"output_shape": (2, 3)}, {"use_gate": True},
    {"dropout": 0.5, "seed": 1}, {"sliding_window": 2, "attention_axes": -2},
]  # fmt: skip


@pytest.mark.parametrize("arguments", HEADS, ids=str)
def test_multi_head_attention_is_keras(arguments: Any) -> None:
    sizes = {"num_heads": 2, "key_dim": 4}
    more = BOTH if "value_dim" in arguments else {}
    mine, theirs = _weighted("MultiHeadAttention", {**sizes, **arguments}, Q, V, **more)
    nothing = np.zeros_like(AM)
    given: list[dict[str, Any]] = [
        {}, {"key": K}, {"value_mask": VM}, {"key": K, "key_mask": VM, "query_mask": QM},
        {"attention_mask": AM}, {"attention_mask": nothing}, {"attention_mask": AM[0].astype(int)},
        {"attention_mask": AM[:, None]},
    ]  # fmt: skip
    for one in given:
        for more in (BOTH if "value_dim" in arguments else {}, {**BOTH, **CAUSAL}):
            _same(mine(Q, V, **one, **more), theirs(Q, V, **one, **more))
    assert set(mine.get_config()) == set(theirs.get_config())
    again = type(mine).from_config(theirs.get_config())
    assert {**again.get_config(), "name": ""} == {
        **mine.get_config(), "name": "", "attention_axes": (1,)}  # fmt: skip
    assert mine.compute_output_shape(Q.shape, V.shape) == theirs.compute_output_shape(
        Q.shape, V.shape
    )


@pytest.mark.parametrize(
    "arguments",
    [{"use_gate": True, "use_bias": False}, {"dropout": 0.5, "sliding_window": 2}],
    ids=str,
)
def test_group_query_attention_is_keras(arguments: Any) -> None:
    sizes = {"head_dim": 3, "num_query_heads": 4, "num_key_value_heads": 2}
    mine, theirs = _weighted("GroupQueryAttention", {**sizes, **arguments}, Q, V)
    given: list[dict[str, Any]] = [
        {"key": K, "key_mask": VM, "query_mask": QM}, {"attention_mask": np.zeros_like(AM)},
        {"value_mask": VM, **CAUSAL, **BOTH},
    ]  # fmt: skip
    for one in given:
        _same(mine(Q, V, **one), theirs(Q, V, **one))
    assert set(mine.get_config()) == set(theirs.get_config())
    again = type(mine).from_config(theirs.get_config())
    assert {**again.get_config(), "name": ""} == {**mine.get_config(), "name": ""}
    assert mine.compute_output_shape(Q.shape, V.shape) == Q.shape


@pytest.mark.parametrize("axes", [None, 1, (-2,)])
def test_attention_over_places_is_keras(axes: Any) -> None:
    arguments = {"num_heads": 2, "key_dim": 3, "attention_axes": axes}
    mine, theirs = _weighted("MultiHeadAttention", arguments, PLACES, PLACES)
    _same(mine(PLACES, PLACES, **BOTH), theirs(PLACES, PLACES, **BOTH))
    _same(mine(PLACES, PLACES * 2), theirs(PLACES, PLACES * 2))


@pytest.mark.filterwarnings("ignore:Layer '(query|key|value)'")  # of Keras' own layers within
def test_a_mask_carried_counts_and_goes_on() -> None:
    keras = pytest.importorskip("keras")
    q, v = np.where(QM[..., None], Q, 0), np.where(VM[..., None], V, 0)
    for name, arguments in (("Attention", {}), ("AdditiveAttention", {}),
                            ("MultiHeadAttention", {"num_heads": 2, "key_dim": 3}),
                            ("GroupQueryAttention", {"head_dim": 3, "num_query_heads": 2,
                                                     "num_key_value_heads": 1})):  # fmt: skip
        pair = name in HEADED
        layers = _weighted(name, arguments, *((Q, V) if pair else ([Q, V],)))
        found = []
        for layer, k in zip(layers, (ranvier, keras), strict=True):
            a, b = k.layers.Masking()(q), k.layers.Masking()(v)
            y = layer(a, b) if pair else layer([a, b])
            mask = mask_of(y) if k is ranvier else y._keras_mask
            np.testing.assert_array_equal(np.asarray(mask), QM)
            found.append(y)
        _same(*found)


def _net(k: Any, kind: str) -> Any:
    words, other = k.Input((6,)), k.Input((4, 3))
    a = k.layers.Embedding(9, 3, mask_zero=True)(words)
    if kind in HEADED:
        layer = getattr(k.layers, kind)
        sizes, more = ((2, 3), (2, 2)) if "Multi" in kind else ((3, 4, 2), (2, 2, 1))
        rules = {"kernel_regularizer": "l2", "activity_regularizer": "l2"}
        y = layer(*sizes, **rules)(a, other, use_causal_mask=True)
        y = k.layers.LayerNormalization()(k.layers.Add()([y, a]))
        y, weights = layer(*more)(y, y, return_attention_scores=True)
        y = k.layers.Concatenate()([k.layers.Flatten()(y), k.layers.Flatten()(weights)])
    else:
        y = getattr(k.layers, kind)(use_scale=True)([other, a])
        y = k.layers.GlobalAveragePooling1D()(getattr(k.layers, kind)()([a, y]))
    return k.Model([words, other], k.layers.Dense(2)(y))


@pytest.mark.parametrize("kind", ["Attention", "AdditiveAttention", *HEADED])
def test_training_is_keras(kind: str) -> None:
    keras = pytest.importorskip("keras")
    rng = np.random.default_rng(5)
    keras.utils.set_random_seed(5)  # whatever ran before: weights near 0 lose more digits
    words = rng.integers(1, 9, (8, 6)) * (np.arange(6) < 4)
    other = rng.normal(size=(8, 4, 3)).astype("float32")
    y = rng.normal(size=(8, 2)).astype("float32")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        theirs, mine = _net(keras, kind), _net(ranvier, kind)
        mine.set_weights([np.array(w) for w in theirs.weights])
        x = [words, other]
        # Larger steps run away from here, and carry the rounding of the first into the third digit.
        for model, k in ((theirs, keras), (mine, ranvier)):
            model.compile(k.optimizers.SGD(0.02), "mse")
            model.fit(x, y, epochs=2, batch_size=4, shuffle=False, verbose=0)
    for a, b in zip(mine.get_weights(), theirs.weights, strict=True):
        # A key's bias shifts all scores alike: its gradient is 0 but for rounding, of which a step
        # takes a fiftieth, and which no two orders of sums share.
        np.testing.assert_allclose(a, np.array(b), rtol=1e-4, atol=2e-6)


def test_dropped_weights_keep_their_mean() -> None:
    layer = ranvier.layers.Attention(dropout=0.5, seed=1)
    y, weights = layer([Q, V], training=True, **BOTH)
    whole = np.asarray(layer([Q, V], **BOTH)[1])
    kept = np.asarray(weights) != 0
    assert 0.3 < kept.mean() < 0.7
    np.testing.assert_allclose(np.asarray(weights)[kept], 2 * whole[kept], rtol=1e-5)
    heads = ranvier.layers.MultiHeadAttention(2, 3, dropout=0.5, seed=1)
    assert (np.asarray(heads(Q, V, training=True)) != np.asarray(heads(Q, V))).any()
