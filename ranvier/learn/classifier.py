"""RanvierClassifier: a network that names classes, with scikit-learn's interface."""

from __future__ import annotations

from typing import Any

import numpy as np
from sklearn.base import ClassifierMixin
from sklearn.metrics import accuracy_score
from sklearn.utils.class_weight import compute_sample_weight

from ranvier.errors import ArgumentError

from . import intake, parameter
from .estimator import RanvierEstimator
from .head import Head
from .labels import Labels, check_classes, check_same_classes, check_weighed


class RanvierClassifier(ClassifierMixin, RanvierEstimator):
    """A neural network for classes of any kind: two, many, several labels, several columns.

    Dense layers with softmax (two classes, or several labels: sigmoid) and cross-entropy, by
    default trained as scikit-learn's MLPClassifier is; or the model that `model` makes.

    Args:
        hidden_layer_sizes: the width of each hidden layer; default (100,).
        activation: of hidden layers: "relu" (default), "logistic", "tanh", "identity", or any of
            `ranvier.activations`.
        model: a function that returns a model, or a model to make others like, in place of the
            dense network; default None. Of X, y, n_features_in, input_shape, n_outputs and
            n_classes the function gets what it names. If it compiles the model, optimizer and
            loss are its own.
        model_kwargs: a dict of further arguments for it; `model__units=3` sets one.
        solver: "adam" (default), "sgd", or any of `ranvier.optimizers` by name or as an object.
        alpha: half of it, divided by the rows of a batch, times the squares of all kernels is
            added to the loss; default 0.0001.
        batch_size: rows a step; default "auto": 200, or all if there are fewer.
        learning_rate: for "sgd": "constant" (default), "invscaling" or "adaptive", which divides
            by 5 where the loss stops getting lower.
        learning_rate_init: default 0.001.
        power_t: the exponent of "invscaling"; default 0.5.
        max_iter: epochs at most; default 200.
        shuffle: whether each epoch has a new order of rows; default True.
        random_state: an int or a RandomState for the same weights on every run; default None.
        tol: what counts as better; default 0.0001. None: train for max_iter epochs.
        verbose: whether each epoch prints a line; default False.
        warm_start: whether `fit` goes on from the weights that are there; default False.
        momentum, nesterovs_momentum: for "sgd"; default 0.9 and True.
        early_stopping: whether to hold out rows, end where their score stops getting better, and
            keep the best weights; default False: the loss ends it.
        validation_fraction: the share of rows held out; default 0.1.
        beta_1, beta_2, epsilon: for "adam"; default 0.9, 0.999 and 1e-8.
        n_iter_no_change: epochs to wait for something better; default 10. Infinity: max_iter.
        dtype: what it computes in: "float32", "float64", or "auto" (default): float32, but float64
            for up to 20,000 numbers in float64.
        class_weight: {class: weight}, "balanced", or None (default).

    Attributes:
        classes_: sorted labels, a list of them for several columns.
        model_: the trained model, which saves and exports like any other.
        loss_curve_, loss_, best_loss_: the training loss of each epoch, the last, the lowest.
        validation_scores_, best_validation_score_: with early_stopping.
        n_iter_, t_: epochs of the last `fit`, rows seen.
        coefs_, intercepts_: kernels and biases.
        n_features_in_, feature_names_in_, n_layers_, n_outputs_, out_activation_: as in
            scikit-learn.

    Example:
        >>> X = [[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]] * 8
        >>> y = ["no", "no", "no", "yes"] * 8
        >>> net = RanvierClassifier((8,), learning_rate_init=0.1, random_state=0, tol=None)
        >>> str(net.fit(X, y).predict([[1.0, 1.0]])[0])
        'yes'

    Source: sklearn.neural_network.MLPClassifier, without "lbfgs".
    """

    def __init__(
        self,
        hidden_layer_sizes: Any = (100,),
        activation: str = "relu",
        *,
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
        class_weight: Any = None,
    ) -> None:
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
        self.class_weight = class_weight

    def partial_fit(self, X: Any, y: Any, classes: Any = None, sample_weight: Any = None) -> Any:
        """Train for one epoch on these rows.

        Args:
            X, y, sample_weight: as for `fit`.
            classes: all labels there will ever be, for several columns a list of them each;
                needed the first time.

        Returns: the estimator.
        """
        check_classes(self, classes)
        if isinstance(self.class_weight, str):
            raise ArgumentError(
                f"RanvierClassifier, `class_weight`: got {self.class_weight!r}, which partial_fit "
                "cannot balance: it knows the classes of these rows alone. Give a dict, for "
                "instance dict(zip(classes, compute_class_weight('balanced', classes=classes, "
                "y=all_of_y)))."
            )
        return self._partial(X, y, sample_weight, classes)

    def predict_proba(self, X: Any) -> Any:
        """Return the chance of each class, a column each; of several columns of y, a list.

        Args:
            X: rows as in `fit`.
        """
        outputs = self._asked(X)
        return self._labels.chances(outputs)

    def predict_log_proba(self, X: Any) -> Any:
        """Return the logarithm of `predict_proba`."""
        with np.errstate(divide="ignore"):
            found = self.predict_proba(X)
            return [np.log(one) for one in found] if isinstance(found, list) else np.log(found)

    def score(self, X: Any, y: Any, sample_weight: Any = None) -> float:
        """Return the share of rows whose labels are all answered rightly."""
        return self._score(y, self.predict(X), sample_weight)

    # --- what the base asks ---------------------------------------------------------------------
    def _targets(
        self, y: np.ndarray, fresh: bool, classes: Any
    ) -> tuple[list[np.ndarray], list[Head]]:
        if fresh:
            self._labels = Labels.of(y, classes)
            self.classes_ = self._labels.public
        elif classes is not None:
            check_same_classes(self._labels.agrees(classes), classes, self)
        return self._labels.targets(y), self._labels.heads

    def _weighed(self, y: np.ndarray, weights: np.ndarray | None) -> np.ndarray | None:
        if self.class_weight is None:
            return weights
        try:
            classes = compute_sample_weight(self.class_weight, y)
            if not np.isfinite(classes).all():
                raise ValueError("some are not finite")
        except (ValueError, TypeError) as error:
            parameter.refuse(
                self, "class_weight", f"'balanced', or a dict with a weight a class ({error})"
            )
        return intake.weights(classes if weights is None else classes * weights, y, "class_weight")

    def _look(self, y: np.ndarray) -> None:
        if self._labels.kind in ("binary", "multiclass"):
            check_weighed(self, y)

    def _stratified(self, y: np.ndarray) -> Any:
        return y if y.ndim == 1 else None

    def _answers(self, outputs: list[np.ndarray]) -> np.ndarray:
        return self._labels.answers(outputs)

    def _score(self, y: np.ndarray, answers: np.ndarray, weights: Any) -> float:
        if self._labels.kind == "multioutput":  # scikit-learn's accuracy has no such case
            right = (np.asarray(y, dtype=object) == answers.astype(object)).all(axis=1)
            return float(np.average(right, weights=weights))
        return float(accuracy_score(y, answers, sample_weight=weights))

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        tags.classifier_tags.multi_label = True
        tags.target_tags.multi_output = True
        return tags
