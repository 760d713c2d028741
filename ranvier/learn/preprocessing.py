"""Preprocessing inside a fold: fitted on the rows that train, and on no other."""

from __future__ import annotations

from typing import Any

import numpy as np

from ranvier import Model, Sequential
from ranvier.errors import ArgumentError, ArgumentTypeError, NotCalledError

from .rows import mapped, take


def check_transformer(preprocessing: Any, place: str) -> None:
    """Refuse what has no `fit` and `transform`.

    Raises:
        ArgumentTypeError: it says what was given.
    """
    needed = () if preprocessing is None else ("fit", "transform", "get_params")
    if isinstance(preprocessing, type) or not all(hasattr(preprocessing, n) for n in needed):
        raise ArgumentTypeError(
            f"{place}, `preprocessing`: got {preprocessing!r:.60}, expected a scikit-learn "
            "transformer or a pipeline of them, for instance StandardScaler()."
        )


def fitted(preprocessing: Any, x: Any, y: Any, rows: np.ndarray) -> Any:
    """Return a new transformer like the one given, fitted on some rows of x and y."""
    from sklearn.base import clone

    return clone(preprocessing).fit(take(x, rows), take(y, rows))


def transformed(transformer: Any, x: Any) -> Any:
    """Return x as a fitted transformer gives it, with sparse rows written out."""
    found = transformer.transform(x)
    return found.toarray() if hasattr(found, "toarray") else found


def adapt(model: Any, x: Any, rows: np.ndarray, place: str) -> None:
    """Let the model's layers that learn from data (Normalization, ...) see some rows only.

    Layers whose numbers were given are left as they are.

    Raises:
        ArgumentError: if a layer is not where data can be brought to it.
    """
    for index, layer in enumerate(model.layers):
        if hasattr(layer, "adapt") and not _is_given(layer):
            layer.adapt(_before(model, index, layer, take(x, rows), place))


#: The arguments that give such layers their numbers.
_GIVEN = ("mean", "bin_boundaries", "vocabulary")


def _is_given(layer: Any) -> bool:
    config = layer.get_config()
    if config.get("num_bins") is not None:
        return False
    return any(config.get(name) is not None for name in _GIVEN)


def _before(model: Any, index: int, layer: Any, x: Any, place: str) -> Any:
    """Return what reaches a layer when the model is given x."""
    if isinstance(model, Sequential) and index == 0:
        return np.asarray(x) if hasattr(x, "iloc") else x
    try:
        entry = layer.input
    except (NotCalledError, AttributeError) as error:
        raise ArgumentError(
            f"{place}, `model`: cannot bring data to layer '{layer.name}', which learns from them. "
            "Begin the model with an Input, or make the layer its first one."
        ) from error
    inputs = list(model.inputs)
    for place_of, one in enumerate(inputs):
        if one is entry:
            return _input(x, place_of, one)
    return Model(model.inputs, entry).predict(mapped(np.asarray, x), verbose=0)


def _input(x: Any, index: int, tensor: Any) -> Any:
    """Return the array of one of several inputs."""
    if isinstance(x, dict):
        return np.asarray(x[tensor.name])
    if isinstance(x, (list, tuple)):
        return np.asarray(x[index])
    return np.asarray(x)
