"""SGD."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Unpack

from ..graph import Variable
from .argument import share
from .optimizer import Optimizer
from .option import Options, Rate


class SGD(Optimizer):
    """Gradient descent, with momentum if asked for.

    w -= learning_rate * g; with momentum: v = momentum * v - learning_rate * g, w += v;
    with Nesterov's look ahead: w += momentum * v - learning_rate * g.

    Args:
        learning_rate: default 0.01.
        momentum: share of the last change that is kept, 0 (default) to 1.
        nesterov: look ahead along the momentum; default False.
        **options: what every optimizer takes; see `Optimizer`.

    Raises:
        ArgumentError: if `momentum` is not from 0 to 1.

    Example:
        >>> w = Variable([1.0])
        >>> SGD(learning_rate=0.5).apply([[1.0]], [w])
        >>> w.numpy()
        array([0.5], dtype=float32)

    Source: Sutskever et al., On the importance of initialization and momentum (2013);
    keras.optimizers.SGD.
    """

    def __init__(
        self,
        learning_rate: Rate = 0.01,
        momentum: float = 0.0,
        nesterov: bool = False,
        **options: Unpack[Options],
    ) -> None:
        super().__init__(learning_rate, **options)
        self.momentum = momentum
        self.nesterov = nesterov
        share(self, "momentum")

    def slot_groups(self) -> Sequence[Mapping[str, float]]:
        """Return one slot a weight if there is momentum."""
        return ({"momentum": 0.0},) if self.momentum else ()

    def update_step(self, gradient: Any, variable: Variable, learning_rate: Any) -> None:
        """Change one weight by its gradient."""
        change = gradient * self.rate(learning_rate, variable.dtype)
        if not self.momentum:
            variable.assign_sub(change)
            return
        velocity = self.slot("momentum", variable)
        momentum = self.dial("momentum", variable.dtype)
        velocity.assign(velocity * momentum - change)
        if self.nesterov:
            variable.assign_add(velocity * momentum - change)
        else:
            variable.assign_add(velocity)
