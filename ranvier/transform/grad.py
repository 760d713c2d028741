"""Gradients: the reverse of a graph, built from the ops' own vjps."""

from __future__ import annotations

from collections.abc import Sequence

from ..graph.dtype import is_float
from ..graph.errors import GradientError
from ..graph.node import Node, const_node
from ..ops.index import zeros_like
from ..ops.reshape import broadcast_to
from .pullback import pullback


def gradients(loss: Node, wrt: Sequence[Node]) -> list[Node]:
    """Return d loss / d node for each node of `wrt`; zeros where loss does not depend on it.

    Args:
        loss: a float node; more than one element counts as their sum.
        wrt: float nodes.

    Raises:
        GradientError: if loss is no float.
    """
    return filled(slopes([loss], wrt), wrt)


def filled(found: Sequence[Node | None], wrt: Sequence[Node]) -> list[Node]:
    """Return slopes with zeros where there is none."""
    return [zeros_like(x) if g is None else g for g, x in zip(found, wrt, strict=True)]


def slopes(
    targets: Sequence[Node], wrt: Sequence[Node], seeds: Sequence[Node | None] | None = None
) -> list[Node | None]:
    """Return the gradient of the sum of all targets for each node of `wrt`; None where no target
    depends on it.

    Args:
        targets: float nodes; more than one element counts as their sum.
        wrt: float nodes.
        seeds: what to weigh each target's elements with; default 1.

    Raises:
        GradientError: if a target is no float.
    """
    given: list[Node] = []
    for i, target in enumerate(targets):
        if not is_float(target.dtype):
            raise GradientError(f"The loss has dtype {target.dtype}; only floats have gradients.")
        seed = seeds[i] if seeds else None
        if seed is None:
            seed = broadcast_to(const_node(1.0, target.dtype), target.shape)
        given.append(seed)
    return pullback(targets, given, wrt)
