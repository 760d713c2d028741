"""The training table: every optimizer, loss, metric, activation and option, in rows by name."""

from __future__ import annotations

from tests.training.row import Row
from tests.training.rows import (
    activations,
    filters,
    layers,
    losses,
    metrics,
    optimizers,
    outputs,
    own,
    penalties,
    weights,
)

_PARTS = (
    optimizers, losses, metrics, activations, layers, filters, penalties, weights, outputs,
    own,
)  # fmt: skip

TABLE: dict[str, Row] = {
    f"{part.__name__.rpartition('.')[2]}: {name}": row
    for part in _PARTS
    for name, row in part.ROWS.items()
}
