"""Which rows make which batch: splits, class weights, the order of an epoch, counts of steps."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

from ..graph.dtype import floatx
from ..graph.errors import ArgumentError, ArgumentTypeError, DataError, warn
from ..graph.whole import whole
from .table import Table


class Orders:
    """Gives random orders of rows, which depend on a seed and on how many came before.

    Args:
        make: `make(n, seed, number)` returns the numbers 0..n-1 in a random order.
        seed: of all the orders.

    Attributes:
        given: how many orders were given.

    Example:
        >>> Orders(lambda n, seed, number: np.roll(np.arange(n), number), 0)(3)
        array([0, 1, 2])
    """

    def __init__(self, make: Callable[[int, int, int], np.ndarray], seed: int) -> None:
        self._make, self.seed, self.given = make, seed, 0

    def __call__(self, n: int) -> np.ndarray:
        """Return the next order of n rows."""
        self.given += 1
        return self._make(n, self.seed, self.given - 1)

    def state(self) -> dict[str, int]:
        """Return the seed and the number of orders given."""
        return {"seed": self.seed, "orders": self.given}

    def resume(self, state: Mapping[str, int]) -> None:
        """Go on from a state."""
        self.seed, self.given = state.get("seed", self.seed), state.get("orders", self.given)


#: `permute(n)` returns the numbers 0..n-1 in a random order; the model room brings the generator.
Permute = Callable[[int], np.ndarray]


def steps(rows: int, batch: int) -> int:
    """Return how many batches hold `rows` rows; the last may be smaller.

    Example:
        >>> steps(100, 32)
        4
    """
    return -(-rows // batch)


def split(table: Table, fraction: float) -> tuple[Table, Table]:
    """Return the first rows to train on and the last `fraction` to validate on, as views.

    The first floor(rows * (1 - fraction)) rows train, taken before any shuffling.

    Raises:
        DataError: if either part would be empty.

    Source: keras.Model.fit, validation_split.
    """
    at = math.floor(table.rows * (1.0 - fraction))
    if at in (0, table.rows):
        raise DataError(
            f"validation_split: {fraction:g} of {table.rows} rows leaves {at} rows to train on and "
            f"{table.rows - at} to validate on; both need at least one. Give more rows or another "
            "fraction."
        )
    return table.part(0, at), table.part(at, table.rows)


class Schedule:
    """The order of rows for one epoch after another.

    Args:
        rows: rows in the data.
        batch: rows a step.
        per_epoch: steps an epoch, or None for all rows. Fewer than the data has: the next epoch
            goes on where this one stopped, as in Keras.
        shuffle: True for a new order each time round, "batch" to shuffle within each batch.
        permute: makes the orders; not needed without shuffling.

    Example:
        >>> Schedule(5, 2, shuffle=False).epoch()
        array([0, 1, 2, 3, 4])
    """

    def __init__(
        self,
        rows: int,
        batch: int,
        per_epoch: int | None = None,
        shuffle: bool | str = True,
        permute: Permute | None = None,
    ) -> None:
        if shuffle not in (True, False, "batch"):
            raise ArgumentError(f"shuffle: got {shuffle!r}, expected True, False or 'batch'.")
        self.rows, self.batch, self.per_epoch = rows, batch, per_epoch
        self.shuffle, self.permute = shuffle, permute
        self._order: np.ndarray | None = None
        self._next = 0

    @property
    def steps(self) -> int:
        """Steps an epoch."""
        return self.per_epoch or steps(self.rows, self.batch)

    def epoch(self) -> np.ndarray:
        """Return the row numbers of the next epoch, int64, in the order to visit them.

        Where `per_epoch` asks for more batches than are left, the epoch is short and a
        DataWarning says so, as in Keras.
        """
        if self._order is None:
            self._order, self._next = self._fresh(), 0
        start = self._next
        stop = self.rows
        if self.per_epoch is not None:
            stop = min(start + self.per_epoch * self.batch, self.rows)
            have = steps(stop - start, self.batch)
            if have < self.per_epoch:
                warn(
                    f"steps_per_epoch: asked for {self.per_epoch} batches of {self.batch} rows, "
                    f"but only {have} are left of {self.rows} rows, so this epoch ends after "
                    f"batch {have}. Leave steps_per_epoch out to use each row once an epoch."
                )
        order = self._order[start:stop]
        self._next = stop
        if stop >= self.rows:
            self._order = None
        return order

    def state(self) -> dict[str, int]:
        """Return where the schedule stands, for `resume`."""
        begun = self._order is not None
        orders = self.permute.state() if isinstance(self.permute, Orders) else {}
        return orders | {"begun": int(begun), "next": self._next if begun else 0}

    def resume(self, state: Mapping[str, int]) -> None:
        """Go on where another schedule of the same data stood."""
        begun = state.get("begun", 0)
        if isinstance(self.permute, Orders):
            # The order that was begun is made once more.
            self.permute.resume({**state, "orders": state.get("orders", 0) - begun})
        self._order, self._next = (self._fresh(), state.get("next", 0)) if begun else (None, 0)

    def _fresh(self) -> np.ndarray:
        if not self.shuffle or self.permute is None:
            return np.arange(self.rows, dtype=np.int64)
        if self.shuffle == "batch":
            parts = range(0, self.rows, self.batch)
            return np.concatenate(
                [s + np.asarray(self.permute(min(self.batch, self.rows - s))) for s in parts]
            ).astype(np.int64, copy=False)
        return np.ascontiguousarray(self.permute(self.rows), dtype=np.int64)


def class_weights(
    y: np.ndarray, weights: Mapping[Any, Any] | Sequence[float], classes: int | None = None
) -> np.ndarray:
    """Return the weight of each row's class, in the default float type.

    Args:
        y: labels of shape (rows,) or (rows, 1), or one-hot rows (rows, classes).
        weights: class -> weight, or a list with one weight a class. A class that is not in it
            counts 1, as in Keras; if the data have such rows, a DataWarning says so.
        classes: how many classes the model has, if known.

    Shape: (rows, ...) -> (rows,).

    Raises:
        ArgumentError, ArgumentTypeError: for weights or classes that cannot be.

    Example:
        >>> class_weights(np.array([0, 1, 1]), {0: 1.0, 1: 2.0})
        array([1., 2., 2.], dtype=float32)

    Source: keras.Model.fit, class_weight.
    """
    table = _weight_of_class(weights, classes)
    if y.ndim > 1 and y.shape[-1] != 1:
        y = np.argmax(y, axis=-1)
    labels = np.rint(y.reshape(len(y), -1)[:, 0]).astype(np.int64) if y.size else np.zeros(0, int)
    present, place = np.unique(labels, return_inverse=True)
    missing = [int(label) for label in present if int(label) not in table]
    if missing:
        warn(
            f"class_weight: has no weight for class {', '.join(map(str, missing[:5]))}, which "
            f"{np.isin(labels, missing).sum()} rows have; it counts as 1.0. "
            f"Write {{..., {missing[0]}: 1.0}} if that is meant."
        )
    lookup = np.array([table.get(int(label), 1.0) for label in present], floatx())
    return lookup[place.reshape(-1)]


def _weight_of_class(weights: Any, classes: int | None) -> dict[int, float]:
    if isinstance(weights, str):
        raise ArgumentTypeError(
            f"class_weight: got {weights!r}, expected a dict of class to weight. For balanced "
            "weights: n, c = len(y), np.bincount(y); class_weight = "
            "dict(enumerate(n / (len(c) * c)))."
        )
    if not isinstance(weights, Mapping):
        try:
            weights = dict(enumerate(weights))
        except TypeError:
            raise ArgumentTypeError(
                f"class_weight: got {weights!r}, expected a dict such as {{0: 1.0, 1: 5.0}}."
            ) from None
    table: dict[int, float] = {}
    for key, value in weights.items():
        if isinstance(key, (str, bytes)):
            raise ArgumentTypeError(
                f"class_weight: got the key {key!r}, expected the class's number, 0, 1, ..., as "
                "it stands in y."
            )
        number = whole("class_weight, key", int(key) if key == int(key) else key, 0)
        if classes is not None and number >= classes:
            raise ArgumentError(
                f"class_weight: got a weight for class {number}, but the model has {classes} "
                f"classes, 0 to {classes - 1}."
            )
        table[number] = _weight(value, number)
    return table


def _weight(value: Any, label: int) -> float:
    try:
        weight = float(value)
    except (TypeError, ValueError):
        raise ArgumentTypeError(
            f"class_weight: class {label} has {value!r}, expected a number."
        ) from None
    if not (weight >= 0.0 and math.isfinite(weight)):
        raise ArgumentError(
            f"class_weight: class {label} has {weight}, expected a finite number of at least 0."
        )
    return weight
