"""The formats against Keras 3 itself: its files are read here, files made here open in it."""

import io
import json
import os
import zipfile

import numpy as np
import pytest

from ranvier.save.keras import pack_keras, unpack_keras
from ranvier.save.weights import Part, Slot, WeightsFile, pack_weights

pytestmark = [
    pytest.mark.oracle,
    # Keras reads its own variables in a way that NumPy 2 warns about.
    pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning"),
]

# Where Keras puts what, and the number of arrays there.
OWNERS = {
    "layers/normalization": 3,
    "layers/dense": 2,
    "layers/p_re_lu": 1,
    "layers/sequential/layers/dense": 2,
    "layers/sequential/layers/batch_normalization": 4,
    "layers/dense_1": 2,
    "optimizer": 2 + 2 * 9,
}


@pytest.fixture(scope="module")
def keras():
    os.environ.setdefault("KERAS_BACKEND", "jax")
    return pytest.importorskip("keras")


@pytest.fixture
def model(keras):
    layers = keras.layers
    inner = keras.Sequential([layers.Dense(5), layers.BatchNormalization()], name="inner")
    model = keras.Sequential([
        keras.Input((4,)), layers.Normalization(), layers.Dense(3, name="한글"),
        layers.Dropout(0.5),
        layers.PReLU(), inner, layers.Dense(2, activation="softmax"),
    ])  # fmt: skip
    model.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])
    x = np.random.default_rng(0).random((8, 4))
    model.layers[0].adapt(x)
    model.fit(x, np.zeros(8), verbose=0)
    return model


def slots(model, owner):
    holder = model
    if owner == "optimizer":
        variables = model.optimizer.variables
    else:
        at = {"layers/normalization": (0,), "layers/dense": (1,), "layers/p_re_lu": (3,),
              "layers/sequential/layers/dense": (4, 0), "layers/dense_1": (5,),
              "layers/sequential/layers/batch_normalization": (4, 1)}[owner]  # fmt: skip
        for place in at:
            holder = holder.layers[place]
        variables = holder.variables
    return variables, [Slot(v.path, tuple(v.shape), np.dtype(v.dtype)) for v in variables]


def test_weights_of_keras(model, tmp_path):
    model.save_weights(tmp_path / "m.weights.h5")
    file = WeightsFile((tmp_path / "m.weights.h5").read_bytes(), "m")
    for owner, count in OWNERS.items():
        variables, wanted = slots(model, owner)
        arrays = file.read(owner, wanted)
        assert len(arrays) == file.count(owner) == count
        for variable, array in zip(variables, arrays, strict=True):
            np.testing.assert_array_equal(np.asarray(variable), array)
    assert file.has("layers/dropout") and file.count("layers/dropout") == 0


def test_weights_for_keras(keras, model, tmp_path):
    x = np.random.default_rng(1).random((6, 4))
    wanted = model.predict(x, verbose=0)
    parts = [Part("", "other name")]
    for owner in OWNERS:
        parts.append(Part(owner, "name", [np.asarray(v) for v in slots(model, owner)[0]]))
    path = tmp_path / "m.weights.h5"
    path.write_bytes(pack_weights(parts))
    other = keras.models.clone_model(model)
    other.compile("adam", "sparse_categorical_crossentropy")
    other.optimizer.build(other.trainable_variables)
    other.load_weights(path)
    np.testing.assert_array_equal(other.predict(x, verbose=0), wanted)
    assert int(other.optimizer.iterations.value) == 1


def test_container(keras, model, tmp_path):
    model.save(tmp_path / "m.keras")
    contents = unpack_keras((tmp_path / "m.keras").read_bytes(), "m.keras")
    assert contents.config["class_name"] == "Sequential"
    (tmp_path / "n.keras").write_bytes(pack_keras(contents.config, contents.weights))
    x = np.random.default_rng(1).random((6, 4))
    again = keras.models.load_model(tmp_path / "n.keras")
    np.testing.assert_array_equal(again.predict(x, verbose=0), model.predict(x, verbose=0))


def test_members_have_the_form_of_keras(model, tmp_path):
    model.save(tmp_path / "m.keras")
    data = (tmp_path / "m.keras").read_bytes()
    contents = unpack_keras(data, "m.keras")
    ours = zipfile.ZipFile(io.BytesIO(pack_keras(contents.config, contents.weights)))
    theirs = zipfile.ZipFile(io.BytesIO(data))
    assert ours.namelist() == theirs.namelist()
    assert ours.read("config.json") == theirs.read("config.json")
    note = json.loads(theirs.read("metadata.json"))
    assert set(note) <= set(json.loads(ours.read("metadata.json")))
