"""Jacobians: the gradient of each number of a target, one after the other, stacked."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from ..graph.errors import OpenBatchError, ShapeError
from ..graph.node import Node, const_node
from ..ops.index import zeros
from ..ops.reshape import broadcast_to, reshape, stack

#: Gives the gradient of each source, for a weight on each number of the target.
Pull = Callable[[Node], Sequence[Any]]


def stacked(target: Any, sources: Sequence[Any], pull: Pull) -> list[Any]:
    """Return d target / d source, of the target's sizes and then the source's, for each source.

    Raises:
        OpenBatchError: if the number of rows is not known.
    """
    shape = tuple(target.shape)
    if None in shape:
        raise OpenBatchError(
            f"GradientTape.jacobian: the target of shape {shape} has an open batch, which says how "
            "many gradients there are. For gradients row by row use `batch_jacobian`; else give "
            "Input a batch_size, or call the model outside of the step."
        )
    rows = [pull(const_node(seed)) for seed in _seeds(shape, target.dtype)]
    found: list[Any] = []
    for i, source in enumerate(sources):
        parts = [row[i] for row in rows]
        sizes = (*shape, *source.shape)
        known = bool(parts) and parts[0] is not None
        found.append(reshape(stack(parts), sizes) if known else None)
    return found


def by_row(target: Any, source: Any, pull: Pull) -> Any:
    """Return d target[i] / d source[i] for each row i: (rows, target's sizes, source's sizes).

    Raises:
        ShapeError: if target and source have not as many rows.
    """
    shape, of = tuple(target.shape), tuple(source.shape)
    if not shape or not of or shape[0] != of[0]:
        raise ShapeError(
            f"GradientTape.batch_jacobian: got a target of shape {shape} and a source of shape "
            f"{of}, expected as many rows. For all numbers of both use `jacobian`."
        )
    seeds = _seeds(shape[1:], target.dtype)
    parts = [pull(broadcast_to(const_node(seed[None]), shape))[0] for seed in seeds]
    if not parts or parts[0] is None:
        return broadcast_to(const_node(np.zeros((), str(target.dtype))), (*shape, *of[1:]))
    return reshape(stack(parts, axis=1), (*shape, *of[1:]))


def nothing(target: Any, source: Any) -> Any:
    """Return the Jacobian of what does not depend on a source."""
    return zeros((*target.shape, *source.shape), str(target.dtype))


def _seeds(shape: tuple[int, ...], dtype: object) -> Sequence[np.ndarray]:
    """Return arrays of zeros with a 1 at one place, for every place."""
    count = int(np.prod(shape))
    return list(np.eye(count, dtype=str(dtype)).reshape(count, *shape))
