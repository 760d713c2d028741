"""A step of `fit`, or one `predict` of one row, with Keras on any backend or with Ranvier."""

import hashlib
import importlib
import time

from turns import TURN_SECONDS, serve, timed

# Long enough that the cost of the call itself does not show, short enough for many turns.
PREDICTIONS = {"ranvier": 2000, "jax": 300, "tensorflow": 20, "torch": 300}


def prepare(job):
    """Import, build, train a few steps; then each turn is one or more epochs."""
    start = time.perf_counter()
    keras = importlib.import_module(job["module"])
    about = {"import_seconds": time.perf_counter() - start, "version": keras.__version__}
    about["backend"] = keras.backend.backend() if job["module"] == "keras" else "ranvier"
    if "threads" in job:
        keras.config.set_threads(job["threads"])
    if job["kind"] == "family":
        from families import build, load
    else:
        from data import load
        from nets import build

    x, y = load(job)
    keras.utils.set_random_seed(7)
    model = build(keras, job)
    batch, epochs = job.get("batch", 32), job.get("epochs", 1)
    steps = len(x) // batch
    x, y = x[: steps * batch], y[: steps * batch]

    def fit():
        model.fit(x, y, batch_size=batch, epochs=epochs, verbose=0)

    def measure_fit():
        return {"us": timed(fit, steps * epochs, TURN_SECONDS), **bits}

    row, count = x[:1], PREDICTIONS[about["backend"]]

    def predict():
        for _ in range(count):
            model.predict(row, verbose=0)

    warm = [timed(lambda: model.fit(x[: 4 * batch], y[: 4 * batch], batch_size=batch, verbose=0), 1)
            for _ in range(2)]  # fmt: skip
    about["first_fit_seconds"] = (warm[0] - warm[1]) / 1e6
    model.fit(x[:3200], y[:3200], batch_size=batch, epochs=1, verbose=0)
    if job["do"] == "predict":
        model.predict(row, verbose=0)
        return (lambda: {"us": timed(predict, count)}), about
    bits = {}
    if job["module"] == "ranvier":
        fit()  # turns have as many as there is time for
        weights = b"".join(w.tobytes() for w in model.get_weights())
        bits["digest"] = hashlib.sha256(weights).hexdigest()[:16]
    return measure_fit, about


if __name__ == "__main__":
    serve(prepare)
