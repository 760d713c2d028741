"""Compiled code touches no byte that is not its own: programs on guarded memory, in a child."""

from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]

pytestmark = pytest.mark.skipif(
    not sys.platform.startswith("linux"), reason="guard pages are made by mprotect as on Linux"
)


def child(work: str, first: int, stride: int, extent: str) -> subprocess.CompletedProcess[str]:
    """Run programs on guarded memory in a process of their own."""
    words = [sys.executable, "-m", "tests.engines.native.guarded", work, str(first), str(stride)]
    return subprocess.run(
        [*words, extent], cwd=ROOT, capture_output=True, text=True, check=False, timeout=500
    )


def survives(work: str, first: int, stride: int, extent: str) -> None:
    result = child(work, first, stride, extent)
    lines = result.stdout.splitlines() or ["nothing"]
    if result.returncode or lines[-1] != "done":
        pytest.fail(
            f"ended with {result.returncode} in: {' / '.join(lines[-4:])}\n{result.stderr[-2000:]}"
        )


def test_a_stray_read_is_noticed() -> None:
    result = child("broken", 0, 1, "some")
    assert result.returncode == -signal.SIGSEGV
    assert result.stdout == "one row too many\n"


@pytest.mark.parametrize("work", ["cases", "training", "products"])
def test_some_programs(work: str) -> None:
    survives(work, 0, 1, "some")


@pytest.mark.slow
@pytest.mark.parametrize("part", range(4))
@pytest.mark.parametrize("work", ["cases", "training"])
def test_all_programs(work: str, part: int) -> None:
    survives(work, part, 4, "all")


@pytest.mark.slow
def test_all_products() -> None:
    survives("products", 0, 1, "all")
