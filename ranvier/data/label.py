"""Targets against losses: label ranges, one-hot or not, and shapes."""

from __future__ import annotations

import numpy as np

from ..graph.errors import DataError, ShapeError, warn
from .first import refuse_first
from .table import Slot

#: Losses whose target is the class's number.
SPARSE = frozenset({"sparse_categorical_crossentropy"})
#: Losses whose target is one-hot.
CATEGORICAL = frozenset(
    {"categorical_crossentropy", "categorical_focal_crossentropy", "categorical_hinge"}
)
#: Losses whose target lies between 0 and 1.
BINARY = frozenset({"binary_crossentropy", "binary_focal_crossentropy"})
#: Losses whose target has the shape of the output.
ALIKE = CATEGORICAL | BINARY | frozenset({
    "mean_squared_error", "mean_absolute_error", "mean_absolute_percentage_error",
    "mean_squared_logarithmic_error", "huber", "log_cosh", "cosine_similarity", "poisson",
    "kl_divergence", "hinge", "squared_hinge", "dice", "tversky",
})  # fmt: skip
_SHORT = {
    "mse": "mean_squared_error", "mae": "mean_absolute_error",
    "mape": "mean_absolute_percentage_error", "msle": "mean_squared_logarithmic_error",
    "bce": "binary_crossentropy", "kld": "kl_divergence",
    "kullbackleiblerdivergence": "kl_divergence", "huberloss": "huber",
} | {name.replace("_", ""): name for name in SPARSE | ALIKE}  # fmt: skip


def check_labels(y: np.ndarray, slot: Slot, place: str = "y") -> None:
    """Refuse a target that does not fit its loss and the output's shape.

    Args:
        y: the target.
        slot: the output: its shape, name and loss.
        place: how messages name y.

    Raises:
        DataError: for a label out of range, a fraction, one-hot rows where class numbers are
            expected or the reverse; with the value, its row, and what is allowed.
        ShapeError: for another shape than the output's.

    Example:
        >>> slot = Slot("y", (None, 3), loss="sparse_categorical_crossentropy")
        >>> check_labels(np.array([0, 2]), slot)
    """
    loss = known_loss(slot)
    if slot.shape is None or len(slot.shape) < 2:
        return
    if loss in SPARSE:
        _sparse(y, slot, place)
    elif loss in ALIKE:
        if loss in CATEGORICAL:
            _one_hot(y, slot, loss, place)
        elif loss in BINARY:
            _binary(y, slot, loss, place)
        _alike(y, slot, loss, place)


def known_loss(slot: Slot) -> str:
    """Return the snake-case name of a slot's loss, "" for one that is not known here.

    Example:
        >>> known_loss(Slot("y", loss="MSE"))
        'mean_squared_error'
    """
    return _SHORT.get(slot.loss.replace("_", "").lower(), "")


def has_classes(slot: Slot) -> bool:
    """Tell whether a slot's loss compares classes."""
    return known_loss(slot) in SPARSE | CATEGORICAL


def has_one_class_a_row(slot: Slot) -> bool:
    """Tell whether each row has one class: of several units, or one of the two of a unit."""
    return has_classes(slot) or (known_loss(slot) in BINARY and slot.shape == (None, 1))


def classes_of(y: np.ndarray) -> np.ndarray:
    """Return the class of each row: the label itself, or the largest entry of a one-hot row."""
    if y.ndim > 1 and y.shape[-1] != 1:
        return np.argmax(y.reshape(-1, y.shape[-1]), axis=-1)
    return y.reshape(-1)


def _sparse(y: np.ndarray, slot: Slot, place: str) -> None:
    shape = slot.shape or ()
    classes = shape[-1]
    if classes is None:
        return
    rest = y.shape[:-1] if y.ndim == len(shape) else y.shape
    if y.ndim == len(shape) and y.shape[-1] == classes and classes > 1:
        raise DataError(
            f"{place}: got shape {y.shape}, as of one-hot rows, but sparse_categorical_crossentropy"
            " expects the class's number. Write loss='categorical_crossentropy', or "
            "y.argmax(axis=-1)."
        )
    if not fits(rest, shape[:-1]) or (y.ndim == len(shape) and y.shape[-1] != 1):
        raise ShapeError(
            f"{place}: got shape {y.shape}, expected class numbers of shape {shown(shape[:-1])}, "
            f"as {_output(slot)} has shape {shown(shape)}. {_one_a_row(y, shape)}".rstrip()
        )
    if y.dtype.kind == "f":
        expected = f"the whole class numbers 0 to {classes - 1}"
        way = (
            "Write y.astype(int) if these are classes; for a quantity use a regression loss such "
            "as 'mse'."
        )
        if np.isnan(y).any():  # astype would make classes of them
            way = "Drop rows without a label, of x too."
        refuse_first(y, lambda p: p != np.floor(p), place, expected, way)
    if y.dtype != bool and y.size:
        _within(y, classes, slot, place)


def _within(y: np.ndarray, classes: int, slot: Slot, place: str) -> None:
    """Refuse class numbers that an output has no place for."""
    low, high = y.min(), y.max()
    if low >= 0 and high < classes:
        return
    ignored = slot.ignore

    def wrong(piece: np.ndarray) -> np.ndarray:
        bad = (piece < 0) | (piece >= classes)
        return bad if ignored is None else bad & (piece != ignored)

    if low < 0:
        way = "Classes count from 0; correct the labels, or leave those rows out."
    elif high == classes and low >= 1:
        way = "Labels that count from 1 become classes by y - 1."
    elif classes == 1:
        way = (
            "A Dense(1) output has one class only: for two classes use "
            "Dense(1, activation='sigmoid') with loss='binary_crossentropy'."
        )
    else:
        way = f"Give the last layer more units (now {classes}), or correct the labels."
    expected = f"a class number from 0 to {classes - 1}, as {_output(slot)} has {classes} classes"
    refuse_first(y, wrong, place, expected, way)


def _one_hot(y: np.ndarray, slot: Slot, loss: str, place: str) -> None:
    shape = slot.shape or ()
    classes = shape[-1]
    flat = y.ndim == len(shape) - 1 or (y.ndim == len(shape) and y.shape[-1] == 1)
    if flat and classes is not None and classes > 1:
        raise DataError(
            f"{place}: got shape {y.shape}, as of class numbers, but {loss} expects one-hot rows, "
            f"shape {shown(shape)}. Write loss='sparse_categorical_crossentropy', or "
            f"to_categorical(y, {classes})."
        )
    if y.dtype != bool and y.size and fits(y.shape, shape) and (y.min() < 0 or y.max() > 1):
        row = int(np.argmax(((y < 0) | (y > 1)).reshape(len(y), -1).any(axis=1)))
        warn(
            f"{place}: row {row} holds {y[row]}, but {loss} expects one-hot rows, or "
            "probabilities that add up to 1. For class numbers write "
            "to_categorical(y, classes); for quantities use a loss such as 'mse'."
        )


def _binary(y: np.ndarray, slot: Slot, loss: str, place: str) -> None:
    shape = slot.shape or ()
    if y.ndim == len(shape) and shape[-1] == 1 and y.shape[-1] > 1:
        raise DataError(
            f"{place}: got shape {y.shape}, as of one-hot rows, but {_output(slot)} gives one "
            f"number a row. Write y.argmax(axis=-1), or give the last layer {y.shape[-1]} "
            "units with softmax and loss='categorical_crossentropy'."
        )
    if y.dtype == bool or y.size == 0:
        return
    if y.min() < 0 or y.max() > 1:
        expected = f"0 or 1 (or between), as {loss} expects"
        way = (
            "For more than two classes use a softmax layer with a unit for each and "
            "loss='sparse_categorical_crossentropy'; labels -1 and 1 become (y + 1) / 2."
        )
        refuse_first(y, lambda p: (p < 0) | (p > 1), place, expected, way)


def _alike(y: np.ndarray, slot: Slot, loss: str, place: str) -> None:
    shape = slot.shape or ()
    if fits(y.shape, shape):
        return
    if y.ndim == len(shape) - 1 and shape[-1] == 1 and fits(y.shape, shape[:-1]):
        return
    if y.ndim == len(shape) + 1 and y.shape[-1] == 1 and fits(y.shape[:-1], shape):
        return
    raise ShapeError(
        f"{place}: got shape {y.shape}, but {_output(slot)} has shape {shown(shape)}, and {loss} "
        "compares them number by number. "
        + (
            _one_a_row(y, shape)
            or "Give the last layer as many units as y has columns, or correct y."
        )
    )


def fits(got: tuple[int, ...], expected: tuple[int | None, ...]) -> bool:
    """Tell whether a shape is the one expected, whatever the number of rows."""
    return len(got) == len(expected) and all(
        e is None or g == e for g, e in zip(got[1:], expected[1:], strict=True)
    )


def _one_a_row(y: np.ndarray, shape: tuple[int | None, ...]) -> str:
    """Return the way out where rows have one target each, but a whole grid of outputs."""
    if y.size != len(y) or len(shape) < 3:
        return ""
    return (
        "For one number a row, put Flatten() before the last layer, or leave return_sequences="
        "True out of the recurrent layer before it."
    )


def shown(shape: tuple[int | None, ...]) -> str:
    """Return what messages call an expected shape: "(rows, 3)"."""
    inner = "".join(f", {'any' if s is None else s}" for s in shape[1:])
    return f"(rows{inner or ','})"


def _output(slot: Slot) -> str:
    return f"the output of {slot.layer}" if slot.layer else f"the output '{slot.name}'"
