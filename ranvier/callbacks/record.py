"""Record: numbers of a training by name, which tell a name that is not there."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from ..graph.errors import NameMissingError, nearest


class Record(dict[str, Any]):
    """A dict whose names are those of loss and metrics; one that it lacks comes with the nearest.

    Books from before Keras 2.3 say "acc", and names in "val_" are there only where `fit` validates.

    Raises:
        NameMissingError: a KeyError, for a name that it does not have.

    Example:
        >>> Record(loss=[0.5], accuracy=[0.9])["acc"]  # doctest: +ELLIPSIS
        Traceback (most recent call last):
        ranvier.graph.errors.NameMissingError: got 'acc', ... Did you mean 'accuracy'?
    """

    def __missing__(self, name: Any) -> Any:
        raise NameMissingError(f"got {name!r}, which is not reported. {ways(name, self)}")

    def __reduce__(self) -> tuple[Any, ...]:
        return dict, (dict(self),)  # what is read without Ranvier, and in any later version


def ways(name: Any, names: Iterable[str]) -> str:
    """Return the sentences that say what there is in place of a name that is not reported.

    Example:
        >>> ways("val_loss", ["loss"])
        "Did you mean 'loss'? Names in val_ need validation_data or validation_split in fit."
    """
    known = list(names)
    words = nearest(name, known) if known else "There are no logs."
    if str(name).startswith("val_") and not any(k.startswith("val_") for k in known):
        words += " Names in val_ need validation_data or validation_split in fit."
    return words
