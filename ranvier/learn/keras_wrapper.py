"""Keras' own wrappers for scikit-learn, by Keras' names: SKLearnClassifier and its kin."""

from __future__ import annotations

from typing import Any

import numpy as np
from sklearn.base import (
    BaseEstimator,
    ClassifierMixin,
    ClassNamePrefixFeaturesOutMixin,
    RegressorMixin,
    TransformerMixin,
)
from sklearn.utils.class_weight import compute_class_weight
from sklearn.utils.multiclass import check_classification_targets, type_of_target
from sklearn.utils.validation import check_is_fitted

from ranvier import Model, config
from ranvier.errors import ArgumentError, DataError

from . import intake, jobs, parameter
from .builder import made
from .kind import chances, losses_of, takes_logits
from .labels import need_two, numbers_of
from .model_parameters import ModelParameters


class SKLearnEstimator(ModelParameters, BaseEstimator):
    """A model with the methods that scikit-learn calls.

    Args:
        model: a compiled model, of which each fit trains another with weights drawn anew; or a
            function that returns a compiled model, called with X=, y= and model_kwargs.
        warm_start: whether to go on with the model itself; default False.
        model_kwargs: arguments for the function; `model__units=3` sets one.
        fit_kwargs: arguments for `model.fit`, besides those given to `fit`; `fit__epochs=5` sets
            one.

    Attributes:
        model_: the trained model.
        history_: its History.
    """

    def __init__(
        self,
        model: Any,
        warm_start: bool = False,
        model_kwargs: dict[str, Any] | None = None,
        fit_kwargs: dict[str, Any] | None = None,
    ) -> None:
        self.model = model
        self.warm_start = warm_start
        self.model_kwargs = model_kwargs
        self.fit_kwargs = fit_kwargs

    def fit(self, X: Any, y: Any, **kwargs: Any) -> Any:
        """Train a model, and return the estimator.

        Args:
            X: rows.
            y: targets.
            **kwargs: for `model.fit`.
        """
        self._check_model_kwargs()
        if not isinstance(self.fit_kwargs, dict | None):
            parameter.refuse(self, "fit_kwargs", "a dict of arguments for model.fit, or None")
        on = self.warm_start and hasattr(self, "model_")
        if on:
            parameter.check_kept(self, self._kept)
        x, y = intake.rows(self, X, y, "float32", True, True, self._numeric)
        targets = self._learn_targets(y)
        model = self.model_ if on else self._model_for(x, targets)
        self._kept = parameter.kept(self, ("model", "model_kwargs"))
        with config.threads_at_most(jobs.share()):
            self.history_ = model.fit(x, targets, **self._words(targets, kwargs))
        self.model_ = model
        return self

    def predict(self, X: Any) -> Any:
        """Return an answer a row."""
        return self._answers(self._outputs(X))

    model_: Any
    _kept: dict[str, Any]
    #: What `fit` hands on, so that scikit-learn routes weights to it when asked to.
    __metadata_request__fit = {"sample_weight": None}

    # --- written by subclasses ------------------------------------------------------------------
    _numeric = False

    def _learn_targets(self, y: np.ndarray) -> np.ndarray:
        """Return targets as the model is trained on them."""
        self._flat = y.ndim == 1
        return y[:, np.newaxis] if self._flat else y

    def _words(self, targets: np.ndarray, given: dict[str, Any]) -> dict[str, Any]:
        """Return the arguments for `model.fit`."""
        return {**(self.fit_kwargs or {}), **given}

    def _answers(self, outputs: np.ndarray) -> np.ndarray:
        """Return what was learnt, in the form of y."""
        return outputs[:, 0] if self._flat and outputs.ndim == 2 else outputs

    # --- the model ------------------------------------------------------------------------------
    def _model_for(self, x: np.ndarray, y: np.ndarray) -> Any:
        place = f"{type(self).__name__}, `model`"
        words = {"X": x, "y": y, **(self.model_kwargs or {})}
        itself = self.warm_start and isinstance(self.model, Model)
        model = self.model if itself else made(self.model, words, place)
        if not model.compiled or model.loss is None:
            raise ArgumentError(
                f"{place}: got {model!r:.60}, which is no compiled model with a loss. Call "
                "model.compile(optimizer='adam', loss=...) where it is made."
            )
        return model

    def _outputs(self, X: Any) -> np.ndarray:
        check_is_fitted(self, "model_")
        x = intake.features(self, X, "float32", nd=True)
        with config.threads_at_most(jobs.share()):
            return np.asarray(self.model_.predict(x, batch_size=intake.BATCH, verbose=0))

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        tags.non_deterministic = True
        return tags


class SKLearnClassifier(ClassifierMixin, SKLearnEstimator):
    """A classifier around a model; its targets are one-hot, as Keras has it.

    Labels in `validation_data` become one-hot, too. `class_weight` for `fit` may have labels in
    place of the numbers of classes, or be "balanced".

    Args:
        model, warm_start, model_kwargs, fit_kwargs: as in `SKLearnEstimator`: a compiled model, or
            a function of (X, y) that returns one.

    Attributes:
        classes_: the sorted labels, in the order of the model's outputs.
        model_, history_: the trained model and its History.

    Example:
        >>> from ranvier import Input, Sequential, layers
        >>> def build(X, y, units=4):
        ...     model = Sequential([Input(X.shape[1:]), layers.Dense(units, "relu"),
        ...                         layers.Dense(y.shape[1], "softmax")])
        ...     model.compile("adam", "categorical_crossentropy")
        ...     return model
        >>> X, y = [[0.0], [1.0]] * 8, ["low", "high"] * 8
        >>> found = SKLearnClassifier(build, model_kwargs={"units": 3}).fit(X, y, verbose=0)
        >>> found.classes_.tolist()
        ['high', 'low']

    Source: keras.wrappers.SKLearnClassifier.
    """

    def decision_function(self, X: Any) -> np.ndarray:
        """Return the chances; of two classes the second's share beyond the first's."""
        outputs = self.predict_proba(X)
        return outputs[:, 1] - outputs[:, 0] if len(self.classes_) == 2 else outputs

    def predict_proba(self, X: Any) -> np.ndarray:
        """Return the chance of each class; outputs that are logits go through softmax."""
        outputs = self._outputs(X)
        return chances(outputs, "softmax") if takes_logits(losses_of(self.model_)[0]) else outputs

    def _learn_targets(self, y: np.ndarray) -> np.ndarray:
        check_classification_targets(y)
        kind = type_of_target(y, raise_unknown=True)
        y = intake.flat(y)
        if kind not in ("binary", "multiclass"):
            raise DataError(
                f"{type(self).__name__}, y: Only binary and multiclass target types are supported. "
                f"Target type: {kind}."
            )
        classes = np.unique(y)
        need_two(classes, "y")
        if not (self.warm_start and hasattr(self, "model_")):
            self.classes_ = classes
        return self._one_hot(y)

    def _one_hot(self, y: np.ndarray) -> np.ndarray:
        return np.eye(len(self.classes_), dtype=np.float32)[numbers_of(y, self.classes_)]

    def _words(self, targets: np.ndarray, given: dict[str, Any]) -> dict[str, Any]:
        words = super()._words(targets, given)
        outside = words.get("validation_data")
        if isinstance(outside, (list, tuple)) and len(outside) > 1:
            x, y, *rest = outside
            y = intake.flat(np.asarray(y))
            words["validation_data"] = (x, self._one_hot(y) if y.ndim == 1 else y, *rest)
        weights, known = words.get("class_weight"), range(len(self.classes_))
        numbered = isinstance(weights, dict) and all(key in known for key in weights)
        if weights is not None and not numbered:
            labels = self.classes_[targets.argmax(1)]
            words["class_weight"] = dict(enumerate(self._balance(weights, labels)))
        return words

    def _balance(self, weights: Any, labels: np.ndarray) -> np.ndarray:
        """Return the weight of each class, from those of labels or "balanced"."""
        try:
            return np.asarray(compute_class_weight(weights, classes=self.classes_, y=labels))
        except ValueError as error:
            raise ArgumentError(
                f"{type(self).__name__}, `class_weight`: got {weights!r:.80}, expected 'balanced', "
                f"or a dict with a weight a class: {self.classes_[:10].tolist()} ({error})."
            ) from error

    def _answers(self, outputs: np.ndarray) -> np.ndarray:
        return np.asarray(self.classes_[outputs.argmax(1)])

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        tags.classifier_tags.poor_score = True
        return tags


class SKLearnRegressor(RegressorMixin, SKLearnEstimator):
    """A regressor around a model.

    Args:
        model, warm_start, model_kwargs, fit_kwargs: as in `SKLearnClassifier`.

    Attributes:
        model_, history_: the trained model and its History.

    Example:
        >>> from ranvier import Input, Sequential, layers
        >>> model = Sequential([Input((1,)), layers.Dense(1)])
        >>> model.compile("sgd", "mse")
        >>> found = SKLearnRegressor(model).fit([[0.0], [1.0]], [0.0, 2.0], epochs=3, verbose=0)
        >>> found.predict([[1.0], [2.0]]).shape
        (2,)

    Source: keras.wrappers.SKLearnRegressor.
    """

    _numeric = True

    def _answers(self, outputs: np.ndarray) -> np.ndarray:
        return super()._answers(outputs).astype(np.float64)  # what scikit-learn asks of regressors

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        tags.regressor_tags.poor_score = True
        tags.target_tags.multi_output = True
        return tags


class SKLearnTransformer(ClassNamePrefixFeaturesOutMixin, TransformerMixin, SKLearnEstimator):
    """A transformer around a model: what the model gives for a row is its new form.

    Its columns are called sklearntransformer0, ...; so `set_output(transform="pandas")` works.

    Args:
        model, warm_start, model_kwargs, fit_kwargs: as in `SKLearnClassifier`.

    Attributes:
        model_, history_: the trained model and its History.

    Example:
        >>> from ranvier import Input, Sequential, layers
        >>> model = Sequential([Input((2,)), layers.Dense(3)])
        >>> model.compile("sgd", "mse")
        >>> X = [[0.0, 1.0], [1.0, 0.0]]
        >>> SKLearnTransformer(model).fit(X, [[0.0] * 3] * 2, verbose=0).transform(X).shape
        (2, 3)

    Source: keras.wrappers.SKLearnTransformer.
    """

    _numeric = True

    @property
    def _n_features_out(self) -> int:
        return int(self.model_.output_shape[-1])

    def transform(self, X: Any) -> np.ndarray:
        """Return the model's outputs."""
        return self._outputs(X)

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        tags.transformer_tags.preserves_dtype = []
        return tags
