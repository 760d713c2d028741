"""Families of hostile files, loaded in child processes: one error, little time, nothing touched."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

SECONDS = 2.0
MEMORY = 64 << 20  # bytes beyond three times the file's size

#: Every n-th file of these is loaded in the quick run.
STEPS = {"idx": 1, "safetensors": 1, "npz": 1, "bombs": 1, "truncations": 25, "flips": 75,
         "splices": 75, "model_values": 197}  # fmt: skip
#: And every n-th of these, of which there are up to ten thousand, in the long one.
LONG = {"truncations": 5, "flips": 15, "splices": 15, "model_values": 61, "operations": 97}


def results(family: str, step: int) -> list[dict]:
    """Load a family in a process of its own; it ends by itself, without a signal."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.hostile.child", family, str(step)],
        cwd=Path(__file__).parents[2], capture_output=True, text=True,
    )  # fmt: skip
    lines = [json.loads(line) for line in done.stdout.splitlines() if line.startswith("{")]
    last = lines[-1] if lines else None
    assert done.returncode == 0, f"{done.returncode} after {last}\n{done.stderr[-3000:]}"
    found = [line for line in lines if "trial" in line]
    assert lines[-1] == {"done": len(found)}
    return found


def faults(found: list[dict]) -> list[str]:
    """Return what broke a rule, in words."""
    told = []
    for one in found:
        wrong = []
        allowed = ("loaded", "refused") if one["wanted"] == "either" else (one["wanted"],)
        if one["came"] not in allowed:
            wrong.append(f"{one['came']}, expected {one['wanted']}")
        if one["seconds"] > SECONDS:
            wrong.append(f"{one['seconds']:.1f} s")
        if one["memory"] > MEMORY + 3 * one["size"]:
            wrong.append(f"{one['memory'] >> 20} MB")
        if one["touched"]:
            wrong.append(f"touched {one['touched'][:3]}")
        if wrong:
            told.append(f"{one['trial']}: {'; '.join(wrong)}")
    return told


@pytest.mark.parametrize("family", STEPS)
def test_some_of_each_family(family):
    found = results(family, STEPS[family])
    assert faults(found) == []
    assert {"loaded", "refused"} <= {one["came"] for one in found}


@pytest.mark.slow
@pytest.mark.parametrize("family", LONG)
def test_many_of_each_family(family):
    found = results(family, LONG[family])
    assert faults(found) == []
    assert len(found) > 50
