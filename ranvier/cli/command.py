"""The group of commands: what stops one of them becomes a sentence and an exit status."""

from __future__ import annotations

import errno
import sys
import warnings
from typing import Any

import click

import ranvier

from . import signals, stream
from .compare import compare
from .datasets import datasets
from .evaluate import evaluate
from .info import info
from .predict import predict
from .train import train


class Failure(click.ClickException):
    """A mistake that the user can mend: one sentence, status 2."""

    exit_code = 2


class Commands(click.Group):
    """Turns Ranvier's errors into sentences, and signals into the statuses that shells know."""

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command that was named."""
        try:
            return super().invoke(ctx)
        except (click.ClickException, click.exceptions.Exit, click.Abort):
            raise
        except KeyboardInterrupt as stop:
            ctx.exit(signals.status(stop))
        except Exception as error:
            sentence = explain(error)
            if sentence is None:
                raise
            raise Failure(sentence) from error


def explain(error: Exception) -> str | None:
    """Return what to say of an error that a user can mend; None for any other."""
    if isinstance(error, OSError):
        if error.errno == errno.EPIPE:
            return None
        if error.filename and error.strerror:
            return f"{error.filename}: {error.strerror}."
        return str(error)
    if isinstance(error, MemoryError):
        return "out of memory. Try fewer rows (--rows), smaller batches or smaller layers."
    from ranvier import errors

    return str(error) if isinstance(error, errors.RanvierError) else None


_SETTINGS = {"help_option_names": ["-h", "--help"], "max_content_width": 100}


@click.group(cls=Commands, context_settings=_SETTINGS)
@click.version_option(ranvier.__version__, prog_name="ranvier")
def commands() -> None:
    """Train neural networks on this computer's processor, and use them.

    Begin with: ranvier train fashion-mnist --epochs 5 --runs runs
    """


for command in (train, evaluate, predict, compare, datasets, info):
    commands.add_command(command)


def main() -> None:
    """Run the command line and leave with its status.

    Status 0: done. 2: a mistake, in one sentence. 130: stopped by Ctrl-C. 143: by SIGTERM.
    """
    stream.settle()
    signals.listen()
    warnings.showwarning = _warn
    try:
        commands.main(prog_name="ranvier")
    finally:
        sys.stdout.flush()


def _warn(message: Warning | str, *_: Any, **__: Any) -> None:
    click.echo(f"Warning: {message}", err=True)
