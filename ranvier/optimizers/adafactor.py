"""Adafactor."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Unpack

import numpy as np

from .. import ops
from ..graph import Variable
from .optimizer import Optimizer
from .option import Options, Rate


class Adafactor(Optimizer):
    """Adam's step sizes from the means of rows and columns: little memory for large matrices.

    b = 1 - t^beta_2_decay; r, c = running means (share b) of g^2 + epsilon_1 over columns, rows
    v = r / mean(r) * c (for vectors: the running mean itself); u = g / sqrt(v)
    w -= max(epsilon_2, rms(w)) * rho * u / max(1, rms(u) / clip_threshold),
    rho = min(learning_rate, 1 / sqrt(t))

    Args:
        learning_rate: default 0.001.
        beta_2_decay: default -0.8.
        epsilon_1: added to squares; default 1e-30.
        epsilon_2: least size that weights count as; default 0.001.
        clip_threshold: larger steps are scaled down to this rms; default 1.
        relative_step: take 1 / sqrt(t) where it is below the learning rate; default True.
        **options: what every optimizer takes; see `Optimizer`.

    Example:
        >>> w = Variable([1.0])
        >>> Adafactor(0.5).apply([[3.0]], [w])
        >>> w.numpy()
        array([0.5], dtype=float32)

    Source: Shazeer and Stern, Adafactor (2018); keras.optimizers.Adafactor. As in Keras,
    relative_step=False changes nothing: rho is bounded by 1 / sqrt(t) either way.
    """

    def __init__(
        self,
        learning_rate: Rate = 0.001,
        beta_2_decay: float = -0.8,
        epsilon_1: float = 1e-30,
        epsilon_2: float = 1e-3,
        clip_threshold: float = 1.0,
        relative_step: bool = True,
        **options: Unpack[Options],
    ) -> None:
        super().__init__(learning_rate, **options)
        self.beta_2_decay = beta_2_decay
        self.epsilon_1 = epsilon_1
        self.epsilon_2 = epsilon_2
        self.clip_threshold = clip_threshold
        self.relative_step = relative_step

    def build(self, variables: Iterable[Variable]) -> None:
        """Make row means, column means and the mean square of each weight, in Keras' order."""
        super().build(variables)
        names = ("row", "column", "velocity")
        self._slots.update((name, []) for name in names)
        for v in self._targets:
            made: list[Variable | None] = [None, None, None]
            if not v.overwrite_with_gradient:
                rows, columns = (v.shape[:-1], (*v.shape[:-2], v.shape[-1])) if v.ndim > 1 else (
                    (), ())  # fmt: skip
                kind = v.dtype if v.ndim > 1 else "int32"  # unused, but files count them
                made = [
                    self.new_variable(np.zeros(rows, kind), v.name, kind),
                    self.new_variable(np.zeros(columns, kind), v.name, kind),
                    self.add_variable_from_reference(v, "velocity"),
                ]
            for name, each in zip(names, made, strict=True):
                self._slots[name].append(each)

    def update_step(self, gradient: Any, variable: Variable, learning_rate: Any) -> None:
        """Change one weight by its gradient."""
        dtype = variable.dtype
        count = self.count(dtype)
        limit = self.once("limit", dtype, lambda: 1.0 / ops.sqrt(count))
        rho = self.once("rho", dtype, lambda: ops.minimum(self.rate(learning_rate, dtype), limit))
        keep = self.once("keep", dtype, lambda: 1.0 - ops.power(count, self.beta_2_decay))
        new = self.once("new", dtype, lambda: 1.0 - keep)
        squares = ops.square(gradient) + self.epsilon_1
        v = self.slot("velocity", variable)
        if variable.ndim > 1:
            row, column = self.slot("row", variable), self.slot("column", variable)
            row.assign(keep * row + new * ops.mean(squares, -1))
            column.assign(keep * column + new * ops.mean(squares, -2))
            share = row / ops.mean(row, -1, keepdims=True)
            v.assign(ops.expand_dims(share, -1) * ops.expand_dims(column, -2))
        else:
            v.assign(keep * v + new * squares)
        change = gradient / ops.sqrt(v)
        change = change / ops.maximum(1.0, _rms(change) / self.clip_threshold)
        size = ops.maximum(self.epsilon_2, _rms(variable))
        variable.assign_sub(size * rho * change)


def _rms(x: Any) -> Any:
    return ops.sqrt(ops.mean(ops.square(x)))
