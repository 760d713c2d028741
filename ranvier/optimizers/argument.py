"""Checks of the arguments that all optimizers share, and Keras 2's names for some."""

from __future__ import annotations

from typing import Any

from ..graph import Variable
from ..graph.config import parameters
from ..graph.errors import ArgumentError, ArgumentTypeError, nearest
from ..graph.number import is_number
from ..graph.whole import whole
from ..schedules import InverseTimeDecay, LearningRateSchedule


def check(optimizer: Any) -> None:
    """Raise ArgumentError if clipping, averaging or accumulation cannot work as asked."""
    place = type(optimizer).__name__
    clips = {k: getattr(optimizer, k) for k in ("clipnorm", "clipvalue", "global_clipnorm")}
    given = {k: v for k, v in clips.items() if v is not None}
    if len(given) > 1:
        raise ArgumentError(f"{place}: got {given}, expected at most one kind of clipping.")
    for k, v in given.items():
        if not is_number(v) or not v >= 0:
            raise ArgumentError(f"{place}, `{k}`: got {v!r}, expected a number above 0.")
    _check_count(optimizer, "gradient_accumulation_steps", 2)
    if optimizer.use_ema:
        share(optimizer, "ema_momentum")
        _check_count(optimizer, "ema_overwrite_frequency", 1)


def _check_count(optimizer: Any, name: str, least: int) -> None:
    count = getattr(optimizer, name)
    if count is not None:
        whole(f"{type(optimizer).__name__}, `{name}`", count, least, "None leaves it out.")


def share(optimizer: Any, *names: str) -> None:
    """Raise ArgumentError unless the attributes are numbers from 0 to 1."""
    for name in names:
        value = getattr(optimizer, name)
        if not is_number(value) or not 0 <= value <= 1:
            raise ArgumentError(
                f"{type(optimizer).__name__}, `{name}`: got {value!r}, expected a number from 0 "
                "to 1."
            )


def rate(optimizer: Any, value: Any) -> float:
    """Return a learning rate as a float, or raise."""
    place = f"{type(optimizer).__name__}, `learning_rate`"
    if not is_number(value):
        raise ArgumentTypeError(
            f"{place}: got {value!r:.60}, expected a number such as 0.01, a schedule of "
            "ranvier.optimizers.schedules, or a function without arguments that returns one."
        )
    if not float(value) >= 0:
        raise ArgumentError(f"{place}: got {value!r}, expected 0 or more.")
    return float(value)


def legacy_rate(optimizer: Any, value: Any, legacy: dict[str, Any]) -> Any:
    """Take `lr` and `decay` as Keras 2 meant them; refuse whatever else came."""
    place = type(optimizer).__name__
    value = legacy.pop("lr", value)
    decay = legacy.pop("decay", None)
    if legacy:
        unknown = next(iter(legacy))
        known = parameters(type(optimizer))
        raise ArgumentTypeError(
            f"{place}: got an unknown argument `{unknown}`. {nearest(unknown, known)}"
        )
    if not decay:
        return value
    if not is_number(value) or not is_number(decay):
        raise ArgumentError(
            f"{place}, `decay`: got {decay!r} with learning_rate={value!r:.60}. Give one schedule: "
            "learning_rate=InverseTimeDecay(0.01, decay_steps=1, decay_rate=0.001)."
        )
    return InverseTimeDecay(value, decay_steps=1, decay_rate=decay)


def is_function(value: Any) -> bool:
    """Tell whether a learning rate is a schedule or a function rather than a number."""
    return isinstance(value, LearningRateSchedule) or (
        callable(value) and not isinstance(value, Variable) and not is_number(value)
    )


def at_least_zero(optimizer: Any, *names: str) -> None:
    """Raise ArgumentError unless the attributes are numbers of 0 or more."""
    for name in names:
        value = getattr(optimizer, name)
        if not is_number(value) or not value >= 0:
            raise ArgumentError(
                f"{type(optimizer).__name__}, `{name}`: got {value!r}, expected 0 or more."
            )
