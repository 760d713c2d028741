"""Advice before training: losses, metrics, targets and layers that do not go together."""

import warnings

import numpy as np
import pytest

from ranvier import Sequential, layers, losses, models

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


RNG = np.random.default_rng(0)
ROWS = RNG.normal(size=(40, 3)).astype(np.float32)
CLASSES = RNG.integers(0, 4, 40)
ONE_HOT = np.eye(4)[CLASSES]
QUANTITY = RNG.normal(size=(40, 1)) * 10


def fit(y, units, activation, loss, x=ROWS, **arguments):
    model = Sequential([layers.Input((3,)), layers.Dense(units, activation=activation)])
    model.compile("sgd", loss, **arguments)
    model.fit(x, y, verbose=0)
    return model


ADVICE = [
    (
        CLASSES,
        4,
        "softplus",
        "sparse_categorical_crossentropy",
        "ends in softplus.*activation='softmax'",
    ),
    (CLASSES % 2, 1, "tanh", "binary_crossentropy", "ends in tanh.*activation='sigmoid'"),
    (ONE_HOT, 4, "softmax", "binary_crossentropy", "4 numbers .*loss='categorical_crossentropy'"),
    (QUANTITY, 1, "sigmoid", "mse", r"y: values run from .* ends in sigmoid, .* from 0 to 1\."),
    (QUANTITY, 1, "relu", "mae", "ends in relu, whose numbers are at least 0"),
]


@pytest.mark.parametrize(
    ("y", "units", "activation", "loss", "words"), ADVICE, ids=[f"{a[2]}-{a[3]}" for a in ADVICE]
)
def test_an_activation_that_does_not_go_with_loss_or_targets(y, units, activation, loss, words):
    with pytest.warns(UserWarning, match=words):
        fit(y, units, activation, loss)


def test_accuracy_says_nothing_of_quantities():
    with pytest.warns(UserWarning, match=r"'accuracy' counts classes.*metrics=\['mae'\]"):
        fit(QUANTITY, 1, None, "mse", metrics=["mae", "accuracy"])


GOOD = [
    (CLASSES, 4, "softmax", "sparse_categorical_crossentropy", ["accuracy"]),
    (CLASSES % 2, 1, "sigmoid", "binary_crossentropy", "accuracy"),
    (ONE_HOT, 4, "sigmoid", "binary_crossentropy", ["accuracy"]),
    (QUANTITY, 1, None, "mse", ["mae"]),
    (CLASSES % 2, 1, "sigmoid", "mse", ["accuracy"]),
    (np.abs(QUANTITY), 1, "relu", "mse", None),
]


@pytest.mark.parametrize(
    ("y", "units", "activation", "loss", "metrics"), GOOD, ids=[f"{g[2]}-{g[3]}" for g in GOOD]
)
def test_what_goes_together_passes_in_silence(y, units, activation, loss, metrics):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        fit(y, units, activation, loss, metrics=metrics)


def test_a_normalization_that_was_not_adapted_scales_nothing(tmp_path):
    far = ROWS * 100 + 1000
    layer = layers.Normalization()
    model = Sequential([layers.Input((3,)), layer, layers.Dense(1)])
    model.compile("sgd", "mse")
    with pytest.warns(UserWarning, match=r"Normalization layer first .* adapt\(x\) is called"):
        model.fit(far, QUANTITY, verbose=0)
    layer.adapt(far)
    model.save(tmp_path / "net.keras")
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        model.fit(far, QUANTITY, verbose=0)
        models.load_model(tmp_path / "net.keras").fit(far, QUANTITY, verbose=0)
