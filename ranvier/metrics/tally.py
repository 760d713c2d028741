"""Counting true and false positives and negatives at thresholds."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from .. import ops
from ..graph.dtype import epsilon
from ..graph.errors import ArgumentError, ArgumentTypeError, ShapeError
from ..graph.number import is_number
from ..graph.whole import whole
from ..losses.pair import same_rank
from .metric import Metric
from .rank import check_weights, same_shape

#: What predictions outside of the k largest become: below every threshold.
FAR_BELOW = -1e10
KINDS = ("true_positives", "false_positives", "true_negatives", "false_negatives")


def thresholds_of(metric: str, given: Any, default: float) -> list[float]:
    """Return thresholds as a list, the default alone where none are given.

    Raises:
        ArgumentError: if one is outside of 0 to 1, or there is none.
        ArgumentTypeError: if one is no number.
    """
    found = [default] if given is None else listed_thresholds(metric, given)
    if not found:
        raise ArgumentError(f"{metric}, `thresholds`: got {given!r}, expected numbers from 0 to 1.")
    return found


def listed_thresholds(metric: str, given: Any) -> list[float]:
    """Return thresholds as a list, if each is a number from 0 to 1.

    Raises:
        ArgumentError: if one is outside of 0 to 1.
        ArgumentTypeError: if one is no number.
    """
    found = list(given) if isinstance(given, (list, tuple, np.ndarray)) else [given]
    numbers = all(is_number(t) for t in found)
    if not numbers or not all(0 <= t <= 1 for t in found):
        kind = ArgumentError if numbers else ArgumentTypeError
        raise kind(f"{metric}, `thresholds`: got {given!r:.60}, expected numbers from 0 to 1.")
    return found


def evenly_spaced(thresholds: Sequence[float]) -> bool:
    """Tell whether there are 3 thresholds or more, at equal distances from 0 to 1."""
    n = len(thresholds)
    return n > 2 and np.allclose(thresholds, np.arange(n) / (n - 1), atol=epsilon())


def limits(thresholds: Sequence[float], even: bool) -> tuple[float, np.ndarray]:
    """Return a factor for predictions and the limits above which they then count as positive.

    Evenly spaced thresholds are compared in units of their distance, as the buckets of Keras
    are: prediction * (n - 1) > i. A first threshold below 0 is passed by every prediction.
    """
    if not even:
        return 1.0, np.asarray(thresholds, np.float64)
    line = np.arange(len(thresholds), dtype=np.float64)
    if thresholds[0] < 0 or thresholds[-1] > 1:
        line[0] = -1.0
    return len(thresholds) - 1.0, line


class Tally(Metric):
    """A metric that counts predictions against thresholds; base of this room's."""

    #: Which counts it keeps, in the order of its variables.
    kinds: tuple[str, ...] = KINDS
    thresholds: Any
    top_k: int | None = None
    class_id: int | None = None
    true_positives: Any
    false_positives: Any
    true_negatives: Any
    false_negatives: Any

    def make_counts(self, shape: Sequence[int], even: bool, name: str | None = None) -> None:
        """Make one variable a kind; `even` says how thresholds are compared."""
        self._even = even
        for kind in self.kinds:
            setattr(self, kind, self.add_variable(shape, dtype="float64", name=name or kind))

    def update_state(self, y_true: Any, y_pred: Any, sample_weight: Any = None) -> None:
        """Count one batch."""
        self.count(y_true, y_pred, sample_weight)

    def count(
        self,
        y_true: Any,
        y_pred: Any,
        sample_weight: Any = None,
        label_weights: Any = None,
        by_label: bool = False,
    ) -> None:
        """Add a batch to the counts.

        Args:
            y_true: 0 or 1 (any other number counts as 1).
            y_pred: scores; above a threshold counts as positive.
            sample_weight: None, one a row, or one a score.
            label_weights: None, or one for each number of the last axis.
            by_label: keep apart the numbers of the last axis: counts (thresholds, labels).
        """
        y_true, y_pred, weight = self._prepared(y_true, y_pred, sample_weight)
        if label_weights is not None:
            weight = label_weights if weight is None else ops.multiply(weight, label_weights)
        factor, bounds = limits(self.thresholds, self._even)
        if self._even:
            y_pred = ops.multiply(ops.clip(y_pred, 0.0, 1.0), factor)
        at = 1 if by_label else len(y_pred.shape)
        line = bounds[:, None] if by_label else bounds
        single = bounds.size == 1 and not by_label
        wide: Callable[[Any], Any] = (lambda x: x) if single else (
            lambda x: ops.expand_dims(x, at))  # fmt: skip
        above = ops.greater(wide(y_pred), float(bounds[0]) if single else ops.cast(
            line, self.dtype))  # fmt: skip
        label = ops.cast(ops.cast(y_true, "bool"), self.dtype)
        sides = {"true": label, "false": ops.subtract(1.0, label)}
        if weight is not None:
            sides = {k: ops.multiply(v, weight) for k, v in sides.items()}
        axes = (0,) if by_label else tuple(range(len(y_pred.shape)))

        def hits(side: str) -> Any:
            return ops.cast(ops.sum(ops.where(above, wide(sides[side]), 0.0), axes), "float64")

        def misses(side: str) -> Any:
            return ops.cast(ops.sum(sides[side], axes), "float64") - hits(side)

        ways = {
            "true_positives": (hits, "true"),
            "false_positives": (hits, "false"),
            "true_negatives": (misses, "false"),
            "false_negatives": (misses, "true"),
        }
        for kind in self.kinds:
            way, side = ways[kind]
            variable = getattr(self, kind)
            found = way(side)
            variable.assign_add(ops.reshape(found, (1,)) if single else found)

    def _prepared(self, y_true: Any, y_pred: Any, sample_weight: Any) -> tuple[Any, Any, Any]:
        """Return labels, scores and weights of fitting ranks, cut to class_id and top_k."""
        y_pred = ops.convert_to_tensor(y_pred, self.dtype)
        y_true = ops.convert_to_tensor(y_true, self.dtype)
        y_pred, y_true = same_rank(y_pred, y_true)
        if not same_shape(y_true, y_pred):
            raise ShapeError(
                f"{type(self).__name__}: got y_true of shape {tuple(y_true.shape)} and y_pred of "
                f"shape {tuple(y_pred.shape)}, expected equal shapes. Class numbers become rows "
                "of 0 and 1 by ranvier.utils.to_categorical."
            )
        if sample_weight is not None:
            sample_weight = ops.convert_to_tensor(sample_weight, self.dtype)
            if len(sample_weight.shape) < len(y_true.shape):
                sample_weight = ops.expand_dims(sample_weight, -1)
            check_weights(type(self).__name__, sample_weight, y_true)
        if self.top_k is not None:
            _, index = ops.top_k(y_pred, self.top_k)
            kept = ops.one_hot(index, y_pred.shape[-1], dtype=self.dtype)
            kept = ops.sum(kept, -2)
            y_pred = y_pred * kept + FAR_BELOW * (1.0 - kept)
        if self.class_id is not None:
            if len(y_pred.shape) < 2:
                raise ShapeError(
                    f"{type(self).__name__}, `class_id`: got predictions of shape "
                    f"{tuple(y_pred.shape)}, expected (rows, classes)."
                )
            part = self._part(y_pred.shape[-1])
            y_true, y_pred = y_true[..., part], y_pred[..., part]
            if sample_weight is not None and sample_weight.shape[-1] != 1:
                sample_weight = sample_weight[..., part]
        return y_true, y_pred, sample_weight

    def _part(self, classes: int) -> slice:
        """Return where `class_id` lies among the classes; below 0 it counts from the end."""
        class_id = whole(f"{type(self).__name__}, `class_id`", self.class_id)
        if not -classes <= class_id < classes:
            raise ArgumentError(
                f"{type(self).__name__}, `class_id`: got {class_id} for predictions of {classes} "
                f"classes, expected a number from 0 to {classes - 1}."
            )
        return slice(class_id % classes, class_id % classes + 1)

    def ratio(self, part: Any, rest: Any) -> Any:
        """Return part / (part + rest), 0 where both are 0, in the metric's dtype."""
        return ops.cast(ops.divide_no_nan(part, ops.add(part, rest)), self.dtype)

    def first_or_all(self, values: Any) -> Any:
        """Return one number for one threshold, else one a threshold."""
        return ops.squeeze(values, 0) if len(self.thresholds) == 1 else values
