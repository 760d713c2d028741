"""Training: the epoch loop, and between its chunks the progress bar and the callbacks."""

from __future__ import annotations

import math
from collections.abc import Callable, Generator, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from .. import data
from ..callbacks import CallbackList
from ..data import Table
from ..graph.errors import ArgumentError, ArgumentTypeError, warn
from .advice import advise
from .evaluate import Validation
from .feed import hides_lost_weights
from .intake import Intake
from .pace import Pace
from .position import Position
from .run import Source, callback_list, epoch_parts, programs, steps_a_call


@dataclass
class Settings:
    """The numbers that `fit` takes, checked."""

    epochs: int
    initial_epoch: int
    batch: int | None
    steps: int | None
    shuffle: bool | str
    verbose: int
    callbacks: Any
    validation_freq: int | frozenset[int]

    @staticmethod
    def of(arguments: dict[str, Any]) -> Settings:
        """Return the settings in the arguments of `fit`."""
        batch = arguments["batch_size"]
        return Settings(
            data.whole("epochs", arguments["epochs"], 0),
            data.whole("initial_epoch", arguments["initial_epoch"], 0),
            None if batch is None else data.batch_size(batch),
            data.optional("steps_per_epoch", arguments.get("steps_per_epoch")),
            arguments["shuffle"],
            data.verbosity(arguments["verbose"]),
            arguments["callbacks"],
            data.frequency(arguments["validation_freq"]),
        )


def fit(model: Any, x: Any, y: Any, sample_weight: Any, **arguments: Any) -> Any:
    """Train the model; see `Trainer.fit` for the arguments."""
    settings = Settings.of(arguments)
    with ExitStack() as ends:
        run = prepared(ends, model, x, y, sample_weight, settings, arguments)
        for _ in run.parts():
            pass
    return model.history


#: What a run gives in place of a number of steps where callbacks come next.
CALLBACKS = -1


@dataclass
class Run:
    """One training, ready to begin: where rows come from, and who hears of it.

    Attributes:
        told: has said what was to be said.
        claim: is told of each program before it runs; may refuse it.
    """

    model: Any
    source: Source
    validation: Validation | None
    callbacks: CallbackList
    settings: Settings
    told: Told
    claim: Callable[[Any], None] | None = None

    def parts(self) -> Iterator[int]:
        """Train, a native call a turn of the loop.

        Yields the training steps done since the last turn, often 0, and CALLBACKS before those of
        an epoch's end, so that they may be called from another thread than the one of the steps.
        """
        model = self.model
        model.stop_training = False
        try:
            logs = yield from self._epochs()
        finally:
            model.position = None
            optimizer = model.optimizer
            if self.settings.epochs > 0 and optimizer.built and optimizer.use_ema:
                with model._as_compiled("train"):
                    optimizer.finalize_variable_values(model.trainable_variables)
        self.callbacks.on_train_end(logs)

    def _epochs(self) -> Generator[int, None, dict[str, Any]]:
        """Train; return the logs of the last epoch."""
        model, source, callbacks, settings = self.model, self.source, self.callbacks, self.settings
        compiled = model.compiled_step
        pace = Pace(steps_a_call(model, callbacks, "train"))
        compiled_steps = programs(model, "train", self.claim)
        logs: dict[str, Any] = {}
        position = model.position = Position(model, source, settings.initial_epoch)
        callbacks.on_train_begin()
        for epoch in range(position.epoch, settings.epochs):
            done = position.begin(epoch)
            callbacks.on_epoch_begin(epoch)
            if model.stop_training:
                pace = Pace(model.steps_per_execution)  # the epoch ends after its first call
            yield 0

            def begin(first: int) -> None:
                position.first_steps()
                callbacks.on_train_batch_begin(first)

            def end(last: int, epoch: int = epoch) -> bool:
                self.told.look(compiled, epoch, source.steps)
                callbacks.on_train_batch_end(last, lambda: model.step_logs("train"))
                return bool(model.stop_training)

            turn = model._busy.steps
            yield from epoch_parts(source, compiled_steps, pace, begin, end, turn=turn, skip=done)
            position.first_steps()  # where none were left
            if hides_lost_weights(model):
                self._show_lost_weights(epoch)
            logs = model.step_logs("train")
            if self.validation is not None and data.validates(settings.validation_freq, epoch):
                found: dict[str, Any] = {}
                for _ in self.validation.parts(callbacks, found):
                    yield 0
                logs.update((f"val_{name}", value) for name, value in found.items())
            yield CALLBACKS
            callbacks.on_epoch_end(epoch, logs)
            if model.stop_training:
                break
        return logs

    def _show_lost_weights(self, epoch: int) -> None:
        """Make the loss NaN, as it is where products meet zeros; from now on they do."""
        self.told.lost(epoch)
        self.model.compiled_step.mean_loss.total.assign(np.nan)
        self.source.meet_zeros()
        if self.validation is not None:
            self.validation.source.meet_zeros()


def prepared(
    ends: ExitStack, model: Any, x: Any, y: Any, sample_weight: Any, settings: Settings,
    arguments: dict[str, Any],
) -> Run:  # fmt: skip
    """Return the run that the arguments of `fit` describe; what it holds open goes into `ends`."""
    source, held_out = _sources(model, x, y, sample_weight, settings, arguments)
    ends.callback(source.close)
    validation = _validation(model, held_out, settings, arguments)
    if validation is not None:
        ends.callback(validation.source.close)
    advise(model)
    callbacks = callback_list(
        settings.callbacks, model, settings.verbose, settings.epochs, source.steps, True
    )
    return Run(model, source, validation, callbacks, settings, Told())


# --- data ---------------------------------------------------------------------------------------
def _sources(
    model: Any, x: Any, y: Any, weights: Any, settings: Settings, arguments: dict[str, Any]
) -> tuple[Source, Table | None]:
    """Return where the steps get their rows, and the rows that validation_split holds back."""
    intake = Intake(model, training=True)
    fraction = data.fraction(arguments["validation_split"])
    class_weight = arguments["class_weight"]
    if data.is_stream(x):
        for name, value in (("y", y), ("sample_weight", weights),
                            ("validation_split", fraction or None)):  # fmt: skip
            if value is not None:
                raise ArgumentError(
                    f"fit, `{name}`: cannot go with a generator or data set as x. Let it give "
                    "(x, y) or (x, y, sample_weight) batches, and hold data out yourself."
                )
        weigh = None if class_weight is None else lambda t: weighed(t, class_weight, model)
        epochs = settings.epochs - settings.initial_epoch
        return intake.stream(x, settings.steps, settings.shuffle, epochs, weigh), None
    if y is None and model.compiled_step.loss is not None and isinstance(x, tuple):
        x, y, weights = data.unpack(x)
    held_out = None
    fraction = 0.0 if arguments["validation_data"] is not None else fraction
    table = intake.table(x, y, weights)
    intake.check(table, fraction)
    if fraction:
        table, held_out = data.split(table, fraction)
    if class_weight is not None:
        table = weighed(table, class_weight, model)
    batch = data.batch_size(settings.batch, table.rows, settings.steps)
    return intake.source(table, batch, settings.steps, settings.shuffle), held_out


def weighed(table: Table, class_weight: Any, model: Any) -> Table:
    """Return the table with the weight of each row's class in its sample weights.

    Raises:
        ArgumentError: if the model has several outputs, or there are no targets.
    """
    if len(table.y) != 1 or table.y[0] is None:
        raise ArgumentError(
            f"class_weight: got it for a model with {len(table.y)} targets, expected one. Give "
            "sample_weight with an array for each output instead."
        )
    classes = model.known_outputs()[0].shape[-1]
    rows = data.class_weights(
        table.y[0], class_weight, classes if classes is not None and classes > 1 else None
    )
    given = table.weights[0]
    return replace(table, weights=[rows if given is None else (rows * given)])


def _validation(
    model: Any, held_out: Table | None, settings: Settings, arguments: dict[str, Any]
) -> Validation | None:
    given = arguments["validation_data"]
    if given is None and held_out is None:
        return None
    intake = Intake(model, where="validation_data, ")
    batch = arguments["validation_batch_size"] or settings.batch
    steps = data.optional("validation_steps", arguments.get("validation_steps"))
    if held_out is None:
        if data.is_stream(given):
            return Validation(model, intake.stream(given, steps, again=True))
        held_out = intake.table(*triple(given))
        intake.check(held_out)
        intake.check_values(held_out)
    size = data.batch_size(batch, held_out.rows, steps)
    return Validation(model, intake.source(held_out.first(steps, size), size))


def triple(given: Any) -> tuple[Any, Any, Any]:
    """Return validation data as (x, y, sample_weight)."""
    if isinstance(given, list) and len(given) in (2, 3):
        given = tuple(given)
    if not isinstance(given, tuple) or len(given) not in (1, 2, 3):
        size = f" of {len(given)}" if isinstance(given, (list, tuple)) else ""
        raise ArgumentTypeError(
            f"validation_data: got a {type(given).__name__}{size}, expected (x, y) or "
            "(x, y, sample_weight), or (x,) for a model without targets."
        )
    return data.unpack(given)


# --- what went wrong ----------------------------------------------------------------------------
class Told:
    """Says once a run that the loss is no number any more, and since which batch.

    Args:
        place: what the message begins with.
    """

    def __init__(self, place: str = "fit") -> None:
        self._place, self._done = place, False

    def look(self, compiled: Any, epoch: int, steps: int | None) -> None:
        """Warn if the running loss is NaN or infinite."""
        if self._done:
            return
        total = float(compiled.mean_loss.total.numpy())
        if math.isfinite(total):
            return
        self._done = True
        data.look_again()
        batch = int(np.asarray(compiled.finite_steps.numpy())) + 1
        what = "NaN" if math.isnan(total) else "infinite"
        of = f" of {steps}" if steps else ""
        warn(
            f"{self._place}: the loss became {what} at batch {batch}{of} of epoch {epoch + 1}, and "
            "the weights are likely lost. Lower the learning rate, scale the inputs, clip "
            "gradients (clipnorm=1.0), or stop there with callbacks=[TerminateOnNaN()].",
            RuntimeWarning,
        )

    def lost(self, epoch: int) -> None:
        """Warn that weights which no step met are no numbers."""
        if not self._done:
            warn(
                f"{self._place}: weights of inputs that are always 0 became NaN or infinite in "
                f"epoch {epoch + 1}, so the loss is NaN. An optimizer with epsilon=0 does that "
                "(0 / 0), or a constraint that divides by 0.",
                RuntimeWarning,
            )
        self._done = True
