"""Arguments that an estimator hands on, searched like its own parameters."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import Any

from ranvier import Model
from ranvier.errors import ArgumentError, ArgumentTypeError

#: How names of arguments begin, and the parameter that keeps these in a dict.
_DICTS = {"model__": "model_kwargs", "fit__": "fit_kwargs"}


class ModelParameters:
    """Lets `model__units=64` set an argument of the function given as `model`.

    So `GridSearchCV(RanvierClassifier(build), {"model__units": [16, 32]}, ...)` searches them.
    They are kept in `model_kwargs`; where there are `fit_kwargs`, `fit__epochs=5` sets one there.
    """

    model: Any
    model_kwargs: dict[str, Any] | None

    def _check_model_kwargs(self) -> None:
        """Refuse arguments that no function would get.

        Raises:
            ArgumentError: it says what `model` is instead.
        """
        given, place = self.model_kwargs, f"{type(self).__name__}, `model_kwargs`"
        if given is not None and not isinstance(given, dict):
            raise ArgumentError(
                f"{place}: got {given!r}, expected a dict of arguments for `model`, or None."
            )
        if given and (isinstance(self.model, Model) or not callable(self.model)):
            raise ArgumentError(
                f"{place}: got {given!r:.60}, but `model` is {self.model!r:.60}, which takes no "
                "arguments. Give model= a function that takes them and returns a model."
            )

    def get_params(self, deep: bool = True) -> dict[str, Any]:
        """Return the parameters by name; deep ones include the arguments in their dicts."""
        found: dict[str, Any] = super().get_params(deep=deep)  # type: ignore[misc]
        for start, kept in self._dicts().items() if deep else ():
            if isinstance(found[kept], dict):
                found |= {start + name: value for name, value in found[kept].items()}
        return found

    def set_params(self, **params: Any) -> Any:
        """Set parameters by name, and return the estimator."""
        for start, kept in self._dicts().items():
            own = {n[len(start) :]: params.pop(n) for n in list(params) if n.startswith(start)}
            if own:
                params[kept] = {**(params.get(kept, getattr(self, kept)) or {}), **own}
        super().set_params(**params)  # type: ignore[misc]
        return self

    def _dicts(self) -> dict[str, str]:
        return {start: kept for start, kept in _DICTS.items() if hasattr(self, kept)}


#: The way out where the function gets arguments from an estimator.
KWARGS = "Change its arguments, or `model_kwargs`, which has those besides X and y."


def called(
    function: Callable[..., Any], words: dict[str, Any], place: str, way_out: str = KWARGS
) -> Any:
    """Return what a user's function gives for arguments by name.

    Args:
        function: what is called.
        words: its arguments.
        place: how messages call it.
        way_out: the message's last sentence.

    Raises:
        ArgumentTypeError: if it does not take them.
    """
    try:
        inspect.signature(function).bind(**words)
    except TypeError as error:
        raise ArgumentTypeError(
            f"{place}: the function does not take what it is given ({', '.join(words)}): {error}. "
            f"{way_out}"
        ) from error
    except ValueError:  # no signature, as some of C's
        pass
    return function(**words)
