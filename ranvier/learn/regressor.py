"""RanvierRegressor: a network that gives numbers, with scikit-learn's interface."""

from __future__ import annotations

from typing import Any

import numpy as np
from sklearn.base import RegressorMixin
from sklearn.metrics import r2_score

from ranvier.errors import ArgumentError, DataError

from .estimator import RanvierEstimator
from .head import Head


class RanvierRegressor(RegressorMixin, RanvierEstimator):
    """A neural network for one number a row, or several.

    Dense layers and the squared error, by default trained as scikit-learn's MLPRegressor is; or
    the model that `model` makes.

    Args:
        loss: "squared_error" (default; half the mean of squares, as scikit-learn has it), or any
            of `ranvier.losses`, for instance "huber". With "poisson" the outputs go through exp.
        **others: as in `RanvierClassifier`, but for `class_weight`.

    Attributes:
        model_: the trained model, which saves and exports like any other.
        **others: as in `RanvierClassifier`, but for `classes_`.

    Example:
        >>> X = [[0.0], [0.5], [1.0], [1.5]] * 8
        >>> y = [0.0, 1.0, 2.0, 3.0] * 8
        >>> net = RanvierRegressor((), learning_rate_init=0.1, random_state=0, tol=None)
        >>> net.fit(X, y).score(X, y) > 0.99
        True

    Source: sklearn.neural_network.MLPRegressor; without "lbfgs" and with other losses.
    """

    def __init__(
        self,
        hidden_layer_sizes: Any = (100,),
        activation: str = "relu",
        *,
        loss: Any = "squared_error",
        model: Any = None,
        model_kwargs: dict[str, Any] | None = None,
        solver: Any = "adam",
        alpha: float = 0.0001,
        batch_size: Any = "auto",
        learning_rate: str = "constant",
        learning_rate_init: float = 0.001,
        power_t: float = 0.5,
        max_iter: int = 200,
        shuffle: bool = True,
        random_state: Any = None,
        tol: float | None = 1e-4,
        verbose: bool = False,
        warm_start: bool = False,
        momentum: float = 0.9,
        nesterovs_momentum: bool = True,
        early_stopping: bool = False,
        validation_fraction: float = 0.1,
        beta_1: float = 0.9,
        beta_2: float = 0.999,
        epsilon: float = 1e-8,
        n_iter_no_change: int = 10,
        dtype: str = "auto",
    ) -> None:
        self.loss = loss
        self.hidden_layer_sizes = hidden_layer_sizes
        self.activation = activation
        self.model = model
        self.model_kwargs = model_kwargs
        self.solver = solver
        self.alpha = alpha
        self.batch_size = batch_size
        self.learning_rate = learning_rate
        self.learning_rate_init = learning_rate_init
        self.power_t = power_t
        self.max_iter = max_iter
        self.shuffle = shuffle
        self.random_state = random_state
        self.tol = tol
        self.verbose = verbose
        self.warm_start = warm_start
        self.momentum = momentum
        self.nesterovs_momentum = nesterovs_momentum
        self.early_stopping = early_stopping
        self.validation_fraction = validation_fraction
        self.beta_1 = beta_1
        self.beta_2 = beta_2
        self.epsilon = epsilon
        self.n_iter_no_change = n_iter_no_change
        self.dtype = dtype

    def partial_fit(self, X: Any, y: Any, sample_weight: Any = None) -> Any:
        """Train for one epoch on these rows, and return the estimator.

        Args:
            X, y, sample_weight: as for `fit`.
        """
        return self._partial(X, y, sample_weight, None)

    # --- what the base asks ---------------------------------------------------------------------
    _numeric = True

    def _targets(
        self, y: np.ndarray, fresh: bool, classes: Any
    ) -> tuple[list[np.ndarray], list[Head]]:
        width = 1 if y.ndim == 1 else y.shape[1]
        if fresh:
            self._flat = y.ndim == 1
        elif width != self.n_outputs_:
            raise DataError(
                f"y: got {width} columns, expected {self.n_outputs_} as in the first fit."
            )
        # as scikit-learn has it: rates of events are above 0, so the network gives their logarithms
        counts = isinstance(self.loss, str) and self.loss == "poisson"
        if counts and (y < 0).any():
            raise DataError(
                f"{type(self).__name__}, y: has {y.min():g}, expected numbers of at least 0, as "
                "loss='poisson' is for counts."
            )
        if not fresh and counts != (self.out_activation_ == "exp"):
            raise ArgumentError(
                f"{type(self).__name__}, `loss`: got {self.loss!r}, but the outputs of the network "
                f"that is there go through {self.out_activation_!r}. Fit with warm_start=False to "
                "make a new one."
            )
        head = Head(width, "exponential" if counts else "linear", self.loss)
        return [y.astype(self._dtype).reshape(len(y), width)], [head]

    def _answers(self, outputs: list[np.ndarray]) -> np.ndarray:
        return outputs[0].ravel() if self._flat else outputs[0]

    def _score(self, y: np.ndarray, answers: np.ndarray, weights: Any) -> float:
        return float(r2_score(y, answers, sample_weight=weights))

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        tags.target_tags.multi_output = True
        return tags
