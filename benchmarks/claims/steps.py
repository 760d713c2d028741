"""A training step of the textbooks' dense networks, batch 32, shuffled, accuracy tracked."""

from __future__ import annotations

from dataclasses import dataclass

from benchmarks.run import Run
from benchmarks.table import figure, ratio
from benchmarks.worker import Worker, by_hand, keras, over, peak, share_of_peak, take_turns

TITLE = "Microseconds a training step (batch 32, shuffled, accuracy tracked; medians)"
BATCH = 32


@dataclass(frozen=True)
class Net:
    """A network and the ratios it is held to."""

    sizes: tuple[int, ...]
    tf: float
    jax: float
    scan: float

    @property
    def name(self) -> str:
        """The sizes, as the books write them."""
        return "-".join(map(str, self.sizes))


NETS = (Net((784, 100, 10), 20, 5, 3), Net((784, 300, 100, 10), 10, 4, 2.5))
PEAK_SHARE = {"sgd": 65.0, "adam": 50.0}
PEAK_SHARE_FLOAT64_DATA = 58.0
#: What shares of the peak count: half of Fashion-MNIST is zeros, whose products Ranvier leaves out.
_COUNTED = "operations of the dense sums"


def flops(sizes: tuple[int, ...], batch: int = BATCH) -> int:
    """Return the operations of one step: forward, weight gradients, and gradients of activations.

    Each product of a layer has batch * inputs * outputs fused multiply-adds of two operations; the
    first layer needs no gradient of its input. Biases, activations, loss and update are not
    counted; operations on zeros are, though Ranvier passes over those of the first layer.
    """
    products = [a * b for a, b in zip(sizes, sizes[1:], strict=False)]
    return 2 * batch * (2 * sum(products) + sum(products[1:]))


def measure(run: Run) -> None:
    """Measure every network with every optimizer, all peers in turns."""
    for net in NETS:
        for optimizer in ("sgd", "rmsprop", "adam"):
            print(f"{net.name}, {optimizer}", flush=True)
            _one(run, net, optimizer)


def _one(run: Run, net: Net, optimizer: str) -> None:
    job = {
        "do": "fit",
        "kind": "classify",
        "net": net.sizes,
        "optimizer": optimizer,
        "data": run.data("fashion"),
    }
    ours = {
        "Ranvier": keras("Ranvier", "ranvier", job),
        "1 thread": keras("Ranvier, 1 thread", "ranvier", {**job, "threads": 1}),
        "float64 data": keras(
            "Ranvier, float64 data", "ranvier", {**job, "threads": 1, "dtype": "float64"}
        ),
    }
    limit = peak()
    peers: dict[str, Worker] = {}
    if run.has("tf"):
        peers["Keras+TF"] = keras("Keras+TF", "tf", job)
    if run.has("jax"):
        peers["Keras+JAX"] = keras("Keras+JAX", "jax", job)
        peers["lax.scan"] = by_hand("lax.scan", "jax", "lax_scan.py", job)
    if run.has("torch") and optimizer == "sgd":
        peers["Keras+torch"] = keras("Keras+torch", "torch", job)
    if run.has("sklearn") and optimizer != "rmsprop" and net is NETS[0]:
        peers["scikit-learn"] = by_hand("scikit-learn", "sklearn", "sklearn_mlp.py", job)
    # Ours between the peers, so that both meet the same noise.
    first, second, third = ours.values()
    order = [first, *list(peers.values())[:2], limit, second, *list(peers.values())[2:], third]
    take_turns(order, run.turns)
    _report(run, net, optimizer, ours, peers, limit)


def _report(
    run: Run,
    net: Net,
    optimizer: str,
    ours: dict[str, Worker],
    peers: dict[str, Worker],
    limit: Worker,
) -> None:
    report, name = run.report, f"{net.name}, {optimizer}"
    times = {label: worker.median() for label, worker in (ours | peers).items()}

    def share(label: str) -> float | None:
        return share_of_peak(flops(net.sizes), ours[label], limit)

    report.row(
        TITLE,
        network=name,
        **{label: figure(us) for label, us in times.items()},
        **{
            "FMA peak, GFLOP/s": figure(limit.median("gflops")),
            "all cores at once": figure(limit.median("at_once")),
            "share of peak, %": figure(share("1 thread")),
        },
    )
    for label, goal in (("Keras+TF", net.tf), ("Keras+JAX", net.jax), ("lax.scan", net.scan)):
        report.at_least(f"{name}: over {label}", goal, over(peers.get(label), ours["Ranvier"]))
    if optimizer in PEAK_SHARE:
        report.at_least(
            f"{name}: FMA peak, 1 thread, {_COUNTED}",
            PEAK_SHARE[optimizer],
            share("1 thread"),
            " %",
        )
    if optimizer == "sgd":
        report.at_least(
            f"{name}: FMA peak, float64 data, {_COUNTED}",
            PEAK_SHARE_FLOAT64_DATA,
            share("float64 data"),
            " %",
        )
    digests = [
        w.figures[-1].get("digest") for w in (ours["Ranvier"], ours["1 thread"]) if w.figures
    ]
    same = digests[0] == digests[1] if len(digests) == 2 else None
    report.holds(f"{name}: the same bits at 1 and more threads", same)
    mine, theirs = ours["Ranvier"].median("peak_mb"), None
    if "Keras+TF" in peers:
        theirs = peers["Keras+TF"].median("peak_mb")
    if optimizer == "sgd":
        report.row(
            "Largest resident memory while training, MB (the data are 188 MB of it)",
            network=name,
            Ranvier=figure(mine),
            **{label: figure(worker.median("peak_mb")) for label, worker in peers.items()},
        )
        data_mb = 60_000 * 784 * 4 / 2**20
        above = ratio(mine - data_mb, theirs - data_mb) if mine and theirs else None
        report.at_most(f"{name}: memory above the data, of Keras+TF's", 0.333, above, "")
    for label, worker in peers.items():
        report.versions[label] = worker.about.get("version", "-")
