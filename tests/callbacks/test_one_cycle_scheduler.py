"""The learning rate in one cycle."""

from __future__ import annotations

import numpy as np
import pytest

import ranvier as keras
from ranvier.callbacks import OneCycleScheduler
from ranvier.graph.errors import ArgumentError


class OfTheBook(keras.callbacks.Callback):
    """The callback of the Hands-On notebook, which never calls super().__init__()."""

    def __init__(self, iterations, max_lr=1e-3, start_lr=None, last_iterations=None, last_lr=None):
        self.iterations = iterations
        self.max_lr = max_lr
        self.start_lr = start_lr or max_lr / 10
        self.last_iterations = last_iterations or iterations // 10 + 1
        self.half_iteration = (iterations - self.last_iterations) // 2
        self.last_lr = last_lr or self.start_lr / 1000
        self.iteration = 0
        self.rates = []

    def _interpolate(self, iter1, iter2, lr1, lr2):
        return (lr2 - lr1) * (self.iteration - iter1) / (iter2 - iter1) + lr1

    def on_batch_begin(self, batch, logs):
        half = self.half_iteration
        if self.iteration < half:
            lr = self._interpolate(0, half, self.start_lr, self.max_lr)
        elif self.iteration < 2 * half:
            lr = self._interpolate(half, 2 * half, self.max_lr, self.start_lr)
        else:
            lr = self._interpolate(2 * half, self.iterations, self.start_lr, self.last_lr)
        self.iteration += 1
        self.model.optimizer.learning_rate = lr
        self.rates.append(float(self.model.optimizer.learning_rate.numpy()))


@pytest.mark.parametrize("options", [{}, {"start_lr": 0.02, "last_iterations": 9, "last_lr": 0.01}])
def test_the_rates_of_the_book(options):
    rng = np.random.default_rng(0)
    x, y = rng.normal(size=(80, 3)), rng.normal(size=80)

    def trained(callback):
        keras.utils.set_random_seed(1)
        model = keras.Sequential([keras.layers.Dense(1, input_shape=(3,))])
        model.compile("sgd", "mse")
        model.fit(x, y, batch_size=16, epochs=10, verbose=0, callbacks=[callback])
        return model.get_weights()[0]

    book = OfTheBook(50, max_lr=0.1, **options)
    ours = OneCycleScheduler(50, max_lr=0.1, **options)
    assert np.array_equal(trained(book), trained(ours))
    assert len(book.rates) == 50 and max(book.rates) == pytest.approx(0.1)
    assert book.rates == pytest.approx([ours.rate(i) for i in range(50)], rel=1e-6)
    # More steps than it was made for: the rate stays, and never turns negative.
    assert ours.rate(50) == ours.rate(500) == pytest.approx(ours.last_lr)


def test_too_short():
    with pytest.raises(ArgumentError, match="`iterations`: got 2, of which the last part takes 1"):
        OneCycleScheduler(2)
