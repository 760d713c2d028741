"""What the package promises about itself: version, licence, types, the one test command."""

import tomllib
from pathlib import Path

import ranvier

ROOT = Path(__file__).resolve().parent.parent


def test_the_version_has_one_home() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    assert "version" in project["project"]["dynamic"]
    assert ranvier.__version__.count(".") == 2


def test_the_files_that_the_metadata_names_exist() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    for name in [project["readme"], *project["license-files"], "ranvier/py.typed", "CHANGELOG.md"]:
        assert (ROOT / name).is_file(), name


def test_ci_runs_the_readmes_test_command() -> None:
    assert "make test" in (ROOT / "README.md").read_text()
    assert (ROOT / ".ci" / "run").read_text().rstrip().endswith("exec make test")


def test_what_is_no_code_goes_with_the_package() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    patterns = project["tool"]["setuptools"]["package-data"]["ranvier"]
    taken = {file for pattern in patterns for file in (ROOT / "ranvier").glob(pattern)}
    files = [f for f in (ROOT / "ranvier").rglob("*.*") if f.suffix not in (".py", ".pyc")]
    assert set(files) <= taken
