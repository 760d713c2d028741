"""joblib's jobs and Ranvier's threads share the cores."""

from __future__ import annotations

import joblib
import pytest

from ranvier import config
from ranvier.learn import jobs

pytestmark = pytest.mark.oracle


def seen() -> int:
    with config.threads_at_most(jobs.share()):
        return config.threads()


def test_a_fit_alone_has_all_threads() -> None:
    assert jobs.share() is None
    assert seen() == config.threads()


def test_jobs_in_threads_have_one_each() -> None:
    with joblib.parallel_config(backend="threading"):
        assert joblib.Parallel(n_jobs=2)(joblib.delayed(seen)() for _ in range(2)) == [1, 1]


def test_jobs_in_processes_have_their_share() -> None:
    with joblib.parallel_config(backend="loky", inner_max_num_threads=1):
        assert joblib.Parallel(n_jobs=2)(joblib.delayed(jobs.share)() for _ in range(2)) == [1, 1]
