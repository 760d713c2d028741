"""What `compile` was given, and what it means once the model's outputs are known."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import numpy as np

from .. import losses as losses_room
from .. import metrics as metrics_room
from .. import ops, optimizers
from ..data.label import shown
from ..graph import Node, Variable, const_node, rows_node
from ..graph.errors import ArgumentError, ArgumentTypeError, ShapeError, TraceError
from ..graph.function import called
from ..graph.whole import whole
from . import output_loss, output_metric
from .frozen import Frozen
from .kept import lost
from .output_loss import OutputLoss
from .output_metric import OutputMetric

_VERSION = itertools.count(1)
#: Names whose meaning depends on the output.
_FITTED = ("accuracy", "acc")
#: What to write in place of names that tables of scores have, by the argument of `compile`.
_WAYS = {
    ("metrics", "loss"): "The loss is reported whatever the metrics are: leave it out.",
    ("metrics", "rmse"): "Write 'RootMeanSquaredError'.",
    ("loss", "rmse"): "Write 'mse', which is least where its root is, and report "
    "metrics=['RootMeanSquaredError'].",
    ("loss", "log_loss"): "Write 'binary_crossentropy', or 'sparse_categorical_crossentropy' for "
    "class numbers.",
}
#: The metrics here that are scikit-learn's, by the names that its functions and scorers have.
_SCORES = {
    "accuracy_score": "accuracy", "average_precision": "AUC", "average_precision_score": "AUC",
    "f1": "f1_score", "f1_score": "f1_score", "fbeta_score": "FBetaScore", "hinge_loss": "hinge",
    "log_loss": "binary_crossentropy",
    "mean_absolute_error": "mae", "mean_absolute_percentage_error": "mape",
    "mean_squared_error": "mse", "mean_squared_log_error": "msle", "precision_score": "Precision",
    "r2": "R2Score", "r2_score": "R2Score", "recall_score": "Recall", "roc_auc": "AUC",
    "roc_auc_score": "AUC", "root_mean_squared_error": "RootMeanSquaredError",
    "top_k_accuracy_score": "TopKCategoricalAccuracy",
}  # fmt: skip


class Compiled:
    """The optimizer, losses and metrics of a model, and the means that a run reports.

    The words stay as they were given until the first step is traced; only then are the outputs'
    shapes known, on which the meaning of "accuracy" depends.

    Attributes:
        version: differs for each call of `compile`; programs made for another one are stale.
        mean_loss: the mean of the total loss over rows.
        frozen: which layers trained at `compile`; the model says it.
        finite_steps: steps before the loss first was NaN or infinite, which tells the batch.
    """

    def __init__(
        self,
        optimizer: Any = "rmsprop",
        loss: Any = None,
        loss_weights: Any = None,
        metrics: Any = None,
        weighted_metrics: Any = None,
        run_eagerly: bool = False,
        steps_per_execution: int = 1,
        jit_compile: Any = "auto",
    ) -> None:
        whole("compile, `steps_per_execution`", steps_per_execution, 1)
        _check_kinds(loss_weights, metrics, weighted_metrics)
        if not run_eagerly:
            for given, argument in (
                (loss, "loss"), (metrics, "metrics"), (weighted_metrics, "weighted_metrics")
            ):  # fmt: skip
                _check_origin(given, argument)
        _check_names(loss, losses_room.deserialize, ("crossentropy", "ce"), "loss")
        for given, argument in ((metrics, "metrics"), (weighted_metrics, "weighted_metrics")):
            _check_names(given, metrics_room.deserialize, _FITTED, argument)
        self.config = {
            "optimizer": optimizer, "loss": loss, "loss_weights": loss_weights,
            "metrics": metrics, "weighted_metrics": weighted_metrics,
            "run_eagerly": bool(run_eagerly), "steps_per_execution": steps_per_execution,
            "jit_compile": jit_compile,
        }  # fmt: skip
        self.optimizer: Any = _found(optimizers.get, optimizer, "optimizer")
        self.loss, self.loss_weights = loss, loss_weights
        self.metrics, self.weighted_metrics = metrics, weighted_metrics
        self.run_eagerly = bool(run_eagerly)
        self.steps_per_execution = steps_per_execution
        self.version = next(_VERSION)
        self.frozen: Frozen
        self.mean_loss = metrics_room.Mean(name="loss")
        self.finite_steps = Variable(np.int32(0), trainable=False, name="finite_steps")
        self.advised = False
        self.losses: list[OutputLoss] | None = None
        self.loss_means: list[Any] = []
        self.output_metrics: list[OutputMetric] = []

    @property
    def built(self) -> bool:
        """Whether losses and metrics are resolved against outputs."""
        return self.losses is not None

    def build(self, model: Any, y_true: Sequence[Any], y_pred: Sequence[Any]) -> None:
        """Resolve losses and metrics against the outputs.

        Args:
            model: has a name an output. Those of a subclassed model are only counted; its values
                are reported under the names of losses and metrics.
            y_true, y_pred: targets (None where there are none) and outputs.
        """
        names, named = model.step_output_names, model.names_its_outputs
        paths = model.output_paths
        nested = any(len(path) > 1 for path in paths)
        titles = getattr(model, "output_names", None) if nested else names if named else None
        losses = output_loss.resolve(
            model.by_output(self.loss), model.by_output(self.loss_weights), names, y_true, y_pred
        )
        self.output_metrics = output_metric.resolve(
            model.by_output(self.metrics), model.by_output(self.weighted_metrics), names, y_true,
            y_pred, titles,
        )  # fmt: skip
        if isinstance(self.loss, dict) and isinstance(model.output_form, dict) and not nested:
            losses.sort(key=lambda one: list(self.loss).index(one.name))  # evaluate's, as in Keras
        taken: dict[str, int] = {}
        if len(losses) > 1:
            words = [_path_of(one, paths[one.index], titles) for one in losses]
            self.loss_means = [
                metrics_room.Mean(name=output_metric.unique(f"{word}_loss", taken))
                for word in words
            ]
        self.losses = losses

    def total_loss(
        self, y_true: Sequence[Any], y_pred: Sequence[Any], weights: Sequence[Any],
        extra: Sequence[Any], training: bool = True,
    ) -> Any:  # fmt: skip
        """Return the sum of all losses, and record each output's own in its mean.

        It is 0 where there are only metrics to evaluate.
        """
        terms = []
        for i, one in enumerate(self.losses or ()):
            at = one.index
            with _compared("loss", one.loss.name, y_true[at], y_pred[at]):
                value = one.loss(y_true[at], y_pred[at], sample_weight=weights[at])
            if not isinstance(value, Node):
                number = np.asarray(value).item()
                raise ArgumentError(
                    f"compile, `loss`: {one.loss.name!r} gave {number:g} whatever the model's "
                    "output, so there is nothing to learn from. Compute it from y_pred."
                )
            if self.loss_means:
                self.loss_means[i].update_state(value, sample_weight=_rows(y_pred[at]))
            terms.append(value if one.weight is None else ops.multiply(value, one.weight))
        for value in extra:
            value = value if str(value.dtype).startswith("float") else ops.cast(value, None)
            terms.append(ops.sum(value))
        if not terms and self.output_metrics and not training:
            return const_node(0.0)
        if not terms:
            raise ArgumentError(
                "fit, evaluate: the model has no loss. Give `loss=` to compile, for instance "
                "loss='mse', or call add_loss in a layer."
            )
        total = terms[0]
        for term in terms[1:]:
            total = ops.add(total, term)
        return total

    def record_loss(self, total: Any, y_pred: Sequence[Any]) -> None:
        """Take one batch's total loss into its mean."""
        self.mean_loss.update_state(total, sample_weight=_rows(y_pred[0]))
        sum_so_far = self.mean_loss.total
        finite = ops.isfinite(sum_so_far)
        self.finite_steps.assign_add(ops.cast(finite, "int32"))

    def record_metrics(
        self, y_true: Sequence[Any], y_pred: Sequence[Any], weights: Sequence[Any]
    ) -> None:
        """Take one batch into the metrics."""
        for one in self.output_metrics:
            weight = weights[one.index] if one.weighted else None
            update = one.metric.update_state
            place = f"{type(one.metric).__name__}.update_state"
            given = y_true[one.index], y_pred[one.index]
            with (
                _compared("metric", one.metric.name, *given),
                called(update, place, "y_true", "y_pred", sample_weight=weight),
            ):
                update(*given, sample_weight=weight)

    @property
    def all_metrics(self) -> list[Any]:
        """The metrics whose state a run resets, in Keras' order of `metrics_names`."""
        return [self.mean_loss, *(m.metric for m in self.output_metrics), *self.loss_means]

    def logs(self) -> dict[str, Any]:
        """Return the running values by name: the loss, the metrics, the losses of the outputs."""
        results: dict[str, Any] = {}
        for name, metric in self._named_metrics():
            value = _mean(metric)
            if value is None:
                value = metric.result()
                if isinstance(value, Node):
                    raise TraceError(lost([metric]))
            if isinstance(value, dict):
                results.update({key: _number(one) for key, one in value.items()})
            else:
                results[name] = _number(value)
        return results

    def results(self) -> dict[str, Any]:
        """Return the running values by name, as they are in the middle of a step."""
        results: dict[str, Any] = {}
        for name, metric in self._named_metrics():
            value = metric.result()
            results.update(value if isinstance(value, dict) else {name: value})
        return results

    def _named_metrics(self) -> list[tuple[str, Any]]:
        pairs: list[tuple[str, Any]] = [(self.mean_loss.name, self.mean_loss)]
        pairs += [(one.key, one.metric) for one in self.output_metrics]
        return pairs + [(mean.name, mean) for mean in self.loss_means]

    def reset(self) -> None:
        """Start all running values anew."""
        for metric in self.all_metrics:
            metric.reset_state()
        self.finite_steps.assign(np.int32(0))


@contextmanager
def _compared(kind: str, name: str, y_true: Any, y_pred: Any) -> Iterator[None]:
    """Say what a loss or metric compared, where shapes did not go together."""
    try:
        yield
    except ShapeError as error:
        words = str(error)
        told = words.startswith(name) or "y_true" in words or "sample_weight" in words
        if not told and hasattr(y_true, "shape") and hasattr(y_pred, "shape"):
            error.args = (
                f"{kind} {name!r}: y has shape {shown(y_true.shape)}, but the output has shape "
                f"{shown(y_pred.shape)}, and it cannot compare them. {error}",
            )
        raise  # with the line of the user's code in its traceback
    except TypeError as error:
        if isinstance(error.__cause__, TraceError):  # scikit-learn says less: "got a Node"
            raise error.__cause__ from None
        raise


def _path_of(one: OutputLoss, path: tuple[Any, ...], titles: Sequence[str] | None) -> str:
    """The keys to an output; the place in a list gives way to a name, its own or the loss's."""
    *keys, last = path
    if not isinstance(last, str):
        last = one.loss.name if titles is None else titles[one.index]
    return "/".join(map(str, (*keys, last)))


def _mean(metric: Any) -> float | None:
    """The result of a plain mean, without the ops that say it: batch callbacks ask each step."""
    if type(metric).result is not metrics_room.Mean.result or metric.total.shape:
        return None
    total, count = metric.total.numpy().item(), metric.count.numpy().item()
    return float(np.dtype(metric.dtype).type(total / count)) if count else 0.0


def _number(value: Any) -> Any:
    """A float, or an array where a metric gives several numbers."""
    array = np.asarray(value)
    return float(array) if array.ndim == 0 else array


def _rows(y_pred: Any) -> Any:
    """How many rows a batch has: what its loss counts in the mean over batches."""
    first = y_pred.shape[0] if y_pred.shape else 1
    return ops.cast(rows_node(), "float64") if first is None else float(first)


def _check_origin(given: Any, argument: str) -> None:
    """Refuse functions of scikit-learn, and say which metric here does what they do."""
    if isinstance(given, (list, tuple, dict)):
        for one in given.values() if isinstance(given, dict) else given:
            _check_origin(one, argument)
    elif str(getattr(given, "__module__", "")).startswith("sklearn."):
        name = getattr(given, "__name__", type(given).__name__)
        way = _way(name, argument) or "Write a function of (y_true, y_pred) with ranvier.ops."
        raise ArgumentTypeError(
            f"compile, `{argument}`: got {name} of scikit-learn, which computes on NumPy arrays, "
            f"so that no step can be compiled of it. {way} Or score what model.predict(x) gives."
        )


def _check_names(
    given: Any, find: Callable[[str], Any], fitted: Sequence[str], argument: str
) -> None:
    """Look names up at once, so that a misspelt one is told at the line that has it."""
    if isinstance(given, str):
        if given.lower() not in fitted:
            _found(find, given, argument)
    elif isinstance(given, (list, tuple, dict)):
        for one in given.values() if isinstance(given, dict) else given:
            _check_names(one, find, fitted, argument)


def _found(find: Callable[[Any], Any], given: Any, argument: str) -> Any:
    """Return what is meant by a name; one that another argument takes is told as such."""
    try:
        return find(given)
    except ArgumentError:
        way = ""
        if isinstance(given, str):
            way = _way(given, argument)
        if not way:
            raise
    raise ArgumentError(f"compile, `{argument}`: got {given!r}. {way}")


def _way(name: str, argument: str) -> str:
    """Say what to write in place of a name that is none of the argument's, "" if nothing fits."""
    argument, word = argument.removeprefix("weighted_"), _SCORES.get(name, name)
    if (argument, name) in _WAYS:
        return _WAYS[argument, name]
    if name in _SCORES and argument != "optimizer":
        fits = argument == "metrics" or word in losses_room.CATALOG
        return f"Write {word!r}." if fits else f"That is a metric: metrics=[{word!r}]."
    return _elsewhere(name)


def _elsewhere(name: str) -> str:
    """Say where a name belongs that another argument of `compile` takes, "" where none does."""
    if name in _FITTED or name in metrics_room.CATALOG and name not in losses_room.CATALOG:
        return f"That is a metric: metrics=['{name}']."
    if name in losses_room.CATALOG:
        return f"That is a loss: loss='{name}'."
    return f"That is an optimizer: optimizer='{name}'." if name in optimizers.CATALOG else ""


def _check_kinds(loss_weights: Any, metrics: Any, weighted_metrics: Any) -> None:
    each = loss_weights if isinstance(loss_weights, (list, tuple)) else [loss_weights]
    if any(isinstance(one, (str, metrics_room.Metric)) for one in each):
        raise ArgumentError(
            f"compile, `loss_weights`: got {loss_weights!r:.80}, expected numbers. Metrics are not "
            "the third argument: write metrics=['accuracy']."
        )
    if loss_weights is not None and not isinstance(loss_weights, (list, tuple, dict, float, int)):
        raise ArgumentError(
            f"compile, `loss_weights`: got {type(loss_weights).__name__}, expected a number, a "
            "list or a dict."
        )
    for name, value in (("metrics", metrics), ("weighted_metrics", weighted_metrics)):
        if value is not None and isinstance(value, (int, float, bytes)):
            raise ArgumentError(
                f"compile, `{name}`: got {value!r}, expected a name, a list or a dict, for "
                f"instance {name}=['accuracy']."
            )
