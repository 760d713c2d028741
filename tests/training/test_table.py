"""The training table has a row for everything that Ranvier lists by name."""

from __future__ import annotations

import inspect

from ranvier import activations, constraints, losses, metrics, optimizers, regularizers, schedules
from tests.metrics import cases as metric_cases
from tests.optimizers import cases as optimizer_cases
from tests.training.rows import activations as activation_rows
from tests.training.rows import losses as loss_rows
from tests.training.rows import optimizers as optimizer_rows
from tests.training.rows import penalties


def _classes(catalog: dict) -> set[str]:
    return {one.__name__ for one in catalog.values() if inspect.isclass(one)}


def test_optimizers_and_schedules() -> None:
    assert {cls for cls, _ in optimizer_cases.CASES.values()} == _classes(optimizers.CATALOG)
    assert set(optimizer_rows.SCHEDULES) == _classes(schedules.CATALOG)


def test_losses() -> None:
    # LossFunctionWrapper is what a loss function of the user's own becomes.
    assert set(loss_rows.NAMES) == _classes(losses.CATALOG) - {"LossFunctionWrapper"}


def test_metrics() -> None:
    # Mean and Sum take no targets; MeanMetricWrapper is what a function becomes.
    others = {"Mean", "Sum", "MeanMetricWrapper"}
    assert {name for name, _, _ in metric_cases.CASES} == _classes(metrics.CATALOG) - others


def test_activations() -> None:
    assert {*activation_rows.NAMES, *activation_rows.LEFT_OUT} == set(activations.CATALOG)


def test_constraints_and_regularizers() -> None:
    assert set(penalties.CONSTRAINTS) == _classes(constraints.CATALOG)
    assert set(penalties.REGULARIZERS) == _classes(regularizers.CATALOG)
