"""Help, errors in one sentence, and exit statuses."""

import subprocess
import sys

import click
import pytest

import ranvier
from ranvier.cli import signals
from ranvier.cli.command import Commands, explain

from .conftest import Start, run

# Seconds at every start, or of no use to a command that only prints.
HEAVY = {"numpy", "rich", "llvmlite", "h5py", "pooch", "matplotlib", "PIL", "importlib.metadata"}


def raising(error: BaseException) -> Commands:
    group = Commands()

    @group.command()
    def fail() -> None:
        raise error

    return group


@pytest.mark.parametrize("name", ["train", "evaluate", "predict", "datasets", "info"])
def test_each_command_has_help(name: str) -> None:
    assert f"  {name} " in run("--help").output
    result = run(name, "--help")
    assert result.exit_code == 0 and result.output.startswith("Usage: ")


def test_version() -> None:
    assert run("--version").output == f"ranvier, version {ranvier.__version__}\n"


def test_the_commands_load_nothing_heavy() -> None:
    code = f"import sys, ranvier.cli; print(*({HEAVY!r} & set(sys.modules)))"
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert told.stdout.split() == []


@pytest.mark.parametrize(
    ("error", "status", "words"),
    [
        (
            ranvier.errors.ArgumentError("Dense, `units`: got -3."),
            2,
            "Error: Dense, `units`: got -3.\n",
        ),
        (PermissionError(13, "Permission denied", "a b"), 2, "Error: a b: Permission denied.\n"),
        (MemoryError(), 2, "Error: out of memory."),
        (click.UsageError("no"), 2, "Error: no\n"),
        (KeyboardInterrupt(), 130, ""),
        (signals.Terminated(), 143, ""),
    ],
)
def test_what_stops_a_command(error: BaseException, status: int, words: str) -> None:
    result = click.testing.CliRunner().invoke(raising(error), ["fail"])
    assert result.exit_code == status
    assert words in result.output


def test_a_fault_of_our_own_keeps_its_traceback() -> None:
    assert explain(ZeroDivisionError()) is None
    with pytest.raises(ZeroDivisionError):
        raising(ZeroDivisionError()).main(["fail"], standalone_mode=False)


@pytest.mark.parametrize(
    "args", [[], ["nonsense"], ["train"], ["train", "fashon"], ["train", "mnist", "--epochs", "0"]]
)
def test_a_wrong_call_is_status_2(args: list[str]) -> None:
    assert run(*args).exit_code == 2


def test_a_reader_that_goes_away_stops_nothing(start: Start) -> None:
    process = start("datasets")
    assert process.stdout and process.stderr
    process.stdout.close()
    assert (process.wait(30), process.stderr.read()) == (0, b"")


def test_streams_that_are_closed_from_the_start() -> None:
    command = '"$0" -m ranvier.cli datasets >&- 2>&-'
    assert subprocess.run(["sh", "-c", command, sys.executable]).returncode == 0


def test_a_foreign_encoding_shows_escapes_and_no_codes(start: Start) -> None:
    environment = {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONIOENCODING": "ascii"}
    process = start("predict", "사진 \u00e9.png", "--model", "모델.keras", **environment)
    out, err = process.communicate(timeout=30)
    assert process.returncode == 2 and out == b""
    assert b"does not exist" in err and b"\x1b" not in err and b"Traceback" not in err
