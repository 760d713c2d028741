"""What a model lists, remembered until something that it was read from changes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from operator import is_
from typing import Any

#: Another object each time that an attribute of any layer is set.
_LATEST = [object()]


def latest() -> object:
    """Return what stands for the last edit of any layer."""
    return _LATEST[0]


def edited() -> None:
    """Take note that what some layer holds may have changed."""
    _LATEST[0] = object()


class Inventory:
    """The variables and metrics that were found in a layer and all layers below it.

    To look for them takes longer than a step of a small net, and a batch asks twice. They are as
    they were if no attribute of a layer was set since, and the lists and dicts in attributes, which
    change without that, hold what they held. Whether a variable trains is asked of the variable.

    Args:
        edit: the latest one, before anything was looked for.
        layers: this layer and all layers below it.
        variables, metrics: what was found in them.

    Attributes:
        notes: what others found out of the layers, good for as long as this holds.
    """

    def __init__(
        self, edit: object, layers: Sequence[Any], variables: Sequence[Any], metrics: Sequence[Any]
    ) -> None:
        self._edit, self.variables, self.metrics = edit, variables, metrics
        self.notes: dict[Any, Any] = {}
        values = [
            value
            for layer in layers
            for name, value in list(vars(layer).items())
            if name not in layer._unheld
        ]
        self._held = [(one, _content(one)) for value in values for one in _changeable(value)]

    @property
    def holds(self) -> bool:
        """Whether the same would be found again."""
        for one, before in self._held:
            now = one.values() if isinstance(one, dict) else one
            if len(now) != len(before) or not all(map(is_, now, before)):
                return False
        return self._edit is _LATEST[0]


def _changeable(value: Any) -> Iterator[Any]:
    """Yield the lists and dicts in a value, itself and those in others."""
    if isinstance(value, (list, dict)):
        yield value
    if isinstance(value, (list, tuple, dict)):
        for part in _content(value):
            yield from _changeable(part)


def _content(value: Any) -> list[Any]:
    return list(value.values() if isinstance(value, dict) else value)


def opened(value: Any) -> list[Any]:
    """Return the values in lists, tuples and dicts, however nested; another value is itself."""
    if not isinstance(value, (list, tuple, dict)):
        return [value]
    return [x for part in _content(value) for x in opened(part)]
