"""What convolution and pooling share: arguments an axis, padding, and the order of axes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from ..graph.errors import ArgumentError, ShapeError
from .reduce import given
from .reshape import transpose
from .window import Sizes

FORMATS = ("channels_last", "channels_first")


def sizes_of(value: Any, rank: int, place: str, least: int = 1) -> Sizes:
    """Return one int an axis from an int for all or a sequence of them.

    Raises:
        ArgumentError: if it is neither, or has another length, or a number below `least`.
    """
    found = [value] * rank if isinstance(value, (int, np.integer)) else value
    fits = isinstance(found, Sequence) and not isinstance(found, str) and len(found) == rank
    if not fits or not all(
        isinstance(n, (int, np.integer)) and not isinstance(n, bool) and n >= least for n in found
    ):
        raise ArgumentError(
            f"{place}: got {value!r}, expected an int of at least {least}, or {rank} of them."
        )
    return tuple(int(n) for n in found)


def format_of(value: Any, place: str) -> str:
    """Return the order of axes that `data_format` names; None is "channels_last"."""
    found = "channels_last" if value is None else str(value).lower()
    if found not in FORMATS:
        raise ArgumentError(
            f"{place}, `data_format`: got {value!r}, expected 'channels_last' or 'channels_first'."
        )
    return found


def padding_of(value: Any, place: str, choices: Sequence[str] = ("valid", "same")) -> str:
    """Return the name of a padding in small letters."""
    found = value.lower() if isinstance(value, str) else value
    if found not in choices:
        words = " or ".join(map(repr, choices))
        raise ArgumentError(f"{place}, `padding`: got {value!r}, expected {words}.")
    return str(found)


def pictures(x: Any, data_format: str | None, place: str) -> tuple[Any, int, bool]:
    """Return x with its channels last, its number of spatial axes, and whether they were first."""
    x = given(x)
    rank = len(x.shape) - 2
    if not 1 <= rank <= 3:
        raise ShapeError(
            f"{place}: got shape {tuple(x.shape)}, expected 3 to 5 axes: the batch, one to three "
            "spatial axes, and the channels. Pictures without a channel axis get one by "
            "x[..., None]."
        )
    first = format_of(data_format, place) == "channels_first"
    return (transpose(x, (0, *range(2, rank + 2), 1)) if first else x), rank, first


def returned(y: Any, first: bool) -> Any:
    """Return y with its channels where the caller has them."""
    rank = len(y.shape)
    return transpose(y, (0, rank - 1, *range(1, rank - 1))) if first else y


def fits(
    shape: Sequence[int | None], size: Sizes, dilation: Sizes, padding: str,
    data_format: str | None, place: str,
) -> None:  # fmt: skip
    """Raise ShapeError, at the argument that `place` names, for windows larger than the input."""
    rank = len(size)
    spatial = tuple(shape[2:] if data_format == "channels_first" else shape[1 : rank + 1])
    for s, k, d in zip(spatial, size, dilation, strict=False):
        if padding == "valid" and s is not None and (k - 1) * d >= s:
            apart = f" with dilation_rate={dilation}" if max(dilation) > 1 else ""
            raise ShapeError(
                f"{place}: windows of {size}{apart} do not fit into spatial sizes {spatial} of "
                f"an input of shape {tuple(shape)}. Make them smaller, or pad with padding='same'."
            )


def edges(
    shape: Sequence[int | None], size: Sizes, step: Sizes, dilation: Sizes, padding: str
) -> list[tuple[int, int]]:
    """Return what is added before and after each spatial axis (axes 1, 2... of `shape`)."""
    found = []
    for s, k, t, d in zip(shape[1:], size, step, dilation, strict=False):
        wide, length = (k - 1) * d + 1, s or 0
        if padding == "causal":
            found.append((wide - 1, 0))
        elif padding == "same":
            total = max((-(-length // t) - 1) * t + wide - length, 0)
            found.append((total // 2, total - total // 2))
        else:
            found.append((0, 0))
    return found
