"""Random graphs: native against the reference, and the same bits at any number of threads."""

from __future__ import annotations

import numpy as np
import pytest

from ranvier.engines.native import NativeEngine
from ranvier.engines.native import program as native_program
from ranvier.engines.native.choice import Choice
from ranvier.engines.reference import ReferenceEngine
from ranvier.engines.setting import SETTING
from ranvier.plan import group as grouping
from ranvier.plan import split
from tests.engines.random_graph import random_graph
from tests.engines.run import close, run_from, same_bits, starts

GROUPS = [*range(3), *(pytest.param(g, marks=pytest.mark.slow) for g in range(3, 24))]
EACH = 15

#: float32 graphs hold sums and tangents, whose rounding a dozen further ops may enlarge.
TOLERANCE = {"float64": 1e-9, "float32": 2e-3}


@pytest.fixture
def sharing(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let even the smallest kernels be cut up, on as many threads as may be."""
    monkeypatch.setattr(split, "_PRODUCT", 1)
    monkeypatch.setattr(split, "_ELEMENTS", 1)
    monkeypatch.setattr(grouping, "_MANY", 1)
    monkeypatch.setattr(Choice, "pick", lambda self, most, steps: (most, steps))
    monkeypatch.setattr(native_program, "_CODE", {})
    monkeypatch.setenv("RANVIER_CACHE", "off")


@pytest.mark.parametrize("group", GROUPS)
def test_native_agrees_with_the_reference(
    group: int, sharing: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    for seed in range(group * EACH, group * EACH + EACH):
        dtype = "float64" if seed % 3 == 0 else "float32"
        graph, data = random_graph(seed, dtype)
        start = starts(graph)
        order = np.random.default_rng(seed).permutation(40)[:33].astype(np.int64)
        want = run_from(start, ReferenceEngine().compile(graph, 17), graph, data, order, 13)
        program = NativeEngine().compile(graph, 17)
        monkeypatch.setattr(SETTING, "threads", 1)
        got = run_from(start, program, graph, data, order, 13)
        try:
            close(got, want, TOLERANCE[dtype])
            monkeypatch.setattr(SETTING, "threads", 2)
            same_bits(run_from(start, program, graph, data, order, 13), got)
        except AssertionError as error:
            raise AssertionError(f"seed {seed}, {dtype}: {error}") from None
