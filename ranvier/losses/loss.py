"""The base class of losses, and the class that makes a loss of a function."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from .. import ops
from ..graph.configurable import Configurable, plain, restored
from ..graph.dtype import canonical, is_float
from ..graph.errors import ArgumentError, unmade
from ..graph.function import called, takes
from ..graph.mask import mask_of
from ..graph.naming import auto_name
from ..ops.reduce import given
from .pair import same_rank
from .reduction import checked_reduction, reduced


class Loss(Configurable):
    """What training makes small. Subclass it and write `call`.

    Written with `ranvier.ops` or operators, `call` compiles into the training step.

    Args:
        name: default the class in snake case.
        reduction: "sum_over_batch_size" (the default), "sum", "mean",
            "mean_with_sample_weight" or "none".
        dtype: float type of the computation; default the default float type.

    Raises:
        ArgumentError: if `reduction` is unknown.

    Example:
        >>> class Cubic(Loss):
        ...     def call(self, y_true, y_pred):
        ...         return ops.mean(ops.power(ops.absolute(y_pred - y_true), 3.0), -1)
        >>> float(Cubic()([[0.0, 0.0]], [[1.0, 1.0]]))
        1.0

    Source: keras.losses.Loss.
    """

    # Keras' configs of losses hold no dtype either.
    unsaved = ("dtype",)
    #: Whether whole-number labels reach `call` as they are; otherwise they become floats.
    takes_labels = False

    def __init__(
        self,
        name: str | None = None,
        reduction: str | None = "sum_over_batch_size",
        dtype: Any = None,
    ) -> None:
        self.name = name or auto_name(type(self).__name__)
        self.reduction = checked_reduction(reduction)
        self.dtype = canonical(getattr(dtype, "compute_dtype", dtype))

    if not TYPE_CHECKING:  # a checker would take any name for known

        def __getattr__(self, name: str) -> Any:
            raise unmade(self, name)

    def __call__(
        self, y_true: Any, y_pred: Any, sample_weight: Any = None, mask: Any = None
    ) -> Any:
        """Return the loss of predictions.

        Args:
            y_true: labels.
            y_pred: predictions.
            sample_weight: a factor for each value of the loss; default None.
            mask: True where a value counts; default None.

        Returns:
            A number; with reduction "none", what `call` returns.
        """
        if mask is None:
            mask = mask_of(y_pred)
        y_pred = _each(y_pred, lambda x: ops.cast(x, self.dtype))
        y_true = _each(y_true, self._label)
        with called(self.call, f"{type(self).__name__}.call", "y_true", "y_pred"):
            found = self.call(y_true, y_pred)
        if found is None:
            raise ArgumentError(
                f"Loss '{self.name}': the function returned None, expected one loss a row. End it "
                "with `return`."
            )
        values = ops.cast(found, self.dtype)
        own = self.mask(y_true, y_pred, values)
        if own is not None:
            mask = own if mask is None else ops.logical_and(own, mask)
        return reduced(values, sample_weight, mask, self.reduction)

    def _label(self, x: Any) -> Any:
        if self.takes_labels:
            if not hasattr(x, "dtype"):
                x = given(x)
            if not is_float(str(x.dtype)):
                return x
        return ops.cast(x, self.dtype)

    def call(self, y_true: Any, y_pred: Any) -> Any:
        """Return one loss a row, or more; written by subclasses."""
        raise NotImplementedError(
            f"{type(self).__name__}.call(y_true, y_pred) is not written yet: it returns the loss "
            "of each row."
        )

    def mask(self, y_true: Any, y_pred: Any, values: Any) -> Any:
        """Return which of the values count, or None for all."""
        return None


def _each(value: Any, change: Callable[[Any], Any]) -> Any:
    """Apply `change` to a value, or to each member of a dict or list of arrays."""
    if isinstance(value, Mapping):
        return {k: _each(v, change) for k, v in value.items()}
    if isinstance(value, (list, tuple)) and any(
        hasattr(v, "shape") and v.shape != () for v in value
    ):
        return type(value)([_each(v, change) for v in value])
    return change(value)


class LossFunctionWrapper(Loss):
    """A loss made of a function (y_true, y_pred, **kwargs) -> one loss a row.

    Args:
        fn: the function.
        reduction: as for `Loss`.
        name: default "loss_function_wrapper".
        dtype: as for `Loss`.
        **kwargs: handed to the function at each call.

    Raises:
        ArgumentTypeError: if the function takes other arguments.

    Example:
        >>> loss = LossFunctionWrapper(lambda y, p: ops.mean(ops.absolute(y - p), -1))
        >>> float(loss([[1.0]], [[3.0]]))
        2.0

    Source: the class of this name in Keras.
    """

    def __init__(
        self,
        fn: Callable[..., Any],
        reduction: str | None = "sum_over_batch_size",
        name: str | None = None,
        dtype: Any = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(name=name, reduction=reduction, dtype=dtype)
        self.fn = takes(fn, "loss", "y_true", "y_pred", **kwargs)
        self._kwargs = kwargs
        self.takes_labels = bool(getattr(fn, "takes_labels", False))
        if type(self) is not LossFunctionWrapper:
            self.__dict__.update(kwargs)

    def call(self, y_true: Any, y_pred: Any) -> Any:
        """Return what the function returns."""
        if hasattr(y_true, "shape") and hasattr(y_pred, "shape"):
            y_true, y_pred = same_rank(y_true, y_pred)
        return self.fn(y_true, y_pred, **self._kwargs)

    def get_config(self) -> dict[str, Any]:
        """Return the arguments; for the wrapper itself those of the function too."""
        config = super().get_config()
        return {**config, **plain(self._kwargs)} if type(self) is LossFunctionWrapper else config

    @classmethod
    def from_config(cls, config: Mapping[str, Any]) -> Any:
        """Return a new loss; the function is found by name."""
        config = dict(config)
        if "fn" in config and not callable(config["fn"]):
            from . import CATALOG

            config["fn"] = restored(config["fn"], CATALOG, "loss")
        return cls(**config)
