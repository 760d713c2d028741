"""Feature and Cross: how one column of a table, or several together, become numbers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from .. import layers
from ..graph.errors import ArgumentError
from ..save.config import deserialize, serialize

#: What a feature may come out as, and what a cross may.
MODES = ("int", "one_hot", "float")
CROSS_MODES = ("int", "one_hot")


class Feature:
    """How one column becomes numbers: its element type, a layer, and what is made of its result.

    Args:
        dtype: element type of the column, "float32", "int32" or "string".
        preprocessor: the layer that reads it.
        output_mode: "float" and "int" the layer's result as it is, "one_hot" vectors of it.

    Source: the result of keras.utils.FeatureSpace.feature.
    """

    def __init__(self, dtype: str, preprocessor: Any, output_mode: str) -> None:
        self.dtype = dtype
        held = isinstance(preprocessor, dict)
        self.preprocessor = deserialize(preprocessor) if held else preprocessor
        self.output_mode = _mode(output_mode, MODES, "FeatureSpace.feature")

    def get_config(self) -> dict[str, Any]:
        """Return the arguments of `__init__`, the layer as plain data."""
        return {"dtype": self.dtype, "preprocessor": serialize(self.preprocessor),
                "output_mode": self.output_mode}  # fmt: skip

    @classmethod
    def from_config(cls, config: dict[str, Any]) -> Feature:
        """Return a feature from the result of `get_config`."""
        return cls(**config)


class Cross:
    """Several features as one: a bin for each combination of their values.

    Args:
        feature_names: which features.
        crossing_dim: how many bins there are.
        output_mode: "one_hot" (default) a vector, or "int" the bin.

    Source: the result of keras.utils.FeatureSpace.cross.
    """

    def __init__(
        self, feature_names: Sequence[str], crossing_dim: int, output_mode: str = "one_hot"
    ) -> None:
        self.feature_names = tuple(feature_names)
        self.crossing_dim = crossing_dim
        self.output_mode = _mode(output_mode, CROSS_MODES, "FeatureSpace.cross")

    @property
    def name(self) -> str:
        """The names of the features, joined."""
        return "_X_".join(self.feature_names)

    def get_config(self) -> dict[str, Any]:
        """Return the arguments of `__init__`."""
        return {"feature_names": self.feature_names, "crossing_dim": self.crossing_dim,
                "output_mode": self.output_mode}  # fmt: skip

    @classmethod
    def from_config(cls, config: dict[str, Any]) -> Cross:
        """Return a cross from the result of `get_config`."""
        return cls(**config)


class PlainFloat:
    """The name that Keras' files have for a layer that returns floats as they are."""

    @classmethod
    def from_config(cls, config: dict[str, Any]) -> Any:
        """Return that layer."""
        return layers.Identity(name=config.get("name"), dtype="float32")


def _mode(value: Any, known: Sequence[str], place: str) -> str:
    if value not in known:
        words = ", ".join(map(repr, known))
        raise ArgumentError(f"{place}, `output_mode`: got {value!r}, expected one of {words}.")
    return str(value)


def needs_data(layer: Any) -> bool:
    """Tell whether a layer has to see data before it can be used."""
    if isinstance(layer, layers.Normalization):
        return layer.input_mean is None
    if isinstance(layer, layers.Discretization):
        return layer.num_bins is not None
    lookup = getattr(layer, "_lookup_layer", layer)
    return hasattr(layer, "adapt") and not getattr(lookup, "_set_by_argument", False)


def cardinality(layer: Any, name: str) -> int:
    """Return how many different ints a layer gives.

    Raises:
        ArgumentError: for a layer of which that is not known.
    """
    if isinstance(layer, (layers.IntegerLookup, layers.StringLookup)):
        return layer.vocabulary_size()
    if isinstance(layer, layers.CategoryEncoding):
        return int(layer.num_tokens)
    if isinstance(layer, layers.Discretization):
        found = layer.num_bins
        return len(layer.bin_boundaries or ()) + 1 if found is None else int(found)
    if isinstance(layer, (layers.HashedCrossing, layers.Hashing)):
        return int(layer.num_bins)
    raise ArgumentError(
        f"FeatureSpace, feature '{name}', `output_mode`: got 'one_hot', but how many values a "
        f"{type(layer).__name__} gives is not known. Use 'int' or 'float', or make the vectors in "
        "a layer of your own."
    )
