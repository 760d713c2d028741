"""What a step is handed as one thing: (x, y, sample_weight), and apart again."""

from __future__ import annotations

from typing import Any

from .stream import unpack


def pack_x_y_sample_weight(x: Any, y: Any = None, sample_weight: Any = None) -> Any:
    """Return x, (x, y) or (x, y, sample_weight): what `fit` hands to a `train_step`.

    Example:
        >>> pack_x_y_sample_weight(1), pack_x_y_sample_weight(1, 2)
        (1, (1, 2))

    Source: keras.utils.pack_x_y_sample_weight.
    """
    if y is None:
        return (x,) if isinstance(x, (list, tuple)) else x
    return (x, y) if sample_weight is None else (x, y, sample_weight)


def unpack_x_y_sample_weight(data: Any) -> tuple[Any, Any, Any]:
    """Return (x, y, sample_weight) of what a `train_step` is handed; what is absent is None.

    Example:
        >>> unpack_x_y_sample_weight((1, 2))
        (1, 2, None)

    Raises:
        DataError: for a tuple of more than three.

    Source: keras.utils.unpack_x_y_sample_weight.
    """
    return unpack(data, lists=True)
