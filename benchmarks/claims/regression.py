"""A training step of the textbooks' smallest network: 8-30-1 regression on California housing."""

from __future__ import annotations

from benchmarks.run import Run
from benchmarks.table import figure
from benchmarks.worker import keras, keras_on, over, take_turns

GOALS = {"Keras+TF": 100.0, "Keras+JAX": 25.0}


def job(run: Run, do: str) -> dict:
    """Return the job that this claim and the one-row claim share; 5 epochs of 362 steps a turn."""
    return {
        "do": do,
        "kind": "regress",
        "net": (8, 30, 1),
        "optimizer": "sgd",
        "data": run.data("housing"),
        "epochs": 5,
    }


def measure(run: Run) -> None:
    """Measure ours and both goals' peers in turns."""
    print("8-30-1 regression, sgd", flush=True)
    task = job(run, "fit")
    workers = {"Ranvier": keras("Ranvier", "ranvier", task)}
    workers["1 thread"] = keras("Ranvier, 1 thread", "ranvier", {**task, "threads": 1})
    workers |= keras_on(run.has("tf", "jax"), task)
    take_turns(list(workers.values()), run.turns)
    times = {label: worker.median() for label, worker in workers.items()}
    run.report.row(
        "Microseconds a training step, 8-30-1 regression, SGD, batch 32",
        network="8-30-1",
        **{label: figure(us) for label, us in times.items()},
    )
    for label, goal in GOALS.items():
        gain = over(workers.get(label), workers["Ranvier"])
        run.report.at_least(f"8-30-1 regression: over {label}", goal, gain)
