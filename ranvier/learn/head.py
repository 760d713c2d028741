"""One output of a network that an estimator trains: its width, activation and loss."""

from __future__ import annotations

import copy
from dataclasses import dataclass
from typing import Any

#: The loss that goes with an activation, by its name in `ranvier.losses`.
_LOSSES = {"sigmoid": "BinaryCrossentropy", "softmax": "SparseCategoricalCrossentropy"}


@dataclass(frozen=True)
class Head:
    """One output: so many units, with an activation.

    Attributes:
        loss: a name in `ranvier.losses`; None for the one that the activation asks for.
    """

    units: int
    activation: str = "linear"
    loss: Any = None

    def made_loss(self, dtype: str) -> tuple[Any, float]:
        """Return the loss, which divides by the weights of a batch, and its factor.

        scikit-learn halves the squared error, and adds up the losses of labels where Keras takes
        their mean.
        """
        from ranvier import losses

        name, part = self.loss or _LOSSES[self.activation], 1.0
        if name == "squared_error":
            name, part = "MeanSquaredError", 0.5
        elif self.loss is None and self.activation == "sigmoid":
            part = float(self.units)
        found: Any = losses.get(name)
        if isinstance(found, losses.Loss):
            found = copy.copy(found)  # it may be the user's
            found.reduction, found.dtype = "mean_with_sample_weight", dtype
            return found, part
        words = {"reduction": "mean_with_sample_weight", "name": getattr(found, "__name__", None)}
        return losses.LossFunctionWrapper(found, dtype=dtype, **words), part
