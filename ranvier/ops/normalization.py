"""Arrays moved and scaled: by their mean and variance, their mean square, or their norm."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ..graph.dtype import epsilon as default_epsilon
from ..graph.errors import ArgumentError, ShapeError
from ..graph.node import cast
from ..graph.shape import normal_axes, normal_axis
from .elementwise import (
    absolute,
    add,
    divide,
    maximum,
    multiply,
    power_,
    rsqrt,
    sqrt_,
    square,
    stop_gradient,
    subtract,
)
from .reduce import Axis, floats, given, mean, norm, sum
from .reshape import reshape


def moments(
    x: Any, axes: Axis, keepdims: bool = False, synchronized: bool = False
) -> tuple[Any, Any]:
    """Return the mean and the variance over `axes`.

    Args:
        x: numbers; integers give floats.
        axes: an int, several, or None for all.
        keepdims: keep reduced axes with size 1; default False.
        synchronized: accepted as in Keras; there is one device.

    Source: keras.ops.moments.
    """
    x = floats(x)
    centre = mean(x, axes, True)
    fixed = stop_gradient(centre)
    # The variance does not depend on the mean to first order: with the mean held fixed, its
    # gradient needs no further sum over the data. The second term is 0, as is its gradient, and
    # keeps second derivatives right.
    spread = subtract(mean(square(subtract(x, fixed)), axes, True), square(subtract(centre, fixed)))
    if keepdims:
        return centre, spread
    axes = normal_axes(axes, len(x.shape))
    shape = tuple(s for i, s in enumerate(x.shape) if i not in axes)
    return reshape(centre, shape), reshape(spread, shape)


def batch_normalization(
    x: Any, mean: Any, variance: Any, axis: int, offset: Any = None, scale: Any = None,
    epsilon: float = 1e-3,
) -> Any:  # fmt: skip
    """Return (x - mean) / sqrt(variance + epsilon) * scale + offset.

    Args:
        x: numbers.
        mean, variance: a number for each place along `axis`.
        axis: the axis that these stand along.
        offset, scale: the same, or None for 0 and 1.
        epsilon: added to the variance; default 1e-3.

    Raises:
        ShapeError: if one of them has another shape than (x.shape[axis],).

    Source: keras.ops.batch_normalization.
    """
    x = floats(x)
    axis = normal_axis(axis, len(x.shape))
    line = [1] * len(x.shape)
    line[axis] = x.shape[axis]

    def along(value: Any, name: str) -> Any:
        value = given(value)
        if tuple(value.shape) != (x.shape[axis],):
            raise ShapeError(
                f"batch_normalization, `{name}`: got shape {tuple(value.shape)}, expected "
                f"{(x.shape[axis],)}, a number for each place along axis {axis} of x, whose shape "
                f"is {tuple(x.shape)}."
            )
        return reshape(cast(value, str(x.dtype)), line)

    factor = rsqrt(add(along(variance, "variance"), epsilon))
    if scale is not None:
        factor = multiply(factor, along(scale, "scale"))
    result = multiply(subtract(x, along(mean, "mean")), factor)
    return result if offset is None else add(result, along(offset, "offset"))


def layer_normalization(
    x: Any, gamma: Any = None, beta: Any = None, axis: Axis = -1, epsilon: float | None = None
) -> Any:
    """Return x less its mean over `axis`, divided by its standard deviation, times gamma plus beta.

    Args:
        x: numbers.
        gamma, beta: of the sizes of the axes, or of a shape that fits x; or None for 1 and 0.
        axis: an int or several; default the last.
        epsilon: added to the variance; default `epsilon()`, 1e-7.

    Source: keras.ops.layer_normalization.
    """
    x = floats(x)
    centre, variance = moments(x, axis, keepdims=True)
    factor = rsqrt(add(variance, default_epsilon() if epsilon is None else epsilon))
    if gamma is not None:
        factor = multiply(factor, _over(gamma, x, axis))
    result = multiply(subtract(x, centre), factor)
    return result if beta is None else add(result, _over(beta, x, axis))


def rms_normalization(
    x: Any, scale: Any = None, axis: Axis = -1, epsilon: float | None = None
) -> Any:
    """Return x / sqrt(mean(x**2) + epsilon) * scale, with the mean over `axis`.

    Args:
        x: numbers.
        scale: of the sizes of the axes, or of a shape that fits x; None for 1.
        axis: an int or several; default the last.
        epsilon: default `epsilon()`, 1e-7.

    Source: keras.ops.rms_normalization.
    """
    x = floats(x)
    least = default_epsilon() if epsilon is None else epsilon
    result = multiply(x, rsqrt(add(mean(square(x), axis, True), least)))
    return result if scale is None else multiply(result, _over(scale, x, axis))


def normalize(
    x: Any, axis: int | Sequence[int] | None = -1, order: Any = 2, epsilon: float | None = None
) -> Any:
    """Return x divided by its norm over `axis`, or by `epsilon` where that is larger.

    norm = (sum |x|**order) ** (1 / order)

    Args:
        x: numbers.
        axis: the axes of one vector; default the last.
        order: a positive int, or float("inf") for the largest |x|; default 2.
        epsilon: default `epsilon()`, 1e-7.

    Raises:
        ArgumentError: for another order.

    Source: keras.ops.normalize. The gradient at 0 is finite here.
    """
    x = floats(x)
    least = default_epsilon() if epsilon is None else float(epsilon)
    if order == 2:
        # The square is bounded, not the root: the gradient at 0 stays finite.
        return divide(x, sqrt_(maximum(sum(square(x), axis, True), least * least)))
    if order in (1, float("inf")):
        return divide(x, maximum(norm(x, order, axis, True), least))
    if not isinstance(order, int) or order < 1:
        raise ArgumentError(
            f"normalize, `order`: got {order!r}, expected a positive int or float('inf')."
        )
    total = sum(power_(absolute(x), float(order)), axis, True)
    return divide(x, power_(maximum(total, least**order), 1 / order))


def _over(value: Any, x: Any, axis: Axis) -> Any:
    """Return gamma, beta or scale in a shape that fits x."""
    value = cast(given(value), str(x.dtype))
    axes = normal_axes(axis, len(x.shape))
    if len(value.shape) == len(x.shape) or axes == (len(x.shape) - 1,):
        return value
    return reshape(value, tuple(s if i in axes else 1 for i, s in enumerate(x.shape)))
