"""Lion."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Unpack

from .. import ops
from ..graph import Variable
from ..graph.errors import ArgumentError
from .argument import share
from .optimizer import Optimizer
from .option import Options, Rate


class Lion(Optimizer):
    """Go by the sign of a momentum: every weight changes by the learning rate, up or down.

    w -= learning_rate * sign(beta_1 * m + (1 - beta_1) * g); m = beta_2 * m + (1 - beta_2) * g

    Its steps are larger than Adam's: take a learning rate 3 to 10 times smaller.

    Args:
        learning_rate: default 0.001.
        beta_1: share of m in the sign, above 0 up to 1; default 0.9.
        beta_2: share of m that a step keeps; default 0.99.
        **options: what every optimizer takes; see `Optimizer`.

    Raises:
        ArgumentError: if `beta_1` is not above 0 and up to 1.

    Example:
        >>> w = Variable([1.0])
        >>> Lion(0.5).apply([[3.0]], [w])
        >>> w.numpy()
        array([0.5], dtype=float32)

    Source: Chen et al., Symbolic discovery of optimization algorithms (2023);
    keras.optimizers.Lion.
    """

    def __init__(
        self,
        learning_rate: Rate = 0.001,
        beta_1: float = 0.9,
        beta_2: float = 0.99,
        **options: Unpack[Options],
    ) -> None:
        super().__init__(learning_rate, **options)
        self.beta_1 = beta_1
        self.beta_2 = beta_2
        share(self, "beta_1", "beta_2")
        if beta_1 == 0:
            raise ArgumentError(
                "Lion, `beta_1`: got 0, expected a number above 0 up to 1: without momentum only "
                "the gradient's sign is left."
            )

    def slot_groups(self) -> Sequence[Mapping[str, float]]:
        """Return the momentum."""
        return ({"momentum": 0.0},)

    def update_step(self, gradient: Any, variable: Variable, learning_rate: Any) -> None:
        """Change one weight by its gradient."""
        m = self.slot("momentum", variable)
        # Keras takes 1 - beta in the dtype of the weight.
        new_1 = self.once("1", variable.dtype, lambda: 1.0 - ops.cast(self.beta_1, variable.dtype))
        new_2 = self.once("2", variable.dtype, lambda: 1.0 - ops.cast(self.beta_2, variable.dtype))
        way = ops.sign(m * self.beta_1 + gradient * new_1)
        variable.assign_sub(self.rate(learning_rate, variable.dtype) * way)
        m.assign(m * self.beta_2 + gradient * new_2)
