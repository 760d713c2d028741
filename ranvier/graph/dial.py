"""Dials: numbers that a step reads from memory instead of having them in its code."""

from __future__ import annotations

from typing import Any

import numpy as np

from .trace import Trace, current
from .variable import Variable


def dial(number: Any, dtype: object) -> Any:
    """Return a number for a traced step so that steps which differ in it alone share their code.

    What people turn while they compare models (rates of dropout and decay, momentum, penalties)
    would else be compiled anew for each value. Outside of a compiled step it is the number itself.

    Args:
        number: its value for as long as the step is in use.
        dtype: element type, that of what it is combined with.

    Example:
        >>> dial(0.5, "float32")
        0.5
        >>> with Trace():
        ...     dial(0.5, "float32").shape
        ()
    """
    if type(current()) is not Trace:
        return number
    return Variable(np.asarray(number, str(dtype)), dtype=dtype, trainable=False, name="dial").value
