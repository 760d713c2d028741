"""What pooling layers share: checked arguments."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ..graph.errors import absent
from ..ops.filter import fits, format_of, padding_of, sizes_of
from .input_spec import InputSpec
from .layer import Layer


class Pooling(Layer):
    """The base of layers that keep one number of each window; `rank` counts spatial axes."""

    rank = 0

    def __init__(
        self,
        pool_size: Any = 2,
        strides: Any = None,
        padding: str = "valid",
        data_format: str | None = None,
        name: str | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(name=name, **kwargs)
        place = self._place
        self.pool_size = sizes_of(pool_size, self.rank, f"{place}, `pool_size`")
        self.strides = self.pool_size if strides is None else sizes_of(
            strides, self.rank, f"{place}, `strides`")  # fmt: skip
        self.padding = padding_of(padding, place)
        self.data_format = format_of(data_format, place)
        self.input_spec = InputSpec(ndim=self.rank + 2)

    def _check_windows(self, inputs: Any) -> None:
        """Refuse an input smaller than the window."""
        fits(inputs.shape, self.pool_size, (1,) * self.rank, self.padding, self.data_format,
             f"{self._place}, `pool_size`")  # fmt: skip


if not TYPE_CHECKING:  # Keras 2 had more in a file of this name
    __getattr__ = absent(__name__, globals())
