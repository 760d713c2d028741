"""A training step of networks of many kinds: none may be slower than with a peer."""

from __future__ import annotations

from typing import Any

from benchmarks.peers.families import FAMILIES
from benchmarks.run import Run
from benchmarks.table import figure
from benchmarks.worker import keras, keras_on, over, take_turns

TITLE = "Microseconds a training step of other networks (Adam, accuracy tracked; medians)"


def jobs() -> dict[str, dict[str, Any]]:
    """Return the job of each network by its name."""
    return {
        name: {"do": "fit", "kind": "family", "family": name, "batch": batch}
        for name, (_, _, batch, _) in FAMILIES.items()
    }


def measure(run: Run) -> None:
    """Measure every network, all peers in turns, and keep the least ratio."""
    least: dict[str, float] = {}
    for name, job in jobs().items():
        print(name, flush=True)
        ours = keras("Ranvier", "ranvier", job)
        peers = keras_on(run.has("tf", "jax", "torch"), job)
        take_turns([ours, *peers.values()], run.turns)
        run.report.row(
            TITLE,
            network=name,
            Ranvier=figure(ours.median()),
            **{label: figure(worker.median()) for label, worker in peers.items()},
        )
        for label, worker in peers.items():
            ratio = over(worker, ours)
            if ratio is not None:
                least[label] = min(ratio, least.get(label, ratio))
    for label in least:
        run.report.at_least(f"other networks: each over {label}", 1, least[label])
