"""The plan: which ops share a loop, how arrays lie in memory, what an engine is to do."""

from .build import build
from .plan import Access, Buffer, Copy, Input, Loop, Pack, Plan, Product, Recur, Special

__all__ = [
    "Access",
    "Buffer",
    "Copy",
    "Input",
    "Loop",
    "Pack",
    "Plan",
    "Product",
    "Recur",
    "Special",
    "build",
]
