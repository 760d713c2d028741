"""A native library answers within milliseconds of its program's start."""

from __future__ import annotations

import os
import shlex
import shutil
import statistics
import subprocess
import tempfile
import time
from pathlib import Path

from benchmarks import environment
from benchmarks.run import Run
from benchmarks.table import figure

#: From the start of a process to its end, with one prediction between.
GOAL_MILLISECONDS = 5.0
EXAMPLE = Path(__file__).resolve().parents[2] / "examples" / "native_library"


def measure(run: Run) -> None:
    """Build the example's C program, and start it again and again."""
    print("start of a native library", flush=True)
    compiler = shlex.split(os.environ.get("CC", "cc"))[0]
    if shutil.which(compiler) is None:
        run.report.notes.append("Native library: not measured without a C compiler.")
        return
    with tempfile.TemporaryDirectory() as folder:
        shutil.copytree(EXAMPLE, folder, dirs_exist_ok=True)
        made = subprocess.run(
            ["make", f"PYTHON={environment.interpreter('ranvier')}", "classify"], cwd=folder,
            capture_output=True, text=True, env=environment.variables(),
        )  # fmt: skip
        taken = None
        if made.returncode:
            print("  " + (made.stderr.strip().splitlines() or ["failed"])[-1][:200], flush=True)
        else:
            program = [Path(folder, "classify")]
            taken = statistics.median(_milliseconds(program) for _ in range(200))
            run.report.row(
                "Milliseconds from the start of a process to its end",
                **{"784-100-10 in C": figure(taken), "nothing": figure(
                    statistics.median(_milliseconds(["true"]) for _ in range(200)))},
            )  # fmt: skip
    run.report.at_most(
        "native library: from start to first prediction", GOAL_MILLISECONDS, taken, " ms"
    )


def _milliseconds(command: list) -> float:
    began = time.perf_counter()
    subprocess.run(command, stdout=subprocess.DEVNULL, check=True)
    return (time.perf_counter() - began) * 1e3
