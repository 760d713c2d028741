"""Evaluation: test steps over data, and the loss and metrics in Keras' order."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, contextmanager
from typing import Any

from .. import data
from ..callbacks import CallbackList
from .intake import Intake
from .pace import Pace
from .run import Source, callback_list, epoch_parts, programs, steps_a_call


class Validation:
    """Data to evaluate a model on again and again.

    Args:
        model: the model.
        source: where the test steps get their rows.
    """

    def __init__(self, model: Any, source: Source) -> None:
        self.model, self.source = model, source
        self._programs = programs(model, "test")
        self._pace = Pace()

    def run(self, callbacks: CallbackList) -> dict[str, Any]:
        """Evaluate once, and return loss and metrics by name."""
        logs: dict[str, Any] = {}
        for _ in self.parts(callbacks, logs):
            pass
        return logs

    def parts(self, callbacks: CallbackList, logs: dict[str, Any]) -> Iterator[int]:
        """Evaluate once, a call of the program a turn of the loop; logs take loss and metrics."""
        model = self.model
        pace, fixed = self._pace, steps_a_call(model, callbacks, "test")
        if pace.fixed != fixed:
            pace = self._pace = Pace(fixed)
        model.stop_evaluating = False
        callbacks.on_test_begin()
        if model.stop_evaluating:
            pace = Pace(model.steps_per_execution)  # the first call is the last
        model.reset_metrics()

        def end(last: int) -> bool:
            callbacks.on_test_batch_end(last, lambda: model.step_logs("test"))
            return bool(model.stop_evaluating)

        begin = callbacks.on_test_batch_begin
        yield from epoch_parts(self.source, self._programs, pace, begin, end)
        logs.update(model.step_logs("test"))
        callbacks.on_test_end(logs)


def evaluate(
    model: Any,
    x: Any,
    y: Any,
    batch_size: int | None,
    verbose: Any,
    sample_weight: Any,
    steps: int | None,
    callbacks: Any,
    return_dict: bool,
) -> Any:
    """Evaluate the model; see `Trainer.evaluate` for the arguments."""
    verbosity, steps = data.verbosity(verbose), data.optional("steps", steps)
    intake = Intake(model)
    if data.is_stream(x):
        source = intake.stream(x, steps)
    else:
        if y is None and isinstance(x, tuple) and model.compiled_step.loss is not None:
            x, y, sample_weight = data.unpack(x)
        table = intake.table(x, y, sample_weight)
        intake.check(table)
        batch = data.batch_size(batch_size, table.rows, steps)
        source = intake.source(table.first(steps, batch), batch)
    calls = callback_list(callbacks, model, verbosity, 1, source.steps)
    with closing(source), _metrics_kept(model):
        logs = Validation(model, source).run(calls)
    return dict(sorted(logs.items())) if return_dict else in_order(model, logs)


def in_order(model: Any, logs: dict[str, Any]) -> Any:
    """Return the values of logs as Keras lists them; the loss alone where there is no more."""
    names = ordered_names(model, logs)
    values = [logs[name] for name in names]
    return values[0] if len(values) == 1 else values


def ordered_names(model: Any, logs: dict[str, Any]) -> list[str]:
    """Return the names of logs in the order of `evaluate`'s list.

    Loss first, then the metrics that are reported under their own name, then the losses of the
    outputs, then the rest (metrics with their output's name before theirs), sorted.
    """
    first = list(dict.fromkeys(m.name for m in model.metrics if m.name in logs))
    return first + sorted(name for name in logs if name not in first)


@contextmanager
def _metrics_kept(model: Any) -> Iterator[None]:
    """Put the running values back if a callback of `fit` evaluates in the middle of an epoch."""
    if not model._busy.is_training:
        yield
        return
    variables = [v for metric in model.metrics for v in metric.variables]
    variables.append(model.compiled_step.finite_steps)
    before = [v.numpy() for v in variables]
    try:
        yield
    finally:
        for variable, value in zip(variables, before, strict=True):
            variable.assign(value)
