"""Steps in words of the user's own: `train_step`, `test_step`, `predict_step` as a step's body."""

from __future__ import annotations

import inspect
from collections.abc import Mapping
from typing import Any

import numpy as np

from .. import data, ops
from ..graph import Node, Trace, Variable
from ..graph.errors import ArgumentError, ArgumentTypeError
from ..graph.function import called
from ..graph.structure import flatten, numbered, packed
from ..transform.tape import GradientTape
from .step import BODIES, Body, gradients, resolved

#: What a class may write anew, and of which steps it is a part.
_PARTS = {
    "train": ("train_step", "compute_loss", "compute_metrics"),
    "test": ("test_step", "compute_loss", "compute_metrics"),
    "predict": ("predict_step",),
}


def is_own(model: Any, kind: str) -> bool:
    """Tell whether the model's class writes a step, or a part of it, in its own words."""
    cls = type(model)
    return any(not getattr(cls, name).__module__.startswith("ranvier.") for name in _PARTS[kind])


def writes_steps(model: Any) -> bool:
    """Tell whether the model's class writes a whole step, which may change what it is given."""
    steps = (getattr(type(model), f"{kind}_step") for kind in _PARTS)
    return any(not step.__module__.startswith("ranvier.") for step in steps)


def body_of(model: Any, kind: str) -> Body:
    """Return what a step of this kind computes."""
    if not is_own(model, kind):
        return BODIES[kind]

    def own(model: Any, trace: Trace, x: list[Any], y: list[Any], w: list[Any]) -> list[Any]:
        _settle(model, y)
        given = data.pack_x_y_sample_weight(
            x[0] if model._input_form is None else packed(model._input_form, x),
            *_targets(model, y, w),
        )
        step = getattr(model, f"{kind}_step")
        with called(step, f"{type(model).__name__}.{kind}_step", "data"):
            result = step(given)
        if kind == "predict":
            _check_predicted(result, type(model).__name__)
            model.predicted_form = numbered(result)
            return flatten(result)
        model.own_logs.keep(kind, result, f"{type(model).__name__}.{_last_word(model, kind)}")
        return []

    return own


def _last_word(model: Any, kind: str) -> str:
    """Return the method of the user's own that says what a step returns."""
    step = f"{kind}_step"
    usual = getattr(type(model), step).__module__.startswith("ranvier.")
    return "compute_metrics" if usual else step


def _check_predicted(result: Any, place: str) -> None:
    wrong = [one for one in flatten(result) if not hasattr(one, "shape")]
    if wrong:
        raise ArgumentTypeError(
            f"{place}.predict_step: returned {wrong[0]!r:.60}, expected an array or a structure "
            "of them. End it with `return self(x)`."
        )


def _settle(model: Any, y: list[Any]) -> None:
    """Resolve what `compile` was given against the outputs, which a model without `call` lacks."""
    compiled, outputs = model.compiled_step, model.known_outputs()
    if compiled is not None and not compiled.built and outputs and len(y) == len(outputs):
        if any(target is not None for target in y):
            resolved(model, y, outputs)


def _targets(model: Any, y: list[Any], w: list[Any]) -> tuple[Any, Any]:
    """Return targets and sample weights as the user gave them: one, or in a structure."""
    if all(one is None for one in y):
        return None, None
    form = model.target_form if model.target_form is not None else model.output_form
    count = len(flatten(form)) if model.target_form is not None else len(y)
    y, w = y[:count], w[:count]  # the rest stands for outputs without a target
    several = isinstance(form, (list, tuple, dict)) and len(flatten(form)) == len(y)
    weights = None if all(one is None for one in w) else packed(form, w) if several else w[0]
    return (packed(form, y) if several else y[0]), weights


class OwnLogs:
    """What steps of the user's own returned last: variables, so that a compiled step writes them.

    Where a call runs several steps, they hold what the last of them returned.
    """

    def __init__(self) -> None:
        self._held: dict[str, dict[str, Variable]] = {}

    def keep(self, kind: str, result: Any, place: str) -> None:
        """Assign a step's result, in the running trace."""
        if not isinstance(result, Mapping):
            came = "None" if result is None else type(result).__name__
            raise ArgumentTypeError(
                f"{place}: returned {came}, expected a dict of numbers by name. End it with "
                "`return {m.name: m.result() for m in self.metrics}`."
            )
        before, held = self._held.get(kind, {}), {}
        for name, value in _flat(result):
            value = _number(value, f"{place}: '{name}'")
            shape, dtype = tuple(value.shape), str(value.dtype)
            variable = before.get(name)
            if variable is None or (variable.shape, variable.dtype) != (shape, dtype):
                if None in shape:
                    raise ArgumentError(
                        f"{place}: '{name}' has shape {shape}, one number a row. "
                        "Return its mean, or the result of a metric."
                    )
                variable = Variable(np.zeros(shape), dtype=dtype, trainable=False, name=name)
            variable.assign(value)
            held[name] = variable
        self._held[kind] = held

    def read(self, kind: str) -> dict[str, Any]:
        """Return the numbers by name."""
        return {
            name: float(variable) if variable.shape == () else variable.numpy()
            for name, variable in self._held.get(kind, {}).items()
        }


def _number(value: Any, place: str) -> Any:
    """Return what a step returned under one name, as an array of numbers."""
    if hasattr(value, "shape"):
        return value
    array = np.asarray(value)
    if array.dtype.kind not in "biuf":
        way = "Give its `result()`." if hasattr(value, "result") else "Leave it out."
        raise ArgumentTypeError(f"{place} is {value!r:.60}, expected a number. {way}")
    return array.astype(np.float32)


def _flat(result: Mapping[str, Any]) -> list[tuple[str, Any]]:
    found = []
    for name, value in result.items():
        found += _flat(value) if isinstance(value, Mapping) else [(str(name), value)]
    return found


# --- the usual steps, for `super()` and where only a part of them is the user's own ---------------
def train_step(model: Any, given: Any) -> dict[str, Any]:
    """Forward, loss, gradient, update; see `Trainer.train_step`."""
    x, y, weight = data.unpack_x_y_sample_weight(given)
    variables = list(model.trainable_variables)
    with GradientTape(persistent=True) as tape:
        y_pred = model(x, training=True)
        loss = _loss(model, x, y, y_pred, weight, True)
        scaled = model.optimizer.scale_loss(loss)
    if variables:
        found = gradients(tape.gradient(scaled, variables), variables)
        model.optimizer.apply(found, variables)
    logs: dict[str, Any] = model.compute_metrics(x, y, y_pred, sample_weight=weight)
    return logs


def test_step(model: Any, given: Any) -> dict[str, Any]:
    """Forward, loss and metrics; see `Trainer.test_step`."""
    x, y, weight = data.unpack_x_y_sample_weight(given)
    y_pred = model(x, training=False)
    _loss(model, x, y, y_pred, weight, False)
    found: dict[str, Any] = model.compute_metrics(x, y, y_pred, sample_weight=weight)
    return found


def _loss(model: Any, x: Any, y: Any, y_pred: Any, weight: Any, training: bool) -> Any:
    """Return the total loss, recorded in its mean."""
    arguments = {"x": x, "y": y, "y_pred": y_pred, "sample_weight": weight, "training": training}
    taken = inspect.signature(model.compute_loss).parameters
    if not any(p.kind is p.VAR_KEYWORD for p in taken.values()):
        arguments = {name: value for name, value in arguments.items() if name in taken}
    loss = model.compute_loss(**arguments)
    if loss is None:
        raise ArgumentError(
            f"{type(model).__name__}.compute_loss: returned None, expected one number. End it "
            "with `return`."
        )
    model.compiled_step.record_loss(loss, flatten(y_pred))
    return loss


def compute_loss(model: Any, y: Any, y_pred: Any, weight: Any, training: bool) -> Any:
    """Return the compiled loss and what layers added; see `Trainer.compute_loss`."""
    y, y_pred, weight = _by_output(model, y, y_pred, weight)
    compiled = resolved(model, y, y_pred)
    return compiled.total_loss(y, y_pred, weight, model.step_losses(), training)


def compiled_loss(model: Any, y: Any, y_pred: Any, weight: Any, extra: Any) -> Any:
    """Return the compiled loss with others added, recorded; see `Trainer.compiled_loss`."""
    y, y_pred, weight = _by_output(model, y, y_pred, weight)
    compiled = resolved(model, y, y_pred)
    loss = compiled.total_loss(y, y_pred, weight, list(extra or ()))
    compiled.record_loss(loss, y_pred)
    return loss


class CompiledMetrics(list[Any]):
    """The metrics that `compile` was given; all of them take in a batch together.

    Args:
        model: the model, compiled.
    """

    def __init__(self, model: Any) -> None:
        self._model, compiled = model, model.compiled_step
        super().__init__([] if compiled is None else [m.metric for m in compiled.output_metrics])

    def update_state(self, y: Any, y_pred: Any, sample_weight: Any = None) -> None:
        """Take one batch into all of them."""
        y, y_pred, weight = _by_output(self._model, y, y_pred, sample_weight)
        resolved(self._model, y, y_pred).record_metrics(y, y_pred, weight)


def compute_metrics(model: Any, y: Any, y_pred: Any, weight: Any) -> dict[str, Any]:
    """Take a batch into the compiled metrics; see `Trainer.compute_metrics`."""
    y, y_pred, weight = _by_output(model, y, y_pred, weight)
    resolved(model, y, y_pred).record_metrics(y, y_pred, weight)
    results: dict[str, Any] = model.get_metrics_result()
    return results


def _by_output(model: Any, y: Any, y_pred: Any, weight: Any) -> tuple[list[Any], ...]:
    """Return targets, outputs and weights as lists with one entry an output."""
    outputs = flatten(y_pred)
    if len(flatten(model.output_form)) != len(outputs):
        model.output_form = numbered(y_pred)
    return (
        _one_each(y, outputs, "y"), [_node(p) for p in outputs],
        _one_each(weight, outputs, "sample_weight"),
    )  # fmt: skip


def _one_each(given: Any, outputs: list[Any], what: str) -> list[Any]:
    if given is None:
        return [None] * len(outputs)
    flat = flatten(given)
    if len(flat) != len(outputs):
        raise ArgumentError(
            f"compute_loss, `{what}`: got {len(flat)} for {len(outputs)} outputs, expected one an "
            "output."
        )
    return flat


def _node(x: Any) -> Any:
    return x if isinstance(x, Node) else ops.convert_to_tensor(x)
