"""How XLA compiles what Keras and JAX compute in tests: fast to compile, not fast to run."""

from __future__ import annotations

import importlib.util
import mmap
from pathlib import Path

#: Compiling takes nearly all of Keras' time; without LLVM's passes and XLA's own emitters it takes
#: a sixth of it. Values move by their last digits.
FLAGS = ("xla_backend_optimization_level=0", "xla_cpu_use_fusion_emitters=false")


def known_flags() -> str:
    """Return the flags that the installed XLA knows: at any other it ends the process."""
    found = importlib.util.find_spec("jaxlib")
    rooms = (found and found.submodule_search_locations) or []
    names = {flag.partition("=")[0].encode() for flag in FLAGS}
    known = {n for room in rooms for file in Path(room).glob("*.so") for n in _within(file, names)}
    return " ".join(f"--{flag}" for flag in FLAGS if flag.partition("=")[0].encode() in known)


def _within(file: Path, names: set[bytes]) -> set[bytes]:
    """Return the names that a file of code holds."""
    if not file.stat().st_size:
        return set()
    with open(file, "rb") as opened, mmap.mmap(opened.fileno(), 0, access=mmap.ACCESS_READ) as code:
        return {name for name in names if code.find(name) >= 0}
