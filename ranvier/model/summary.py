"""The summary of a model: its layers in a table, and how many numbers it holds."""

from __future__ import annotations

import math
import re
import shutil
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from ..callbacks.screen import Screen
from ..graph.errors import ArgumentError
from ..graph.function import takes
from ..graph.structure import flatten
from ..graph.whole import whole
from ..layers.op_layer import OpLayer
from .table import Align, draw

#: What a table is drawn with where the output has letters only.
_ASCII = str.maketrans("─━│┃┏┓└┘├┡┤┩┳┴┼╇…", "--||++++++++++++.")
_UNITS = ("B", "KB", "MB", "GB", "TB", "PB")


@dataclass(frozen=True)
class Row:
    """One layer in a summary."""

    name: str
    kind: str
    shape: str
    params: str
    connected: str
    trainable: str
    depth: int = 0


def summary_text(
    model: Any,
    line_length: int | None = None,
    positions: Sequence[float] | None = None,
    expand_nested: bool = False,
    show_trainable: bool = False,
    layer_range: Sequence[str] | None = None,
) -> str:
    """Return the text that `model.summary()` prints.

    Args:
        model: any model, built or not.
        line_length: cells from border to border; default what Keras takes in this terminal.
        positions: where the columns end, as parts of the line.
        expand_nested: whether the layers of inner models get rows of their own.
        show_trainable: whether a column says which layers are trained.
        layer_range: patterns of the first and last layer to show.
    """
    linear = is_linear(model)
    header = ["Layer (type)", "Output Shape", "Param #"]
    aligns: list[Align] = ["left", "left", "right"]
    at = list(positions or ((0.45, 0.80, 1.0) if linear else (0.3, 0.56, 0.74, 1.0)))
    length = 88 if linear else 108
    if not linear:
        header.append("Connected to")
        aligns.append("left")
    if show_trainable:
        length += 12
        header.append("Trainable")
        aligns.append("center")
        if len(at) == len(header) - 1:
            at = [p * 0.90 for p in at] + [1.0]
    if len(at) != len(header):
        raise ArgumentError(
            f"summary, `positions`: got {len(at)}, expected {len(header)}, one for each of the "
            f"columns {header}: where it ends, as a part of the line."
        )
    terminal = shutil.get_terminal_size().columns
    if not line_length:
        length = min(length, terminal - 4)
    else:
        length = whole("summary, `line_length`", line_length)
    rows = [
        _cells(row, linear, show_trainable)
        for row in rows_of(model, expand_nested, layer_range)
    ]  # fmt: skip
    lines = draw(header, rows, aligns, _widths(at, length), length)
    text = [f'Model: "{model.name}"', *(line[:terminal] for line in lines), *totals(model)]
    return "\n".join(text) + "\n"


def rows_of(
    model: Any, expand_nested: bool = False, layer_range: Sequence[str] | None = None
) -> list[Row]:
    """Return the rows of a summary, a layer each."""
    layers = list(getattr(model, "operations", None) or model.layers)
    first, last = _range(layers, layer_range)
    inner = _calls_within(model)
    return [row for layer in layers[first:last] for row in _rows(layer, expand_nested, inner, 0)]


def is_linear(model: Any) -> bool:
    """Tell whether each layer has one input, the one before: then nobody needs "Connected to"."""
    calls = _calls_within(model)
    if calls is None:
        return True
    ends: set[int] = set()
    seen: set[int] = set()
    for call in calls:
        if len(call.inputs) > 1 or id(call.layer) in seen:
            return False
        seen.add(id(call.layer))
        for tensor in call.inputs:
            if id(tensor) in ends:
                return False
            ends.add(id(tensor))
    return len(flatten(model.outputs)) == 1 and sum(call.is_input for call in calls) == 1


def _calls_within(model: Any) -> list[Any] | None:
    """The calls of layers that make up a functional model; None for other models."""
    return getattr(model, "calls", None)


def _rows(layer: Any, expand: bool, inner: list[Any] | None, depth: int) -> Iterable[Row]:
    weights = getattr(layer, "weights", ())
    built = getattr(layer, "built", True)
    yield Row(
        layer.name,
        layer.class_name if isinstance(layer, OpLayer) else type(layer).__name__,
        _shape(layer),
        f"{layer.count_params():,}" if built else "0 (unbuilt)",
        _connections(layer, inner),
        "-" if not weights else "Y" if layer.trainable else "N",
        depth,
    )
    if expand:
        for part in getattr(layer, "layers", ()):
            yield from _rows(part, expand, inner, depth + 1)


def _cells(row: Row, linear: bool, show_trainable: bool) -> list[str]:
    prefix = "   " * row.depth + "└ " if row.depth else ""
    cells = [f"{prefix}{row.name} ({row.kind})", row.shape, row.params]
    if not linear:
        cells.append(row.connected)
    if show_trainable:
        cells.append(row.trainable)
    return cells


def _shape(layer: Any) -> str:
    calls = layer._calls
    if not calls and _calls_within(layer) is None:
        return _built_shape(layer)
    outputs = calls[-1].structure if calls else layer.output
    shapes = [_sizes(tensor.shape) for tensor in flatten(outputs)]
    return shapes[0] if len(shapes) == 1 else f"[{', '.join(shapes)}]"


def _built_shape(layer: Any) -> str:
    """The output shape of a layer inside a subclassed model, from what it was built for."""
    built_for = layer._build_shapes or {}
    if list(built_for) != ["input_shape"]:
        return "?"
    shapes = layer.compute_output_shape(built_for["input_shape"])
    whole = isinstance(shapes, tuple) and all(s is None or isinstance(s, int) for s in shapes)
    return _sizes(shapes) if whole else "?"


def _sizes(shape: Sequence[int | None]) -> str:
    return f"({', '.join(map(str, shape))})"


def _connections(layer: Any, inner: list[Any] | None) -> str:
    if inner is None:
        return "-"
    ours = {id(call) for call in inner}
    found = []
    for call in layer._calls:
        if id(call) in ours:
            for tensor in call.inputs:
                source, index = tensor.history
                place = [id(c) for c in source.layer._calls].index(id(source))
                found.append(f"{source.layer.name}[{place}][{index}]")
    return ", ".join(found) or "-"


def _range(layers: Sequence[Any], layer_range: Sequence[str] | None) -> tuple[int, int]:
    if layer_range is None:
        return 0, len(layers)
    if len(layer_range) != 2 or not all(isinstance(p, str) for p in layer_range):
        raise ArgumentError(
            f"summary, `layer_range`: got {layer_range!r}, expected two names or patterns."
        )
    ends = []
    for pattern in layer_range:
        try:
            hits = [i for i, layer in enumerate(layers) if re.match(pattern, layer.name)]
        except re.error as error:
            raise ArgumentError(
                f"summary, `layer_range`: {pattern!r} is no pattern ({error}). Write the names of "
                "two layers."
            ) from None
        if not hits:
            raise ArgumentError(f"summary, `layer_range`: no layer matches {pattern!r}.")
        ends.append(hits)
    low, high = min(ends[0]), max(ends[1])
    return (min(ends[1]), max(ends[0]) + 1) if low > high else (low, high + 1)


def _widths(positions: Sequence[float], length: int) -> list[int]:
    widths, taken = [], 0
    for position in positions:
        width = int(position * length) - taken
        if width < 4:
            raise ArgumentError(
                f"summary: a table of {length} cells leaves {width} for a column, too few. Give "
                "`line_length=80`."
            )
        widths.append(width)
        taken += width
    return widths


def totals(model: Any) -> list[str]:
    """Return the lines below the table: how many numbers the model holds."""
    optimizer = getattr(model, "optimizer", None)
    groups = [("Trainable", model.trainable_weights), ("Non-trainable",
              model.non_trainable_weights)]  # fmt: skip
    if model.compiled and optimizer is not None and getattr(optimizer, "built", False):
        groups.append(("Optimizer", optimizer.variables))
    counts = [(name, *_size(weights)) for name, weights in groups]
    total = (sum(c for _, c, _ in counts), sum(b for _, _, b in counts))
    lines = [f" Total params: {total[0]:,} ({readable(total[1])})"]
    lines += [f" {name} params: {count:,} ({readable(n)})" for name, count, n in counts]
    return lines


def _size(weights: Iterable[Any]) -> tuple[int, int]:
    unique = list({id(w): w for w in weights}.values())
    counts = [math.prod(w.shape) for w in unique]
    items = [np.dtype(w.dtype).itemsize for w in unique]
    return sum(counts), sum(c * i for c, i in zip(counts, items, strict=True))


def readable(size: float) -> str:
    """Return a size in bytes in the largest fitting unit.

    Example:
        >>> readable(318040)
        '310.59 KB'
    """
    for unit in _UNITS[:-1]:
        if size / 1024 < 1:
            return f"{size:.2f} {unit}"
        size /= 1024
    return f"{size:.2f} {_UNITS[-1]}"


def print_summary(model: Any, print_fn: Callable[[str], Any] | None = None, **options: Any) -> None:
    """Print the summary, or hand its text to `print_fn`."""
    text = summary_text(model, **options)
    if print_fn is not None:
        takes(print_fn, "summary, `print_fn`", "text")(text)
        return
    screen = Screen()
    screen.write(text if screen.fancy else text.translate(_ASCII))
