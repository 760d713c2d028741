"""Operations between layers, each with arguments that a stranger may write."""

from __future__ import annotations

import copy
import inspect
from functools import partial
from typing import Any

from ranvier.graph.op import Op
from ranvier.layers import Dense, Input
from ranvier.model import Model
from ranvier.model.operation import _functions
from ranvier.save.keras import Contents, pack_keras, unpack_keras
from tests.hostile.trial import Trial, saved

_FUNCTION = {"module": "builtins", "class_name": "function", "config": "relu",
             "registered_name": "function"}  # fmt: skip
VALUES: tuple[Any, ...] = (
    1 << 40, 1 << 70, -1, 1e300, "x", [1 << 40], [1 << 20, 1 << 20], [], [[1], [2, 3]], {}, True,
    _FUNCTION, float("nan"), 100_000, [0] * 40,
)  # fmt: skip
#: What is given in place of the arguments; T stands for the tensor.
_T = "T"
ARGUMENTS: tuple[list[Any], ...] = (
    [_T], [], [_T, _T], [1 << 40], [_T, 1 << 40], [[1 << 40, 4]], [_T, [1 << 40, 4]],
    [_T, "os.system"], [_FUNCTION, _T], [_T, _FUNCTION], [0, 1 << 40, _FUNCTION, _T],
    [_FUNCTION, _FUNCTION, _T], [[_T, _T]], [_T, 1e300], [_T, -1 << 40], [1 << 20, 1 << 20],
    ["ij,jk->ik", _T, _T], ["i" * 5000, _T], [_T, [[1 << 30, 1 << 30]] * 2], [_T, [1 << 30] * 2],
)  # fmt: skip


def operations() -> list[Trial]:
    """Every function of `ranvier.ops` that a config may name, beside one that does no harm."""
    x = Input((4,), name="x")
    contents = unpack_keras(saved(Model(x, Dense(2, name="b")(x * 2.0))), "operations")
    trials = [
        Trial("product", partial(_file, contents, "Multiply", [_T, 2.0], {}), "loaded"),
        Trial("exponential", partial(_file, contents, "Exp", [_T], {}), "loaded"),
    ]
    for word, function in sorted(_functions().items()):
        for number, args in enumerate(ARGUMENTS):
            make = partial(_file, contents, word, args, {})
            trials.append(Trial(f"{word} args {number}", make, "either"))
        known = [] if isinstance(function, Op) else list(inspect.signature(function).parameters)
        for key in known[1:]:
            for number, value in enumerate(VALUES):
                make = partial(_file, contents, word, [_T], {key: value})
                trials.append(Trial(f"{word} {key} = value {number}", make, "either"))
    return trials


def _file(contents: Contents, word: str, args: list[Any], extras: dict[str, Any]) -> bytes:
    config = copy.deepcopy(contents.config)
    members = config["config"]["layers"]
    operation = next(one for one in members if "ops" in one["module"])
    node = operation["inbound_nodes"][0]
    tensor = next(v for v in [*node["args"], *node["kwargs"].values()] if isinstance(v, dict))

    def filled(value: Any) -> Any:
        if isinstance(value, list):
            return [filled(part) for part in value]
        return tensor if value == _T else value

    operation["class_name"] = word
    operation["config"] = {"name": operation["config"].get("name", operation["name"]), **extras}
    operation["inbound_nodes"] = [{"args": filled(args), "kwargs": {}}]
    return pack_keras(config, contents.weights)
