"""Masks: what an op gives carries none, whether or not the op has something to do."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import ranvier
from ranvier import layers, ops

X = np.array([[[1.0, 2.0], [0.0, 0.0], [3.0, 1.0]]], "float32")
SEEN, MASKED = X.mean(axis=1), X.sum(axis=1) / 2
KEEPING = {
    "the input itself": lambda x: x,
    "cast": lambda x: ops.cast(x, "float32"),
    "convert_to_tensor": ops.convert_to_tensor,
}
IDLE = {
    "broadcast_to": lambda x: ops.broadcast_to(x, ops.shape(x)),
    "concatenate": lambda x: ops.concatenate([x], axis=1),
    "copy": ops.copy,
    "diff": lambda x: ops.diff(x, n=0, axis=1),
    "getitem": lambda x: x[:],
    "moveaxis": lambda x: ops.moveaxis(x, 1, 1),
    "pad": lambda x: ops.pad(x, 0),
    "reshape": lambda x: ops.reshape(x, (-1, 3, 2)),
    "roll": lambda x: ops.roll(x, 0, axis=1),
    "rot90": lambda x: ops.rot90(x, 0, axes=(1, 2)),
    "squeeze": lambda x: ops.squeeze(x, axis=()),
    "sum": lambda x: ops.sum(x, axis=()),
    "transpose": lambda x: ops.transpose(x, (0, 1, 2)),
}


class Wrapped(layers.Layer):
    """Returns what a function makes of its input."""

    def __init__(self, function: Callable[[Any], Any]) -> None:
        super().__init__()
        self.function = function

    def call(self, inputs: Any) -> Any:
        return self.function(inputs)


def means(layer: Any) -> list[np.ndarray]:
    """Return the means over the steps behind a layer: compiled, step by step, and at once."""
    inputs = ranvier.Input((3, 2))
    marked = layers.Masking()(inputs)
    pool = layers.GlobalAveragePooling1D()
    model = ranvier.Model(inputs, [pool(layer(marked)), pool(marked)])
    found = [model.predict(X, verbose=0), model(X)]
    model.compile(run_eagerly=True)
    found.append(model.predict(X, verbose=0))
    for _, before in found:
        np.testing.assert_allclose(before, MASKED, rtol=1e-6)  # the mask of others stays
    return [behind for behind, _ in found] + [pool(layer(layers.Masking()(X)))]


@pytest.mark.filterwarnings("ignore:.*got an input with a mask")
@pytest.mark.parametrize(
    "layer",
    [
        layers.ZeroPadding1D(0),
        layers.Reshape((3, 2)),
        layers.Permute((1, 2)),
        layers.Cropping1D(0),
        layers.UpSampling1D(1),
    ],
    ids=lambda layer: type(layer).__name__,
)
def test_layers_without_anything_to_do_take_the_mask_off(layer: layers.Layer) -> None:
    for found in means(layer):
        np.testing.assert_allclose(found, SEEN, rtol=1e-6)


@pytest.mark.filterwarnings("ignore:.*got an input with a mask")
@pytest.mark.parametrize("name", sorted(IDLE))
def test_ops_without_anything_to_do_take_the_mask_off(name: str) -> None:
    for found in means(Wrapped(IDLE[name])):
        np.testing.assert_allclose(found, SEEN, rtol=1e-6)


@pytest.mark.filterwarnings("ignore:.*got an input with a mask")
@pytest.mark.parametrize("name", sorted(KEEPING))
def test_what_returns_its_input_keeps_the_mask(name: str) -> None:
    for found in means(Wrapped(KEEPING[name])):
        np.testing.assert_allclose(found, MASKED, rtol=1e-6)
