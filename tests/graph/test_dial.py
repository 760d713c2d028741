"""Dials: numbers outside of a step, variables within: one text for every value."""

from __future__ import annotations

import numpy as np

from ranvier import ops, optimizers
from ranvier.graph import Graph, Trace, Variable, dial
from ranvier.graph.show import show
from ranvier.optimizers import SGD


def step(decay: float, momentum: float) -> Graph:
    """A step of an optimizer on one weight."""
    weight = Variable(np.ones(3))
    optimizer = SGD(0.1, momentum=momentum, weight_decay=decay)
    with Trace() as trace:
        optimizer.apply([ops.multiply(weight, 2.0)], [weight])
    return Graph((), (), tuple(trace.updates.items()))


def test_outside_of_a_step_it_is_the_number() -> None:
    assert dial(0.25, "float32") == 0.25


def test_steps_that_differ_in_it_have_one_text() -> None:
    assert show(step(0.1, 0.5)) == show(step(0.2, 0.9))
    values = sorted(float(v.numpy()) for v in step(0.1, 0.5).variables if v.name == "dial")
    assert np.allclose(values, [0.1, 0.5])


def test_its_owner_does_not_keep_it() -> None:
    weight = Variable(np.ones(3))
    optimizer = optimizers.SGD(0.1, weight_decay=0.5)
    with Trace():
        optimizer.apply([weight.value], [weight])
    assert [v.name for v in optimizer.variables] == ["iteration", "learning_rate"]
