"""What an estimator looks at after each epoch: the loss, a score on held-out rows, when to end."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

from ranvier.callbacks import Callback


class Watch(Callback):
    """Keeps the curves of a fit on the estimator, and ends it when it gets no better.

    Args:
        estimator: where curves and counts go.
        score: what gives the score on the rows held out, or None where there are none.
        stops: whether it may end the fit; an epoch of `partial_fit` ends by itself.
    """

    def __init__(
        self, estimator: Any, score: Callable[[Any], float] | None, stops: bool = True
    ) -> None:
        super().__init__()
        self.estimator, self.score, self.stops = estimator, score, stops
        self.waited = 0
        self.best_weights: Any = None
        self.converged = self.lost = False

    def on_epoch_end(self, epoch: int, logs: Any = None) -> None:
        """Take in one epoch."""
        of = self.estimator
        loss = float((logs or {})["loss"])
        of.loss_, of.n_iter_ = loss, of.n_iter_ + 1
        of.t_ += of._rows_an_epoch
        of.loss_curve_.append(loss)
        if not math.isfinite(loss):
            self.lost = self.model.stop_training = True
            return
        better = self._scored() if self.score else self._lowered(loss)
        self._tell(loss)
        if of.learning_rate == "invscaling" and of.solver == "sgd":
            self._rate(of.learning_rate_init / (of.t_ + 1) ** of.power_t)
        self.waited = 0 if better else self.waited + 1
        if self.stops and of.tol is not None and self.waited > of.n_iter_no_change:
            self._end()

    def on_train_end(self, logs: Any = None) -> None:
        """Leave the weights of the best score."""
        if self.best_weights is not None and not self.lost:
            self.model.set_weights(self.best_weights)

    def _scored(self) -> bool:
        of = self.estimator
        score = self.score(self.model)  # type: ignore[misc]
        of.validation_scores_.append(score)
        better = score >= of.best_validation_score_ + (of.tol or 0.0)
        if score > of.best_validation_score_:
            of.best_validation_score_ = score
            self.best_weights = self.model.get_weights()
        return bool(better)

    def _lowered(self, loss: float) -> bool:
        of = self.estimator
        better = loss <= of.best_loss_ - (of.tol or 0.0)
        of.best_loss_ = min(of.best_loss_, loss)
        return bool(better)

    def _end(self) -> None:
        """End the fit, or, with an adaptive rate, go on with a fifth of it."""
        of = self.estimator
        rate = float(self.model.optimizer.learning_rate.numpy())
        if of.learning_rate == "adaptive" and of.solver == "sgd" and rate > 1e-6:
            self._rate(rate / 5)
            self.waited = 0
            return
        self.converged = self.model.stop_training = True

    def _rate(self, value: float) -> None:
        self.model.optimizer.learning_rate = value

    def _tell(self, loss: float) -> None:
        of = self.estimator
        if not of.verbose:
            return
        more = f", validation score = {of.validation_scores_[-1]:.6f}" if self.score else ""
        print(f"Iteration {of.n_iter_}, loss = {loss:.8f}{more}")
