"""Runs trials in a process of its own and writes down what each did: one line of JSON a trial.

`python -m tests.hostile.child FAMILY STEP ...` loads every STEP-th file of each family. What the
benign twins import at first use is there before the watch begins.
"""

from __future__ import annotations

import faulthandler
import gc
import io
import json
import os
import resource
import signal
import sys
import time
import warnings
from pathlib import Path
from typing import Any

import numpy.ma  # noqa: F401 - NumPy imports it at first use

from ranvier.graph.errors import DatasetError, ModelFileError
from tests.hostile.families import FAMILIES
from tests.hostile.trial import LOADERS, Trial

_WATCHED = ("open", "import", "exec", "compile", "subprocess", "socket", "os.", "ctypes", "pickle",
            "shutil", "tempfile", "marshal", "code.__new__", "glob", "mmap")  # fmt: skip
_MORE_MEMORY = 1 << 30  # bytes of address space beyond what the twins needed
_TWINS = 25  # of a family, at most twice as many
_LONGEST = 10  # seconds of processor time until a trial that hangs ends the process, by a signal

_touched: list[str] = []
_watching = False


def _watch(event: str, arguments: tuple[Any, ...]) -> None:
    if _watching and event.startswith(_WATCHED):
        _touched.append(f"{event} {arguments!r:.200}")


def run(trial: Trial) -> dict[str, Any]:
    """Load one file; return what came of it, its time and memory, and what it touched."""
    global _watching
    data = trial.make()
    file = io.BytesIO(data)
    file.name = trial.file  # type: ignore[attr-defined]
    gc.collect()
    before = _forget_peak()
    _touched.clear()
    start = time.process_time()
    error: BaseException | None = None
    _watching = True
    try:
        LOADERS[trial.loader](file)
    except Exception as found:
        error = found
    _watching = False
    return {
        "trial": trial.name, "wanted": trial.wanted, "size": len(data),
        "seconds": time.process_time() - start, "memory": _peak() - before,
        "touched": list(_touched), **_told(error, trial.file),
    }  # fmt: skip


def _told(error: BaseException | None, file: str) -> dict[str, Any]:
    if error is None:
        return {"came": "loaded"}
    words = f"{type(error).__name__}: {error}"[:300]
    out_of_memory = False
    cause: BaseException | None = error
    while cause is not None:
        out_of_memory |= isinstance(cause, MemoryError)
        cause = cause.__cause__ or cause.__context__
    documented = type(error) in (ModelFileError, DatasetError) and str(error).startswith(file)
    return {"came": "refused" if documented and not out_of_memory else words, "words": words}


def _forget_peak() -> int:
    """Return the resident bytes, from which the peak counts anew."""
    try:
        Path("/proc/self/clear_refs").write_text("5")
    except OSError:  # not allowed here: the peak of the whole process counts
        return _peak()
    return _status("VmRSS")


def _peak() -> int:
    return _status("VmHWM")


def _status(key: str) -> int:
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith(key + ":"):
            return int(line.split()[1]) * 1024
    return 0


def chosen(family: str, step: int) -> tuple[list[Trial], list[Trial]]:
    """Return benign twins of a family, all if they are few, and every `step`-th hostile file."""
    trials = FAMILIES[family]()
    twins = [t for t in trials if t.wanted == "loaded"]
    others = [t for t in trials if t.wanted != "loaded"]
    return twins[:: max(1, len(twins) // _TWINS)], others[::step]


def main(steps: dict[str, int]) -> None:
    """Run benign twins of some families and every so-many-th of their hostile files."""
    warnings.simplefilter("ignore")
    sys.stdout.reconfigure(errors="replace")  # type: ignore[union-attr]
    pairs = [chosen(family, step) for family, step in steps.items()]
    twins = [twin for pair in pairs for twin in pair[0]]
    others = [other for pair in pairs for other in pair[1]]
    for twin in twins:
        run(twin)
    gc.collect()
    gc.freeze()  # else each trial's collection walks over a hundred thousand trials
    resource.setrlimit(resource.RLIMIT_AS, (_status("VmSize") + _MORE_MEMORY, -1))
    faulthandler.enable()
    sys.addaudithook(_watch)
    for trial in [*twins, *others]:
        print(json.dumps({"begins": trial.name}), flush=True)
        signal.setitimer(signal.ITIMER_PROF, _LONGEST)
        print(json.dumps(run(trial)), flush=True)
        signal.setitimer(signal.ITIMER_PROF, 0)
    print(json.dumps({"done": len(twins) + len(others)}), flush=True)
    os._exit(0)  # nothing is left to tidy up


if __name__ == "__main__":
    main(dict(zip(sys.argv[1::2], map(int, sys.argv[2::2]), strict=True)))
