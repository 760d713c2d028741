"""What classifier and regressor share: a network, trained as scikit-learn's MLPs are."""

from __future__ import annotations

import warnings
from typing import Any

import numpy as np
from sklearn.base import BaseEstimator
from sklearn.exceptions import ConvergenceWarning
from sklearn.model_selection import train_test_split
from sklearn.utils import check_random_state
from sklearn.utils.validation import check_is_fitted

from ranvier import config, random
from ranvier.errors import ArgumentError, DataError

from . import given_model, intake, jobs, network, parameter
from .head import Head
from .model_parameters import ModelParameters
from .watch import Watch

#: A network that is there cannot change them: its layers are what they were made with.
_KEPT = ("hidden_layer_sizes", "activation", "model", "model_kwargs", "dtype")
#: What scikit-learn calls activations of outputs.
_THEIRS = {"linear": "identity", "sigmoid": "logistic", "exponential": "exp"}


class RanvierEstimator(ModelParameters, BaseEstimator):
    """Trains and asks the network; a subclass says what its outputs mean."""

    def fit(self, X: Any, y: Any, sample_weight: Any = None) -> Any:
        """Train, from new weights unless `warm_start`.

        Args:
            X: (rows, features), dense and finite; with `model=`, rows of any shape.
            y: targets.
            sample_weight: what each row counts; default 1.

        Returns: the estimator.

        Raises:
            ValueError: if parameters or data cannot work; for NaN with the column's name.
        """
        self._check()
        fresh = not (self.warm_start and hasattr(self, "model_"))
        self._fit(X, y, sample_weight, fresh, None, self.max_iter)
        return self

    def _partial(self, X: Any, y: Any, sample_weight: Any, classes: Any) -> Any:
        self._check()
        if self.early_stopping:
            raise ArgumentError(
                f"{type(self).__name__}, `early_stopping`: partial_fit trains for one epoch, so it "
                "does not support early_stopping=True. Call fit, or leave it out."
            )
        self._fit(X, y, sample_weight, not hasattr(self, "model_"), classes, None)
        return self

    def _check(self) -> None:
        parameter.check(self)
        self._check_model_kwargs()

    _dtype: str
    _kept: dict[str, Any]
    t_: int

    # --- written by subclasses ------------------------------------------------------------------
    def _targets(
        self, y: np.ndarray, fresh: bool, classes: Any
    ) -> tuple[list[np.ndarray], list[Head]]:
        """Return what the network is to give, and the heads that give it."""
        raise NotImplementedError

    def _weighed(self, y: np.ndarray, weights: np.ndarray | None) -> np.ndarray | None:
        """Return the weights with those of classes."""
        return weights

    def _answers(self, outputs: list[np.ndarray]) -> np.ndarray:
        """Return what `predict` does for outputs of the network."""
        raise NotImplementedError

    def _stratified(self, y: np.ndarray) -> Any:
        """Return what a split must keep the shares of, or None."""
        return None

    def _score(self, y: np.ndarray, answers: np.ndarray, weights: Any) -> float:
        """Return how good answers are."""
        raise NotImplementedError

    # --- training -------------------------------------------------------------------------------
    def _fit(
        self, X: Any, y: Any, sample_weight: Any, fresh: bool, classes: Any, epochs: int | None
    ) -> None:
        if not fresh:
            parameter.check_kept(self, self._kept)
        dtype = intake.float_type(self, X) if fresh else self._dtype
        x, y = intake.rows(self, X, y, dtype, fresh, self.model is not None, self._numeric)
        self._dtype = dtype
        weights = intake.weights(sample_weight, x)
        y = intake.flat(y)
        targets, heads = self._targets(y, fresh, classes)
        weights = self._weighed(y, weights)
        if weights is not None and not weights.all():
            kept = weights > 0  # rows that count nothing are as good as absent
            x, y, weights = x[kept], y[kept], weights[kept]
            targets = [t[kept] for t in targets]
        if fresh and epochs is not None and weights is not None:
            self._look(y)
        draw = check_random_state(self.random_state)
        with config.threads_at_most(jobs.share()):
            seed = int(draw.randint(2**31 - 1))
            held = None
            if self.early_stopping:
                x, y, targets, weights, held = self._held_out(x, y, targets, weights, draw)
            if fresh:
                with random.seeded(seed):
                    self._make(x, y, heads, weights)
            elif self.early_stopping != (self.validation_scores_ is not None):
                self._look_anew()
            if not fresh and epochs is not None and self._given is None:
                # From the weights that are there, with solver and penalty as they are set now.
                network.penalize(self.model_, network.penalty_of(self, self._full(x, weights)))
                network.compile_for(self, self.model_, heads, self._dtype)
            with random.seeded((seed + self.t_ + 1) % 2**32):
                self._train(x, targets, weights, held, epochs)

    def _batch(self, rows: int) -> int:
        return 200 if self.batch_size == "auto" else int(self.batch_size)

    def _full(self, x: np.ndarray, weights: Any) -> float:
        """Return what the rows of a full batch count together."""
        mean = 1.0 if weights is None else float(np.mean(weights))
        return min(self._batch(len(x)), len(x)) * mean

    def _make(self, x: np.ndarray, y: Any, heads: list[Head], weights: Any) -> None:
        """Make a new network, and set the curves back."""
        self._given = None
        self._kept = parameter.kept(self, _KEPT)
        if self.model is not None:
            self._given = given_model.make(self, x, y, heads)
            self.model_ = self._given.model
        else:
            full = self._full(x, weights)
            self.model_ = network.build(self, x.shape[1:], heads, full, self._dtype)
            network.compile_for(self, self.model_, heads, self._dtype)
        self.n_outputs_ = sum(head.units for head in heads)
        self.out_activation_ = _THEIRS.get(heads[0].activation, heads[0].activation)
        hidden = len(network.widths(self.hidden_layer_sizes))
        if self._given is not None:
            hidden = sum(bool(layer.trainable_weights) for layer in self.model_.layers) - 1
        self.n_layers_ = hidden + 2
        self.t_ = self.n_iter_ = 0
        self.loss_curve_: list[float] = []
        self._look_anew()

    def _look_anew(self) -> None:
        """Set back what tells whether training gets better: a score, or the loss."""
        self.validation_scores_: list[float] | None = [] if self.early_stopping else None
        self.best_validation_score_ = -np.inf if self.early_stopping else None
        self.best_loss_ = None if self.early_stopping else np.inf

    def _train(
        self, x: np.ndarray, targets: list[np.ndarray], weights: Any, held: Any, epochs: int | None
    ) -> None:
        if epochs is not None:
            self.n_iter_ = 0
        self._rows_an_epoch = len(x)
        score = None
        if held is not None:

            def score(model: Any) -> float:
                return self._score(held[1], self._answers(self._outputs(held[0])), held[2])

        watch = Watch(self, score, epochs is not None)
        if self._given is not None:
            targets = self._given.targets(targets)
        several = len(targets) > 1
        weigh = None if weights is None else weights.astype(self._dtype)
        self.model_.fit(
            x, targets if several else targets[0], batch_size=self._batch(len(x)),
            epochs=epochs or 1, verbose=0, callbacks=[watch], shuffle=bool(self.shuffle),
            sample_weight=[weigh] * len(targets) if several and weigh is not None else weigh,
        )  # fmt: skip
        if watch.lost:
            del self.model_  # which would answer the first class, or NaN
            also = " and y (TransformedTargetRegressor)" if self._numeric else ""
            raise DataError(
                f"{type(self).__name__}: the loss became {self.loss_} in epoch {self.n_iter_}, so "
                f"the weights are lost: non-finite. Scale X{also}, for instance with "
                "StandardScaler in a pipeline, or lower learning_rate_init."
            )
        if epochs is not None and self.tol is not None and not watch.converged:
            warnings.warn(
                f"{type(self).__name__}: stopped after max_iter={epochs} epochs, before the "
                "optimization converged. Raise max_iter, or say tol=None for so many epochs.",
                ConvergenceWarning,
                stacklevel=2,
            )

    def _held_out(
        self, x: np.ndarray, y: np.ndarray, targets: list[np.ndarray], weights: Any, draw: Any
    ) -> tuple[Any, ...]:
        """Split off the rows that early stopping looks at."""
        try:
            train, test = train_test_split(
                np.arange(len(x)), test_size=self.validation_fraction, random_state=draw,
                stratify=self._stratified(y),
            )  # fmt: skip
            if len(test) < 2:
                raise ValueError("of fewer than 2 rows no score can be told")
        except ValueError as error:
            raise DataError(
                f"{type(self).__name__}, `validation_fraction`: {self.validation_fraction!r} of "
                f"{len(x)} rows cannot be held out to validate on ({error}). Raise it, give more "
                "rows (of each class), or say early_stopping=False."
            ) from error
        train.sort()
        weigh = [None, None] if weights is None else [weights[train], weights[test]]
        held = x[test], y[test], weigh[1]
        return x[train], y[train], [t[train] for t in targets], weigh[0], held

    def _look(self, y: np.ndarray) -> None:
        """Refuse rows that weights of 0 leave, if nothing can be learnt from them."""

    _numeric = False

    # --- prediction -----------------------------------------------------------------------------
    def predict(self, X: Any) -> np.ndarray:
        """Return an answer a row.

        Args:
            X: rows as in `fit`.
        """
        return self._answers(self._asked(X))

    def _asked(self, X: Any) -> list[np.ndarray]:
        check_is_fitted(self, "model_")
        x = intake.features(self, X, self._dtype, nd=self.model is not None)
        with config.threads_at_most(jobs.share()):
            return self._outputs(x)

    def _outputs(self, x: np.ndarray) -> list[np.ndarray]:
        found = self.model_.predict(x, batch_size=intake.BATCH, verbose=0)
        outputs = list(found) if isinstance(found, (list, tuple)) else [found]
        return outputs if self._given is None else self._given.outputs(outputs)

    # --- what scikit-learn's MLPs show ----------------------------------------------------------
    @property
    def coefs_(self) -> list[np.ndarray]:
        """The kernels of the layers, first to last."""
        check_is_fitted(self, "model_")
        return [w.numpy() for w in self.model_.weights if w.name == "kernel"]

    @property
    def intercepts_(self) -> list[np.ndarray]:
        """The biases of the layers, first to last."""
        check_is_fitted(self, "model_")
        return [w.numpy() for w in self.model_.weights if w.name == "bias"]
