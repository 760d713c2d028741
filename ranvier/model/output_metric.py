"""Which metrics each output has, and the names under which they are reported."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from .. import metrics as metrics_room
from ..graph.errors import ArgumentError
from ..graph.naming import snake_case
from .output_loss import kind_of_labels, spread


@dataclass(frozen=True)
class OutputMetric:
    """One metric of one output.

    Attributes:
        index: the output's place among all outputs, flattened.
        metric: the stateful metric.
        key: its name in logs and in the History.
        weighted: whether it takes the sample weights.
    """

    index: int
    metric: Any
    key: str
    weighted: bool


def resolve(
    metrics: Any,
    weighted_metrics: Any,
    names: Sequence[str],
    y_true: Sequence[Any],
    y_pred: Sequence[Any],
    titles: Sequence[str] | None = None,
) -> list[OutputMetric]:
    """Return all metrics in Keras' order: plain ones output by output, then weighted ones.

    Where there are several outputs, their `titles`, if any, come before the names of the metrics.
    """
    found: list[OutputMetric] = []
    taken: dict[str, int] = {}
    for given, weighted in ((metrics, False), (weighted_metrics, True)):
        argument = "weighted_metrics" if weighted else "metrics"
        for i, identifier in _places(given, names, argument, titles is not None):
            if y_true[i] is None:
                raise ArgumentError(
                    f"compile, `{argument}`: {identifier!r} is for the output {names[i]!r}, which "
                    "has no targets. Give this output a loss and targets, or leave the metric out."
                )
            metric = _get(identifier, y_true[i], y_pred[i], argument)
            prefix = f"{titles[i]}_" if titles is not None and len(names) > 1 else ""
            key = prefix + metric.name
            if key in taken and weighted:
                key = f"{prefix}weighted_{metric.name}"
            found.append(OutputMetric(i, metric, unique(key, taken), weighted))
    return found


def _places(
    given: Any, names: Sequence[str], argument: str, named: bool
) -> Iterator[tuple[int, Any]]:
    if given is None:
        return
    if len(names) == 1 and isinstance(given, Mapping):
        # The one output of a subclassed model has no name, so that no key can miss it.
        values = spread(given, names, argument) if named else [list(given.values())]
    elif len(names) == 1:
        values = [given]
    elif isinstance(given, (list, tuple)) and len(given) != len(names):
        # One list for all outputs, as in Keras 2, unless its entries are lists themselves.
        if any(isinstance(one, (list, tuple, dict)) or one is None for one in given):
            spread(given, names, argument)
        values = [given] * len(names)
    else:
        values = spread(given, names, argument)
    for i, value in enumerate(values):
        for one in _flat(value):
            yield i, one


def _flat(value: Any) -> Iterator[Any]:
    if isinstance(value, (list, tuple)):
        for one in value:
            yield from _flat(one)
    elif value is not None:
        yield value


def unique(key: str, taken: dict[str, int]) -> str:
    """Return a key that was not given out before: the second of one name ends in _1."""
    if key in taken:
        taken[key] += 1
        return f"{key}_{taken[key] - 1}"
    taken[key] = 1
    return key


def _get(identifier: Any, y_true: Any, y_pred: Any, argument: str) -> Any:
    if isinstance(identifier, str) and identifier.lower() in ("accuracy", "acc"):
        binary, sparse = kind_of_labels(y_true, y_pred)
        kind = (
            metrics_room.BinaryAccuracy if binary
            else metrics_room.SparseCategoricalAccuracy if sparse
            else metrics_room.CategoricalAccuracy
        )  # fmt: skip
        return kind(name=identifier)
    metric = metrics_room.get(identifier)
    if not isinstance(metric, metrics_room.Metric):
        if not callable(metric):
            raise ArgumentError(
                f"compile, `{argument}`: got {identifier!r}, expected a name, a function of "
                "(y_true, y_pred) or a Metric."
            )
        metric = metrics_room.MeanMetricWrapper(metric, name=_name(metric))
    if isinstance(identifier, str):
        metric.name = identifier
    return metric


def _name(function: Any) -> str:
    name = getattr(function, "name", None)
    return str(name or snake_case(getattr(function, "__name__", type(function).__name__)))
