"""`ranvier datasets`: what there is to train on, whose it is, and where it lies."""

from __future__ import annotations

from typing import Any

import click


@click.command()
def datasets() -> None:
    """List the data sets: rows, source, licence, and where each is or how to get it."""
    from ranvier import datasets as room

    for number, (name, module) in enumerate(room.CATALOG.items()):
        if number:
            click.echo()
        click.secho(name.replace("_", "-"), bold=True)
        for label, text in describe(module):
            click.echo(f"  {label:<9}{text}")


def describe(module: Any) -> list[tuple[str, str]]:
    """Return the lines on a data set, each with its label."""
    source = module.SOURCE
    rows, _, what = source.contents.partition("; ")
    return [
        ("what", f"{source.title}; {what}"),
        ("rows", rows),
        ("source", source.homepage),
        ("licence", source.licence),
        ("where", _where(module)),
    ]


def _where(module: Any) -> str:
    from ranvier import datasets as room

    if not module.SOURCE.files:
        return "comes with ranvier"
    for source in (module.SOURCE, getattr(module, "IDX_SOURCE", module.SOURCE)):
        folder = room.locate(source)
        if folder is not None:
            return str(folder)
    package, file = module.SOURCE.package, module.SOURCE.files[0].name
    folder = room.cache_folder() / "datasets" / module.SOURCE.name
    way = f"apt install {package}" if package else f"put {file} into {folder}"
    return f"not here yet: downloaded at first use, or {way}"
