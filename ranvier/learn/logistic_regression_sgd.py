"""LogisticRegressionSGD: the baseline of the books, one row a step."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from ranvier import losses, optimizers, regularizers

from . import parameter
from .linear import LinearClassifier


class LogisticRegressionSGD(LinearClassifier):
    """Logistic regression by stochastic gradient descent: the books' baseline.

    Each class against the rest, one row a step, with the rate 1 / (alpha (t0 + t)): what
    scikit-learn's SGDClassifier(loss="log_loss") does.

    Args:
        alpha: the penalty alpha / 2 times the squares of the weights; default 0.0001.
        fit_intercept: whether there is a bias; default True.
        max_iter: epochs at most; default 1000.
        tol: what counts as a lower loss; default 0.001. None: train for max_iter epochs.
        shuffle: whether each epoch has a new order of rows; default True.
        batch_size: rows a step; default 1.
        learning_rate: "optimal" (default, see above) or "constant".
        eta0: the constant rate; default 0.01.
        n_iter_no_change: epochs to wait for a lower loss; default 5.
        random_state: an int or a RandomState for the same result on every run; default None.
        warm_start: whether `fit` goes on from the weights that are there; default False.
        dtype: as in `RanvierClassifier`.

    Attributes:
        classes_, coef_, intercept_, n_iter_, t_: as in scikit-learn.
        loss_curve_: the loss of each epoch, summed over classes.
        model_: the model, which gives the sums.

    Example:
        >>> X = [[0.0], [1.0], [2.0], [3.0]] * 5
        >>> y = ["low", "low", "high", "high"] * 5
        >>> model = LogisticRegressionSGD(max_iter=50, tol=None, random_state=0).fit(X, y)
        >>> model.predict([[0.2], [2.8]]).tolist()
        ['low', 'high']

    Source: sklearn.linear_model.SGDClassifier; Bottou, Stochastic Gradient Descent Tricks (2012).
        A weight there is a factor of the step; here a row is seen so often, which is what
        scikit-learn's glossary says of weights.
    """

    def __init__(
        self,
        *,
        alpha: float = 0.0001,
        fit_intercept: bool = True,
        max_iter: int = 1000,
        tol: float | None = 1e-3,
        shuffle: bool = True,
        batch_size: int = 1,
        learning_rate: str = "optimal",
        eta0: float = 0.01,
        n_iter_no_change: int = 5,
        random_state: Any = None,
        warm_start: bool = False,
        dtype: str = "auto",
    ) -> None:
        self.alpha = alpha
        self.fit_intercept = fit_intercept
        self.max_iter = max_iter
        self.tol = tol
        self.shuffle = shuffle
        self.batch_size = batch_size
        self.learning_rate = learning_rate
        self.eta0 = eta0
        self.n_iter_no_change = n_iter_no_change
        self.random_state = random_state
        self.warm_start = warm_start
        self.dtype = dtype

    def predict_proba(self, X: Any) -> np.ndarray:
        """Return the chance of each class; of several, those of one against the rest, scaled."""
        sums = self.decision_function(X)
        with np.errstate(over="ignore"):
            chances = 1 / (1 + np.exp(-sums))
        if chances.ndim == 1:
            return np.column_stack([1 - chances, chances])
        total = chances.sum(1, keepdims=True)
        even = np.full_like(chances, 1 / chances.shape[1])
        return np.divide(chances, total, out=even, where=total > 0)

    def predict_log_proba(self, X: Any) -> np.ndarray:
        """Return the logarithm of `predict_proba`."""
        with np.errstate(divide="ignore"):
            return np.asarray(np.log(self.predict_proba(X)))

    # --- what the base asks ---------------------------------------------------------------------
    def _check(self) -> None:
        super()._check()
        if self.learning_rate not in ("optimal", "constant"):
            parameter.refuse(self, "learning_rate", "'optimal' or 'constant'")
        if not self.alpha and self.learning_rate != "constant":
            parameter.refuse(self, "alpha", "a number above 0, or learning_rate='constant'")

    def _penalty(self) -> Any:
        return regularizers.L2(self.alpha / 2) if self.alpha else None

    def _compile(self, model: Any) -> None:
        rate: Any = self.eta0
        if self.learning_rate == "optimal":
            first = math.sqrt(1 / math.sqrt(self.alpha))  # what a weight will be like
            start = 1 / (first * self.alpha)
            rate = optimizers.schedules.InverseTimeDecay(first, 1, 1 / start)
        units = model.output_shape[1]
        loss = losses.BinaryCrossentropy(from_logits=True, dtype=self._dtype)
        model.compile(optimizers.SGD(rate), loss, loss_weights=[float(units)])
