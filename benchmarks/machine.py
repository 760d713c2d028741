"""The machine and the versions that a figure belongs to."""

import os
import platform
from importlib import metadata
from pathlib import Path


def describe() -> dict[str, str]:
    """Return processor, cores, memory, system and the versions of what runs in our process."""
    found = {
        "processor": processor(),
        "cores": str(os.cpu_count()),
        "memory": f"{os.sysconf('SC_PAGE_SIZE') * os.sysconf('SC_PHYS_PAGES') / 2**30:.0f} GB",
        "system": f"{platform.system()} {platform.machine()}",
        "Python": platform.python_version(),
    }
    for name in ("numpy", "llvmlite"):
        found[name] = metadata.version(name)
    return found


def processor() -> str:
    """Return the processor's own name, with the widest vectors that it has."""
    import llvmlite.binding as llvm

    features = llvm.get_host_cpu_features()
    wide = next((f for f in ("avx512f", "avx2", "neon") if features.get(f)), "no wide vectors")
    name = llvm.get_host_cpu_name()
    info = Path("/proc/cpuinfo")
    if info.exists():
        for line in info.read_text().splitlines():
            if line.startswith("model name"):
                name = f"{line.split(':', 1)[1].strip()} ({name})"
                break
    return f"{name}, {wide}"
