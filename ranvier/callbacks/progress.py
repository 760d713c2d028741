"""The progress bar: Keras' lines on a terminal, in a notebook, in a pipe."""

from __future__ import annotations

import time
from collections.abc import Iterable
from typing import Any

import numpy as np

from .screen import BOLD, Screen, columns_of, cut


class Progbar:
    """A line that shows how far a loop is, how long a step takes, and numbers by name.

    Args:
        target: steps in all, None if not known.
        width: characters of the bar, default 20.
        verbose: 1 for a bar, 2 for one line at the end, 0 for nothing.
        interval: seconds between two drawings, default 0.05.
        stateful_metrics: names shown as they are; others are averaged over the steps.
        stateless_metrics: names to average; others are shown as they are.
        unit_name: what a step is called.

    Example:
        >>> bar = Progbar(2, verbose=2)
        >>> bar.update(2, [("loss", 0.25)])  # doctest: +SKIP
        2/2 - 0s - 10us/step - loss: 0.2500

    Source: keras.utils.Progbar. In a pipe or file it writes only the last line, without codes.
    """

    def __init__(
        self,
        target: int | None,
        width: int = 20,
        verbose: int = 1,
        interval: float = 0.05,
        stateful_metrics: Iterable[str] | None = None,
        stateless_metrics: Iterable[str] | None = None,
        unit_name: str = "step",
    ) -> None:
        self.target, self.width, self.verbose = target, width, verbose
        self.interval, self.unit_name = interval, unit_name
        self._averaged = None if stateless_metrics is None else frozenset(stateless_metrics)
        self._kept = frozenset(stateful_metrics or ())
        self._values: dict[str, tuple[float, float]] = {}
        self.screen = Screen()
        self._start = time.monotonic()
        self._after_first: float | None = None
        self._last = 0.0
        self._seen = 0
        self._drawn = 0

    def due(self) -> bool:
        """Tell whether an update now would be drawn."""
        return (
            self.verbose == 1
            and self.screen.moves
            and time.monotonic() - self._last >= self.interval
        )

    def update(
        self, current: int, values: Iterable[tuple[str, Any]] | None = None,
        finalize: bool | None = None,
    ) -> None:  # fmt: skip
        """Show that `current` steps are done.

        Args:
            current: steps done so far.
            values: (name, number) pairs.
            finalize: whether this is the last line; default: when the target is reached.
        """
        last = finalize if finalize is not None else (
            self.target is not None and current >= self.target)  # fmt: skip
        self._take(current, values or (), last)
        now = time.monotonic()
        unit = self._seconds_a_step(current, now)
        if self.verbose == 1:
            if last or self.due():
                self._draw(current, now, unit, last)
                self._last = now
        elif self.verbose == 2 and last:
            self.screen.write(
                f"{self._count(current)} - {now - self._start:.0f}s -{self._per_step(unit)}"
                f"{self._numbers()}\n"
            )

    def add(self, n: int, values: Iterable[tuple[str, Any]] | None = None) -> None:
        """Show that `n` more steps are done."""
        self.update(self._seen + n, values)

    def _take(self, current: int, values: Iterable[tuple[str, Any]], last: bool) -> None:
        for name, value in values:
            # A metric of several numbers, one a class, shows their mean.
            number = float(np.mean(value))
            average = name in self._averaged if self._averaged is not None else (
                name not in self._kept)  # fmt: skip
            if average and not last:
                steps = max(current - self._seen, 1)
                total, count = self._values.get(name, (0.0, 0.0))
                self._values[name] = (total + number * steps, count + steps)
            else:
                self._values[name] = (number, 1.0)
        self._seen = current

    def _draw(self, current: int, now: float, unit: float, last: bool) -> None:
        screen = self.screen
        head, bar = self._count(current), ""
        if self.target:
            bar = screen.bar(min(self.width, int(self.width * current / self.target)), self.width)
        if last or not self.target:
            clock = f"{now - self._start:.0f}s"
        else:
            clock = _duration(unit * (self.target - current))
        tail = f"{self._per_step(unit)}{self._numbers()}"
        visible = len(head) + 1 + (self.width + 1 if bar else 0) + len(clock)
        if screen.columns and not last:
            tail = cut(tail, screen.columns - 1 - visible)
        line = f"{screen.paint(head, BOLD)} {bar}{screen.paint(clock, BOLD)}{tail}"
        visible += columns_of(tail)
        blank = " " * max(0, self._drawn - visible)
        self._drawn = visible
        if screen.moves:
            line = f"\r{line}{blank}"
        screen.write(line + ("\n" if last else ""))

    def _count(self, current: int) -> str:
        if not self.target:
            return f"{current:7d}/Unknown"
        return f"{current:{len(str(self.target))}d}/{self.target}"

    def _numbers(self) -> str:
        text = ""
        for name, (total, count) in self._values.items():
            text += shown(name, total / max(1.0, count))
        return text

    def _seconds_a_step(self, current: int, now: float) -> float:
        """The mean time of a step; the first is left out where it was seen alone."""
        if not current:
            return 0.0
        if self._after_first is not None and current > 1:
            unit = (now - self._after_first) / (current - 1)
        else:
            unit = (now - self._start) / current
        if current == 1:
            self._after_first = now
        return unit

    def _per_step(self, unit: float) -> str:
        if unit >= 1 or unit == 0:
            return f" {unit:.0f}s/{self.unit_name}"
        if unit >= 1e-3:
            return f" {unit * 1e3:.0f}ms/{self.unit_name}"
        return f" {unit * 1e6:.0f}us/{self.unit_name}"


def shown(name: str, value: float) -> str:
    """Return a number as it stands behind a bar."""
    return f" - {name}: {value:.4f}" if abs(value) > 1e-3 else f" - {name}: {value:.4e}"


def _duration(seconds: float) -> str:
    whole = int(seconds)
    if seconds > 3600:
        return f"{whole // 3600}:{whole % 3600 // 60:02d}:{whole % 60:02d}"
    if seconds > 60:
        return f"{whole // 60}:{whole % 60:02d}"
    return f"{whole}s"
