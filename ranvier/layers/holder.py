"""What a layer holds: its variables, the layers, metrics and seed generators in its attributes."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Any

import numpy as np

from ..graph.copied import Copied
from ..graph.errors import ArgumentError, ArgumentTypeError, ShapeError
from ..graph.variable import Variable
from .inventory import edited, opened

#: What a user sets a weight to: steps would compute with it, and go on training the weight.
_NUMBERS = (np.ndarray, np.generic, int, float, list)


class Holder(Copied):
    """Finds variables and sublayers in attributes, also inside lists, tuples and dicts.

    Sublayers are looked up when asked for, so that a list may grow after it was assigned.
    """

    _trainable: bool
    _trainable_variables: list[Variable]
    _non_trainable_variables: list[Variable]
    name: str
    #: Attributes in which nothing is looked for: records and back references.
    _unheld = frozenset({
        "_trainable_variables", "_non_trainable_variables", "_calls", "_lookups", "_losses",
        "_build_shapes", "_given",
    })  # fmt: skip

    #: Attributes that say nothing of what lies inside: setting one is no edit.
    _passing: frozenset[str] = frozenset()

    @property
    def _place(self) -> str:
        """What messages begin with: the class and the name."""
        return f"{type(self).__name__} '{self.name}'"

    def _hold(self, variable: Variable, trainable: bool | None = None) -> None:
        """Take a variable among the layer's own, in the order of making."""
        mine = self.__dict__.get("_trainable_variables")
        if mine is None:
            raise ArgumentError(
                f"{type(self).__name__}: a weight was made before the layer itself. Call "
                "super().__init__() first in __init__."
            )
        if not any(variable is v for v in (*mine, *self._non_trainable_variables)):
            trains = variable.trainable if trainable is None else trainable
            (mine if trains else self._non_trainable_variables).append(variable)
            edited()

    def __setattr__(self, name: str, value: Any) -> None:
        if isinstance(value, Variable) and name not in self._unheld:
            self._hold(value)
        elif isinstance(value, _NUMBERS) and isinstance(vars(self).get(name), Variable):
            raise ArgumentTypeError(
                f"{self._place}, `{name}`: is a weight, which numbers cannot take the place of. "
                f"Write layer.{name}.assign(numbers), or layer.set_weights([...])."
            )
        object.__setattr__(self, name, value)
        if name not in self._passing:
            edited()

    def __delattr__(self, name: str) -> None:
        object.__delattr__(self, name)
        edited()

    def _held(self) -> list[Any]:
        """Return what lies in the attributes, nested containers opened, in order of assignment."""
        found: list[Any] = []
        for name, value in list(self.__dict__.items()):
            kind: Any = type(value)
            if _may_hold(kind) and name not in self._unheld:
                found += opened(value)
        return found

    def _sublayers(self) -> list[Any]:
        """Return the layers held directly, each once."""
        return _layers_among(self._held())

    def _flat_layers(self) -> list[Any]:
        """Return this layer and all layers below it, each once."""
        found: dict[int, Any] = {}
        stack: list[Any] = [self]
        while stack:
            layer = stack.pop()
            if id(layer) not in found:
                found[id(layer)] = layer
                stack.extend(reversed(layer._sublayers()))
        return list(found.values())

    def _own_variables(self, held: Sequence[Any]) -> list[Variable]:
        loose = [x for x in held if isinstance(x, Variable)]
        return [*self._trainable_variables, *self._non_trainable_variables, *loose]

    # --- public lists -----------------------------------------------------------------------
    @property
    def weights(self) -> list[Variable]:
        """All weights: the layer's own, trained ones first, then those of its sublayers."""
        held = self._held()
        found = self._own_variables(held)
        for layer in _layers_among(held):
            found += layer.weights
        return _once(found)

    @property
    def trainable_weights(self) -> list[Variable]:
        """The weights that an optimizer changes."""
        return [v for v in self.weights if v.trainable] if self.trainable else []

    @property
    def non_trainable_weights(self) -> list[Variable]:
        """The weights that an optimizer leaves alone."""
        return [v for v in self.weights if not (v.trainable and self.trainable)]

    @property
    def variables(self) -> list[Variable]:
        """The weights and the states of seed generators."""
        held = self._held()
        found = self._own_variables(held)
        found += [g.state for g in held if is_seed_generator(g)]
        for layer in _layers_among(held):
            found += layer.variables
        return _once(found)

    @property
    def trainable_variables(self) -> list[Variable]:
        """The variables that an optimizer changes."""
        return [v for v in self.variables if v.trainable] if self.trainable else []

    @property
    def non_trainable_variables(self) -> list[Variable]:
        """The variables that an optimizer leaves alone."""
        return [v for v in self.variables if not (v.trainable and self.trainable)]

    @property
    def metrics(self) -> list[Any]:
        """Metrics kept as attributes, of this layer and of its sublayers."""
        held = self._held()
        own = [x for x in held if is_metric(x)]
        return own + [m for layer in _layers_among(held) for m in layer._metrics_of_layers()]

    def _metrics_of_layers(self) -> list[Any]:
        """What layers around this one report of it: all but what `compile` gave a model."""
        return self.metrics

    @property
    def metrics_variables(self) -> list[Variable]:
        """The variables of `metrics`."""
        return [v for metric in self.metrics for v in metric.variables]

    @property
    def trainable(self) -> bool:
        """Whether the weights are trained; setting it sets it for all sublayers too."""
        return self._trainable

    @trainable.setter
    def trainable(self, value: bool) -> None:
        self._trainable = bool(value)
        for variable in self._trainable_variables:
            variable.trainable = self._trainable
        for layer in self._sublayers():
            layer.trainable = self._trainable

    def count_params(self) -> int:
        """Return how many numbers the weights hold."""
        return sum(int(np.prod(v.shape, dtype=np.int64)) for v in self.weights)

    def get_weights(self) -> list[np.ndarray]:
        """Return copies of the weights as NumPy arrays, in the order of `weights`."""
        return [v.numpy() for v in self.weights]

    def set_weights(self, weights: Sequence[Any]) -> None:
        """Set all weights from arrays, in the order of `weights`; sets all of them or none.

        Raises:
            ShapeError: if their number or a shape differs.
        """
        place = f"{self._place}, set_weights"
        mine = self.weights
        arrays = [np.asarray(w) for w in weights]
        if len(arrays) != len(mine):
            unbuilt = "" if mine or not arrays else (
                " It has none yet: call it on data, or build it with an input shape, first."
            )  # fmt: skip
            raise ShapeError(
                f"{place}: got {len(arrays)} arrays, expected {len(mine)} of shapes "
                f"{[v.shape for v in mine]}.{unbuilt}"
            )
        for variable, array in zip(mine, arrays, strict=True):
            if array.shape != variable.shape:
                raise ShapeError(
                    f"{place}: got shape {array.shape} for '{variable.path}', expected "
                    f"{variable.shape}. The order is that of get_weights()."
                )
        for variable, array in zip(mine, arrays, strict=True):
            variable.assign(array)


def _layers_among(held: Iterable[Any]) -> list[Any]:
    """Return the layers among what a layer holds, each once."""
    return _once([x for x in held if isinstance(x, Holder)])


def _once(values: Sequence[Any]) -> list[Any]:
    """Return each value once, where it is first: equality may mean something else for them."""
    return list({id(x): x for x in values}.values())


@lru_cache(maxsize=1024)
def _may_hold(kind: Any) -> bool:
    """Tell whether a value of this type can be, or hold, something that a layer lists.

    Most attributes are plain, and every run of a model looks through all of them.
    """
    return (
        issubclass(kind, (Holder, Variable, list, tuple, dict))
        or _is_metric(kind)
        or _is_seed_generator(kind)
    )


def is_metric(x: Any) -> bool:
    """Tell whether x is a metric; their room lies beyond this one, so their methods tell."""
    kind: Any = type(x)
    return _is_metric(kind)


@lru_cache(maxsize=1024)
def _is_metric(kind: Any) -> bool:
    return all(hasattr(kind, name) for name in ("update_state", "reset_state", "result"))


def is_seed_generator(x: Any) -> bool:
    """Tell whether x is a seed generator: it hands out seeds from a state."""
    kind: Any = type(x)
    return _is_seed_generator(kind) and isinstance(getattr(x, "state", None), Variable)


@lru_cache(maxsize=1024)
def _is_seed_generator(kind: Any) -> bool:
    return hasattr(kind, "next")
