"""A trained model as scikit-learn's scorers want it."""

from __future__ import annotations

from typing import Any

import numpy as np
from sklearn.base import BaseEstimator, ClassifierMixin, RegressorMixin

from .kind import gives_logits


class _Scored(BaseEstimator):
    """Keeps the outputs of the rows asked last: several scorers ask for the same ones."""

    def __init__(self, model: Any) -> None:
        self.model = model
        self._asked: tuple[Any, Any] = (None, None)

    def fit(self, x: Any, y: Any = None) -> Any:
        """Do nothing: the model is trained; scikit-learn asks whether the method is there."""
        return self

    def _outputs(self, x: Any) -> Any:
        if self._asked[0] is not x or x is None:
            self._asked = (x, self.model.predict(x, verbose=0))
        return self._asked[1]

    def __sklearn_is_fitted__(self) -> bool:
        return True


class ScoredRegressor(RegressorMixin, _Scored):
    """The model's outputs as predictions."""

    def predict(self, x: Any) -> Any:
        """Return the outputs, flat where there is one a row."""
        found = self._outputs(x)
        if isinstance(found, np.ndarray) and found.ndim == 2 and found.shape[1] == 1:
            return found[:, 0]
        return found


class ScoredClassifier(ClassifierMixin, _Scored):
    """The model's outputs as probabilities of classes 0, 1, ..."""

    @property
    def classes_(self) -> np.ndarray:
        """The classes, as numbers."""
        return np.arange(max(2, self.model.output_shape[-1]))

    def predict_proba(self, x: Any) -> np.ndarray:
        """Return the probability of each class, a row for each row of x."""
        out = np.asarray(self._outputs(x), np.float64)
        logits = gives_logits(self.model)
        if out.ndim == 1 or out.shape[1] == 1:
            one = out.reshape(-1)
            one = 1 / (1 + np.exp(-one)) if logits else one
            return np.stack([1 - one, one], axis=1)
        if logits:
            out = np.exp(out - out.max(axis=1, keepdims=True))
        return np.asarray(out / out.sum(axis=1, keepdims=True))

    def predict(self, x: Any) -> np.ndarray:
        """Return the likeliest class of each row."""
        return np.asarray(self.predict_proba(x).argmax(axis=1))
