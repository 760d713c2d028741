"""Many networks: five folds, or candidates of a small net, at once with Ranvier or one by one."""

import importlib
import time

import numpy as np
from data import load
from nets import build
from turns import serve

FOLDS = 5


def prepare(job):
    """Import and train a little; then each turn is one whole cross-validation or search."""
    keras = importlib.import_module(job["module"])
    about = {"version": keras.__version__}
    x, y = load(job)
    batch, epochs = 32, job["epochs"]

    def fitted(rows, fit_epochs):
        model = build(keras, job)
        keras.utils.set_random_seed(7)
        model.fit(x[rows], y[rows], batch_size=batch, epochs=fit_epochs, verbose=0)

    fitted(slice(0, 10 * batch), 1)
    return {"folds": folds, "candidates": candidates, "one": one}[job["do"]](
        keras, job, x, y, batch, epochs
    ), about


def folds(keras, job, x, y, batch, epochs):
    """Five folds at once, then each of them alone on one thread."""
    held = np.array_split(np.random.default_rng(0).permutation(len(x)), FOLDS)
    rows = [np.sort(np.concatenate(held[:k] + held[k + 1 :])) for k in range(FOLDS)]
    parts = [(x[one], y[one]) for one in rows]

    def measure():
        start = time.perf_counter()
        models = [build(keras, job) for _ in rows]
        keras.fit_many(models, x, y, rows=rows, batch_size=batch, epochs=epochs, verbose=0)
        many = time.perf_counter() - start
        with keras.config.threads_at_most(1):
            start = time.perf_counter()
            for a, b in parts:
                build(keras, job).fit(a, b, batch_size=batch, epochs=epochs, verbose=0)
        return {"us": many * 1e6, "alone_us": (time.perf_counter() - start) * 1e6}

    return measure


def candidates(keras, job, x, y, batch, epochs):
    """Candidates with a learning rate and a seed each, made and trained."""

    def measure():
        start = time.perf_counter()
        models = [build(keras, job) for _ in range(job["count"])]
        for i, model in enumerate(models):
            model.optimizer.learning_rate = 1e-3 * (1 + i / 64)
        keras.fit_many(models, x, y, batch_size=batch, epochs=epochs, verbose=0,
                       seeds=list(range(len(models))))  # fmt: skip
        return {"us": (time.perf_counter() - start) * 1e6}

    return measure


def one(keras, job, x, y, batch, epochs):
    """One network, made and trained."""

    def measure():
        start = time.perf_counter()
        build(keras, job).fit(x, y, batch_size=batch, epochs=epochs, verbose=0)
        return {"us": (time.perf_counter() - start) * 1e6}

    return measure


if __name__ == "__main__":
    serve(prepare)
