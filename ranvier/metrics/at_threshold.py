"""The best of one rate where another is high enough, over evenly spaced thresholds."""

from __future__ import annotations

from typing import Any

from .. import ops
from ..graph import budget
from ..graph.errors import ArgumentError
from ..graph.number import is_number
from ..graph.whole import whole
from .tally import Tally


class _Best(Tally):
    direction = "up"

    def __init__(
        self, value: float, num_thresholds: int, class_id: int | None, name: Any, dtype: object
    ) -> None:
        place = type(self).__name__
        if not is_number(value) or not 0 <= value <= 1:
            raise ArgumentError(
                f"{place}: got {value!r} as the least rate, expected a number from 0 to 1."
            )
        super().__init__(name=name, dtype=dtype)
        self.value = value
        self.num_thresholds = num_thresholds = whole(
            f"{place}, `num_thresholds`", num_thresholds, 1
        )
        self.class_id = class_id
        budget.charge((num_thresholds, 4), "float64")  # a list of floats
        last = num_thresholds - 1
        self.thresholds = [0.5] if last == 0 else [i / last for i in range(num_thresholds)]
        self.make_counts((num_thresholds,), even=last > 0)

    def recalls(self) -> Any:
        """Return the share of positives found, one a threshold."""
        return self.ratio(self.true_positives, self.false_negatives)

    def specificities(self) -> Any:
        """Return the share of negatives left alone, one a threshold."""
        return self.ratio(self.true_negatives, self.false_positives)

    def precisions(self) -> Any:
        """Return the share of predicted positives that are positive, one a threshold."""
        return self.ratio(self.true_positives, self.false_positives)

    def best(self, wanted: Any, bound: Any) -> Any:
        """Return the largest `wanted` where `bound` reaches the asked value, 0 if nowhere."""
        return ops.max(ops.where(ops.greater_equal(bound, self.value), wanted, 0.0))


class SensitivityAtSpecificity(_Best):
    """The best recall among thresholds whose specificity is high enough.

    Args:
        specificity: the least specificity, 0 to 1.
        num_thresholds: how many thresholds to try; default 200.
        class_id: look at this class only; default None: all.
        name: default "sensitivity_at_specificity".
        dtype: of the result; default the default float type.

    Example:
        >>> float(SensitivityAtSpecificity(0.5)([0, 0, 0, 1, 1], [0.0, 0.3, 0.8, 0.3, 0.8]))
        0.5

    Source: keras.metrics.SensitivityAtSpecificity.
    """

    def __init__(
        self,
        specificity: float,
        num_thresholds: int = 200,
        class_id: int | None = None,
        name: str | None = None,
        dtype: object = None,
    ) -> None:
        super().__init__(specificity, num_thresholds, class_id, name, dtype)
        self.specificity = specificity

    def result(self) -> Any:
        """Return the best recall so far."""
        return self.best(self.recalls(), self.specificities())


class SpecificityAtSensitivity(_Best):
    """The best specificity among thresholds whose recall is high enough.

    Args:
        sensitivity: the least recall, 0 to 1.
        num_thresholds: how many thresholds to try; default 200.
        class_id: look at this class only; default None: all.
        name: default "specificity_at_sensitivity".
        dtype: of the result; default the default float type.

    Example:
        >>> m = SpecificityAtSensitivity(0.5)
        >>> round(float(m([0, 0, 0, 1, 1], [0.0, 0.3, 0.8, 0.3, 0.8])), 4)
        0.6667

    Source: keras.metrics.SpecificityAtSensitivity.
    """

    def __init__(
        self,
        sensitivity: float,
        num_thresholds: int = 200,
        class_id: int | None = None,
        name: str | None = None,
        dtype: object = None,
    ) -> None:
        super().__init__(sensitivity, num_thresholds, class_id, name, dtype)
        self.sensitivity = sensitivity

    def result(self) -> Any:
        """Return the best specificity so far."""
        return self.best(self.specificities(), self.recalls())


class PrecisionAtRecall(_Best):
    """The best precision among thresholds whose recall is high enough.

    Args:
        recall: the least recall, 0 to 1.
        num_thresholds: how many thresholds to try; default 200.
        class_id: look at this class only; default None: all.
        name: default "precision_at_recall".
        dtype: of the result; default the default float type.

    Example:
        >>> float(PrecisionAtRecall(0.5)([0, 0, 0, 1, 1], [0.0, 0.3, 0.8, 0.3, 0.8]))
        0.5

    Source: keras.metrics.PrecisionAtRecall.
    """

    def __init__(
        self,
        recall: float,
        num_thresholds: int = 200,
        class_id: int | None = None,
        name: str | None = None,
        dtype: object = None,
    ) -> None:
        super().__init__(recall, num_thresholds, class_id, name, dtype)
        self.recall = recall

    def result(self) -> Any:
        """Return the best precision so far."""
        return self.best(self.precisions(), self.recalls())


class RecallAtPrecision(_Best):
    """The best recall among thresholds whose precision is high enough.

    Args:
        precision: the least precision, 0 to 1.
        num_thresholds: how many thresholds to try; default 200.
        class_id: look at this class only; default None: all.
        name: default "recall_at_precision".
        dtype: of the result; default the default float type.

    Example:
        >>> float(RecallAtPrecision(0.8)([0, 0, 1, 1], [0.0, 0.5, 0.3, 0.9]))
        0.5

    Source: keras.metrics.RecallAtPrecision.
    """

    def __init__(
        self,
        precision: float,
        num_thresholds: int = 200,
        class_id: int | None = None,
        name: str | None = None,
        dtype: object = None,
    ) -> None:
        super().__init__(precision, num_thresholds, class_id, name, dtype)
        self.precision = precision

    def result(self) -> Any:
        """Return the best recall so far."""
        return self.best(self.recalls(), self.precisions())
