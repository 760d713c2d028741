"""Spaces: from where the parameters of candidates are taken."""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np

from ranvier.errors import ArgumentError, ArgumentTypeError

from .number import is_number
from .record import named, text


class Uniform:
    """Real numbers between two, each as likely as any other.

    Args:
        low, high: the least and the largest number.

    Raises:
        ArgumentError: unless low < high.

    Example:
        >>> Uniform(0.0, 0.5)
        Uniform(0.0, 0.5)
    """

    def __init__(self, low: float, high: float) -> None:
        place = f"{type(self).__name__}: got low={low!r} and high={high!r}, expected"
        if not (is_number(low) and is_number(high)):
            raise ArgumentTypeError(f"{place} two numbers.")
        if not (math.isfinite(low) and math.isfinite(high) and low < high):
            raise ArgumentError(f"{place} low < high.")
        self.low, self.high = low, high

    def draw(self, rng: np.random.Generator) -> Any:
        """Return one number."""
        return float(rng.uniform(self.low, self.high))

    def distribution(self, optuna: Any) -> Any:
        """Return Optuna's word for it."""
        return optuna.distributions.FloatDistribution(self.low, self.high)

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.low!r}, {self.high!r})"


class LogUniform(Uniform):
    """Positive numbers between two, each order of magnitude as likely as any other.

    Args:
        low, high: the least and the largest number.

    Raises:
        ArgumentError: unless 0 < low < high.

    Example:
        >>> LogUniform(1e-4, 1e-1)
        LogUniform(0.0001, 0.1)
    """

    def __init__(self, low: float, high: float) -> None:
        super().__init__(low, high)
        if low <= 0:
            raise ArgumentError(f"LogUniform: got low={low!r}, expected a positive number.")

    def draw(self, rng: np.random.Generator) -> Any:
        """Return one number."""
        return float(math.exp(rng.uniform(math.log(self.low), math.log(self.high))))

    def distribution(self, optuna: Any) -> Any:
        """Return Optuna's word for it."""
        return optuna.distributions.FloatDistribution(self.low, self.high, log=True)


class Integers(Uniform):
    """Whole numbers from the first to the last, both among them.

    Args:
        low, high: the least and the largest number.

    Raises:
        ArgumentError: unless both are whole and low < high.

    Example:
        >>> Integers(10, 100)
        Integers(10, 100)
    """

    def __init__(self, low: int, high: int) -> None:
        super().__init__(low, high)
        if int(low) != low or int(high) != high:
            raise ArgumentError(f"Integers: got {low!r} and {high!r}, expected whole numbers.")

    def draw(self, rng: np.random.Generator) -> Any:
        """Return one number."""
        return int(rng.integers(int(self.low), int(self.high), endpoint=True))

    def distribution(self, optuna: Any) -> Any:
        """Return Optuna's word for it."""
        return optuna.distributions.IntDistribution(int(self.low), int(self.high))


class Space:
    """Names with what their values may be.

    Args:
        given: name -> a list of values, a `Uniform`, `LogUniform` or `Integers`, or anything with
            `rvs`, as the distributions of SciPy have it.
        place: how messages call the caller.

    Raises:
        ArgumentTypeError, ArgumentError: for anything else, and for lists without values.
    """

    def __init__(self, given: Any, place: str) -> None:
        if not isinstance(given, Mapping) or not given:
            raise ArgumentTypeError(
                f"{place}, `space`: got {given!r:.60}, expected a dict of names and values, for "
                "instance {'units': [10, 30], 'rate': LogUniform(1e-4, 1e-1)}."
            )
        self.place = place
        self.parts = {str(name): self._part(name, value) for name, value in given.items()}

    def _part(self, name: Any, value: Any) -> Any:
        if isinstance(value, Uniform) or hasattr(value, "rvs"):
            return value
        if isinstance(value, (list, tuple, range, np.ndarray)):
            values = [one.item() if isinstance(one, np.generic) else one for one in value]
            if values:
                return values
        raise ArgumentError(
            f"{self.place}, `space`: got {value!r:.60} for {name!r}, expected a list of values, "
            "Uniform, LogUniform, Integers, or a distribution of scipy.stats."
        )

    def draw(self, seed: int) -> dict[str, Any]:
        """Return one candidate's parameters; the same for the same seed."""
        rng = np.random.default_rng(seed)
        return {name: _drawn(part, rng) for name, part in self.parts.items()}

    def grid(self) -> Iterator[dict[str, Any]]:
        """Give each combination of values, the last name changing fastest.

        Raises:
            ArgumentError: if a name has no list of values.
        """
        for name, part in self.parts.items():
            if not isinstance(part, list):
                raise ArgumentError(
                    f"{self.place}, `space`: got {part!r:.60} for {name!r}, expected a list: a "
                    "grid goes through all values. Say method='random', or give a list."
                )
        for values in itertools.product(*self.parts.values()):
            yield dict(zip(self.parts, values, strict=True))

    def distributions(self, optuna: Any) -> dict[str, Any]:
        """Return the space in Optuna's words: lists by the places of their values.

        Raises:
            ArgumentError: for distributions of SciPy, which Optuna does not know.
        """
        found = {}
        for name, part in self.parts.items():
            if isinstance(part, list):
                found[name] = optuna.distributions.CategoricalDistribution(range(len(part)))
            elif isinstance(part, Uniform):
                found[name] = part.distribution(optuna)
            else:
                raise ArgumentError(
                    f"{self.place}, `space`: got {part!r:.60} for {name!r}, which Optuna does not "
                    "know. Give a list, Uniform, LogUniform or Integers."
                )
        return found

    def named(self, asked: Mapping[str, Any]) -> dict[str, Any]:
        """Return parameters for what Optuna chose: values for their places in lists."""
        return {
            name: part[asked[name]] if isinstance(part, list) else asked[name]
            for name, part in self.parts.items()
        }

    def placed(self, params: Mapping[str, Any]) -> dict[str, Any]:
        """Return what Optuna would have chosen for some parameters."""
        return {
            name: _place(part, params[name]) if isinstance(part, list) else params[name]
            for name, part in self.parts.items()
        }

    def read(self, params: Mapping[str, Any]) -> dict[str, Any]:
        """Return parameters that a folder has, with the values that it knows by name only."""
        return {
            name: part[_place([text(one) for one in part], text(params[name]))]
            if isinstance(part, list) else params[name]
            for name, part in self.parts.items()
        }  # fmt: skip

    def __repr__(self) -> str:
        return "{" + ", ".join(f"{n!r}: {_shown(p)}" for n, p in self.parts.items()) + "}"


def _drawn(part: Any, rng: np.random.Generator) -> Any:
    if isinstance(part, list):
        return part[int(rng.integers(len(part)))]
    if isinstance(part, Uniform):
        return part.draw(rng)
    value = part.rvs(random_state=np.random.RandomState(int(rng.integers(2**32))))
    return value.item() if isinstance(value, np.generic) else value


def _place(values: list[Any], value: Any) -> int:
    same = [k for k, one in enumerate(values) if one is value]
    return same[0] if same else [text(one) for one in values].index(text(value))


def _shown(part: Any) -> str:
    if isinstance(part, list):
        return f"[{', '.join(named(one) for one in part)}]"
    if isinstance(part, Uniform):
        return repr(part)
    dist = getattr(part, "dist", None)
    words = f"{getattr(dist, 'name', type(part).__name__)}{getattr(part, 'args', ())}"
    return words + (str(part.kwds) if getattr(part, "kwds", None) else "")
