"""Passes: graph in, graph out; and the words in which users ask for gradients."""

from .tape import GradientTape, grad, value_and_grad

__all__ = ["GradientTape", "grad", "value_and_grad"]
