"""Random numbers drawn outside of the graph, in code that is traced."""

from __future__ import annotations

import random
import warnings

import numpy as np
import pytest

import ranvier
from ranvier.layers import Dense, Input, Layer
from ranvier.model import Sequential


class Noise(Layer):
    """Adds numbers that are drawn once, and tells the line."""

    def call(self, inputs):
        near = np.random.normal(size=3).astype("float32")
        return inputs + near + random.random()


class Drawn(Layer):
    """Adds numbers of Ranvier's own; one was drawn before."""

    def __init__(self):
        super().__init__()
        self.seed = ranvier.random.SeedGenerator(1)
        self.scale = float(np.random.normal())

    def call(self, inputs):
        return inputs + self.scale * ranvier.random.normal((3,), seed=self.seed)

    def unused(self):
        return np.random.normal()


def net(layer, **arguments):
    model = Sequential([Input((3,)), layer, Dense(1)])
    model.compile("sgd", "mse", **arguments)
    return model


def test_numbers_drawn_once_are_told_with_their_lines(numbers):
    first = Noise.call.__code__.co_firstlineno
    said = (
        rf"Noise.call, test_draws.py, line {first + 1} and {first + 2}: .* every step gets the same"
        ".* ranvier.random.normal"
    )
    x, y = numbers[0][:, :3], numbers[1]
    with pytest.warns(UserWarning, match=said) as caught:
        net(Noise()).fit(x, y, verbose=0)
    assert caught[0].filename == __file__
    with pytest.warns(UserWarning, match=said):
        net(Noise()).predict(x, verbose=0)


def test_numbers_drawn_at_every_step_are_silent(numbers):
    x, y = numbers[0][:, :3], numbers[1]
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        net(Drawn()).fit(x, y, verbose=0)
        net(Noise(), run_eagerly=True).fit(x, y, verbose=0)
