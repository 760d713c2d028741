"""Passes: graph in, graph out; and the words in which users ask for gradients."""

from .derivative import grad, value_and_grad
from .tape import GradientTape

__all__ = ["GradientTape", "grad", "value_and_grad"]
