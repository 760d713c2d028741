"""Models that users hand to an estimator: a function that makes one, or one to make others like."""

from __future__ import annotations

import inspect
from collections.abc import Sequence
from typing import Any

import numpy as np

from ranvier import Model, layers
from ranvier.errors import ArgumentError, ShapeError

from .builder import made
from .head import Head
from .kind import chances, losses_of, name_of, takes_logits
from .network import compile_for


class GivenModel:
    """A user's model with outputs that fit the heads, and its own idea of targets.

    Attributes:
        model: compiled, with weights drawn anew.
    """

    def __init__(self, model: Any, heads: Sequence[Head]) -> None:
        self.model, self.heads = model, list(heads)
        losses = losses_of(model)
        losses *= len(self.heads) if len(losses) == 1 else 1
        self._one_hot = [
            head.activation == "softmax" and "sparse" not in name_of(loss)
            for head, loss in zip(self.heads, losses, strict=True)
        ]
        self._scores = [takes_logits(loss) for loss in losses]
        self._margins = ["hinge" in name_of(loss) for loss in losses]

    def targets(self, given: list[np.ndarray]) -> list[np.ndarray]:
        """Return targets as the losses of the model's outputs take them."""
        return [
            np.eye(head.units, dtype=np.float32)[one] if one_hot else one
            for one, head, one_hot in zip(given, self.heads, self._one_hot, strict=True)
        ]

    def outputs(self, given: list[np.ndarray]) -> list[np.ndarray]:
        """Return chances, where an output gives raw scores that its loss turns into chances.

        A hinge asks for margins, below 0 for the first class and above for the second: (1 + m) / 2.
        """
        return [
            chances(one, head.activation) if scores
            else np.clip((1 + one) / 2, 0, 1) if margins and head.activation == "sigmoid" else one
            for one, head, scores, margins in zip(
                given, self.heads, self._scores, self._margins, strict=True
            )
        ]  # fmt: skip


def make(estimator: Any, x: np.ndarray, y: Any, heads: Sequence[Head]) -> GivenModel:
    """Return the model that `model=` describes, built, and compiled if it was not.

    Raises:
        ArgumentError, ArgumentTypeError: if `model` makes no model.
        ShapeError: if its outputs do not fit what is to be learnt.
    """
    given, place = estimator.model, f"{type(estimator).__name__}, `model`"
    model = made(given, _words(given, estimator, x, y, heads), place)
    answer = model.predict(x[:1], verbose=0)  # builds it
    heads = [
        _fitted(h, s, place) for h, s in zip(heads, _shapes(answer, heads, place), strict=True)
    ]
    if not model.compiled:
        heads = [_known(head, model, number, place) for number, head in enumerate(heads)]
        compile_for(estimator, model, heads)
    return GivenModel(model, heads)


def _words(given: Any, estimator: Any, x: Any, y: Any, heads: Sequence[Head]) -> dict[str, Any]:
    """Return the arguments for a function that makes a model: those of ours that it names."""
    ours = {
        "X": x, "y": y, "n_features_in": x.shape[1], "input_shape": x.shape[1:],
        "n_outputs": sum(head.units for head in heads),
        "n_classes": max(2, heads[0].units),
    }  # fmt: skip
    if isinstance(given, Model) or not callable(given):
        return {}
    taken = inspect.signature(given).parameters
    found = {name: value for name, value in ours.items() if name in taken}
    return found | dict(estimator.model_kwargs or {})


def _shapes(answer: Any, heads: Sequence[Head], place: str) -> list[tuple[Any, ...]]:
    """Return the shape of each output in the answer to a row, as models of all kinds give it."""
    shapes = [np.shape(one) for one in (answer if isinstance(answer, (list, tuple)) else [answer])]
    if len(shapes) != len(heads):
        raise ArgumentError(
            f"{place}: got a model with {len(shapes)} outputs, expected {len(heads)}, one for each "
            "column of y."
        )
    return shapes


def _fitted(head: Head, shape: tuple[Any, ...], place: str) -> Head:
    """Return a head as the model has it: two classes may have two outputs too."""
    if head.activation == "sigmoid" and head.units == 1 and shape[1:] == (2,):
        return Head(2, "softmax", head.loss)
    if shape[1:] != (head.units,):
        got = ", ".join(map(str, shape[1:]))
        raise ShapeError(
            f"{place}: the model's output has shape (rows, {got}), expected (rows, {head.units}). "
            f"End it in Dense({head.units}, activation={head.activation!r})."
        )
    return head


def _known(head: Head, model: Any, number: int, place: str) -> Head:
    """Return the head of an output of a model that has no losses yet, if it gives chances."""
    outputs = getattr(model, "outputs", None)
    made = outputs[number].history if outputs else None
    layer = getattr(made[0], "layer", None) if made else model.layers[-1]
    if head.activation == "linear" or layer is None or isinstance(layer, layers.Softmax):
        return head
    if getattr(getattr(layer, "activation", None), "__name__", "linear") == "linear":
        logits = ", or compile it with a loss that has from_logits=True"
        raise ArgumentError(
            f"{place}: it is not compiled, and its last layer '{layer.name}' has no activation. "
            f"Write activation={head.activation!r} there"
            f"{'' if head.activation == 'exponential' else logits}."
        )
    return head
