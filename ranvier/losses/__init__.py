"""Losses: what training makes small, as functions and as classes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from ..graph.catalog import listing as _listing
from ..graph.configurable import resolved, restored, written
from ..graph.errors import absent as _absent
from .binary_crossentropy import BinaryCrossentropy, binary_crossentropy
from .binary_focal_crossentropy import BinaryFocalCrossentropy, binary_focal_crossentropy
from .categorical_crossentropy import CategoricalCrossentropy, categorical_crossentropy
from .categorical_focal_crossentropy import (
    CategoricalFocalCrossentropy,
    categorical_focal_crossentropy,
)
from .categorical_generalized_cross_entropy import (
    CategoricalGeneralizedCrossEntropy,
    categorical_generalized_cross_entropy,
)
from .categorical_hinge import CategoricalHinge, categorical_hinge
from .circle import Circle, circle
from .cosine_similarity import CosineSimilarity, cosine_similarity
from .dice import Dice, dice
from .hinge import Hinge, hinge
from .huber import Huber, huber
from .kl_divergence import KLDivergence, kl_divergence
from .log_cosh import LogCosh, log_cosh
from .loss import Loss, LossFunctionWrapper
from .mean_absolute_error import MeanAbsoluteError, mean_absolute_error
from .mean_absolute_percentage_error import (
    MeanAbsolutePercentageError,
    mean_absolute_percentage_error,
)
from .mean_squared_error import MeanSquaredError, mean_squared_error
from .mean_squared_logarithmic_error import (
    MeanSquaredLogarithmicError,
    mean_squared_logarithmic_error,
)
from .poisson import Poisson, poisson
from .sparse_categorical_crossentropy import (
    SparseCategoricalCrossentropy,
    sparse_categorical_crossentropy,
)
from .squared_hinge import SquaredHinge, squared_hinge
from .tversky import Tversky, tversky

mse = MSE = mean_squared_error
mae = MAE = mean_absolute_error
mape = MAPE = mean_absolute_percentage_error
msle = MSLE = mean_squared_logarithmic_error
bce = BCE = binary_crossentropy
kld = KLD = kullback_leibler_divergence = kl_divergence
logcosh = log_cosh

#: Every name that `loss=` takes.
CATALOG: dict[str, Any] = {
    "BinaryCrossentropy": BinaryCrossentropy, "binary_crossentropy": binary_crossentropy,
    "bce": binary_crossentropy, "BCE": binary_crossentropy,
    "BinaryFocalCrossentropy": BinaryFocalCrossentropy,
    "binary_focal_crossentropy": binary_focal_crossentropy,
    "CategoricalCrossentropy": CategoricalCrossentropy,
    "categorical_crossentropy": categorical_crossentropy,
    "CategoricalFocalCrossentropy": CategoricalFocalCrossentropy,
    "categorical_focal_crossentropy": categorical_focal_crossentropy,
    "CategoricalGeneralizedCrossEntropy": CategoricalGeneralizedCrossEntropy,
    "categorical_generalized_cross_entropy": categorical_generalized_cross_entropy,
    "CategoricalHinge": CategoricalHinge, "categorical_hinge": categorical_hinge,
    "Circle": Circle, "circle": circle,
    "CosineSimilarity": CosineSimilarity, "cosine_similarity": cosine_similarity,
    "Dice": Dice, "dice": dice,
    "Hinge": Hinge, "hinge": hinge,
    "Huber": Huber, "huber": huber, "huber_loss": huber,
    "KLDivergence": KLDivergence, "kl_divergence": kl_divergence, "kld": kl_divergence,
    "KLD": kl_divergence, "kullback_leibler_divergence": kl_divergence,
    "LogCosh": LogCosh, "log_cosh": log_cosh, "logcosh": log_cosh,
    "LossFunctionWrapper": LossFunctionWrapper,
    "MeanAbsoluteError": MeanAbsoluteError, "mean_absolute_error": mean_absolute_error,
    "mae": mean_absolute_error, "MAE": mean_absolute_error,
    "MeanAbsolutePercentageError": MeanAbsolutePercentageError,
    "mean_absolute_percentage_error": mean_absolute_percentage_error,
    "mape": mean_absolute_percentage_error, "MAPE": mean_absolute_percentage_error,
    "MeanSquaredError": MeanSquaredError, "mean_squared_error": mean_squared_error,
    "mse": mean_squared_error, "MSE": mean_squared_error,
    "MeanSquaredLogarithmicError": MeanSquaredLogarithmicError,
    "mean_squared_logarithmic_error": mean_squared_logarithmic_error,
    "msle": mean_squared_logarithmic_error, "MSLE": mean_squared_logarithmic_error,
    "Poisson": Poisson, "poisson": poisson,
    "SparseCategoricalCrossentropy": SparseCategoricalCrossentropy,
    "sparse_categorical_crossentropy": sparse_categorical_crossentropy,
    "SquaredHinge": SquaredHinge, "squared_hinge": squared_hinge,
    "Tversky": Tversky, "tversky": tversky,
}  # fmt: skip


def get(identifier: Any) -> Callable[..., Any] | None:
    """Return the loss meant by a name, a config, a class, an object, a function or None.

    Names in snake case are functions, names of classes are made into objects.

    Raises:
        ArgumentError: if the name is unknown; it offers the nearest.

    Example:
        >>> get("mse").__name__
        'mean_squared_error'

    Source: keras.losses.get.
    """
    return None if identifier is None else resolved(identifier, CATALOG, "loss")


def serialize(loss: Any) -> dict[str, Any]:
    """Return the config of a loss as a dict of Keras' form.

    Example:
        >>> serialize(mse)["config"]
        'mean_squared_error'

    Source: keras.losses.serialize.
    """
    return written(loss)


def deserialize(
    name: str | Mapping[str, Any], custom_objects: Mapping[str, Any] | None = None
) -> Any:
    """Return the loss that `serialize`, or Keras, wrote.

    Source: keras.losses.deserialize.
    """
    return restored(name, CATALOG, "loss", custom_objects)


if not TYPE_CHECKING:  # a checker would take any name for known
    __dir__ = _listing(globals())
    __getattr__ = _absent(__name__, globals())
