"""Files made by several versions of Keras open here, predict the same, and train on as they did."""

import io
import json
import zipfile
from contextlib import nullcontext
from functools import cache
from pathlib import Path

import numpy as np
import pytest

from ranvier.graph.registry import custom_object_scope
from ranvier.layers import Dense, Layer
from ranvier.model import Model
from ranvier.model.load import load_model

RECORDED = Path(__file__).parents[1] / "save" / "recorded"
# Both sides compute in float32, in another order of sums; training adds up what differs.
BEFORE, AFTER = {"rtol": 1e-4, "atol": 1e-5}, {"rtol": 2e-3, "atol": 2e-4}


class Scale(Layer):
    """A layer with a weight and an argument, as scripts/keras_models.py registers it."""

    def __init__(self, factor=1.0, **kwargs):
        super().__init__(**kwargs)
        self.factor = factor

    def build(self, input_shape):
        self.shift = self.add_weight(shape=(input_shape[-1],), name="shift")

    def call(self, inputs):
        return inputs * self.factor + self.shift


class Book(Model):
    """A model as a class, as scripts/keras_models.py registers it."""

    def __init__(self, units=3, **kwargs):
        super().__init__(**kwargs)
        self.units = units
        self.hidden, self.last = Dense(units, activation="tanh"), Dense(2)
        self.more = [Dense(units), Dense(units)]

    def call(self, inputs):
        x = self.hidden(inputs)
        for layer in self.more:
            x = layer(x)
        return self.last(x)


OWN = {"tests>Scale": Scale, "tests>Book": Book}


@cache
def files(version):
    with zipfile.ZipFile(RECORDED / f"{version}.zip") as archive:
        return {name: archive.read(name) for name in archive.namelist()}


@cache
def numbers(version):
    return dict(np.load(io.BytesIO(files(version)["recorded.npz"])))


def arrays(version, name, kind):
    found = numbers(version)
    count = sum(key.startswith(f"{name}/{kind}") for key in found)
    listed = [found[f"{name}/{kind}{place}"] for place in range(count)]
    return listed if len(listed) > 1 else listed[0]


def cases(*endings):
    found = sorted(RECORDED.glob("*.zip"))
    return [
        pytest.param(path.stem, name, id=f"{path.stem}-{name}")
        for path in found
        for name in zipfile.ZipFile(path).namelist()
        if name.endswith(endings) and not name.endswith(".weights.h5")
    ]


def agree(found, wanted, close):
    pairs = zip(found, wanted, strict=True) if isinstance(found, list) else [(found, wanted)]
    for one, other in pairs:
        np.testing.assert_allclose(one, other, **close)


def named(version, name):
    file = io.BytesIO(files(version)[name])
    file.name = name
    return file


@pytest.mark.parametrize(("version", "name"), cases(".keras", ".h5"))
def test_models(version, name):
    word = name.partition(".")[0]
    # Nadam of Keras 2 left out a number without which it cannot go on.
    warned = (version, word) == ("tf-2.15.1", "pictures")
    told = pytest.warns(UserWarning, match="(?i)'nadam'.*starts anew") if warned else nullcontext()
    with told, custom_object_scope(OWN):
        model = load_model(named(version, name))
    x, y = arrays(version, word, "x"), arrays(version, word, "target")
    agree(model.predict(x, verbose=0), arrays(version, word, "before"), BEFORE)
    if word != "pictures":  # its dropout draws other masks
        model.fit(x, y, batch_size=4, shuffle=False, verbose=0)
        agree(model.predict(x, verbose=0), arrays(version, word, "after"), AFTER)


def test_versions():
    """The versions are what the names of the files say."""
    for path in RECORDED.glob("*.zip"):
        made_by = json.loads(files(path.stem)["made_by.json"])["keras"]
        kind, _, version = path.stem.partition("-")
        assert made_by == version if kind == "keras" else version.startswith(made_by[:4])
