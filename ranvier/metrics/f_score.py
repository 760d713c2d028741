"""F1Score and FBetaScore."""

from __future__ import annotations

from typing import Any

from .. import ops
from ..graph.dtype import epsilon
from ..graph.errors import ArgumentError, ShapeError
from ..graph.number import is_number
from .metric import Metric
from .rank import same_shape

_NAMES = ("true_positives", "false_positives", "false_negatives", "intermediate_weights")


class FBetaScore(Metric):
    """The weighted harmonic mean of precision and recall, for each class or over all.

    (1 + beta^2) * precision * recall / (beta^2 * precision + recall)

    Args:
        average: None (default): one number a class; "micro": count all classes together;
            "macro": mean over classes; "weighted": mean weighted by how often a class occurs.
        beta: how much more recall counts than precision; default 1.
        threshold: above it an output counts as positive, above 0 up to 1; default None: the
            largest output of a row.
        name: default "fbeta_score".
        dtype: of the result; default the default float type.

    Shape:
        y_true and y_pred: (rows, classes), y_true of 0 and 1.

    Raises:
        ArgumentError: if an argument is out of its range.

    Example:
        >>> m = FBetaScore(beta=2.0, threshold=0.5, average="micro")
        >>> round(float(m([[1, 1], [1, 0]], [[0.2, 0.6], [0.9, 0.8]])), 4)
        0.6667

    Source: keras.metrics.FBetaScore.
    """

    direction = "up"

    def __init__(
        self,
        average: str | None = None,
        beta: float = 1.0,
        threshold: float | None = None,
        name: str = "fbeta_score",
        dtype: object = None,
    ) -> None:
        super().__init__(name=name, dtype=dtype)
        place = type(self).__name__
        if average not in (None, "micro", "macro", "weighted"):
            raise ArgumentError(
                f"{place}, `average`: got {average!r}, expected None, 'micro', 'macro' or "
                "'weighted'."
            )
        if not is_number(beta) or not beta > 0:
            raise ArgumentError(f"{place}, `beta`: got {beta!r}, expected a number above 0.")
        if threshold is not None and not (is_number(threshold) and 0 < threshold <= 1):
            raise ArgumentError(
                f"{place}, `threshold`: got {threshold!r}, expected a number above 0 up to 1."
            )
        self.average = average
        self.beta = beta
        self.threshold = threshold
        self._built = False

    def _build(self, y_true: Any, y_pred: Any) -> None:
        if len(y_pred.shape) != 2 or not same_shape(y_true, y_pred):
            raise ShapeError(
                f"{type(self).__name__}: got y_true of shape {tuple(y_true.shape)} and y_pred of "
                f"shape {tuple(y_pred.shape)}, expected both (rows, classes). Class numbers "
                "become rows of 0 and 1 by ranvier.utils.to_categorical."
            )
        shape = () if self.average == "micro" else (y_pred.shape[1],)
        for kind in _NAMES:
            setattr(self, kind, self.add_variable(shape, dtype="float64", name=kind))
        self._built = True

    def update_state(self, y_true: Any, y_pred: Any, sample_weight: Any = None) -> None:
        """Count one batch."""
        y_true = ops.convert_to_tensor(y_true, self.dtype)
        y_pred = ops.convert_to_tensor(y_pred, self.dtype)
        if not self._built:
            self._build(y_true, y_pred)
        if self.threshold is None:
            largest = ops.greater_equal(y_pred, ops.max(y_pred, -1, keepdims=True))
            hit = ops.logical_and(largest, ops.greater(ops.absolute(y_pred), 1e-9))
        else:
            hit = ops.greater(y_pred, self.threshold)
        hit = ops.cast(hit, self.dtype)
        axis = None if self.average == "micro" else 0
        counts = (hit * y_true, hit * (1.0 - y_true), (1.0 - hit) * y_true, y_true)
        for kind, found in zip(_NAMES, counts, strict=True):
            if sample_weight is not None:
                weight = ops.convert_to_tensor(sample_weight, self.dtype)
                weight = ops.expand_dims(weight, 1) if len(weight.shape) == 1 else weight
                found = ops.multiply(found, weight)
            getattr(self, kind).assign_add(ops.cast(ops.sum(found, axis), "float64"))

    def result(self) -> Any:
        """Return the score of each class, or their mean."""
        if not self._built:
            return ops.cast(0.0, self.dtype)
        tp, fp, fn, weights = (getattr(self, kind) for kind in _NAMES)
        least = epsilon()
        precision = ops.divide(tp, ops.add(ops.add(tp, fp), least))
        recall = ops.divide(tp, ops.add(ops.add(tp, fn), least))
        square = self.beta**2
        score = ops.divide(precision * recall, precision * square + recall + least) * (1 + square)
        if self.average == "weighted":
            score = ops.sum(score * ops.divide(weights, ops.add(ops.sum(weights), least)))
        elif self.average is not None:
            score = ops.mean(score)
        return ops.cast(score, self.dtype)


class F1Score(FBetaScore):
    """The harmonic mean of precision and recall, for each class or over all.

    2 * precision * recall / (precision + recall)

    Args:
        average: None (default): one number a class; "micro", "macro" or "weighted"; see
            `FBetaScore`.
        threshold: above it an output counts as positive; default None: the largest of a row.
        name: default "f1_score".
        dtype: of the result; default the default float type.

    Shape:
        y_true and y_pred: (rows, classes), y_true of 0 and 1.

    Example:
        >>> m = F1Score(threshold=0.5)
        >>> m([[1, 1], [1, 0]], [[0.2, 0.6], [0.9, 0.8]]).numpy().round(4)
        array([0.6667, 0.6667], dtype=float32)

    Source: keras.metrics.F1Score.
    """

    def __init__(
        self,
        average: str | None = None,
        threshold: float | None = None,
        name: str = "f1_score",
        dtype: object = None,
    ) -> None:
        super().__init__(average=average, threshold=threshold, name=name, dtype=dtype)
