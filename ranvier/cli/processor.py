"""This computer's processor: its name, and the vector instructions that it has."""

from __future__ import annotations

import contextlib
import platform
from pathlib import Path

# What makes arithmetic wide, from old to new, as Linux spells them on x86 and on ARM.
_VECTORS = (
    "sse2", "sse4_2", "avx", "f16c", "fma", "avx2", "avx512f", "avx512dq", "avx512vl", "avx512bw",
    "avx512_vnni", "avx512_bf16", "avx512_fp16", "amx_tile", "amx_int8", "amx_bf16",
    "asimd", "asimdhp", "asimddp", "sve", "sve2", "bf16", "i8mm",
)  # fmt: skip


def processor(path: Path = Path("/proc/cpuinfo")) -> tuple[str, list[str]]:
    """Return the processor's name and its vector features, as far as the system tells them."""
    fields: dict[str, str] = {}
    with contextlib.suppress(OSError):
        for line in path.read_text(encoding="utf-8", errors="replace").splitlines():
            name, _, value = line.partition(":")
            fields.setdefault(name.strip().lower(), value.strip())
    name = fields.get("model name") or platform.processor() or platform.machine() or "unknown"
    flags = set((fields.get("flags") or fields.get("features") or "").split())
    return name, [vector for vector in _VECTORS if vector in flags]
