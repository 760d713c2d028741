"""Configs of every object that both sides have: each side reads what the other wrote."""

import inspect
import os

import pytest

from ranvier import activations
from ranvier.save.config import deserialize, serialize
from ranvier.save.known import ROOMS

pytestmark = [
    pytest.mark.oracle,
    # Keras reads its own variables in a way that NumPy 2 warns about.
    pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning"),
]

#: Arguments of classes that cannot be made without.
ARGUMENTS = {
    "Constant": {"value": 0.5}, "MeanIoU": {"num_classes": 3}, "IoU": {
        "num_classes": 3, "target_class_ids": [0, 2]}, "OneHotIoU": {
        "num_classes": 3, "target_class_ids": [1]}, "OneHotMeanIoU": {"num_classes": 3},
    "BinaryIoU": {"target_class_ids": [1]}, "PrecisionAtRecall": {"recall": 0.5},
    "RecallAtPrecision": {"precision": 0.5}, "SensitivityAtSpecificity": {"specificity": 0.5},
    "SpecificityAtSensitivity": {"sensitivity": 0.5}, "CosineDecay": {
        "initial_learning_rate": 0.1, "decay_steps": 10}, "CosineDecayRestarts": {
        "initial_learning_rate": 0.1, "first_decay_steps": 10}, "ExponentialDecay": {
        "initial_learning_rate": 0.1, "decay_steps": 10, "decay_rate": 0.9}, "InverseTimeDecay": {
        "initial_learning_rate": 0.1, "decay_steps": 10, "decay_rate": 0.9},
    "PiecewiseConstantDecay": {"boundaries": [1, 2], "values": [0.1, 0.2, 0.3]},
    "PolynomialDecay": {"initial_learning_rate": 0.1, "decay_steps": 10},
}  # fmt: skip
#: What Keras cannot make from its own config, or does not make alone.
LEFT_OUT = {"LossFunctionWrapper", "MeanMetricWrapper", "Lambda", "Reduce", "SeedGenerator"}
OBJECTS = sorted(
    {
        (room, value.__name__)
        for room, catalog in ROOMS.items()
        for value in catalog.values()
        if isinstance(value, type) and room != "keras.layers" and value.__name__ not in LEFT_OUT
    }
)


@pytest.fixture(scope="module")
def keras():
    os.environ.setdefault("KERAS_BACKEND", "jax")
    return pytest.importorskip("keras")


def at(root, room):
    for part in room.split(".")[1:]:
        root = getattr(root, part)
    return root


@pytest.mark.parametrize(("room", "name"), OBJECTS)
def test_objects_both_ways(keras, room, name):
    theirs = getattr(at(keras, room), name, None)
    if theirs is None:
        pytest.skip("Keras has no such class")
    mine = next(v for v in ROOMS[room].values() if getattr(v, "__name__", "") == name)
    given = ARGUMENTS.get(name, {})
    try:
        one, other = mine(**given), theirs(**given)
    except TypeError:
        assert inspect.isabstract(mine) or name in ("Metric", "Loss", "Optimizer"), name
        return
    read = deserialize(keras.saving.serialize_keras_object(other))
    assert type(read) is mine
    back = keras.saving.deserialize_keras_object(serialize(one))
    assert type(back) is theirs
    for mine_now, keras_now in ((read, other), (one, back)):
        here, there = mine_now.get_config(), keras_now.get_config()
        for key in set(here) & set(there) - {"name", "dtype", "fn"}:
            value, wanted = here[key], there[key]
            if isinstance(wanted, dict):
                value, wanted = value["class_name"], wanted["class_name"]
            if isinstance(wanted, tuple):
                wanted = list(wanted)
            assert (list(value) if isinstance(value, tuple) else value) == (
                pytest.approx(wanted) if isinstance(wanted, float) else wanted
            ), key


def test_functions_by_name(keras):
    for name in activations.CATALOG:
        try:
            theirs = keras.activations.get(name)
        except ValueError:
            continue
        read = deserialize(keras.saving.serialize_keras_object(theirs))
        assert read is activations.get(name), name
        assert keras.saving.deserialize_keras_object(serialize(activations.get(name))) is theirs
