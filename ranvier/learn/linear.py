"""What the books' linear baselines share: one sum a class, trained row by row."""

from __future__ import annotations

import math
import warnings
from typing import Any

import numpy as np
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.exceptions import ConvergenceWarning
from sklearn.utils import check_random_state
from sklearn.utils.multiclass import check_classification_targets
from sklearn.utils.validation import check_is_fitted

from ranvier import Input, Sequential, config, fit_many, layers, random
from ranvier.callbacks import Callback
from ranvier.errors import DataError

from . import intake, jobs, parameter
from .labels import check_classes, check_same_classes, check_weighed, need_two, numbers_of
from .network import penalize
from .number import is_count
from .visits import visits


class LinearClassifier(ClassifierMixin, BaseEstimator):
    """Decides by the sign of a weighted sum; of several classes, each against the rest.

    A subclass has the parameters, the loss and the optimizer.
    """

    def fit(self, X: Any, y: Any, sample_weight: Any = None) -> Any:
        """Train, from weights of 0 unless `warm_start`.

        Args:
            X: (rows, features), dense and finite.
            y: labels.
            sample_weight: what each row counts; default 1. A row of weight 3 is seen three times
                an epoch, one of weight 2.5 three times with steps of 2.5 / 3, as if it were there
                so often.

        Returns: the estimator.

        Raises:
            ValueError: if parameters or data cannot work; for NaN with the column's name.
        """
        fresh = not (self.warm_start and hasattr(self, "model_"))
        self._train(X, y, sample_weight, fresh, None, self.max_iter)
        return self

    def partial_fit(self, X: Any, y: Any, classes: Any = None, sample_weight: Any = None) -> Any:
        """Train for one epoch on these rows, and return the estimator.

        Args:
            X, y, sample_weight: as for `fit`.
            classes: all labels there will ever be; needed the first time.
        """
        check_classes(self, classes)
        if classes is not None and hasattr(self, "model_"):
            check_same_classes(np.array_equal(np.unique(classes), self.classes_), classes, self)
        self._train(X, y, sample_weight, not hasattr(self, "model_"), classes, None)
        return self

    def decision_function(self, X: Any) -> np.ndarray:
        """Return the sums: (rows,) for two classes, above 0 for the second, else one a class."""
        check_is_fitted(self, "model_")
        x = intake.features(self, X, self._dtype)
        with config.threads_at_most(jobs.share()):
            found: np.ndarray = self.model_.predict(x, batch_size=intake.BATCH, verbose=0)
        return found[:, 0] if found.shape[1] == 1 else found

    def predict(self, X: Any) -> np.ndarray:
        """Return a label a row."""
        sums = self.decision_function(X)
        at = (sums >= 0).astype(int) if sums.ndim == 1 else sums.argmax(1)
        found: np.ndarray = self.classes_[at]
        return found

    @property
    def coef_(self) -> np.ndarray:
        """The weights, (classes, features); one row for two classes."""
        check_is_fitted(self, "model_")
        found: np.ndarray = self.model_.weights[0].numpy().T
        return found

    @property
    def intercept_(self) -> np.ndarray:
        """The biases, one a row of `coef_`."""
        check_is_fitted(self, "model_")
        if not self.fit_intercept:
            return np.zeros(len(self.coef_))
        found: np.ndarray = self.model_.weights[1].numpy()
        return found

    # --- written by subclasses ------------------------------------------------------------------
    max_iter: int
    tol: float | None
    n_iter_no_change: int
    shuffle: bool
    fit_intercept: bool
    random_state: Any
    warm_start: bool
    batch_size = 1

    def _check(self) -> None:
        """Refuse parameters that cannot work."""
        parameter.check_common(self)
        if not is_count(self.batch_size):
            parameter.refuse(self, "batch_size", "an int of at least 1")

    def _compile(self, model: Any) -> None:
        """Give a new model its loss and its optimizer."""
        raise NotImplementedError

    def _coded(self, targets: np.ndarray) -> np.ndarray:
        """Return targets of 0 and 1 as the loss takes them."""
        return targets

    def _penalty(self) -> Any:
        return None

    # --- training -------------------------------------------------------------------------------
    def _train(
        self, X: Any, y: Any, sample_weight: Any, fresh: bool, classes: Any, epochs: int | None
    ) -> None:
        self._check()
        if not fresh:
            parameter.check_kept(self, self._kept)
        dtype = intake.float_type(self, X) if fresh else self._dtype
        x, y = intake.rows(self, X, y, dtype, fresh)
        weights = intake.weights(sample_weight, x)
        self._dtype: str = dtype
        check_classification_targets(y)
        y = intake.flat(y)
        if y.ndim > 1:
            raise DataError(
                f"{type(self).__name__}, y: got shape {y.shape}, expected one label a row. Wrap it "
                "in sklearn.multioutput.MultiOutputClassifier, or use RanvierClassifier."
            )
        if fresh:
            found = np.unique(y if classes is None else classes)
            need_two(found, "y")
            self.classes_ = found
        places = numbers_of(y, self.classes_)
        if fresh and classes is None and weights is not None:
            check_weighed(self, places[weights > 0])
        rows, factors = visits(x, places, weights, bool(self.shuffle))
        seed = int(check_random_state(self.random_state).randint(2**31 - 1))
        with config.threads_at_most(jobs.share()), random.seeded(seed):
            targets = self._targets(places)
            if fresh:
                self._make(x.shape[1], targets.shape[1])
            elif epochs is not None:  # from the weights that are there, with what is set now
                penalize(self.model_, self._penalty())
                self._compile(self.model_)
            self._run(x, targets, rows, factors, epochs)

    def _targets(self, places: np.ndarray) -> np.ndarray:
        if len(self.classes_) == 2:
            found = places[:, np.newaxis]
        else:
            found = places[:, np.newaxis] == np.arange(len(self.classes_))
        return self._coded(found.astype(self._dtype))

    def _make(self, features: int, units: int) -> None:
        self._kept = parameter.kept(self, ("fit_intercept", "dtype"))
        self.model_ = Sequential([
            Input((features,), dtype=self._dtype),
            layers.Dense(units, use_bias=self.fit_intercept, kernel_initializer="zeros",
                         kernel_regularizer=self._penalty(), dtype=self._dtype),
        ])  # fmt: skip
        self.model_.dtype_policy = self._dtype  # else it rounds rows to the default type
        self._compile(self.model_)
        self.n_iter_ = self.t_ = 0
        self.loss_curve_: list[float] = []

    def _run(
        self, x: np.ndarray, targets: np.ndarray, rows: np.ndarray, factors: np.ndarray | None,
        epochs: int | None,
    ) -> None:  # fmt: skip
        self.n_iter_ = 0 if epochs else self.n_iter_
        watch = _Watch(self, len(rows))
        fit_many(
            [self.model_], x, targets, rows=rows, batch_size=int(self.batch_size),
            epochs=epochs or 1, verbose=0, shuffle=bool(self.shuffle), callbacks=[watch],
            sample_weight=None if factors is None else factors.astype(self._dtype),
        )  # fmt: skip
        if not math.isfinite(self.loss_curve_[-1]):
            del self.model_  # which would answer the first class
            raise DataError(
                f"{type(self).__name__}: the loss became {self.loss_curve_[-1]} in epoch "
                f"{self.n_iter_}: non-finite. Scale X, for instance with StandardScaler."
            )
        if epochs and self.tol is not None and not watch.converged:
            warnings.warn(
                f"{type(self).__name__}: stopped after max_iter={epochs} epochs, before it "
                "converged. Raise max_iter, or say tol=None for so many epochs.",
                ConvergenceWarning,
                stacklevel=2,
            )


class _Watch(Callback):
    """Keeps the curve of a fit, and ends it where there are no mistakes or nothing gets better."""

    def __init__(self, estimator: Any, rows: int) -> None:
        super().__init__()
        self.of, self.rows = estimator, rows
        self.best, self.waited, self.converged = math.inf, 0, False

    def on_epoch_end(self, epoch: int, logs: Any = None) -> None:
        """Take in one epoch."""
        of, loss = self.of, float((logs or {})["loss"])
        of.loss_curve_.append(loss)
        of.n_iter_, of.t_ = of.n_iter_ + 1, of.t_ + self.rows
        if "mistakes" in (logs or {}):
            of.mistakes_.append(round(logs["mistakes"] * self.rows))
            self.converged = not of.mistakes_[-1]
        if not math.isfinite(loss):
            self.model.stop_training = True
            return
        if of.tol is not None:
            self.waited = self.waited + 1 if loss > self.best - of.tol else 0
            self.best = min(self.best, loss)
            self.converged |= self.waited >= of.n_iter_no_change
        if self.converged:
            self.model.stop_training = True
