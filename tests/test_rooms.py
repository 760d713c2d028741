"""What `dir` lists of each room: what Tab offers a user, without what the room is made of."""

from __future__ import annotations

import inspect
from types import ModuleType

import pytest

import ranvier
from ranvier import (
    activations,
    callbacks,
    constraints,
    datasets,
    initializers,
    layers,
    losses,
    metrics,
    ops,
    optimizers,
    random,
    regularizers,
)

ROOMS = (activations, callbacks, constraints, initializers, layers, losses, metrics, optimizers,
         ops, random, regularizers)  # fmt: skip


@pytest.mark.parametrize("room", ROOMS, ids=lambda room: room.__name__)
def test_a_room_lists_what_users_call(room: ModuleType) -> None:
    listed = dir(room)
    assert listed == sorted(set(listed)) and all(hasattr(room, name) for name in listed)
    files = [name for name in listed if inspect.ismodule(getattr(room, name))]
    assert files == (["schedules"] if room is optimizers else [])
    assert not {"Any", "Callable", "TYPE_CHECKING", "annotations", "np", "ShapeError"} & {*listed}
    known = getattr(room, "CATALOG", {})
    classes = {v.__name__ for v in known.values() if inspect.isclass(v)}
    assert {name for name in classes if hasattr(room, name)} <= {*listed}
    assert getattr(ranvier, room.__name__.removeprefix("ranvier.")) is room


def test_a_misspelt_data_set_is_told_with_the_nearest() -> None:
    with pytest.raises(AttributeError, match="^ranvier.datasets has no 'fashion_MNIST'. Did you "
                       "mean 'fashion_mnist'"):  # fmt: skip
        datasets.fashion_MNIST  # type: ignore[attr-defined]  # noqa: B018


def test_the_library_lists_its_public_names() -> None:
    listed = [name for name in dir(ranvier) if not name.startswith("__")]
    assert listed == sorted(name for name in ranvier.__all__ if name != "__version__")


def test_a_shape_given_to_flatten_is_told() -> None:
    with pytest.raises(TypeError, match=r"Flatten 'f', .* Write Flatten\(input_shape=\(28, 28\)\)"):
        layers.Flatten((28, 28), name="f")
