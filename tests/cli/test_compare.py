"""`ranvier compare`: the ladder in a table, a CSV file and a picture."""

import csv
from pathlib import Path

import pytest

from ranvier.cli import ladder

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


def test_names_of_models() -> None:
    result = run("compare", "fashion-mnist", "--list")
    assert result.output.split("\n")[0].startswith("sgd-sklearn ")
    assert len(result.output.splitlines()) == len(ladder.rungs()) == 16
    result = run("compare", "fashion-mnist", "--models", "sofmax")
    assert result.exit_code == 2 and "Did you mean 'softmax'?" in result.output
    result = run("compare", "fashion-mnist", "--picture", "ladder.txt")
    assert result.exit_code == 2 and "ends in .png, .svg or .pdf" in result.output


@pytest.mark.parametrize("rung", ladder.rungs(), ids=lambda rung: rung.name)
def test_every_network_is_compiled(rung: ladder.Rung) -> None:
    made = rung.make(1, 0) if rung.estimator else rung.make()
    assert rung.estimator or made.output_shape == (None, 10)
    assert hasattr(made, "fit")
