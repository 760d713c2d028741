"""Arguments that a layer refuses when it is made, and inputs too small for its windows."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from ranvier import layers
from ranvier.graph.errors import ArgumentError, RanvierError, ShapeError

MADE: list[tuple[str, dict[str, Any], str]] = [
    *((name, {"height": bad, "width": 3}, rf"{name} 'it', `height`: got {bad!r}.*, expected a pos")
      for name in ("CenterCrop", "RandomCrop", "Resizing") for bad in (0, -1, 1.5, "a", None)),
    *((name, {"height": 3, "width": 0}, f"{name} 'it', `width`: got 0")
      for name in ("CenterCrop", "RandomCrop", "Resizing")),
    *(("Rescaling", {"scale": bad}, r"Rescaling 'it', `scale`: got .*, expected a finite number")
      for bad in ("a", None, float("nan"), [1, "b"], [[1], [2, 3]])),
    ("Rescaling", {"scale": 1, "offset": "a"}, "Rescaling 'it', `offset`: got 'a'"),
    ("Normalization", {"mean": "a", "variance": 1}, "Normalization 'it', `mean`: got 'a'"),
    ("Normalization", {"mean": 0, "variance": -1}, "`variance`: got -1.*number of at least 0"),
    *(("Discretization", {"bin_boundaries": bad}, "Discretization 'it', `bin_boundaries`: got")
      for bad in ([3.0, 1.0], ["a"], [[1, 2]], [float("nan")], 3)),
    ("Discretization", {"num_bins": 1.5}, "Discretization 'it', `num_bins`: got 1.5"),
    ("Lambda", {"function": lambda: 1}, r"Lambda 'it', `function`: got <lambda>\(\), exp"),
    ("Lambda", {"function": lambda x: x, "arguments": {"n": 1}}, "a function of .inputs, n="),
]  # fmt: skip


@pytest.mark.parametrize(("name", "arguments", "words"), MADE)
def test_a_layer_refuses(name: str, arguments: dict[str, Any], words: str) -> None:
    with pytest.raises(RanvierError, match=words):
        getattr(layers, name)(**arguments, name="it")


def test_boundaries_may_be_equal_or_none_at_all() -> None:
    x = np.array([0.0, 1.0, 2.0], np.float32)
    assert layers.Discretization([1.0, 1.0])(x).tolist() == [0, 2, 2]
    assert layers.Discretization([])(x).tolist() == [0, 0, 0]


WINDOWS: list[tuple[str, dict[str, Any], str]] = [
    *((f"{kind}{n}D", {"kernel_size": 7, **more}, "kernel_size")
      for kind, more, ranks in (("Conv", {"filters": 2}, 3), ("DepthwiseConv", {}, 2),
                                ("SeparableConv", {"filters": 2}, 2))
      for n in range(1, ranks + 1)),
    *((f"{kind}Pooling{n}D", {"pool_size": 7}, "pool_size")
      for kind in ("Max", "Average") for n in (1, 2, 3)),
    ("Conv1D", {"filters": 2, "kernel_size": 3, "dilation_rate": 4}, "kernel_size"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "arguments", "argument"), WINDOWS)
def test_windows_larger_than_the_input_name_the_argument(
    name: str, arguments: dict[str, Any], argument: str
) -> None:
    spatial = (5,) * int(name[-2])
    layer = getattr(layers, name)(**arguments, name="it")
    words = rf"{name} 'it', `{argument}`: windows of \(.*do not fit into spatial sizes \(5,"
    with pytest.raises(ShapeError, match=words):
        layer(layers.Input((*spatial, 3)))
    first = getattr(layers, name)(**arguments, data_format="channels_first", name="it")
    with pytest.raises(ShapeError, match=words):
        first(layers.Input((7, *spatial)))
    wide = {k: v for k, v in arguments.items() if k != "dilation_rate"}
    same = getattr(layers, name)(**wide, padding="same")
    assert same(np.zeros((1, *spatial, 3), np.float32)).shape[0] == 1


def test_the_recurrent_convolution_names_its_kernel_size() -> None:
    with pytest.raises(ShapeError, match="`kernel_size`: windows of .7, 7. do not fit"):
        layers.ConvLSTM2D(2, 7)(layers.Input((4, 5, 5, 3)))


def test_a_size_is_an_argument_error() -> None:
    with pytest.raises(ArgumentError):
        layers.CenterCrop(0, 3)
