"""A network as scikit-learn's estimator, Ranvier's or scikit-learn's own: the same parameters."""

import importlib
import warnings

from data import load
from turns import serve, timed


def prepare(job):
    """Hold rows out for the accuracy; a turn is one whole `fit`."""
    module = importlib.import_module(job["module"])
    estimator = getattr(module, job["estimator"])
    warnings.simplefilter("ignore")  # the epochs given are fewer than it would take
    x, y = load(job)
    held = len(x) // 5
    net = estimator(
        tuple(job["net"][1:-1]), batch_size=job["batch"], max_iter=job["epochs"], random_state=7
    )
    net.fit(x[:640], y[:640])

    def measure():
        microseconds = timed(lambda: net.fit(x[held:], y[held:]), 1)
        return {"us": microseconds, "accuracy": float(net.score(x[:held], y[:held]))}

    return measure, {"version": importlib.import_module(job["module"].split(".")[0]).__version__}


if __name__ == "__main__":
    serve(prepare)
