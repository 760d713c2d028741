"""A data set as a task for a network: rows to learn from, rows to be tested on, names."""

from __future__ import annotations

import difflib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    import numpy as np

# Values in dollars are far too large for a network's first steps; scikit-learn divides them too.
_UNITS = {
    "california-housing": (100_000.0, "100,000 dollars"),
    "boston-housing": (1.0, "1,000 dollars"),
}
# Rows that a dense network takes as they come: grey pictures, and tables of numbers.
_TAKEN = ("fashion-mnist", "mnist", *_UNITS)


@dataclass(frozen=True)
class Task:
    """A data set as loaded; without class names it asks for a number."""

    name: str
    title: str
    x_train: np.ndarray
    y_train: np.ndarray
    x_test: np.ndarray
    y_test: np.ndarray
    class_names: tuple[str, ...] = ()
    unit: str = ""

    @property
    def classifies(self) -> bool:
        """Whether the answer is a class, not a number."""
        return bool(self.class_names)

    @property
    def has_images(self) -> bool:
        """Whether a row is a picture: height by width, grey."""
        return self.x_train.ndim == 3

    @property
    def model_name(self) -> str:
        """The name that a model of this task gets, so that its file says what it knows."""
        return self.name.replace("-", "_")


class DatasetName(click.ParamType):
    """The name of a data set, with `-` or `_`."""

    name = "dataset"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """Return the name as `ranvier datasets` writes it."""
        known = names()
        name = str(value).lower().replace("_", "-")
        if name not in known:
            from ranvier import datasets

            way = offer(name, known)
            if name.replace("-", "_") in datasets.CATALOG:
                way = (
                    f"Commands take {', '.join(known)}; load this one in Python: "
                    f"ranvier.datasets.{name.replace('-', '_')}.load_data()."
                )
            self.fail(f"got {value!r}, expected the name of a data set. {way}", param, ctx)
        return name


def offer(name: str, known: list[str]) -> str:
    """Return a sentence that offers the known name nearest to `name`, or all of them."""
    close = difflib.get_close_matches(name, known, n=1)
    return f"Did you mean {close[0]!r}?" if close else f"Known: {', '.join(known)}."


def names() -> list[str]:
    """List the data sets that commands train on and test with, by their names there."""
    return list(_TAKEN)


def class_names(name: str) -> tuple[str, ...]:
    """Return the names of a data set's classes, none where they have no names."""
    from ranvier import datasets

    module = datasets.CATALOG[name.replace("-", "_")]
    if hasattr(module, "class_names"):
        return tuple(module.class_names)
    return tuple("0123456789") if name == "mnist" else ()


def load(name: str, rows: int | None = None) -> Task:
    """Load a data set.

    Args:
        name: as `ranvier datasets` writes it.
        rows: how many of the training rows to keep, from the first on; None for all.
    """
    from ranvier import datasets

    module = datasets.CATALOG[name.replace("-", "_")]
    (x_train, y_train), (x_test, y_test) = module.load_data()
    factor, unit = _UNITS.get(name, (1.0, ""))
    if factor != 1:
        y_train, y_test = y_train / factor, y_test / factor
    return Task(
        name=name,
        title=module.SOURCE.title,
        x_train=x_train[:rows],
        y_train=y_train[:rows],
        x_test=x_test,
        y_test=y_test,
        class_names=class_names(name),
        unit=unit,
    )
