"""AdamW."""

from __future__ import annotations

from typing import Unpack

from ..graph.errors import ArgumentError
from ..graph.number import is_number
from .adam import Adam
from .option import Options, Rate, Shared


class AdamW(Adam):
    """Adam, with weights that decay apart from their gradients.

    Before each update: w -= w * weight_decay * learning_rate. See `Adam` for the rest.

    Args:
        learning_rate: default 0.001.
        weight_decay: default 0.004. `exclude_from_weight_decay(var_names=["bias"])` spares some.
        beta_1: share of the mean gradient that a step keeps; default 0.9.
        beta_2: share of the mean square that a step keeps; default 0.999.
        epsilon: keeps the divisor from zero; default 1e-7.
        amsgrad: divide by the largest v so far; default False.
        **options: what every optimizer takes; see `Optimizer`.

    Raises:
        ArgumentError: if `weight_decay` is no number.

    Example:
        >>> AdamW().weight_decay
        0.004

    Source: Loshchilov and Hutter, Decoupled weight decay regularization (2019);
    keras.optimizers.AdamW.
    """

    def __init__(
        self,
        learning_rate: Rate = 0.001,
        weight_decay: float | None = 0.004,
        beta_1: float = 0.9,
        beta_2: float = 0.999,
        epsilon: float = 1e-7,
        amsgrad: bool = False,
        **options: Unpack[Shared],
    ) -> None:
        if not is_number(weight_decay):
            raise ArgumentError(
                f"AdamW, `weight_decay`: got {weight_decay!r}, expected a number. Without decay "
                "use Adam."
            )
        every: Options = {**options, "weight_decay": weight_decay}
        super().__init__(learning_rate, beta_1, beta_2, epsilon, amsgrad, **every)
