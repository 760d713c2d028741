"""Masks that layers take off their inputs, where a functional model asks for them further on."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from ranvier import layers
from ranvier.model import Model

WORDS = np.array([[3, 1, 2, 0, 0], [2, 2, 1, 3, 0]])
SEEN: list[bool] = []


class Probe(layers.Layer):
    """Notes whether it gets a mask, and passes its input on."""

    def __init__(self) -> None:
        super().__init__()
        self.supports_masking = True

    def call(self, inputs: Any, mask: Any = None) -> Any:
        SEEN.append(mask is not None)
        return inputs


def attended(x: Any) -> Any:
    y = layers.Add()([x, layers.MultiHeadAttention(2, 2)(x, x)])
    return layers.LayerNormalization()(layers.Dense(4)(y))


def test_pooling_behind_attention_leaves_out_masked_steps() -> None:
    words = layers.Input((5,))
    steps = attended(layers.Embedding(4, 4, mask_zero=True)(words))
    model = Model(words, [layers.GlobalAveragePooling1D()(steps), steps])
    pooled, each = model.predict(WORDS, verbose=0)
    counts = (WORDS != 0)[:, :, None]
    expected = (each * counts).sum(axis=1) / counts.sum(axis=1)
    np.testing.assert_allclose(pooled, expected, rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize("blocks", [1, 2])
def test_a_layer_that_asks_for_a_mask_gets_it(blocks: int) -> None:
    words = layers.Input((5,))
    x = layers.Embedding(4, 4, mask_zero=True)(words)
    for _ in range(blocks):
        x = attended(x)
    model = Model(words, Probe()(x))
    SEEN.clear()
    model.predict(WORDS, verbose=0)
    assert SEEN and all(SEEN)


def test_a_mask_goes_into_a_model_within() -> None:
    inner_in = layers.Input((5, 4))
    inner = Model(inner_in, layers.GlobalAveragePooling1D()(inner_in))
    words = layers.Input((5,))
    steps = attended(layers.Embedding(4, 4, mask_zero=True)(words))
    model = Model(words, [inner(steps), layers.GlobalAveragePooling1D()(steps)])
    inside, outside = model.predict(WORDS, verbose=0)
    np.testing.assert_allclose(inside, outside, rtol=1e-5)


def test_a_model_called_on_arrays_gives_what_predict_gives() -> None:
    words = layers.Input((5,))
    x = attended(attended(layers.Embedding(4, 4, mask_zero=True)(words)))
    model = Model(words, layers.GlobalAveragePooling1D()(x))
    np.testing.assert_allclose(model(WORDS), model.predict(WORDS, verbose=0), rtol=1e-5, atol=1e-6)
