"""Models of recurrent layers against Keras on JAX: predictions, and weights after training."""

import os
import re
import warnings
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import ranvier

os.environ.setdefault("KERAS_BACKEND", "jax")
pytestmark = [pytest.mark.oracle, pytest.mark.filterwarnings("ignore::DeprecationWarning")]
RNG = np.random.default_rng(0)
X = RNG.normal(size=(7, 6, 3)).astype("float32")
X[:, 4:] = 0
X[2, 1] = 0
WORDS = RNG.integers(1, 6, size=(7, 6)) * (np.arange(6) < 4)
# Within what recurrent layers reach.
LAST = np.tanh(RNG.normal(size=(7, 4))).astype("float32")
ALL = np.tanh(RNG.normal(size=(7, 6, 4))).astype("float32")


def _of(*names: tuple[Any, ...]) -> Callable[[Any], Any]:
    def make(k: Any) -> Any:
        return k.Sequential([k.Input(X.shape[1:]), *(_layer(k, *one) for one in names)])

    return make


def _layer(k: Any, name: str, *arguments: Any, **more: Any) -> Any:
    given = [_layer(k, *a) if isinstance(a, tuple) else a for a in arguments]
    options = given.pop() if given and isinstance(given[-1], dict) else {}
    return getattr(k.layers, name)(*given, **options)


def _words(k: Any) -> Any:
    return k.Sequential([
        k.Input((6,)), k.layers.Embedding(6, 4, mask_zero=True),
        k.layers.LSTM(4, return_sequences=True, zero_output_for_mask=True), k.layers.Dense(4),
    ])  # fmt: skip


def _states(k: Any) -> Any:
    x = k.Input(X.shape[1:])
    y, h, c = k.layers.LSTM(4, return_state=True)(x)
    z = k.layers.LSTM(4, return_sequences=True)(k.layers.RepeatVector(6)(y), initial_state=[h, c])
    return k.Model(x, k.layers.Dense(4)(z))


STEPS = {"return_sequences": True}
CASES: dict[str, tuple[Callable[[Any], Any], np.ndarray, np.ndarray]] = {
    "masked": (_of(("Masking",), ("GRU", 3, STEPS), ("SimpleRNN", 4)), X, LAST),
    "masked steps": (_of(("Masking",), ("LSTM", 4, STEPS)), X, ALL),
    "words": (_words, WORDS, ALL),
    "both ways": (_of(("Masking",), ("Bidirectional", ("GRU", 2, STEPS)),
                      ("Bidirectional", ("LSTM", 4), {"merge_mode": "sum"})), X, LAST),
    "stacked": (lambda k: k.Sequential([k.Input(X.shape[1:]), k.layers.RNN(
        [k.layers.LSTMCell(3), k.layers.GRUCell(4)])]), X, LAST),
    "each step": (_of(("TimeDistributed", ("Dense", 4))), X, ALL),
    "each step averaged": (_of(("TimeDistributed", ("BatchNormalization", {"momentum": 0.7})),
                               ("GRU", 4)), X, LAST),
    "states": (_states, X, ALL),
}  # fmt: skip


@pytest.mark.parametrize("name", CASES)
def test_training_is_keras(name: str) -> None:
    keras = pytest.importorskip("keras")
    make, x, y = CASES[name]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        theirs = make(keras)
    mine = make(ranvier)
    mine.set_weights([np.array(w) for w in theirs.weights])
    # Their names are numbered on through the process.
    paths = [
        [re.sub(r"_\d+", "", w.path.split("/", 1)[1]) for w in model.weights]
        for model in (mine, theirs)
    ]
    assert paths[0] == paths[1]
    np.testing.assert_allclose(
        mine.predict(x, verbose=0), theirs.predict(x, verbose=0), rtol=1e-4, atol=1e-6
    )
    for model, k in ((theirs, keras), (mine, ranvier)):
        model.compile(k.optimizers.SGD(0.1), "mse")
        model.fit(x, y, epochs=2, batch_size=4, shuffle=False, verbose=0)
    for a, b in zip(mine.get_weights(), theirs.weights, strict=True):
        np.testing.assert_allclose(a, np.array(b), rtol=1e-4, atol=1e-6)


@pytest.mark.parametrize(
    "layer",
    [("Add", {}), ("Maximum", {}), ("Concatenate", {}), ("Concatenate", {"axis": 1})],
    ids=str,
)
def test_masks_of_merged_inputs_are_keras(layer: Any) -> None:
    keras = pytest.importorskip("keras")
    name, arguments = layer
    x = np.ones((2, 3, 2), "float32")
    first, second = x * [[[0], [1], [0]]], x * [[[1], [0], [0]]]
    for other in (second, None):
        found = []
        for k in (keras, ranvier):
            inputs = [k.layers.Masking()(first)]
            inputs.append(x if other is None else k.layers.Masking()(other))
            y = getattr(k.layers, name)(**arguments)(inputs)
            mask = getattr(y, "_keras_mask", None)
            found.append(np.ones((2, 3), bool) if mask is None else np.asarray(mask))
        np.testing.assert_array_equal(found[1], found[0])
