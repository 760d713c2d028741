"""`export` to a native library: an object file or a shared object, with its C header beside it."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import Any

from ..config import version
from ..engines.library import Library, library
from ..graph.errors import ArgumentError, ArgumentTypeError, OpenBatchError
from ..graph.graph import Graph
from ..save.atomic import replacing
from .export import prediction

#: The most rows that are computed at a time: more only take memory.
_MOST = 4096


def write_object(
    model: Any,
    filepath: Any,
    *,
    target: str | None = None,
    cpu: str | None = None,
    batch_size: int = 32,
    prefix: str | None = None,
    input_signature: Any = None,
) -> None:
    """Write `name.o` and `name.h`.

    Args:
        model: the model.
        filepath: of the object file; the header lies beside it.
        target: the processor: "native" for this one with all that it can do, another of its
            family ("x86-64-v3"), or a system ("aarch64-linux-gnu"); default the plainest of this
            computer's family.
        cpu: a processor of that system; default its plainest.
        batch_size: rows that are computed at a time, 1 to 4096; default 32.
        prefix: what the names of all functions begin with; default the file's name and "_".
        input_signature: a shape for each input, where the model leaves more open than the rows.

    Raises:
        ArgumentError: for a model that a library cannot hold, or an argument that cannot be.
        OSError: if a file cannot be written.
    """
    path = Path(os.fsdecode(filepath))
    made = _made(model, path, target, cpu, batch_size, prefix, None, input_signature)
    _keep(path, made.code, made.header)


def write_shared(
    model: Any,
    filepath: Any,
    *,
    target: str | None = None,
    cpu: str | None = None,
    batch_size: int = 32,
    prefix: str | None = None,
    input_signature: Any = None,
) -> None:
    """Write `name.so` and `name.h`; arguments as for `write_object`.

    Raises:
        EngineError: where there is no C compiler to link with.
    """
    path = Path(os.fsdecode(filepath))
    made = _made(model, path, target, cpu, batch_size, prefix, path.name, input_signature)
    assert made.shared is not None
    _keep(path, made.shared, made.header)


def _made(
    model: Any, path: Path, target: Any, cpu: Any, batch: Any, prefix: Any, shared: str | None,
    signature: Any,
) -> Library:  # fmt: skip
    for name, value in (("target", target), ("cpu", cpu), ("prefix", prefix)):
        if value is not None and not isinstance(value, str):
            raise ArgumentTypeError(
                f"export, `{name}`: got {type(value).__name__}, expected a str or None."
            )
    if isinstance(batch, bool) or not isinstance(batch, int) or not 1 <= batch <= _MOST:
        raise ArgumentError(
            f"export, `batch_size`: got {batch!r:.40}, expected an int from 1 to {_MOST}: so many "
            "rows are computed at a time. A call of the library may have any number."
        )
    try:
        step = prediction(model, None, signature)
    except OpenBatchError as error:
        rows = model.known_inputs()[0].shape[0] or 2
        _check_state(model, prediction(model, rows, signature).graph)
        raise ArgumentError(
            f"export: model '{model.name}' mixes rows, so a library for any number of rows cannot "
            f"hold it. {error}"
        ) from error
    _check_state(model, step.graph)
    for called, node in zip(step.outputs, step.graph.outputs, strict=True):
        if node.shape[:1] != (None,):
            raise ArgumentError(
                f"export: output '{called}' of model '{model.name}' has shape {node.shape}, "
                "expected one row for each row of the input, (None, ...). Leave the batch axis in "
                "place."
            )
    return library(
        step.graph, step.inputs, step.outputs, prefix=prefix_of(path, prefix), name=model.name,
        version=f"Ranvier {version()}", batch=batch, target=target, cpu=cpu, shared=shared,
    )  # fmt: skip


def _check_state(model: Any, graph: Graph) -> None:
    """Refuse what remembers."""
    if graph.updates:
        names = ", ".join(repr(variable.name) for variable, _ in graph.updates[:3])
        raise ArgumentError(
            f"export: model '{model.name}' keeps state between calls ({names}), and a library "
            "keeps none, so that calls may run at the same time. Build it with stateful=False, or "
            "make the state an input and an output."
        )


def prefix_of(path: Path, given: str | None) -> str:
    """Return what the names of functions begin with."""
    if given is None:
        found = re.sub(r"[^A-Za-z0-9]+", "_", path.stem).strip("_")
        if not found:
            return "model_"
        return f"{found}_" if found[0].isalpha() else f"model_{found}_"
    if not re.fullmatch(r"(?!_)[A-Za-z_][A-Za-z0-9_]*|", given):
        raise ArgumentError(
            f"export, `prefix`: got {given!r:.40}, expected letters, digits and '_' of ASCII, a "
            'letter first, as a name in C; for instance "fashion_".'
        )
    return given


def _keep(path: Path, content: bytes, header: str) -> None:
    """Write both files; where one cannot be, both stay as they were."""
    refused: list[OSError] = []
    try:
        with replacing(path) as file:
            file.write(content)
            file.flush()
            try:
                with replacing(path.with_suffix(".h")) as beside:
                    beside.write(header.encode())
            except OSError as error:
                refused.append(error)
                raise _Refused from error  # else the library's name would take the header's place
    except _Refused:
        raise refused[0] from None


class _Refused(Exception):
    """The header could not be written, so the library is not."""
