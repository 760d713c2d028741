"""The first wrong value of an array, and the error that names its row."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from ..graph.errors import DataError
from .finite import row_pieces

_PIECE = 1 << 16


def refuse_first(
    y: np.ndarray, wrong: Callable[[np.ndarray], np.ndarray], place: str, expected: str, way: str
) -> None:
    """Raise for the first value that `wrong` marks, looking at bounded pieces.

    Args:
        y: rows of values.
        wrong: marks those of some rows that are not as expected.
        place, expected, way: parts of the message: whose value it is, what should be there, and
            the way out.

    Raises:
        DataError: with the value and its row.
    """
    for start, piece in row_pieces(y, _PIECE):
        bad = wrong(piece)
        if bad.any():
            index = np.unravel_index(int(np.argmax(bad)), piece.shape)
            raise DataError(
                f"{place}: row {start + int(index[0])} holds {piece[index]}, expected {expected}. "
                f"{way}"
            )
