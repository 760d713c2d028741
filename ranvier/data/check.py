"""What can be seen to be wrong before the first step: shapes, labels, and values that hurt."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np

from ..graph.errors import DataError, ShapeError, warn
from .finite import check_finite, some_rows
from .first import refuse_first
from .label import check_labels, classes_of, fits, has_classes, has_one_class_a_row, shown
from .table import Slot, Table

#: Arrays larger than this are not read as a whole before the first step.
WHOLE = 2**30
#: A column whose values are this far from 0 on average makes most nets learn badly.
FAR = 50.0
_DROP = "Drop those rows, of x too."


def check_inputs(
    arrays: Sequence[np.ndarray], slots: Sequence[Slot], where: str = "", empty: bool = False
) -> None:
    """Refuse inputs of another shape than the model has, and, unless `empty`, without rows.

    Raises:
        ShapeError: with both shapes and the name of the layer.
        DataError: for no rows or an axis of size 0; for a number that has no row in a table.

    Example:
        >>> check_inputs([np.zeros((2, 3))], [Slot("x", (None, 3))])
    """
    for array, slot in zip(arrays, slots, strict=True):
        shape = slot.shape
        name = _called(f"{where}x", slot, slots)
        if slot.below is not None and array.size:
            _check_numbers(array, slot, name)
        if shape is not None and array.shape[1:] == shape[1:] and array.size:
            continue
        if shape is not None and not fits(array.shape, shape):
            raise ShapeError(
                f"{name}: got shape {array.shape}, expected {shown(shape)}"
                f"{f', the input of {slot.layer}' if slot.layer else ''}. "
                f"{_way_out(array.shape, shape)}"
            )
        if not empty and len(array) == 0:
            raise DataError(f"{name}: has no rows (shape {array.shape}), expected at least one.")
        if 0 in array.shape[1:]:
            raise DataError(f"{name}: has an axis of size 0 (shape {array.shape}): no features.")


def _called(argument: str, slot: Slot, slots: Sequence[Slot]) -> str:
    """Return what messages call an array: of several its name, too."""
    return f"{argument} for '{slot.name}'" if len(slots) > 1 else argument


def _check_numbers(array: np.ndarray, slot: Slot, name: str) -> None:
    """Refuse numbers that have no row in the table of the layer that reads them."""
    low, high, count = array.min(), array.max(), slot.below or 0
    if low >= 0 and high < count:  # which NaN is not
        return
    way = "Leave them out, or give 0 to whatever has no number."
    if low >= 0 and np.isfinite(high):
        way = f"Give that layer input_dim={int(high) + 1} or more, or leave such numbers out."
    expected = f"a whole number from 0 to {count - 1}, as {slot.layer} has {count} rows"
    refuse_first(array, lambda p: ~((p >= 0) & (p < count)), name, expected, way)


def check_targets(table: Table, slots: Sequence[Slot], where: str = "") -> None:
    """Refuse targets that do not fit their loss and output; see `label.check_labels`."""
    for array, slot in zip(table.y, slots, strict=False):
        if array is not None:
            name = _called(f"{where}y", slot, slots)
            check_labels(array, slot, name)
            if array.dtype.kind == "f" and not has_classes(slot):
                check_finite(array, name, way=_DROP)
    for array, slot in zip(table.weights, slots, strict=False):
        if array is not None:
            name = _called(f"{where}sample_weight", slot, slots)
            check_finite(array, name, way=_DROP)
            if array.size and array.dtype.kind in "if" and array.min() < 0:
                row = int(np.argmin(array.reshape(len(array), -1).min(axis=1)))
                raise DataError(f"{name}: row {row} has weight {array[row]}, expected at least 0.")


def check_training(
    table: Table,
    inputs: Sequence[Slot],
    outputs: Sequence[Slot],
    scaled: bool = False,
    fraction: float = 0.0,
    where: str = "",
) -> None:
    """Run every check for `fit`: errors where training would be wrong, warnings where it may be.

    Args:
        table: what `table.read` returned.
        inputs, outputs: what the model expects.
        scaled: True where the scale of x does not matter: the first layer is a Normalization,
            Rescaling, BatchNormalization or Embedding, say.
        fraction: validation_split; the labels' order matters then.
        where: put before the argument in messages.

    Raises:
        DataError, ShapeError: where the result would be wrong.
    """
    check_inputs(table.x, inputs, where)
    check_targets(table, outputs, where)
    check_values(table, inputs, where)
    for name, array, columns in _named(table, inputs, where):
        if not scaled:
            check_scale(array, name, columns)
    for target, slot in zip(table.y, outputs, strict=False):
        if target is not None and has_one_class_a_row(slot):
            check_order(target, fraction, f"{where}y")


def check_values(
    table: Table,
    inputs: Sequence[Slot],
    where: str = "",
    result: str = "every weight into NaN",
) -> None:
    """Warn where inputs that are not too large to be read twice have NaN or infinity."""
    for name, array, columns in _named(table, inputs, where):
        if array.nbytes <= WHOLE:
            check_finite(array, name, columns, result)


def _named(table: Table, inputs: Sequence[Slot], where: str) -> Iterator[tuple[str, Any, Any]]:
    """Yield the name, the array and the column names of each input."""
    for index, array in enumerate(table.x):
        name = _called(f"{where}x", inputs[index], inputs)
        yield name, array, table.columns[index] if index < len(table.columns) else None


def check_batch(
    table: Table, inputs: Sequence[Slot], outputs: Sequence[Slot], where: str, scaled: bool = True
) -> None:
    """Run the checks that make sense for one batch of a stream; `scaled` as in check_training."""
    check_inputs(table.x, inputs, where)
    check_targets(table, outputs, where)
    for array, slot in zip(table.x, inputs, strict=True):
        name = _called(f"{where}x", slot, inputs)
        check_finite(array, name)
        if not scaled:
            check_scale(array, name)


def check_scale(
    array: np.ndarray, place: str = "x", columns: tuple[str, ...] | None = None
) -> None:
    """Warn where a column of x lies far from 0, judged from at most 512 rows."""
    if array.size == 0 or array.dtype == bool:
        return
    sample = some_rows(array, 512)[:512]
    sample = sample.reshape(len(sample), -1)
    with np.errstate(all="ignore"):
        far = np.abs(sample, dtype=np.float32).mean(axis=0)
    column = int(np.argmax(np.where(np.isfinite(far), far, 0)))
    if far[column] <= FAR or not np.isfinite(far[column]):
        return
    low, high = float(np.nanmin(sample)), float(np.nanmax(sample))
    if low >= 0 and 100 < high <= 255 and (array.ndim > 2 or array.shape[-1] >= 64):
        warn(
            f"{place}: values run from {low:g} to {high:g}, as in raw images, and most nets learn "
            "badly from that. Give x / 255.0, or begin the model with Rescaling(1/255)."
        )
        return
    name = f"'{columns[column]}'" if columns and array.ndim == 2 else str(column)
    warn(
        f"{place}: column {name} has values of about {far[column]:.3g}, and most nets learn badly "
        "from features that far from 0. Standardise them: StandardScaler, or a Normalization "
        "layer first in the model, whose adapt(x) is called before fit."
    )


def check_order(y: np.ndarray, fraction: float, place: str = "y") -> None:
    """Warn where labels are sorted and the last rows validate, or all rows have one label."""
    labels = classes_of(y)
    if len(labels) <= 32:
        return
    if labels[0] == labels[-1] and bool((labels == labels[0]).all()):
        warn(
            f"{place}: all {len(labels)} rows have the label {labels[0]}, so there is nothing to "
            "tell apart. Check how the labels were made."
        )
        return
    if fraction > 0 and labels[0] != labels[-1]:
        a, b = labels[:-1], labels[1:]
        if bool((a <= b).all()) or bool((a >= b).all()):
            warn(
                f"{place}: labels are sorted, and validation_split takes the last "
                f"{fraction:.0%} of the rows, so training and validation see different "
                "classes. Shuffle x and y together first: order = "
                "np.random.permutation(len(x)); x, y = x[order], y[order]."
            )


def _moved(got: Sequence[int], wanted: Sequence[int]) -> str:
    """Return the axes, rows first, that bring sizes into the order wanted."""
    left = list(range(1, len(got) + 1))
    axes = [0]
    for size in wanted:
        axes.append(next(axis for axis in left if got[axis - 1] == size))
        left.remove(axes[-1])
    return ", ".join(map(str, axes))


def _way_out(got: tuple[int, ...], expected: tuple[int | None, ...]) -> str:
    sizes = [s for s in expected[1:] if s is not None]
    if len(sizes) == len(expected) - 1:
        if got == tuple(sizes):
            if len(got) > 1:
                return (
                    "For one example give x[np.newaxis]; if the first axis of x counts the rows, "
                    f"leave it out of the shape: Input({got[1:]})."
                )
            return "This is one example; a batch of one is x[np.newaxis]."
        if len(got) == len(expected) and sorted(got[1:]) == sorted(sizes):
            return f"The axes stand in another order: write x.transpose({_moved(got[1:], sizes)})."
        if int(np.prod(got[1:])) == int(np.prod(sizes)):
            new = ", ".join(map(str, sizes))
            flat = f" (or put Flatten(input_shape={got[1:]}) first)" if len(sizes) == 1 else ""
            return f"Write x.reshape(-1, {new}){flat}."
    if len(got) == len(expected) == 2:
        return f"The model was built for {expected[1]} features, and x has {got[1]}."
    return "Give the same form of data as the model was built for, or another Input shape."
