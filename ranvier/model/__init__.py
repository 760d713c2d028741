"""Models: the roof, where layers, losses and optimizers become one compiled step."""

from .functional import Functional
from .model import Model
from .sequential import Sequential

__all__ = ["Functional", "Model", "Sequential"]
