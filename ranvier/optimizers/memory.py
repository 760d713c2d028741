"""The variables an optimizer keeps: counters, slots for each weight, and their files."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np

from ..graph import Variable
from ..graph.copied import Copied
from ..graph.dtype import floatx
from ..graph.errors import ShapeError, warn
from ..graph.initial import initial


class Memory(Copied):
    """What every optimizer remembers from step to step, in Keras' order."""

    name: str

    def __init__(self) -> None:
        self._variables: list[Variable] = []
        self._index: dict[Variable, int] = {}
        self._slots: dict[str, list[Variable | None]] = {}

    @property
    def variables(self) -> list[Variable]:
        """iteration, learning_rate, averages, accumulated gradients, slots: Keras' order."""
        return list(self._variables)

    def slot(self, name: str, variable: Variable) -> Variable:
        """Return the slot of that name that belongs to a weight."""
        found = self._slots[name][self._index[variable]]
        assert found is not None  # weights without slots are not updated
        return found

    def add_variable(
        self,
        shape: Sequence[int],
        initializer: Any = "zeros",
        dtype: object = None,
        aggregation: str = "none",
        layout: Any = None,
        name: str | None = None,
    ) -> Variable:
        """Make a variable that belongs to the optimizer.

        Args:
            shape: its shape.
            initializer: "zeros" (default), "ones", a number, or a function of (shape, dtype).
            dtype: default the default float type.
            aggregation: as in Keras; has no effect on one machine.
            layout: as in Keras; has no effect on one machine.
            name: default "variable".
        """
        kind = str(dtype or floatx())
        value = initial(initializer, shape, kind)
        return self.new_variable(value, name or "variable", kind)

    def add_variable_from_reference(
        self, reference_variable: Variable, name: str | None = None, initializer: Any = "zeros"
    ) -> Variable:
        """Make a variable of the shape and dtype of a weight, named after both."""
        path = reference_variable.path.replace("/", "_")
        return self.add_variable(
            reference_variable.shape,
            initializer,
            reference_variable.dtype,
            name=f"{path}_{name or 'var'}",
        )

    def add_optimizer_variables(
        self, trainable_variables: Iterable[Variable], name: Any, initializer: Any = "zeros"
    ) -> Any:
        """Make one variable for each weight, or several where `name` is a list of names.

        Returns:
            A list in the order of the weights; for several names a tuple of such lists. A weight
            that its gradient overwrites gets None.
        """
        names = [name] if isinstance(name, str) else list(name)
        starts = initializer if isinstance(initializer, (list, tuple)) else [initializer]
        starts = list(starts) * (len(names) if len(starts) == 1 else 1)
        made: tuple[list[Variable | None], ...] = tuple([] for _ in names)
        for variable in trainable_variables:
            for found, each, start in zip(made, names, starts, strict=True):
                spare = variable.overwrite_with_gradient
                found.append(
                    None if spare else self.add_variable_from_reference(variable, each, start)
                )
        return made[0] if isinstance(name, str) else made

    def new_variable(self, value: Any, name: str, dtype: object = None) -> Variable:
        """Make a variable that belongs to the optimizer, with the numbers it begins with."""
        variable = Variable(value, dtype=dtype, trainable=False, name=name)
        variable.path = f"{self.name}/{name}"
        self._track(variable)
        return variable

    def _track(self, variable: Variable) -> None:
        if not any(v is variable for v in self._variables):
            self._variables.append(variable)

    def set_weights(self, weights: Sequence[Any]) -> None:
        """Give the optimizer's variables new numbers, in the order of `variables`."""
        if len(weights) != len(self._variables):
            raise ShapeError(
                f"{type(self).__name__}.set_weights: got {len(weights)} arrays, expected "
                f"{len(self._variables)}. Build the optimizer first if it has not trained yet."
            )
        for variable, value in zip(self._variables, weights, strict=True):
            variable.assign(np.asarray(value))

    def save_own_variables(self, store: Any) -> None:
        """Write the variables into a mapping under "0", "1", ..., as files have them."""
        for i, variable in enumerate(self._variables):
            store[str(i)] = variable.numpy()

    def load_own_variables(self, store: Mapping[str, Any]) -> None:
        """Read the variables from a mapping written by `save_own_variables`."""
        if len(store.keys()) != len(self._variables):
            warn(
                f"Optimizer '{self.name}' starts anew: the file has {len(store.keys())} variables "
                f"for it and it has {len(self._variables)}. Build it first to resume training.",
                UserWarning,
            )
            return
        for i, variable in enumerate(self._variables):
            variable.assign(np.asarray(store[str(i)]))
