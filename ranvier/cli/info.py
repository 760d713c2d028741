"""`ranvier info`: what runs here, for a report of a fault or a benchmark."""

from __future__ import annotations

import os
import platform

import click

_PACKAGES = {
    "numpy": "", "llvmlite": "", "h5py": "", "pooch": "", "click": "", "rich": "",
    "matplotlib": "plot", "pillow": "image", "scikit-learn": "sklearn",
    "onnx": "onnx", "optuna": "search", "distributed": "cluster",
}  # fmt: skip


@click.command()
def info() -> None:
    """Show version, engine, processor, threads, cache folder and packages."""
    for label, text in lines():
        click.echo(f"{label:<14}{text}")


def lines() -> list[tuple[str, str]]:
    """Return what there is to say, each with its label."""
    from ranvier import __version__, config, datasets

    from .processor import processor

    name, vectors = processor()
    return [
        ("ranvier", __version__),
        ("python", f"{platform.python_version()} on {platform.platform()}"),
        ("engine", config.engine()),
        ("processor", name),
        ("vectors", " ".join(vectors) or "not told by this system"),
        ("threads", f"{config.threads()} of {os.cpu_count()} cores"),
        ("cache", str(datasets.cache_folder())),
        *((package, _version(package, extra)) for package, extra in _PACKAGES.items()),
    ]


def _version(package: str, extra: str) -> str:
    import importlib.metadata

    try:
        return importlib.metadata.version(package)
    except importlib.metadata.PackageNotFoundError:
        return f"not installed (pip install 'ranvier{f'[{extra}]' if extra else ''}')"
