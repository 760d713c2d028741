"""FeatureSpace: the columns of a table as one vector a row."""

from __future__ import annotations

import builtins
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import numpy as np

from .. import layers
from ..graph.errors import ArgumentError, ArgumentTypeError, NotBuiltError, ShapeError
from ..graph.naming import auto_name
from ..layers.keras_tensor import KerasTensor
from ..layers.layer import Layer
from ..save.config import deserialize, serialize
from .feature import Cross, Feature, cardinality, needs_data


class FeatureSpace(Layer):
    """The columns of a table, each encoded in its own way, as one vector a row.

    Each column has a layer, `preprocessors[name]`, and each cross a HashedCrossing,
    `crossers[name]`. Columns go into the vector in the order of their names, crosses after them.

    Args:
        features: {column: kind}; a kind is a name or the result of a method of that name:
            "float", "float_rescaled", "float_normalized", "float_discretized",
            "integer_categorical", "string_categorical", "integer_hashed", "string_hashed", or
            `FeatureSpace.feature` for a layer of your own.
        output_mode: "concat" (default) one vector, or "dict" {name: encoded column}.
        crosses: columns that become one feature together: tuples of names, or results of
            `FeatureSpace.cross`.
        crossing_dim: how many bins a cross has; default 32.
        hashing_dim: how many bins the hashed kinds have; default 32.
        num_discretization_bins: how many bins "float_discretized" has; default 32.
        name: default "feature_space", numbered.

    Shape: {column: (rows,) or (rows, 1)} -> (rows, numbers); single values -> (numbers,)
    Raises:
        ArgumentError: for unknown kinds, modes and columns, and in "concat" for ints.
        NotBuiltError: if it is used before `adapt`.

    Example:
        >>> space = FeatureSpace({"age": "float_normalized", "city": "string_categorical"})
        >>> table = {"age": [20.0, 40.0, 60.0], "city": ["Ulm", "Bonn", "Ulm"]}
        >>> space.adapt(table)
        >>> space({"age": [40.0, 60.0], "city": ["Ulm", "Rome"]}).numpy().round(3)
        array([[0.   , 0.   , 1.   , 0.   ],
               [1.225, 1.   , 0.   , 0.   ]], dtype=float32)

    Source: keras.utils.FeatureSpace; tables may be data frames too, and adapt takes any iterable
    of batches.
    """

    def __init__(
        self,
        features: Mapping[str, Any],
        output_mode: str = "concat",
        crosses: Sequence[Any] | None = None,
        crossing_dim: int = 32,
        hashing_dim: int = 32,
        num_discretization_bins: int = 32,
        name: str | None = None,
    ) -> None:
        super().__init__(name=name)
        if not isinstance(features, Mapping) or not features:
            what = "it is empty" if not features else f"got {features!r:.60}"
            raise ArgumentError(f"FeatureSpace, `features`: {what}. Give {{column: kind}}.")
        if output_mode not in ("concat", "dict"):
            raise ArgumentError(
                f"FeatureSpace, `output_mode`: got {output_mode!r}, expected 'concat' or 'dict'."
            )
        self.output_mode, self.crossing_dim = output_mode, crossing_dim
        self.hashing_dim, self.num_discretization_bins = hashing_dim, num_discretization_bins
        self.features = {key: self._feature(key, kind) for key, kind in features.items()}
        self.crosses = [self._cross(one) for one in crosses or ()]
        self.inputs = {
            key: layers.Input(shape=(1,), dtype=one.dtype, name=key)
            for key, one in self.features.items()
        }
        self.preprocessors = {key: one.preprocessor for key, one in self.features.items()}
        self.crossers = {
            one.name: layers.HashedCrossing(one.crossing_dim, name=one.name)
            for one in self.crosses
        }  # fmt: skip
        self.one_hot_encoders: dict[str, Any] = {}
        self.concat = layers.Concatenate(axis=-1)
        self.encoded_features: Any = None
        self._adapted = not any(map(needs_data, self.preprocessors.values()))

    # --- kinds of features --------------------------------------------------------------------
    @classmethod
    def cross(
        cls, feature_names: Sequence[str], crossing_dim: int, output_mode: str = "one_hot"
    ) -> Cross:
        """Return columns crossed: a bin for each combination of their values."""
        return Cross(feature_names, crossing_dim, output_mode)

    @classmethod
    def feature(cls, dtype: str, preprocessor: Any, output_mode: str) -> Feature:
        """Return a column read by a layer of yours."""
        return Feature(dtype, preprocessor, output_mode)

    @classmethod
    def float(cls, name: str | None = None) -> Feature:
        """Return a column of numbers as they are."""
        return Feature("float32", layers.Identity(**_named(name, "float"), dtype="float32"),
                       "float")  # fmt: skip

    @classmethod
    def float_rescaled(
        cls, scale: builtins.float = 1.0, offset: builtins.float = 0.0, name: str | None = None
    ) -> Feature:
        """Return a column of numbers x as x * scale + offset."""
        layer = layers.Rescaling(scale=scale, offset=offset, **_named(name, "float_rescaled"))
        return Feature("float32", layer, "float")

    @classmethod
    def float_normalized(cls, name: str | None = None) -> Feature:
        """Return a column of numbers with mean 0 and variance 1, found by `adapt`."""
        layer = layers.Normalization(axis=-1, **_named(name, "float_normalized"))
        return Feature("float32", layer, "float")

    @classmethod
    def float_discretized(
        cls, num_bins: int | None = None, bin_boundaries: Any = None, output_mode: str = "one_hot",
        name: str | None = None,
    ) -> Feature:  # fmt: skip
        """Return a column of numbers in bins, found by `adapt` or given."""
        layer = layers.Discretization(
            num_bins=num_bins, bin_boundaries=bin_boundaries, **_named(name, "float_discretized")
        )
        return Feature("float32", layer, output_mode)

    @classmethod
    def integer_categorical(
        cls, max_tokens: int | None = None, num_oov_indices: int = 1,
        output_mode: str = "one_hot", name: str | None = None,
    ) -> Feature:  # fmt: skip
        """Return a column of ints by their index in a vocabulary that `adapt` finds."""
        layer = layers.IntegerLookup(max_tokens=max_tokens, num_oov_indices=num_oov_indices,
                                     **_named(name, "integer_categorical"))  # fmt: skip
        return Feature("int32", layer, output_mode)

    @classmethod
    def string_categorical(
        cls, max_tokens: int | None = None, num_oov_indices: int = 1,
        output_mode: str = "one_hot", name: str | None = None,
    ) -> Feature:  # fmt: skip
        """Return a column of texts by their index in a vocabulary that `adapt` finds."""
        layer = layers.StringLookup(max_tokens=max_tokens, num_oov_indices=num_oov_indices,
                                    **_named(name, "string_categorical"))  # fmt: skip
        return Feature("string", layer, output_mode)

    @classmethod
    def string_hashed(
        cls, num_bins: int, output_mode: str = "one_hot", name: str | None = None
    ) -> Feature:
        """Return a column of texts in bins by their hash."""
        layer = layers.Hashing(num_bins=num_bins, **_named(name, "string_hashed"))
        return Feature("string", layer, output_mode)

    @classmethod
    def integer_hashed(
        cls, num_bins: int, output_mode: str = "one_hot", name: str | None = None
    ) -> Feature:
        """Return a column of ints in bins by their hash."""
        layer = layers.Hashing(num_bins=num_bins, **_named(name, "integer_hashed"))
        return Feature("int32", layer, output_mode)

    def _feature(self, name: str, kind: Any) -> Feature:
        if isinstance(kind, dict):
            kind = deserialize(kind, models=_classes())
        if isinstance(kind, Feature):
            return kind
        sizes = {
            "float_discretized": (self.num_discretization_bins,),
            "integer_hashed": (self.hashing_dim,), "string_hashed": (self.hashing_dim,),
        }  # fmt: skip
        plain = ("float", "float_rescaled", "float_normalized", "integer_categorical",
                 "string_categorical")  # fmt: skip
        if not isinstance(kind, str) or kind not in (*plain, *sizes):
            known = ", ".join(map(repr, (*plain, *sizes)))
            raise ArgumentError(
                f"FeatureSpace, feature '{name}': got {kind!r:.60}, expected one of {known}, or "
                "the result of a method of that name."
            )
        found: Feature = getattr(self, kind)(*sizes.get(kind, ()), name=name)
        return found

    def _cross(self, given: Any) -> Cross:
        if isinstance(given, dict):
            given = deserialize(given, models=_classes())
        if isinstance(given, (list, tuple)):
            given = Cross(given, self.crossing_dim)
        names = given.feature_names if isinstance(given, Cross) else ()
        unknown = [name for name in names if name not in self.features]
        if not names or unknown:
            raise ArgumentError(
                f"FeatureSpace, `crosses`: got {unknown or given!r:.60}, expected tuples of names "
                f"among {sorted(self.features)}."
            )
        return given  # type: ignore[no-any-return]

    # --- adapting -----------------------------------------------------------------------------
    def adapt(self, dataset: Any) -> None:
        """Let each layer that needs it see its column.

        Args:
            dataset: {column: values}, a data frame, or an iterable of such batches (a `tf.data`
                set or a torch loader too).

        Raises:
            ArgumentTypeError: for anything else.
            ArgumentError: if a column is missing.
        """
        for name, one in self.features.items():
            if needs_data(one.preprocessor):
                parts = [self._column(batch, name) for batch in _tables(dataset)]
                one.preprocessor.adapt(np.concatenate(parts))
        self._adapted = True
        self.encoded_features = None
        self.one_hot_encoders = {}
        self.get_encoded_features()

    def _column(self, table: Mapping[str, Any], name: str) -> np.ndarray:
        """Return a column as an array (rows, 1) of the feature's element type."""
        if name not in table:
            raise ArgumentError(
                f"FeatureSpace '{self.name}': there is no column '{name}' among {sorted(table)}."
            )
        value = table[name]
        if isinstance(value, KerasTensor):
            raise ArgumentTypeError(
                f"FeatureSpace '{self.name}': got a KerasTensor. Build models from get_inputs() "
                "and get_encoded_features()."
            )
        array = np.asarray(value.to_numpy() if hasattr(value, "to_numpy") else value)
        dtype = self.features[name].dtype
        if dtype != "string":
            try:
                array = array.astype(dtype)
            except (ValueError, TypeError) as error:
                raise ArgumentTypeError(
                    f"FeatureSpace '{self.name}': column '{name}' holds no {dtype} ({error}). For "
                    "text make it a 'string_categorical'."
                ) from None
        return array.reshape(-1, 1) if array.ndim < 2 else array

    # --- calling ------------------------------------------------------------------------------
    def __call__(self, data: Any, **kwargs: Any) -> Any:
        """Return the columns encoded: one vector a row, or {name: encoded column}.

        Args:
            data: {column: values} or a data frame; single values are one row without an axis.
        """
        self._need_data()
        table = _table(data)
        if table is None:
            raise ArgumentTypeError(
                f"FeatureSpace '{self.name}': got {type(data).__name__}, expected a dict of "
                "columns or a data frame."
            )
        columns = {name: self._column(table, name) for name in self.features}
        rows = {name: len(column) for name, column in columns.items()}
        if len(set(rows.values())) > 1:
            raise ShapeError(
                f"FeatureSpace '{self.name}': got columns of different lengths, {rows}."
            )
        found = self._encoded(columns)
        if all(np.ndim(table[name]) for name in self.features):
            return found
        return {k: v[0] for k, v in found.items()} if isinstance(found, dict) else found[0]

    def get_inputs(self) -> dict[str, Any]:
        """Return an Input for each column, for a functional model."""
        self._need_data()
        return self.inputs

    def get_encoded_features(self) -> Any:
        """Return what the columns of `get_inputs` become, for a functional model."""
        self._need_data()
        if self.encoded_features is None:
            self.encoded_features = self._encoded(self.inputs)
            self.built = True
        return self.encoded_features

    def _need_data(self) -> None:
        if not self._adapted:
            waiting = [k for k, one in self.preprocessors.items() if needs_data(one)]
            raise NotBuiltError(
                f"FeatureSpace '{self.name}': {waiting} have seen no data yet. Call adapt(table) "
                "first."
            )

    def _encoded(self, columns: Mapping[str, Any]) -> Any:
        """Return columns, or their symbols, encoded and joined."""
        read = {name: self.preprocessors[name](columns[name]) for name in self.features}
        crossed = {
            one.name: self.crossers[one.name]([read[name] for name in one.feature_names])
            for one in self.crosses
        }
        modes = {**{k: one.output_mode for k, one in self.features.items()},
                 **{one.name: one.output_mode for one in self.crosses}}  # fmt: skip
        parts = {}
        for name, value in [*sorted(read.items()), *sorted(crossed.items())]:
            if modes[name] == "one_hot":
                value = self._one_hot(name, value)
            elif self.output_mode == "concat" and not str(value.dtype).startswith("float"):
                raise ArgumentError(
                    f"FeatureSpace '{self.name}', `output_mode`: got 'concat', but feature "
                    f"'{name}' is {value.dtype}, not a vector of floats. Encode it by 'one_hot', "
                    "or use output_mode='dict'."
                )
            parts[name] = value
        if self.output_mode == "dict":
            return parts
        return self.concat(list(parts.values())) if len(parts) > 1 else next(iter(parts.values()))

    def _one_hot(self, name: str, value: Any) -> Any:
        layer = self.preprocessors.get(name) or self.crossers[name]
        if name not in self.one_hot_encoders:
            size = cardinality(layer, name)
            if not str(value.dtype).startswith("int"):
                raise ArgumentError(
                    f"FeatureSpace, feature '{name}', `output_mode`: got 'one_hot', but its layer "
                    f"gives {value.dtype}, not ints. Use 'float'."
                )
            self.one_hot_encoders[name] = layers.CategoryEncoding(num_tokens=size)
        return self.one_hot_encoders[name](value)

    # --- files --------------------------------------------------------------------------------
    def save(self, filepath: Any, overwrite: bool = True) -> None:
        """Write it to a `.keras` file, which `ranvier.models.load_model` reads.

        Args:
            filepath: a path that ends in ".keras", or a binary file to write to.
            overwrite: whether a file of that name is replaced; default True.
        """
        from .store import save_model  # which names this class

        save_model(self, filepath, overwrite)

    def get_config(self) -> dict[str, Any]:
        """Return the arguments of `__init__` as plain data, without the name, as Keras has it."""
        return {
            "features": serialize(self.features), "output_mode": self.output_mode,
            "crosses": serialize(self.crosses), "crossing_dim": self.crossing_dim,
            "hashing_dim": self.hashing_dim,
            "num_discretization_bins": self.num_discretization_bins,
        }  # fmt: skip

    def get_build_config(self) -> dict[str, Any]:
        """Return what the layers of the columns were built for."""
        return {key: one.get_build_config() for key, one in self.preprocessors.items()}

    def build_from_config(self, config: dict[str, Any] | None) -> None:
        """Build the layers of the columns; their numbers and vocabularies come from the file."""
        for name, shapes in (config or {}).items():
            layer = self.preprocessors.get(name)
            if layer is not None and not layer.built and shapes:
                layer.build_from_config(shapes)
        self._adapted = self.built = True


def _named(name: str | None, kind: str) -> dict[str, Any]:
    return {"name": f"{name or auto_name(kind)}_preprocessor"}


def _classes() -> dict[str, Any]:
    """Return the classes that the config of a FeatureSpace names."""
    from .store import model_classes

    return model_classes()


def _table(data: Any) -> Mapping[str, Any] | None:
    """Return a dict of columns, None for what is none."""
    if isinstance(data, Mapping):
        return data
    if hasattr(data, "columns") and hasattr(data, "__getitem__"):
        return {str(name): data[name] for name in data.columns}
    return None


def _tables(dataset: Any) -> Iterator[Mapping[str, Any]]:
    whole = _table(dataset)
    if whole is not None:
        yield whole
        return
    if not isinstance(dataset, Iterable) or isinstance(dataset, Iterator):
        raise ArgumentTypeError(
            f"FeatureSpace.adapt, `dataset`: got {type(dataset).__name__}, expected a dict of "
            "columns, a data frame, or an iterable of such batches that can be read again."
        )
    for batch in dataset:
        part = _table(batch)
        if part is None:
            raise ArgumentTypeError(
                f"FeatureSpace.adapt, `dataset`: got a batch of type {type(batch).__name__}, "
                "expected dicts of columns. Leave the labels out."
            )
        yield part
