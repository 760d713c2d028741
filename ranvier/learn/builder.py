"""New models, with weights drawn anew: from a function, or like a model that is given."""

from __future__ import annotations

from typing import Any

from ranvier import Model, models
from ranvier.errors import ArgumentError, ArgumentTypeError, RanvierError

from .model_parameters import called
from .seed import seeded


class Builder:
    """Makes compiled models.

    Args:
        given: a function that returns a compiled model, or a compiled model to make others like.
        place: how messages call the caller.

    Raises:
        ArgumentTypeError: for anything else.
    """

    def __init__(self, given: Any, place: str) -> None:
        if isinstance(given, type) or not (isinstance(given, Model) or callable(given)):
            raise ArgumentTypeError(
                f"{place}, `model`: got {given!r:.60}, expected a compiled model, or a function "
                "that makes one."
            )
        self.given, self.place = given, place
        if isinstance(given, Model):
            _need_compiled(given, place)

    def example(self) -> Any:
        """Return a model to look at: the one given, or one that the function makes."""
        return self.given if isinstance(self.given, Model) else self.make(0)

    def make(self, seed: int, **params: Any) -> Any:
        """Return a new model as `utils.set_random_seed(seed)` and a call would give it."""
        with seeded(seed):
            if isinstance(self.given, Model):
                return like(self.given, self.place)
            model = called(
                self.given, params, f"{self.place}, `model`",
                "Give it just these parameters, by their names.",
            )  # fmt: skip
        if not isinstance(model, Model):
            raise ArgumentTypeError(
                f"{self.place}, `model`: the function returned {model!r:.60}, expected a model."
            )
        return _need_compiled(model, self.place)


def like(model: Any, place: str) -> Any:
    """Return a new model with the layers and the `compile` of a model, and weights of its own.

    Raises:
        ArgumentError: if a layer, the loss or a metric has no config to make another from.
    """
    try:
        new = models.clone_model(model)
        new.compile_from_config(model.get_compile_config())
    except (RanvierError, TypeError) as error:
        raise ArgumentError(
            f"{place}, `model`: it cannot be made anew from its config ({error}) Give a function "
            "that makes and compiles the model instead."
        ) from error
    return new


def _need_compiled(model: Any, place: str) -> Any:
    if not model.compiled:
        raise ArgumentError(
            f"{place}, `model`: model '{model.name}' was not compiled. Call "
            "model.compile(optimizer='adam', loss=...) where it is made."
        )
    return model
