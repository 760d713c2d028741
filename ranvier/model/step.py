"""The step: forward, loss, metrics, gradient and update of a model as one graph."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple, Protocol

from ..graph import Graph, Node, Trace, Variable, input_node
from ..graph.errors import GradientError
from ..transform.grad import filled, slopes
from .compiled import Compiled


class Spec(NamedTuple):
    """One array of data: the shape of a row, the type in which a step reads it.

    `zeros` says that most numbers are zero: results are the same, and products may be faster.
    """

    shape: tuple[int, ...]
    dtype: str
    zeros: bool = False


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
    output_form: Any

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

    @property
    def names_its_outputs(self) -> bool:
        """Return whether these names are more than numbers."""


#: What a step computes: (model, trace, inputs, targets, weights) -> outputs.
Body = Callable[["Steppable", Trace, list[Any], list[Any], list[Any]], list[Any]]


def train_body(
    model: Steppable, trace: Trace, x: list[Any], y: list[Any], w: list[Any]
) -> list[Any]:
    """Compute a training step in the running trace.

    loss = sum of output losses * loss_weights + regularization; each trainable variable then
    changes by the optimizer's rule on d loss / d variable, all taken at the start of the step.
    """
    compiled, variables = model.compiled_step, list(model.trainable_variables)
    y_pred = model.forward(x, training=True)
    loss = _scored(model, y, y_pred, w, training=True)
    if variables:
        scaled = compiled.optimizer.scale_loss(loss)
        leaves = [trace.leaf(v) for v in variables]
        compiled.optimizer.apply(gradients(slopes([scaled], leaves), leaves), variables)
    return []


def gradients(found: Sequence[Any], wrt: Sequence[Any]) -> list[Any]:
    """Return slopes with zeros where the loss does not depend on a weight, which may still decay.

    Raises:
        GradientError: if it depends on none.
    """
    if all(g is None for g in found):
        raise GradientError(
            "fit, `loss`: no weight has a gradient, so there is nothing to learn from. argmax, "
            "round, comparisons and casts to whole numbers have none: compute the loss from "
            "y_pred without them."
        )
    return filled(found, wrt)


def test_body(
    model: Steppable, trace: Trace, x: list[Any], y: list[Any], w: list[Any]
) -> list[Any]:
    """Compute an evaluation step in the running trace."""
    _scored(model, y, model.forward(x, training=False), w, training=False)
    return []


def predict_body(
    model: Steppable, trace: Trace, x: list[Any], y: list[Any], w: list[Any]
) -> list[Any]:
    """Compute outputs in the running trace."""
    return model.forward(x, training=False)


BODIES: dict[str, Body] = {"train": train_body, "test": test_body, "predict": predict_body}


def _scored(model: Steppable, y: list[Any], y_pred: list[Any], w: list[Any], training: bool) -> Any:
    """Return the total loss, with it and the metrics recorded."""
    compiled = resolved(model, y, y_pred)
    loss = compiled.total_loss(y, y_pred, w, model.step_losses(), training)
    compiled.record_loss(loss, y_pred)
    compiled.record_metrics(y, y_pred, w)
    return loss


def resolved(model: Steppable, y: Sequence[Any], y_pred: Sequence[Any]) -> Compiled:
    """Return what `compile` was given, with losses and metrics resolved against the outputs."""
    compiled = model.compiled_step
    if not compiled.built:
        compiled.build(model, y, y_pred)
    return compiled


def traced(body: Body, model: Steppable, specs: Specs, rows: int | None = None) -> Graph:
    """Return the graph of one step, as it was traced.

    Args:
        body: what the step computes.
        model: the model.
        specs: what data the step takes.
        rows: None for a batch of any size, or the one size that the graph serves.
    """
    with Trace() as trace:
        inputs, x, y, w = _inputs(specs, rows)
        outputs = body(model, trace, x, y, w)
    return Graph(tuple(inputs), tuple(outputs), tuple(trace.updates.items()))


def _inputs(
    specs: Specs, rows: int | None
) -> tuple[list[Node], list[Node], list[Node | None], list[Node | None]]:
    """Return all input nodes in the order in which a program takes arrays, and by purpose."""
    made: list[Node] = []

    def node(kind: str, i: int, spec: Spec | None) -> Node | None:
        if spec is None:
            return None
        made.append(input_node(f"{kind}{i}", (rows, *spec.shape), *spec[1:]))
        return made[-1]

    x = [node("x", i, spec) for i, spec in enumerate(specs.x)]
    y = [node("y", i, spec) for i, spec in enumerate(specs.y)]
    w = [node("weight", i, spec) for i, spec in enumerate(specs.weights)]
    return made, [one for one in x if one is not None], y, w
