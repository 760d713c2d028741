"""Layers on text and keys: values recorded from Keras on TensorFlow, which they need there."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import numpy as np
import pytest

import ranvier
from ranvier import layers
from ranvier.graph.errors import (
    ArgumentError,
    DataError,
    DataTypeError,
    DataWarning,
    NotBuiltError,
    TraceError,
)

RECORDED = Path(__file__).parent / "recorded"
sys.path.insert(0, str(RECORDED))
from cases import CASES  # noqa: E402

sys.path.pop(0)

EXPECTED = json.loads((RECORDED / "keras.json").read_text(encoding="utf-8"))


def made(case):
    name, arguments, data, _ = case
    layer = getattr(layers, name)(**arguments)
    if data is not None:
        layer.adapt(data)
    return layer


@pytest.mark.parametrize(("case", "expected"), list(zip(CASES, EXPECTED, strict=True)))
def test_values_of_keras(case, expected):
    layer = made(case)
    inputs = tuple(case[3]) if case[0] == "HashedCrossing" else case[3]
    got = layer(inputs)
    values = np.array(expected["values"]).reshape(expected["shape"])
    assert list(got.shape) == expected["shape"]
    if expected["dtype"] != "object":
        assert str(got.dtype) == expected["dtype"]
        np.testing.assert_allclose(got, values, rtol=1e-6)
    else:
        assert got.tolist() == expected["values"]
    if expected["vocabulary"] is not None:
        assert layer.get_vocabulary() == expected["vocabulary"]


@pytest.mark.parametrize("case", CASES[::7])
def test_arrays_series_and_bytes_are_read_alike(case):
    name, _, _, inputs = case
    if name in ("HashedCrossing", "IntegerLookup") or not isinstance(inputs[0], str):
        return
    pd = pytest.importorskip("pandas")
    layer = made(case)
    expected = layer(inputs).tolist()
    for same in (np.array(inputs), np.array(inputs, object), pd.Series(inputs),
                 [text.encode() for text in inputs]):  # fmt: skip
        assert layer(same).tolist() == expected


@pytest.mark.parametrize("case", CASES)
def test_config_round_trip(case):
    layer = made(case)
    again = type(layer).from_config(json.loads(json.dumps(layer.get_config())))
    if hasattr(layer, "load_assets"):
        again.load_assets(layer.save_assets())
        again.load_own_arrays(layer.save_own_arrays())
    inputs = tuple(case[3]) if case[0] == "HashedCrossing" else case[3]
    np.testing.assert_array_equal(again(inputs), layer(inputs))
    assert again.get_config() == layer.get_config()


def test_functions_of_ones_own():
    layer = layers.TextVectorization(
        standardize=lambda texts: np.char.replace(texts, "-", " "),
        split=lambda texts: [text.split("/") for text in texts.tolist()],
    )
    layer.adapt(["a-b/c", "c/d"])
    assert layer.get_vocabulary() == ["", "[UNK]", "c", "d", "a b"]


def test_functions_get_arrays_in_the_shape_of_the_inputs():
    shapes = []

    def standardize(texts):
        shapes.append((texts.shape, texts.dtype.kind))
        return np.char.lower(texts)

    def split(texts):
        shapes.append((texts.shape, texts.dtype.kind))
        return np.char.split(texts)

    layer = layers.TextVectorization(standardize=standardize, split=split, vocabulary=["a", "b"])
    assert layer([["A b"], ["b"]]).tolist() == [[2, 3], [3, 0]]
    assert shapes == [((2, 1), "U"), ((2,), "U")]
    rows = layers.TextVectorization(
        split=lambda texts: np.array([[b"a", b""], [b"b", b"a"]]), vocabulary=["a", "b"]
    )
    assert rows(["x", "y"]).tolist() == [[2, 0], [3, 2]]  # bytes are texts, "" is padding


@pytest.mark.parametrize(("options", "words"), [
    ({"standardize": lambda texts: "a"}, r"`standardize`: .* shape \(\) for texts of shape \(2,\)"),
    ({"standardize": lambda texts: None}, "`standardize`: got None of type NoneType"),
    ({"standardize": lambda texts: texts[:1]}, r"shape \(1,\) .* same, as np.char.lower\(texts\)"),
    ({"standardize": lambda texts: [1, 2]}, "got 1 of type int, expected text"),
    ({"split": lambda texts: ["a", "b"]}, r"`split`: .* \['a', 'b'\] for 2 texts, .* list of tok"),
    ({"split": lambda texts: [["a"]]}, r"`split`: .* \[\['a'\]\] for 2 texts"),
    ({"split": lambda texts: None}, r"returned None for 2 texts.*\[text.split\(\) for text in"),
    ({"split": lambda texts: [["a"], [1]]}, "got 1 of type int, expected text"),
])  # fmt: skip
def test_functions_that_return_something_else_are_told(options, words):
    layer = layers.TextVectorization(vocabulary=["a"], **options)
    with pytest.raises((ArgumentError, DataTypeError), match=f"(?s)TextVectorization '.*{words}"):
        layer(["a b", "c"])


def test_functions_of_one_text_are_told_that_they_get_an_array():
    for name, function in (("standardize", lambda text: text.lower()),
                           ("split", lambda text: text.split())):  # fmt: skip
        layer = layers.TextVectorization(**{name: function})
        with pytest.raises(AttributeError) as caught:
            layer.adapt(["a b", "c"])
        words = f"`{name}`, which gets an array of texts of shape (2,), not one text"
        assert words in caught.value.__notes__[0]


def test_batches_are_adapted_to():
    layer = layers.TextVectorization()
    layer.adapt((["a b"], [0]) for _ in range(3))
    assert layer.get_vocabulary() == ["", "[UNK]", "b", "a"]
    layer.adapt(iter([["a"], ["b"]]), steps=1)
    assert layer.get_vocabulary(include_special_tokens=False) == ["a"]
    assert layer.vocabulary_size() == 3


def test_a_vocabulary_from_a_file(tmp_path):
    path = tmp_path / "words.txt"
    path.write_text("sea\nsky\n", encoding="utf-8")
    layer = layers.StringLookup(vocabulary=str(path))
    assert layer(["sky", "x"]).tolist() == [2, 0]
    assert layer.get_config()["vocabulary"] is None
    assert layers.IntegerLookup(vocabulary=[4]).get_config()["vocabulary"] == [4]
    with pytest.raises(ArgumentError, match="there is no file"):
        layers.StringLookup(vocabulary=str(tmp_path / "none"))
    assert layers.StringLookup(vocabulary=path).get_vocabulary() == ["[UNK]", "sea", "sky"]
    path.write_bytes(b"\xff\n")
    with pytest.raises(ArgumentError, match="words.txt' is no text in UTF-8"):
        layers.StringLookup(vocabulary=path)


@pytest.mark.parametrize("mode", ["int", "count", "tf_idf"])
@pytest.mark.parametrize("token", ["\n", "\ud800"])
def test_tokens_that_are_no_lines_are_saved(token, mode, tmp_path):
    layer = layers.TextVectorization(split="character", output_mode=mode)
    layer.adapt([f"to be{token}or not", "to be"])
    assert token in layer.get_vocabulary()
    model = ranvier.Sequential([layers.Input((1,), dtype="string"), layer])
    model.save(tmp_path / "m.keras")
    again = ranvier.models.load_model(tmp_path / "m.keras")
    assert again.layers[-1].get_vocabulary() == layer.get_vocabulary()
    text = np.array([[f"or{token}be"]], object)
    np.testing.assert_array_equal(again.predict(text, verbose=0), model.predict(text, verbose=0))


def test_a_file_of_keras_with_a_line_break_among_its_characters():
    layer = layers.TextVectorization(split="character")
    layer.adapt(["a\nb\nb"])
    config = {**layer.get_config(), "vocabulary": None}
    lines = "\n".join(layer.get_vocabulary()).encode()
    again = layers.TextVectorization.from_config(config)
    again.load_assets({"vocabulary.txt": lines})
    assert again.get_vocabulary() == layer.get_vocabulary() == ["", "[UNK]", "b", "\n", "a"]


def test_nothing_to_adapt_to():
    layer = layers.StringLookup()
    layer.adapt([])
    assert layer.get_vocabulary() == ["[UNK]"]
    for made in (layer, layers.TextVectorization(), layers.Discretization(num_bins=3)):
        with pytest.raises(DataTypeError, match="adapt: got NoneType, expected"):
            made.adapt(None)


@pytest.mark.parametrize(("make", "words"), [
    (lambda: layers.StringLookup(vocabulary=["a", "a"]), r"it repeats \['a'\]"),
    (lambda: layers.StringLookup(vocabulary=[]), "it is empty"),
    (lambda: layers.StringLookup(max_tokens=1), "`max_tokens`: got 1"),
    (lambda: layers.StringLookup(max_tokens=2, vocabulary=["a", "b"]), "more than max_tokens=2"),
    (lambda: layers.StringLookup(mask_token="", vocabulary=["a", ""]), "stands for no word"),
    (lambda: layers.StringLookup(output_mode="counts"), "`output_mode`: got 'counts'"),
    (lambda: layers.StringLookup(invert=True, output_mode="count"), "expected 'int' with invert"),
    (lambda: layers.StringLookup(sparse=True), "`sparse`: got True"),
    (lambda: layers.StringLookup(pad_to_max_tokens=True), "give `max_tokens`"),
    (lambda: layers.StringLookup(num_oov_indices=-1), "`num_oov_indices`: got -1"),
    (lambda: layers.StringLookup(vocabulary=["a"], output_mode="tf_idf"), "`idf_weights`"),
    (lambda: layers.StringLookup(idf_weights=[1.0]), "`idf_weights`"),
    (lambda: layers.StringLookup(vocabulary=["a"]).adapt(["b"]), "the vocabulary was given"),
    (lambda: layers.IntegerLookup(salt=3), "`salt`: it goes with"),
    (lambda: layers.IntegerLookup(vocabulary_dtype="int32"), "expected 'int64'"),
    (lambda: layers.IntegerLookup(mask_token=""), "`mask_token`: got '' of type str, expected an"),
    (lambda: layers.StringLookup(encoding="nope"), "`encoding`: got 'nope', expected the name"),
    (lambda: layers.TextVectorization(split="words"), "`split`: got 'words'"),
    (lambda: layers.TextVectorization(ngrams=0), "`ngrams`: got 0"),
    (lambda: layers.TextVectorization(ragged=True), "`ragged`: got True"),
    (lambda: layers.TextVectorization(output_mode="count", output_sequence_length=3),
     "`output_sequence_length`"),
    (lambda: layers.TextVectorization()([["a", "b"]]), r"got texts of shape \(1, 2\)"),
    (lambda: layers.Hashing(0), "`num_bins`: got 0"),
    (lambda: layers.Hashing(3, salt="x"), "`salt`: got 'x'"),
    (lambda: layers.Hashing(3, dtype="float32"), "`dtype`: got 'float32'"),
    (lambda: layers.HashedCrossing(3)(["a"]), "expected two or more features"),
    (lambda: layers.HashedCrossing(3)((["a"], ["b", "c"])), "got features of shapes"),
])  # fmt: skip
def test_bad_arguments(make, words):
    with pytest.raises(ValueError, match=words):
        make()


def test_bad_data():
    layer = layers.StringLookup(vocabulary=["a"], num_oov_indices=0)
    with pytest.raises(DataError, match="'b' is not in the vocabulary"):
        layer(["b"])
    with pytest.raises(DataTypeError, match="got 3 of type int, expected text"):
        layer([3])
    with pytest.raises(DataTypeError, match="is no text in utf-8 .*cp949"):
        layer([b"\xff"])
    with pytest.raises(DataTypeError, match="different lengths"):
        layer([["a"], ["a", "a"]])
    with pytest.raises(DataTypeError, match="expected ints"):
        layers.IntegerLookup(vocabulary=[1])([0.5])
    with pytest.raises(DataTypeError, match="got values of type <U1.*turns indices into tokens"):
        layers.StringLookup(vocabulary=["a"], invert=True)(["a"])
    with pytest.raises(NotBuiltError, match="no vocabulary yet"):
        layers.StringLookup(output_mode="count")(["a"])
    from ranvier.graph import Trace, input_node

    with Trace(), pytest.raises(TraceError, match="at the beginning of a Sequential"):
        layers.IntegerLookup(vocabulary=[1])(input_node("x", (None, 2), "int64"))


@pytest.mark.parametrize(
    ("name", "options", "data", "index"),
    [
        ("StringLookup", {}, ["a"], 0),
        ("StringLookup", {"mask_token": ""}, ["a"], 1),
        ("IntegerLookup", {}, [7], 0),
        ("TextVectorization", {}, ["a b"], 1),
    ],
)
def test_a_lookup_without_a_vocabulary_warns(name, options, data, index):
    layer = getattr(layers, name)(**options)
    words = f"^{name} '.*' has no vocabulary yet.* index {index} of unknown ones. Call adapt"
    with pytest.warns(DataWarning, match=words):
        assert np.unique(layer(data)) == [index]
    layer.adapt(data)
    assert np.unique(layer(data)).tolist() != [index]


@pytest.mark.parametrize(
    ("name", "options", "data"),
    [
        ("TextVectorization", {"output_mode": "multi_hot"}, ["a"]),
        ("IntegerLookup", {"num_oov_indices": 0}, [7]),
        ("StringLookup", {"invert": True}, [0]),
    ],
)
def test_a_lookup_that_needs_a_vocabulary_says_so(name, options, data):
    with pytest.raises(NotBuiltError, match=f"^{name} '.*' has no vocabulary yet"):
        getattr(layers, name)(**options)(data)


def test_several_unknown_indices_need_no_vocabulary():
    assert set(layers.StringLookup(num_oov_indices=2)(list("abcdef")).tolist()) == {0, 1}
