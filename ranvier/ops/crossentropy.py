"""Crossentropies, element by element or row by row, for losses of your own."""

from __future__ import annotations

from typing import Any

from ..graph.dtype import epsilon
from .activation import log_softmax, softplus
from .elementwise import add, clip, divide, log, multiply, negative, subtract
from .index import one_hot
from .reduce import floats, given, sum
from .reshape import squeeze


def _kept(p: Any) -> Any:
    return clip(p, epsilon(), 1.0 - epsilon())


def binary_crossentropy(target: Any, output: Any, from_logits: bool = False) -> Any:
    """Return -target log(p) - (1 - target) log(1 - p) for each element.

    Args:
        target: labels from 0 to 1.
        output: probabilities p, kept from epsilon to 1 - epsilon, or logits.
        from_logits: sigmoid was not applied to `output`; default False.

    Example:
        >>> binary_crossentropy([1.0, 0.0], [0.5, 0.5]).numpy()
        array([0.6931472, 0.6931472], dtype=float32)

    Source: keras.ops.binary_crossentropy.
    """
    t, x = floats(target), floats(output)
    if from_logits:
        yes, no = softplus(negative(x)), softplus(x)
    else:
        p = _kept(x)
        yes, no = negative(log(p)), negative(log(subtract(1.0, p)))
    return add(multiply(t, yes), multiply(subtract(1.0, t), no))


def categorical_crossentropy(
    target: Any, output: Any, from_logits: bool = False, axis: int = -1
) -> Any:
    """Return -sum(target log(p)) over the classes.

    Args:
        target: one-hot labels.
        output: odds of each class, divided by their sum here, or logits.
        from_logits: softmax was not applied to `output`; default False.
        axis: over which the classes lie; default -1.

    Example:
        >>> categorical_crossentropy([[0.0, 1.0]], [[0.5, 0.5]]).numpy()
        array([0.6931472], dtype=float32)

    Source: keras.ops.categorical_crossentropy.
    """
    t, x = floats(target), floats(output)
    if from_logits:
        logarithm = log_softmax(x, axis)
    else:
        logarithm = log(_kept(divide(x, sum(x, axis, keepdims=True))))
    return negative(sum(multiply(t, logarithm), axis))


def sparse_categorical_crossentropy(
    target: Any, output: Any, from_logits: bool = False, axis: int = -1
) -> Any:
    """Return -log(p) of the class that each label names.

    Args:
        target: class numbers; a last axis of size 1 is left out.
        output: odds of each class, or logits.
        from_logits: softmax was not applied to `output`; default False.
        axis: over which the classes lie; default -1.

    Example:
        >>> sparse_categorical_crossentropy([1], [[0.5, 0.5]]).numpy()
        array([0.6931472], dtype=float32)

    Source: keras.ops.sparse_categorical_crossentropy.
    """
    x, target = floats(output), given(target)
    if len(target.shape) == len(x.shape) and target.shape[-1] == 1:
        target = squeeze(target, -1)
    labels = one_hot(target, x.shape[axis], axis=axis, dtype=str(x.dtype))
    return categorical_crossentropy(labels, x, from_logits, axis)
