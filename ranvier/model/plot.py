"""Pictures of networks, without Graphviz."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NoReturn

from ..activations import CATALOG as ACTIVATIONS
from ..graph.errors import ArgumentError, ArgumentTypeError, NotBuiltError
from ..graph.number import check_numbers
from ..graph.path import path_of
from ..graph.structure import flatten, mapped
from ..layers.layer import Layer
from ..layers.op_layer import OpLayer
from ..save import atomic
from .drawing import Arrow, Drawing, Rect, Text, text_width
from .layout import Edge, Point, layered

_TITLE, _BODY, _PAD = 12.0, 10.5, 8.0
_MARGIN = 12.0
_DIRECTIONS = ("TB", "BT", "LR", "RL")
_FORMS = (".svg", ".png", ".jpg", ".jpeg", ".pdf")
_MOST_PIXELS = 60_000  # matplotlib takes less than 2 ** 16 a side


@dataclass(frozen=True)
class _Style:
    shapes: bool
    dtype: bool
    names: bool
    activations: bool
    trainable: bool
    nested: bool
    direction: str


def plot_model(
    model: Any,
    to_file: str | os.PathLike[str] | None = "model.png",
    show_shapes: bool = False,
    show_dtype: bool = False,
    show_layer_names: bool = False,
    rankdir: str = "TB",
    expand_nested: bool = False,
    dpi: float = 200,
    show_layer_activations: bool = False,
    show_trainable: bool = False,
    splines: str = "ortho",
    **kwargs: Any,
) -> Drawing:
    """Draw the layers of a model and their connections into a file.

    Args:
        model: a built model; of a subclass only the model itself is drawn, as one box.
        to_file: ends in ".svg" (written without any other package), ".png" (default
            "model.png"), ".jpg" or ".pdf" (by matplotlib); None for no file.
        show_shapes: whether input and output shapes are shown.
        show_dtype: whether the outputs' element types are shown.
        show_layer_names: whether names are shown beside classes.
        rankdir: "TB" (default) from top to bottom, "LR" from left to right, "BT" or "RL".
        expand_nested: whether inner models are drawn open, in a dashed frame.
        dpi: dots per inch of pixels, default 200.
        show_layer_activations: whether activations are shown.
        show_trainable: whether it is shown which layers are trained.
        splines: accepted for Keras; lines are straight, with bends between layers.

    Returns: the drawing, which notebooks show; its `svg()` is the text of an SVG file.

    Raises:
        NotBuiltError: if the model has no shapes yet.
        ArgumentError: for another ending or direction, or an argument that is unknown.
        OSError: that names the file, where it cannot be written.

    Example:
        >>> from ranvier.layers import Dense, Input
        >>> from ranvier.model import Sequential
        >>> net = Sequential([Input((4,)), Dense(3, name="head")])
        >>> "head" in plot_model(net, None, show_layer_names=True).svg()
        True

    Source: keras.utils.plot_model, which needs pydot and Graphviz.
    """
    if kwargs:
        raise ArgumentError(f"plot_model: got the unknown argument `{next(iter(kwargs))}`.")
    if rankdir not in _DIRECTIONS:
        raise ArgumentError(
            f"plot_model, `rankdir`: got {rankdir!r}, expected one of {_DIRECTIONS}."
        )
    if to_file is not None:
        to_file = path_of("plot_model", "to_file", to_file)
    if to_file is not None and Path(to_file).suffix.lower() not in _FORMS:
        raise ArgumentError(
            f"plot_model, `to_file`: got {to_file!r}, expected a name that ends in "
            f"{', '.join(_FORMS)}."
        )
    check_numbers("plot_model", 1, dpi=dpi)
    if not isinstance(model, Layer):
        raise ArgumentTypeError(
            f"plot_model, `model`: got {model!r:.60} of type {type(model).__name__}, expected a "
            "model."
        )
    if not model.built:
        raise NotBuiltError(
            f"plot_model: model '{model.name}' has no shapes yet. Give it an "
            "Input, call model.build(shape), or train it first."
        )
    style = _Style(show_shapes, show_dtype, show_layer_names, show_layer_activations,
                   show_trainable, expand_nested, rankdir)  # fmt: skip
    network, drawing = _network(model, style), Drawing()
    drawing.put(network, _MARGIN, _MARGIN)
    drawing.width, drawing.height = network.width + 2 * _MARGIN, network.height + 2 * _MARGIN
    if to_file is not None:
        atomic.write(to_file, _content(drawing, Path(to_file).suffix.lower()[1:], dpi))
    return drawing


def model_to_dot(model: Any, *args: Any, **kwargs: Any) -> NoReturn:
    """Say what to use instead: there is no pydot graph here.

    Raises:
        ArgumentError: always.

    Source: keras.utils.model_to_dot.
    """
    raise ArgumentError(
        "model_to_dot: graphs of pydot are not made here, since pictures need no Graphviz. Draw "
        "with plot_model(model, to_file='model.svg'), which takes the same arguments; its result "
        "has svg()."
    )


def _content(drawing: Drawing, form: str, dpi: float) -> bytes:
    if form == "svg":
        return drawing.svg().encode("utf-8")
    longest = max(drawing.width, drawing.height) / 72
    return drawing.image(min(dpi, _MOST_PIXELS / longest), form)


def _network(model: Any, style: _Style) -> Drawing:
    """Return the drawing of what is in a model."""
    layers, edges = _graph(model)
    boxes = [
        _frame(layer, style) if style.nested and _is_network(layer) else _box(layer, style)
        for layer in layers
    ]
    across = style.direction in ("LR", "RL")
    sizes = [(b.height, b.width) if across else (b.width, b.height) for b in boxes]
    layout = layered(sizes, edges)
    depth = layout.size[1]

    def turned(point: Point) -> Point:
        x, y = point
        y = depth - y if style.direction in ("BT", "RL") else y
        return (y, x) if across else (x, y)

    width, height = layout.size[::-1] if across else layout.size
    drawing = Drawing(width, height)
    for path in layout.paths.values():
        drawing.marks.append(Arrow(tuple(map(turned, path))))
    for box, center in zip(boxes, map(turned, layout.centers), strict=True):
        drawing.put(box, center[0] - box.width / 2, center[1] - box.height / 2)
    return drawing


def _is_network(layer: Any) -> bool:
    return getattr(layer, "calls", None) is not None or hasattr(layer, "pop")


def _graph(model: Any) -> tuple[list[Any], list[Edge]]:
    """Return the layers of a model and which of them feed which."""
    if hasattr(model, "pop"):  # Sequential
        layers = list(model.layers)
        return layers, [(i, i + 1) for i in range(len(layers) - 1)]
    calls = getattr(model, "calls", None)
    if calls is None:
        return [model], []
    layers = list(model.operations)
    place = {id(layer): i for i, layer in enumerate(layers)}
    edges = []
    for call in calls:
        # An inner model's Input may be a tensor amid another model: that is where it begins.
        for tensor in () if call.is_input else call.inputs:
            source = model.maker(tensor).layer
            if id(source) in place:
                edges.append((place[id(source)], place[id(call.layer)]))
    return layers, edges


def _frame(model: Any, style: _Style) -> Drawing:
    """Return an inner model in a dashed frame with its name."""
    inner = _network(model, style)
    title = _TITLE + 2 * _PAD
    width = max(inner.width, text_width(model.name, _TITLE)) + 2 * _MARGIN
    drawing = Drawing(width, inner.height + title + _MARGIN)
    drawing.marks.append(Rect(0, 0, drawing.width, drawing.height, dashed=True))
    drawing.marks.append(Text(width / 2, title / 2, model.name, _TITLE))
    drawing.put(inner, (width - inner.width) / 2, title)
    return drawing


def _box(layer: Any, style: _Style) -> Drawing:
    """Return a layer as a table: class and name, activation, then shapes and the like."""
    kind = layer.class_name if isinstance(layer, OpLayer) else type(layer).__name__
    title = f"{layer.name} ({kind})" if style.names else kind
    rows = [[(title, "black", "white", True)]]
    activation = getattr(layer, "activation", None)
    if style.activations and activation is not None:
        rows.append([(f"Activation: {_name_of(activation)}", "white", "black", False)])
    cells = []
    if style.shapes:
        if kind != "InputLayer":
            cells.append((f"Input shape: {_shapes(layer, 'inputs')}", "white", "black", False))
        cells.append((f"Output shape: {_shapes(layer, 'outputs')}", "white", "black", False))
    if style.dtype:
        cells.append((f"Output dtype: {_dtypes(layer)}", "white", "black", False))
    if style.trainable and layer.weights:
        fill, word = ("#228b22", "") if layer.trainable else ("#b22222", "Non-")
        cells.append((f"{word}Trainable".capitalize(), fill, "white", True))
    return _table([*rows, cells] if cells else rows)


def _table(rows: list[list[tuple[str, str, str, bool]]]) -> Drawing:
    """Return rows of cells, all rows equally wide."""
    measured = [
        [text_width(cell[0], _BODY if i else _TITLE, cell[3]) + 2 * _PAD for cell in row]
        for i, row in enumerate(rows)
    ]
    drawing = Drawing(max(map(sum, measured)))
    for i, (row, widths) in enumerate(zip(rows, measured, strict=True)):
        size = _BODY if i else _TITLE
        height = size + 2 * _PAD
        spare, x = (drawing.width - sum(widths)) / len(row), 0.0
        for (text, fill, color, bold), width in zip(row, widths, strict=True):
            drawing.marks.append(Rect(x, drawing.height, width + spare, height, fill))
            middle = x + (width + spare) / 2
            drawing.marks.append(Text(middle, drawing.height + height / 2, text, size, color, bold))
            x += width + spare
        drawing.height += height
    return drawing


def _name_of(activation: Any) -> str:
    names = [name for name, known in ACTIVATIONS.items() if known is activation]
    return names[0] if names else getattr(activation, "__name__", type(activation).__name__)


def _shapes(layer: Any, what: str) -> str:
    calls = layer._calls
    if not calls:
        return "?"
    if what == "outputs":
        shapes = mapped(lambda t: tuple(t.shape), calls[-1].output_struct())
    else:
        shapes = [tuple(t.shape) for t in calls[-1].inputs]
        shapes = shapes[0] if len(shapes) == 1 else shapes
    return str(shapes).replace("{", "").replace("}", "").replace("'", "")


def _dtypes(layer: Any) -> str:
    calls = layer._calls
    return ", ".join(str(t.dtype) for t in flatten(calls[-1].output_struct())) if calls else "?"
