"""`ranvier train` from end to end, on small sets."""

import csv
import signal
import time
from pathlib import Path

import pytest
from click.testing import Result

from .conftest import Start, run

pytestmark = pytest.mark.usefixtures("bars")


def test_trains_tests_and_leaves_all_it_promises(tmp_path: Path) -> None:
    runs = tmp_path / "my runs 한글"
    result = run(
        "train", "fashion-mnist", "--hidden", 16, 8, "--epochs", 6, "--batch-size", 8, "--runs",
        runs, "--optimizer", "adam", "--learning-rate", 0.01, "--verbose", 2,
    )  # fmt: skip
    assert result.exit_code == 0, result.output
    assert "784-16-8-10" in result.output and "adam" in result.output
    assert "Test set: accuracy 1.0000" in result.output
    assert "Ankle boot      1.000  -" in result.output
    assert {path.name for path in runs.iterdir()} == {
        "history.csv", "model.keras", "samples.png", "learning_curves.png",
        "confusion_matrix.png", "neurons.png",
    }  # fmt: skip
    rows = list(csv.DictReader((runs / "history.csv").read_text().splitlines()))
    assert [row["epoch"] for row in rows] == ["0", "1", "2", "3", "4", "5"]
    assert {"loss", "accuracy", "val_loss", "val_accuracy"} < set(rows[0])


def test_the_same_seed_tells_the_same() -> None:
    command = ("train", "fashion-mnist", "--hidden", 8, "--dropout", 0.2, "--epochs", 1)
    first, again, other = (run(*command, "--verbose", 2, "--seed", seed) for seed in (1, 1, 2))

    def told(result: Result) -> str:
        return result.output[result.output.index("Test set") :]

    assert told(first) == told(again) != told(other)


def test_a_table_ends_in_a_number(tmp_path: Path) -> None:
    result = run(
        "train", "california-housing", "--hidden", 8, "--epochs", 1, "--rows", 640, "--runs",
        tmp_path, "--verbose", 0,
    )  # fmt: skip
    assert result.exit_code == 0, result.output
    assert "8-8-1" in result.output and "in 100,000 dollars" in result.output
    assert {path.name for path in tmp_path.iterdir()} == {
        "history.csv", "model.keras", "learning_curves.png"
    }  # fmt: skip


def test_no_hidden_layer_and_no_validation() -> None:
    result = run(
        "train", "fashion-mnist", "--hidden", "--epochs", 1, "--validation-split", 0,
        "--verbose", 0,
    )  # fmt: skip
    assert result.exit_code == 0, result.output
    assert "784-10," in result.output


def test_patience_stops_early(tmp_path: Path) -> None:
    result = run(
        "train", "fashion-mnist", "--hidden", 8, "--epochs", 30, "--patience", 1, "--runs",
        tmp_path, "--learning-rate", 3, "--optimizer", "sgd", "--verbose", 0,
    )  # fmt: skip
    assert result.exit_code == 0, result.output
    assert len((tmp_path / "history.csv").read_text().splitlines()) < 30


@pytest.mark.parametrize(
    ("args", "words"),
    [
        (["--optimizer", "adm"], "Did you mean"),
        (["--activation", "rellu"], "Did you mean 'relu'"),
        (["--patience", "2", "--validation-split", "0"], "--patience: early stopping watches"),
        (["--checkpoint"], "--checkpoint: say where"),
        (["--seed", str(2**32)], "'--seed'"),
        (["--save", "model.txt"], "expected a name that ends in .keras"),
        (["--runs", "/proc/none"], "/proc/none"),
    ],
)
def test_mistakes_are_told_before_training(args: list[str], words: str) -> None:
    result = run("train", "fashion-mnist", *args)
    assert result.exit_code == 2
    assert words in result.output and "Traceback" not in result.output
    assert "loss" not in result.output.replace("validation loss", "")


@pytest.mark.filterwarnings("ignore:fit. the loss became:RuntimeWarning")
def test_a_loss_that_is_no_number_stops_and_keeps_the_last_file(tmp_path: Path) -> None:
    command = ("train", "california-housing", "--rows", 640, "--verbose", 0, "--epochs", 3)
    assert run(*command, "--runs", tmp_path).exit_code == 0
    before = (tmp_path / "model.keras").read_bytes()
    diverges = (*command, "--optimizer", "sgd", "--learning-rate", 1000)
    result = run(*diverges, "--runs", tmp_path, "--checkpoint")
    assert result.exit_code == 2 and "Test set" not in result.output
    assert "the loss is NaN or infinite" in result.output and "--learning-rate" in result.output
    assert "model.keras is as it was" in result.output
    assert (tmp_path / "model.keras").read_bytes() == before
    assert len((tmp_path / "history.csv").read_text().splitlines()) == 2
    assert "there is no model to test" in run(*diverges).output


@pytest.mark.parametrize(("kind", "status"), [(signal.SIGTERM, 143), (signal.SIGINT, 130)])
def test_a_signal_keeps_what_was_learnt(
    start: Start, tmp_path: Path, kind: signal.Signals, status: int
) -> None:
    path = tmp_path / "a b.keras"
    process = start(
        "train", "california-housing", "--epochs", 10_000_000, "--save", path, "--runs",
        tmp_path, "--verbose", 2, "--rows", 500,
    )  # fmt: skip
    assert process.stdout and process.stderr
    lines = iter(process.stdout.readline, b"")
    assert any(b"Epoch 3/" in line for line in lines)
    began = time.monotonic()
    process.send_signal(kind)
    out, err = process.communicate(timeout=30)
    assert process.returncode == status, err
    assert time.monotonic() - began < 10
    assert (
        b"Traceback" not in err and b"Stopped, the model so far is in" in err and b"\x1b" not in out
    )
    assert run("evaluate", path, "california-housing").exit_code == 0
    assert len((tmp_path / "history.csv").read_text().splitlines()) >= 3


def test_a_reader_that_goes_away_stops_no_training(start: Start, tmp_path: Path) -> None:
    path = tmp_path / "model.keras"
    process = start(
        "train", "california-housing", "--epochs", 3, "--rows", 500, "--save", path,
        "--verbose", 1,
    )  # fmt: skip
    assert process.stdout and process.stderr
    process.stdout.close()
    assert (process.wait(60), process.stderr.read()) == (0, b"")
    assert path.exists()
