"""Configs in which every value, one after the other, is replaced by what a stranger may write."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from functools import partial
from typing import Any

from ranvier import constraints, initializers, layers, losses, metrics, optimizers, regularizers
from ranvier.layers import Dense, Input
from ranvier.model import Model, Sequential
from ranvier.save.keras import Contents, pack_keras, unpack_keras
from tests.hostile.trial import Trial, saved
from tests.layers.test_catalog import ONE_OF_EACH

Path = tuple[Any, ...]
#: A file that must not be opened.
SECRET = "/etc/passwd"


def _of_keras(word: str, room: str, **config: Any) -> dict[str, Any]:
    return {"module": f"keras.{room}", "class_name": word, "config": config,
            "registered_name": None}  # fmt: skip


#: What stands in the place of each value.
VALUES: tuple[Any, ...] = (
    1 << 40, 1 << 31, 20_000_000, 1 << 70, -1, 0, float("nan"), float("inf"), 1e300, True, None,
    "", SECRET, "os.system", "x" * 100_000, "\ud800", "a/../b\0", [], {}, [[[[[]]]]],
    [1 << 40] * 3, [2] * 200, list(range(20_000)), {"class_name": "Dense"},
    {"class_name": "__numpy__", "config": {"value": [[1], 2], "dtype": "f4"}},
    {"class_name": "__numpy__", "config": {"value": 1, "dtype": "O"}},
    {"class_name": "__lambda__", "config": {"code": "4wAAAAA="}},
    {"class_name": "function", "config": "system", "module": "os", "registered_name": "system"},
    _of_keras("Dense", "layers", units=1 << 40),
    _of_keras("Constant", "initializers", value=SECRET),
    _of_keras("StringLookup", "layers", vocabulary=SECRET),
)  # fmt: skip


def _paths(value: Any, here: Path = ()) -> Iterator[Path]:
    """Give the place of every value in plain data, containers among them."""
    for key, part in value.items() if isinstance(value, dict) else enumerate(value):
        yield (*here, key)
        if isinstance(part, (dict, list)):
            yield from _paths(part, (*here, key))


def _replaced(contents: Contents, path: Path, value: Any) -> bytes:
    config = copy.deepcopy(contents.config)
    inner: Any = config
    for key in path[:-1]:
        inner = inner[key]
    inner[path[-1]] = value
    return pack_keras(config, contents.weights, contents.assets)


def _trials(name: str, data: bytes, paths: Any) -> list[Trial]:
    contents = unpack_keras(data, name)
    trials = [Trial(name, lambda: data, "loaded")]
    for path in paths(contents.config):
        for number, value in enumerate(VALUES):
            word = f"{name} {'.'.join(map(str, path))} = value {number}"
            trials.append(Trial(word, partial(_replaced, contents, path, value), "either"))
    return trials


# --- every layer --------------------------------------------------------------------------------
def layer_values() -> list[Trial]:
    """Every layer that stands in a model by itself, and every argument of it."""
    trials = []
    for name in sorted(ONE_OF_EACH):
        data = _layer_file(name)
        if data is not None:
            trials.extend(_trials(name, data, partial(_paths_of_layer, name)))
    return trials


def _layer_file(name: str) -> bytes | None:
    arguments, row = ONE_OF_EACH[name]
    layer = getattr(layers, name)(**arguments)
    x = Input(row)
    for given in ((x,), ([x, x],), (x, x)):
        try:
            return saved(Model(x, layer(*given)))
        except (ValueError, TypeError, NotImplementedError, AttributeError, LookupError):
            continue
    return None  # cells, whose states come from the layer around them


def _paths_of_layer(name: str, config: dict[str, Any]) -> list[Path]:
    members = config["config"]["layers"]
    place = next((i for i, one in enumerate(members) if one["class_name"] == name), 0)
    return list(_paths(members[place], ("config", "layers", place)))


# --- a model with much in it --------------------------------------------------------------------
def model_values() -> list[Trial]:
    """A compiled model with models, initializers, a schedule, losses, metrics in it."""
    return _trials("model", saved(_rich()), _paths)


def _rich() -> Any:
    inner = Sequential([Input((4,)), Dense(4, kernel_initializer=initializers.Orthogonal(2.0))])
    x = Input((4,), name="x")
    y = Dense(
        3, kernel_regularizer=regularizers.L1L2(0.1, 0.1), bias_constraint=constraints.MaxNorm(3),
        kernel_initializer=initializers.VarianceScaling(2.0),
    )(inner(x))  # fmt: skip
    model = Model(x, Dense(1, activation="sigmoid")(y * 2.0))
    rate = optimizers.schedules.ExponentialDecay(0.1, 10, 0.5)
    model.compile(
        optimizers.Adam(rate, clipnorm=1.0),
        losses.BinaryCrossentropy(label_smoothing=0.1),
        metrics=[metrics.AUC(num_thresholds=5), "accuracy", metrics.Precision(thresholds=[0.5])],
    )
    return model
