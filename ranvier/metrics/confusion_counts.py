"""TruePositives, FalsePositives, TrueNegatives, FalseNegatives."""

from __future__ import annotations

from typing import Any

from .. import ops
from .tally import Tally, evenly_spaced, thresholds_of


class _Count(Tally):
    def __init__(self, thresholds: Any = None, name: str | None = None, dtype: object = None):
        super().__init__(name=name, dtype=dtype)
        self._given = thresholds
        self.thresholds = thresholds_of(type(self).__name__, thresholds, 0.5)
        even = evenly_spaced(self.thresholds)
        self.make_counts((len(self.thresholds),), even, "accumulator")

    def result(self) -> Any:
        """Return the count, or one a threshold."""
        count = ops.cast(getattr(self, self.kinds[0]), self.dtype)
        return self.first_or_all(count)

    def get_config(self) -> dict[str, Any]:
        """Return the arguments to make this metric again."""
        return {**super().get_config(), "thresholds": self._given}


class TruePositives(_Count):
    """How many predictions above the threshold have label 1 (their weights, if given).

    Args:
        thresholds: a number from 0 to 1, or a list of them; default 0.5.
        name: default "true_positives".
        dtype: of the result; default the default float type.

    Example:
        >>> float(TruePositives()([0, 1, 1, 1], [1.0, 0.0, 1.0, 1.0]))
        2.0

    Source: keras.metrics.TruePositives.
    """

    kinds = ("true_positives",)


class FalsePositives(_Count):
    """How many predictions above the threshold have label 0 (their weights, if given).

    Args:
        thresholds: a number from 0 to 1, or a list of them; default 0.5.
        name: default "false_positives".
        dtype: of the result; default the default float type.

    Example:
        >>> float(FalsePositives()([0, 1, 0, 0], [0.0, 0.0, 1.0, 1.0]))
        2.0

    Source: keras.metrics.FalsePositives.
    """

    kinds = ("false_positives",)


class TrueNegatives(_Count):
    """How many predictions up to the threshold have label 0 (their weights, if given).

    Args:
        thresholds: a number from 0 to 1, or a list of them; default 0.5.
        name: default "true_negatives".
        dtype: of the result; default the default float type.

    Example:
        >>> float(TrueNegatives()([0, 1, 0, 0], [1.0, 1.0, 0.0, 0.0]))
        2.0

    Source: keras.metrics.TrueNegatives.
    """

    kinds = ("true_negatives",)


class FalseNegatives(_Count):
    """How many predictions up to the threshold have label 1 (their weights, if given).

    Args:
        thresholds: a number from 0 to 1, or a list of them; default 0.5.
        name: default "false_negatives".
        dtype: of the result; default the default float type.

    Example:
        >>> float(FalseNegatives()([0, 1, 1, 1], [0.0, 1.0, 0.0, 0.0]))
        2.0

    Source: keras.metrics.FalseNegatives.
    """

    kinds = ("false_negatives",)
