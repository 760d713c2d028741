"""`export` to ONNX: the predict step's graph in the operators that other runtimes know."""

from __future__ import annotations

from typing import Any

from ..config import version
from ..graph import Graph
from ..graph.errors import ArgumentError, OpenBatchError
from ..graph.whole import whole
from ..save import atomic
from ..save.onnx import OPSET, onnx_bytes
from .export import Prediction, prediction


def write_onnx(
    model: Any,
    filepath: Any,
    *,
    batch_size: int | None = None,
    opset_version: int | None = None,
    input_signature: Any = None,
) -> None:
    """Write `name.onnx`.

    Args:
        model: the model.
        filepath: of the file.
        batch_size: None for batches of any number of rows, or the one number that the file is
            for; some models, which mix rows, can only be written so.
        opset_version: the version of ONNX's operators; only 18 is written, which is the default.
        input_signature: a shape for each input, where the model leaves more open than the rows.

    Raises:
        ArgumentError: for a model that ONNX cannot hold, or an argument that cannot be.
        EngineError: if the package `onnx` is missing.
        OSError: if the file cannot be written; the old one stays as it was.
    """
    if opset_version not in (None, OPSET):
        raise ArgumentError(
            f"export, `opset_version`: got {opset_version!r:.40}, expected {OPSET}, which is what "
            "is written. onnx.version_converter makes other versions of a file."
        )
    if batch_size is not None:
        whole("export, `batch_size`", batch_size, 1, "None stands for any number of rows.")
    step = _step(model, batch_size, input_signature)
    _check(model, step.graph)
    content = onnx_bytes(*step, name=model.name, version=version())
    atomic.write(filepath, content)


def _step(model: Any, rows: int | None, signature: Any) -> Prediction:
    try:
        return prediction(model, rows, signature)
    except OpenBatchError as error:
        raise ArgumentError(
            f"export: model '{model.name}' mixes rows, so it needs batches of one exact size: "
            f"give it, for instance batch_size=32. {error}"
        ) from error


def _check(model: Any, graph: Graph) -> None:
    """Refuse what an ONNX file cannot say: memory between calls, and random numbers."""
    if graph.updates:
        names = ", ".join(repr(variable.path) for variable, _ in graph.updates[:3])
        raise ArgumentError(
            f"export: model '{model.name}' changes variables when it predicts ({names}), and an "
            "ONNX file keeps nothing between calls. Build it with stateful=False and without "
            "training=True, or make the state an input and an output."
        )
    if any(node.op.name == "philox" for node in graph.nodes):
        raise ArgumentError(
            f"export: model '{model.name}' draws random numbers when it predicts, and an ONNX file "
            "has none of Ranvier's. Make the noise an input."
        )
