"""What copies and pickles do with objects whose attributes Python would share or not find."""

from __future__ import annotations

import copy
from typing import Any, TypeVar

T = TypeVar("T")


class Copied:
    """Something with variables: a copy has variables of its own, so that neither changes the other.

    Source: `copy.copy` of Keras' layers, metrics and optimizers; these keep what they have learnt.
    """

    def __copy__(self: T) -> T:
        return copy.deepcopy(self)


class Slotted:
    """Something whose attributes are slots, which pickles of protocol 0 and 1 leave out."""

    __slots__ = ()

    def __reduce_ex__(self, protocol: Any) -> Any:
        return super().__reduce_ex__(max(protocol, 2))
