"""The display of many models: lines on a terminal, one line for many, no codes in a pipe."""

from __future__ import annotations

import io
from dataclasses import dataclass, field
from typing import Any

import pytest

from ranvier.callbacks.many_progress import ManyProgress
from ranvier.callbacks.screen import Screen


@dataclass
class Known:
    """A model's progress, as it is shown."""

    name: str
    share: float = 0.0
    ended: bool = False
    error: Exception | None = None
    epochs: int = 0
    logs: dict[str, Any] = field(default_factory=dict)


@pytest.fixture
def screen() -> Screen:
    """A terminal of 100 columns without colours."""
    screen = Screen(io.StringIO())
    screen.moves, screen.columns, screen.colours, screen.fancy = True, 100, False, False
    return screen


def test_a_line_a_model_is_drawn_again_in_place(screen):
    tracks = [Known("wide", 0.5, epochs=1, logs={"loss": 0.25}), Known("deep")]
    progress = ManyProgress(tracks, 1)
    progress.screen = screen
    progress.look()
    tracks[1] = Known("deep", 1.0, True, ValueError("no"))
    progress.end()
    text = screen.stream.getvalue()
    assert "wide                 ==========..........    1 epoch  - loss: 0.2500" in text
    assert "\x1b[2F" in text and "deep                 ====================" in text
    assert text.rstrip("\x1b[K\n").endswith("failed: no")
    assert all(len(line) <= 100 for line in text.replace("\x1b[K", "").splitlines())


def test_many_models_share_a_line(screen):
    tracks = [Known(str(i), i / 20, i == 19, logs={"val_loss": float(i)}) for i in range(20)]
    progress = ManyProgress(tracks, 1)
    progress.screen = screen
    progress.look()
    assert screen.stream.getvalue().startswith("\r1/20 models =========...........")
    assert "val_loss: 0.0000 to 19.0000" in screen.stream.getvalue()


def test_silence(screen):
    progress = ManyProgress([Known("one")], 0)
    progress.screen = screen
    progress.look()
    progress.end()
    assert screen.stream.getvalue() == ""
