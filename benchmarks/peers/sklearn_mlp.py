"""scikit-learn's MLPClassifier, one epoch a turn; it does not track accuracy."""

import numpy as np
import sklearn
from data import load
from sklearn.neural_network import MLPClassifier
from turns import TURN_SECONDS, serve, timed


def prepare(job):
    """Build the network; `partial_fit` is one shuffled epoch."""
    x, y = load(job)
    rows = min(
        len(x), 15_000
    )  # a turn of a quarter of the data is long enough: no cost but per step
    x, y = x[:rows], y[:rows]
    rule = {"sgd": {"momentum": 0.0, "learning_rate_init": 0.01}, "adam": {}}[job["optimizer"]]
    model = MLPClassifier(
        tuple(job["net"][1:-1]), solver=job["optimizer"], batch_size=32, random_state=7, **rule
    )
    classes = np.arange(job["net"][-1])
    model.partial_fit(x[:320], y[:320], classes=classes)
    steps = -(-rows // 32)
    return (lambda: {"us": timed(lambda: model.partial_fit(x, y), steps, TURN_SECONDS)}), {
        "version": sklearn.__version__
    }


if __name__ == "__main__":
    serve(prepare)
