"""Make tests/save/recorded: models saved by several versions of Keras, with their predictions.

    python scripts/keras_files.py [--folder .data/keras] [VERSION ...]

Each version gets an environment of its own below the folder (some gigabytes in all; the older
ones need Python 3.11), and runs scripts/keras_models.py there. What it writes becomes one zip.
"""

import argparse
import os
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

ROOT = Path(__file__).parent.parent

#: What pip installs for each version: the newest of jax and NumPy that it works with.
VERSIONS = {
    "tf-2.15.1": ["tensorflow-cpu==2.15.1"],
    "keras-3.0.5": ["keras==3.0.5", "jax==0.4.30", "jaxlib==0.4.30", "numpy<2"],
    "keras-3.3.3": ["keras==3.3.3", "jax==0.4.30", "jaxlib==0.4.30", "numpy<2"],
    "keras-3.6.0": ["keras==3.6.0", "jax==0.4.30", "jaxlib==0.4.30", "numpy<2.1"],
    "keras-3.10.0": ["keras==3.10.0", "jax==0.5.3", "jaxlib==0.5.3"],
    "keras-3.15.1": ["keras==3.15.1", "jax", "h5py"],
}

#: What they all need, and some forget to say.
ALL = ["h5py", "packaging"]


def python_of(folder: Path, packages: list[str]) -> Path:
    """Return the Python of an environment with these packages, made now if need be."""
    python = folder / "bin" / "python"
    if not python.exists():
        subprocess.run([sys.executable, "-m", "venv", folder], check=True)
    subprocess.run([python, "-m", "pip", "install", "--quiet", *packages, *ALL], check=True)
    return python


def pack(folder: Path, target: Path) -> None:
    """Put the files of a folder into a zip that depends on nothing but their content."""
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for path in sorted(folder.iterdir()):
            archive.writestr(zipfile.ZipInfo(path.name), path.read_bytes(), zipfile.ZIP_DEFLATED, 9)


def main() -> None:
    """Make the files of the versions asked for, default all."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--folder", type=Path, default=ROOT / ".data" / "keras")
    parser.add_argument("versions", nargs="*", choices=[[], *VERSIONS])
    given = parser.parse_args()
    environment = {**os.environ, "KERAS_BACKEND": "jax"}
    for version in given.versions or VERSIONS:
        python = python_of(given.folder / version, VERSIONS[version])
        with tempfile.TemporaryDirectory() as folder:
            script = ROOT / "scripts" / "keras_models.py"
            subprocess.run([python, script, folder], check=True, env=environment, cwd=folder)
            target = ROOT / "tests" / "save" / "recorded" / f"{version}.zip"
            target.parent.mkdir(exist_ok=True)
            pack(Path(folder), target)
            print(f"{target.relative_to(ROOT)}: {target.stat().st_size} bytes")


if __name__ == "__main__":
    main()
