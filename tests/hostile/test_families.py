"""Families of hostile files, loaded in child processes: one error, little time, nothing touched."""

import json
import os
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

SECONDS = 2.0
MEMORY = 64 << 20  # bytes beyond three times the file's size

#: The quick run: families that share a process, and every how-many-th file of each is loaded.
QUICK = {
    "arrays": {"idx": 1, "safetensors": 1, "npz": 1},
    "bombs": {"bombs": 1},
    "damage": {"truncations": 7, "flips": 15, "splices": 15},
    "values": {"model_values": 101, "operations": 97, "layer_values": 499},
}
#: With RANVIER_HOSTILE=all in the environment: minutes of processor time.
LONG = {"truncations": 1, "flips": 1, "splices": 1, "model_values": 11, "operations": 29,
        "layer_values": 101}  # fmt: skip


def results(steps: dict[str, int], seconds: float = 300) -> list[dict]:
    """Load families in a process of its own; it ends by itself, without a signal."""
    words = [word for family, step in steps.items() for word in (family, str(step))]
    done = subprocess.run(
        [sys.executable, "-m", "tests.hostile.child", *words],
        cwd=Path(__file__).parents[2], capture_output=True, text=True, timeout=seconds,
    )  # fmt: skip
    lines = [json.loads(line) for line in done.stdout.splitlines() if line.startswith("{")]
    last = lines[-1] if lines else None
    assert done.returncode == 0, f"{done.returncode} after {last}\n{done.stderr[-3000:]}"
    found = [line for line in lines if "trial" in line]
    assert last == {"done": len(found)}
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


@pytest.mark.parametrize("group", QUICK)
def test_some_of_each_family(group):
    found = results(QUICK[group])
    assert faults(found) == []
    came = Counter(one["came"] for one in found)
    assert min(came["loaded"], came["refused"]) >= 5


def test_damage_is_done_to_every_form():
    from tests.hostile.child import chosen
    from tests.hostile.trial import FORMS

    for family, step in QUICK["damage"].items():
        twins, others = chosen(family, step)
        assert {trial.file for trial in twins} == set(FORMS)
        assert min(Counter(trial.file for trial in others).values()) >= 3
        assert {trial.file for trial in others} == set(FORMS)


@pytest.mark.slow
@pytest.mark.skipif(
    os.environ.get("RANVIER_HOSTILE") != "all", reason="minutes long: RANVIER_HOSTILE=all runs it"
)
@pytest.mark.parametrize("family", LONG)
def test_many_of_each_family(family):
    found = results({family: LONG[family]}, 3600)
    assert faults(found) == []
    assert len(found) > 50
