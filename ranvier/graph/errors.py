"""The errors a user can meet, and the helper that offers the nearest known name."""

from __future__ import annotations

import difflib
from collections.abc import Iterable


class RanvierError(Exception):
    """Base of every error that Ranvier raises on purpose."""


class ArgumentError(RanvierError, ValueError):
    """An argument has a value that cannot work."""


class ArgumentTypeError(RanvierError, TypeError):
    """An argument has a type that cannot work."""


class ShapeError(RanvierError, ValueError):
    """Shapes do not fit together."""


class DTypeError(RanvierError, TypeError):
    """Element types do not fit together."""


class DataError(RanvierError, ValueError):
    """The data handed to fit, evaluate or predict cannot be used as they are."""


class DataTypeError(RanvierError, TypeError):
    """The data handed to fit, evaluate or predict have a type that cannot be used."""


class DatasetError(RanvierError, OSError):
    """A data set could not be found, fetched or read."""


class ModelFileError(RanvierError, ValueError):
    """A model or weights file is damaged, hostile, or not of the expected form."""


class NotBuiltError(RanvierError, ValueError):
    """A layer or model is used before its weights exist, or before `compile`."""


class TraceError(RanvierError, TypeError):
    """Python code that cannot be traced into a graph, with the way out."""


class OpenBatchError(TraceError):
    """An operation mixes rows, so it needs a batch of one exact size."""


class GradientError(RanvierError, ValueError):
    """A gradient was asked for where there is none."""


class EngineError(RanvierError, RuntimeError):
    """An engine cannot do what it was asked."""


class BusyError(RanvierError, RuntimeError):
    """The model is in use by another thread or by an outer call."""


def nearest(name: object, known: Iterable[str]) -> str:
    """Return a sentence that offers the known names nearest to `name`, or all of them.

    Example:
        >>> nearest("adm", ["adam", "sgd"])
        "Did you mean 'adam'?"
    """
    names = sorted(known)
    close = difflib.get_close_matches(str(name), names, n=3, cutoff=0.6)
    if close:
        return "Did you mean " + " or ".join(repr(c) for c in close) + "?"
    return "Known names: " + ", ".join(names) + "."
