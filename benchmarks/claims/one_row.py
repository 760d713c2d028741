"""`predict` of one row: what a service or a loop in a notebook waits for."""

from __future__ import annotations

from benchmarks.claims import regression
from benchmarks.run import Run
from benchmarks.table import figure
from benchmarks.worker import keras, keras_on, take_turns

GOAL_US = 20.0


def measure(run: Run) -> None:
    """Measure the regression network and 784-100-10, one row at a time."""
    wide = {
        "do": "predict",
        "kind": "classify",
        "net": (784, 100, 10),
        "optimizer": "sgd",
        "data": run.data("fashion"),
    }
    for name, task in (("8-30-1", regression.job(run, "predict")), ("784-100-10", wide)):
        print(f"predict of one row, {name}", flush=True)
        workers = {"Ranvier": keras("Ranvier", "ranvier", task)}
        workers |= keras_on(run.has("tf", "jax", "torch"), task)
        take_turns(list(workers.values()), run.turns)
        times = {label: worker.median() for label, worker in workers.items()}
        run.report.row(
            "Microseconds a `predict` of one row",
            network=name,
            **{label: figure(us) for label, us in times.items()},
        )
        run.report.at_most(f"predict of one row, {name}", GOAL_US, times["Ranvier"], " us")
