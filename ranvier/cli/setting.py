"""The options that choose the engine and its threads, shared by the commands that compute."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import click


def engine_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add --engine and --threads to a command; `choose` carries them out."""
    threads = click.option(
        "--threads",
        metavar="N",
        type=click.IntRange(min=1),
        help="How many threads a step may use. The result is the same.  [default: all cores]",
    )
    engine = click.option(
        "--engine",
        type=click.Choice(["native", "reference"]),
        help="native: machine code made for the network; reference: NumPy, slow."
        "  [default: native]",
    )
    return engine(threads(command))


def choose(engine: str | None, threads: int | None) -> None:
    """Set what was given; what was not stays as the environment says."""
    from ranvier import config

    if engine is not None:
        config.set_engine(engine)
    if threads is not None:
        config.set_threads(threads)
