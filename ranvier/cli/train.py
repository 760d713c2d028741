"""`ranvier train DATASET`: build a dense network, train it, test it, leave what was learnt."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from .setting import engine_options
from .task import DatasetName
from .widths import Widths, WidthsCommand


@click.command(cls=WidthsCommand)
@click.argument("dataset", type=DatasetName())
@click.option(
    "--hidden",
    type=Widths(),
    default="100",
    metavar="N...",
    show_default=True,
    help="Widths of the hidden layers, for instance 300 100; no number: no hidden layer.",
)
@click.option(
    "--activation", metavar="NAME", default="relu", show_default=True, help="Of each hidden layer."
)
@click.option(
    "--dropout",
    metavar="X",
    type=click.FloatRange(0, 1, max_open=True),
    default=0.0,
    help="Share dropped after each hidden layer.",
    show_default=True,
)
@click.option(
    "--optimizer",
    metavar="NAME",
    default="adam",
    show_default=True,
    help="By name: sgd, adam, ...",
)
@click.option(
    "--learning-rate",
    metavar="X",
    type=click.FloatRange(min=0, min_open=True),
    help="[default: the optimizer's own]",
)
@click.option(
    "--epochs",
    metavar="N",
    type=click.IntRange(min=1),
    default=5,
    show_default=True,
    help="Passes over the rows.",
)
@click.option(
    "--batch-size",
    metavar="N",
    type=click.IntRange(min=1),
    default=32,
    show_default=True,
    help="Rows a step.",
)
@click.option(
    "--validation-split",
    metavar="X",
    type=click.FloatRange(0, 1, max_open=True),
    default=0.1,
    show_default=True,
    help="Share of the rows, the last ones, kept to validate on.",
)
@click.option(
    "--patience",
    metavar="N",
    type=click.IntRange(min=0),
    help="Stop where the validation loss has not improved for so many epochs, "
    "and keep the best weights.",
)
@click.option(
    "--rows",
    metavar="N",
    type=click.IntRange(min=2),
    help="Use the first rows only.  [default: all]",
)
@click.option(
    "--seed",
    metavar="N",
    type=click.IntRange(0, 2**32 - 1),
    default=42,
    show_default=True,
    help="The same seed gives the same weights.",
)
@click.option(
    "--save",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Keep the model in this .keras file, also when stopped."
    "  [default: DIR/model.keras with --runs]",
)
@click.option("--checkpoint", is_flag=True, help="Keep the model after every epoch, too.")
@click.option(
    "--runs",
    metavar="DIR",
    type=click.Path(path_type=Path, file_okay=False),
    help="Leave the history (CSV), the model and pictures in this folder.",
)
@click.option(
    "--verbose",
    type=click.Choice(["auto", "0", "1", "2"]),
    default="auto",
    show_default=True,
    help="0: silent, 1: progress bar, 2: a line an epoch.",
)
@engine_options
def train(dataset: str, **options: Any) -> None:
    """Train a dense network on DATASET, then test it.

    \b
    ranvier train fashion-mnist --hidden 300 100 --optimizer sgd --epochs 30
    ranvier train california-housing --hidden 30 --runs "my runs"

    Images end in one output for each class, tables in one number. Prints the accuracy of each
    class by name. With --runs, pictures of samples, learning curves, confusion matrix and the
    first layer's neurons are left (needs matplotlib: pip install 'ranvier[plot]').
    """
    from .training import Plan, run

    run(Plan(dataset=dataset, **options))
