"""Adadelta."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Unpack

from .. import ops
from ..graph import Variable
from .argument import share
from .optimizer import Optimizer
from .option import Options, Rate


class Adadelta(Optimizer):
    """Scale each gradient by the sizes of recent changes over those of recent gradients.

    s = rho * s + (1 - rho) * g^2; d = -sqrt(a + epsilon) * g / sqrt(s + epsilon)
    a = rho * a + (1 - rho) * d^2; w += learning_rate * d

    Args:
        learning_rate: default 0.001 (the paper's value is 1.0).
        rho: share of the old means that a step keeps; default 0.95.
        epsilon: keeps the roots from zero; default 1e-7.
        **options: what every optimizer takes; see `Optimizer`.

    Example:
        >>> w = Variable([1.0])
        >>> Adadelta(1.0).apply([[3.0]], [w])
        >>> bool(w.numpy()[0] < 1)
        True

    Source: Zeiler, ADADELTA (2012); keras.optimizers.Adadelta.
    """

    def __init__(
        self,
        learning_rate: Rate = 0.001,
        rho: float = 0.95,
        epsilon: float = 1e-7,
        **options: Unpack[Options],
    ) -> None:
        super().__init__(learning_rate, **options)
        self.rho = rho
        self.epsilon = epsilon
        share(self, "rho")

    def slot_groups(self) -> Sequence[Mapping[str, float]]:
        """Return the mean squares of gradients and of changes."""
        return ({"accumulated_grad": 0.0, "accumulated_delta_var": 0.0},)

    def update_step(self, gradient: Any, variable: Variable, learning_rate: Any) -> None:
        """Change one weight by its gradient."""
        rho, epsilon = self.rho, self.epsilon
        sizes = self.slot("accumulated_grad", variable)
        changes = self.slot("accumulated_delta_var", variable)
        sizes.assign(rho * sizes + (1 - rho) * ops.square(gradient))
        change = -(ops.sqrt(changes + epsilon) * gradient / ops.sqrt(sizes + epsilon))
        changes.assign(rho * changes + (1 - rho) * ops.square(change))
        variable.assign_add(self.rate(learning_rate, variable.dtype) * change)
