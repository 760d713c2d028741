"""The moving average of weights (EMA) that an optimizer keeps and hands back."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from .. import ops
from ..graph import Variable


def follow(
    variables: Sequence[Variable], averages: Sequence[Variable | None], momentum: float, steps: Any
) -> None:
    """Move each average towards its variable: momentum * average + (1 - momentum) * variable.

    At step 0 the average becomes the variable, so that it has no memory of its initial zeros.
    """
    share = ops.multiply(ops.cast(ops.not_equal(steps, 0), "float64"), momentum)
    for variable, average in zip(variables, averages, strict=True):
        if average is not None:
            keep = ops.cast(share, variable.dtype)
            average.assign(ops.add(keep * average, (1.0 - keep) * variable))


def overwrite(
    variables: Sequence[Variable], averages: Sequence[Variable | None], when: Any = None
) -> None:
    """Put each average into its variable: now, or where the traced condition `when` holds."""
    for variable, average in zip(variables, averages, strict=True):
        if average is not None:
            new = average if when is None else ops.where(when, average, variable)
            variable.assign(new.value if isinstance(new, Variable) else new)
