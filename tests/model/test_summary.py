"""The summary, as text and as HTML."""

from __future__ import annotations

import io
import sys

import pytest

from ranvier.graph.errors import ArgumentError
from ranvier.layers import GRU, Add, Dense, Dropout, Input
from ranvier.model import Model, Sequential
from ranvier.model.summary import readable, summary_text

PLAIN = """\
Model: "sequential"
┏━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━┳━━━━━━━━━━━━━━━━━━━━━━━━┳━━━━━━━━━━━━━━━┓
┃ Layer (type)                    ┃ Output Shape           ┃       Param # ┃
┡━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━╇━━━━━━━━━━━━━━━━━━━━━━━━╇━━━━━━━━━━━━━━━┩
│ hidden (Dense)                  │ (None, 100)            │        78,500 │
├─────────────────────────────────┼────────────────────────┼───────────────┤
│ dropout (Dropout)               │ (None, 100)            │             0 │
├─────────────────────────────────┼────────────────────────┼───────────────┤
│ dense (Dense)                   │ (None, 10)             │         1,010 │
└─────────────────────────────────┴────────────────────────┴───────────────┘
 Total params: 79,510 (310.59 KB)
 Trainable params: 79,510 (310.59 KB)
 Non-trainable params: 0 (0.00 B)
"""

SHARED = """\
Model: "functional"
┏━━━━━━━━━━━━━━━━━━━━━┳━━━━━━━━━━━━━━━━━━━┳━━━━━━━━━━━━┳━━━━━━━━━━━━━━━━━━━┓
┃ Layer (type)        ┃ Output Shape      ┃    Param # ┃ Connected to      ┃
┡━━━━━━━━━━━━━━━━━━━━━╇━━━━━━━━━━━━━━━━━━━╇━━━━━━━━━━━━╇━━━━━━━━━━━━━━━━━━━┩
│ input_layer         │ (None, 4)         │          0 │ -                 │
│ (InputLayer)        │                   │            │                   │
├─────────────────────┼───────────────────┼────────────┼───────────────────┤
│ dense (Dense)       │ (None, 4)         │         20 │ input_layer[0][0… │
│                     │                   │            │ dense[0][0]       │
└─────────────────────┴───────────────────┴────────────┴───────────────────┘
 Total params: 20 (80.00 B)
 Trainable params: 20 (80.00 B)
 Non-trainable params: 0 (0.00 B)
"""


@pytest.fixture(autouse=True)
def _terminal(monkeypatch):
    monkeypatch.setenv("COLUMNS", "80")


def plain():
    return Sequential([
        Input((784,)), Dense(100, activation="relu", name="hidden"), Dropout(0.2), Dense(10),
    ])  # fmt: skip


def test_a_stack(capsys):
    assert plain().summary() is None
    assert capsys.readouterr().out == PLAIN


def test_a_graph_says_what_is_connected():
    a = Input((4,))
    dense = Dense(4)
    assert summary_text(Model(a, dense(dense(a)))) == SHARED


def test_several_outputs_are_a_list():
    x = Input((5, 2))
    outputs = GRU(4, return_sequences=True, return_state=True)(x)
    assert "│ [(None, 5, 4), " in summary_text(Model(x, outputs))


def test_optimizer_params_once_trained(numbers):
    model = Sequential([Input((4,)), Dense(1)])
    model.compile("adam", "mse")
    assert "Optimizer" not in summary_text(model)
    model.fit(*numbers, verbose=0)
    assert " Optimizer params: 12 (" in summary_text(model)
    assert " Total params: 17 (" in summary_text(model)


def test_unbuilt_frozen_and_nested():
    text = summary_text(Sequential([Dense(1)]))
    assert "│ dense (Dense)                   │ ?                      │   0 (unbuilt) │" in text
    inner = Sequential([Input((4,)), Dense(3), Dense(2)], name="inner")
    inner.layers[0].trainable = False
    outer = Sequential([inner, Dense(1)])
    text = summary_text(outer, expand_nested=True, show_trainable=True)
    assert "│    └ dense_1 (Dense)" in text
    assert "│   N   │" in text
    assert " Non-trainable params: 15 (60.00 B)" in text


def test_a_graph_within_a_model_of_ones_own():
    class Own(Model):
        def __init__(self):
            super().__init__(name="own")
            x = Input((4,))
            self.inner = Model(x, Dense(3)(x), name="inner")

        def call(self, inputs):
            return self.inner(inputs)

    model = Own()
    model.build((None, 4))
    assert "inner (Functional)              │ (None, 3)" in summary_text(model)


def test_options(capsys):
    taken = []
    plain().summary(print_fn=taken.append, line_length=60)
    assert capsys.readouterr().out == ""
    assert len(taken[0].splitlines()[1]) == 60
    text = summary_text(plain(), layer_range=["dropout", "dense"])
    assert "hidden" not in text
    assert "dropout" in text
    ends = summary_text(plain(), positions=(0.4, 0.7, 0.9, 1.0), show_trainable=True)
    assert ends.splitlines()[1].count("┳") == 3
    with pytest.raises(ArgumentError, match="`positions`: got 2, expected 3, one for each of"):
        summary_text(plain(), positions=(0.5, 1.0))
    with pytest.raises(ArgumentError, match="no layer matches 'exit'"):
        summary_text(plain(), layer_range=["exit", "dense"])
    with pytest.raises(ArgumentError, match=r"`layer_range`: '\(' is no pattern"):
        summary_text(plain(), layer_range=["(", "dense"])
    with pytest.raises(ArgumentError, match="`line_length`: got '80' of type str, expected an int"):
        summary_text(plain(), line_length="80")
    with pytest.raises(ArgumentError, match="line_length=80"):
        summary_text(plain(), line_length=8)


def test_an_output_that_has_letters_only_or_is_closed(monkeypatch):
    model = Sequential([Input((4,)), Dense(2)], name="모델")
    stream = io.TextIOWrapper(io.BytesIO(), "ascii", newline="")
    monkeypatch.setattr(sys, "stdout", stream)
    model.summary()
    text = stream.buffer.getvalue().decode()
    assert 'Model: "??"' in text and "| dense (Dense) " in text and "+--------" in text
    stream.close()
    model.summary()
    monkeypatch.setattr(sys, "stdout", None)
    model.summary()


def test_sizes_in_words():
    assert readable(0) == "0.00 B"
    assert readable(1024) == "1.00 KB"
    assert readable(1231520000) == "1.15 GB"


def test_html_escapes_names():
    a = Input((2,), name="a")
    model = Model(a, Add()([Dense(1, name="x<y")(a), Dense(1)(a)]), name="<b>")
    html = model._repr_html_()
    assert "&lt;b&gt;" in html
    assert "x&lt;y (Dense)" in html
    assert "Connected to" in html
    assert "Connected to" not in plain()._repr_html_()
