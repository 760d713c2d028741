"""Matching gradients with the weights they are of."""

from __future__ import annotations

from collections.abc import Container, Iterable, Sequence
from typing import Any

from .. import ops
from ..graph import Variable
from ..graph.errors import ArgumentError, ArgumentTypeError, NotBuiltError, warn

Pair = tuple[Any, Variable]


def matched(place: str, grads: Sequence[Any], variables: Iterable[Variable] | None) -> list[Pair]:
    """Return (gradient, weight) pairs.

    Raises:
        NotBuiltError: if there are no weights.
        ArgumentError: if there are more of the one than of the other.
        ArgumentTypeError: if something else stands in place of a weight.
    """
    if variables is None:
        raise NotBuiltError(
            f"{place}.apply: got gradients without weights. Give both, or call "
            "optimizer.build(model.trainable_variables) first."
        )
    variables = list(variables)
    for variable in variables:
        if not isinstance(variable, Variable):
            raise ArgumentTypeError(
                f"{place}.apply: got a {type(variable).__name__} in place of a weight. Gradients "
                "come first: zip(gradients, model.trainable_variables)."
            )
    if len(variables) != len(grads):
        raise ArgumentError(
            f"{place}.apply: got {len(grads)} gradients for {len(variables)} weights, expected "
            "one each."
        )
    return list(zip(grads, variables, strict=True))


def halves(place: str, pairs: Iterable[Any]) -> tuple[list[Any], list[Any]]:
    """Return gradients and weights of (gradient, weight) pairs.

    Raises:
        ArgumentTypeError: for what are no pairs, as gradients alone.
    """
    taken = list(pairs)
    for one in taken:
        if not isinstance(one, (tuple, list)) or len(one) != 2:
            raise ArgumentTypeError(
                f"{place}.apply_gradients: got a {type(one).__name__} in place of a pair "
                "(gradient, weight). Write zip(gradients, model.trainable_variables)."
            )
    return [g for g, _ in taken], [v for _, v in taken]


def check_known(place: str, pairs: Sequence[Pair], known: Container[Variable]) -> None:
    """Raise ArgumentError if a weight is not one of those the optimizer was built with."""
    for _, variable in pairs:
        if variable not in known:
            raise ArgumentError(
                f"{place}: got weight '{variable.path}', which it was not built with. An optimizer "
                "belongs to the weights of its first step: make a new optimizer, or compile the "
                "model again."
            )


def with_gradient(place: str, pairs: Sequence[Pair]) -> list[Pair]:
    """Return the pairs that have a gradient, in the dtype of the weight; warn of the others.

    Raises:
        ArgumentError: if none has one.
    """
    missing = [v.path for g, v in pairs if g is None]
    if len(missing) == len(pairs):
        raise ArgumentError(
            f"{place}.apply: no weight has a gradient. Compute the loss from the weights, "
            "inside of `with GradientTape()`, by ranvier.ops: NumPy and .numpy() leave the tape."
        )
    if missing:
        warn(f"The loss does not depend on {missing}: they stay as they are.", UserWarning)
    return [(ops.cast(g, v.dtype), v) for g, v in pairs if g is not None]
