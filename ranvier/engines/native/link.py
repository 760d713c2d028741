"""Links an object file into a shared object, by the system's C compiler."""

from __future__ import annotations

import os
import shlex
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from ...graph.errors import EngineError
from .machine import Machine, host


def linked(code: bytes, machine: Machine, name: str) -> bytes:
    """Return the bytes of a shared object of this name.

    Raises:
        EngineError: if there is no compiler, if it is one of another family of processors, or if
            it fails.
    """
    words = _compiler(machine, name)
    with tempfile.TemporaryDirectory(prefix="ranvier-") as folder:
        source, target = Path(folder, "model.o"), Path(folder, "model.so")
        try:
            source.write_bytes(code)
        except OSError as error:  # of a write, which names no file
            raise OSError(error.errno, os.strerror(error.errno or 0), str(source)) from error
        if sys.platform == "darwin":
            options = ["-dynamiclib", f"-Wl,-install_name,@rpath/{name}"]
        else:
            options = ["-shared", "-nostartfiles", f"-Wl,-soname,{name}", "-Wl,--as-needed"]
        try:
            subprocess.run(
                [*words, *options, "-o", str(target), str(source), "-lm"],
                check=True, capture_output=True, text=True, errors="replace",
                stdin=subprocess.DEVNULL,
            )  # fmt: skip
            return target.read_bytes()
        except (OSError, subprocess.CalledProcessError) as error:
            said = getattr(error, "stderr", "") or str(error)
            raise EngineError(
                f"export: {shlex.join(words)} could not link '{name}': "
                f"{said.strip()[-500:]}\nAn object file needs no linking here: export a name "
                "that ends in .o."
            ) from error


def _compiler(machine: Machine, name: str) -> list[str]:
    """Return the command of the C compiler: $CC, or cc for this computer's own family."""
    given = shlex.split(os.environ.get("CC", ""))
    family = machine.triple.partition("-")[0]
    if not given and family != host().triple.partition("-")[0]:
        raise EngineError(
            f"export: linking '{name}' for {machine.triple} needs a compiler for it. Name it in "
            f"CC, for instance CC={family}-linux-gnu-gcc, or export a name that ends in .o."
        )
    words = given or ["cc"]
    if shutil.which(words[0]) is None:
        raise EngineError(
            f"export: linking '{name}' needs a C compiler, and there is no '{words[0]}' here. "
            "Install one (on Debian: apt install gcc), name yours in CC, or export a name that "
            "ends in .o."
        )
    return words
