"""Metric, the base of all metrics."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from ..graph import Variable, budget
from ..graph.config import init_config
from ..graph.copied import Copied
from ..graph.dtype import canonical, floatx
from ..graph.errors import unmade
from ..graph.initial import initial
from ..graph.knowing import Knowing
from ..graph.naming import auto_name


class Metric(Knowing, Copied):
    """A number that says how good predictions are, gathered batch by batch. Subclass it.

    Make variables with `add_variable`; change them in `update_state` with `ranvier.ops` and
    `assign_add`; compute the number from them in `result`. The same code runs eagerly
    (`metric(y_true, y_pred)`) and traced into the compiled step of `fit` and `evaluate`.

    Metrics of this room keep sums and counts as float64: a float32 sum stops growing by 1 at
    16,777,216, so that the accuracy of an epoch over more rows would be wrong. `result` is in
    the metric's own dtype.

    Args:
        dtype: of the result; default the default float type.
        name: key in logs and in the History; default the class in snake case.

    Example:
        >>> class Largest(Metric):
        ...     def __init__(self, name="largest"):
        ...         super().__init__(name=name)
        ...         self.value = self.add_variable((), name="value")
        ...     def update_state(self, y_true, y_pred, sample_weight=None):
        ...         self.value.assign(max(float(self.value), max(y_pred)))
        ...     def result(self):
        ...         return self.value
        >>> float(Largest()([0, 1], [3.0, 2.0]))
        3.0

    Source: keras.metrics.Metric.
    """

    #: "up" if more is better, "down" if less is, None if neither; callbacks ask for it.
    direction: str | None = None

    def __init__(self, dtype: object = None, name: str | None = None) -> None:
        self._variables: list[Variable] = []
        self._metrics: list[Metric] = []
        self._dtype = canonical(dtype)
        self.name = name or auto_name(type(self).__name__)

    if not TYPE_CHECKING:  # a checker would take any name for known

        def __getattr__(self, name: str) -> Any:
            raise unmade(self, name)

    def __setattr__(self, name: str, value: Any) -> None:
        # A subclass may set plain attributes before super().__init__, as Keras allows.
        if "_variables" in self.__dict__:
            if isinstance(value, Variable):
                self._track(value)
            elif isinstance(value, Metric) and not any(m is value for m in self._metrics):
                self._metrics.append(value)
        super().__setattr__(name, value)

    def _track(self, variable: Variable) -> None:
        if not any(v is variable for v in self._variables):
            self._variables.append(variable)

    @property
    def dtype(self) -> str:
        """The element type of the result."""
        return self._dtype

    @property
    def variables(self) -> list[Variable]:
        """What the metric keeps from batch to batch, and the metrics inside of it."""
        return [*self._variables, *(v for m in self._metrics for v in m.variables)]

    def add_variable(
        self,
        shape: Sequence[int] = (),
        initializer: Any = "zeros",
        dtype: object = None,
        aggregation: str = "sum",
        name: str | None = None,
    ) -> Variable:
        """Make a variable that belongs to the metric.

        Args:
            shape: its shape; default one number.
            initializer: "zeros" (default), "ones", a number or an initializer.
            dtype: default the default float type; "float64" for sums over many rows.
            aggregation: as in Keras; has no effect on one machine.
            name: default "variable".
        """
        if isinstance(shape, str):  # Keras 2: add_weight("total", initializer="zeros")
            shape, name = (), shape
        kind = canonical(dtype) if dtype is not None else floatx()
        budget.charge(shape, kind)
        value = initial(initializer, shape, kind)
        variable = Variable(value, dtype=kind, trainable=False, name=name or "variable")
        variable.path = f"{self.name.replace('/', '>')}/{variable.name}"
        self._track(variable)
        return variable

    def add_weight(
        self,
        shape: Sequence[int] = (),
        initializer: Any = "zeros",
        dtype: object = None,
        name: str | None = None,
    ) -> Variable:
        """Make a variable that belongs to the metric; see `add_variable`."""
        return self.add_variable(shape, initializer, dtype, name=name)

    def update_state(self, *args: Any, **kwargs: Any) -> Any:
        """Take in one batch: `update_state(y_true, y_pred, sample_weight=None)`. Write this."""
        raise NotImplementedError(
            f"Metric '{type(self).__name__}' has no update_state. Write `def update_state(self, "
            "y_true, y_pred, sample_weight=None)` that adds a batch to the metric's variables."
        )

    def result(self) -> Any:
        """Return the number, or a dict of several, for what was taken in so far. Write this."""
        raise NotImplementedError(
            f"Metric '{type(self).__name__}' has no result. Write `def result(self)` that computes "
            "the number from the metric's variables."
        )

    def reset_state(self) -> None:
        """Forget all batches: every variable becomes 0."""
        for v in self.variables:
            v.assign(np.zeros(v.shape, v.dtype))

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """Take in one batch and return the result so far."""
        self.update_state(*args, **kwargs)
        return self.result()

    def get_config(self) -> dict[str, Any]:
        """Return the arguments to make this metric again, without its state."""
        config = init_config(self, type(self).get_config is not Metric.get_config)
        return {"name": self.name, "dtype": self.dtype, **config}

    @classmethod
    def from_config(cls, config: Mapping[str, Any]) -> Any:
        """Return a metric made with the arguments in `config`."""
        return cls(**config)

    def __repr__(self) -> str:
        return f"<{type(self).__name__} name={self.name}>"
