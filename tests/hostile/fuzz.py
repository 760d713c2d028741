"""A coverage-guided fuzz run over all loaders: `make fuzz`, for FUZZ_SECONDS (default 300).

Atheris (extra `fuzz`) turns bytes into files; the first byte says which form they take, so that
checksums of containers do not stop it: configs and arrays are packed into a good container. What
is no documented error, takes more than 6 seconds, or touches anything is written to .data/fuzz.
Where Atheris is missing, mutations by chance take its place, without coverage.
"""

from __future__ import annotations

import io
import json
import os
import re
import subprocess
import sys
import time
import traceback
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

FOLDER = Path(".data/fuzz")
_FINDINGS = FOLDER / "findings"
# Of one input: MB, and seconds; code that counts what it runs takes some times longer.
_SECONDS, _MEMORY = 6.0, 2048
_WATCHED = ("open", "import", "subprocess", "socket", "os.", "ctypes", "pickle", "shutil")

_touched: list[str] = []
_watching = False
_seen: set[str] = set()
_count = 0


def _watch(event: str, arguments: tuple[Any, ...]) -> None:
    if _watching and event.startswith(_WATCHED):
        _touched.append(f"{event} {arguments!r:.200}")


def _config(data: bytes) -> tuple[str, bytes]:
    from ranvier.save.keras import CONFIG, WEIGHTS, unpack_keras
    from tests.hostile.trial import good

    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr(CONFIG, data)
        archive.writestr(WEIGHTS, unpack_keras(good("m.keras"), "good").weights)
    return "m.keras", out.getvalue()


def _array(data: bytes) -> tuple[str, bytes]:
    from tests.hostile.trial import good

    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(good("m.npz"))) as old, zipfile.ZipFile(out, "w") as new:
        for place, member in enumerate(old.infolist()):
            new.writestr(member.filename, old.read(member) if place else data)
    return "m.npz", out.getvalue()


def _as(file: str) -> Callable[[bytes], tuple[str, bytes]]:
    return lambda data: (file, data)


#: What the first byte chooses: how the rest becomes a file.
WAYS: tuple[Callable[[bytes], tuple[str, bytes]], ...] = (
    _as("m.weights.h5"), _as("m.h5"), _as("m.keras"), _config, _as("m.safetensors"), _as("m.npz"),
    _array, _as("idx"),
)  # fmt: skip


def one_input(data: bytes) -> None:
    """Load one input; write down what no stranger's file may do."""
    global _watching, _count
    from ranvier.graph.errors import DatasetError, ModelFileError
    from tests.hostile.trial import FORMS, LOADERS

    if not data:
        return
    _count += 1
    name, content = WAYS[data[0] % len(WAYS)](data[1:])
    file = io.BytesIO(content)
    file.name = name  # type: ignore[attr-defined]
    fault = None
    _touched.clear()
    start, _watching = time.process_time(), True
    try:
        LOADERS[FORMS.get(name, "idx")](file)
    except (ModelFileError, DatasetError):
        pass
    except Exception as error:
        frame = traceback.extract_tb(error.__traceback__)[-1]
        fault = f"{type(error).__name__} in {Path(frame.filename).name}:{frame.lineno}: {error}"
    _watching = False
    seconds = time.process_time() - start
    if fault is None and seconds > _SECONDS:
        fault = f"{seconds:.1f} seconds"
    if fault is None and _touched:
        fault = f"touched {_touched[0]}"
    if fault is not None:
        _keep(fault, data)


def _keep(fault: str, data: bytes) -> None:
    kind = re.sub(r"\d+\.\d seconds", "seconds", fault.split(": ")[0])[:60]
    if kind in _seen:
        return
    _seen.add(kind)
    at = _FINDINGS / f"{len(_seen)}"
    at.with_suffix(".bin").write_bytes(data)
    at.with_suffix(".txt").write_text(fault[:2000], errors="replace")
    print(f"finding: {fault[:300]!a}", file=sys.stderr, flush=True)


def seeds() -> list[bytes]:
    """Good and hostile files of every form, from the corpora beside this file."""
    from ranvier.save.keras import CONFIG
    from tests.hostile.families import FAMILIES
    from tests.hostile.trial import good

    found = [bytes([place]) + good(file) for place, file in enumerate(
        ("m.weights.h5", "m.h5", "m.keras", None, "m.safetensors", "m.npz")) if file]  # fmt: skip
    places = {"m.weights.h5": 0, "m.h5": 1, "m.safetensors": 4, "m.npz": 5, "idx": 7}
    for family, step in (("idx", 1), ("safetensors", 1), ("npz", 1), ("bombs", 1),
                         ("model_values", 211), ("layer_values", 397)):  # fmt: skip
        for trial in FAMILIES[family]()[::step]:
            data = trial.make()
            if trial.file in places:
                found.append(bytes([places[trial.file]]) + data)
            elif trial.file == "m.keras":
                with zipfile.ZipFile(io.BytesIO(data)) as archive:
                    found.append(b"\3" + archive.read(CONFIG))
    with zipfile.ZipFile(io.BytesIO(good("m.npz"))) as archive:
        found.append(b"\6" + archive.read(archive.namelist()[0]))
    return [data for data in found if len(data) < 100_000]


def _by_chance(seconds: float, inputs: list[bytes]) -> None:
    from tests.hostile.damage_family import spliced

    end = time.monotonic() + seconds
    number = 0
    while time.monotonic() < end:
        data = inputs[number % len(inputs)]
        one_input(data[:1] + spliced(data[1:], number))
        number += 1
    print(f"stat::number_of_executed_units: {number}", file=sys.stderr)


def _child(seconds: str) -> None:
    """Fuzz in this process, which ends when the time is over."""
    import warnings

    warnings.simplefilter("ignore")
    try:
        import atheris
    except ImportError:
        atheris = None
    if atheris is not None:
        with atheris.instrument_imports(include=["ranvier"]):
            import tests.hostile.trial
        assert tests.hostile.trial.FORMS
    inputs = seeds()
    for data in inputs:  # what is imported at first use is there before the watch
        one_input(data)
    sys.addaudithook(_watch)
    if atheris is None:
        print("Atheris is not installed (extra `fuzz`): mutations by chance.", file=sys.stderr)
        _by_chance(float(seconds), inputs)
        return
    corpus = FOLDER / "corpus"
    for number, data in enumerate(inputs):
        (corpus / f"seed_{number}").write_bytes(data)
    atheris.Setup(
        [sys.argv[0], str(corpus), f"-max_total_time={seconds}", "-print_final_stats=1",
         # These two go by the clock, which other work on the machine holds up.
         "-timeout=120", "-report_slow_units=120",
         f"-rss_limit_mb={_MEMORY}", f"-artifact_prefix={_FINDINGS}/", "-max_len=60000",
         "-len_control=0", "-verbosity=1"],
        one_input,
    )  # fmt: skip
    atheris.Fuzz()


def main() -> int:
    """Fuzz in a child process; print the figures; fail if there are findings."""
    seconds = os.environ.get("FUZZ_SECONDS", "300")
    for folder in (_FINDINGS, FOLDER / "corpus"):
        folder.mkdir(parents=True, exist_ok=True)
    for old in _FINDINGS.iterdir():
        old.unlink()
    done = subprocess.run(
        [sys.executable, "-m", "tests.hostile.fuzz", "child", seconds],
        stderr=subprocess.PIPE, text=True, errors="replace",
    )  # fmt: skip
    (FOLDER / "log.txt").write_text(done.stderr)
    runs = re.findall(r"number_of_executed_units: *(\d+)", done.stderr)
    covered = re.findall(r"cov: (\d+)", done.stderr)
    peak = re.findall(r"peak_rss_mb: *(\d+)", done.stderr)
    findings = sorted(path.name for path in _FINDINGS.iterdir() if path.suffix != ".txt")
    figures = {
        "executions": int(runs[-1]) if runs else None, "seconds": float(seconds),
        "edges covered": int(covered[-1]) if covered else None,
        "peak MB": int(peak[-1]) if peak else None,
        "findings": findings, "exit": done.returncode,
    }  # fmt: skip
    print(json.dumps(figures))
    if not runs:
        print(done.stderr[-2000:])
    return int(bool(findings) or not runs or done.returncode != 0)


if __name__ == "__main__":
    if sys.argv[1:2] == ["child"]:
        _child(sys.argv[2])
    else:
        sys.exit(main())
