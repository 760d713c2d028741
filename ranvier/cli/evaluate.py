"""`ranvier evaluate MODEL.keras DATASET`: a saved model on the test set of a data set."""

from __future__ import annotations

from pathlib import Path

import click

from .rows import pixel_option
from .setting import choose, engine_options
from .task import DatasetName


@click.command()
@click.argument("model", type=click.Path(exists=True, path_type=Path))
@click.argument("dataset", type=DatasetName())
@pixel_option
@engine_options
def evaluate(
    model: Path, dataset: str, pixels: str, engine: str | None, threads: int | None
) -> None:
    """Evaluate the saved model MODEL on the test set of DATASET.

    Prints loss and metrics, and for classes the accuracy of each by name. `ranvier datasets`
    lists the data sets.
    """
    from ranvier import models

    from .report import report
    from .task import load

    choose(engine, threads)
    report(load(dataset), models.load_model(model), pixels)
