"""What users may give in place of an object: functions, which must take what they are given."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import ranvier
from ranvier import activations, constraints, initializers, layers, losses, metrics, regularizers
from ranvier.graph.configurable import takes
from ranvier.graph.errors import ArgumentTypeError


def none() -> float:
    return 1.0


def three(a: Any, b: Any, c: Any) -> Any:
    return a


REFUSED: list[tuple[Callable[[Any], object], str, str]] = [
    (activations.get, "activation", "x"),
    (regularizers.get, "regularizer", "x"),
    (constraints.get, "constraint", "w"),
    (initializers.get, "initializer", "shape, dtype="),
    (losses.LossFunctionWrapper, "loss", "y_true, y_pred"),
    (metrics.MeanMetricWrapper, "metric", "y_true, y_pred"),
]


@pytest.mark.parametrize(("taker", "place", "wanted"), REFUSED)
def test_a_function_of_other_arguments_is_refused(
    taker: Callable[[Any], object], place: str, wanted: str
) -> None:
    for function, shown in ((none, r"none\(\)"), (three, r"three\(a, b, c\)")):
        words = f"{place}: got {shown}, expected a function of .{wanted}."
        with pytest.raises(ArgumentTypeError, match=words):
            taker(function)


@pytest.mark.parametrize("argument", ["loss", "metrics"])
def test_compile_refuses_a_function_of_one_argument(argument: str) -> None:
    model = ranvier.Sequential([layers.Input((2,)), layers.Dense(1)])
    given = {"loss": "mse", argument: none if argument == "loss" else [none]}
    with pytest.raises(ArgumentTypeError, match=r"got none\(\).*function of \(y_true, y_pred\)"):
        model.compile("sgd", **given)
        model.fit(np.zeros((4, 2)), np.zeros((4, 1)), verbose=0)


def test_functions_with_more_than_they_need_are_taken() -> None:
    def more(y_true: Any, y_pred: Any, scale: float = 1.0) -> Any:
        return scale * (y_true - y_pred)

    assert (
        float(metrics.MeanMetricWrapper(more, scale=2.0)(np.float32([3]), np.float32([1]))) == 4.0
    )
    assert takes(lambda *xs: xs, "metric", "y_true", "y_pred")(1, 2) == (1, 2)
    assert takes(min, "metric", "y_true", "y_pred") is min
    with pytest.raises(ArgumentTypeError, match="function of .y_true, y_pred, off=."):
        metrics.MeanMetricWrapper(more, off=2.0)
