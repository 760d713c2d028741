"""CrossValidation: what `cross_validate` found, fold by fold."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from ranvier.callbacks import History
from ranvier.errors import ArgumentError

from . import text_table
from .fold import Fold


class CrossValidation:
    """Scores of each fold, with what was asked for besides.

    Attributes:
        scores: name -> array with one number a model, in the order of the folds.
        train_scores: the same on the rows that trained, where asked for; else empty.
        mean, std: name -> mean and (population) standard deviation of the scores.
        histories: a `History` a model.
        models: the trained models where asked for, else an empty list.
        transformers: the fitted preprocessing of each model, with the models; else empty.
        predictions: out-of-fold outputs, in the order of the rows; NaN for rows that no fold
            tests, the mean where several do. None where not asked for.
        folds: the rows and the seed of each model: `train`, `test`, `seed`, `repeat`.
        interrupted: whether Ctrl-C ended it; then only whole folds are here.
    """

    def __init__(
        self,
        folds: Sequence[Fold],
        scores: Sequence[dict[str, float]],
        histories: Sequence[History],
        train_scores: Sequence[dict[str, float]] = (),
        models: Sequence[Any] = (),
        transformers: Sequence[Any] = (),
        predictions: Any = None,
        interrupted: bool = False,
    ) -> None:
        self.folds, self.histories = list(folds), list(histories)
        self.scores, self.train_scores = _columns(scores), _columns(train_scores)
        self.models, self.transformers = list(models), list(transformers)
        self.predictions, self.interrupted = predictions, interrupted

    @property
    def mean(self) -> dict[str, float]:
        """The mean of each score over the models."""
        return {name: float(np.mean(values)) for name, values in self.scores.items()}

    @property
    def std(self) -> dict[str, float]:
        """The standard deviation of each score over the models."""
        return {name: float(np.std(values)) for name, values in self.scores.items()}

    def __len__(self) -> int:
        return len(self.folds)

    def __getitem__(self, name: str) -> np.ndarray:
        """Return the scores of a name, also by scikit-learn's spelling: test_..., train_...

        Raises:
            ArgumentError: for a name that there is not.
        """
        known = dict(self.scores)
        known |= {f"test_{one}": values for one, values in self.scores.items()}
        known |= {f"train_{one}": values for one, values in self.train_scores.items()}
        if name not in known:
            raise ArgumentError(
                f"CrossValidation: got the name {name!r}, expected one of {', '.join(known)}."
            )
        return known[name]

    def _table(self) -> tuple[list[str], list[list[Any]]]:
        several = len({fold.repeat for fold in self.folds}) > 1
        head = ["fold", *(["repeat"] if several else []), *self.scores]
        head += [f"train_{name}" for name in self.train_scores]
        columns = [*self.scores.values(), *self.train_scores.values()]
        rows: list[list[Any]] = [
            [fold.number + 1, *([fold.repeat + 1] if several else []),
             *(float(values[k]) for values in columns)]
            for k, fold in enumerate(self.folds)
        ]  # fmt: skip
        return head, rows

    def to_frame(self) -> Any:
        """Return the scores as a pandas frame with a row a fold (without pandas: as a dict)."""
        return text_table.frame(*self._table())

    def _shown(self) -> tuple[list[str], list[list[Any]]]:
        head, rows = self._table()
        blank = [""] * (len(head) - len(self.scores) - len(self.train_scores) - 1)
        columns = [*self.scores.values(), *self.train_scores.values()]
        for word, fold in (("mean", np.mean), ("std", np.std)):
            rows.append([word, *blank, *(float(fold(values)) for values in columns)])
        return head, rows

    def __repr__(self) -> str:
        note = "\n(interrupted: only whole folds are here)" if self.interrupted else ""
        return text_table.text(*self._shown()) + note

    def _repr_html_(self) -> str:
        return text_table.html(*self._shown())


def _columns(scores: Sequence[dict[str, float]]) -> dict[str, np.ndarray]:
    names = list(dict.fromkeys(name for one in scores for name in one))
    return {name: np.array([one.get(name, np.nan) for one in scores]) for name in names}
