"""How many steps one native call takes: about 20 ms of them, learnt while running."""

from __future__ import annotations

#: Long enough that the call costs nothing beside it, short enough for Ctrl-C and progress bar.
TARGET_SECONDS = 0.02


class Pace:
    """The number of steps a call, from what the last calls took.

    It starts at one step and at most quadruples, so that one slow step is never made a long call.

    Args:
        fixed: always this many steps, for callbacks that watch each batch.
    """

    def __init__(self, fixed: int | None = None) -> None:
        self.fixed = fixed
        self.steps = fixed or 1

    def took(self, steps: int, seconds: float) -> None:
        """Learn from a call of `steps` steps."""
        if self.fixed is None and steps:
            wanted = TARGET_SECONDS * steps / max(seconds, 1e-7)
            self.steps = max(1, min(int(wanted), 4 * self.steps))
