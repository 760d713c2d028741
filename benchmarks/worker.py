"""Workers that take turns: each is a process of its own, and only one of them works at a time."""

import json
import select
import signal
import statistics
import subprocess
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from benchmarks import environment

PEERS = Path(__file__).parent / "peers"
_SECONDS = 300
_SETTLE = 0.3


@dataclass
class Worker:
    """One process that measures; `figures` holds what it said, turn by turn."""

    label: str
    where: str
    script: Path
    job: dict[str, Any]
    extra: dict[str, str] = field(default_factory=dict)
    about: dict[str, Any] = field(default_factory=dict)
    figures: list[dict[str, Any]] = field(default_factory=list)
    fault: str = ""
    _process: subprocess.Popen | None = None

    def start(self) -> None:
        """Start the process and wait until it is warm."""
        self._log = tempfile.TemporaryFile("w+")  # noqa: SIM115
        self._process = subprocess.Popen(
            [environment.interpreter(self.where), self.script, json.dumps(self.job)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._log,
            text=True,
            env=environment.variables(self.extra),
        )
        self.about = self._answer() or {}

    def turn(self) -> None:
        """Let the process measure once."""
        if self.fault or self._process is None or self._process.stdin is None:
            return
        self._process.stdin.write("\n")
        self._process.stdin.flush()
        answer = self._answer()
        if answer:
            self.figures.append(answer)

    def signal(self, number: int) -> None:
        """Stop the process, or let it go on, if it lives."""
        if self._process is not None and self._process.poll() is None:
            self._process.send_signal(number)

    def stop(self) -> None:
        """End the process."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            for stream in (self._process.stdin, self._process.stdout, self._log):
                if stream is not None:
                    stream.close()

    def median(self, name: str = "us") -> float | None:
        """Return the median of one figure over the turns, or None where there is none."""
        values = [figures[name] for figures in self.figures if name in figures]
        return statistics.median(values) if values else None

    def _answer(self) -> dict[str, Any] | None:
        assert self._process is not None and self._process.stdout is not None
        ready, _, _ = select.select([self._process.stdout], [], [], _SECONDS)
        line = self._process.stdout.readline() if ready else ""
        if line:
            return json.loads(line)
        self._log.seek(0)
        lines = self._log.read().strip().splitlines()
        self.fault = lines[-1][:200] if lines else f"no answer within {_SECONDS} s"
        print(f"  {self.label}: {self.fault}", flush=True)
        return None


def take_turns(workers: list[Worker], turns: int) -> None:
    """Warm all workers up, then let each measure once, `turns` times round.

    All others are stopped meanwhile: the threads of some libraries go on spinning for a fifth of a
    second after their work, longer than a turn of the fastest takes.
    """
    try:
        for worker in workers:
            worker.start()
            worker.signal(signal.SIGSTOP)
        for _ in range(turns):
            for worker in workers:
                worker.signal(signal.SIGCONT)
                time.sleep(_SETTLE)
                worker.turn()
                worker.signal(signal.SIGSTOP)
    finally:
        for worker in workers:
            worker.stop()


def by_turn(value: Callable[..., float], *workers: Worker | None) -> float | None:
    """Return the median over the turns of a value of what each worker measured in that turn.

    A machine shared with others changes its speed within minutes: workers are compared as they
    were one after the other, not by medians that may come from a fast and a slow time.
    """
    turns = zip(*(worker.figures if worker else () for worker in workers), strict=False)
    values = [value(*figures) for figures in turns]
    return statistics.median(values) if values else None


def over(slow: Worker | None, fast: Worker) -> float | None:
    """Return how many times longer a step takes with `slow`, turn by turn."""
    return by_turn(lambda a, b: a["us"] / b["us"], slow, fast)


def share_of_peak(flops: int, worker: Worker, limit: Worker) -> float | None:
    """Return how much of the peak a step of so many operations reaches, in percent."""
    return by_turn(lambda a, b: 100 * flops / (a["us"] * b["gflops"] * 1e3), worker, limit)


def keras(label: str, where: str, job: dict[str, Any]) -> Worker:
    """Return a worker that runs `fit` or `predict` with Keras on the backend of `where`."""
    backend = {"tf": "tensorflow"}.get(where, where)
    extra = {} if where == "ranvier" else {"KERAS_BACKEND": backend}
    module = "ranvier" if where == "ranvier" else "keras"
    return Worker(label, where, PEERS / "keras_fit.py", {**job, "module": module}, extra)


#: What tables call Keras on each backend.
_ON = {"tf": "Keras+TF", "jax": "Keras+JAX", "torch": "Keras+torch"}


def keras_on(usable: Sequence[str], job: dict[str, Any]) -> dict[str, Worker]:
    """Return a worker of Keras for each backend of `usable`, by the name that tables have."""
    return {_ON[where]: keras(_ON[where], where, job) for where in usable}


def by_hand(label: str, where: str, script: str, job: dict[str, Any]) -> Worker:
    """Return a worker that runs a script of its own."""
    return Worker(label, where, PEERS / script, job)


def peak() -> Worker:
    """Return the worker that measures the processor's own limit between the others' turns."""
    return Worker("FMA peak", "ranvier", Path(__file__).parent / "peak.py", {})
