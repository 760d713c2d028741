"""Mean, Sum, and MeanMetricWrapper, which makes a metric of a function."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from .. import ops
from ..graph.configurable import restored, written
from ..graph.function import takes
from ..graph.mask import mask_of
from ..losses.reduction import merged_weights
from .metric import Metric
from .rank import totals


class Sum(Metric):
    """The weighted sum of all values taken in.

    Args:
        name: default "sum".
        dtype: of the result; default the default float type.

    Example:
        >>> m = Sum()
        >>> m.update_state([1.0, 3.0])
        >>> float(m([5.0], sample_weight=[2.0]))
        14.0

    Source: keras.metrics.Sum; the sum itself is kept as float64, see `Metric`.
    """

    def __init__(self, name: str = "sum", dtype: object = None) -> None:
        super().__init__(name=name, dtype=dtype)
        self.total = self.add_variable((), dtype="float64", name="total")

    def update_state(self, values: Any, sample_weight: Any = None) -> None:
        """Add values to the sum, each times its weight."""
        total, _ = totals(values, sample_weight, self.dtype, mean=False)
        self.total.assign_add(ops.cast(total, "float64"))

    def result(self) -> Any:
        """Return the sum so far."""
        return ops.cast(self.total, self.dtype)


class Mean(Metric):
    """The weighted mean of all values taken in; 0 before the first.

    sum(weight * value) / sum(weight); the values of one row count as their mean.

    Args:
        name: default "mean".
        dtype: of the result; default the default float type.

    Example:
        >>> m = Mean()
        >>> m.update_state([1.0, 3.0])
        >>> float(m([5.0], sample_weight=[2.0]))
        3.5

    Source: keras.metrics.Mean. Sum and count are kept as float64, so that the mean over more
    than 16,777,216 rows, where float32 stops counting, is right; `result` is float32 as in Keras.
    """

    def __init__(self, name: str = "mean", dtype: object = None) -> None:
        super().__init__(name=name, dtype=dtype)
        self.total = self.add_variable((), dtype="float64", name="total")
        self.count = self.add_variable((), dtype="float64", name="count")

    def update_state(self, values: Any, sample_weight: Any = None) -> None:
        """Take values into the mean, each with its weight."""
        total, count = totals(values, sample_weight, self.dtype, mean=True)
        self.total.assign_add(ops.cast(total, "float64"))
        self.count.assign_add(ops.cast(count, "float64"))

    def result(self) -> Any:
        """Return the mean so far."""
        return ops.cast(ops.divide_no_nan(self.total, self.count), self.dtype)


class MeanMetricWrapper(Mean):
    """The mean over rows of a function of labels and predictions.

    Args:
        fn: `fn(y_true, y_pred, **kwargs)` that returns one value a row (or more, or one in all).
        name: default "mean_metric_wrapper", as a class in snake case; `compile` uses the
            function's name.
        dtype: of the result; default the default float type.
        **kwargs: handed on to `fn`.

    Raises:
        ArgumentTypeError: if `fn` takes other arguments.

    Example:
        >>> m = MeanMetricWrapper(lambda y, p: ops.absolute(ops.subtract(y, p)), name="off")
        >>> float(m([1.0, 2.0], [1.5, 1.0]))
        0.75

    Source: keras.metrics.MeanMetricWrapper.
    """

    def __init__(
        self, fn: Callable[..., Any], name: str | None = None, dtype: object = None, **kwargs: Any
    ) -> None:
        super().__init__(name=name or "", dtype=dtype)
        self.fn, self.arguments = takes(fn, "metric", "y_true", "y_pred", **kwargs), kwargs

    def update_state(  # type: ignore[override]
        self, y_true: Any, y_pred: Any, sample_weight: Any = None
    ) -> None:
        """Take one batch into the mean."""
        mask = mask_of(y_pred)
        if mask is not None:
            sample_weight = merged_weights(sample_weight, mask, self.dtype, "sum")
        super().update_state(self.fn(y_true, y_pred, **self.arguments), sample_weight)

    def get_config(self) -> dict[str, Any]:
        """Return the arguments to make this metric again."""
        if type(self) is not MeanMetricWrapper:
            return super().get_config()
        return {"name": self.name, "dtype": self.dtype, "fn": written(self.fn), **self.arguments}

    @classmethod
    def from_config(cls, config: Mapping[str, Any]) -> Any:
        """Return a metric made with the arguments in `config`."""
        config = dict(config)
        if isinstance(config.get("fn"), Mapping):
            from . import CATALOG, FUNCTIONS  # the list of the room, which lists this class

            config["fn"] = restored(config["fn"], {**CATALOG, **FUNCTIONS}, "metrics.deserialize")
        return cls(**config)
