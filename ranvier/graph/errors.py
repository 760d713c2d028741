"""The errors a user can meet, and the helper that offers the nearest known name."""

from __future__ import annotations

import difflib
import linecache
import sys
import warnings
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from fnmatch import fnmatchcase
from pathlib import Path
from types import FrameType, ModuleType
from typing import Any, NamedTuple


class RanvierError(Exception):
    """Base of every error that Ranvier raises on purpose."""


class ArgumentError(RanvierError, ValueError):
    """An argument has a value that cannot work."""


class ArgumentTypeError(ArgumentError, TypeError):
    """An argument has a type that cannot work; `except ValueError` catches it, too, as Keras'."""


class ShapeError(RanvierError, ValueError):
    """Shapes do not fit together."""


class DTypeError(RanvierError, TypeError):
    """Element types do not fit together."""


class DataError(RanvierError, ValueError):
    """The data handed to fit, evaluate or predict cannot be used as they are."""


class DataTypeError(RanvierError, TypeError):
    """The data handed to fit, evaluate or predict have a type that cannot be used."""


class DataTextError(DataTypeError, DataError):
    """Text where numbers are expected, for instance as labels: of a wrong type and value."""


class DatasetError(RanvierError, OSError):
    """A data set could not be found, fetched or read."""


class ModelFileError(RanvierError, ValueError):
    """A model or weights file is damaged, hostile, or not of the expected form."""


class ModelFileMissingError(ModelFileError, FileNotFoundError):
    """A model or weights file is not there; `except OSError` catches it, too."""

    def __init__(self, number: int | None, words: str, name: str) -> None:
        super().__init__(number, words, name)
        self.errno, self.strerror, self.filename = number, words, name  # ValueError sets none


class NotBuiltError(RanvierError, ValueError):
    """A layer or model is used before its weights exist, or before `compile`."""


class NotCalledError(NotBuiltError, AttributeError):
    """A layer is asked for what only its first call on an Input makes."""


class TraceError(RanvierError, TypeError):
    """Python code that cannot be traced into a graph, with its line and the way out."""

    def __init__(self, message: str) -> None:
        super().__init__(message + _line_of_the_user())

    def __reduce__(self) -> tuple[object, ...]:
        # __init__ would name a line of the process that it comes to.
        return _as_it_was, (type(self), self.args), self.__dict__


def _as_it_was(kind: type[TraceError], words: tuple[object, ...]) -> TraceError:
    return kind.__new__(kind, *words)


def _line_of_the_user() -> str:
    """Return where the user's code stands that is being traced; "" where none is."""
    frame = sys._getframe(2)
    while frame is not None and _home(frame) in ("ranvier", "numpy", "sklearn"):
        frame = frame.f_back  # type: ignore[assignment]
    if frame is None:
        return ""
    code, line, outer = frame.f_code, frame.f_lineno, frame.f_back
    while outer is not None and _home(outer) != "ranvier":
        outer = outer.f_back
    if outer is None:  # nobody traces it: the traceback ends at this line
        return ""
    words = linecache.getline(code.co_filename, line).strip()
    return f"\n  In {code.co_name}, {code.co_filename}, line {line}: {words}"


def _home(frame: FrameType) -> str:
    return str(frame.f_globals.get("__name__", "")).partition(".")[0]


_ROWS = (
    "A compiled step serves batches of any number of rows (size None): leave the first axis where "
    "it is, or reduce over it by sum, mean, max and the like."
)


class OpenBatchError(TraceError):
    """An operation mixes rows, so it needs a batch of one exact size."""

    def __init__(self, message: str) -> None:
        # Caught and tried anew with an exact size, so it names no line.
        RanvierError.__init__(self, message if message.endswith(_ROWS) else f"{message} {_ROWS}")


class GradientError(RanvierError, ValueError):
    """A gradient was asked for where there is none."""


class TapeError(GradientError, RuntimeError):
    """A gradient tape is asked for what it has not recorded, or has given away."""


class EngineError(RanvierError, RuntimeError):
    """An engine cannot do what it was asked."""


class BusyError(RanvierError, RuntimeError):
    """The model is in use by another thread or by an outer call."""


class ManyError(RanvierError, RuntimeError):
    """Some of several models could not be trained; the others are.

    Attributes:
        errors: {place of a model in the list: its error}.
        histories: a History a model; of those in `errors`, up to their error.
    """

    def __init__(
        self, message: str, errors: dict[int, BaseException], histories: list[object]
    ) -> None:
        super().__init__(message)
        self.errors, self.histories = errors, histories

    def __reduce__(self) -> tuple[object, ...]:
        return type(self), (*self.args, self.errors, self.histories), self.__dict__


class LossError(RanvierError, RuntimeError):
    """The loss is NaN or infinite, where that was asked to be an error."""


class NameMissingError(RanvierError, KeyError):
    """A history or logs are asked for a name that they do not have."""

    def __str__(self) -> str:
        return str(self.args[0])  # KeyError shows its words in quotes


class DataWarning(UserWarning):
    """The data may not be what was meant. `warnings.simplefilter("error", DataWarning)` raises."""


class UserLine(NamedTuple):
    """A line of the user's code, and the names of the module in which it stands."""

    file: str
    number: int
    names: dict[str, Any]


#: What Python calls a module's notes of warnings that were said.
_REGISTRY = "__warningregistry__"
#: Where warnings are said that come from a thread of ours, in which no code of the user's runs.
_SAID_AT: ContextVar[UserLine | None] = ContextVar("_SAID_AT", default=None)


def user_line() -> UserLine:
    """Return the line of the user's code that called into Ranvier."""
    said = _SAID_AT.get()
    if said is not None:
        return said
    frame = sys._getframe(1)
    while frame.f_back is not None and _home(frame) in ("ranvier", "contextlib"):
        frame = frame.f_back
    return UserLine(frame.f_code.co_filename, frame.f_lineno, frame.f_globals)


@contextmanager
def warning_at(line: UserLine) -> Iterator[None]:
    """Let warnings of this thread be said at a line of the user's code."""
    token = _SAID_AT.set(line)
    try:
        yield
    finally:
        _SAID_AT.reset(token)


def warn(message: str, category: type[Warning] = DataWarning) -> None:
    """Warn at the line of the user's code that called into Ranvier, so that it is said once there.

    Example:
        >>> with warnings.catch_warnings(record=True) as caught:
        ...     warnings.simplefilter("always")
        ...     warn("mind the gap")
        >>> caught[0].category.__name__
        'DataWarning'
    """
    file, number, names = user_line()
    module, told = str(names.get("__name__", "<string>")), names.setdefault(_REGISTRY, {})
    warnings.warn_explicit(message, category, file, number, module, told)


def unmade(owner: object, name: str) -> AttributeError:
    """Return the error for an attribute that is not there, since `__init__` never ran, perhaps."""
    what = type(owner).__name__
    words = f"{what!r} object has no attribute {name!r}"
    if "name" not in vars(owner):
        words = f"{what} has no attribute {name!r} yet. Begin its __init__ with super().__init__()."
    return AttributeError(words, name=name, obj=owner)


def absent(
    module: str, known: Mapping[str, object], gone: Mapping[str, str] | None = None
) -> Callable[[str], object]:
    """Return the `__getattr__` of a module: it raises AttributeError with the way out.

    Args:
        module: the module's name.
        known: its `globals()`, looked at where a name is missing; its own modules are no way out.
        gone: what to use in place of names that books have and this library has not.

    Example:
        >>> missing = absent("ranvier.optimizers", {"Adam": 1, "SGD": 2})
        >>> missing("Adem")
        Traceback (most recent call last):
        AttributeError: ranvier.optimizers has no 'Adem'. Did you mean 'Adam'?
    """

    def missing(name: str) -> object:
        if name == "__path__":  # as a package without files, so that imports of what Keras has
            return []  # below this module are told what is said here
        if name.startswith("__"):  # asked for by tools, which look no further
            raise AttributeError(f"module {module!r} has no attribute {name!r}", name=name)
        why = (gone or {}).get(name) or _reason(module, name)
        if why:
            raise AttributeError(f"{module} has no {name!r}: {why}", name=name)
        names = [k for k, v in known.items() if k[0] != "_" and not isinstance(v, ModuleType)]
        close = nearest(name, names)
        if not close.startswith("Did you mean"):
            close = f"dir({module}) lists what it has."
        raise AttributeError(f"{module} has no {name!r}. {close}", name=name)

    return missing


def reasons() -> list[tuple[str, str]]:
    """Return (pattern, why) for names that Keras 3 has and this library has not."""
    lines = Path(__file__).with_name("absent.tsv").read_text(encoding="utf-8").splitlines()
    pairs = (line.partition("\t") for line in lines)
    return [(pattern, why) for pattern, _, why in pairs]


def _reason(module: str, name: str) -> str:
    """Return why a module lacks a name, "" where nothing is known of it."""
    room = module.rpartition(".")[0]
    if room and name in dir(sys.modules[room]):
        return f"it is {room}.{name}."
    asked = f"keras{module.removeprefix('ranvier')}.{name}"
    fitting = (
        why for pattern, why in reasons()
        if fnmatchcase(asked, pattern) or fnmatchcase(f"{asked}.", pattern)
    )  # fmt: skip
    return next((f"{why}." for why in fitting), "")


def nearest(name: object, known: Iterable[str]) -> str:
    """Return a sentence that offers the known names nearest to `name`, or all of them.

    Example:
        >>> nearest("adm", ["adam", "sgd"])
        "Did you mean 'adam'?"
    """
    names = sorted(known)
    close = [known for known in names if _letters(known) == _letters(str(name))]
    close = close or difflib.get_close_matches(str(name), names, n=3, cutoff=0.6)
    if not close and len(str(name)) > 1:
        close = [known for known in names if known.startswith(str(name))][:3]
    if close:
        return "Did you mean " + " or ".join(repr(c) for c in close) + "?"
    return "Known names: " + ", ".join(names) + "."


def _letters(name: str) -> str:
    """A name without what people forget: capitals and underscores."""
    return name.replace("_", "").lower()
