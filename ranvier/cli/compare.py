"""`ranvier compare DATASET`: the books' ladder of models, cross-validated, in one table."""

from __future__ import annotations

import csv
import errno
import os
import sys
from collections import Counter
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import click

from . import ladder, signals
from .setting import choose, engine_options
from .task import load, offer

#: What the ladder is made for.
_SETS = ("fashion-mnist", "mnist")


class Models(click.ParamType):
    """Names of rungs, parted by commas."""

    name = "models"

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> tuple[str, ...]:
        """Return the names, in the ladder's order."""
        if isinstance(value, tuple):
            return value
        known = [rung.name for rung in ladder.rungs()]
        asked = [name.strip() for name in str(value).split(",") if name.strip()]
        if not asked:
            self.fail(f"got {value!r}, expected names of models. --list names them.", param, ctx)
        for name in asked:
            if name not in known:
                way = offer(name, known)
                self.fail(f"got {name!r}, expected the name of a model. {way}", param, ctx)
        return tuple(name for name in known if name in asked)


@click.command()
@click.argument("dataset", type=click.Choice(_SETS), metavar="DATASET", required=False)
@click.option("--models", type=Models(), metavar="NAME,...",
              help="Only these.  [default: all; --list names them]")  # fmt: skip
@click.option("--list", "names_only", is_flag=True, help="Name the models and end.")
@click.option("--folds", type=click.IntRange(min=2), default=5, show_default=True, metavar="N",
              help="Folds of the cross-validation.")  # fmt: skip
@click.option("--epochs", type=click.IntRange(min=1), default=5, show_default=True, metavar="N",
              help="Passes over the rows.")  # fmt: skip
@click.option("--batch-size", type=click.IntRange(min=1), default=32, show_default=True,
              metavar="N", help="Rows a step of a network.")  # fmt: skip
@click.option("--rows", type=click.IntRange(min=20), metavar="N",
              help="Use the first rows only.  [default: all]")  # fmt: skip
@click.option("--seed", type=click.IntRange(0, 2**32 - 1), default=42, show_default=True,
              metavar="N", help="The same seed gives the same figures.")  # fmt: skip
@click.option("--csv", "table", type=click.Path(path_type=Path, dir_okay=False),
              help="Leave the table in this file, too.")  # fmt: skip
@click.option("--picture", type=click.Path(path_type=Path, dir_okay=False),
              help="Leave a picture in this file (.png, .svg, .pdf).")  # fmt: skip
@engine_options
def compare(
    dataset: str | None, models: tuple[str, ...] | None, names_only: bool, folds: int, epochs: int,
    batch_size: int, rows: int | None, seed: int, table: Path | None, picture: Path | None,
    engine: str | None, threads: int | None,
) -> None:  # fmt: skip
    """Compare the models of the books on DATASET: fashion-mnist or mnist.

    \b
    ranvier compare fashion-mnist
    ranvier compare fashion-mnist --rows 5000 --models softmax,relu-100 --csv ladder.csv

    Each is cross-validated on the training set with pixels from 0 to 1: mean and deviation of the
    accuracy over the folds, the seconds that all folds took, and the figure that the book prints.
    The table grows model by model, and what Ctrl-C leaves of it is whole, in the files, too.
    Needs scikit-learn: pip install 'ranvier[sklearn]'.
    """
    chosen = [r for r in ladder.rungs() if models is None or r.name in models]
    if names_only:
        for rung in chosen:
            click.echo(f"{rung.name:<18} {rung.title}")
        return
    if dataset is None:
        raise click.UsageError(f"Missing argument 'DATASET'. Choose from: {', '.join(_SETS)}.")
    _check(table, picture)
    choose(engine, threads)
    x, y = _data(dataset, rows)
    most = max(Counter(y.tolist()).values())
    if folds > most:
        raise click.UsageError(
            f"--folds: got {folds}, expected at most {most}: no class of these rows has more."
        )
    counts = f"{len(x):,} rows, {folds} folds, {epochs} epochs"
    click.secho(f"{dataset}: {counts}", bold=True)
    width = max(len(rung.title) for rung in chosen)
    click.secho(f"{'Model':<{width}}  Accuracy           Seconds  Book", bold=True)
    title = f"{dataset}, {counts}"
    found: list[ladder.Result] = []
    try:
        for rung in chosen:
            with Doing(rung, width, folds * epochs) as doing:
                found.append(ladder.climb(rung, x, y, folds, epochs, batch_size, seed, doing.tell))
            click.echo(line(found[-1], width))
            if table is not None:
                write(table, found)  # at once, so that nothing takes it back
    except KeyboardInterrupt:
        with signals.held():
            click.echo(f"Stopped after {len(found)} of {len(chosen)} models.", err=True)
            _leave(found, title, table, picture)
        raise
    _leave(found, title, table, picture)


class Doing:
    """On a terminal, the line of the model that trains: what it is, and how far."""

    def __init__(self, rung: ladder.Rung, width: int, epochs: int) -> None:
        self._shown = sys.stdout.isatty()
        self._title, self._total = f"{rung.title:<{width}}", epochs
        self._tells = not rung.estimator

    def __enter__(self) -> Doing:
        self.tell(0)
        return self

    def tell(self, done: int) -> None:
        """Say how many epochs are done."""
        if self._shown:
            far = f"epoch {done} of {self._total}" if self._tells else "training"
            click.echo(f"\r{self._title}  {far}", nl=False)

    def __exit__(self, *_: Any) -> None:
        if self._shown:
            click.echo("\r\x1b[K", nl=False)


def _leave(
    found: list[ladder.Result], title: str, table: Path | None, picture: Path | None
) -> None:
    """Leave the files that were asked for, if there is anything to put in them."""
    if not found:
        return
    if table is not None:
        click.echo(f"Left in {table}")
    if picture is not None:
        from .pictures.ladder import figure

        figure(found, title).savefig(picture, dpi=150)
        click.echo(f"Left in {picture}")


def line(result: ladder.Result, width: int) -> str:
    """Return the row of a result in the printed table."""
    mean, deviation = result.accuracies.mean(), result.accuracies.std()
    rung = result.rung
    book = f"{rung.figure:.4f} ({rung.source})" if rung.figure is not None else "-"
    return f"{rung.title:<{width}}  {mean:.4f} +- {deviation:.4f}  {result.seconds:7.1f}  {book}"


def write(path: Path, found: list[ladder.Result]) -> None:
    """Write results as CSV: one row a model, one column a fold."""
    folds = [f"fold_{number}" for number in range(len(found[0].accuracies))]
    part = path.with_name(f"{path.name}.part")
    with part.open("w", encoding="utf-8", newline="") as file:
        out = csv.writer(file)
        out.writerow(
            ["model", "title", "accuracy", "deviation", "seconds", "book", "source", *folds]
        )
        for one in found:
            rung = one.rung
            out.writerow([
                rung.name, rung.title, f"{one.accuracies.mean():.6f}",
                f"{one.accuracies.std():.6f}", f"{one.seconds:.3f}",
                "" if rung.figure is None else rung.figure, rung.source,
                *(f"{value:.6f}" for value in one.accuracies),
            ])  # fmt: skip
    part.replace(path)


def _data(dataset: str, rows: int | None) -> tuple[Any, Any]:
    import numpy as np

    task = load(dataset, rows)
    x = np.empty(task.x_train.shape, np.float32)
    np.divide(task.x_train, 255.0, out=x, casting="same_kind")  # 60,000 in float64 are 376 MB
    return x, task.y_train


def _check(table: Path | None, picture: Path | None) -> None:
    """Refuse at once what would fail only after the training."""
    if find_spec("sklearn") is None:
        raise click.UsageError("compare needs scikit-learn: pip install 'ranvier[sklearn]'.")
    for path in (table, picture):
        if path is not None and not os.access(path.parent, os.W_OK):
            code = errno.EACCES if path.parent.exists() else errno.ENOENT
            raise OSError(code, os.strerror(code), str(path.parent))
    if picture is None:
        return
    if picture.suffix not in (".png", ".svg", ".pdf"):
        raise click.UsageError(
            f"--picture: got {str(picture)!r}, expected a name that ends in .png, .svg or .pdf."
        )
    if find_spec("matplotlib") is None:
        raise click.UsageError("--picture needs matplotlib: pip install 'ranvier[plot]'.")
