"""The crew: which model goes first, and where its parts run."""

from __future__ import annotations

import numpy as np
import pytest

from ranvier.callbacks import EarlyStopping, LambdaCallback
from ranvier.layers import Dense, Input
from ranvier.model import Sequential
from ranvier.model.crew import Crew, Job
from ranvier.model.fold import Shared, prepared


@pytest.fixture
def job():
    """Makes jobs of 7 steps an epoch."""
    from contextlib import ExitStack

    def make(place=0, epochs=1, callbacks=None, eager=False):
        model = Sequential([Input((4,)), Dense(1)])
        model.compile("sgd", "mse", run_eagerly=eager)
        given = dict.fromkeys(
            ("sample_weight", "class_weight", "validation_data", "validation_batch_size",
             "validation_rows", "rows")
        )  # fmt: skip
        rng = np.random.default_rng(place)
        given |= {
            "x": rng.normal(size=(70, 4)), "y": rng.normal(size=70), "batch_size": 10,
            "epochs": epochs, "initial_epoch": 0, "shuffle": True, "verbose": 0,
            "callbacks": callbacks, "validation_freq": 1,
        }  # fmt: skip
        return Job(place, prepared(ExitStack(), Shared(), model, given))

    return make


def test_the_first_goes_first_until_few_are_left(job):
    jobs = [job(i, epochs=1 + i) for i in range(6)]
    crew = Crew(jobs, 2)
    assert crew._first() is jobs[0]
    crew._unfinished = 4
    assert crew._first() is jobs[5]
    jobs[5].done, jobs[5].seconds = 40, 1.0
    jobs[4].done, jobs[4].seconds = 0, 0.0
    assert crew._first() is jobs[4]


def test_callbacks_decide_where_a_model_trains(job):
    assert not job().listens
    stopping = job(callbacks=[EarlyStopping("loss")])
    assert stopping.listens and not stopping.home
    assert job(callbacks=[LambdaCallback(on_train_batch_end=lambda b, logs: None)]).home
    assert job(eager=True).home


def test_a_job_knows_how_far_it_is(job):
    one = job(epochs=2)
    assert (one.steps, one.left, one.share, one.epochs) == (14, 14, 0.0, 0)
    Crew([one], 1).work(lambda: None)
    assert (one.left, one.share, one.epochs, one.ended) == (0, 1.0, 2, True)
    assert list(one.logs) == ["loss"]


def test_what_is_no_exception_ends_all(job):
    def leave(epoch, logs):
        raise SystemExit(3)

    jobs = [job(0, 50), job(1, 50, [LambdaCallback(on_epoch_end=leave)])]
    with pytest.raises(SystemExit):
        Crew(jobs, 2).work(lambda: None)
    assert all(one.run.model.position is None for one in jobs)
