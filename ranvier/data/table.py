"""Tables: the arrays of one `fit`, `evaluate` or `predict`, one for each input and output."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, NamedTuple

import numpy as np

from ..graph.errors import DataError, DataTypeError, nearest, warn
from .arrays import as_array
from .frames import column_names


class Slot(NamedTuple):
    """What a model expects in one place: an input, or the target of an output.

    Args:
        name: the name of the input or output, as keys of dicts give it.
        shape: its shape with the batch axis (None) first; None where the model is not built yet.
        layer: how messages name the layer, for instance "Dense 'head'".
        loss: the loss's registered name for a target, for instance "mean_squared_error"; "" for
            a loss that is not known by name.
        needed: whether a target may be left out (an output without a loss).
        ignore: the label that the loss skips (`ignore_class`), or None.
        below: for an input of whole numbers, the number that all are below; None for any values.
        path: the keys and places that lead there in nested data, at most one where they are flat.
    """

    name: str
    shape: tuple[int | None, ...] | None = None
    layer: str = ""
    loss: str = ""
    needed: bool = True
    ignore: int | None = None
    below: int | None = None
    path: tuple[Any, ...] = ()


@dataclass(frozen=True)
class Table:
    """Arrays with the same number of rows: `x` an input, `y` and `weights` an output each."""

    x: list[np.ndarray]
    y: list[np.ndarray | None] = field(default_factory=list)
    weights: list[np.ndarray | None] = field(default_factory=list)
    columns: list[tuple[str, ...] | None] = field(default_factory=list)

    @property
    def rows(self) -> int:
        """The number of rows."""
        return len(self.x[0])

    def part(self, start: int, stop: int) -> Table:
        """Return a table of rows `start` to `stop`, as views."""

        def cut(arrays: Sequence[np.ndarray | None]) -> list[Any]:
            return [None if array is None else array[start:stop] for array in arrays]

        return replace(self, x=cut(self.x), y=cut(self.y), weights=cut(self.weights))

    def first(self, steps: int | None, batch: int) -> Table:
        """Return a table of the first rows, so many steps of them; of all for None."""
        return self if steps is None else self.part(0, steps * batch)


def read(
    x: Any,
    y: Any = None,
    sample_weight: Any = None,
    inputs: Sequence[Slot] = (Slot("x"),),
    outputs: Sequence[Slot] = (Slot("y"),),
    where: str = "",
) -> Table:
    """Return the table of what a user passed, without a copy where that is possible.

    Args:
        x: the inputs: one array, or a list, tuple or dict by name for several.
        y: the targets in the same forms, or None.
        sample_weight: one weight a row, or such an array for each output; None for none.
        inputs: the model's inputs, in order.
        outputs: the model's outputs, in order.
        where: put before the argument in messages, for instance "validation_data, ".

    Returns: a Table whose arrays have the same number of rows.

    Raises:
        DataTypeError, DataError: where the data cannot be used; the message says why.

    Example:
        >>> table = read([[1.0, 2.0], [3.0, 4.0]], [0, 1])
        >>> table.rows, table.x[0].shape
        (2, (2, 2))
    """
    if type(x) is np.ndarray and y is None and sample_weight is None and len(inputs) == 1:
        # `predict` of one row must cost microseconds.
        return Table([_rank(as_array(x, where + "x"), inputs[0].shape)], columns=[None])
    if x is None:
        raise DataError(f"{where}x: got None, expected the inputs.")
    xs = [_rank(a, s.shape) for a, s in zip(spread(x, inputs, f"{where}x"), inputs, strict=True)]
    ys = [] if y is None else spread(_alone(y, xs, outputs), outputs, f"{where}y")
    weights = _weights(sample_weight, ys, outputs, f"{where}sample_weight")
    names: list[tuple[str, ...] | None] = [None] * len(xs)
    if len(xs) == 1:
        names[0] = column_names(x)
    table = Table([a for a in xs if a is not None], ys, weights, names)
    _same_rows(table, inputs, outputs, where)
    return table


def _alone(y: Any, xs: Sequence[np.ndarray | None], outputs: Sequence[Slot]) -> Any:
    """Return the targets that a list holds alone, for a model of one output: fit([x], [y])."""
    if len(outputs) != 1 or not isinstance(y, (list, tuple)) or len(y) != 1:
        return y
    rows = {len(x) for x in xs if x is not None}
    shape: tuple[int, ...] = getattr(y[0], "shape", ())
    return y[0] if set(shape[:1]) == rows != {1} else y


def spread(value: Any, slots: Sequence[Slot], place: str) -> list[np.ndarray | None]:
    """Return one array for each slot, from one array or a list, tuple or dict of them."""
    if any(len(slot.path) > 1 for slot in slots):
        parts = follow(value, [slot.path for slot in slots])
        if parts is not None:
            named = zip([slot.name for slot in slots], parts, strict=True)
            value = {name: part for name, part in named if part is not None}
    if type(value) is not np.ndarray and isinstance(value, Mapping):
        return _by_name(value, slots, place)
    if len(slots) > 1:
        return _by_order(value, slots, place)
    if isinstance(value, (list, tuple)):
        value = _only(value, slots[0], place)
    return [as_array(value, place)]


def follow(value: Any, paths: Sequence[tuple[Any, ...]]) -> list[Any] | None:
    """Return the parts of nested lists, tuples and dicts at all their leaves.

    Args:
        value: the structure; None, or a key that a dict lacks, stands for None at all below it.
        paths: the keys and places that lead to each leaf.

    Returns: the parts in the order of the paths; None where the value has another structure.

    Example:
        >>> follow({"a": 1, "b": [2, 3]}, [("a",), ("b", 0), ("b", 1)])
        [1, 2, 3]
    """
    if value is None:
        return [None] * len(paths)
    if () in paths:
        return [value]
    below = _below(paths)
    if isinstance(value, Mapping):
        parts = [value.get(key) for key in below] if set(value) <= set(below) else None
    else:
        listed = isinstance(value, (list, tuple)) and list(below) == list(range(len(value)))
        parts = list(value) if listed else None
    if parts is None:
        return None
    found = [follow(part, rest) for part, rest in zip(parts, below.values(), strict=True)]
    if any(one is None for one in found):
        return None
    return [leaf for one in found if one is not None for leaf in one]


def _below(paths: Sequence[tuple[Any, ...]]) -> dict[Any, list[tuple[Any, ...]]]:
    """Return the rests of paths by their first key or place."""
    below: dict[Any, list[tuple[Any, ...]]] = {}
    for first, *rest in paths:
        below.setdefault(first, []).append(tuple(rest))
    return below


def _rank(array: np.ndarray | None, shape: tuple[int | None, ...] | None) -> Any:
    """Add or drop a last axis of size 1, where that is all that is missing, as Keras does."""
    if array is None or shape is None or array.ndim == len(shape):
        return array
    alike = all(b in (None, a) for a, b in zip(array.shape[1:], shape[1:], strict=False))
    if array.ndim == len(shape) - 1 and shape[-1] in (1, None) and alike:
        return array[..., np.newaxis]
    if array.ndim == len(shape) + 1 and array.shape[-1] == 1:
        return array[..., 0]
    return array


def _by_name(value: Mapping[Any, Any], slots: Sequence[Slot], place: str) -> list[Any]:
    names = [slot.name for slot in slots]
    more = [key for key in value if key not in names]
    if more and len(value) == len(more) + len(names) and _kind(place) == "input":
        warn(f"{place}: the keys {more} are no inputs of the model, and are left out.")
        more = []
    for key in more:
        if len(names) == len(value) == 1:
            raise DataError(
                f"{place}: got a dict with the key {key!r}, but the model has one {_kind(place)}, "
                f"called '{names[0]}'. Give the array itself, {place}[{key!r}]."
            )
        structure = _structure(slots)
        way = f"{nearest(key, names)}{structure}"
        if not structure and way.startswith("Known") and _kind(place) == "input":
            way += f" Give an Input the name of its key: Input(..., name={key!r})."
        raise DataError(
            f"{place}: got the key {key!r}, which no {_kind(place)} of the model has. {way}"
        )
    missing = [slot.name for slot in slots if slot.name not in value and slot.needed]
    if missing:
        raise DataError(
            f"{place}: the keys {missing} are missing; got {list(value)}, expected {names}."
            f"{_structure(slots)}"
        )
    return [
        as_array(value[slot.name], f"{place}['{slot.name}']") if slot.name in value else None
        for slot in slots
    ]


def _by_order(value: Any, slots: Sequence[Slot], place: str) -> list[Any]:
    names = [slot.name for slot in slots]
    if not isinstance(value, (list, tuple)) or len(value) != len(slots):
        got = f"{len(value)} arrays" if isinstance(value, (list, tuple)) else (
            f"one {type(value).__name__}")  # fmt: skip
        raise DataError(
            f"{place}: got {got}, but the model has {len(slots)} {_kind(place)}s: {names}. Give a "
            f"tuple of {len(slots)} arrays in that order, or a dict with these names."
            f"{_structure(slots)}"
        )
    return [
        None if item is None and not slot.needed else as_array(item, f"{place}[{i}]")
        for i, (item, slot) in enumerate(zip(value, slots, strict=True))
    ]


def _only(value: Sequence[Any], slot: Slot, place: str) -> Any:
    """Return the one array that a list for a model of one input means: its item or its rows."""
    if not value or not hasattr(value[0], "shape"):
        return value
    rank = len(slot.shape) if slot.shape is not None else None
    ndim = len(value[0].shape)
    whole = ndim == rank if rank is not None else ndim >= 2
    if whole and len(value) == 1:
        return value[0]
    if whole and rank is not None:
        raise DataError(
            f"{place}: got a list of {len(value)} arrays, but the model has one {_kind(place)}, "
            f"'{slot.name}'. Give one array, for instance np.concatenate({place})."
        )
    return value


def _structure(slots: Sequence[Slot]) -> str:
    """Return the words that show the structure of nested inputs or outputs, "" for flat ones."""

    def shown(paths: list[tuple[Any, ...]]) -> str:
        if () in paths:
            return "..."
        below = _below(paths)
        if all(isinstance(key, int) for key in below):
            return f"[{', '.join(map(shown, below.values()))}]"
        return f"{{{', '.join(f'{key!r}: {shown(rest)}' for key, rest in below.items())}}}"

    paths = [slot.path for slot in slots]
    nested = any(len(path) > 1 for path in paths)
    return f" Or give them as the model has them, {shown(paths)}." * nested


def _kind(place: str) -> str:
    return "input" if place.endswith("x") else "output"


def _weights(
    value: Any, ys: Sequence[np.ndarray | None], outputs: Sequence[Slot], place: str
) -> list[np.ndarray | None]:
    if value is None:
        return [None] * len(ys)
    if not ys:
        raise DataError(f"{place}: given without y, so there is nothing to weigh.")
    if len(ys) > 1 and not isinstance(value, (list, tuple, Mapping)):
        arrays: list[np.ndarray | None] = [as_array(value, place)] * len(ys)
        if arrays[0] is not None and arrays[0].size != len(arrays[0]):
            raise DataError(
                f"{place}: got one array of shape {arrays[0].shape} for {len(ys)} outputs. Give "
                "one weight a row, shape (rows,), or one array for each output."
            )
    else:
        slots = [slot._replace(needed=False, shape=(None,)) for slot in outputs]
        arrays = spread(value, slots, place)
    for index, weights in enumerate(arrays):
        if weights is not None and weights.ndim == 2 and weights.shape[1] == 1:
            arrays[index] = weights[:, 0]
        if weights is not None and weights.dtype.kind not in "biuf":
            raise DataTypeError(f"{place}: got {weights.dtype}, expected numbers.")
    return arrays


def _same_rows(table: Table, inputs: Sequence[Slot], outputs: Sequence[Slot], where: str) -> None:
    expected = table.rows
    for label, arrays, slots in (
        ("x", table.x, inputs), ("y", table.y, outputs), ("sample_weight", table.weights, outputs)
    ):  # fmt: skip
        for array, slot in zip(arrays, slots, strict=False):
            if array is not None and len(array) != expected:
                name = f" for '{slot.name}'" if len(slots) > 1 else ""
                raise DataError(
                    f"{where}{label}{name}: has {len(array)} rows (shape {array.shape}), but x "
                    f"has {expected} (shape {table.x[0].shape}). Each row of x needs one row of "
                    f"{label}."
                )
