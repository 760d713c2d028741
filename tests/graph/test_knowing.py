"""Calls that lack an argument, or have one too many, are told by name."""

from __future__ import annotations

import copy
import inspect

import pytest

from ranvier import callbacks, layers, losses, metrics
from ranvier.graph.errors import ArgumentTypeError
from ranvier.graph.knowing import Knowing, knowing
from ranvier.optimizers import schedules


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: layers.Dense(), r"Dense: `units` \(how many outputs, .*\) is missing.*Dense\(2"),
        (lambda: layers.Dense(activation="relu"), "Dense: `units` .* is missing"),
        (lambda: layers.Dense(unit=2), r"unknown keyword `unit`\. Did you mean 'units'\?"),
        (lambda: layers.Conv2D(32), r"Conv2D: `kernel_size` .*instance Conv2D\(4, 3, padding"),
        (lambda: layers.Embedding(10), r"Embedding: `output_dim` \(length of a vector\)"),
        (lambda: schedules.ExponentialDecay(0.1), "`decay_steps` .* and `decay_rate` .* are miss"),
        (lambda: metrics.MeanIoU(), r"`num_classes` .* Write for instance MeanIoU\(2\)\."),
        (lambda: callbacks.EarlyStopping(monitr="loss"), "Did you mean 'monitor'"),
        (lambda: losses.MeanSquaredError(nme="x"), "MeanSquaredError: .*Did you mean 'name'"),
    ],
)  # fmt: skip
def test_what_a_call_lacks_or_has_too_many(call, words):
    with pytest.raises(ArgumentTypeError, match=words):
        call()


def _needy():
    for room in (layers, metrics, callbacks):
        for name in dir(room):
            cls = getattr(room, name)
            if inspect.isclass(cls) and issubclass(cls, Knowing) and cls.__name__ == name:
                taken = list(inspect.signature(cls).parameters.values())
                if any(p.default is p.empty and p.kind is p.POSITIONAL_OR_KEYWORD for p in taken):
                    yield cls


@pytest.mark.parametrize("cls", list(_needy()), ids=lambda cls: cls.__name__)
def test_what_is_missing_comes_with_an_example(cls):
    with pytest.raises(ArgumentTypeError, match=rf"missing\. Write for instance {cls.__name__}\("):
        cls()


def test_classes_of_the_users_own():
    class Scale(layers.Layer):
        def __init__(self, factor, *, offset, **kwargs):
            super().__init__(**kwargs)

    with pytest.raises(
        ArgumentTypeError, match=r"`factor` and `offset` are.* Scale\(factor=\.\.\."
    ):
        Scale()
    with pytest.raises(ArgumentTypeError, match="Scale 'scale': .* Did you mean 'name'"):
        Scale(2, offset=1, nam="x")
    assert str(inspect.signature(Scale)) == "(factor, *, offset, **kwargs)"
    assert isinstance(copy.deepcopy(Scale(2, offset=1)), Scale)


def test_other_type_errors_are_as_they_were():
    class Box:
        @knowing
        def put(self, thing, size=1):
            return thing + size

    assert Box().put(2) == 3
    with pytest.raises(TypeError, match="can only concatenate str"):
        Box().put("a")
    with pytest.raises(TypeError, match="takes from 2 to 3 positional arguments"):
        Box().put(1, 2, 3)
    with pytest.raises(TypeError, match="multiple values for argument 'thing'"):
        Box().put(1, thing=2)
