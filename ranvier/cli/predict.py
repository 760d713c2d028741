"""`ranvier predict IMAGE.png`: what a saved model sees in a picture."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from .rows import pixel_option
from .setting import choose, engine_options
from .task import DatasetName


@click.command()
@click.argument(
    "images", metavar="IMAGE...", nargs=-1, required=True, type=click.Path(path_type=Path)
)
@click.option(
    "--model",
    type=click.Path(path_type=Path),
    default=Path("runs/model.keras"),
    show_default=True,
    help="The saved model that looks.",
)
@click.option(
    "--top",
    metavar="N",
    type=click.IntRange(min=1),
    default=3,
    show_default=True,
    help="How many classes.",
)
@click.option(
    "--names",
    type=DatasetName(),
    help="The data set whose class names are meant.  [default: by the model's own name]",
)
@pixel_option
@engine_options
def predict(
    images: tuple[Path, ...],
    model: Path,
    top: int,
    names: str | None,
    pixels: str,
    engine: str | None,
    threads: int | None,
) -> None:
    """Say which classes each IMAGE most likely shows.

    A picture is made grey, 28x28 and light on dark, as those of Fashion-MNIST are. `ranvier train
    fashion-mnist --runs runs` makes the model that is asked by default. Needs Pillow: pip install
    'ranvier[image]'.
    """
    import numpy as np

    from ranvier import models

    from .image import read
    from .rows import suit

    choose(engine, threads)
    if not model.exists():
        raise click.UsageError(
            f"--model: {click.format_filename(model)} does not exist. "
            "Make one with: ranvier train fashion-mnist --runs runs"
        )
    pictures = np.stack([read(path) for path in images])
    network = models.load_model(model)
    answers = network.predict(suit(network, pictures, pixels), verbose=0)
    if answers.ndim != 2 or answers.shape[1] < 2:
        raise click.UsageError(
            f"--model: got a model whose output is {answers.shape[1:]}, expected one number for "
            "each of several classes."
        )
    if not np.isfinite(answers).all():
        raise click.UsageError(
            "--model: got a model whose answers are NaN or infinite, expected finite numbers. "
            "Train it anew with a smaller learning rate."
        )
    labels = _labels(network, names, answers.shape[1])
    for path, answer in zip(images, answers, strict=True):
        best = answer.argsort()[::-1][:top]
        click.secho(f"{path}: {labels[best[0]]}", bold=True)
        for label in best:
            click.echo(f"  {answer[label]:.3f}  {labels[label]}")


def _labels(network: Any, names: str | None, count: int) -> tuple[str, ...]:
    """Name the classes after the data set that is named, else by the model's name, else number."""
    from .task import class_names
    from .task import names as known

    name = names or str(network.name).replace("_", "-")
    labels = class_names(name) if name in known() else ()
    if names and len(labels) != count:
        raise click.UsageError(
            f"--names {names}: got {len(labels)} class names, expected {count}, "
            f"as the model has {count} outputs."
        )
    return labels if len(labels) == count else tuple(f"class {label}" for label in range(count))
