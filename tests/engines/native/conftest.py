"""What tests of kernels share: kernels however small on all threads."""

from __future__ import annotations

import pytest

from ranvier.engines.native import program as native_program
from ranvier.engines.native.choice import Choice
from ranvier.plan import group, slopes, split, windows


@pytest.fixture
def threads(monkeypatch: pytest.MonkeyPatch) -> None:
    """Share all kernels, on as many threads as may be, and let tiles add up however few sums."""
    monkeypatch.setattr(split, "_PRODUCT", 1)
    monkeypatch.setattr(group, "_MANY", 1)
    monkeypatch.setattr(Choice, "pick", lambda self, most, steps: (most, steps))
    monkeypatch.setattr(native_program, "_CODE", {})
    monkeypatch.setenv("RANVIER_CACHE", "off")


@pytest.fixture
def small_windows(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let windows be what they are at few places and on few channels, too."""
    monkeypatch.setattr(windows, "_PLACES", 0)
    monkeypatch.setattr(windows, "_CHANNELS", 0)


@pytest.fixture
def small_slopes(monkeypatch: pytest.MonkeyPatch) -> None:
    """Pass over the zeros of slopes on few channels, too."""
    monkeypatch.setattr(slopes, "_PAIRS", 1)
