"""Watching one number of the logs: which way is better, and whether it got better."""

from __future__ import annotations

import re
from typing import Any

import numpy as np

from ..graph.dtype import floatx
from ..graph.errors import ArgumentError, warn
from .callback import Callback, Logs
from .record import ways

_UP = re.compile(
    r"(^|_)(acc|accuracy|auc|precision|recall|f1|f1_score|fbeta_score|r2|r2_score|iou|mean_iou|"
    r"sensitivity|specificity|positives|negatives|true_positives|true_negatives|"
    r"cosine_similarity|sensitivity_at_specificity|specificity_at_sensitivity|"
    r"precision_at_recall|recall_at_precision|concordance_correlation|pearson_correlation)(_\d+)?$"
)
_DOWN = re.compile(
    r"(^|_)(loss|error|mse|mae|mape|msle|rmse|crossentropy|divergence|hinge|huber|logcosh|log_cosh|"
    r"poisson|false_positives|false_negatives)(_\d+)?$"
)


class MonitorCallback(Callback):
    """Base of callbacks that watch one number.

    Args:
        monitor: its name in the logs, default "val_loss".
        mode: "min", "max", or "auto" (default), which asks the metric, then goes by its name.
        baseline: what to beat first; default nothing.
        min_delta: how much better counts as better.

    Source: keras.callbacks.MonitorCallback.
    """

    def __init__(
        self,
        monitor: str = "val_loss",
        mode: str = "auto",
        baseline: float | None = None,
        min_delta: float = 0.0,
    ) -> None:
        super().__init__()
        name = type(self).__name__
        if mode not in ("auto", "min", "max"):
            raise ArgumentError(f"{name}, `mode`: got {mode!r}, expected 'auto', 'min' or 'max'.")
        if not isinstance(monitor, str):
            raise ArgumentError(
                f"{name}, `monitor`: got {monitor!r}, expected a name such as 'val_loss'."
            )
        self.monitor, self.mode = monitor, mode
        self.best: float | None = baseline
        self.min_delta = abs(min_delta)
        self._sign: float | None = None
        self._told = False

    @property
    def sign(self) -> float:
        """-1 where smaller is better, +1 where larger is."""
        if self._sign is None:
            self._sign = {"min": -1.0, "max": 1.0}.get(self.mode) or self._guess()
        return self._sign

    def is_improvement(self, value: float, reference: float | None) -> bool:
        """Tell whether `value` beats `reference` by more than `min_delta`; NaN never does.

        They are compared as losses are kept, in float32: from 0.7 to 0.8 is 0.1 and no more.
        """
        if reference is None:
            return True
        least = rounded(value - self.sign * self.min_delta)
        return bool(self.sign * least > self.sign * rounded(reference))

    def current(self, logs: Logs | None, what: str) -> float | None:
        """Return the watched number, or None with a warning that says what there is."""
        value = (logs or {}).get(self.monitor)
        if value is None and not self._told:
            self._told = True
            warn(
                f"{type(self).__name__}: {what} needs '{self.monitor}', which the logs do not "
                f"have. {ways(self.monitor, logs or {})}",
                UserWarning,
            )
        return value

    def _guess(self) -> float:
        name = self.monitor.removeprefix("val_")
        if name == "loss":
            return -1.0
        for metric in getattr(self.model, "metrics", None) or []:
            for part in getattr(metric, "metrics", None) or [metric]:
                direction = getattr(part, "_direction", None) or getattr(part, "direction", None)
                if getattr(part, "name", None) == name and isinstance(direction, str):
                    return 1.0 if direction in ("up", "max") else -1.0
        if _DOWN.search(name):
            return -1.0
        if _UP.search(name):
            return 1.0
        raise ArgumentError(
            f"{type(self).__name__}, `mode`: cannot tell whether more or less of "
            f"'{self.monitor}' is better. Write mode='max' or mode='min'."
        )


def rounded(value: float) -> float:
    """Return a number as losses and learning rates are kept."""
    with np.errstate(over="ignore"):
        return float(np.dtype(floatx()).type(value))


def number(value: Any) -> float:
    """Return a learning rate as a float, whether it is a variable, an array or a number."""
    return float(value.numpy()) if hasattr(value, "numpy") else float(value)
