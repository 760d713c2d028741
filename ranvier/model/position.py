"""Where a run of `fit` stands: what another process needs to go on with the same steps."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..graph.errors import ModelFileError
from .run import Source


class Position:
    """The epoch, the steps done in it, the order of rows and the running metrics, as plain data.

    Args:
        model: the model in training.
        source: where its steps get their rows.
        epoch: the first epoch of the run, from 0.

    Attributes:
        epoch: the epoch that runs, or will run first.
    """

    def __init__(self, model: Any, source: Source, epoch: int) -> None:
        self.model, self.source, self.epoch = model, source, epoch
        self._done = 0
        self._metrics: list[Any] = []
        self._order: dict[str, int] = {}

    def begin(self, epoch: int) -> int:
        """Note that an epoch begins; return how many of its steps an earlier run has done."""
        self.epoch = epoch
        self._order = self.source.state()
        self.model.reset_metrics()
        done, self._done = self._done, 0
        return done

    def first_steps(self) -> None:
        """Give metrics what an earlier run had in them; they are made with the first program."""
        if self._metrics:
            _assign(self._running(), self._metrics)
            self._metrics = []

    def after_epoch(self) -> dict[str, Any]:
        """Return the state from which to go on with the next epoch."""
        return {
            "epoch": self.epoch + 1, "batch": 0, "order": self.source.state(), "metrics": [],
            "random": _values(self._random()),
        }  # fmt: skip

    def after_steps(self, steps: int) -> dict[str, Any]:
        """Return the state from which to go on after so many steps of this epoch."""
        return {
            "epoch": self.epoch, "batch": steps, "order": self._order,
            "metrics": _values(self._running()), "random": _values(self._random()),
        }  # fmt: skip

    def resume(self, state: dict[str, Any], place: str) -> None:
        """Go on from a state; to be called before the first epoch begins.

        Args:
            state: what `after_epoch` or `after_steps` returned, or what Keras notes: the epoch.
            place: how messages name where it came from.

        Raises:
            ModelFileError: if it is no such state.
        """
        try:
            epoch, done = int(state["epoch"]), int(state.get("batch", 0))
            order = {str(key): int(value) for key, value in state.get("order", {}).items()}
            metrics, random = list(state.get("metrics", [])), list(state.get("random", []))
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            raise ModelFileError(
                f"{place}: it holds no state of a training ({error!r}). Delete it to begin anew."
            ) from error
        self.epoch = epoch
        if not order:
            return  # Keras repeats an epoch from its start
        self._done, self._metrics = done, metrics
        self.source.resume(order)
        _assign(self._random(), random)

    def _running(self) -> list[Any]:
        """The variables of the running loss and metrics."""
        return [v for metric in self.model.metrics for v in metric.variables]

    def _random(self) -> list[Any]:
        """The variables that weights files leave out: the states of random layers."""
        kept = {id(variable) for variable in self.model.weights}
        return [v for v in self.model.variables if id(v) not in kept]


def _values(variables: list[Any]) -> list[Any]:
    return [variable.numpy().tolist() for variable in variables]


def _assign(variables: list[Any], values: list[Any]) -> None:
    for variable, value in zip(variables, values, strict=False):
        variable.assign(np.asarray(value, variable.dtype))
