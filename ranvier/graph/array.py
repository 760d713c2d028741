"""What eager calls return: a NumPy array that also answers `.numpy()`."""

from __future__ import annotations

from typing import Any

import numpy as np


class Array(np.ndarray):
    """A NumPy array with the `.numpy()` that code written for TensorFlow calls.

    Example:
        >>> a = Array.of([1.0, 2.0])
        >>> a.numpy()
        array([1., 2.])
    """

    #: Which steps count, see graph/mask.py; each array has its own.
    _keras_mask: Any = None

    @staticmethod
    def of(value: Any) -> Array:
        """View `value` as an Array without a copy where it already is one in memory."""
        return np.asarray(value).view(Array)

    def numpy(self) -> np.ndarray:
        """Return the plain NumPy array."""
        return np.asarray(self)

    def __repr__(self) -> str:
        return repr(np.asarray(self))

    def __reduce__(self) -> Any:
        return np.asarray(self).__reduce__()
