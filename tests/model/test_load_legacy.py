"""Whole models in the HDF5 form of Keras 2: written, read, and refused with reasons."""

import io
import json
import os

import h5py
import numpy as np
import pytest

from ranvier.graph.errors import ArgumentError, ModelFileError
from ranvier.layers import (
    BatchNormalization,
    Dense,
    Dropout,
    Input,
)
from ranvier.model import Model, Sequential
from ranvier.model.load import load_model

X = np.random.default_rng(0).random((8, 4)).astype("float32")
OLD_FORM = "HDF5 form of Keras 2 .* Unless another program asks for it, save as '.keras'"


def net(units=5, name=None):
    model = Sequential([
        Input((4,)), Dense(units, activation="relu", name="first"), BatchNormalization(name="norm"),
        Dropout(0.0), Dense(2, name="last"),
    ], name=name)  # fmt: skip
    model.compile("adam", "mse", metrics=["mae"])
    model.fit(X, X[:, :2], epochs=2, verbose=0)
    return model


def network(side, sequential, make):
    """Inputs, outputs, shared layers and models in models, as of ranvier or of Keras."""
    a, b = side.Input((4,), name="a"), side.Input((4,), name="b")
    z = side.Input((4,))
    inner = make(z, side.Dense(4, activation="tanh")(z), name="inner")
    stack = sequential([side.Input((4,)), side.Dense(4), side.LeakyReLU()], name="stack")
    shared = side.Dense(4, name="shared")
    left = side.Add()([shared(a), stack(inner(b))])
    return make([a, b], [side.Dense(1, name="y")(side.Concatenate()([left, shared(b)])),
                         inner(left)])  # fmt: skip


def saved(model, path, **kwargs):
    with pytest.warns(UserWarning, match=OLD_FORM):
        model.save(path, **kwargs)
    return path


def same(one, other, x=X):
    for a, b in zip(ops_list(one, x), ops_list(other, x), strict=True):
        np.testing.assert_allclose(a, b, rtol=1e-5, atol=1e-6)


def ops_list(model, x):
    found = model.predict(x, verbose=0)
    return found if isinstance(found, list) else [found]


def test_training_goes_on_as_if_nothing_happened(tmp_path):
    model = net()
    again = load_model(saved(model, tmp_path / "m.h5"))
    assert os.listdir(tmp_path) == ["m.h5"] and again.name == model.name
    for one in (model, again):
        one.fit(X, X[:, :2], epochs=2, shuffle=False, verbose=0)
    for one, other in zip(model.get_weights(), again.get_weights(), strict=True):
        np.testing.assert_array_equal(one, other)
    assert not load_model(tmp_path / "m.h5", compile=False).compiled
    saved(model, tmp_path / "n.hdf5", include_optimizer=False)
    assert not load_model(tmp_path / "n.hdf5").compiled


def test_networks(tmp_path):
    import ranvier

    model = network(ranvier.layers, Sequential, Model)
    same(model, load_model(saved(model, tmp_path / "m.h5")), [X, X[::-1]])


def test_files_in_memory():
    model, file = net(), io.BytesIO()
    saved(model, file, save_format="h5")
    file.seek(0)
    same(model, load_model(file))


def test_many_layers(tmp_path):
    """Names beyond 64 KB are cut into several attributes."""
    layers = [Dense(1, name=f"layer_{'long_' * 160}{i}") for i in range(90)]
    model = Sequential([Input((1,)), *layers])
    again = load_model(saved(model, tmp_path / "m.h5"))
    for one, other in zip(model.get_weights(), again.get_weights(), strict=True):
        np.testing.assert_array_equal(one, other)


def test_what_the_form_cannot_hold(tmp_path):
    class Own(Model):
        def call(self, x):
            return x

    model = Own()
    model.predict(X, verbose=0)
    words = "got a Own, but '.h5' files hold Sequential and functional models only"
    with pytest.warns(UserWarning), pytest.raises(ArgumentError, match=words):
        model.save(tmp_path / "m.h5")
    with pytest.raises(ArgumentError, match="'m.weights.h5', expected a name that ends in '.ker"):
        net().save("m.weights.h5")
    with pytest.raises(ArgumentError, match="save_format='h5' for 'm.keras'"):
        net().save("m.keras", save_format="h5")
    assert os.listdir(tmp_path) == []


# --- weights alone ------------------------------------------------------------------------------
def test_weights_in_order_and_by_name(tmp_path):
    model, other = net(), net()
    saved(model, tmp_path / "m.h5")
    other.load_weights(tmp_path / "m.h5")
    same(model, other)
    third = Sequential([Input((4,)), Dense(5, name="first"), Dense(3, name="new")])
    before = third.get_weights()
    third.load_weights(tmp_path / "m.h5", by_name=True)
    np.testing.assert_array_equal(third.get_weights()[0], model.get_weights()[0])
    np.testing.assert_array_equal(third.get_weights()[2], before[2])
    with pytest.raises(ModelFileError, match="of 3 layers, the model has 2 .*by_name=True"):
        third.load_weights(tmp_path / "m.h5")
    wide = net(6)
    with pytest.raises(ModelFileError, match=r"shape \(4, 5\) .*first/kernel' has shape \(4, 6"):
        wide.load_weights(tmp_path / "m.h5", by_name=True)
    with pytest.warns(UserWarning, match="left as they are: 'first'.*'norm'.*'last'"):
        wide.load_weights(tmp_path / "m.h5", by_name=True, skip_mismatch=True)
    with pytest.warns(UserWarning, match="left as they are: 'first'"):
        wide.load_weights(tmp_path / "m.h5", skip_mismatch=True)


def test_by_name_needs_names(tmp_path):
    model = net()
    model.save_weights(tmp_path / "m.weights.h5")
    with pytest.raises(ArgumentError, match="`by_name`: .* has no weights by the names of layers"):
        model.load_weights(tmp_path / "m.weights.h5", by_name=True)


# --- damaged and hostile ------------------------------------------------------------------------
def changed(path, change):
    with h5py.File(path, "r+") as file:
        change(file)
    return path


def config_with(file, change):
    config = json.loads(file.attrs["model_config"])
    change(config["config"]["layers"])
    file.attrs["model_config"] = json.dumps(config)
    del file.attrs["ranvier_config_sha256"]


#: A Lambda as Keras 2 wrote it: its function is byte code.
LAMBDA = {"class_name": "Lambda", "config": {"name": "x", "function": ["4wEAAA", None, None]}}


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda f: f.attrs.__delitem__("model_config"), "weights alone, expected a whole model"),
        (lambda f: f.attrs.__setitem__("model_config", "{"), "config fails its checksum"),
        (lambda f: f.attrs.__setitem__("model_config", 5), "'model_config' is no text"),
        (lambda f: config_with(f, lambda c: c.append(5)), "its config is damaged"),
        (lambda f: config_with(f, lambda c: c.append({"class_name": "Evil", "config": {}})),
         "names that are not known here: 'Evil'"),
        (lambda f: config_with(f, lambda c: c[1]["config"].update(units=1 << 40)), "more weights"),
        (lambda f: config_with(f, lambda c: c[1].update(LAMBDA)), "a lambda, that is code"),
        (lambda f: f["model_weights"].attrs.__delitem__("layer_names"), "of 0 layers"),
        (lambda f: f["model_weights/last"].attrs.__setitem__("weight_names", [b"../x", b"y"]),
         "'model_weights/last/..' is missing"),
        (lambda f: f["model_weights/last"].move("model", "gone"), "is missing"),
        (lambda f: f["model_weights/last/model/last/bias"].write_direct(np.float32([7, 7])),
         "numbers of 'last' fail their checksum"),
        (lambda f: f["model_weights"].__setitem__("x", h5py.ExternalLink("a", "b")) or
         f["model_weights"].attrs.__setitem__("layer_names", [b"x"]), "external kind"),
    ],
)  # fmt: skip
def test_damaged(tmp_path, change, words):
    model = net(name="model")
    path = changed(saved(model, tmp_path / "m.h5"), change)
    with pytest.raises(ModelFileError, match=f"m.h5.*{words}"):
        load_model(path)


def test_cut_off_and_flipped(tmp_path):
    """At any place: the same model, or the one error."""
    model = Sequential([Input((2,)), Dense(1, name="a")], name="b")
    data = saved(model, tmp_path / "m.h5").read_bytes()
    for size in range(0, len(data), 1499):
        with pytest.raises(ModelFileError):
            load_model(io.BytesIO(data[:size]))
    told = 0
    for place in range(0, 8 * len(data), 2003):
        damaged = bytearray(data)
        damaged[place // 8] ^= 1 << place % 8
        try:
            again = load_model(io.BytesIO(bytes(damaged)))
        except ModelFileError:
            told += 1
        else:
            assert again.to_json() == model.to_json()
            for one, other in zip(model.get_weights(), again.get_weights(), strict=True):
                np.testing.assert_array_equal(one, other)
    assert told > 3


# --- with Keras ---------------------------------------------------------------------------------
@pytest.fixture(scope="module")
def keras():
    os.environ.setdefault("KERAS_BACKEND", "jax")
    return pytest.importorskip("keras")


@pytest.mark.oracle
@pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning")
@pytest.mark.filterwarnings(f"ignore:.*{OLD_FORM}:UserWarning")
def test_both_ways(keras, tmp_path):
    import ranvier

    words = np.random.default_rng(1).integers(0, 9, (8, 5))
    for side, sequential, make, load in (
        (keras, keras.Sequential, keras.Model, load_model),
        (ranvier, Sequential, Model, keras.models.load_model),
    ):
        layers = side.layers
        model = network(layers, sequential, make)
        model.compile("rmsprop", ["mse", side.losses.Huber()], loss_weights=[1.0, 0.5])
        model.fit([X, X], [X[:, :1], X], verbose=0)
        model.save(tmp_path / "m.h5")
        again = load(tmp_path / "m.h5")
        same(model, again, [X, X])
        if load is load_model:  # Keras 3.15 does not build the optimizer of such a file
            for net in (model, again):
                net.fit([X, X], [X[:, :1], X], epochs=2, shuffle=False, verbose=0)
            for one, other in zip(model.get_weights(), again.get_weights(), strict=True):
                np.testing.assert_allclose(one, other, rtol=1e-3, atol=1e-5)
        model = sequential([
            layers.Input((5,), dtype="int32"), layers.Embedding(9, 3),
            layers.Bidirectional(layers.LSTM(2)), layers.BatchNormalization(trainable=False),
            layers.Dense(2, activation="softmax", kernel_regularizer="l2"),
        ])  # fmt: skip
        schedule = side.optimizers.schedules.ExponentialDecay(0.1, 3, 0.9)
        model.compile(side.optimizers.SGD(schedule, momentum=0.9), "mse", metrics=["mae"])
        model.fit(words, X[:, :2], verbose=0)
        model.save(tmp_path / "m.h5")
        again = load(tmp_path / "m.h5")
        same(model, again, words)
        assert again.optimizer.get_config()["momentum"] == pytest.approx(0.9)


def test_a_lost_state_of_the_optimizer_is_told(tmp_path):
    path = saved(net(), tmp_path / "model.h5")
    path.write_bytes(path.read_bytes().replace(b"optimizer_weights", b"optimizer-weights"))
    with pytest.raises(ModelFileError, match="lacks its optimizer's state: the file is damaged"):
        load_model(path)
    assert load_model(path, compile=False).count_params() == net().count_params()
