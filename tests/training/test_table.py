"""The training table has a row for everything that Ranvier lists by name."""

from __future__ import annotations

import inspect
from collections.abc import Iterable

from ranvier import activations, constraints, losses, metrics, optimizers, regularizers, schedules
from tests.metrics import cases as metric_cases
from tests.optimizers import cases as optimizer_cases
from tests.training.rows import activations as activation_rows
from tests.training.rows import losses as loss_rows
from tests.training.rows import optimizers as optimizer_rows
from tests.training.rows import penalties


def _classes(catalog: dict) -> set[str]:
    return {one.__name__ for one in catalog.values() if inspect.isclass(one)}


def _same(rows: Iterable[str], listed: set[str], file: str) -> None:
    assert set(rows) == listed, f"tests/{file}.py has a row for each"


def test_optimizers_and_schedules() -> None:
    cases = {cls for cls, _ in optimizer_cases.CASES.values()}
    _same(cases, _classes(optimizers.CATALOG), "optimizers/cases")
    _same(optimizer_rows.SCHEDULES, _classes(schedules.CATALOG), "training/rows/optimizers")


def test_losses() -> None:
    # LossFunctionWrapper is what a loss function of the user's own becomes.
    listed = _classes(losses.CATALOG) - {"LossFunctionWrapper"}
    _same(loss_rows.NAMES, listed, "training/rows/losses")


def test_metrics() -> None:
    # Mean and Sum take no targets; MeanMetricWrapper is what a function becomes.
    listed = _classes(metrics.CATALOG) - {"Mean", "Sum", "MeanMetricWrapper"}
    _same((name for name, _, _ in metric_cases.CASES), listed, "metrics/cases")


def test_activations() -> None:
    rows = (*activation_rows.NAMES, *activation_rows.LEFT_OUT)
    _same(rows, set(activations.CATALOG), "training/rows/activations")


def test_constraints_and_regularizers() -> None:
    _same(penalties.CONSTRAINTS, _classes(constraints.CATALOG), "training/rows/penalties")
    _same(penalties.REGULARIZERS, _classes(regularizers.CATALOG), "training/rows/penalties")
