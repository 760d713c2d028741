"""Variables: numbers with a name, a home that holds the newest of them, and a version."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np

from . import dtype as dt
from .array import Array
from .errors import ArgumentError, ArgumentTypeError, ShapeError
from .function import takes
from .node import OPERATORS, Node, Operators, cast
from .trace import current


class Home(Protocol):
    """Where a variable's newest numbers lie, in whatever layout an engine likes.

    Attributes:
        seen: the numbers in the user's axes, where they lie.
    """

    @property
    def seen(self) -> np.ndarray: ...

    def read(self) -> np.ndarray:
        """Return the numbers in the user's layout, a fresh or read-only array."""

    def write(self, value: np.ndarray) -> None:
        """Take new numbers from the user's layout."""


class HostHome:
    """The plain home: a C-ordered NumPy array."""

    __slots__ = ("seen",)

    def __init__(self, array: np.ndarray) -> None:
        self.seen = array

    def __reduce__(self) -> tuple[Any, ...]:
        return _own_home, (self.seen,)

    def read(self) -> np.ndarray:
        return self.seen.copy()

    def write(self, value: np.ndarray) -> None:
        self.seen[...] = value


def _own_home(array: np.ndarray) -> HostHome:
    """Return a home for numbers that were read from a file, which may lie in it, read-only."""
    own = type(array) is np.ndarray and array.flags.writeable
    return HostHome(array if own else np.array(array))


def _numbers(initializer: Any, shape: Sequence[int] | None, dtype: object) -> np.ndarray:
    if isinstance(initializer, str):
        raise ArgumentTypeError(
            f"Variable, `initializer`: got the name {initializer!r}. Give "
            f"ranvier.initializers.get({initializer!r}), or numbers."
        )
    if callable(initializer):
        if shape is None:
            raise ArgumentError("Variable, `shape`: an initializer needs one, for instance (3, 4).")
        kind = dt.canonical(dtype)
        takes(initializer, "Variable, `initializer`", "shape", dtype=kind)
        initializer = initializer(tuple(shape), dtype=kind)
    array = np.asarray(initializer.numpy() if isinstance(initializer, Variable) else initializer)
    if shape is not None and tuple(shape) != array.shape:
        raise ShapeError(
            f"Variable, `shape`: got {tuple(shape)} for numbers of shape {array.shape}."
        )
    return array


#: What arrays can do that variables leave to them.
_NUMPY = frozenset(name for name in dir(np.ndarray) if not name.startswith("_"))


class Variable(Operators):
    """Numbers that a model keeps from step to step.

    Args:
        initializer: the initial numbers, anything NumPy understands; or a function of a shape
            and a dtype that makes them, as the initializers are.
        shape: needed for a function; else the shape of the numbers.
        dtype: element type, default the default float type (integers and bools keep theirs).
        trainable: whether optimizers change it; default True.
        name: default "variable".

    Example:
        >>> v = Variable([1.0, 2.0])
        >>> v.assign_add([1.0, 1.0]).numpy()
        array([2., 3.], dtype=float32)

    Source: keras.Variable.
    """

    __slots__ = ("name", "path", "trainable", "shape", "dtype", "home", "version",
                 "regularizer", "constraint", "overwrite_with_gradient", "__weakref__")  # fmt: skip

    def __init__(
        self,
        initializer: Any,
        shape: Sequence[int] | None = None,
        dtype: object = None,
        trainable: bool = True,
        *,
        name: str = "variable",
    ) -> None:
        array = _numbers(initializer, shape, dtype)
        kind = array.dtype
        self.dtype = dt.canonical(dtype if dtype is not None or kind.kind == "f" else kind)
        self.shape: tuple[int, ...] = array.shape
        self.name, self.path, self.trainable = name, name, trainable
        self.home: Home = HostHome(np.array(array, dtype=self.dtype, order="C"))
        self.version = 0
        self.regularizer: Any = None
        self.constraint: Any = None
        self.overwrite_with_gradient = False

    if not TYPE_CHECKING:  # a checker would take any name for known

        def __getattr__(self, name: str) -> Any:
            way = f". Its numbers have it: write .numpy().{name}" if name in _NUMPY else ""
            words = f"{type(self).__name__!r} object has no attribute {name!r}{way}"
            raise AttributeError(words, name=name, obj=self)

    def __getstate__(self) -> tuple[None, dict[str, Any]]:
        """Return what a copy keeps: its numbers are its own, wherever these lie now."""
        state = {key: getattr(self, key) for key in self.__slots__ if key != "__weakref__"}
        return None, {**state, "home": HostHome(np.array(self.home.read(), order="C"))}

    __hash__ = object.__hash__

    def __eq__(self, other: object) -> Any:
        if isinstance(other, (Variable, Node, int, float, np.ndarray, np.generic)):
            return self is other or OPERATORS["equal"](self, other)
        return NotImplemented

    def __ne__(self, other: object) -> Any:
        if isinstance(other, (Variable, Node, int, float, np.ndarray, np.generic)):
            return self is not other and OPERATORS["not_equal"](self, other)
        return NotImplemented

    @property
    def ndim(self) -> int:
        return len(self.shape)

    @property
    def value(self) -> Any:
        """The current value: an array, or a node while a trace runs."""
        return self.__ranvier_value__()

    def numpy(self) -> np.ndarray:
        """Return a copy of the numbers."""
        return self.home.read()

    @property
    def __ranvier_traced__(self) -> bool:
        return current() is not None

    def __ranvier_value__(self) -> Any:
        trace = current()
        return trace.read(self) if trace is not None else Array.of(self.home.read())

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> np.ndarray:
        array = self.home.read()
        return array if dtype is None else array.astype(dtype)

    def assign(self, value: Any) -> Variable:
        """Give the variable new numbers of its own shape; returns the variable.

        Raises:
            ShapeError: if `value` has another shape.
        """
        trace = current()
        shape = value.shape if hasattr(value, "shape") else np.shape(value)
        if tuple(shape) != self.shape:
            raise ShapeError(
                f"Variable '{self.path}', `value`: got shape {tuple(shape)}, expected {self.shape}."
            )
        if trace is not None:
            node = value.__ranvier_value__() if isinstance(value, Variable) else value
            trace.assign(self, cast(node, self.dtype) if isinstance(node, Node) else node)
        else:
            self.home.write(np.asarray(value).astype(self.dtype, copy=False))
            self.version += 1
        return self

    def assign_add(self, value: Any) -> Variable:
        """Add `value` to the variable; returns the variable."""
        return self.assign(OPERATORS["add"](self, value))

    def assign_sub(self, value: Any) -> Variable:
        """Subtract `value` from the variable; returns the variable."""
        return self.assign(OPERATORS["subtract"](self, value))

    def __float__(self) -> float:
        return float(self.numpy().reshape(()))

    def __int__(self) -> int:
        return int(self.numpy().reshape(()))

    def __bool__(self) -> bool:
        return bool(self.numpy().reshape(()))

    def __len__(self) -> int:
        if not self.shape:
            raise ArgumentTypeError(f"len() of variable '{self.path}': a number has no axis.")
        return self.shape[0]

    def __iter__(self) -> Iterator[Any]:
        return (self[i] for i in range(len(self)))

    def __format__(self, spec: str) -> str:
        return format(self.numpy().item(), spec) if self.shape == () else format(repr(self), spec)

    def __repr__(self) -> str:
        return (
            f"<Variable path={self.path}, shape={self.shape}, dtype={self.dtype}, "
            f"value={np.array2string(self.numpy(), threshold=20, separator=', ')}>"
        )
