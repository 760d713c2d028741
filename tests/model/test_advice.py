"""Advice before training: losses that do not go with the last activation."""

import numpy as np
import pytest

from ranvier import Sequential, layers, losses

X = np.linspace(0, 1, 12, dtype=np.float32).reshape(4, 3)
LABELS = np.array([0, 1, 1, 0])


def _trained(units, activation, loss):
    model = Sequential([layers.Dense(units, activation=activation)])
    model.compile("sgd", loss)
    model.fit(X, LABELS, epochs=1, verbose=0)


_WRAPPED = losses.LossFunctionWrapper(losses.sparse_categorical_crossentropy, from_logits=True)


@pytest.mark.parametrize(
    ("units", "activation", "loss", "words"),
    [
        (2, None, "sparse_categorical_crossentropy", "expects probabilities.*activation='softmax'"),
        (1, None, ["bce"], "expects probabilities, but output .* activation='sigmoid'"),
        (2, "softmax", _WRAPPED, "already ends in softmax, so it would be applied twice"),
        (1, "sigmoid", losses.BinaryCrossentropy(from_logits=True), "already ends in sigmoid"),
        (1, "softmax", "binary_crossentropy", "softmax of one unit is always 1"),
    ],
)
def test_a_loss_that_does_not_go_with_the_last_activation_is_told(units, activation, loss, words):
    with pytest.warns(UserWarning, match=words):
        _trained(units, activation, loss)


@pytest.mark.parametrize(
    ("units", "activation", "loss"),
    [
        (2, "softmax", "sparse_categorical_crossentropy"),
        (2, None, _WRAPPED),
        (1, None, losses.BinaryCrossentropy(from_logits=True)),
        (1, None, "mse"),
    ],
)
@pytest.mark.filterwarnings("error")
def test_a_loss_that_goes_with_it_is_not(units, activation, loss):
    _trained(units, activation, loss)
