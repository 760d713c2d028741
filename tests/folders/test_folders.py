"""Folders of pictures and texts: labels, splits, sizes; pictures as arrays against Keras."""

from __future__ import annotations

import io

import numpy as np
import pytest

pytest.importorskip("PIL")

import ranvier
from ranvier.graph.errors import ArgumentError, ArgumentTypeError, DatasetError
from ranvier.utils import (
    array_to_img,
    image_dataset_from_directory,
    img_to_array,
    load_img,
    save_img,
    text_dataset_from_directory,
)


@pytest.fixture
def folder(tmp_path):
    for number, name in enumerate(("cat", "dog")):
        (tmp_path / name).mkdir()
        for i in range(5):
            picture = np.full((4 + i, 6, 3), 20 * (5 * number + i) + 5.0)
            save_img(tmp_path / name / f"{i}.png", picture, scale=False)
            (tmp_path / name / f"{i}.txt").write_text(f"{name} {i}", encoding="utf-8")
    return tmp_path


def read(data):
    parts = list(data)
    return np.concatenate([x for x, _ in parts]), np.concatenate([y for _, y in parts])


def test_pictures(folder, capsys):
    data = image_dataset_from_directory(folder, shuffle=False, image_size=(3, 2), batch_size=4)
    assert capsys.readouterr().out == "Found 10 files belonging to 2 classes.\n"
    x, y = read(data)
    assert x.shape == (10, 3, 2, 3) and x.dtype == np.float32 and len(data) == 3
    np.testing.assert_allclose(x[:, 0, 0, 0], 20 * np.arange(10) + 5)
    assert y.tolist() == [0] * 5 + [1] * 5 and data.class_names == ["cat", "dog"]
    assert data.file_paths[0].endswith("0.png")


def test_modes_of_labels(folder):
    options = {"shuffle": False, "image_size": (2, 2), "verbose": False}
    assert read(image_dataset_from_directory(folder, label_mode="binary", **options))[1].shape == (
        10,
        1,
    )
    one_hot = read(image_dataset_from_directory(folder, label_mode="categorical", **options))[1]
    assert one_hot[:, 1].tolist() == [0] * 5 + [1] * 5
    assert next(iter(image_dataset_from_directory(folder, labels=None, **options))).ndim == 4
    turned = image_dataset_from_directory(folder, class_names=["dog", "cat"], **options)
    np.testing.assert_allclose(read(turned)[0][0, 0, 0, 0], 105)
    own = image_dataset_from_directory(folder, labels=list(range(10)), **options)
    assert read(own)[1].tolist() == list(range(10))
    options |= {"color_mode": "grayscale", "data_format": "channels_first", "batch_size": None}
    grey = image_dataset_from_directory(folder, **options)
    assert next(iter(grey))[0].shape == (1, 2, 2)


def test_splits_and_orders(folder):
    options = {"image_size": (1, 1), "verbose": False, "validation_split": 0.3, "seed": 2}
    train = image_dataset_from_directory(folder, subset="training", **options)
    held = image_dataset_from_directory(folder, subset="validation", **options)
    both = image_dataset_from_directory(folder, subset="both", **options)
    assert len(train.file_paths) == 7 and not set(train.file_paths) & set(held.file_paths)
    assert [d.file_paths for d in both] == [train.file_paths, held.file_paths]
    order = sorted(train.file_paths + held.file_paths)
    np.random.RandomState(2).shuffle(order)
    assert train.file_paths + held.file_paths == order  # as Keras shuffles them
    first, second = read(train)[0].ravel(), read(train)[0].ravel()
    assert first.tolist() != second.tolist() and sorted(first) == sorted(second)
    for x, y in zip(*read(train), strict=True):
        assert (x.ravel()[0] > 100) == y


def test_texts_train_a_model(folder):
    data = text_dataset_from_directory(folder, seed=1, batch_size=4, verbose=False)
    x, y = read(data)
    assert all(text.startswith(data.class_names[label]) for text, label in zip(x, y, strict=True))
    layer = ranvier.layers.TextVectorization(output_mode="multi_hot")
    layer.adapt(data.map(lambda x, y: x))
    model = ranvier.Sequential([layer, ranvier.layers.Dense(1)])
    model.compile("sgd", "mse")
    model.fit(data, verbose=0, epochs=2)
    short = text_dataset_from_directory(folder, max_length=3, shuffle=False, verbose=False)
    assert set(read(short)[0]) == {"cat", "dog"}


@pytest.mark.parametrize(("options", "words"), [
    ({"validation_split": 0.2}, "both `validation_split` and `subset`"),
    ({"validation_split": 2, "subset": "both"}, "`validation_split`: got 2"),
    ({"validation_split": 0.2, "subset": "test", "seed": 1}, "`subset`: got 'test'"),
    ({"validation_split": 0.2, "subset": "training"}, "`seed`: a split"),
    ({"label_mode": "one"}, "`label_mode`: got 'one'"),
    ({"class_names": ["cow"]}, "no folder 'cow'"),
    ({"labels": [1]}, "`labels`: got 1 for the 10"),
    ({"interpolation": "area"}, "`interpolation`: got 'area'"),
    ({"image_size": (0, 3)}, "`image_size`, `height`: got 0"),
    ({"image_size": 3}, "`image_size`: got 3, expected .height, width."),
    ({"batch_size": 0}, "`batch_size`: got 0, expected a positive int"),
    ({"seed": -1}, "`seed`: got -1, expected an int from 0 to 4294967295"),
    ({"seed": "x"}, "`seed`: got 'x' of type str"),
    ({"validation_split": "a", "subset": "both"}, "`validation_split`: got 'a' of type str"),
    ({"labels": "none"}, "`labels`: got 'none' for the 10 .*'inferred', None, or a list"),
    ({"labels": [0, 5] * 5, "label_mode": "categorical"}, "`labels`: got 5, .*from 0 to 1"),
    ({"labels": ["a", "b"] * 5, "label_mode": "binary"}, "`labels`: got 'a', .*from 0 to 1"),
])  # fmt: skip
def test_bad_arguments(folder, options, words):
    with pytest.raises(ArgumentError, match=words):
        image_dataset_from_directory(folder, verbose=False, **options)


def test_the_length_of_texts(tmp_path):
    (tmp_path / "a.txt").write_text("sea")
    with pytest.raises(ArgumentError, match="`max_length`: got -1, expected an int of at least 0"):
        text_dataset_from_directory(tmp_path, labels=None, max_length=-1, verbose=False)


def test_an_empty_folder(tmp_path):
    with pytest.raises(ArgumentError, match="there is no file that ends in .txt"):
        text_dataset_from_directory(tmp_path)


@pytest.mark.parametrize("read", [image_dataset_from_directory, text_dataset_from_directory])
@pytest.mark.parametrize("labels", ["inferred", None])
def test_the_folder_must_be_there(read, labels, tmp_path):
    with pytest.raises(DatasetError, match="`directory`: got '.*away', expected a folder.*is none"):
        read(tmp_path / "away", labels=labels)
    (tmp_path / "file").write_text("x")
    with pytest.raises(OSError, match="`directory`: got '.*file', expected a folder.*is a file"):
        read(str(tmp_path / "file"), labels=labels)
    with pytest.raises(ArgumentTypeError, match="`directory`: got None, expected a path"):
        read(None, labels=labels)
    with pytest.raises(ArgumentError, match="`directory`: got '.*null byte"):
        read("fold\0er", labels=labels)


@pytest.mark.oracle
@pytest.mark.parametrize("options", [
    {}, {"color_mode": "grayscale"}, {"color_mode": "rgba"}, {"target_size": (3, 5)},
    {"target_size": (9, 4), "interpolation": "bilinear", "keep_aspect_ratio": True},
])  # fmt: skip
def test_pictures_of_keras(options, tmp_path):
    import keras

    x = np.random.RandomState(0).uniform(0, 255, (6, 7, 3)).astype("float32")
    save_img(tmp_path / "a.png", x)
    keras.utils.save_img(tmp_path / "b.png", x)
    assert (tmp_path / "a.png").read_bytes() == (tmp_path / "b.png").read_bytes()
    mine = img_to_array(load_img(tmp_path / "a.png", **options))
    theirs = keras.utils.img_to_array(keras.utils.load_img(tmp_path / "a.png", **options))
    np.testing.assert_array_equal(mine, theirs)
    assert mine.dtype == theirs.dtype
    np.testing.assert_array_equal(
        np.asarray(array_to_img(mine)), np.asarray(keras.utils.array_to_img(theirs))
    )
    with pytest.raises(ArgumentError, match="`color_mode`: got 'bgr'"):
        load_img(tmp_path / "a.png", color_mode="bgr")
    with pytest.raises(ArgumentError, match="got 2 channels"):
        array_to_img(np.ones((2, 2, 2)))


def test_a_picture_cut_off_is_named(folder):
    path = folder / "cat" / "3.png"
    noise = np.random.default_rng(0).integers(0, 256, (40, 40, 3))
    save_img(path, noise, scale=False)
    path.write_bytes(path.read_bytes()[:1500])
    with pytest.raises(DatasetError, match=r"3\.png holds no picture .* cut off"):
        list(image_dataset_from_directory(folder, shuffle=False, verbose=False))
    path.write_text("no picture")
    with pytest.raises(OSError, match=r"3\.png holds no picture"):
        load_img(path)
    with pytest.raises(FileNotFoundError, match=r"none\.png"):
        load_img(folder / "none.png")


PICTURE = np.ones((2, 3, 3))


@pytest.mark.parametrize(("call", "words"), [
    (lambda: load_img("a\0.png"), "load_img, `path`: got .*null byte"),
    (lambda: load_img(3), "load_img, `path`: got 3, expected a path"),
    (lambda: load_img("a.png", color_mode=["rgb"]), "`color_mode`: got .'rgb'., expected one"),
    (lambda: load_img("a.png", target_size=3), r"`target_size`: got 3, expected \(height, width"),
    (lambda: load_img("a.png", target_size=(0, 3)), "`target_size`, `height`: got 0, expected"),
    (lambda: load_img("a.png", target_size=(2.5, 3)), "`height`: got 2.5 of type float"),
    (lambda: img_to_array("a.png"), "img_to_array: got 'a.png' of type str.*read by load_img"),
    (lambda: img_to_array(PICTURE, "last"), "img_to_array, `data_format`: got 'last'"),
    (lambda: img_to_array(PICTURE, dtype="flaot"), "img_to_array, `dtype`: got 'flaot'"),
    (lambda: array_to_img(PICTURE, "last"), "array_to_img, `data_format`: got 'last'"),
    (lambda: array_to_img(PICTURE[:0]), r"shape \(0, 3, 3\), expected \(height, width, channels"),
    (lambda: array_to_img(PICTURE[:0], "channels_first"), r"expected \(channels, height, width"),
    (lambda: save_img(None, PICTURE), "save_img, `path`: got None, expected a path"),
    (lambda: save_img("a", PICTURE), "could not be written as ''.*let the path end in '.png'"),
    (lambda: save_img(io.BytesIO(), PICTURE, file_format="foo"), "be written as 'foo'"),
    (lambda: save_img(io.BytesIO(), PICTURE[..., :1] * 300, None, "JPEG", False), "'jpeg'.*scale"),
])  # fmt: skip
def test_bad_pictures(call, words):
    with pytest.raises(ArgumentError, match=f"(?i){words}"):
        call()


def test_formats_by_any_name():
    file = io.BytesIO()
    save_img(file, np.ones((2, 3, 4)), file_format="JPG")
    assert load_img(file).size == (3, 2)
    with pytest.raises(DatasetError, match="holds no picture .*Binary data"):
        load_img(io.StringIO("text"))
