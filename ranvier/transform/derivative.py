"""Derivatives of functions: `grad` and `value_and_grad`."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from ..graph.errors import ArgumentError
from ..graph.live import Watched, alive, watched
from ..graph.node import Node
from ..graph.structure import mapped
from ..graph.trace import current
from ..graph.variable import Variable
from ..ops.convert import convert_to_tensor
from .tape import GradientTape


def value_and_grad(
    function: Callable[..., Any], argnums: int | Sequence[int] = 0, has_aux: bool = False
) -> Callable[..., Any]:
    """Return a function that gives the value of `function` and its gradient.

    Args:
        function: gives one float number, or (number, more) with `has_aux`.
        argnums: which arguments the gradient is of; each is an array, a number, a variable, or
            a list, tuple or dict of them.
        has_aux: whether the function returns more than the number.

    Example:
        >>> value_and_grad(lambda x: x**2)(3.0)
        (array(9., dtype=float32), array(6., dtype=float32))

    Source: jax.value_and_grad.
    """
    numbers = (argnums,) if isinstance(argnums, int) else tuple(argnums)

    def both(*args: Any, **kwargs: Any) -> Any:
        for i in numbers:
            if i >= len(args):
                raise ArgumentError(
                    f"grad, `argnums`: got {i}, but the function was called with {len(args)} "
                    "positional arguments."
                )
        given = [mapped(_tensor, a) if i in numbers else a for i, a in enumerate(args)]
        sources = [given[i] for i in numbers]
        with GradientTape(watch_accessed_variables=False) as tape:
            tape.watch(sources)
            result = function(*given, **kwargs)
        target = result[0] if has_aux else result
        found = tape.gradient(target, sources, unconnected_gradients="zero")
        slope = found[0] if isinstance(argnums, int) else tuple(found)
        return (result if current() is not None else mapped(_settled, result), slope)

    return both


def grad(
    function: Callable[..., Any], argnums: int | Sequence[int] = 0, has_aux: bool = False
) -> Callable[..., Any]:
    """Return a function that gives the gradient of `function`; see `value_and_grad`.

    With `has_aux` it gives (gradient, more).

    Example:
        >>> grad(grad(lambda x: x**3))(2.0)
        array(12., dtype=float32)

    Source: jax.grad.
    """
    both = value_and_grad(function, argnums, has_aux)

    def slope(*args: Any, **kwargs: Any) -> Any:
        result, found = both(*args, **kwargs)
        return (found, result[1]) if has_aux else found

    return slope


def _tensor(argument: Any) -> Any:
    if isinstance(argument, Watched):
        argument = watched(argument)  # of an outer tape, which goes on
    if isinstance(argument, (Node, Variable)):
        return argument
    array = convert_to_tensor(argument)
    return array if isinstance(array, Node) else array.copy()


def _settled(result: Any) -> Any:
    """Return a value as an array."""
    return alive(result).value if isinstance(result, Node) else result
