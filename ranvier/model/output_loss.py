"""Which loss each output has, with its weight, its name in the History and its own mean."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from .. import losses as losses_room
from ..graph.errors import ArgumentError, nearest


@dataclass(frozen=True)
class OutputLoss:
    """The loss of one output.

    Attributes:
        index: the output's place among all outputs, flattened.
        loss: called with (y_true, y_pred, sample_weight), gives one number.
        weight: what it counts in the total, or None for 1.
        name: the output's name.
    """

    index: int
    loss: Any
    weight: float | None
    name: str


def spread(given: Any, names: Sequence[str], argument: str) -> list[Any]:
    """Return one entry an output of an argument given as one value, a list or a dict.

    Raises:
        ArgumentError: if a list has another length, or a dict has unknown names.
    """
    if isinstance(given, Mapping):
        for key in given:
            if key not in names:
                raise ArgumentError(
                    f"compile, `{argument}`: got the key {key!r}, but no output has that name. "
                    f"{nearest(key, names)}"
                )
        return [given.get(name) for name in names]
    if isinstance(given, (list, tuple)):
        if len(given) != len(names):
            raise ArgumentError(
                f"compile, `{argument}`: got {len(given)} entries for {len(names)} "
                f"output{'s' * (len(names) != 1)} {tuple(names)}. Give one entry an output, "
                "None where there is none."
            )
        return list(given)
    return [given] * len(names)


def of_outputs(loss: Any, names: Sequence[str]) -> list[Any]:
    """Return the loss of each output as it was given, taken out of a list of one."""
    each = spread(loss, names, "loss")
    return [x[0] if isinstance(x, (list, tuple)) and len(x) == 1 else x for x in each]


def resolve(
    loss: Any,
    weights: Any,
    names: Sequence[str],
    y_true: Sequence[Any],
    y_pred: Sequence[Any],
) -> list[OutputLoss]:
    """Return the losses of all outputs that have one, in the order of the outputs."""
    if loss is None:
        return []
    each = of_outputs(loss, names)
    scale = _scales(weights, each, names)
    found = []
    for i, (one, name) in enumerate(zip(each, names, strict=True)):
        if one is not None:
            found.append(OutputLoss(i, _get(one, y_true[i], y_pred[i]), scale[i], name))
    return found


def _scales(weights: Any, each: list[Any], names: Sequence[str]) -> list[float | None]:
    if weights is None:
        return [None] * len(names)
    if isinstance(weights, (list, tuple)) and len(weights) != len(names):
        at = [i for i, one in enumerate(each) if one is not None]
        if len(at) == len(weights):
            placed: list[float | None] = [None] * len(names)
            for i, w in zip(at, weights, strict=True):
                placed[i] = w
            weights = placed
    elif isinstance(weights, (int, float)) and len(names) > 1:
        raise ArgumentError(
            f"compile, `loss_weights`: got {weights!r} for {len(names)} outputs {tuple(names)}. "
            "Give a list or a dict with one number an output."
        )
    scales = spread(weights, names, "loss_weights")
    for one in scales:
        if one is not None and not isinstance(one, (int, float)):
            raise ArgumentError(
                f"compile, `loss_weights`: got {one!r} of type {type(one).__name__}, expected "
                "numbers."
            )
    return [None if one is None else float(one) for one in scales]


def _get(identifier: Any, y_true: Any, y_pred: Any) -> Any:
    if isinstance(identifier, str) and identifier.lower() in ("crossentropy", "ce"):
        binary, sparse = kind_of_labels(y_true, y_pred)
        identifier = (
            "binary_crossentropy" if binary
            else "sparse_categorical_crossentropy" if sparse else "categorical_crossentropy"
        )  # fmt: skip
    loss: Any = losses_room.get(identifier)
    if isinstance(loss, losses_room.Loss):
        return loss
    name = identifier if isinstance(identifier, str) else getattr(loss, "__name__", "loss")
    return losses_room.LossFunctionWrapper(loss, name=name)


def kind_of_labels(y_true: Any, y_pred: Any) -> tuple[bool, bool]:
    """Return whether the output is a single score, and whether labels are class numbers."""
    t, p = tuple(y_true.shape), tuple(y_pred.shape)
    sparse = len(t) < len(p) or (t[-1] == 1 and p[-1] is not None and p[-1] > 1)
    return p[-1] == 1, sparse
