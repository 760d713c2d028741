"""Pictures of a run, from arrays."""

import sys
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

from ranvier.callbacks import History
from ranvier.cli import pictures
from ranvier.cli.pictures import confusion_matrix, learning_curves, neurons, samples
from ranvier.cli.score import Score

pytest.importorskip("matplotlib")
NAMES = ("cat", "dog", "bird")


def test_ten_samples_show_every_class_by_name() -> None:
    labels = np.array([0] * 9 + [2] * 9 + [1])
    axes = samples.figure(np.zeros((19, 28, 28), np.uint8), labels, NAMES).axes
    titles = [each.get_title() for each in axes]
    assert len(titles) == 10 and set(titles) == set(NAMES)


def test_fewer_than_ten_samples_are_fine() -> None:
    axes = samples.figure(np.zeros((3, 28, 28), np.uint8), np.array([0, 1, 1]), NAMES).axes
    assert [each.get_title() for each in axes[:4]] == ["cat", "dog", "dog", ""]


def test_curves_have_a_panel_for_each_figure_and_start_at_epoch_one() -> None:
    history = History()
    for epoch, loss in enumerate([2.0, 1.0]):
        logs = {"accuracy": 0.5, "loss": loss, "val_accuracy": 0.4, "val_loss": loss + 1}
        history.on_epoch_end(epoch, logs)
    made = learning_curves.figure(history)
    assert [axes.get_title() for axes in made.axes] == ["loss", "accuracy"]
    training, validation = made.axes[0].lines
    assert list(training.get_xdata()) == [1, 2] and list(validation.get_ydata()) == [3, 2]


def test_the_matrix_has_every_count_in_its_field() -> None:
    counts = np.array([[5, 1, 0], [0, 6, 0], [2, 0, 0]])
    axes = confusion_matrix.figure(Score(NAMES, counts)).axes[0]
    assert {(*text.get_position()[::-1], int(text.get_text())) for text in axes.texts} == {
        (row, column, counts[row, column]) for row in range(3) for column in range(3)
    }
    assert [text.get_text() for text in axes.get_yticklabels()] == list(NAMES)


@pytest.mark.parametrize(("count", "shown"), [(1, 1), (10, 10), (130, 100)])
def test_neurons_are_images_of_their_weights(count: int, shown: int) -> None:
    kernel = np.random.default_rng(0).normal(size=(28 * 28, count)).astype(np.float32)
    made = neurons.figure(kernel, (28, 28))
    images = [axes.images[0] for axes in made.axes if axes.images]
    assert len(images) == shown
    assert np.allclose(images[-1].get_array(), kernel[:, shown - 1].reshape(28, 28))


def test_weights_that_are_all_zero_can_be_drawn() -> None:
    neurons.figure(np.zeros((784, 3), np.float32), (28, 28)).canvas.draw()


def test_without_matplotlib_the_rest_stays_and_the_way_out_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    (tmp_path / "history.csv").touch()
    pictures.draw(tmp_path, SimpleNamespace(), None, None)
    said = capsys.readouterr()
    assert "pip install 'ranvier[plot]'" in said.err
    assert said.out.strip() == f"Left in {tmp_path}: history.csv"
