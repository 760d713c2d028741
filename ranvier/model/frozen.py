"""Which layers train: said when `compile` is called, and so until it is called again."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from ..graph.errors import DataWarning, warn
from ..graph.variable import Variable


class Frozen:
    """What trained when a model was compiled.

    Steps are made when they are first needed, some of them late (another batch size, other data);
    all of them have to train the same weights, those that the optimizer was given.

    Args:
        model: the model, at its `compile`. Layers made later count as they are then.
    """

    def __init__(self, model: Any) -> None:
        layers = model._flat_layers()
        self.layers: dict[Any, bool] = {layer: layer._trainable for layer in layers}
        self.variables: dict[Variable, bool] = {
            v: v.trainable for layer in layers for v in layer._trainable_variables
        }
        self._told = False

    @contextmanager
    def restored(self, model: Any) -> Iterator[None]:
        """Let layers train as they did at `compile`, and say once that some were changed since."""
        changed = [layer for layer, flag in self.layers.items() if layer._trainable != flag]
        if not changed:
            yield
            return
        self._tell(model, changed)
        before = Frozen(model)
        self._set()
        try:
            yield
        finally:
            before._set()

    def _set(self) -> None:
        for layer, flag in self.layers.items():
            layer._trainable = flag
            for variable in layer._trainable_variables:
                variable.trainable = self.variables.get(variable, flag)

    def _tell(self, model: Any, changed: list[Any]) -> None:
        if self._told:
            return
        self._told = True
        names = ", ".join(f"'{layer.name}'" for layer in changed[:3])
        more = f" and {len(changed) - 3} more" if len(changed) > 3 else ""
        warn(
            f"model '{model.name}': `trainable` of {names}{more} was changed after compile, which "
            "has no effect on this model until model.compile(...) is called again.",
            DataWarning,
        )
