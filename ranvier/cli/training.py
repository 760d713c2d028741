"""One training run: load, build, fit, keep, test, draw."""

from __future__ import annotations

import errno
import math
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click

from . import network, signals
from .report import report
from .setting import choose
from .task import Task, load


@dataclass(frozen=True)
class Plan:
    """What the options of `ranvier train` ask for, by their names."""

    dataset: str
    hidden: tuple[int, ...]
    activation: str
    dropout: float
    optimizer: str
    learning_rate: float | None
    epochs: int
    batch_size: int
    validation_split: float
    patience: int | None
    rows: int | None
    seed: int
    save: Path | None
    checkpoint: bool
    runs: Path | None
    verbose: str
    engine: str | None
    threads: int | None

    @property
    def model_path(self) -> Path | None:
        """The file that keeps the model, or None."""
        return self.save or (self.runs / "model.keras" if self.runs else None)


def run(plan: Plan) -> None:
    """Carry out a plan; where a signal stops it, keep what was learnt and pass the signal on."""
    from ranvier import utils

    _check(plan)
    choose(plan.engine, plan.threads)
    utils.set_random_seed(plan.seed)
    task = load(plan.dataset, plan.rows)
    model = network.build(task, plan.hidden, plan.activation, plan.dropout)
    network.compile_for(task, model, plan.optimizer, plan.learning_rate)
    _announce(plan, task, model)
    try:
        _fit(plan, task, model)
    except KeyboardInterrupt:
        with signals.held():
            _save(plan, model)
            place = f", the model so far is in {plan.model_path}" if plan.model_path else ""
            click.echo(f"\nStopped{place}.", err=True)
        raise
    with signals.held():
        _save(plan, model)
    counts = report(task, model)
    if plan.runs:
        from .pictures import draw

        draw(plan.runs, task, model, counts)


def _check(plan: Plan) -> None:
    """Refuse at once what would fail only after the training."""
    if plan.patience is not None and not plan.validation_split:
        raise click.UsageError(
            "--patience: early stopping watches the validation loss, and --validation-split is 0. "
            "Give for instance --validation-split 0.1."
        )
    path = plan.model_path
    if plan.checkpoint and path is None:
        raise click.UsageError("--checkpoint: say where, with --save MODEL.keras or --runs DIR.")
    if plan.save and plan.save.suffix != ".keras":
        raise click.UsageError(
            f"--save: got {str(plan.save)!r}, expected a name that ends in .keras."
        )
    for folder in (plan.runs, path.parent if path else None):
        if folder is not None:
            folder.mkdir(parents=True, exist_ok=True)
            if not os.access(folder, os.W_OK):
                raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(folder))


def _announce(plan: Plan, task: Task, model: Any) -> None:
    from ranvier import config

    rows = f"{len(task.x_train):,} rows"
    if plan.validation_split:
        rows += f" ({100 * plan.validation_split:.3g} % to validate on)"
    click.secho(
        f"{task.title}: {network.describe(model)}, {model.count_params():,} parameters, "
        f"{plan.optimizer}, {rows}, {config.engine()} engine, {config.threads()} threads",
        bold=True,
    )


def _fit(plan: Plan, task: Task, model: Any) -> None:
    model.fit(
        task.x_train,
        task.y_train,
        epochs=plan.epochs,
        batch_size=plan.batch_size,
        validation_split=plan.validation_split,
        callbacks=_callbacks(plan, model),
        verbose=plan.verbose if plan.verbose == "auto" else int(plan.verbose),
    )


def _callbacks(plan: Plan, model: Any) -> list[Any]:
    from ranvier import callbacks

    chosen: list[Any] = []
    if plan.runs:
        chosen.append(callbacks.CSVLogger(plan.runs / "history.csv"))
    # Before the checkpoint, which keeps the last good epoch.
    chosen.append(
        callbacks.LambdaCallback(on_epoch_end=lambda epoch, logs: _refuse_nan(plan, logs))
    )
    if plan.checkpoint:
        chosen.append(callbacks.LambdaCallback(on_epoch_end=lambda epoch, logs: _save(plan, model)))
    if plan.patience is not None:
        chosen.append(callbacks.EarlyStopping(patience=plan.patience, restore_best_weights=True))
    return chosen


def _refuse_nan(plan: Plan, logs: dict[str, float]) -> None:
    """Stop where a loss is no number: what comes after is not worth its time, nor a file."""
    from ranvier import errors

    if all(math.isfinite(logs.get(name, 0.0)) for name in ("loss", "val_loss")):
        return
    kept = f"{plan.model_path} is as it was" if plan.model_path else "there is no model to test"
    raise errors.LossError(
        f"train: the loss is NaN or infinite, so training stopped and {kept}. Give a smaller "
        "--learning-rate, or another --optimizer or --activation."
    )


def _save(plan: Plan, model: Any) -> None:
    if plan.model_path:
        model.save(plan.model_path)
