"""New models, with weights drawn anew: from a function, or like a model that is given."""

from __future__ import annotations

from typing import Any
from weakref import WeakValueDictionary

from ranvier import Model, models
from ranvier.errors import ArgumentError, ArgumentTypeError, RanvierError

from .model_parameters import KWARGS, called
from .seed import seeded


class Builder:
    """Makes compiled models, each of them a new one.

    Args:
        given: a function that returns a compiled model, or a compiled model to make others like.
        place: how messages call the caller.
        argument: what the caller calls `given`.

    Raises:
        ArgumentTypeError: for anything else.
    """

    def __init__(self, given: Any, place: str, argument: str = "model") -> None:
        self.given, self.place, self.argument = given, place, argument
        self._where = f"{place}, `{argument}`"
        if isinstance(given, type) or not (isinstance(given, Model) or callable(given)):
            raise ArgumentTypeError(
                f"{self._where}: got {given!r:.60}, expected a compiled model, or a function that "
                "makes one."
            )
        if isinstance(given, Model):
            self._need_compiled(given)
        #: What was made and is still there: models and the variables that their training changes.
        self._made: WeakValueDictionary[int, Any] = WeakValueDictionary()

    def __reduce__(self) -> Any:
        return Builder, (self.given, self.place, self.argument)

    def example(self) -> Any:
        """Return a model to look at: the one given, or one that the function makes."""
        return self.given if isinstance(self.given, Model) else self.make(0)

    def make(self, seed: int, **params: Any) -> Any:
        """Return a new model as `utils.set_random_seed(seed)` and a call would give it.

        Raises:
            ArgumentError: if the function returns a model that is not compiled or not new.
        """
        with seeded(seed):
            way_out = "Give it just these parameters, by their names."
            model = made(self.given, params, self._where, way_out)
            self._need_compiled(model)
            self._need_new(model)
        return model

    def _need_compiled(self, model: Any) -> None:
        if not model.compiled:
            raise ArgumentError(
                f"{self._where}: model '{model.name}' was not compiled. Call "
                "model.compile(optimizer='adam', loss=...) where it is made."
            )

    def _need_new(self, model: Any) -> None:
        """Refuse what was made before: a training would go on from the end of another one."""
        named = [("it", model)]
        named += [(f"its variable '{one.path}'", one) for one in model.trainable_variables]
        for name, one in named:
            if self._made.get(id(one)) is one:
                raise ArgumentError(
                    f"{self._where}: the function returned model '{model.name}', but {name} was "
                    "made in an earlier call, so that each training would go on from the one "
                    "before. Make model and layers inside the function."
                )
            self._made[id(one)] = one


def made(given: Any, words: dict[str, Any], place: str, way_out: str = KWARGS) -> Any:
    """Return a new model: what a function returns, or another one like a model that is given.

    Args:
        given: the function or the model.
        words: the function's arguments.
        place: how messages call `given`.
        way_out: what to do where the function does not take its arguments.

    Raises:
        ArgumentTypeError: if `given` is neither, or the function returns something else.
        ArgumentError: if a model cannot be made anew.
    """
    if isinstance(given, Model):
        return _like(given, place)
    if not callable(given):
        raise ArgumentTypeError(
            f"{place}: got {given!r:.60}, expected a model, or a function that returns one."
        )
    model = called(given, words, place, way_out)
    if not isinstance(model, Model):
        raise ArgumentTypeError(f"{place}: the function returned {model!r:.60}, expected a model.")
    return model


def _like(model: Any, place: str) -> Any:
    """Return a new model with the layers and the `compile` of a model, and weights of its own."""
    try:
        new = models.clone_model(model)
        if model.compiled:
            new.compile_from_config(model.get_compile_config())
    except (RanvierError, TypeError) as error:
        raise ArgumentError(
            f"{place}: it cannot be made anew from its config ({error}) Give a function that makes "
            "and compiles the model instead."
        ) from error
    return new
