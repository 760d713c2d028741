"""Two threads against one, on a quiet machine and on one whose cores are busy."""

from __future__ import annotations

import os
import subprocess
import sys

from benchmarks.claims.steps import NETS
from benchmarks.run import Run
from benchmarks.table import figure
from benchmarks.worker import keras, over, take_turns

GOAL = 1.1


def measure(run: Run) -> None:
    """Measure 784-100-10 with SGD at one and two threads, first alone, then beside busy loops."""
    print("threads", flush=True)
    job = {
        "do": "fit",
        "kind": "classify",
        "net": NETS[0].sizes,
        "optimizer": "sgd",
        "data": run.data("fashion"),
    }
    for name, count in (("quiet", 0), ("busy", os.cpu_count() or 1)):
        workers = [
            keras(f"{threads} threads", "ranvier", {**job, "threads": threads})
            for threads in (1, 2)
        ]
        load = [subprocess.Popen([sys.executable, "-c", "while True: pass"]) for _ in range(count)]
        try:
            take_turns(workers, run.turns)
        finally:
            for process in load:
                process.kill()
                process.wait()
        one, two = (worker.median() for worker in workers)
        run.report.row(
            "Microseconds a step, 784-100-10, SGD, by threads",
            machine=name,
            **{"1 thread": figure(one), "2 threads": figure(two)},
        )
        run.report.at_most(
            f"two threads, of one ({name} cores)", GOAL, over(*reversed(workers)), "x"
        )
