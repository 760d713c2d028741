"""Arguments of callbacks, checked where they are given: a mistake would end a training midway."""

from __future__ import annotations

from typing import Any

from ..graph.errors import ArgumentTypeError


def check_numbers(place: str, **values: Any) -> None:
    """Refuse values that are no numbers.

    Args:
        place: the callback's name.
        values: by the names of the arguments.

    Raises:
        ArgumentTypeError: that names the argument.
    """
    for name, value in values.items():
        try:
            if isinstance(value, (str, bytes)):
                raise TypeError
            float(value)
        except (TypeError, ValueError):
            raise ArgumentTypeError(
                f"{place}, `{name}`: got {value!r:.40}, expected a number, for instance {name}=1."
            ) from None
