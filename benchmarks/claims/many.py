"""Many networks at once: cross-validation, candidates, and the estimators of scikit-learn."""

from __future__ import annotations

import importlib.util
import os

from benchmarks.run import Run
from benchmarks.table import figure, ratio
from benchmarks.worker import PEERS, Worker, by_turn, keras, over, take_turns

#: What five folds may take, of five fits on one thread shared out over the cores.
FOLDS_GOAL = 1.25
#: And of one `fit` with Keras on TensorFlow: a third.
FIT_GOAL = 3.0
CANDIDATES, CANDIDATES_GOAL, MEMORY_GOAL = 64, 100.0, 2.0
#: Keras trains so many candidates; their median is multiplied.
MEASURED = 3
ESTIMATOR_GOAL = 5.0
#: How much less accurate counts as equal: a standard deviation of the share of 3,000 held-out rows.
SAME = 0.007


def measure(run: Run) -> None:
    """Measure all three."""
    _folds(run)
    _candidates(run)
    _estimators(run)


def _worker(label: str, where: str, job: dict, script: str = "many_fit.py") -> Worker:
    extra = {"KERAS_BACKEND": "tensorflow"} if where == "tf" else {}
    module = {"ranvier": "ranvier", "tf": "keras"}.get(where, "")
    return Worker(label, where, PEERS / script, {"module": module, **job}, extra)


def _folds(run: Run) -> None:
    print("five folds of 784-100-10", flush=True)
    epochs = 1 if run.quick else 5
    job = {
        "do": "folds", "kind": "classify", "net": (784, 100, 10), "optimizer": "sgd",
        "data": run.data("fashion"), "epochs": epochs,
    }  # fmt: skip
    many = _worker("fit_many", "ranvier", job)
    workers = {"Ranvier": many}
    if run.has("tf"):
        workers["Keras+TF"] = keras("Keras+TF", "tf", {**job, "do": "fit", "epochs": 1})
    take_turns(list(workers.values()), min(run.turns, 3))
    cores = len(os.sched_getaffinity(0))
    ours, alone = many.median(), many.median("alone_us")
    step = workers["Keras+TF"].median() if "Keras+TF" in workers else None
    steps = (3_200 if run.quick else 60_000) // 32
    theirs = None if step is None else step * steps * epochs
    run.report.row(
        f"Seconds of five-fold cross-validation, 784-100-10, SGD, {epochs} epochs",
        **{"five folds": _seconds(ours), "five fits, 1 thread": _seconds(alone),
           "one fit, Keras+TF": _seconds(theirs)},
    )  # fmt: skip
    run.report.at_most(
        f"five folds, of five fits on one thread / {cores} cores", FOLDS_GOAL,
        by_turn(lambda turn: turn["us"] / turn["alone_us"] * cores, many), "x",
    )  # fmt: skip
    run.report.at_least("one fit with Keras+TF, over five folds", FIT_GOAL, ratio(theirs, ours))


def _candidates(run: Run) -> None:
    print(f"{CANDIDATES} candidates of 8-30-1", flush=True)
    job = {
        "kind": "regress", "net": (8, 30, 1), "optimizer": "sgd", "data": run.data("housing"),
        "epochs": 2 if run.quick else 20,
    }  # fmt: skip
    ours = _worker("64", "ranvier", {**job, "do": "candidates", "count": CANDIDATES})
    single = _worker("1", "ranvier", {**job, "do": "candidates", "count": 1})
    take_turns([ours, single], run.turns)
    theirs = None
    if run.has("tf"):
        peer = _worker("Keras+TF", "tf", {**job, "do": "one"})
        take_turns([peer], MEASURED)
        one = peer.median()
        theirs = None if one is None else one * CANDIDATES
    run.report.row(
        f"Seconds of {CANDIDATES} candidates, 8-30-1, {job['epochs']} epochs each",
        Ranvier=_seconds(ours.median()), one=_seconds(single.median()),
        **{f"Keras+TF ({MEASURED} measured, multiplied)": _seconds(theirs)},
        **{"peak MB": figure(ours.median("peak_mb")),
           "peak MB of one": figure(single.median("peak_mb"))},
    )  # fmt: skip
    gain = ratio(theirs, ours.median())
    run.report.at_least(f"{CANDIDATES} candidates: over Keras+TF", CANDIDATES_GOAL, gain)
    memory = ratio(ours.median("peak_mb"), single.median("peak_mb"))
    run.report.at_most(f"{CANDIDATES} candidates: memory, of one", MEMORY_GOAL, memory, "x")


def _estimators(run: Run) -> None:
    """Both estimators run where ours has scikit-learn beside it, on float64 rows."""
    if importlib.util.find_spec("sklearn") is None:
        run.report.notes.append("RanvierClassifier: not measured without scikit-learn beside it.")
        return
    for batch in (32, 200):
        print(f"RanvierClassifier, batch {batch}", flush=True)
        job = {
            "net": (784, 100, 10), "data": run.data("fashion"), "rows": 15_000,
            "dtype": "float64", "batch": batch, "epochs": 1 if run.quick else 4,
        }  # fmt: skip
        names = {"RanvierClassifier": "ranvier.learn", "MLPClassifier": "sklearn.neural_network"}
        ours, theirs = (
            _worker(name, "ranvier", {**job, "module": module, "estimator": name}, "classifier.py")
            for name, module in names.items()
        )
        take_turns([ours, theirs], min(run.turns, 3))
        run.report.row(
            "Seconds of fit, scikit-learn's interface, 784-100-10, Adam, 12,000 rows of float64",
            batch=str(batch), RanvierClassifier=_seconds(ours.median()),
            MLPClassifier=_seconds(theirs.median()),
            accuracy=f"{ours.median('accuracy') or 0:.3f}",
            **{"MLPClassifier's": f"{theirs.median('accuracy') or 0:.3f}"},
        )  # fmt: skip
        gain = over(theirs, ours)
        run.report.at_least(f"RanvierClassifier, batch {batch}: over MLPClassifier", ESTIMATOR_GOAL,
                            gain)  # fmt: skip
        mine, other = ours.median("accuracy"), theirs.median("accuracy")
        equal = None if mine is None or other is None else mine >= other - SAME
        run.report.holds(f"RanvierClassifier, batch {batch}: as accurate", equal)


def _seconds(microseconds: float | None) -> str:
    return figure(None if microseconds is None else microseconds / 1e6)
