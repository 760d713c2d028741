"""Schedules: formulas, ranges, configs, and the same numbers eagerly and traced."""

import json
import math
from typing import Any

import numpy as np
import pytest

from ranvier import schedules
from ranvier.engines.reference import ReferenceEngine
from ranvier.graph import Graph, Trace, Variable
from ranvier.graph.errors import ArgumentError

S = schedules
STEPS = (0, 1, 2, 3, 5, 9, 10, 11, 15, 20, 21, 29, 30, 31, 70, 1000)


def cosine(part: float, alpha: float) -> float:
    return (1 - alpha) * 0.5 * (1 + math.cos(math.pi * part)) + alpha


def restarts(step: int, t: float, m: float) -> float:
    start, length, i = 0.0, 10.0, 0
    while step >= start + length:
        start, length, i = start + length, length * t, i + 1
    part = (step - start) / length
    return 0.5 * (0.9 * 0.5 * m**i * (1 + math.cos(math.pi * part)) + 0.1)


#: schedule, and its formula in plain Python
CASES: list[tuple[Any, Any]] = [
    (S.ExponentialDecay(0.5, 10, 0.9), lambda s: 0.5 * 0.9 ** (s / 10)),
    (S.ExponentialDecay(0.5, 10, 0.9, staircase=True), lambda s: 0.5 * 0.9 ** (s // 10)),
    (S.InverseTimeDecay(0.5, 10, 0.9), lambda s: 0.5 / (1 + 0.9 * s / 10)),
    (S.InverseTimeDecay(0.5, 10, 0.9, staircase=True), lambda s: 0.5 / (1 + 0.9 * (s // 10))),
    (S.PiecewiseConstantDecay([10, 30.5], [1.0, 0.5, 0.25]),
     lambda s: 1.0 if s <= 10 else 0.5 if s <= 30 else 0.25),
    (S.PolynomialDecay(0.5, 20, 0.1, power=2.0),
     lambda s: 0.4 * (1 - min(s, 20) / 20) ** 2 + 0.1),
    (S.PolynomialDecay(0.5, 10, 0.1, cycle=True),
     lambda s: 0.4 * (1 - s / (10 * max(1, math.ceil(s / 10)))) + 0.1),
    (S.CosineDecay(0.5, 20, 0.1), lambda s: 0.5 * cosine(min(s, 20) / 20, 0.1)),
    (S.CosineDecay(0.1, 20, 0.1, warmup_target=0.5, warmup_steps=10),
     lambda s: 0.1 + 0.04 * s if s < 10 else 0.5 * cosine(min(s - 10, 20) / 20, 0.1)),
    (S.CosineDecayRestarts(0.5, 10, 2.0, 0.8, 0.1), lambda s: restarts(s, 2.0, 0.8)),
    (S.CosineDecayRestarts(0.5, 10, 1.0, 0.8, 0.1), lambda s: restarts(s, 1.0, 0.8)),
]  # fmt: skip


@pytest.mark.parametrize(("schedule", "formula"), CASES)
def test_rates_follow_the_formula_eagerly_and_traced(schedule: Any, formula: Any) -> None:
    count, rate = Variable(np.int64(0)), Variable(0.0)
    with Trace() as trace:
        rate.assign(schedule(count))
    program = ReferenceEngine().compile(Graph((), (), tuple(trace.updates.items())), 1)
    for step in STEPS:
        expected = formula(step)
        assert float(schedule(step)) == pytest.approx(expected, rel=2e-5, abs=1e-7), step
        count.assign(step)
        program.run([], np.arange(1), 1)
        assert float(rate) == float(schedule(count)) == pytest.approx(float(schedule(step)))


@pytest.mark.parametrize("schedule", [case[0] for case in CASES])
def test_configs_come_back_whole_and_as_json(schedule: Any) -> None:
    config = json.loads(json.dumps(S.serialize(schedule)))
    assert config["module"] == "keras.optimizers.schedules"
    again = S.deserialize(config)
    assert type(again) is type(schedule) and again.get_config() == schedule.get_config()


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda: S.ExponentialDecay(0.1, 0, 0.9), "ExponentialDecay, `decay_steps`: got 0"),
        (lambda: S.CosineDecayRestarts(0.1, -5), "`first_decay_steps`: got -5"),
        (lambda: S.PiecewiseConstantDecay([1, 2], [0.1, 0.2]), "got 2 for 2 boundaries, expect"),
        (lambda: S.PiecewiseConstantDecay([2, 1], [0.1, 0.2, 0.3]), "expected steps that rise"),
    ],
)
def test_wrong_arguments_are_named(make: Any, words: str) -> None:
    with pytest.raises(ArgumentError) as error:
        make()
    assert words in str(error.value)


class Power(S.LearningRateSchedule):
    def __init__(self, start: float, s: int = 20) -> None:
        self.start, self.s = start, s

    def __call__(self, step: Any) -> Any:
        return self.start * 0.1 ** (step / self.s)


def test_a_schedule_of_the_users_own_traces_and_has_a_config() -> None:
    count = Variable(np.int64(20))
    with Trace():
        node = Power(0.5)(count)
    assert node.shape == () and node.dtype == "float32"
    assert float(Power(0.5)(count)) == pytest.approx(0.05)
    config = S.serialize(Power(0.5))
    assert config["config"] == {"start": 0.5, "s": 20}
    assert S.deserialize(config, {"Power": Power}).s == 20
    with pytest.raises(ArgumentError, match="schedules.deserialize: got 'Power'"):
        S.deserialize(config)
    with pytest.raises(NotImplementedError, match="has no __call__"):
        S.LearningRateSchedule()(0)


@pytest.mark.oracle
@pytest.mark.parametrize("schedule", [case[0] for case in CASES])
def test_rates_are_those_of_keras(schedule: Any) -> None:
    import keras

    theirs = getattr(keras.optimizers.schedules, type(schedule).__name__)
    theirs = theirs.from_config(schedule.get_config())
    for step in (0, 1, 7, 10, 11, 20, 25, 31, 45, 200):
        expected = float(theirs(np.int32(step)))
        assert float(schedule(np.int32(step))) == pytest.approx(expected, rel=2e-5, abs=1e-7)
