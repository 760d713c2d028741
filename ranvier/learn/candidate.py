"""One candidate of a search: its parameters, and how far it came."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

#: What a candidate may be: not begun, on its way, all its epochs done, ended early by its
#: callbacks, left behind by better ones, cut off by the budget or Ctrl-C, or impossible.
WAITING, GOING, DONE = "waiting", "going on", "done"
EARLY, BEHIND, CUT, FAILED = "stopped early", "left behind", "cut off", "failed"
STATES = (WAITING, GOING, DONE, EARLY, BEHIND, CUT, FAILED)


@dataclass
class Candidate:
    """One candidate.

    Attributes:
        number: from 0, in the order in which they were made.
        params: what the function that builds it is given.
        seed: what its weights and the order of its rows depend on.
        state: "done", "stopped early", "left behind", "cut off" or "failed".
        value: the objective in its best epoch: the mean over folds, where there are several.
        epoch: which epoch that was, from 1; of the first fold, where there are several.
        epochs: how many epochs it was trained.
        history: name -> one number an epoch, the mean over folds: its learning curve.
        seconds: how long its training took; candidates that trained beside it shared the time.
        error: why it failed.
    """

    number: int
    params: dict[str, Any]
    seed: int
    state: str = WAITING
    value: float = float("nan")
    epoch: int = 0
    epochs: int = 0
    history: dict[str, list[float]] = field(default_factory=dict)
    seconds: float = 0.0
    error: str | None = None
    models: list[Any] | None = field(default=None, repr=False, compare=False)
    #: The curves of each fold so far.
    curves: list[dict[str, list[float]]] = field(default_factory=list, repr=False)

    @property
    def is_going(self) -> bool:
        """Whether it may be trained further."""
        return self.state in (WAITING, GOING)

    @property
    def counts(self) -> bool:
        """Whether its value can be compared with others'."""
        return self.state not in (WAITING, FAILED) and self.value == self.value

    def take(self, outcome: Outcome, sign: float, objective: str) -> None:
        """Add what a training found: from now, or from a record."""
        if outcome.state != WAITING:  # else it is where it was
            self.state, self.error = outcome.state, outcome.error
        self.seconds += outcome.seconds
        self.curves = self.curves or [{} for _ in outcome.curves]
        for mine, new in zip(self.curves, outcome.curves, strict=True):
            for name, values in new.items():
                mine.setdefault(name, []).extend(values)
        self.history = _mean(self.curves)
        self.epochs = max((len(v) for one in self.curves for v in one.values()), default=0)
        self._judge(sign, objective)

    def _judge(self, sign: float, objective: str) -> None:
        best: list[tuple[float, int]] = []
        for curve in self.curves:
            values = [(sign * v, -k) for k, v in enumerate(curve.get(objective, ())) if v == v]
            if not values:
                return
            top, place = max(values)
            best.append((sign * top, 1 - place))
        if best:
            self.value = sum(value for value, _ in best) / len(best)
            self.epoch = best[0][1]


@dataclass
class Outcome:
    """What one training of a candidate gave: a rung of it, or all of it."""

    number: int
    rung: int
    state: str
    curves: list[dict[str, list[float]]]
    seconds: float
    error: str | None = None
    models: list[Any] | None = None
    exception: BaseException | None = None


def _mean(curves: list[dict[str, list[float]]]) -> dict[str, list[float]]:
    """Return the mean curve over folds, as long as any of them goes."""
    found: dict[str, list[float]] = {}
    for name in dict.fromkeys(name for one in curves for name in one):
        lines = [one.get(name, []) for one in curves]
        columns = [
            [line[k] for line in lines if k < len(line)] for k in range(max(map(len, lines)))
        ]
        found[name] = [sum(column) / len(column) for column in columns]
    return found
