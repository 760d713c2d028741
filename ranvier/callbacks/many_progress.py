"""One display for many models that train at once."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from typing import Any, Protocol

from .progress import shown
from .screen import BOLD, Screen, columns_of, cut

#: So many models have a line each; more share one.
_LINES = 10
_INTERVAL = 0.1
_WIDTH = 20


class Track(Protocol):
    """What is shown of a model."""

    @property
    def name(self) -> str:
        """Its name."""

    @property
    def share(self) -> float:
        """How much of its training is done, 0 to 1."""

    @property
    def ended(self) -> bool:
        """Whether it goes on no more."""

    @property
    def error(self) -> Exception | None:
        """What ended it too early."""

    @property
    def epochs(self) -> int:
        """How many epochs it has done."""

    @property
    def logs(self) -> Mapping[str, Any]:
        """The numbers of its last epoch."""


class ManyProgress:
    """A line a model on a terminal, or one line for all where they are many.

    A pipe or file gets the last line only, without codes; with `verbose` 2 also a line for each
    model that is done.

    Args:
        tracks: the models.
        verbose: 0, 1 or 2.
    """

    def __init__(self, tracks: Sequence[Track], verbose: int) -> None:
        self.tracks, self.verbose = tracks, verbose
        self.screen = Screen()
        self._start = time.monotonic()
        self._last, self._drawn, self._columns = -1.0, 0, 0
        self._told: set[int] = set()

    def look(self) -> None:
        """Draw if that is due."""
        if self.verbose == 2:
            self._tell()
        now = time.monotonic()
        if self.verbose == 1 and self.screen.moves and now - self._last >= _INTERVAL:
            self._last = now
            self._draw()

    def end(self) -> None:
        """Draw for the last time."""
        if self.verbose == 2:
            self._tell()
        elif self.verbose == 1:
            self._draw()
            if self.screen.moves and not self._has_lines:
                self.screen.write("\n")

    @property
    def _has_lines(self) -> bool:
        screen = self.screen
        return screen.moves and screen.columns > 0 and 1 < len(self.tracks) <= _LINES

    def _draw(self) -> None:
        screen = self.screen
        if self._has_lines:
            text = f"\x1b[{self._drawn}F" if self._drawn else ""
            text += "".join(f"\r{self._line(track)}\x1b[K\n" for track in self.tracks)
            self._drawn = len(self.tracks)
        else:
            line = self._all()
            blank = " " * max(0, self._columns - columns_of(line))
            self._columns = columns_of(line)
            text = f"\r{line}{blank}" if screen.moves else f"{line}\n"
        screen.write(text)

    def _line(self, track: Track) -> str:
        left = max(0, self.screen.columns - _WIDTH - 30)
        name = cut(track.name, 20)
        tail = f" failed: {track.error}" if track.error else _numbers(track.logs)
        epochs = f"{track.epochs:4d} epochs" if track.epochs != 1 else "   1 epoch "
        return f"{name:20s} {self._bar(track.share)}{epochs}{cut(tail, left - 10)}"

    def _all(self) -> str:
        """One line for all models: how many are done, how long it takes, the best number."""
        tracks, past = self.tracks, time.monotonic() - self._start
        ended = sum(track.ended for track in tracks)
        share = sum(track.share for track in tracks) / max(1, len(tracks))
        clock = past if share >= 1 or share <= 0 else past * (1 - share) / share
        words = f"{ended}/{len(tracks)} models "
        bar = self._bar(share) if self.screen.moves else ""
        key = "val_loss" if any("val_loss" in track.logs for track in tracks) else "loss"
        found = [float(track.logs[key]) for track in tracks if key in track.logs]
        best = f" - {key}: {min(found):.4f} to {max(found):.4f}" if found else ""
        failed = sum(track.error is not None for track in tracks)
        lost = f" - {failed} failed" if failed else ""
        return f"{self.screen.paint(words, BOLD)}{bar}{clock:.0f}s{best}{lost}"

    def _bar(self, share: float) -> str:
        return self.screen.bar(int(_WIDTH * share), _WIDTH)

    def _tell(self) -> None:
        """Write a line for each model that is done and was not told of."""
        for place, track in enumerate(self.tracks):
            if track.ended and place not in self._told:
                self._told.add(place)
                tail = f" failed: {track.error}" if track.error else _numbers(track.logs)
                self.screen.write(
                    f"{len(self._told)}/{len(self.tracks)} - {track.name} - "
                    f"{track.epochs} epochs{tail}\n"
                )


def _numbers(logs: Mapping[str, Any]) -> str:
    """Return numbers as the progress bar shows them."""
    return "".join(shown(n, v) for n, v in logs.items() if isinstance(v, (int, float)))
