"""Trains a row with Keras or with Ranvier, by the same calls, and says what came of it."""

from __future__ import annotations

from typing import Any

import numpy as np

from tests.training.row import Row, cut, leaves, start

#: How often all rows are visited after the first step: 70 rows, or 66, make 10 steps.
EPOCHS = {"float32": 2, "float64": 20}
Numbers = dict[str, np.ndarray]


def train(k: Any, row: Row, dtype: str, epochs: int | None = None) -> Numbers:
    """Return History and weights after one step and after many, by name.

    Args:
        k: the module `keras` or `ranvier`.
        row: the row.
        dtype: the float type of everything.
        epochs: how many to train after the first step; default EPOCHS.
    """
    before = k.config.floatx()
    k.config.set_floatx(dtype)
    k.utils.clear_session()
    try:
        model = row.make(k)
        model.compile(**row.compiled(k))
        if not model.weights:
            model(np.asarray(row.x[:1], dtype))  # a subclass has weights once it was called
        start(model, row.start)
        epochs = EPOCHS[dtype] if epochs is None else epochs
        found = _fit(model, row, row.batch, 1, "first")
        # After moving averages went into the weights, Keras on JAX holds both in one buffer, which
        # its next step cannot give away twice.
        model.set_weights(model.get_weights())
        found |= _fit(model, row, row.rows, epochs, "last")
        return found | _answers(model, row) if row.answers else found
    finally:
        k.config.set_floatx(before)


def _fit(model: Any, row: Row, rows: int, epochs: int, mark: str) -> Numbers:
    history = model.fit(
        cut(row.x, rows), cut(row.y, rows), batch_size=row.batch, epochs=epochs, shuffle=False,
        verbose=0, **row.arguments(rows),
    ).history  # fmt: skip
    found = {f"{mark}/history/{key}": np.asarray(value) for key, value in history.items()}
    for variable in model.weights:
        found[f"{mark}/weight/{variable.path}"] = np.asarray(variable.numpy())
    return found


def _answers(model: Any, row: Row) -> Numbers:
    """Return what the other methods give: numbers, and the words that come with them."""
    weights = row.arguments(row.rows).get("sample_weight")
    data = (cut(row.x, row.rows), cut(row.y, row.rows))
    found: Numbers = {}

    def keep(name: str, value: Any) -> None:
        if isinstance(value, dict):
            found[f"{name}/names"] = np.array(list(value))
            value = list(value.values())
        many = isinstance(value, (list, tuple))
        found[f"{name}/form"] = np.array(type(value).__name__ if many else "one")
        for i, one in enumerate(value if many else [value]):
            found[f"{name}/{i}"] = np.asarray(one)

    # The last batch is a partial one.
    size = {"batch_size": row.batch, "verbose": 0}
    keep("evaluate", model.evaluate(*data, **size, sample_weight=weights))
    keep("evaluate dict", model.evaluate(*data, **size, sample_weight=weights, return_dict=True))
    predicted = model.predict(data[0], **size)
    keep("predict", predicted)
    keep("predict_on_batch", model.predict_on_batch(cut(row.x, row.batch)))
    found["predict/rows"] = np.array([len(one) for one in leaves(predicted)])
    for method in ("test_on_batch", "train_on_batch"):
        for form in (False, True):
            part = [cut(one, row.batch) for one in (*data, weights)]
            keep(f"{method} {form}", getattr(model, method)(*part, return_dict=form))
    return found
