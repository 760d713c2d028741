"""Winograd's F(2x2, 3x3): 16 multiplications do for the 36 of four results of a 3x3 filter.

Two neighbouring results of a filter of three, y = g * d, take four products instead of six:

    m = [g0, (g0 + g1 + g2) / 2, (g0 - g1 + g2) / 2, g2] times [d0 - d2, d1 + d2, d2 - d1, d3 - d1]
    y = [m0 + m1 + m2, m1 - m2 + m3]

In two dimensions the same is done along one axis, then along the other. The gradient of the filter
takes the same products, of what is made of d and of y's gradient, summed over all places:

    u = [d0 - d2, d1 + d2, d2 - d1, d3 - d1] times [y0, y0 + y1, y0 - y1, y1]
    g = [u0 + (u1 + u2) / 2, (u1 - u2) / 2, (u1 + u2) / 2 + u3]

Results differ from those of the direct sum in the last digits. Source: Lavin and Gray, Fast
Algorithms for Convolutional Neural Networks (2016).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from .emit import Value
from .words import Words

#: A line of a grid of numbers, and what is made of it.
Line = Callable[[Words, Sequence[Value]], list[Value]]


def along_both(line: Line, w: Words, grid: Sequence[Sequence[Value]]) -> list[list[Value]]:
    """Return a grid with every row, then every column, made into another line."""
    columns = [line(w, column) for column in zip(*(line(w, row) for row in grid), strict=True)]
    return [list(row) for row in zip(*columns, strict=True)]


def of_inputs(w: Words, d: Sequence[Value]) -> list[Value]:
    """Return the four factors that come of four inputs."""
    return [w.sub(d[0], d[2]), w.add(d[1], d[2]), w.sub(d[2], d[1]), w.sub(d[3], d[1])]


def of_filter(w: Words, g: Sequence[Value]) -> list[Value]:
    """Return the four factors that come of a filter of three."""
    ends = w.add(g[0], g[2])
    return [g[0], _half(w, w.add(ends, g[1])), _half(w, w.sub(ends, g[1])), g[2]]


def of_results(w: Words, y: Sequence[Value]) -> list[Value]:
    """Return the four factors that come of the gradient of two results."""
    return [y[0], w.add(y[0], y[1]), w.sub(y[0], y[1]), y[1]]


def to_results(w: Words, m: Sequence[Value]) -> list[Value]:
    """Return two results of four products."""
    return [w.add(m[0], w.add(m[1], m[2])), w.add(w.sub(m[1], m[2]), m[3])]


def to_filter(w: Words, u: Sequence[Value]) -> list[Value]:
    """Return the gradient of a filter of three of four sums of products."""
    both = _half(w, w.add(u[1], u[2]))
    return [w.add(u[0], both), _half(w, w.sub(u[1], u[2])), w.add(both, u[3])]


def _half(w: Words, x: Value) -> Value:
    return w.mul(x, w.const(0.5, x))
