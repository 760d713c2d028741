"""The peers' own environments under `.bench/`, made once, and the environment of a worker."""

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
HOME = Path(os.environ.get("RANVIER_BENCH", ROOT / ".bench"))

# torch is pinned, so that its row can be compared over time; the others are today's release.
PACKAGES = {
    "tf": ["tensorflow-cpu", "keras"],
    "jax": ["jax", "keras"],
    "torch": ["torch==2.13.0", "keras"],
    "sklearn": ["scikit-learn"],
}


def interpreter(name: str) -> Path:
    """Return the Python of a peer's environment, or our own for "ranvier"."""
    return Path(sys.executable) if name == "ranvier" else HOME / name / "bin" / "python"


def make(name: str) -> bool:
    """Make a peer's environment where it is not whole yet; say whether it can be used."""
    stamp = HOME / name / "packages"
    wanted = " ".join(PACKAGES[name])
    if stamp.is_file() and stamp.read_text() == wanted:
        return True
    print(f"Making the environment {HOME / name}: {wanted}", flush=True)
    subprocess.run([sys.executable, "-m", "venv", HOME / name], check=True)
    install = [interpreter(name), "-m", "pip", "install", "--quiet", *PACKAGES[name]]
    if subprocess.run(install).returncode:
        print(f"  failed; the rows of {name} are left out.", flush=True)
        return False
    stamp.write_text(wanted)
    return True


def variables(extra: dict[str, str] | None = None) -> dict[str, str]:
    """Return the environment of a worker: ours, less what slows a peer's libraries or imports."""
    slow = ("OPENBLAS_", "NVPL_", "PYTHONDONTWRITEBYTECODE")
    kept = {k: v for k, v in os.environ.items() if not k.startswith(slow)}
    kept["TF_CPP_MIN_LOG_LEVEL"] = "3"
    kept["PYTHONPATH"] = str(ROOT)
    return kept | (extra or {})
