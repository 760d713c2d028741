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
from ..graph.structure import flatten
from ..layers.call import Call
from ..layers.keras_tensor import KerasTensor
from ..layers.op_layer import OpLayer
from ..ops.filter import format_of
from ..save.config import OPERATIONS, is_operation, serialize

#: The files in which Keras keeps its operations, where it is not `numpy`.
_FILES = {
    "nn": (
        "adaptive_average_pool adaptive_max_pool average_pool batch_normalization "
        "binary_crossentropy categorical_crossentropy celu conv conv_transpose depth_to_space "
        "depthwise_conv dot_product_attention elu fold gelu glu hard_shrink hard_sigmoid hard_silu "
        "hard_tanh layer_normalization leaky_relu log_sigmoid log_softmax max_pool moments "
        "multi_hot normalize one_hot psnr relu relu6 rms_normalization selu separable_conv sigmoid "
        "silu soft_shrink softmax softplus softsign space_to_depth "
        "sparse_categorical_crossentropy sparse_plus sparse_sigmoid sparsemax squareplus "
        "tanh_shrink threshold unfold"
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
    "batch_normalization": "BatchNorm", "layer_normalization": "LayerNorm",
    "rms_normalization": "RMSNorm", "psnr": "PSNR",
}  # fmt: skip
#: Parameters that the call takes, as it does what holds KerasTensors; all others belong to the
#: class.
_INPUTS = frozenset((
    "x", "x1", "x2", "xs", "y", "a", "array", "bins", "choicelist", "condition", "condlist", "data",
    "default", "fill_value", "indices", "inputs", "key", "constant_values", "predictions", "q",
    "segment_ids", "sorted_sequence", "start", "start_indices", "stop", "targets", "updates",
    "values", "weights", "images", "image1", "image2", "volumes", "coordinates", "transform",
    "variable", "operands", "target", "output", "query", "value", "bias", "mask", "scale", "kernel",
    "depthwise_kernel", "pointwise_kernel", "mean", "variance", "offset", "gamma", "beta",
))  # fmt: skip
#: Where a parameter of such a name belongs to the class all the same.
_OF_CLASS = {
    "affine_transform": "fill_value", "bincount": "weights", "diagonal": "offset",
    "histogram": "bins", "map_coordinates": "fill_value", "resize": "fill_value",
    "trace": "offset", "trapezoid": "x",
}  # fmt: skip


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
        return dict(call.kwargs), call.args, {}
    bound = inspect.signature(function).bind(*call.args, **call.kwargs)
    given = set(bound.arguments)
    bound.apply_defaults()
    of_class = _OF_CLASS.get(function.__name__)
    takes = [
        name for name, value in bound.arguments.items()
        if (name in _INPUTS and name != of_class)
        or any(isinstance(part, KerasTensor) for part in flatten(value))
    ]  # fmt: skip
    extras = {name: value for name, value in bound.arguments.items() if name not in takes}
    if "data_format" in extras:  # the classes of Keras do not know what None stands for
        extras["data_format"] = format_of(extras["data_format"], function.__name__)
    inputs = [(name, name in given) for name in takes]
    leading = next((i for i, (_, here) in enumerate(inputs) if not here), len(inputs))
    args: tuple[Any, ...] = ()
    for name, _ in inputs[:leading]:
        value, kind = bound.arguments[name], bound.signature.parameters[name].kind
        args += value if kind is inspect.Parameter.VAR_POSITIONAL else (value,)
    kwargs = {name: bound.arguments[name] for name, here in inputs[leading:] if here}
    return extras, args, kwargs


def arguments_of(
    function: Any, args: list[Any], extras: Mapping[str, Any]
) -> tuple[list[Any], dict[str, Any]]:
    """Return the arguments of a function, given those of the call and those of the class."""
    left, rest, placed = dict(extras), list(args), []
    if not isinstance(function, Op):
        for name, parameter in inspect.signature(function).parameters.items():
            if not rest or parameter.kind is inspect.Parameter.VAR_POSITIONAL:
                break
            placed.append(left.pop(name) if name in left else rest.pop(0))
    return placed + rest, left


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
    known = extras if isinstance(function, Op) else inspect.signature(function).parameters
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
            found[_CLASS_OF.get(name, name.replace("_", "")).lower()] = value
    return found
