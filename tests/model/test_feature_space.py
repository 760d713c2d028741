"""FeatureSpace: columns of a table as vectors, alone and in models."""

from __future__ import annotations

import numpy as np
import pytest

import ranvier as keras
from ranvier.graph.errors import ArgumentError, ArgumentTypeError, NotBuiltError, ShapeError

FeatureSpace = keras.utils.FeatureSpace
TABLE = {
    "age": [20.0, 40.0, 60.0, 40.0],
    "city": ["Ulm", "Bonn", "Ulm", "Ulm"],
    "rooms": [1, 2, 3, 2],
}
KINDS = {"age": "float_normalized", "city": "string_categorical", "rooms": "integer_categorical"}
ALL = {
    "float": FeatureSpace.float(),
    "float_rescaled": FeatureSpace.float_rescaled(scale=2.0, offset=1.0),
    "float_normalized": FeatureSpace.float_normalized(),
    "float_discretized": FeatureSpace.float_discretized(bin_boundaries=[1.0, 2.0]),
    "integer_categorical": FeatureSpace.integer_categorical(num_oov_indices=0),
    "string_categorical": FeatureSpace.string_categorical(max_tokens=3),
    "integer_hashed": FeatureSpace.integer_hashed(num_bins=4),
    "string_hashed": FeatureSpace.string_hashed(num_bins=3, output_mode="int"),
}
COLUMNS = {
    name: np.array(["a", "b", "b", "c"]) if name.startswith("string") else np.array([0, 1, 2, 3])
    for name in ALL
}


@pytest.fixture
def space():
    space = FeatureSpace(KINDS, crosses=[("city", "rooms")], crossing_dim=5)
    space.adapt(TABLE)
    return space


def test_columns_come_in_the_order_of_their_names_and_crosses_last(space):
    found = space(TABLE).numpy()
    age, city, rooms, cross = np.split(found, [1, 4, 8], axis=1)
    np.testing.assert_allclose(age[:, 0], [-(2**0.5), 0, 2**0.5, 0], atol=1e-6)
    assert space.preprocessors["city"].get_vocabulary() == ["[UNK]", "Ulm", "Bonn"]
    assert city.argmax(axis=1).tolist() == [1, 2, 1, 1]
    assert rooms.argmax(axis=1).tolist() == [3, 1, 2, 1]  # 2 is the most frequent one
    read = [
        space.preprocessors[name](np.reshape(TABLE[name], (4, 1))) for name in ("city", "rooms")
    ]
    bins = space.crossers["city_X_rooms"](read)
    assert cross.argmax(axis=1).tolist() == bins.numpy()[:, 0].tolist()
    assert found.shape == (4, 13) and (found[:, 1:].sum(axis=1) == 3).all()


def test_what_is_unknown_and_single_values(space):
    row = space({"age": 40.0, "city": "Rome", "rooms": 7})
    assert row.shape == (13,) and row.numpy()[:2].tolist() == [0, 1]
    pandas = pytest.importorskip("pandas")
    assert np.array_equal(space(pandas.DataFrame(TABLE)), space(TABLE))


def test_each_kind_as_a_dict():
    space = FeatureSpace(ALL, output_mode="dict", crosses=[
        FeatureSpace.cross(("integer_hashed", "string_hashed"), 6, output_mode="int")])  # fmt: skip
    batches = [{k: v[:2] for k, v in COLUMNS.items()}, {k: v[2:] for k, v in COLUMNS.items()}]
    space.adapt(batches)
    found = space(COLUMNS)
    shapes = {name: value.shape[1] for name, value in found.items()}
    assert shapes == {
        "float": 1, "float_discretized": 3, "float_normalized": 1, "float_rescaled": 1,
        "integer_categorical": 4, "integer_hashed": 4, "string_categorical": 3,
        "string_hashed": 1, "integer_hashed_X_string_hashed": 1,
    }  # fmt: skip
    assert found["float_rescaled"].numpy()[:, 0].tolist() == [1, 3, 5, 7]
    assert found["float_discretized"].numpy().argmax(axis=1).tolist() == [0, 1, 2, 2]
    assert str(found["string_hashed"].dtype).startswith("int")
    whole = FeatureSpace({name: one for name, one in ALL.items() if name != "string_hashed"})
    whole.adapt(COLUMNS)
    expected = [v for k, v in sorted(found.items()) if "string_hashed" not in k]
    assert np.array_equal(whole(COLUMNS), np.concatenate(expected, axis=1))


def test_a_layer_of_ones_own():
    text = keras.layers.TextVectorization(output_mode="tf_idf")
    space = FeatureSpace({"note": FeatureSpace.feature("string", text, "float"), "x": "float"})
    table = {"note": ["to be", "or not", "to be"], "x": [1, 2, 3]}
    space.adapt(table)
    assert space(table).shape == (3, text.vocabulary_size() + 1)
    with pytest.raises(ArgumentError, match="TextVectorization gives is not known"):
        FeatureSpace({"note": FeatureSpace.feature("string", text, "one_hot")}).adapt(table)


def test_a_model_on_raw_columns_and_one_on_vectors(space, tmp_path):
    y = np.array([0.0, 1.0, 0.0, 1.0])
    columns = {name: np.array(values) for name, values in TABLE.items()}
    output = keras.layers.Dense(1, activation="sigmoid")(space.get_encoded_features())
    model = keras.Model(space.get_inputs(), output)
    model.compile("adam", "binary_crossentropy")
    model.fit(columns, y, epochs=2, verbose=0)
    found = model.predict(columns, verbose=0)
    dense = keras.layers.Dense(1, activation="sigmoid")
    dense.build((None, 13))
    dense.set_weights(model.get_weights()[-2:])
    np.testing.assert_allclose(found, dense(space(TABLE)), atol=1e-6)
    model.save(tmp_path / "model.keras")
    again = keras.models.load_model(tmp_path / "model.keras")
    assert np.array_equal(again.predict(columns, verbose=0), found)


def test_it_comes_back_from_a_file_and_from_a_config(space, tmp_path):
    space.save(tmp_path / "space.keras")
    again = keras.models.load_model(tmp_path / "space.keras")
    assert isinstance(again, FeatureSpace)
    assert np.array_equal(again(TABLE), space(TABLE))
    assert again.get_config() == space.get_config()
    assert set(space.get_config()) == {"features", "output_mode", "crosses", "crossing_dim",
                                       "hashing_dim", "num_discretization_bins"}  # fmt: skip
    whole = FeatureSpace(ALL, output_mode="dict")
    whole.adapt(COLUMNS)
    whole.save(tmp_path / "whole.keras")
    found = keras.models.load_model(tmp_path / "whole.keras")(COLUMNS)
    for name, value in whole(COLUMNS).items():
        assert np.array_equal(found[name], value), name
    fresh = FeatureSpace.from_config(space.get_config())
    assert list(fresh.features) == list(KINDS) and fresh.crosses[0].name == "city_X_rooms"


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ({"features": {}}, "it is empty"),
        ({"features": ["a"]}, r"`features`: got \['a'\]\. Give {column: kind}"),
        ({"features": {"a": "text"}}, "feature 'a': got 'text', expected one of 'float'"),
        ({"features": {"a": "float"}, "output_mode": "list"}, "expected 'concat' or 'dict'"),
        ({"features": {"a": "float"}, "crosses": [("a", "b")]}, r"got \['b'\], expected tuples"),
    ],
)
def test_mistakes_are_named(arguments, words):
    with pytest.raises(ArgumentError, match=words):
        FeatureSpace(**arguments)


def test_mistakes_in_data_are_named(space):
    with pytest.raises(NotBuiltError, match=r"\['age', 'city', 'rooms'\] have seen no data"):
        FeatureSpace(KINDS)(TABLE)
    with pytest.raises(ArgumentError, match="no column 'rooms' among"):
        space({"age": [1.0], "city": ["Ulm"]})
    with pytest.raises(ShapeError, match="different lengths"):
        space({**TABLE, "age": [1.0]})
    with pytest.raises(ArgumentTypeError, match="column 'age' holds no float32 .*'string_categ"):
        space({**TABLE, "age": ["old"] * len(TABLE["age"])})
    with pytest.raises(ArgumentTypeError, match="expected a dict of columns"):
        space([1.0])
    with pytest.raises(ArgumentTypeError, match="read again"):
        FeatureSpace(KINDS).adapt(iter([TABLE]))
    with pytest.raises(ArgumentTypeError, match="Leave the labels out"):
        FeatureSpace(KINDS).adapt([(TABLE, [1])])
    with pytest.raises(ArgumentError, match="not a vector of floats"):
        FeatureSpace({"a": FeatureSpace.integer_hashed(3, output_mode="int")})({"a": [1]})
    with pytest.raises(ArgumentError, match="expected one of 'int', 'one_hot', 'float'"):
        FeatureSpace.string_hashed(3, output_mode="vector")
