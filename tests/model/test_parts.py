"""The paths under which files keep the parts of a model."""

from ranvier.layers import Dense, Dropout, Input, Layer, PReLU
from ranvier.model import Model, Sequential
from ranvier.model.parts import owners


def paths(model):
    return [owner.path for owner in owners(model)]


def test_stack():
    inner = Sequential([Dense(3), PReLU()], name="inner")
    model = Sequential([Input((4,)), Dense(2, name="a"), Dropout(0.1), inner, Dense(1, name="b")])
    assert paths(model) == [
        "", "layers/dense", "layers/dropout", "layers/dropout/seed_generator", "layers/sequential",
        "layers/sequential/layers/dense", "layers/sequential/layers/p_re_lu", "layers/dense_1",
    ]  # fmt: skip
    model.compile("adam", "mse")
    assert paths(model)[-1] == "optimizer"


def test_network_has_its_inputs():
    x, y = Input((4,)), Input((4,))
    shared = Dense(3)
    model = Model([x, y], [shared(x), shared(y)])
    assert paths(model) == ["", "layers/input_layer", "layers/input_layer_1", "layers/dense"]


class Block(Layer):
    """Layers under attributes, in lists and in dicts; one of them twice."""

    def __init__(self):
        super().__init__()
        self.last, self._private = Dense(1), Dense(1)
        self.many = [Dense(1), PReLU(), Dense(1), [Dense(1)], "text"]
        self.named = {"z": Dense(1), "a": self.last}


class Net(Model):
    """A model as a class."""

    def __init__(self):
        super().__init__()
        self.zeta, self.alpha, self._hidden = Dense(1), Block(), Dense(1)


def test_attributes_in_order_of_their_names():
    assert paths(Block()) == [
        "", "last", "many/dense", "many/p_re_lu", "many/dense_1", "many/container/dense",
        "named/dense", "_private",
    ]  # fmt: skip
    assert paths(Net())[:2] == ["", "alpha"]
    # What no public attribute holds is found among `layers` first, as in Keras.
    assert paths(Net())[-2:] == ["layers/dense", "layers/dense_1"]
