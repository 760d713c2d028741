"""Configs of plain operations (`x + y`, `ops.exp(x)`) between the layers of a functional model.

Keras has a class for each operation. What the class takes (`axis`, `keepdims`) stands in its
config; what its call takes (the inputs) stands in the nodes of the layer.
"""

from __future__ import annotations

import inspect
from collections.abc import Mapping
from functools import cache
from typing import Any

from .. import ops
from ..graph.errors import ModelFileError
from ..graph.op import Op
from ..layers.call import Call
from ..layers.op_layer import OpLayer
from ..save.config import OPERATIONS, is_operation, serialize

#: The files in which Keras keeps its operations, where it is not `numpy`.
_FILES = {
    "nn": (
        "celu elu gelu glu hard_shrink hard_sigmoid hard_silu hard_tanh leaky_relu log_sigmoid "
        "log_softmax moments multi_hot normalize one_hot relu relu6 selu sigmoid silu soft_shrink "
        "softmax softplus softsign sparse_plus sparse_sigmoid sparsemax squareplus tanh_shrink "
        "threshold"
    ),
    "math": (
        "cdist erf erfc erfinv in_top_k logsumexp rsqrt segment_max segment_min segment_prod "
        "segment_sum top_k"
    ),
    "core": (
        "cast convert_to_tensor saturate_cast scatter scatter_update slice slice_update "
        "stop_gradient unstack"
    ),
    "linalg": "norm",
    "image": " ".join(ops.image.NAMES),
}
_FILE_OF = {name: file for file, names in _FILES.items() for name in names.split()}
#: Classes that are not the name in camel case.
_CLASS_OF = {
    "allclose": "AllClose", "cdist": "CDist", "getitem": "GetItem", "isin": "IsIn",
    "searchsorted": "SearchSorted", "rgb_to_grayscale": "RGBToGrayscale", "rgb_to_hsv": "RGBToHSV",
    "hsv_to_rgb": "HSVToRGB", "ssim": "SSIM", "extract_patches_3d": "ExtractPatches3D",
}  # fmt: skip
#: Parameters that the call takes; all others belong to the class.
_INPUTS = frozenset((
    "x", "x1", "x2", "xs", "y", "a", "array", "bins", "choicelist", "condition", "condlist", "data",
    "default", "fill_value", "indices", "inputs", "key", "constant_values", "predictions", "q",
    "segment_ids", "sorted_sequence", "start", "start_indices", "stop", "targets", "updates",
    "values", "weights", "images", "image1", "image2", "volumes", "coordinates", "transform",
))  # fmt: skip


def operation_config(layer: OpLayer, call: Call) -> tuple[dict[str, Any], Any, Any]:
    """Return the config of an operation, and the arguments of its call, positional and named."""
    word = layer.op_name
    extras, args, kwargs = _split(layer.function, call)
    config = {
        "module": OPERATIONS + _FILE_OF.get(word, "numpy"),
        "class_name": _CLASS_OF.get(word) or layer.class_name,
        "config": {"name": layer.name, **{key: serialize(value) for key, value in extras.items()}},
        "registered_name": None,
    }
    return config, args, kwargs


def _split(function: Any, call: Call) -> tuple[dict[str, Any], tuple[Any, ...], dict[str, Any]]:
    """Tell arguments of the class from those of the call."""
    if isinstance(function, Op):
        return {}, call.args, call.kwargs
    bound = inspect.signature(function).bind(*call.args, **call.kwargs)
    given = set(bound.arguments)
    bound.apply_defaults()
    extras = {name: value for name, value in bound.arguments.items() if name not in _INPUTS}
    inputs = [(name, name in given) for name in bound.arguments if name in _INPUTS]
    leading = next((i for i, (_, here) in enumerate(inputs) if not here), len(inputs))
    args = tuple(bound.arguments[name] for name, _ in inputs[:leading])
    kwargs = {name: bound.arguments[name] for name, here in inputs[leading:] if here}
    return extras, args, kwargs


def operation_from_config(config: Mapping[str, Any]) -> tuple[OpLayer, dict[str, Any]] | None:
    """Return the operation that a config describes and its arguments, None if that is a layer.

    Raises:
        ModelFileError: if there is no such operation here, or not with such an argument.
    """
    if not is_operation(config):
        return None
    word, extras = config.get("class_name"), dict(config.get("config") or {})
    function = _functions().get(str(word).lower())
    if function is None:
        raise ModelFileError(f"Model: it uses the operation {word!r}, which is not known here.")
    layer = OpLayer(function, name=extras.pop("name", None))
    known = () if isinstance(function, Op) else inspect.signature(function).parameters
    for key in [key for key in extras if key not in known]:
        value = extras.pop(key)
        if value is not None and value is not False:
            raise ModelFileError(
                f"Model: it uses the operation {word!r} with `{key}`={value!r:.40}, which has no "
                "equal here."
            )
    return layer, extras


@cache
def _functions() -> dict[str, Any]:
    """The operations by their Keras class in small letters: functions of `ops`, nothing else."""
    found = {}
    for name, value in [*vars(ops).items(), *((n, getattr(ops.image, n)) for n in ops.image.NAMES)]:
        own = str(getattr(value, "__module__", "")).startswith(("ranvier.ops", "ranvier.graph"))
        if own and (isinstance(value, Op) or inspect.isfunction(value)) and name[0] != "_":
            found[name.replace("_", "")] = value
    return found
