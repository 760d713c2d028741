"""AUC, the area under a curve of rates over thresholds."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from .. import ops
from ..graph import budget
from ..graph.dtype import epsilon
from ..graph.errors import ArgumentError, ShapeError, nearest
from ..graph.whole import whole
from .tally import Tally, evenly_spaced, listed_thresholds

CURVES = ("ROC", "PR", "PRGAIN")
SUMMATIONS = ("interpolation", "majoring", "minoring")


class AUC(Tally):
    """The area under the ROC or precision-recall curve, from counts at 200 thresholds.

    ROC: recall over the false positive rate. PR: precision over recall. PRGAIN: precision gain
    over recall gain. The curve has one point a threshold, so that its area comes close to the
    exact one where scores are spread over 0 to 1.

    Args:
        num_thresholds: how many, evenly spaced from 0 to 1; default 200.
        curve: "ROC" (default), "PR" or "PRGAIN".
        summation_method: "interpolation" (default; for PR the interpolation of true positives),
            "minoring" (lower heights) or "majoring" (upper).
        name: default "auc".
        dtype: of the result; default the default float type.
        thresholds: thresholds of your own from 0 to 1 instead; default None.
        multi_label: one curve for each number of the last axis, then their mean; default False.
        num_labels: how many there are, with multi_label; default: seen at the first batch.
        label_weights: weights of the labels in that mean, or in the counts; default None.
        from_logits: whether predictions are logits, to be put through a sigmoid; default False.

    Raises:
        ArgumentError: if a name is unknown or thresholds are outside of 0 to 1.

    Example:
        >>> float(AUC(num_thresholds=3)([0, 0, 1, 1], [0.0, 0.5, 0.3, 0.9]))
        0.75

    Source: keras.metrics.AUC; Davis and Goadrich (2006) for the interpolation of PR.
    """

    direction = "up"

    def __init__(
        self,
        num_thresholds: int = 200,
        curve: str = "ROC",
        summation_method: str = "interpolation",
        name: str | None = None,
        dtype: object = None,
        thresholds: Sequence[float] | None = None,
        multi_label: bool = False,
        num_labels: int | None = None,
        label_weights: Sequence[float] | None = None,
        from_logits: bool = False,
    ) -> None:
        super().__init__(name=name, dtype=dtype)
        self.curve = _named("curve", str(curve).upper(), curve, CURVES)
        self.summation_method = _named(
            "summation_method", str(summation_method).lower(), summation_method, SUMMATIONS
        )
        inner, even = _inner(thresholds, num_thresholds)
        self._given = None if thresholds is None else inner
        self.num_thresholds = len(inner) + 2
        # Every score is above the first and none above the last, whatever its rounding.
        self.thresholds = [-epsilon(), *inner, 1.0 + epsilon()]
        self.multi_label = multi_label
        self.num_labels = num_labels
        self.label_weights = (
            None if label_weights is None else np.array(label_weights, self.dtype, ndmin=1)
        )
        self.from_logits = from_logits
        self._spaced, self._built = even, False
        if num_labels is not None and not multi_label:
            raise ArgumentError(
                f"AUC, `num_labels`: got {num_labels!r} without multi_label=True, which it is for."
            )
        if num_labels is not None:
            whole("AUC, `num_labels`", num_labels, 1)
        if not multi_label or num_labels:
            self._build(num_labels)

    def _build(self, labels: int | None) -> None:
        shape = (self.num_thresholds, labels) if labels else (self.num_thresholds,)
        self.make_counts(shape, self._spaced)
        self._built = True

    def update_state(self, y_true: Any, y_pred: Any, sample_weight: Any = None) -> None:
        """Count one batch."""
        y_pred = ops.convert_to_tensor(y_pred, self.dtype)
        if self.multi_label and len(y_pred.shape) != 2:
            raise ShapeError(
                f"AUC, `multi_label`: got predictions of shape {tuple(y_pred.shape)}, expected "
                "(rows, labels)."
            )
        if self.multi_label:
            self._check_labels("num_labels", self.num_labels, y_pred)
        if self.label_weights is not None:
            self._check_labels("label_weights", len(self.label_weights), y_pred)
        if not self._built:
            self._build(y_pred.shape[1])
        if self.from_logits:
            y_pred = ops.sigmoid(y_pred)
        weights = None if self.multi_label else self.label_weights
        self.count(y_true, y_pred, sample_weight, weights, by_label=self.multi_label)

    def _check_labels(self, argument: str, count: int | None, y_pred: Any) -> None:
        """Raise ShapeError where an argument is for another number of labels than came."""
        if count not in (None, y_pred.shape[-1]) and y_pred.shape[-1] is not None:
            raise ShapeError(
                f"AUC, `{argument}`: got {count} labels for predictions of shape "
                f"{tuple(y_pred.shape)}, expected {y_pred.shape[-1]}."
            )

    def result(self) -> Any:
        """Return the area so far."""
        if not self._built:
            return ops.cast(0.0, self.dtype)
        if self.curve == "PR" and self.summation_method == "interpolation":
            areas = self._interpolated()
        else:
            x, y = self._points()
            areas = ops.multiply(ops.subtract(x[:-1], x[1:]), self._heights(y[:-1], y[1:]))
        if not self.multi_label:
            return ops.cast(ops.sum(areas), self.dtype)
        each = ops.sum(areas, 0)
        if self.label_weights is None:
            return ops.cast(ops.mean(each), self.dtype)
        weighted = ops.sum(ops.multiply(each, self.label_weights))
        return ops.cast(ops.divide_no_nan(weighted, np.sum(self.label_weights)), self.dtype)

    def _heights(self, left: Any, right: Any) -> Any:
        if self.summation_method == "minoring":
            return ops.minimum(left, right)
        if self.summation_method == "majoring":
            return ops.maximum(left, right)
        return ops.divide(ops.add(left, right), 2.0)

    def _points(self) -> tuple[Any, Any]:
        tp, fp = self.true_positives, self.false_positives
        tn, fn = self.true_negatives, self.false_negatives
        share = ops.divide_no_nan
        if self.curve == "ROC":
            return share(fp, ops.add(fp, tn)), share(tp, ops.add(tp, fn))
        if self.curve == "PR":
            return share(tp, ops.add(tp, fn)), share(tp, ops.add(tp, fp))
        scale = share(ops.add(tp, fn), ops.add(tn, fp))
        none = ops.equal(tp, 0.0)
        recall_gain = ops.where(none, 0.0, 1.0 - scale * share(fn, tp))
        precision_gain = ops.where(none, 1.0, 1.0 - scale * share(fp, tp))
        return ops.maximum(recall_gain, 0.0), precision_gain

    def _interpolated(self) -> Any:
        """Integrate precision between points with true positives linear in predicted ones."""
        tp, fn = self.true_positives, self.false_negatives
        share = ops.divide_no_nan
        step = ops.subtract(tp[:-1], tp[1:])
        p = ops.add(tp, self.false_positives)
        slope = share(step, ops.maximum(ops.subtract(p[:-1], p[1:]), 0.0))
        start = ops.subtract(tp[1:], ops.multiply(slope, p[1:]))
        both = ops.logical_and(ops.greater(p[:-1], 0.0), ops.greater(p[1:], 0.0))
        ratio = ops.where(both, share(p[:-1], ops.maximum(p[1:], 0.0)), 1.0)
        area = ops.multiply(slope, ops.add(step, ops.multiply(start, ops.log(ratio))))
        return share(area, ops.maximum(ops.add(tp[1:], fn[1:]), 0.0))

    def get_config(self) -> dict[str, Any]:
        """Return the arguments to make this metric again."""
        weights = self.label_weights
        return {
            **super().get_config(),
            "thresholds": self._given,
            "label_weights": None if weights is None else weights.tolist(),
        }


def _inner(given: Any, count: int) -> tuple[list[float], bool]:
    """Return the thresholds between 0 and 1, and whether all are evenly spaced."""
    if given is not None:
        found = sorted(listed_thresholds("AUC", given))
        return found, bool(evenly_spaced([0.0, *found, 1.0]))
    count = whole("AUC, `num_thresholds`", count, 2)
    budget.charge((count, 4), "float64")  # a list of floats
    return [(i + 1) / (count - 1) for i in range(count - 2)], True


def _named(argument: str, name: str, given: Any, known: tuple[str, ...]) -> str:
    if name not in known:
        raise ArgumentError(f"AUC, `{argument}`: got {given!r}. {nearest(name, known)}")
    return name
