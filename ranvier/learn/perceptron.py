"""Perceptron: Rosenblatt's rule, row by row, to be followed step by step."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from sklearn.utils import check_random_state

from ranvier import activations, losses, metrics, ops, optimizers
from ranvier.errors import DataError

from . import intake, parameter
from .linear import LinearClassifier

_STEPS = ("heaviside", "sign")


@dataclass(frozen=True)
class PerceptronStep:
    """What a perceptron did with one row.

    Attributes:
        epoch, row: where it is, both from 0.
        total: the weighted sum before the step.
        answer, target: what it answered, and what was right: 0 or 1; with "sign" -1, 0 or 1.
        weights, bias: after the step.
    """

    epoch: int
    row: int
    total: float
    answer: int
    target: int
    weights: np.ndarray
    bias: float

    @property
    def wrong(self) -> bool:
        """Whether the weights changed."""
        return self.answer != self.target


class Perceptron(LinearClassifier):
    """A threshold unit, trained by Rosenblatt's rule; of several classes, each against the rest.

    A row x with target t changes the weights by eta0 (t - step(w x + b)) x: only mistakes do.
    Where a line parts the classes it finds one, in a finite number of steps, and then it ends.

    Args:
        step: "heaviside" (default): 1 from 0 on, else 0. "sign": -1, 0, 1; its targets are -1 and
            1, and half of the difference counts.
        eta0: the rate; default 1.0.
        fit_intercept: whether there is a bias; default True.
        max_iter: epochs at most; default 1000.
        tol: what counts as a lower loss, the mean of |w x + b| over mistakes; default 0.001. None:
            only an epoch without mistakes ends it before max_iter.
        shuffle: whether each epoch has a new order of rows; default True.
        n_iter_no_change: epochs to wait for a lower loss; default 5.
        random_state: an int or a RandomState for the same result on every run; default None.
        warm_start: whether `fit` goes on from the weights that are there; default False.
        dtype: as in `RanvierClassifier`.

    Attributes:
        classes_, coef_, intercept_, n_iter_, t_: as in scikit-learn.
        mistakes_: how many rows of each epoch were mistaken when their turn came.
        loss_curve_: the loss of each epoch.

    Example:
        >>> X, y = [[0, 0], [0, 1], [1, 0], [1, 1]], [0, 0, 0, 1]
        >>> both = Perceptron(shuffle=False).fit(X, y)
        >>> both.predict(X).tolist(), both.mistakes_[-1]
        ([0, 0, 0, 1], 0)

    Source: Rosenblatt, The perceptron (1958); sklearn.linear_model.Perceptron, where a weight is a
        factor of the step; here a row is seen so often, as scikit-learn's glossary has it.
    """

    def __init__(
        self,
        *,
        step: str = "heaviside",
        eta0: float = 1.0,
        fit_intercept: bool = True,
        max_iter: int = 1000,
        tol: float | None = 1e-3,
        shuffle: bool = True,
        n_iter_no_change: int = 5,
        random_state: Any = None,
        warm_start: bool = False,
        dtype: str = "auto",
    ) -> None:
        self.step = step
        self.eta0 = eta0
        self.fit_intercept = fit_intercept
        self.max_iter = max_iter
        self.tol = tol
        self.shuffle = shuffle
        self.n_iter_no_change = n_iter_no_change
        self.random_state = random_state
        self.warm_start = warm_start
        self.dtype = dtype

    def steps(self, X: Any, y: Any) -> Iterator[PerceptronStep]:
        """Train from weights of 0 in plain Python, and yield each step.

        It ends after an epoch without mistakes, or after max_iter epochs. The estimator itself
        stays as it is: `fit` does the same at once.

        Args:
            X: rows.
            y: labels of two classes; the greater one is 1.

        Example:
            >>> for step in Perceptron(shuffle=False, max_iter=1).steps([[1.0], [-1.0]], [0, 1]):
            ...     print(step.row, step.total, step.wrong, step.weights, step.bias)
            0 0.0 True [-1.] -1.0
            1 0.0 False [-1.] -1.0
        """
        self._check()
        x, y = intake.rows(type(self)(), X, y, "float64", True)
        classes = np.unique(y)
        if len(classes) != 2:
            raise DataError(f"steps, y: has {len(classes)} classes, expected two.")
        sign = self.step == "sign"
        targets = np.where(y == classes[1], 1, -1 if sign else 0)
        weights, bias = np.zeros(x.shape[1]), 0.0
        draw = check_random_state(self.random_state)
        for epoch in range(self.max_iter):
            order = draw.permutation(len(x)) if self.shuffle else np.arange(len(x))
            mistakes = 0
            for row in order:
                total = float(x[row] @ weights + bias)
                answer = int(np.sign(total)) if sign else int(total >= 0)
                change = self.eta0 * (targets[row] - answer) / (2 if sign else 1)
                weights = weights + change * x[row]
                bias = float(bias + change) if self.fit_intercept else 0.0
                mistakes += bool(change)
                yield PerceptronStep(
                    epoch, int(row), total, answer, int(targets[row]), weights, bias
                )
            if not mistakes:
                return

    # --- what the base asks ---------------------------------------------------------------------
    def _check(self) -> None:
        super()._check()
        if self.step not in _STEPS:
            parameter.refuse(self, "step", f"one of {_STEPS}")

    def _coded(self, targets: np.ndarray) -> np.ndarray:
        return targets if self.step == "heaviside" else 2 * targets - 1

    def _make(self, features: int, units: int) -> None:
        super()._make(features, units)
        self.mistakes_: list[int] = []

    def _compile(self, model: Any) -> None:
        sign = self.step == "sign"
        loss = losses.LossFunctionWrapper(
            signed_loss if sign else heaviside_loss, name="perceptron_loss", dtype=self._dtype
        )
        counted = signed_mistakes if sign else heaviside_mistakes
        model.compile(
            optimizers.SGD(self.eta0), loss,
            metrics=[metrics.MeanMetricWrapper(counted, name="mistakes")],
        )  # fmt: skip


# The slope of these losses is Rosenblatt's rule: a step has none of its own.
def heaviside_loss(y_true: Any, y_pred: Any) -> Any:
    """Return |w x + b| where the unit is wrong, else 0; targets are 0 and 1."""
    return ops.sum((activations.heaviside(y_pred) - y_true) * y_pred, axis=-1)


def signed_loss(y_true: Any, y_pred: Any) -> Any:
    """Return |w x + b| where the unit is wrong, else 0; targets are -1 and 1."""
    return ops.sum((ops.stop_gradient(ops.sign(y_pred)) - y_true) * 0.5 * y_pred, axis=-1)


def heaviside_mistakes(y_true: Any, y_pred: Any) -> Any:
    """Return 1 for rows where a unit is wrong, else 0."""
    return ops.max(ops.abs(activations.heaviside(y_pred) - y_true), axis=-1)


def signed_mistakes(y_true: Any, y_pred: Any) -> Any:
    """Return 1 for rows where a unit is wrong, else 0."""
    wrong = ops.cast(ops.not_equal(ops.sign(y_pred), y_true), "float32")
    return ops.max(wrong, axis=-1)
