"""Weights from a file of Keras 3's form into a model: all of them, or none."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np

from ..graph.errors import ModelFileError, warn
from ..save.slot import Slot
from ..save.weights import WeightsFile
from .parts import Owner, owners

# Saved before its first step an optimizer has the step's number and the learning rate alone.
_UNUSED = 2


def read_into(model: Any, file: WeightsFile, skip_mismatch: bool = False) -> None:
    """Read all arrays, then assign them all: a model is never left half loaded.

    Args:
        model: a built model.
        file: the weights.
        skip_mismatch: whether layers that do not fit are left as they are, with a warning.

    Raises:
        ModelFileError: if the file is damaged or was saved from another model.
    """
    if getattr(model, "optimizer", None) is not None and file.count("optimizer") > _UNUSED:
        model.optimizer.build(model.trainable_variables)
    found = _owners(model, file)
    _check_strangers(file, found, skip_mismatch)
    taken: list[tuple[Any, np.ndarray]] = []
    named: list[tuple[Owner, dict[str, np.ndarray]]] = []
    skipped = []
    for owner in found:
        try:
            if hasattr(owner.layer, "load_own_arrays"):
                named.append((owner, file.read_vectors(owner.path, owner.layer.own_arrays)))
                continue
            variables = _wanted(file, owner)
            if variables is None:
                continue
            arrays = file.read(owner.path, [slot_of(v) for v in variables])
        except ModelFileError as error:
            if not skip_mismatch:
                raise
            skipped.append(f"'{owner.name}': {error}")
            continue
        taken.extend(zip(variables, arrays, strict=True))
    for owner, vectors in named:
        try:
            owner.layer.load_own_arrays(vectors)
        except ValueError as error:
            raise ModelFileError(f"{file.name}: {error}") from None
    assign(taken, skipped)


def assign(taken: Iterable[tuple[Any, np.ndarray]], skipped: Sequence[str]) -> None:
    """Set variables to what was read for them; warn of those that keep their numbers, and why."""
    for variable, array in taken:
        variable.assign(array)
    if skipped:
        warn("load_weights: left as they are: " + "; ".join(skipped), UserWarning)


def _owners(model: Any, file: WeightsFile) -> list[Owner]:
    """Return the model's parts under the paths that the file has: Keras 2 found them otherwise."""

    def fits(found: list[Owner]) -> bool:
        return all(file.has(o.path) for o in found if o.layer is not None and o.variables)

    found = owners(model)
    if fits(found):
        return found
    old = owners(model, as_keras_2=True)
    return old if fits(old) else found


def slot_of(variable: Any) -> Slot:
    """Return what a file must hold for a variable."""
    return Slot(variable.path, tuple(variable.shape), np.dtype(variable.dtype))


def _wanted(file: WeightsFile, owner: Owner) -> list[Any] | None:
    """Return the variables of an owner that the file must hold, None where it needs none."""
    if owner.is_seed:
        return owner.variables if file.has(owner.path) else None
    return _of_optimizer(file, owner) if owner.is_optimizer else owner.variables


def _of_optimizer(file: WeightsFile, owner: Owner) -> list[Any] | None:
    """Return the optimizer's variables if the file holds its state; a model can do without."""
    count, variables = file.count(owner.path), owner.variables
    if count == len(variables):
        return in_order_of(variables, file.shape(owner.path, _UNUSED))
    if count == len(variables) - 1 and count > 1:  # Keras 2 wrote no learning rate
        return [v for v in variables if v.name != "learning_rate"]
    if count > _UNUSED:
        warn(
            f"load: optimizer '{owner.name}' has {len(variables)} variables, but the file "
            f"has {count}, so it starts anew. Compile with the optimizer that was saved.",
            UserWarning,
        )
    return None


def in_order_of(variables: list[Any], third: tuple[int, ...] | None) -> list[Any]:
    """Return an optimizer's variables in the order of a file whose third one has this shape.

    Keras up to 3.6 wrote Nadam's product of momenta before its slots, not after them.
    """
    is_early = third == () and len(variables) > _UNUSED + 1
    if is_early and tuple(variables[-1].shape) == () != tuple(variables[_UNUSED].shape):
        return [*variables[:_UNUSED], variables[-1], *variables[_UNUSED:-1]]
    return variables


def _check_strangers(file: WeightsFile, found: list[Owner], skip_mismatch: bool) -> None:
    """Refuse a file with layers that the model lacks: it belongs to another model."""
    known = {owner.path for owner in found}
    folders = {path.rpartition("/")[0] for path in known if "/" in path}
    for folder in sorted(f for f in folders if f == "layers" or f.endswith("/layers")):
        strange = [n for n in file.children(folder) if not _is_known(f"{folder}/{n}", known)]
        if strange and not skip_mismatch:
            raise ModelFileError(
                f"{file.name}: it holds weights of {', '.join(strange)} in '{folder}', which the "
                "model does not have. The file was saved from another model."
            )


def _is_known(path: str, known: set[str]) -> bool:
    return path in known or any(one.startswith(f"{path}/") for one in known)
