"""A training step of the textbooks' convolutional, normalized and recurrent networks."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from benchmarks.run import Run
from benchmarks.table import figure, ratio
from benchmarks.worker import Worker, by_hand, keras, peak, take_turns

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
    recurrent = {"kind": "recurrent", "optimizer": "adam", "rows": 1_280}
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
    """Return the operations of one step of the convnet, counted as in `steps.flops`."""
    products = [28 * 28 * 32 * 9, 14 * 14 * 64 * 9 * 32, 3136 * 100, 100 * 10]
    return 2 * batch * (2 * sum(products) + sum(products[1:]))


def measure(run: Run) -> None:
    """Measure every network, all peers in turns."""
    for net in nets(run):
        print(net.name, flush=True)
        _one(run, net)


def _one(run: Run, net: Net) -> None:
    fresh = {"RANVIER_CACHE": "off"}
    ours = keras("Ranvier", "ranvier", net.job)
    single = keras("Ranvier, 1 thread", "ranvier", {**net.job, "threads": 1})
    for worker in (ours, single):
        worker.extra |= fresh
    limit = peak()
    peers: dict[str, Worker] = {}
    for label, where in (("Keras+TF", "tf"), ("Keras+JAX", "jax")):
        if run.has(where):
            peers[label] = keras(label, where, net.job)
    if run.has("torch") and net.job["kind"] == "convnet":
        peers["torch"] = by_hand("torch", "torch", "torch_convnet.py", net.job)
    take_turns([ours, *peers.values(), limit, single], run.turns)
    times = {label: worker.median() for label, worker in peers.items()}
    mine, gflops = ours.median(), limit.median("gflops")
    first = ours.about.get("first_fit_seconds")
    run.report.row(
        TITLE,
        network=net.name,
        Ranvier=figure(mine),
        **{"1 thread": figure(single.median())},
        **{label: figure(us) for label, us in times.items()},
        **{"first fit, ms": figure(first * 1e3 if first else None)},
    )
    for label, goal in net.goals.items():
        run.report.at_least(f"{net.name}: over {label}", goal, ratio(times.get(label), mine))
    if net.job["kind"] == "convnet":
        us = single.median()
        share = 100 * convnet_flops() / (us * gflops * 1e3) if us and gflops else None
        claim = f"{net.name}: FMA peak, 1 thread"
        run.report.at_least(claim, CONVNET_PEAK_SHARE, share, " %")
    run.report.at_most(f"{net.name}: cold first fit compiles in", COLD_SECONDS, first, " s")
    for label, worker in peers.items():
        run.report.versions[label] = worker.about.get("version", "-")
