"""Export: what a model predicts, as a file that runs without Ranvier; one line a format."""

from __future__ import annotations

import inspect
import os
from collections.abc import Sequence
from importlib import import_module
from pathlib import Path
from typing import Any, NamedTuple

from ..graph import Graph
from ..graph.errors import ArgumentError, ArgumentTypeError, NotBuiltError, nearest
from ..graph.path import path_of
from ..transform.simplify import simplify
from .own import body_of, is_own
from .signature import signature_of
from .step import Specs, traced


class Format(NamedTuple):
    """A kind of file: what its names end in, and who writes it."""

    endings: tuple[str, ...]
    #: File of this room and function in it, `(model, filepath, **options)`, loaded when used.
    module: str
    function: str


#: Every kind of file by the name that `format` gives it.
FORMATS: dict[str, Format] = {
    "onnx": Format((".onnx",), "to_onnx", "write_onnx"),
    "object": Format((".o",), "native_library", "write_object"),
    "shared": Format((".so", ".dylib"), "native_library", "write_shared"),
}

#: What Keras writes and we do not.
_ELSEWHERE = ("tf_saved_model", "openvino", "litert", "torch")


def export_model(
    model: Any, filepath: Any, format: str | None = None, verbose: Any = None, **kwargs: Any
) -> None:
    """Write what a model predicts to a file; see `Model.export`."""
    name = format_of(filepath, format)
    _, module, function = FORMATS[name]
    write = getattr(import_module(f"{__package__}.{module}"), function)
    known = [
        p.name for p in inspect.signature(write).parameters.values() if p.kind is p.KEYWORD_ONLY
    ]
    for option in kwargs:
        if option not in known:
            raise ArgumentTypeError(
                f"export to {name}: got an unexpected argument '{option}'. {nearest(option, known)}"
            )
    write(model, filepath, **kwargs)
    if verbose:
        print(f"Model '{model.name}' is in {os.fsdecode(filepath)}, format {name}.")


def format_of(filepath: Any, format: str | None) -> str:
    """Return the name of a format, asked for or told by the ending of the path.

    Raises:
        ArgumentError: if there is none of that name or ending.
    """
    if format is not None:
        if format in _ELSEWHERE:
            raise ArgumentError(
                f"export, `format`: got '{format}', which Keras writes and Ranvier does not. Give "
                f"one of {', '.join(FORMATS)}; or save a .keras file, and export it from Keras."
            )
        if not isinstance(format, str) or format not in FORMATS:
            raise ArgumentError(f"export, `format`: got {format!r:.40}. {nearest(format, FORMATS)}")
        return format
    path = path_of("export", "filepath", filepath)
    for name, form in FORMATS.items():
        if Path(path).suffix.lower() in form.endings:
            return name
    known = ", ".join(repr(e) for one in FORMATS.values() for e in one.endings)
    raise ArgumentError(
        f"export, `filepath`: got {path!r}, expected a name that ends in one of {known}, which "
        "tells the format; or give `format`."
    )


class Prediction(NamedTuple):
    """The predict step of a model as data, with a name for all that goes in and comes out."""

    graph: Graph
    inputs: tuple[str, ...]
    outputs: tuple[str, ...]


def prediction(model: Any, rows: int | None = None, signature: Any = None) -> Prediction:
    """Return the predict step of a model.

    Args:
        model: a built model.
        rows: None for batches of any size, or the one size that the step serves.
        signature: the shapes of its inputs; default those that the model has.

    Raises:
        NotBuiltError: if the shapes of the inputs are not known yet.
        ArgumentError: if more than the number of rows is open in a shape, or the model begins with
            layers that run before the step, on text or keys.
        OpenBatchError: if it mixes rows and `rows` is None.
    """
    if not model.known_inputs():
        raise NotBuiltError(
            f"export: model '{model.name}' was not built yet, so its inputs are unknown. Give it "
            "an Input, call `predict` or `fit` on data, or `build` with a shape, first."
        )
    if model.prepares:
        raise ArgumentError(
            f"export: model '{model.name}' begins with layers that run in Python, on text or keys "
            "before the compiled step, and no file can hold them. Export a model that begins after "
            "them, and call them in the program that prepares the data."
        )
    names = _unlike(_inputs(model))
    specs = Specs(signature_of(model, names, signature))
    graph = simplify(traced(body_of(model, "predict"), model, specs, rows))
    return Prediction(graph, names, _unlike(_outputs(model, len(graph.outputs))))


def _inputs(model: Any) -> list[str]:
    """Return the names of inputs, as the keys of a dict or the layers give them."""
    tensors, form = model.known_inputs(), model._input_form
    if isinstance(form, dict) and len(form) == len(tensors):
        return [str(key) for key in sorted(form)]
    if isinstance(form, dict):
        return [str(tensor.name) for tensor in tensors]
    return [
        tensor.history[0].layer.name if tensor.history else f"input_{i + 1}"
        for i, tensor in enumerate(tensors)
    ]


def _outputs(model: Any, count: int) -> list[str]:
    """Return the names of outputs; a `predict_step` of the user's own may have others."""
    form = model.prediction_form
    if not is_own(model, "predict"):
        return list(model.step_output_names)
    if isinstance(form, dict) and len(form) == count:
        return [str(key) for key in sorted(form)]
    return [f"output_{i + 1}" for i in range(count)]


def _unlike(names: Sequence[str]) -> tuple[str, ...]:
    """Return names that all differ: a second one of a kind is numbered."""
    found: list[str] = []
    for name in names:
        free, count = name, 1
        while free in found or (count > 1 and free in names):
            count += 1
            free = f"{name}_{count}"
        found.append(free)
    return tuple(found)
