"""Which of many models changes which variable: two at once would mix their steps."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

from ..graph.errors import ArgumentError


class Claims:
    """What the training steps of models read and change; each variable is changed by one model."""

    def __init__(self) -> None:
        self._look = threading.Lock()
        self._changed: dict[int, Any] = {}
        self._read: dict[int, Any] = {}

    def of(self, model: Any) -> Callable[[Any], None]:
        """Return what is told of the model's training programs.

        It raises ArgumentError for a program that changes what another model's uses, or uses what
        another model's changes.
        """

        def claim(program: Any) -> None:
            changed = getattr(program, "changed", ())
            used = getattr(program, "variables", ())
            with self._look:
                for variable in changed:
                    self._check(variable, model, self._read)
                for variable in used:
                    self._check(variable, model, self._changed)
                self._changed.update((id(variable), model) for variable in changed)
                self._read.update((id(variable), model) for variable in used)

        return claim

    @staticmethod
    def _check(variable: Any, model: Any, owners: dict[int, Any]) -> None:
        owner = owners.get(id(variable), model)
        if owner is not model:
            raise ArgumentError(
                f"fit_many: '{owner.name}' and '{model.name}' share the variable "
                f"'{variable.path}', which training changes, so each would disturb the other. "
                "Give each its own layers, metrics, optimizer and seed, for instance by "
                "clone_model, or train them one after the other with fit."
            )
