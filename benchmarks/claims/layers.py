"""A training step of the textbooks' convolutional, normalized and recurrent networks."""

from __future__ import annotations

import statistics
from dataclasses import dataclass
from typing import Any

from benchmarks.run import Run
from benchmarks.table import figure
from benchmarks.worker import (
    by_hand,
    keras,
    keras_on,
    over,
    peak,
    share_of_peak,
    take_turns,
)

TITLE = "Microseconds a training step of other layers (shuffled, accuracy tracked; medians)"
COLD_SECONDS = 0.6
CONVNET_PEAK_SHARE = 65.0


@dataclass(frozen=True)
class Net:
    """A network, its job, and the ratios it is held to."""

    name: str
    job: dict[str, Any]
    goals: dict[str, float]


def nets(run: Run) -> list[Net]:
    """Return the networks of this claim."""
    images = {"do": "fit", "data": run.data("fashion")}
    words = {"do": "fit", "data": run.data("words"), "dtype": "int32", "batch": 64}
    convnet = {"kind": "convnet", "optimizer": "adam", "rows": 3_200, "shape": (28, 28, 1)}
    normalized = {"kind": "normalized", "optimizer": "sgd", "rows": 32_000, "shape": (28, 28)}
    recurrent = {"kind": "recurrent", "optimizer": "adam"}
    return [
        Net("convnet, adam", images | convnet, {"Keras+TF": 5, "torch": 3}),
        Net("batch normalization, sgd", images | normalized, {"Keras+TF": 10, "Keras+JAX": 4}),
        *(
            Net(f"{layer} 8, adam", words | recurrent | {"layer": layer},
                {"Keras+TF": 20, "Keras+JAX": 4})
            for layer in ("LSTM", "SimpleRNN", "GRU")
        ),
    ]  # fmt: skip


def convnet_flops(batch: int = 32) -> int:
    """Return the operations of one step of the convnet, counted as in `steps.flops`.

    They are those of the direct sums: 3x3 windows on many channels in fact take 16 for 36.
    """
    products = [28 * 28 * 32 * 9, 14 * 14 * 64 * 9 * 32, 3136 * 100, 100 * 10]
    return 2 * batch * (2 * sum(products) + sum(products[1:]))


def measure(run: Run) -> None:
    """Measure every network, all peers in turns."""
    for net in nets(run):
        print(net.name, flush=True)
        _one(run, net)


def _cold_seconds(net: Net, turns: int) -> float | None:
    """Return what a first `fit` takes longer than a second one, in fresh processes."""
    workers = [keras("Ranvier, cold", "ranvier", net.job) for _ in range(turns)]
    for worker in workers:
        worker.extra["RANVIER_CACHE"] = "off"
    take_turns(workers, 0)
    seconds = [w.about["first_fit_seconds"] for w in workers if w.about]
    return statistics.median(seconds) if seconds else None


def _one(run: Run, net: Net) -> None:
    ours = keras("Ranvier", "ranvier", net.job)
    single = keras("Ranvier, 1 thread", "ranvier", {**net.job, "threads": 1})
    limit = peak()
    peers = keras_on(run.has("tf", "jax"), net.job)
    if run.has("torch") and net.job["kind"] == "convnet":
        peers["torch"] = by_hand("torch", "torch", "torch_convnet.py", net.job)
    take_turns([ours, *peers.values(), limit, single], run.turns)
    times = {label: worker.median() for label, worker in peers.items()}
    first = _cold_seconds(net, run.turns)
    run.report.row(
        TITLE,
        network=net.name,
        Ranvier=figure(ours.median()),
        **{"1 thread": figure(single.median())},
        **{label: figure(us) for label, us in times.items()},
        **{"first fit, ms": figure(first * 1e3 if first else None)},
        **{"FMA peak, GFLOP/s": figure(limit.median("gflops"))},
        **{"all cores at once": figure(limit.median("at_once"))},
    )
    for label, goal in net.goals.items():
        run.report.at_least(f"{net.name}: over {label}", goal, over(peers.get(label), ours))
    if net.job["kind"] == "convnet":
        share = share_of_peak(convnet_flops(), single, limit)
        claim = f"{net.name}: FMA peak, 1 thread, operations of the direct sums"
        run.report.at_least(claim, CONVNET_PEAK_SHARE, share, " %")
    run.report.at_most(f"{net.name}: cold first fit compiles in", COLD_SECONDS, first, " s")
    for label, worker in peers.items():
        run.report.versions[label] = worker.about.get("version", "-")
