"""Data that a layer adapts to: whole, or batch by batch."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import islice
from typing import Any

from ..graph.errors import DataTypeError


def batches_of(
    data: Any, place: str, whole: bool = False, steps: int | None = None
) -> Iterator[tuple[Any, bool]]:
    """Yield the data themselves and True, or the batches of an iterable and False each.

    Of a batch that is a tuple, (x, y), only x counts.

    Args:
        data: what `adapt` got.
        place: what the message begins with, for instance "Normalization 'norm', adapt".
        whole: whether they are no iterable of batches, which arrays and data frames never are.
        steps: how many batches to read; default all.

    Raises:
        DataTypeError: if there is nothing to iterate over, or a dict.
    """
    if whole or hasattr(data, "__array__") or hasattr(data, "to_numpy"):
        yield data, True
        return
    if isinstance(data, Mapping) or not isinstance(data, Iterable):
        way = " Give one of its columns." if isinstance(data, Mapping) else ""
        raise DataTypeError(
            f"{place}: got {type(data).__name__}, expected a list, an array, a data frame or "
            f"batches of them.{way}"
        )
    for batch in islice(data, steps):
        yield (batch[0] if isinstance(batch, tuple) else batch), False
