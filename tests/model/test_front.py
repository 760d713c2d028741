"""Models that begin with text and keys: trained, evaluated and asked with strings."""

from __future__ import annotations

import zipfile
from pathlib import Path

import numpy as np
import pytest

import ranvier
from ranvier import layers
from ranvier.graph.errors import DataError, ModelFileError

TEXTS = ["good sea", "bad sky", "good good night", "a bad bad day"] * 8
LABELS = np.array([1, 0, 1, 0] * 8, "float32")


def vectorizer(**options):
    layer = layers.TextVectorization(**options)
    layer.adapt(TEXTS)
    return layer


def trained(*stack, x=TEXTS, **options):
    model = ranvier.Sequential([*stack, layers.Dense(1, activation="sigmoid")])
    model.compile("adam", "binary_crossentropy", metrics=["accuracy"])
    model.fit(x, LABELS, epochs=2, batch_size=8, verbose=0, **options)
    return model


def test_texts_train_as_their_vectors_do():
    vectors = vectorizer(output_mode="count")
    ranvier.utils.set_random_seed(1)
    model = trained(vectors, shuffle=False)
    ranvier.utils.set_random_seed(1)
    plain = trained(layers.Input(shape=(vectors.vocabulary_size(),)), x=vectors(TEXTS),
                    shuffle=False)  # fmt: skip
    for a, b in zip(model.weights, plain.weights, strict=True):
        np.testing.assert_array_equal(a.numpy(), b.numpy())
    np.testing.assert_array_equal(
        model.predict(np.array(TEXTS), verbose=0), plain.predict(vectors(TEXTS), verbose=0)
    )
    assert model.evaluate(TEXTS, LABELS, verbose=0) == plain.evaluate(
        vectors(TEXTS), LABELS, verbose=0
    )
    new = ["a new good day"]
    np.testing.assert_allclose(model(new), plain(vectors(new)), rtol=1e-6)
    np.testing.assert_allclose(model(np.array(new)), model.predict(new, verbose=0), rtol=1e-6)
    assert model.predict(np.array(["good"]), verbose=0).shape == (1, 1)
    assert model.predict(np.array(["good"]), verbose=0).shape == (1, 1)


@pytest.mark.parametrize("form", ["list", "array", "column", "series", "generator", "dataset"])
def test_forms_of_texts(form):
    pd = pytest.importorskip("pandas")
    x = {"list": TEXTS, "array": np.array(TEXTS), "column": np.array(TEXTS)[:, None],
         "series": pd.Series(TEXTS)}.get(form)  # fmt: skip
    model = ranvier.Sequential([vectorizer(output_mode="multi_hot"), layers.Dense(1)])
    model.compile("sgd", "mse")
    if x is not None:
        model.fit(x, LABELS, epochs=1, verbose=0, validation_split=0.25)
        assert model.predict(x, verbose=0).shape == (32, 1)
        return
    pairs = [(np.array(TEXTS[i : i + 8]), LABELS[i : i + 8]) for i in range(0, 32, 8)]
    if form == "generator":
        model.fit((pair for pair in pairs), epochs=1, verbose=0)
    else:
        data = ranvier.data.Dataset(lambda: iter(pairs), 4)
        model.fit(data, epochs=2, validation_data=data, verbose=0)
        assert model.predict(data.map(lambda x, y: x), verbose=0).shape == (32, 1)


def test_an_input_of_strings_and_numbers_beside():
    words, number = layers.Input((1,), dtype="string", name="w"), layers.Input((2,), name="n")
    keys = layers.Input((1,), dtype="int64", name="k")
    a = layers.StringLookup(vocabulary=["x", "y"], output_mode="one_hot")(words)
    b = layers.IntegerLookup(vocabulary=[4, 5], output_mode="one_hot")(keys)
    y = layers.Dense(1)(layers.Concatenate()([a, number, b]))
    model = ranvier.Model([words, number, keys], y)
    model.compile("sgd", "mse")
    data = {
        "w": np.array([["x"], ["z"], ["y"]]),
        "n": np.ones((3, 2)),
        "k": np.array([[4], [5], [6]]),
    }
    model.fit(data, np.ones(3), verbose=0)
    got = model.predict(data, verbose=0)
    np.testing.assert_allclose(
        model.predict([data["w"], data["n"], data["k"]], verbose=0), got, rtol=1e-6
    )
    flat = np.hstack([np.eye(3)[[1, 0, 2]], np.ones((3, 2)), np.eye(3)[[1, 2, 0]]])
    kernel, bias = (w.numpy() for w in model.weights)
    np.testing.assert_allclose(got, flat @ kernel + bias, rtol=1e-5)
    with pytest.raises(DataError, match="the input 'n' is missing"):
        model.predict({"w": data["w"], "k": data["k"]}, verbose=0)
    with pytest.raises(DataError, match="got 2 inputs, expected 3"):
        model.predict([data["w"], data["n"]], verbose=0)


def test_a_model_of_text_inside_another():
    inner = ranvier.Sequential([layers.StringLookup(vocabulary=["x", "y"], output_mode="one_hot"),
                                layers.Dense(2)])  # fmt: skip
    assert inner(np.array([["x"], ["q"]])).shape == (2, 2)
    words, number = layers.Input((1,), dtype="string"), layers.Input((2,))
    model = ranvier.Model([words, number], layers.Concatenate()([inner(words), number]))
    got = model.predict([np.array([["y"]]), np.ones((1, 2))], verbose=0)
    np.testing.assert_allclose(got[:, :2], inner(np.array([["y"]])), rtol=1e-6)
    outer = ranvier.Sequential([inner, layers.Dense(1)])
    outer.compile("sgd", "mse")
    outer.fit(np.array([["x"], ["y"]]), np.ones(2), verbose=0)
    assert outer.predict(np.array([["x"], ["y"]]), verbose=0).shape == (2, 1)


def test_sequences_and_summary(capsys):
    model = ranvier.Sequential([layers.Input((1,), dtype="string"),
                                vectorizer(output_sequence_length=5), layers.Rescaling(1.0),
                                layers.Dense(1)])  # fmt: skip
    model.summary()
    assert "TextVectorization" in capsys.readouterr().out
    assert model.input_shape == (None, 1) and model.output_shape == (None, 1)
    assert model.predict(TEXTS, verbose=0).shape == (32, 1)
    copy = ranvier.models.clone_model(model)
    assert [type(layer).__name__ for layer in copy.layers][0] == "TextVectorization"


@pytest.mark.parametrize("mode", ["int", "multi_hot", "tf_idf"])
def test_vocabularies_are_in_the_file(mode, tmp_path):
    stack = [vectorizer(output_mode=mode, **({"output_sequence_length": 4} if mode == "int" else
                                             {}))]  # fmt: skip
    model = trained(*stack, layers.Rescaling(1.0))
    model.save(tmp_path / "m.keras")
    again = ranvier.models.load_model(tmp_path / "m.keras")
    assert again.layers[0].get_vocabulary() == model.layers[0].get_vocabulary()
    np.testing.assert_array_equal(again.predict(TEXTS, verbose=0), model.predict(TEXTS, verbose=0))
    again.fit(TEXTS, LABELS, verbose=0)
    model.save_weights(tmp_path / "m.weights.h5")
    again.load_weights(tmp_path / "m.weights.h5")
    np.testing.assert_array_equal(again.predict(TEXTS, verbose=0), model.predict(TEXTS, verbose=0))


FILES = Path(__file__).parent / "recorded"
#: Of text.keras, by Keras 3.15.1 on TensorFlow.
TEXT_PREDICTIONS = [
    [0.5930770039558411, -0.876128077507019],
    [0.31602418422698975, -1.201708197593689],
]


def test_files_of_keras_open():
    model = ranvier.models.load_model(FILES / "text.keras")
    assert model.layers[0].get_vocabulary()[:3] == ["[UNK]", "good", "bad"]
    got = model.predict(np.array([["good day"], ["x y"]]), verbose=0)
    np.testing.assert_allclose(got, TEXT_PREDICTIONS, rtol=1e-5)
    model = ranvier.models.load_model(FILES / "keys.keras")
    assert model.get_layer("integer_lookup").get_vocabulary() == [-1, 3, 4]
    assert model.get_layer("string_lookup_1").get_vocabulary() == ["[UNK]", "a", "b"]


def test_files_for_no_layer_are_refused(tmp_path):
    model = trained(vectorizer(output_mode="count"))
    model.save(tmp_path / "m.keras")
    for name, words in (
        ("assets/layers/other/vocabulary.txt", "no layer for it"),
        ("assets/../../evil.txt", "holds"),
        ("evil.txt", "holds"),
    ):
        content = (tmp_path / "m.keras").read_bytes()
        path = tmp_path / "bad.keras"
        path.write_bytes(content)
        with zipfile.ZipFile(path, "a") as archive:
            archive.writestr(name, "x")
        with pytest.raises(ModelFileError, match=words):
            ranvier.models.load_model(path)
