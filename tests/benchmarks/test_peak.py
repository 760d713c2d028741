"""The measure of the processor's limit: it compiles and computes for every vector width."""

import os

import pytest

llvm = pytest.importorskip("llvmlite.binding")

from benchmarks.peak import Peak, routine_text, vector_width  # noqa: E402


@pytest.mark.parametrize("width", [4, 8, 16])
def test_the_ir_is_valid_at_every_width(width: int) -> None:
    module = llvm.parse_assembly(routine_text(width))
    module.verify()
    assert module.get_function("peak").name == "peak"


def test_it_measures_something_that_a_processor_can_do() -> None:
    assert vector_width() in (4, 8, 16)
    assert 0.1 < Peak().gflops(rounds=2000) < 2000


def test_all_cores_at_once() -> None:
    peak = Peak()
    assert 0.1 < peak.at_once() < 2000 * (os.cpu_count() or 1)
