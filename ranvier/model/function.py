"""function: Python functions of arrays, traced once and run as compiled steps."""

from __future__ import annotations

from collections.abc import Callable
from functools import update_wrapper
from typing import Any

import numpy as np

from ..graph import Array, Graph, Node, Trace, Variable, const_node, current, input_node
from ..graph import dtype as dt
from ..graph.errors import DTypeError, OpenBatchError, ShapeError
from ..graph.structure import flatten, mapped, packed
from .program import ProgramCache, StepProgram, space

_Key = tuple[Any, ...]


class function:  # a decorator, called like a function
    """Compile a function: traced for arrays of each form once, then run as native code.

    For training loops of your own: what happens in it (layers, losses, a `GradientTape`,
    `optimizer.apply`, metrics) becomes one step, as in `fit`. Python code in it runs only while
    it is traced: prints, `if` on plain values, attributes of objects count as they were then.

    Args:
        python_function: takes arrays, and lists, tuples or dicts of them; numbers, strings and
            anything else are part of the form. Arrays with as many rows as the first one are a
            batch, of any number of rows. It returns arrays, in any structure.

    Example:
        >>> w = Variable([1.0, 2.0])
        >>> @function
        ... def shrink(rate):
        ...     w.assign(w * rate)
        ...     return w.value
        >>> shrink(np.float32(0.5))
        array([0.5, 1. ], dtype=float32)

    Source: tf.function.
    """

    def __init__(self, python_function: Callable[..., Any]) -> None:
        self.python_function = python_function
        self._programs = ProgramCache()
        self._forms: dict[_Key, Any] = {}
        self._kept: list[Any] = []  # objects whose ids stand in keys
        update_wrapper(self, python_function)

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """Run the function; inside another trace it is simply a part of that."""
        if current() is not None:
            return self.python_function(*args, **kwargs)
        leaves = flatten([args, kwargs])
        arrays = [_array(x) for x in leaves if _is_data(x)]
        rows = next((len(a) for a in arrays if a.ndim), 1)
        key = (
            repr(mapped(lambda x: None, [args, kwargs])),
            tuple(None if _is_data(x) else _known(x) for x in leaves),
            tuple((a.ndim > 0 and len(a) == rows, a.shape[1:], a.dtype.name) for a in arrays),
            tuple(a.shape for a in arrays if not (a.ndim and len(a) == rows)),
        )

        def traced(size: int | None) -> Graph:
            return self._traced(key, [args, kwargs], arrays, rows, size)

        program = self._programs.get((*key, _room(rows)), lambda: _program(traced, _room(rows)))
        outputs = space(program.outputs, rows)
        program.run(arrays, np.arange(rows, dtype=np.int64), rows, outputs)
        made = iter(outputs)
        return mapped(lambda x: Array.of(next(made)) if x is _HERE else x, self._forms[key])

    def _traced(
        self, key: _Key, given: Any, arrays: list[np.ndarray], rows: int, size: int | None
    ) -> Graph:  # fmt: skip
        nodes = []
        for i, a in enumerate(arrays):
            first = (size,) if a.ndim and len(a) == rows else a.shape[:1]
            nodes.append(input_node(f"x{i}", (*first, *a.shape[1:]), a.dtype.name))
        rest = iter(nodes)
        leaves = [next(rest) if _is_data(x) else x for x in flatten(given)]
        args, kwargs = packed(given, leaves)
        self._kept += [x for x in flatten(given) if not _is_data(x)]
        with Trace() as trace:
            found = mapped(_output, self.python_function(*args, **kwargs))
        self._forms[key] = mapped(lambda x: _HERE if isinstance(x, Node) else x, found)
        outputs = [x for x in flatten(found) if isinstance(x, Node)]
        return Graph(tuple(nodes), tuple(outputs), tuple(trace.updates.items()))


class _Here:
    """Stands where an output goes."""


_HERE = _Here()


def _program(traced: Callable[[int | None], Graph], rows: int) -> StepProgram:
    """Return the program for any number of rows, or where that cannot be, for each number anew."""

    def exact(size: int | None) -> Graph:
        if size is None:
            raise OpenBatchError("This function asks for the number of rows while it is traced.")
        return traced(size)

    try:
        return StepProgram(traced, rows, rows)
    except (DTypeError, ShapeError):  # of a size None; if the mistake is another, it comes again
        return StepProgram(exact, rows, rows)


def _room(rows: int) -> int:
    """Return how many rows a program is made for: a power of two, so that few are made."""
    return 1 << max(0, rows - 1).bit_length()


def _is_data(x: Any) -> bool:
    if isinstance(x, (Variable, bool, int, float, str)) or x is None:
        return False
    return isinstance(x, (np.ndarray, np.generic)) or hasattr(x, "__array__")


def _array(x: Any) -> np.ndarray:
    array = np.asarray(x)
    return array.astype(dt.floatx() if array.dtype.kind == "f" else dt.canonical(array.dtype),
                        copy=False)  # fmt: skip


def _known(x: Any) -> Any:
    return (type(x).__name__, x) if isinstance(x, (bool, int, float, str)) or x is None else id(x)


def _output(x: Any) -> Any:
    if isinstance(x, Variable):
        return x.value
    return const_node(x) if isinstance(x, (np.ndarray, np.generic)) else x
