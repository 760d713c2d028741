"""A recurrent layer that makes its own cell and takes the cell's arguments for its own."""

from __future__ import annotations

from typing import Any

from ..graph.config import parameters
from .input_spec import InputSpec
from .rnn import RNN


class RecurrentLayer(RNN):
    """The base of SimpleRNN, LSTM and GRU: arguments of the cell read as its attributes."""

    def __init__(self, cell: Any, **kwargs: Any) -> None:
        super().__init__(cell, **kwargs)
        self.input_spec = InputSpec(ndim=3)

    def get_config(self) -> dict[str, Any]:
        """Return the arguments; the cell is made of them again."""
        config = super().get_config()
        for name in ("cell", "use_cudnn"):
            config.pop(name, None)
        return {"activity_regularizer": None, **config}

    def __getattr__(self, name: str) -> Any:
        cell = vars(self).get("cell")
        if cell is not None and name in parameters(type(cell)):
            return getattr(cell, name)
        return super().__getattr__(name)  # type: ignore[misc]
