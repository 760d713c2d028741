"""Random numbers of NumPy or Python in code that is traced: every step would get the same."""

from __future__ import annotations

import dis
import inspect
import random
from collections.abc import Callable, Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np

from ..graph import Graph
from ..graph.errors import warn

_ONCE = ("__init__", "build")  # they run but once, so that what they draw is meant to stay


def traced_once(model: Any, trace: Callable[[], Graph]) -> Graph:
    """Return the graph that `trace` makes; warn where the model's own code drew numbers meanwhile.

    What is drawn while a step is traced stands in it as a constant. That something was drawn is
    seen by the generators' state, and where by the code.

    Args:
        model: the model whose step it is.
        trace: runs the model's code.
    """
    own = _own_functions(model)
    before = _states() if own else None
    graph = trace()
    if own and _states() != before:
        for function in own:
            _warn_of(function)
    return graph


def _own_functions(model: Any) -> list[Callable[..., Any]]:
    """Return the methods of the user's own layers, the model among them."""
    classes = dict.fromkeys(cls for layer in model._flat_layers() for cls in type(layer).__mro__)
    return [
        function for cls in classes if cls.__module__.partition(".")[0] != "ranvier"
        for name, function in vars(cls).items()
        if inspect.isfunction(function) and name not in _ONCE
    ]  # fmt: skip


def _states() -> tuple[Any, ...]:
    _, key, *rest = np.random.get_state(legacy=True)
    return np.asarray(key).tobytes(), rest, random.getstate()


def _warn_of(function: Callable[..., Any]) -> None:
    lines = list(dict.fromkeys(map(str, _drawing_lines(function))))
    if lines:
        warn(
            f"{function.__qualname__}, {Path(function.__code__.co_filename).name}, line "
            f"{' and '.join(lines)}: `random` of NumPy or Python draws once, while the step is "
            "traced, so that every step gets the same numbers. Write in __init__ "
            "self.seed = ranvier.random.SeedGenerator(), and draw with "
            "ranvier.random.normal(shape, seed=self.seed).",
            UserWarning,
        )


def _drawing_lines(function: Callable[..., Any]) -> Iterator[int]:
    """Give the lines that name `np.random`, or either module as `random`."""
    names = function.__globals__
    for here, after in pairwise(dis.get_instructions(function)):
        value = names.get(here.argval) if here.opname == "LOAD_GLOBAL" else None
        drawn = after.argval == "random" if value is np else value is np.random or value is random
        if drawn and here.positions and here.positions.lineno:
            yield here.positions.lineno
