"""Precision and Recall."""

from __future__ import annotations

from typing import Any

from .tally import FAR_BELOW, Tally, evenly_spaced, thresholds_of


class _Share(Tally):
    direction = "up"

    def __init__(
        self,
        thresholds: Any = None,
        top_k: int | None = None,
        class_id: int | None = None,
        name: str | None = None,
        dtype: object = None,
    ) -> None:
        super().__init__(name=name, dtype=dtype)
        self._given = thresholds
        self.top_k = top_k
        self.class_id = class_id
        default = 0.5 if top_k is None else FAR_BELOW
        self.thresholds = thresholds_of(type(self).__name__, thresholds, default)
        self.make_counts((len(self.thresholds),), evenly_spaced(self.thresholds))

    def result(self) -> Any:
        """Return the share, or one a threshold; 0 where nothing was counted."""
        found, missed = (getattr(self, kind) for kind in self.kinds)
        return self.first_or_all(self.ratio(found, missed))

    def get_config(self) -> dict[str, Any]:
        """Return the arguments to make this metric again."""
        return {**super().get_config(), "thresholds": self._given}


class Precision(_Share):
    """The share of predicted positives that are positive.

    true_positives / (true_positives + false_positives)

    Args:
        thresholds: a number from 0 to 1, or a list of them, above which a prediction counts as
            positive; default 0.5, and with top_k none.
        top_k: count only the k largest predictions of a row as positive; default None.
        class_id: look at this class only; default None: all.
        name: default "precision".
        dtype: of the result; default the default float type.

    Example:
        >>> round(float(Precision()([0, 1, 1, 1], [1.0, 0.0, 1.0, 1.0])), 4)
        0.6667

    Source: keras.metrics.Precision.
    """

    kinds = ("true_positives", "false_positives")


class Recall(_Share):
    """The share of positives that are predicted as positive.

    true_positives / (true_positives + false_negatives)

    Args:
        thresholds: a number from 0 to 1, or a list of them, above which a prediction counts as
            positive; default 0.5, and with top_k none.
        top_k: count only the k largest predictions of a row as positive; default None.
        class_id: look at this class only; default None: all.
        name: default "recall".
        dtype: of the result; default the default float type.

    Example:
        >>> round(float(Recall()([0, 1, 1, 1], [1.0, 0.0, 1.0, 1.0])), 4)
        0.6667

    Source: keras.metrics.Recall.
    """

    kinds = ("true_positives", "false_negatives")
