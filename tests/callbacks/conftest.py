"""A model as callbacks see one."""

from __future__ import annotations

from types import SimpleNamespace

import pytest


class Model:
    """Counts what callbacks do to it."""

    def __init__(self):
        self.stop_training = False
        self.weights = 0
        self.saved = []
        self.metrics = []
        self.optimizer = SimpleNamespace(learning_rate=0.1)

    def get_weights(self):
        return [self.weights]

    def set_weights(self, weights):
        self.weights = weights[0]

    def save(self, path, overwrite=True):
        self.saved.append(("model", path))

    def save_weights(self, path, overwrite=True):
        self.saved.append(("weights", path))


@pytest.fixture
def model():
    return Model()


@pytest.fixture
def train():
    """Drive callbacks through epochs of given logs, as `fit` does."""

    def run(callbacks, model, epochs, batches=2):
        callbacks.on_train_begin()
        done = 0
        for epoch, logs in enumerate(epochs):
            model.weights = epoch + 1
            callbacks.on_epoch_begin(epoch)
            for batch in range(batches):
                callbacks.on_train_batch_begin(batch)
                callbacks.on_train_batch_end(batch, logs)
                if model.stop_training:
                    break
            callbacks.on_epoch_end(epoch, dict(logs))
            done += 1
            if model.stop_training:
                break
        callbacks.on_train_end()
        return done

    return run
