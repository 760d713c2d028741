"""Ensemble: several networks trained together, whose mean is one model."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from typing import Any

import numpy as np

from ranvier import Input, Model, fit_many, layers, models
from ranvier.errors import (
    ArgumentError,
    ArgumentTypeError,
    NotBuiltError,
    RanvierError,
    ShapeError,
)

from .builder import Builder
from .number import is_count
from .preprocessing import adapt
from .rows import count, settled_pair
from .seed import base_seed, seed_of
from .task import callbacks_of, check_callbacks, parted, tell_order

_PLACE = "Ensemble"


class Ensemble:
    """The mean of several networks: of probabilities, it is a soft vote.

    Networks that differ only in their seeds err in different places, so their mean errs less
    often. They train at once, each as it would alone: member k, bit for bit, is the model made and
    trained after `utils.set_random_seed(ensemble.seeds[k])`.

    Args:
        model: a compiled model, of which `size` new ones are made, a function that makes a
            compiled model, or a list of trained models, for instance those of `cross_validate`.
        size: how many members, default 5; a list has as many as it has.
        seed: what their weights and the orders of their rows depend on. Default: drawn from
            NumPy's generator.

    Attributes:
        members: the models.
        seeds: theirs; empty for a list of models.
        model: the functional model underneath, members and mean, once shapes are known.
        histories: a `History` a member, after `fit`.

    Raises:
        ArgumentTypeError: for anything but models and functions.
        ArgumentError: if `size` is no positive int, or a list is empty.

    Example:
        >>> import ranvier
        >>> x, y = np.arange(20.0).reshape(20, 1) / 20, np.arange(20) // 10
        >>> def build():
        ...     net = ranvier.Sequential([ranvier.layers.Dense(2, "softmax")])
        ...     net.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])
        ...     return net
        >>> three = Ensemble(build, size=3, seed=1)
        >>> _ = three.fit(x, y, epochs=2, verbose=0)
        >>> three.predict(x, verbose=0).shape, len(three.members)
        ((20, 2), 3)

    Source: Hansen and Salamon 1990, "Neural network ensembles"; with `bootstrap=True` Breiman
        1996, "Bagging predictors".
    """

    def __init__(self, model: Any, size: int = 5, seed: int | None = None) -> None:
        self._model: Any = None
        self.histories: list[Any] = []
        self.seeds: list[int] = []
        self._adapted = True
        if isinstance(model, (list, tuple)):
            if not model:
                raise ArgumentError(f"{_PLACE}, `model`: got a list of 0, expected models in it.")
            for place, one in enumerate(model):
                if not isinstance(one, Model):
                    raise ArgumentTypeError(
                        f"{_PLACE}, `model`: item {place} of {len(model)} is {one!r:.60}, expected "
                        "a model."
                    )
            self.members = list(model)
            return
        if not is_count(size):
            raise ArgumentError(f"{_PLACE}, `size`: got {size!r}, expected a positive int.")
        first = base_seed(seed, _PLACE)
        self.seeds = [seed_of(first, k) for k in range(size)]
        builder = Builder(model, _PLACE)
        self.members = [builder.make(one) for one in self.seeds]
        self._adapted = False

    def __len__(self) -> int:
        return len(self.members)

    # --- training ---------------------------------------------------------------------------
    def fit(
        self,
        x: Any,
        y: Any = None,
        batch_size: int | None = 32,
        epochs: int = 1,
        verbose: Any = "auto",
        callbacks: Any = None,
        validation_split: float = 0.0,
        validation_data: Any = None,
        shuffle: bool = True,
        class_weight: Any = None,
        sample_weight: Any = None,
        bootstrap: bool = False,
        threads: int | None = None,
    ) -> list[Any]:
        """Train all members at once, and return the History of each.

        Args:
            x, y, batch_size, epochs, validation_split, validation_data, shuffle, class_weight,
                sample_weight: as for `fit` of a model.
            verbose: 1 one display for all members, 0 nothing; "auto" 1.
            callbacks: callbacks, copied for each member, or a function that makes a list of them,
                which those that write files need.
            bootstrap: whether each member trains on as many rows drawn with replacement, which
                makes the members differ more.
            threads: how many members train at once; default `config.threads()`.
        """
        check_callbacks(callbacks, _PLACE)
        x, y = settled_pair(x, y)
        fraction = 0.0 if validation_data is not None else validation_split
        tell_order(y, fraction, _PLACE)
        train, held = parted(np.arange(count(x)), fraction, _PLACE)
        rows = [train] * len(self)
        if bootstrap:
            rows = [_drawn(train, k, self.seeds) for k in range(len(self))]
        if not self._adapted:
            for member, own in zip(self.members, rows, strict=True):
                adapt(member, x, np.unique(own), _PLACE)
            self._adapted = True
        self.histories = fit_many(
            self.members, x, y, batch_size=batch_size, epochs=epochs, rows=rows,
            validation_rows=held, validation_data=validation_data, sample_weight=sample_weight,
            class_weight=class_weight, shuffle=shuffle, seeds=self.seeds or None, verbose=verbose,
            callbacks=[callbacks_of(callbacks, _PLACE) for _ in self.members], threads=threads,
        )  # fmt: skip
        return self.histories

    # --- one model --------------------------------------------------------------------------
    @property
    def model(self) -> Any:
        """The functional model: members side by side, and the mean of their outputs.

        Raises:
            NotBuiltError: while the members do not know their inputs.
        """
        if self._model is None:
            self._model = _joined(self.members)
        return self._model

    def compile(self, **arguments: Any) -> None:
        """Say how the mean is evaluated, where it shall differ from the members' own `compile`."""
        self.model.compile(**arguments)

    def predict(self, x: Any, batch_size: int | None = None, verbose: Any = "auto") -> Any:
        """Return the mean of the members' outputs."""
        return self.model.predict(x, batch_size=batch_size, verbose=verbose)

    def evaluate(self, x: Any, y: Any = None, **arguments: Any) -> Any:
        """Return loss and metrics of the mean, as `evaluate` of a model does."""
        return self.model.evaluate(x, y, **arguments)

    def __call__(self, x: Any, training: bool = False) -> Any:
        """Return the mean on arrays or KerasTensors, so that it may stand in another model."""
        return self.model(x, training=training)

    def summary(self, **arguments: Any) -> None:
        """Print the functional model's layers."""
        self.model.summary(**arguments)

    def save(self, filepath: Any, overwrite: bool = True) -> None:
        """Write a `.keras` file of the functional model: `load_model` and Keras 3 open it, too."""
        self.model.save(filepath, overwrite=overwrite)

    def export(self, filepath: Any, **arguments: Any) -> Any:
        """Write the functional model in another format; see `Model.export`."""
        return self.model.export(filepath, **arguments)

    @classmethod
    def load(cls, filepath: Any) -> Ensemble:
        """Return the ensemble in a file that `save` wrote.

        Raises:
            ArgumentTypeError: if the model in the file is no mean of models.
        """
        model = models.load_model(filepath)
        members = [layer for layer in model.layers if isinstance(layer, Model)]
        if not members:
            raise ArgumentTypeError(
                f"{_PLACE}.load: the model in {filepath} has no members. Use models.load_model."
            )
        found = cls(members)
        found._model = model
        return found

    def __repr__(self) -> str:
        return f"Ensemble({len(self)} x {self.members[0].name!r})"


def _drawn(rows: np.ndarray, place: int, seeds: Sequence[int]) -> np.ndarray:
    """Return as many of the rows, drawn with replacement by a member's own seed."""
    rng = np.random.default_rng(seeds[place] if seeds else np.random.randint(2**31))
    return np.sort(rng.choice(rows, len(rows)))


def _joined(members: Sequence[Any]) -> Any:
    """Return a functional model that gives the mean of some models' outputs."""
    for k, member in enumerate(members):
        if not member.built or not getattr(member, "inputs", None):
            raise NotBuiltError(
                f"{_PLACE}: its members do not know their inputs{_way_out(member)}."
            )
        member.name = f"member_{k + 1}"  # layers of one model have names of their own
    first = members[0]
    inputs = [Input(tuple(t.shape[1:]), dtype=t.dtype, name=t.name) for t in first.inputs]
    entry: Any = inputs if len(inputs) > 1 else inputs[0]
    outputs = [member(entry) for member in members]
    if len({str(_shapes(one)) for one in outputs}) > 1:
        raise ShapeError(
            f"{_PLACE}: its members' outputs have the shapes "
            f"{', '.join(str(_shapes(one)) for one in outputs)}, expected the same of all: a mean "
            "is taken number by number."
        )
    model = Model(entry, _mean(outputs), name="ensemble")
    if first.compiled:
        # A loss may have no config: then `evaluate` says that `compile` is needed.
        with suppress(RanvierError, TypeError):
            model.compile_from_config(first.get_compile_config())
    return model


def _way_out(member: Any) -> str:
    if member.built and not hasattr(member, "inputs"):
        return (
            f", as {type(member).__name__} is a class of its own. Make each a functional one: "
            "inputs = Input(shape), Model(inputs, net(inputs))"
        )
    return " yet. Call fit first, or begin them with an Input"


def _shapes(output: Any) -> Any:
    if isinstance(output, dict):
        return {name: _shapes(one) for name, one in output.items()}
    several = isinstance(output, (list, tuple))
    return [_shapes(one) for one in output] if several else tuple(output.shape)


def _mean(outputs: Sequence[Any]) -> Any:
    first = outputs[0]
    if isinstance(first, dict):
        return {name: _mean([one[name] for one in outputs]) for name in first}
    if isinstance(first, (list, tuple)):
        return [_mean([one[k] for one in outputs]) for k in range(len(first))]
    return first if len(outputs) == 1 else layers.average(list(outputs))
