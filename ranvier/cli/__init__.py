"""The command `ranvier`: a user of the library like any other, public names only."""

from .command import main

__all__ = ["main"]
