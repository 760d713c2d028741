"""A step of `fit`, or one `predict` of one row, with Keras on any backend or with Ranvier."""

import hashlib
import importlib
import time

from turns import serve, timed

# Long enough that the cost of the call itself does not show, short enough for many turns.
PREDICTIONS = {"ranvier": 2000, "jax": 300, "tensorflow": 20, "torch": 300}


def build(keras, job):
    """Build and compile the job's dense network."""
    width, *hidden, outputs = job["net"]
    dense = [keras.layers.Dense(units, activation="relu") for units in hidden]
    last = "softmax" if job["kind"] == "classify" else None
    model = keras.Sequential(
        [keras.layers.Input((width,)), *dense, keras.layers.Dense(outputs, activation=last)]
    )
    if job["kind"] == "classify":
        model.compile(job["optimizer"], "sparse_categorical_crossentropy", metrics=["accuracy"])
    else:
        model.compile(keras.optimizers.SGD(learning_rate=1e-3), "mse")
    return model


def prepare(job):
    """Import, build, train a few steps; then each turn is one or more epochs."""
    start = time.perf_counter()
    keras = importlib.import_module(job["module"])
    about = {"import_seconds": time.perf_counter() - start, "version": keras.__version__}
    about["backend"] = keras.backend.backend() if job["module"] == "keras" else "ranvier"
    if "threads" in job:
        keras.config.set_threads(job["threads"])
    from data import load

    x, y = load(job)
    keras.utils.set_random_seed(7)
    model = build(keras, job)
    epochs, steps = job.get("epochs", 1), len(x) // 32
    x, y = x[: steps * 32], y[: steps * 32]

    def fit():
        model.fit(x, y, batch_size=32, epochs=epochs, verbose=0)

    def measure_fit():
        figures = {"us": timed(fit, steps * epochs)}
        if job["module"] == "ranvier":
            weights = b"".join(w.tobytes() for w in model.get_weights())
            figures["digest"] = hashlib.sha256(weights).hexdigest()[:16]
        return figures

    row, count = x[:1], PREDICTIONS[about["backend"]]

    def predict():
        for _ in range(count):
            model.predict(row, verbose=0)

    model.fit(x[:3200], y[:3200], batch_size=32, epochs=1, verbose=0)
    if job["do"] == "predict":
        model.predict(row, verbose=0)
        return (lambda: {"us": timed(predict, count)}), about
    return measure_fit, about


if __name__ == "__main__":
    serve(prepare)
