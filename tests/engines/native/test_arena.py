"""Arenas: lent to one call at a time, shared by equal code, gone with the last program."""

from __future__ import annotations

import base64
import gc

import numpy as np
import pytest

from ranvier import random
from ranvier.engines.native import NativeEngine, arena
from ranvier.engines.native.layout import Layout
from ranvier.graph import Graph, input_node
from ranvier.layers import (
    LSTM,
    BatchNormalization,
    Conv1D,
    Dense,
    Dropout,
    Input,
    MaxPooling1D,
)
from ranvier.model import Sequential
from ranvier.ops import multiply


def compiled(factor: float):
    """A program for up to eight rows."""
    x = input_node("x", (None, 3), "float32")
    return NativeEngine().compile(Graph((x,), (multiply(x, factor),)), 8)


def test_equal_programs_borrow_the_same_arena() -> None:
    one, two = compiled(1.5), compiled(1.5)
    rows, out = np.ones((8, 3), np.float32), np.empty((8, 3), np.float32)
    for program in (one, two, one):
        program.run([rows], np.arange(8), 8, [out])
        assert (out == 1.5).all()
    assert one._arenas is two._arenas and len(one._arenas._free) == 1
    assert compiled(2.5)._arenas is not one._arenas


def test_a_second_call_at_the_same_time_gets_another() -> None:
    arenas = compiled(3.5)._arenas
    first, second = arenas.take(), arenas.take()
    assert first.address != second.address
    arenas.give(first)
    assert arenas.take() is first


def test_what_lies_in_an_arena_is_not_read(monkeypatch: pytest.MonkeyPatch) -> None:
    rng = np.random.default_rng(0)
    x, y = rng.normal(size=(50, 6, 3)), rng.integers(0, 5, 50)

    def trained() -> list[np.ndarray]:
        random.set_random_seed(1)
        net = Sequential([
            Input((6, 3)), Conv1D(5, 3, padding="same", activation="relu"), BatchNormalization(),
            MaxPooling1D(2), LSTM(7), Dropout(0.3), Dense(5, activation="softmax"),
        ])  # fmt: skip
        net.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])
        net.fit(x, y, batch_size=16, epochs=2, validation_data=(x, y), verbose=0)
        return [*net.get_weights(), *(np.float64(v) for v in net.history.history.values())]

    def dirty(self: Layout) -> np.ndarray:
        memory = clean(self)
        held = memory == 0
        for place, text in self.constants:
            held[place : place + len(base64.b64decode(text))] = False
        memory[held] = 0xFF  # of floats: NaN
        return memory

    first = trained()
    clean = Layout.memory
    gc.collect()
    monkeypatch.setattr(Layout, "memory", dirty)
    monkeypatch.setattr(arena, "_ARENAS", type(arena._ARENAS)())
    for a, b in zip(first, trained(), strict=True):
        np.testing.assert_array_equal(a, b)


def test_memory_goes_with_the_last_program() -> None:
    program = compiled(4.5)
    before = len(arena._ARENAS)
    del program
    gc.collect()
    assert len(arena._ARENAS) < before
