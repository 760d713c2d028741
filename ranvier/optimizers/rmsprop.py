"""RMSprop."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Unpack

from .. import ops
from ..graph import Variable
from .argument import share
from .optimizer import Optimizer
from .option import Options, Rate


class RMSprop(Optimizer):
    """Divide each gradient by the running root mean square of its size.

    s = rho * s + (1 - rho) * g^2; w -= learning_rate * g / sqrt(s + epsilon)

    centered: the square of the running mean of g is taken off s below the root. With momentum
    the quotient is added to momentum * m, and m is taken off w.

    Args:
        learning_rate: default 0.001.
        rho: share of the old mean that a step keeps; default 0.9.
        momentum: share of the last change that is kept; default 0.
        epsilon: keeps the root from zero; default 1e-7.
        centered: divide by the standard deviation instead; default False.
        **options: what every optimizer takes; see `Optimizer`.

    Example:
        >>> w = Variable([1.0])
        >>> RMSprop(0.1, rho=0.0).apply([[2.0]], [w])
        >>> w.numpy()
        array([0.9], dtype=float32)

    Source: Tieleman and Hinton, lecture 6.5 (2012); keras.optimizers.RMSprop.
    """

    def __init__(
        self,
        learning_rate: Rate = 0.001,
        rho: float = 0.9,
        momentum: float = 0.0,
        epsilon: float = 1e-7,
        centered: bool = False,
        **options: Unpack[Options],
    ) -> None:
        super().__init__(learning_rate, **options)
        self.rho = rho
        self.momentum = momentum
        self.epsilon = epsilon
        self.centered = centered
        share(self, "rho")

    def slot_groups(self) -> Sequence[Mapping[str, float]]:
        """Return the mean square, and what momentum and centering need."""
        groups = [{"velocity": 0.0}]
        if self.momentum > 0:
            groups.append({"momentum": 0.0})
        if self.centered:
            groups.append({"average_gradient": 0.0})
        return groups

    def update_step(self, gradient: Any, variable: Variable, learning_rate: Any) -> None:
        """Change one weight by its gradient."""
        rate, rho = self.rate(learning_rate, variable.dtype), self.rho
        velocity = self.slot("velocity", variable)
        velocity.assign(rho * velocity + (1 - rho) * ops.square(gradient))
        spread = velocity.value
        if self.centered:
            mean = self.slot("average_gradient", variable)
            mean.assign(rho * mean + (1 - rho) * gradient)
            spread = spread - ops.square(mean)
        change = rate * gradient / ops.sqrt(spread + self.epsilon)
        if self.momentum > 0:
            kept = self.slot("momentum", variable)
            kept.assign(self.dial("momentum", variable.dtype) * kept + change)
            change = kept.value
        variable.assign_sub(change)
