"""`ranvier compare`: the ladder in a table, a CSV file and a picture."""

import csv
import os
import signal
from pathlib import Path
from typing import Any

import pytest

from ranvier.cli import ladder, signals
from ranvier.cli.compare import Doing

from .conftest import run

pytestmark = [pytest.mark.usefixtures("bars"), pytest.mark.oracle]


def test_table_csv_and_picture(tmp_path: Path) -> None:
    names = "sgd-sklearn,softmax,sgd"
    result = run(
        "compare", "fashion-mnist", "--rows", 100, "--folds", 2, "--epochs", 1, "--models", names,
        "--csv", tmp_path / "ladder.csv", "--picture", tmp_path / "ladder.svg",
    )  # fmt: skip
    assert result.exit_code == 0, result.output
    assert "fashion-mnist: 100 rows, 2 folds, 1 epochs" in result.output
    assert "0.8194 (Hon-gong 7-1, 5 epochs)" in result.output
    rows = list(csv.DictReader((tmp_path / "ladder.csv").read_text().splitlines()))
    assert [row["model"] for row in rows] == ["sgd-sklearn", "sgd", "softmax"]
    for row in rows:
        folds = [float(row["fold_0"]), float(row["fold_1"])]
        assert float(row["accuracy"]) == pytest.approx(sum(folds) / 2, abs=1e-5)
        assert float(row["seconds"]) > 0
    assert float(rows[1]["accuracy"]) > 0.5
    assert "<svg" in (tmp_path / "ladder.svg").read_text()


@pytest.mark.parametrize(("kind", "status"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_a_signal_leaves_the_models_that_are_done(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: signal.Signals, status: int
) -> None:
    climb, before = ladder.climb, signal.getsignal(signal.SIGTERM)

    def stopped(rung: ladder.Rung, *arguments: Any) -> ladder.Result:
        def tell(done: int) -> None:
            if rung.name == "sigmoid-100" and done == 2:  # a fold of two is done
                os.kill(os.getpid(), kind)

        return climb(rung, *arguments[:-1], tell)

    monkeypatch.setattr(ladder, "climb", stopped)
    monkeypatch.setattr(signals, "_CAME", [False])
    signals.listen()
    try:
        result = run(
            "compare", "fashion-mnist", "--rows", 100, "--folds", 2, "--epochs", 1, "--models",
            "softmax,sigmoid-100,relu-100", "--csv", tmp_path / "ladder.csv", "--picture",
            tmp_path / "ladder.svg",
        )  # fmt: skip
    finally:
        signal.signal(signal.SIGTERM, before)
    assert result.exit_code == status, result.output
    assert "Stopped after 1 of 3 models." in result.output and "\x1b" not in result.output
    assert "Warning" not in result.output
    rows = list(csv.DictReader((tmp_path / "ladder.csv").read_text().splitlines()))
    assert [row["model"] for row in rows] == ["softmax"] and (tmp_path / "ladder.svg").exists()


def test_a_terminal_shows_what_trains(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.stdout.isatty", lambda: True, raising=False)
    rungs = {rung.name: rung for rung in ladder.rungs()}
    with Doing(rungs["softmax"], 30, 10) as doing:
        doing.tell(3)
    with Doing(rungs["sgd-sklearn"], 30, 10):
        pass
    shown = capsys.readouterr().out
    assert "one dense softmax layer" in shown and "epoch 3 of 10" in shown
    assert "training" in shown and shown.endswith("\r\x1b[K")


def test_names_of_models() -> None:
    assert run("compare", "--list").stdout == run("compare", "fashion-mnist", "--list").stdout
    result = run("compare", "fashion-mnist", "--list")
    assert result.output.split("\n")[0].startswith("sgd-sklearn ")
    assert len(result.output.splitlines()) == len(ladder.rungs()) == 16
    result = run("compare", "fashion-mnist", "--models", "sofmax")
    assert result.exit_code == 2 and "Did you mean 'softmax'?" in result.output
    result = run("compare", "fashion-mnist", "--models", ",")
    assert result.exit_code == 2 and "expected names of models" in result.output
    result = run("compare")
    assert result.exit_code == 2 and "Missing argument 'DATASET'" in result.output
    result = run("compare", "fashion-mnist", "--seed", 2**32)
    assert result.exit_code == 2 and "4294967296 is not in the range" in result.output
    result = run("compare", "fashion-mnist", "--rows", 20, "--folds", 20)
    assert result.exit_code == 2 and "--folds: got 20, expected at most" in result.output
    result = run("compare", "fashion-mnist", "--picture", "ladder.txt")
    assert result.exit_code == 2 and "ends in .png, .svg or .pdf" in result.output
    result = run("compare", "fashion-mnist", "--csv", "/nowhere/ladder.csv")
    assert result.exit_code == 2 and "/nowhere: No such file or directory" in result.output


@pytest.mark.parametrize("rung", ladder.rungs(), ids=lambda rung: rung.name)
def test_every_network_is_compiled(rung: ladder.Rung) -> None:
    made = rung.make(1, 0) if rung.estimator else rung.make()
    assert rung.estimator or made.output_shape == (None, 10)
    assert hasattr(made, "fit")
