"""What counts as a number where arguments are checked: Python's and NumPy's, but no bools."""

from __future__ import annotations

import numbers
from typing import Any


def is_count(value: Any) -> bool:
    """Tell whether a value is an int of at least 1."""
    return isinstance(value, numbers.Integral) and not isinstance(value, bool) and int(value) > 0


def is_number(value: Any) -> bool:
    """Tell whether a value is a real number."""
    return isinstance(value, numbers.Real) and not isinstance(value, bool)
