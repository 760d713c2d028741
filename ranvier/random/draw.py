"""Random numbers as Keras names them, on arrays and in compiled steps alike."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from .. import ops
from ..graph import dial
from ..graph.dtype import canonical, is_float, is_integer
from ..graph.errors import ArgumentError, DTypeError, ShapeError
from ..graph.number import check_numbers
from ..graph.shape import normal_axis
from .quantile import within_two
from .seed import draw_state

Shape = Sequence[int | None] | int


def _float(dtype: Any, place: str) -> str:
    name = canonical(dtype)
    if not is_float(name):
        raise DTypeError(f"{place}, `dtype`: got {dtype!r}, expected a float type or None.")
    return name


def _scaled(x: Any, factor: Any, offset: Any) -> Any:
    """x * factor + offset, without a step for what changes nothing."""
    if not (isinstance(factor, (int, float)) and factor == 1):
        x = ops.multiply(x, factor)
    if not (isinstance(offset, (int, float)) and offset == 0):
        x = ops.add(x, offset)
    return x


def uniform(
    shape: Shape, minval: Any = 0.0, maxval: Any = 1.0, dtype: Any = None, seed: Any = None
) -> Any:
    """Draw floats evenly from [minval, maxval).

    Args:
        shape: sizes; in a traced step the first may be None.
        minval: lower bound, included; default 0.
        maxval: upper bound, not included; default 1.
        dtype: a float type; default the default float type.
        seed: an int for the same numbers at each call, a SeedGenerator for new ones, or None for
            the global generator.

    Example:
        >>> uniform((2,), seed=1).shape
        (2,)

    Source: keras.random.uniform. The numbers drawn are not those of Keras.
    """
    name = _float(dtype, "random.uniform")
    u = ops.random_uniform(shape, draw_state(seed, "random.uniform"), name)
    return _scaled(u, maxval - minval, minval)


def normal(
    shape: Shape, mean: Any = 0.0, stddev: Any = 1.0, dtype: Any = None, seed: Any = None
) -> Any:
    """Draw floats from a normal distribution.

    Args:
        shape: sizes; in a traced step the first may be None.
        mean: default 0.
        stddev: standard deviation; default 1.
        dtype: a float type; default the default float type.
        seed: an int, a SeedGenerator or None, as for `uniform`.

    Source: keras.random.normal. The numbers drawn are not those of Keras.
    """
    name = _float(dtype, "random.normal")
    return _scaled(ops.random_normal(shape, draw_state(seed, "random.normal"), name), stddev, mean)


def truncated_normal(
    shape: Shape, mean: Any = 0.0, stddev: Any = 1.0, dtype: Any = None, seed: Any = None
) -> Any:
    """Draw floats from a normal distribution cut off at two standard deviations.

    The quantile function is applied to one uniform number each, so none is drawn twice.

    Args:
        shape: sizes; in a traced step the first may be None.
        mean: default 0.
        stddev: standard deviation before the cut; default 1.
        dtype: a float type; default the default float type.
        seed: an int, a SeedGenerator or None, as for `uniform`.

    Source: keras.random.truncated_normal. The numbers drawn are not those of Keras.
    """
    place = "random.truncated_normal"
    u = ops.random_uniform(shape, draw_state(seed, place), _float(dtype, place))
    return _scaled(within_two(u), stddev, mean)


def randint(shape: Shape, minval: int, maxval: int, dtype: Any = "int32", seed: Any = None) -> Any:
    """Draw integers evenly from [minval, maxval).

    A number is the remainder of 32 random bits: for a span of 1000 the odds differ by less than
    one in four million.

    Args:
        shape: sizes; in a traced step the first may be None.
        minval: lower bound, included.
        maxval: upper bound, not included; at most 2**31 - 1 above minval.
        dtype: an integer type; default "int32".
        seed: an int, a SeedGenerator or None, as for `uniform`.

    Raises:
        ArgumentError: if the range is empty or too wide.

    Source: keras.random.randint. The numbers drawn are not those of Keras.
    """
    name = canonical(dtype)
    if not is_integer(name):
        raise DTypeError(f"random.randint, `dtype`: got {dtype!r}, expected an integer type.")
    span = int(maxval) - int(minval)
    if not 0 < span < 2**31:
        raise ArgumentError(
            f"random.randint: got minval={minval} and maxval={maxval}, expected minval < maxval "
            "and a span below 2**31."
        )
    bits = ops.random_bits(shape, draw_state(seed, "random.randint"))
    quotient = ops.floor_divide(bits, np.uint32(span))
    rest = ops.subtract(bits, ops.multiply(quotient, np.uint32(span)))
    return _scaled(ops.cast(rest, name), 1, int(minval))


def dropout(
    inputs: Any, rate: float, noise_shape: Sequence[int | None] | None = None, seed: Any = None
) -> Any:
    """Set a share of the inputs to 0 at random and divide the others by 1 - rate.

    Args:
        inputs: floats.
        rate: the share to drop, 0 <= rate <= 1.
        noise_shape: shape of the mask, 1 where an axis shares it; default that of the inputs.
        seed: an int, a SeedGenerator or None, as for `uniform`.

    Raises:
        ArgumentError: if `rate` lies outside [0, 1].
        ShapeError: if `noise_shape` has another number of axes than the inputs.

    Source: keras.random.dropout. The numbers drawn are not those of Keras.
    """
    check_numbers("random.dropout", 0, 1, rate=rate)
    x = ops.reshape(inputs, inputs.shape) if hasattr(inputs, "shape") else ops.cast(inputs, None)
    if rate == 0:
        return x
    if rate == 1:
        return ops.zeros_like(x)
    sizes = mask_shape(tuple(x.shape), noise_shape, "random.dropout")
    state = draw_state(seed, "random.dropout")
    # Comparing bits spares the division into floats, and keeps the odds to 2**-32.
    limit = dial(np.uint32(round((1 - rate) * 2**32)), "uint32")
    kept = ops.less(ops.random_bits(sizes, state), limit)
    return ops.where(kept, ops.divide(x, dial(1 - rate, x.dtype)), 0.0)


def mask_shape(
    shape: tuple[int | None, ...], noise_shape: Sequence[int | None] | None, place: str
) -> tuple[int | None, ...]:
    """Return the shape of a mask for inputs of a shape, or raise ShapeError."""
    if noise_shape is None:
        return shape
    if len(noise_shape) != len(shape):
        raise ShapeError(
            f"{place}, `noise_shape`: got {tuple(noise_shape)} for inputs of shape {shape}, "
            "expected a size, 1 or None for each axis."
        )
    return tuple(s if n is None else n for n, s in zip(noise_shape, shape, strict=True))


def shuffle(x: Any, axis: int = 0, seed: Any = None) -> Any:
    """Return x in random order along one axis; other axes stay together.

    Args:
        x: an array; in a traced step the axis must have a fixed size.
        axis: default 0.
        seed: an int, a SeedGenerator or None, as for `uniform`.

    Raises:
        ShapeError: if x has no such axis, or its size is not known.

    Source: keras.random.shuffle, which on JAX shuffles each line along the axis on its own.
    """
    shape = np.shape(x) if not hasattr(x, "shape") else tuple(x.shape)
    size = shape[normal_axis(axis, len(shape))]
    if size is None:
        raise ShapeError("random.shuffle, `axis`: the batch axis has no size of its own here.")
    keys = ops.random_uniform((size,), draw_state(seed, "random.shuffle"))
    return ops.take(x, ops.argsort(keys), axis)


def categorical(logits: Any, num_samples: int, dtype: Any = "int32", seed: Any = None) -> Any:
    """Draw class numbers with the odds softmax(logits), by the Gumbel trick.

    Args:
        logits: (batch, classes), logarithms of odds up to a constant.
        num_samples: draws a row.
        dtype: an integer type; default "int32".
        seed: an int, a SeedGenerator or None, as for `uniform`.

    Shape:
        (batch, classes) -> (batch, num_samples)

    Raises:
        ShapeError: if logits have another rank than 2.

    Source: keras.random.categorical. The numbers drawn are not those of Keras.
    """
    shape = tuple(logits.shape) if hasattr(logits, "shape") else np.shape(logits)
    if len(shape) != 2:
        raise ShapeError(f"random.categorical, `logits`: got shape {shape}, expected two axes.")
    rows, classes = shape
    state = draw_state(seed, "random.categorical")
    # A draw of 0 is one class for sure, whatever its odds: half a step above, it is large.
    u = ops.maximum(ops.random_uniform((rows, num_samples, classes), state), 2.0**-25)
    gumbel = ops.negative(ops.log(ops.negative(ops.log1p(ops.negative(u)))))
    scores = ops.add(ops.expand_dims(logits, 1), gumbel)
    return ops.cast(ops.argmax(scores, -1), dtype)
