"""A trained model as scikit-learn's scorers want it."""

from __future__ import annotations

from typing import Any

import numpy as np
from sklearn.base import BaseEstimator, ClassifierMixin, RegressorMixin

from .kind import chances, losses_of, takes_logits


class _Scored(BaseEstimator):
    """Keeps the outputs of the rows asked last: several scorers ask for the same ones.

    Args:
        model: what is asked.
        x: rows that it takes, from whose outputs the number of classes is read.
    """

    def __init__(self, model: Any, x: Any = None) -> None:
        self.model, self.x = model, x
        self._asked: tuple[Any, Any] = (None, None)

    def fit(self, x: Any, y: Any = None) -> Any:
        """Do nothing: the model is trained; scikit-learn asks whether the method is there."""
        return self

    def _outputs(self, x: Any) -> Any:
        if self._asked[0] is not x or x is None:
            self._asked = (x, self.model.predict(x, verbose=0))
        return self._asked[1]

    def _width(self) -> int:
        shape = np.shape(self._outputs(self.x))
        return shape[1] if len(shape) > 1 else 1

    def _chances(self, x: Any, activation: str) -> np.ndarray:
        """Return the outputs, those that the loss reads as logits after their activation."""
        out = np.asarray(self._outputs(x), np.float64)
        return chances(out, activation) if takes_logits(losses_of(self.model)[0]) else out

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
        return np.arange(max(2, self._width()))

    def predict_proba(self, x: Any) -> np.ndarray:
        """Return the probability of each class, a row for each row of x."""
        if self._width() == 1:
            one = self._chances(x, "sigmoid").reshape(-1)
            return np.stack([1 - one, one], axis=1)
        out = self._chances(x, "softmax")
        return np.asarray(out / out.sum(axis=1, keepdims=True))

    def predict(self, x: Any) -> np.ndarray:
        """Return the likeliest class of each row."""
        return np.asarray(self.predict_proba(x).argmax(axis=1))


class ScoredLabels(ClassifierMixin, _Scored):
    """The model's outputs as probabilities of labels, of which a row may have several."""

    @property
    def classes_(self) -> np.ndarray:
        """The labels, as numbers."""
        return np.arange(self._width())

    def predict_proba(self, x: Any) -> np.ndarray:
        """Return the probability of each label, a row for each row of x."""
        return self._chances(x, "sigmoid")

    def predict(self, x: Any) -> np.ndarray:
        """Return 1 for each label that is likelier than not, else 0."""
        return (self.predict_proba(x) > 0.5).astype(int)
