"""One step on one batch: `train_on_batch`, `test_on_batch`."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..data import Table
from .evaluate import in_order
from .fit import weighed
from .intake import Intake


def train_on_batch(
    model: Any, x: Any, y: Any, sample_weight: Any, class_weight: Any, return_dict: bool
) -> Any:
    """Train on one batch; see `Trainer.train_on_batch`."""
    intake = Intake(model)
    table = intake.table(x, y, sample_weight)
    if class_weight is not None:
        table = weighed(table, class_weight, model)
    return _step(model, intake, table, "train", return_dict)


def test_on_batch(model: Any, x: Any, y: Any, sample_weight: Any, return_dict: bool) -> Any:
    """Evaluate one batch; see `Trainer.test_on_batch`."""
    intake = Intake(model)
    return _step(model, intake, intake.table(x, y, sample_weight), "test", return_dict)


def _step(model: Any, intake: Intake, table: Table, kind: str, return_dict: bool) -> Any:
    intake.check(table)
    feed = intake.feed(table)
    model.reset_metrics()
    program = model.program(kind, feed.specs, table.rows)
    program.run(feed.arrays, np.arange(table.rows), table.rows)
    logs = model.step_logs(kind)
    return dict(sorted(logs.items())) if return_dict else in_order(model, logs)
