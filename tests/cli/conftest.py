"""The commands as a user runs them: in this process, or in one of their own."""

import contextlib
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import click.testing
import numpy as np
import pytest

from ranvier import datasets
from ranvier.cli.command import commands

ROOT = Path(__file__).resolve().parent.parent.parent
Start = Callable[..., subprocess.Popen[bytes]]


def run(*args: Any) -> click.testing.Result:
    """Run a command in this process."""
    return click.testing.CliRunner().invoke(commands, [str(arg) for arg in args])


@pytest.fixture
def start() -> Iterator[Start]:
    """Start `ranvier` in a process of its own, with both streams in pipes."""
    with contextlib.ExitStack() as started:

        def begin(*args: Any, **environment: str) -> subprocess.Popen[bytes]:
            process = subprocess.Popen(
                [sys.executable, "-m", "ranvier.cli", *map(str, args)],
                env={**os.environ, "PYTHONPATH": str(ROOT), **environment},
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
            )
            started.enter_context(process)
            started.callback(process.kill)
            return process

        yield begin


def images(count: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Make images in which a bright row tells the class."""
    rng = np.random.default_rng(seed)
    labels = (np.arange(count) % 10).astype(np.uint8)
    x = rng.integers(0, 60, (count, 28, 28)).astype(np.uint8)
    x[np.arange(count), 4 + 2 * labels] = 250
    return x, labels


def put_bars(patch: pytest.MonkeyPatch) -> None:
    """Put small, easy images in the place of Fashion-MNIST."""
    module = datasets.CATALOG["fashion_mnist"]
    patch.setattr(module, "load_data", lambda: (images(400, 0), images(100, 1)))


@pytest.fixture
def bars(monkeypatch: pytest.MonkeyPatch) -> None:
    """Do so for one test."""
    put_bars(monkeypatch)
