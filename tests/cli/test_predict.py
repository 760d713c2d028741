"""`ranvier evaluate` and `ranvier predict` with a model from a file."""

from pathlib import Path

import numpy as np
import pytest

import ranvier as keras

from .conftest import images, put_bars, run

Image = pytest.importorskip("PIL.Image")
pytestmark = pytest.mark.usefixtures("bars")


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A model of the bars, trained by the command once."""
    path = tmp_path_factory.mktemp("models") / "my model.keras"
    with pytest.MonkeyPatch.context() as patch:
        put_bars(patch)
        result = run(
            "train", "fashion-mnist", "--hidden", 16, "--epochs", 8, "--batch-size", 8,
            "--save", path, "--optimizer", "adam", "--learning-rate", 0.01, "--verbose", 0,
        )  # fmt: skip
    assert result.exit_code == 0, result.output
    return path


def one_number(path: Path) -> Path:
    network = keras.Sequential([keras.layers.Flatten(input_shape=(28, 28)), keras.layers.Dense(1)])
    network.compile(loss="mse")
    network.save(path)
    return path


def of_nan(path: Path) -> Path:
    network = keras.Sequential([keras.layers.Flatten(input_shape=(28, 28)), keras.layers.Dense(10)])
    network.compile(loss=keras.losses.SparseCategoricalCrossentropy(from_logits=True))
    network.set_weights([np.full(w.shape, np.nan) for w in network.get_weights()])
    network.save(path)
    return path


def test_evaluates_class_by_class(model: Path) -> None:
    result = run("evaluate", model, "fashion-mnist")
    assert result.exit_code == 0, result.output
    assert "Test set: accuracy 1.0000" in result.output and "Ankle boot" in result.output


def test_names_what_a_picture_shows(model: Path, tmp_path: Path) -> None:
    x, labels = images(10, 5)
    boot = tmp_path / "a boot 장화.png"
    Image.fromarray(np.pad(x[9], 14)).resize((300, 300)).save(tmp_path / "padded.png")
    Image.fromarray(255 - x[9]).save(boot)
    result = run("predict", boot, "--model", model)
    assert result.exit_code == 0, result.output
    lines = result.output.splitlines()
    assert lines[0] == f"{boot}: Ankle boot"
    assert len(lines) == 4 and lines[1].split(None, 1)[1] == "Ankle boot"
    assert float(lines[1].split()[0]) > 0.5
    several = run("predict", boot, tmp_path / "padded.png", "--model", model, "--top", 1)
    assert len(several.output.splitlines()) == 4


def test_a_model_for_pixels_from_0_to_1_is_fed_so(tmp_path: Path) -> None:
    x, y = images(400, 0)
    network = keras.Sequential([keras.layers.Flatten(input_shape=(28, 28))])
    network.add(keras.layers.Dense(10, activation="softmax"))
    network.compile(optimizer="adam", loss="sparse_categorical_crossentropy", metrics="accuracy")
    network.fit(x / 255.0, y, epochs=10, batch_size=8, verbose=0)
    network.save(tmp_path / "book.keras")
    Image.fromarray(x[3]).save(tmp_path / "x.png")
    told = run("evaluate", tmp_path / "book.keras", "fashion-mnist").output
    assert "Test set: accuracy 1.0000" in told
    told = run("predict", tmp_path / "x.png", "--model", tmp_path / "book.keras").output
    assert told.splitlines()[0].endswith("x.png: class 3")
    told = run(
        "predict", tmp_path / "x.png", "--model", tmp_path / "book.keras", "--names", "mnist"
    ).output
    assert told.splitlines()[0].endswith("x.png: 3")


@pytest.mark.parametrize(
    ("args", "words"),
    [
        (["predict", "x.png", "--model", "absent.keras"], "ranvier train fashion-mnist --runs"),
        (["predict", "absent.png", "--model", "{model}"], "absent.png: No such file"),
        (["evaluate", "absent.keras", "fashion-mnist"], "does not exist"),
        (["evaluate", "{model}", "california-housing"], "28, 28)"),
        (["predict", "{picture}", "--model", "{picture}"], "x.png"),
        (["evaluate", "{number}", "fashion-mnist"], "a number for each class of Fashion-MNIST"),
        (["predict", "{picture}", "--model", "{number}"], "each of several classes"),
        (["evaluate", "{nan}", "fashion-mnist"], "the loss is NaN or infinite: the model is of no"),
        (["predict", "{picture}", "--model", "{nan}"], "answers are NaN or infinite, expected"),
        (["predict", "{picture}", "--model", "{model}", "--names", "california-housing"],
         "expected 10"),
    ],
)  # fmt: skip
def test_mistakes_are_one_sentence(
    model: Path, tmp_path: Path, args: list[str], words: str
) -> None:
    picture = tmp_path / "x.png"
    Image.fromarray(images(1, 0)[0][0]).save(picture)
    made = {"number": one_number, "nan": of_nan}
    paths = {k: make(tmp_path / f"{k}.keras") for k, make in made.items() if f"{{{k}}}" in args}
    result = run(*(arg.format(model=model, picture=picture, **paths) for arg in args))
    assert result.exit_code == 2, result.output
    assert words in result.output and "Traceback" not in result.output
