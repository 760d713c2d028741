"""Pictures of networks."""

from __future__ import annotations

import xml.etree.ElementTree as ET

import pytest

import ranvier as keras
from ranvier.graph.errors import ArgumentError, NotBuiltError
from ranvier.layers import Concatenate, Dense, Dropout, Input
from ranvier.utils import model_to_dot, plot_model

NAMES = "{http://www.w3.org/2000/svg}"


def column():
    return keras.Sequential([Input((4,)), Dense(3, "relu", name="first"), Dense(1, name="last")])


def branches():
    a, b = Input((4,), name="a"), Input((2,), name="b")
    deep = Dense(8, "tanh", name="deep")(Dense(8, name="low")(a))
    both = Concatenate(name="both")([b, deep]) * 2.0
    return keras.Model([a, b], Dense(1, name="out")(both))


def drawn(model, **options):
    """Return the words, the boxes and the arrows of a picture."""
    root = ET.fromstring(plot_model(model, None, **options).svg())
    words = [t.text for t in root.iter(f"{NAMES}text")]
    boxes = [r.attrib for r in root.iter(f"{NAMES}rect")][1:]
    return words, boxes, len(list(root.iter(f"{NAMES}polygon")))


def test_a_sequential_model():
    assert drawn(column()) == (["Dense", "Dense"], *drawn(column())[1:])
    words, boxes, arrows = drawn(column(), show_layer_names=True, show_shapes=True)
    assert arrows == 1 and len(boxes) == 6
    assert words == [
        "first (Dense)", "Input shape: (None, 4)", "Output shape: (None, 3)",
        "last (Dense)", "Input shape: (None, 3)", "Output shape: (None, 1)",
    ]  # fmt: skip


def test_branches():
    words, _, arrows = drawn(branches(), show_layer_names=True, show_shapes=True, show_dtype=True,
                             show_layer_activations=True, show_trainable=True)  # fmt: skip
    assert arrows == 6
    for word in ("a (InputLayer)", "both (Concatenate)", "multiply (Multiply)", "Activation: tanh",
                 "Input shape: [(None, 2), (None, 8)]", "Output shape: (None, 10)",
                 "Output dtype: float32", "Trainable"):  # fmt: skip
        assert word in words, word
    assert sum(word.startswith("Input shape") for word in words) == 5
    model = branches()
    model.get_layer("low").trainable = False
    assert "Non-trainable" in drawn(model, show_trainable=True)[0]


@pytest.mark.parametrize("direction", ["TB", "BT", "LR", "RL"])
def test_directions(direction):
    _, (first, last), _ = drawn(column(), rankdir=direction)
    axis, other = ("y", "x") if direction in ("TB", "BT") else ("x", "y")
    assert (float(first[axis]) < float(last[axis])) == (direction in ("TB", "LR"))
    assert first[other] == last[other]


def test_inner_models():
    x = Input((4,))
    inner = keras.Sequential([Input((4,)), Dense(3, name="within")], name="inner")
    model = keras.Model(x, Dropout(0.1)(inner(x)))
    closed, _, arrows = drawn(model)
    assert closed == ["InputLayer", "Sequential", "Dropout"] and arrows == 2
    words, boxes, _ = drawn(model, expand_nested=True, show_layer_names=True)
    assert "inner" in words and "within (Dense)" in words
    (frame,) = [box for box in boxes if "stroke-dasharray" in box]
    (dense,) = [b for b, w in zip([b for b in boxes if b is not frame], words, strict=False)
                if w == "inner"]  # fmt: skip
    assert float(frame["x"]) < float(dense["x"]) and float(frame["y"]) < float(dense["y"])


def test_a_layer_used_twice_and_a_model_that_begins_in_another():
    x = Input((4,))
    dense = Dense(4, name="shared")
    model = keras.Model(x, dense(dense(x)))
    words, _, arrows = drawn(model)
    assert words == ["InputLayer", "Dense"] and arrows == 1
    whole = branches()
    tail = keras.Model(whole.get_layer("low").output, whole.get_layer("deep").output)
    words, _, arrows = drawn(tail)
    assert words == ["InputLayer", "Dense"] and arrows == 1


def test_a_subclass_is_one_box():
    class Own(keras.Model):
        def __init__(self):
            super().__init__()
            self.dense = Dense(1)

        def call(self, x):
            return self.dense(x)

    model = Own()
    with pytest.raises(NotBuiltError, match="has no shapes yet"):
        plot_model(model, None)
    model.build((None, 3))
    assert drawn(model, show_shapes=True)[0][0] == "Own"


def test_files(tmp_path):
    plot_model(branches(), tmp_path / "net.svg")
    ET.parse(tmp_path / "net.svg")
    picture = plot_model(branches(), str(tmp_path / "net.png"), dpi=72)
    data = (tmp_path / "net.png").read_bytes()
    assert data[:8] == b"\x89PNG\r\n\x1a\n"
    size = int.from_bytes(data[16:20], "big"), int.from_bytes(data[20:24], "big")
    assert size == (int(picture.width), int(picture.height))
    assert picture._repr_svg_().startswith("<svg") and repr(picture).startswith("<Drawing of ")


def test_mistakes(tmp_path):
    with pytest.raises(ArgumentError, match=r"`to_file`: got 'net.gif', expected a name that ends"):
        plot_model(column(), "net.gif")
    with pytest.raises(ArgumentError, match="plot_model, `model`: got None of type NoneType"):
        plot_model(None)
    for dpi in (0, "200"):
        with pytest.raises(ArgumentError, match="plot_model, `dpi`: got .*expected a number of at"):
            plot_model(column(), None, dpi=dpi)
    with pytest.raises(ArgumentError, match="`rankdir`: got 'up'"):
        plot_model(column(), None, rankdir="up")
    with pytest.raises(ArgumentError, match="unknown argument `layer_range`"):
        plot_model(column(), None, layer_range=None)
    with pytest.raises(ArgumentError, match=r"plot_model\(model, to_file='model.svg'\)"):
        model_to_dot(column())
    with pytest.raises(OSError, match="nowhere"):
        plot_model(column(), tmp_path / "nowhere" / "net.svg")
