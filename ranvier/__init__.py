"""Ranvier: neural networks on ordinary CPUs, the Keras interface compiled."""

__version__ = "0.1.0"
