"""The step: forward, loss, metrics, gradient and update of a model as one graph."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple, Protocol

from ..graph import Graph, Node, Trace, Variable, input_node
from ..transform.dedupe import dedupe
from ..transform.fold import fold
from ..transform.grad import gradients
from .compiled import Compiled


class Spec(NamedTuple):
    """One array of data: the shape of a row and the type in which a step reads it."""

    shape: tuple[int, ...]
    dtype: str


@dataclass(frozen=True)
class Specs:
    """What data a step takes: inputs, then targets and weights with one entry an output.

    Attributes:
        x: the model's inputs, flattened.
        y: targets, or None for an output without.
        weights: sample weights, or None.
    """

    x: tuple[Spec, ...]
    y: tuple[Spec | None, ...] = ()
    weights: tuple[Spec | None, ...] = ()


class Steppable(Protocol):
    """What a step needs of a model."""

    compiled_step: Compiled

    def forward(self, x: Sequence[Any], training: bool) -> list[Any]:
        """Return the outputs, flattened, of inputs, flattened."""

    def step_losses(self) -> list[Any]:
        """Return what `add_loss` and regularizers added during the last `forward`."""

    @property
    def trainable_variables(self) -> list[Variable]:
        """Return the variables that the optimizer changes."""

    @property
    def step_output_names(self) -> list[str]:
        """Return one name an output."""


def train_step(model: Steppable, specs: Specs, rows: int | None = None) -> Graph:
    """Return the graph of one training step.

    loss = sum of output losses * loss_weights + regularization; each trainable variable then
    changes by the optimizer's rule on d loss / d variable, all taken at the start of the step.

    Args:
        model: the model, compiled.
        specs: what data the step takes.
        rows: None for a batch of any size, or the one size that the graph serves.
    """
    compiled, variables = model.compiled_step, list(model.trainable_variables)
    with Trace() as trace:
        inputs, x, y, w = _inputs(specs, rows)
        y_pred = model.forward(x, training=True)
        _build(model, y, y_pred)
        loss = compiled.total_loss(y, y_pred, w, model.step_losses())
        compiled.record(loss, y, y_pred, w)
        if variables:
            scaled = compiled.optimizer.scale_loss(loss)
            slopes = gradients(scaled, [trace.leaf(v) for v in variables])
            compiled.optimizer.apply(slopes, variables)
    return _finish(inputs, [], trace)


def test_step(model: Steppable, specs: Specs, rows: int | None = None) -> Graph:
    """Return the graph of one evaluation step: forward, loss and metrics, no change of weights."""
    compiled = model.compiled_step
    with Trace() as trace:
        inputs, x, y, w = _inputs(specs, rows)
        y_pred = model.forward(x, training=False)
        _build(model, y, y_pred)
        loss = compiled.total_loss(y, y_pred, w, model.step_losses())
        compiled.record(loss, y, y_pred, w)
    return _finish(inputs, [], trace)


def predict_step(model: Steppable, specs: Specs, rows: int | None = None) -> Graph:
    """Return the graph that gives a batch's outputs."""
    with Trace() as trace:
        inputs, x, _, _ = _inputs(specs, rows)
        outputs = model.forward(x, training=False)
    return _finish(inputs, outputs, trace)


def _build(model: Steppable, y: Sequence[Any], y_pred: Sequence[Any]) -> None:
    if not model.compiled_step.built:
        model.compiled_step.build(model.step_output_names, y, y_pred)


def _inputs(
    specs: Specs, rows: int | None
) -> tuple[list[Node], list[Node], list[Node | None], list[Node | None]]:
    """Return all input nodes in the order in which a program takes arrays, and by purpose."""
    made: list[Node] = []

    def node(kind: str, i: int, spec: Spec | None) -> Node | None:
        if spec is None:
            return None
        made.append(input_node(f"{kind}{i}", (rows, *spec.shape), spec.dtype))
        return made[-1]

    x = [node("x", i, spec) for i, spec in enumerate(specs.x)]
    y = [node("y", i, spec) for i, spec in enumerate(specs.y)]
    w = [node("weight", i, spec) for i, spec in enumerate(specs.weights)]
    return made, [one for one in x if one is not None], y, w


def _finish(inputs: list[Node], outputs: Sequence[Node], trace: Trace) -> Graph:
    return dedupe(fold(Graph(tuple(inputs), tuple(outputs), tuple(trace.updates.items()))))
