"""Models and weights to files and back: all of it, or an error that says what is wrong."""

import io
import os

import numpy as np
import pytest

from ranvier import ops
from ranvier.callbacks import CSVLogger, ModelCheckpoint
from ranvier.graph.errors import (
    ArgumentError,
    ArgumentTypeError,
    ModelFileError,
    NotBuiltError,
)
from ranvier.graph.registry import (
    custom_object_scope,
    get_custom_objects,
    register_keras_serializable,
)
from ranvier.layers import (
    Add,
    Concatenate,
    Dense,
    Dropout,
    Flatten,
    GaussianNoise,
    Input,
    Lambda,
    Layer,
    PReLU,
)
from ranvier.model import Model, Sequential, model_from_json
from ranvier.model.load import load_model
from ranvier.model.plot import plot_model
from ranvier.model.store import save_model
from ranvier.save.keras import pack_keras, unpack_keras

RNG = np.random.default_rng(0)
X = RNG.random((20, 4)).astype("float32")
Y = RNG.integers(0, 3, 20)


@pytest.fixture(autouse=True)
def forget():
    before = dict(get_custom_objects())
    yield
    get_custom_objects().clear()
    get_custom_objects().update(before)


def stack(*layers, compiled=True):
    model = Sequential([Input((4,)), *layers, Dense(3, activation="softmax", name="출력")])
    if compiled:
        model.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])
        model.fit(X, Y, epochs=2, verbose=0)
    return model


def same(a, b):
    np.testing.assert_array_equal(a.predict(X, verbose=0), b.predict(X, verbose=0))
    for one, other in zip(a.get_weights(), b.get_weights(), strict=True):
        np.testing.assert_array_equal(one, other)


# --- whole models -------------------------------------------------------------------------------
def test_sequential(tmp_path):
    model = stack(Dense(5, activation="relu"), Dropout(0.5), PReLU())
    model.save(tmp_path / "m.keras")
    again = load_model(tmp_path / "m.keras")
    same(model, again)
    assert [x.name for x in again.layers] == [x.name for x in model.layers]
    assert again.name == model.name and type(again) is Sequential
    assert os.listdir(tmp_path) == ["m.keras"]


def test_training_goes_on_as_if_nothing_happened(tmp_path):
    model = stack(Dense(5, activation="tanh"))
    model.save(tmp_path / "m.keras")
    again = load_model(tmp_path / "m.keras")
    assert int(again.optimizer.iterations) == int(model.optimizer.iterations) == 2
    for one in (model, again):
        one.fit(X, Y, epochs=3, shuffle=False, verbose=0)
    same(model, again)
    assert model.evaluate(X, Y, verbose=0) == again.evaluate(X, Y, verbose=0)


def test_random_layers_go_on_as_if_nothing_happened(tmp_path):
    model = stack(Dense(5, activation="tanh"), Dropout(0.5), GaussianNoise(0.1))
    model.save(tmp_path / "m.keras")
    model.save_weights(tmp_path / "m.weights.h5")
    again, third = load_model(tmp_path / "m.keras"), load_model(tmp_path / "m.keras")
    for layer in third.layers[1:3]:
        layer.seed_generator.state.assign([1, 1])
    third.load_weights(tmp_path / "m.weights.h5")
    for one in (model, again, third):
        one.fit(X, Y, epochs=2, shuffle=False, verbose=0)
    same(model, again)
    same(model, third)


def network():
    a, b = Input((4,), name="a"), Input((4,), name="b")
    shared, inner = Dense(3, name="shared"), Sequential([Dense(3), PReLU()], name="inner")
    left = Add()([shared(a), shared(b) * 2.0])
    joined = Concatenate()([left, inner(a)])
    return Model([a, b], {"x": Dense(2, name="x")(joined), "y": Dense(1)(joined)})


def test_network_with_shared_and_inner_layers(tmp_path):
    model = network()
    model.save(tmp_path / "m.keras")
    again = load_model(tmp_path / "m.keras")
    wanted, found = model.predict([X, X], verbose=0), again.predict([X, X], verbose=0)
    for key in ("x", "y"):
        np.testing.assert_array_equal(wanted[key], found[key])
    assert len(again.get_weights()) == len(model.get_weights())


#: Operations between layers, with arguments by place, by name and by default.
EXPRESSIONS = [
    lambda x, o: x + 1.0, lambda x, o: 1.0 - x, lambda x, o: x * x, lambda x, o: 2.0 / (x + 1.0),
    lambda x, o: -x, lambda x, o: x**2, lambda x, o: abs(x - 0.5), lambda x, o: x[:, 1:3],
    lambda x, o: x[:, 0:1], lambda x, o: x[..., None][:, :, 0], lambda x, o: o.exp(x),
    lambda x, o: o.mean(x, axis=-1, keepdims=True), lambda x, o: o.sum(x, 1, True),
    lambda x, o: o.concatenate([x, x], axis=-1), lambda x, o: o.stack([x, x], 1)[:, 0],
    lambda x, o: o.reshape(o.transpose(o.reshape(x, (-1, 2, 2)), (0, 2, 1)), (-1, 4)),
    lambda x, o: o.squeeze(o.expand_dims(x, 1), 1), lambda x, o: o.relu(x - 0.5),
    lambda x, o: o.softmax(x), lambda x, o: o.leaky_relu(x - 0.5, 0.3),
    lambda x, o: o.gelu(x, approximate=False), lambda x, o: o.maximum(x, 0.5),
    lambda x, o: o.clip(x, 0.2, 0.6), lambda x, o: o.where(x > 0.5, x, 0.0),
    lambda x, o: o.cast(o.cast(x * 3.0, "int32"), "float32"), lambda x, o: o.cumsum(x, axis=1),
    lambda x, o: o.expand_dims(o.logsumexp(x, axis=1), 1), lambda x, o: o.log_softmax(x, axis=1),
    lambda x, o: o.matmul(x, np.ones((4, 2), "float32")), lambda x, o: o.power(x, 3.0),
    lambda x, o: o.one_hot(o.argmax(x, -1), 4), lambda x, o: o.std(x, axis=1, keepdims=True),
    lambda x, o: o.stop_gradient(x), lambda x, o: o.einsum("bi,bi->b", x, x)[:, None],
    lambda x, o: o.einsum("bi,ij->bj", x, np.ones((4, 2), "float32")),
    lambda x, o: o.binary_crossentropy(o.round(x), x, from_logits=True),
    lambda x, o: o.categorical_crossentropy(o.one_hot(o.argmax(x, -1), 4), x + 1.0)[:, None],
    lambda x, o: o.reshape(
        o.dot_product_attention(*[o.reshape(x, (-1, 2, 1, 2))] * 3, scale=0.5), (-1, 4)),
    lambda x, o: flat(o, o.conv(plane(o, x), np.ones((2, 1, 1, 3), "float32"), padding="same"), 12),
    lambda x, o: flat(o, o.max_pool(plane(o, x), 2, 2), 1),
    lambda x, o: flat(o, o.depth_to_space(o.reshape(x, (-1, 1, 1, 4)), 2), 4),
    lambda x, o: flat(o, o.image.resize(plane(o, x), (2, 3), fill_value=1.0), 6),
    lambda x, o: o.trace(o.reshape(x, (-1, 2, 2)), offset=1, axis1=1, axis2=2)[:, None],
]  # fmt: skip


def plane(o, x):
    return o.reshape(x, (-1, 2, 2, 1))


def flat(o, x, count):
    return o.reshape(x, (-1, count))


def test_operations_between_layers(tmp_path):
    x = Input((4,))
    model = Model(x, ops.concatenate([one(x, ops) for one in EXPRESSIONS], axis=-1))
    model.save(tmp_path / "m.keras")
    same(model, load_model(tmp_path / "m.keras"))
    load_model(tmp_path / "m.keras").save(tmp_path / "n.keras")
    same(model, load_model(tmp_path / "n.keras"))


@pytest.mark.parametrize("one", [
    lambda x: ops.layer_normalization(x), lambda x: ops.rms_normalization(x),
    lambda x: ops.batch_normalization(x, np.zeros(4), np.ones(4), -1),
    lambda x: ops.psnr(x, x + 1.0, 1.0) + x,
])  # fmt: skip
def test_operations_of_other_names_in_keras(one, tmp_path):
    x = Input((4,))
    model = Model(x, one(x))
    model.save(tmp_path / "m.keras")
    same(model, load_model(tmp_path / "m.keras"))


def test_an_operation_is_looked_up_among_ops_alone(tmp_path):
    x = Input((4,))
    Model(x, ops.exp(x)).save(tmp_path / "m.keras")
    contents = unpack_keras((tmp_path / "m.keras").read_bytes(), "m")
    for name in ("Recording", "Mapping", "Convert", "OPERATORS", "__import__"):
        contents.config["config"]["layers"][1]["class_name"] = name
        (tmp_path / "m.keras").write_bytes(pack_keras(contents.config, contents.weights))
        with pytest.raises(ModelFileError, match="m.keras.*the operation|m.keras"):
            load_model(tmp_path / "m.keras")


def test_many_layers_in_any_order_take_linear_time(tmp_path):
    x = y = Input((4,))
    for _ in range(300):
        y = ops.exp(y)
    Model(x, y).save(tmp_path / "m.keras")
    contents = unpack_keras((tmp_path / "m.keras").read_bytes(), "m")
    contents.config["config"]["layers"].reverse()
    (tmp_path / "m.keras").write_bytes(pack_keras(contents.config, contents.weights))
    assert len(load_model(tmp_path / "m.keras").operations) == 301


def test_without_compile(tmp_path):
    stack().save(tmp_path / "m.keras")
    assert not load_model(tmp_path / "m.keras", compile=False).compiled
    stack(compiled=False).save(tmp_path / "n.keras")
    assert not load_model(tmp_path / "n.keras").compiled


def test_files_in_memory():
    model, file = stack(Dense(2)), io.BytesIO()
    save_model(model, file)
    file.seek(0)
    same(model, load_model(file))


def test_unbuilt_model_warns(tmp_path):
    with pytest.warns(UserWarning, match="was not built yet, so its file holds no weights"):
        Sequential([Dense(2)]).save(tmp_path / "m.keras")
    assert not load_model(tmp_path / "m.keras").built


def test_float64(tmp_path):
    model = Sequential([Input((4,)), Dense(3, dtype="float64")])
    model.save(tmp_path / "m.keras")
    again = load_model(tmp_path / "m.keras")
    assert again.get_weights()[0].dtype == np.float64
    same(model, again)


def test_same_model_same_weights_bytes(tmp_path):
    model = stack()
    model.save_weights(tmp_path / "a.weights.h5")
    model.save_weights(tmp_path / "b.weights.h5")
    assert (tmp_path / "a.weights.h5").read_bytes() == (tmp_path / "b.weights.h5").read_bytes()


# --- names of the caller's own ------------------------------------------------------------------
class Scale(Layer):
    """A layer with a weight, an argument and a layer inside."""

    def __init__(self, factor, inner=None, **kwargs):
        super().__init__(**kwargs)
        self.factor, self.inner = factor, inner or Dense(4)
        self.branches = [Dense(4), [Dense(4)]]

    def build(self, input_shape):
        self.shift = self.add_weight(shape=(4,), initializer="ones", name="shift")
        self.inner.build(input_shape)
        self.branches[0].build(input_shape)
        self.branches[1][0].build(input_shape)

    def call(self, inputs):
        y = self.branches[1][0](self.branches[0](self.inner(inputs)))
        return y * self.factor + self.shift


def third(x):
    return x / 3.0


def cubic(y_true, y_pred):
    return ops.mean(ops.abs(y_true - y_pred) ** 3, axis=-1)


def test_unknown_names_are_listed(tmp_path):
    model = stack(Scale(2.0), Dense(4, activation=third), compiled=False)
    model.compile("sgd", loss=cubic)
    words = "m.keras can never be loaded by itself.*not registered: 'Scale', 'cubic', 'third'. Hand"
    with pytest.warns(UserWarning, match=words):
        model.save(tmp_path / "m.keras")
    words = r"m.keras: names that are not known here: 'Scale', .*'third'.*custom_objects="
    with pytest.raises(ModelFileError, match=words):
        load_model(tmp_path / "m.keras")
    table = {"Scale": Scale, "third": third, "cubic": cubic}
    again = load_model(tmp_path / "m.keras", custom_objects=table)
    same(model, again)
    assert again.layers[0].factor == 2.0 and again.loss is cubic


def test_registered_names(tmp_path):
    mine = register_keras_serializable("pack")(type("Mine", (Scale,), {}))
    half = register_keras_serializable("pack", "a half")(lambda x: x / 2.0)
    model = stack(mine(3.0), Dense(4, activation=half), compiled=False)
    model.save(tmp_path / "m.keras")  # without a warning
    same(model, load_model(tmp_path / "m.keras"))


def test_names_of_a_scope(tmp_path):
    model = stack(Scale(3.0), compiled=False)
    with custom_object_scope({"Scale": Scale}):
        model.save(tmp_path / "m.keras")
        same(model, load_model(tmp_path / "m.keras"))
    with pytest.raises(ModelFileError, match="'Scale'"):
        load_model(tmp_path / "m.keras")


class Book(Model):
    """A model as a class, with parts under attributes."""

    def __init__(self, units=4, **kwargs):
        super().__init__(**kwargs)
        self.units = units
        self.hidden, self._last = Dense(units, activation="relu"), Dense(3)
        self.more = {"b": Dense(units), "a": Flatten()}

    def call(self, inputs):
        return self._last(self.more["a"](self.more["b"](self.hidden(inputs))))


def test_model_of_a_class_of_the_callers(tmp_path):
    model = Book(5)
    model.compile("sgd", "mse")
    model.fit(X, X[:, :3], verbose=0)
    with pytest.warns(UserWarning, match="can never be loaded by itself"):
        model.save(tmp_path / "m.keras")
    again = load_model(tmp_path / "m.keras", custom_objects={"Book": Book})
    assert again.units == 5
    same(model, again)


def test_a_class_that_keeps_no_argument_and_takes_two_inputs(tmp_path):
    class Block(Layer):
        def __init__(self, depth, units):
            super().__init__()
            self.hidden = [Dense(units, activation="relu") for _ in range(depth)]

        def call(self, inputs):
            x = inputs
            for layer in self.hidden:
                x = layer(x)
            return inputs + x

    class TwoWays(Model):
        def __init__(self, units=30, activation="relu", **kwargs):
            super().__init__(**kwargs)
            self.hidden = Dense(units, activation=activation)
            self.block = Block(2, units)
            self.main, self.aux = Dense(1), Dense(1)

        def call(self, inputs):
            wide, deep = inputs
            hidden = self.block(self.hidden(deep))
            return self.main(Concatenate()([wide, hidden])), self.aux(hidden)

    model = TwoWays(5, name="mine")
    model.compile("adam", ["mse", "mse"], loss_weights=[0.9, 0.1])
    model.fit((X[:, :2], X), (X[:, :1], X[:, 1:2]), verbose=0)
    with pytest.warns(UserWarning, match="can never be loaded by itself"):
        model.save(tmp_path / "m.keras")
    again = load_model(tmp_path / "m.keras", {"TwoWays": TwoWays, "Block": Block})
    assert again.name == "mine"
    for one, other in zip(model.predict((X[:, :2], X), verbose=0),
                          again.predict((X[:, :2], X), verbose=0), strict=True):  # fmt: skip
        np.testing.assert_array_equal(one, other)


def test_lambdas_leave_a_name_and_no_code(tmp_path):
    double, half = Lambda(lambda x: x * 2), Dense(4, activation=lambda x: x / 2)
    model = stack(double, half, compiled=False)
    words = "not registered: '<lambda>', '<lambda_1>'. Hand .* write lambdas as functions"
    with pytest.warns(UserWarning, match=words):
        model.save(tmp_path / "m.keras")
    with pytest.raises(ModelFileError, match="not known here: '<lambda>', '<lambda_1>'"):
        load_model(tmp_path / "m.keras", safe_mode=False)
    table = {"<lambda>": double.function, "<lambda_1>": half.activation}
    same(model, load_model(tmp_path / "m.keras", table))


# --- as text ------------------------------------------------------------------------------------
def test_json():
    for model in (stack(Dense(5), Dropout(0.2)), network()):
        again = model_from_json(model.to_json(indent=2))
        assert [x.name for x in again.layers] == [x.name for x in model.layers]
        assert again.to_json() == model.to_json()
        assert again.compiled == model.compiled
    text = stack(Scale(2.0), compiled=False).to_json()
    with pytest.raises(ModelFileError, match="model_from_json: names .* 'Scale'"):
        model_from_json(text)
    assert model_from_json(text, {"Scale": Scale}).layers[0].factor == 2.0


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("{", "not a JSON text"), ("[1]", "a list, expected"), ("{}", "it holds a dict"),
        (stack(compiled=False).to_json().replace('"units": 3', '"units": 3000000000'), "more"),
    ],
)  # fmt: skip
def test_json_that_is_no_model(text, words):
    with pytest.raises(ModelFileError, match=f"model_from_json.*{words}"):
        model_from_json(text)


def test_json_takes_text_alone():
    with pytest.raises(ArgumentTypeError, match="got {}, expected the text"):
        model_from_json({})


# --- weights alone ------------------------------------------------------------------------------
def test_weights(tmp_path):
    model, other = stack(Dense(5), PReLU()), stack(Dense(5), PReLU())
    model.save_weights(tmp_path / "m.weights.h5")
    other.load_weights(tmp_path / "m.weights.h5")
    same(model, other)
    assert int(other.optimizer.iterations) == int(model.optimizer.iterations)
    model.save(tmp_path / "m.keras")
    other = stack(Dense(5), PReLU())
    other.load_weights(str(tmp_path / "m.keras"))
    same(model, other)


@pytest.mark.parametrize("name", ["m.weights.h5", "m.safetensors", "m.npz"])
def test_weights_are_no_model(tmp_path, name):
    stack(Dense(5)).save_weights(tmp_path / name)
    with pytest.raises(ModelFileError, match=f"{name}: weights alone, expected a whole model"):
        load_model(tmp_path / name)


def test_weights_of_a_model_that_was_not_compiled(tmp_path):
    model, other = stack(Dense(5), compiled=False), stack(Dense(5))
    model.save_weights(tmp_path / "m.weights.h5")
    other.load_weights(tmp_path / "m.weights.h5")
    same(model, other)
    other.save_weights(tmp_path / "n.weights.h5")
    model.load_weights(tmp_path / "n.weights.h5")


def test_another_optimizer_starts_anew(tmp_path):
    model, other = stack(), stack(compiled=False)
    model.save_weights(tmp_path / "m.weights.h5")
    other.compile("sgd", "sparse_categorical_crossentropy")
    with pytest.warns(UserWarning, match="optimizer 'sgd.*' has 2 variables, but the file has 6"):
        other.load_weights(tmp_path / "m.weights.h5")
    same(model, other)


@pytest.mark.parametrize(
    ("layers", "words"),
    [
        ([Dense(6)], r"'layers/dense/vars/0' has shape \(4, 5\) .* has shape \(4, 6\)"),
        ([], r"'layers/dense/vars/0' has shape \(4, 5\)|it holds weights of dense_1 in 'layers'"),
        ([Dense(5), Dense(5)], "has 0 arrays, expected 2|has shape"),
        ([Dense(5, use_bias=False)], "'layers/dense' has 2 arrays, expected 1"),
    ],
)
def test_weights_of_another_model(tmp_path, layers, words):
    """The error says what differs, and no weight is touched."""
    stack(Dense(5)).save_weights(tmp_path / "m.weights.h5")
    other = stack(*layers, compiled=False)
    before = other.get_weights()
    with pytest.raises(ModelFileError, match=words):
        other.load_weights(tmp_path / "m.weights.h5")
    for one, two in zip(before, other.get_weights(), strict=True):
        np.testing.assert_array_equal(one, two)


def test_skip_mismatch(tmp_path):
    model = stack(Dense(5), Dense(4))
    model.save_weights(tmp_path / "m.weights.h5")
    other = stack(Dense(5), Dense(6), compiled=False)
    with pytest.warns(UserWarning, match="left as they are: 'dense"):
        other.load_weights(tmp_path / "m.weights.h5", skip_mismatch=True)
    np.testing.assert_array_equal(other.get_weights()[0], model.get_weights()[0])


# --- mistakes -----------------------------------------------------------------------------------
def test_words_for_mistakes(tmp_path):
    model = stack(compiled=False)
    with pytest.raises(ArgumentError, match="save, `filepath`: got 'm.tf', .* ends in '.keras'"):
        model.save("m.tf")
    with pytest.raises(ArgumentError, match=r"ends in '\.keras'\. Write 'model-whole\.keras'\."):
        model.save("model-whole")
    with pytest.raises(ArgumentError, match="save_weights, .* ends in '.weights.h5'"):
        model.save_weights(tmp_path / "m.keras")
    with pytest.raises(ArgumentError, match=r"Write 'model-weights\.weights\.h5'\."):
        model.save_weights("model-weights.h5")
    with pytest.raises(NotBuiltError, match="load_weights: model '.*' has no weights yet"):
        Sequential([Dense(2)]).load_weights(tmp_path / "m.weights.h5")
    model.save(tmp_path / "m.keras")
    with pytest.raises(FileExistsError, match="overwrite=False"):
        model.save(tmp_path / "m.keras", overwrite=False)
    model.save_weights(tmp_path / "m.weights.h5")
    with pytest.raises(ModelFileError, match="weights alone, expected a whole model"):
        load_model(tmp_path / "m.weights.h5")
    with pytest.raises(ModelFileError, match="a folder or a device, expected a file"):
        load_model(tmp_path)
    with pytest.raises(OSError, match="missing/m.keras"):
        model.save(tmp_path / "missing" / "m.keras")


@pytest.mark.parametrize("wrong", [None, 3, []], ids=str)
def test_what_is_no_path(wrong):
    model = stack(compiled=False)
    for place, call in (
        ("save", model.save), ("save_weights", model.save_weights), ("load", load_model),
        ("load", model.load_weights),
    ):  # fmt: skip
        with pytest.raises(ArgumentTypeError, match=f"^{place}, `filepath`: got .*expected a path"):
            call(wrong)


@pytest.mark.parametrize("path", ["runs\0.keras", b"runs\0.keras"], ids=["text", "bytes"])
def test_a_path_with_a_null_byte(path):
    model = stack()
    told = r"`\w+`: got 'runs.x00.keras', which holds a null byte"
    for place, call in (
        ("save", model.save), ("save_weights", model.save_weights), ("load", load_model),
        ("export", model.export), ("plot_model", lambda path: plot_model(model, path)),
        ("ModelCheckpoint", ModelCheckpoint), ("CSVLogger", CSVLogger),
    ):  # fmt: skip
        with pytest.raises(ArgumentError, match=f"^{place}, {told}"):
            call(path)


def test_paths_of_bytes(tmp_path):
    model = stack()
    name, weights = (os.fsencode(tmp_path / n) for n in ("m.keras", "m.weights.h5"))
    model.save(name)
    model.save_weights(weights)
    model.load_weights(weights)
    same(model, load_model(name))


def test_open_files_that_cannot_be_used(tmp_path):
    file = io.BytesIO()
    stack().save(file)
    with pytest.raises(ModelFileError, match=r"no bytes left to read\..*seek\(0\)"):
        load_model(file)
    told = pytest.raises(ArgumentError, match=r"opened as text.*open\(name, 'wb'\)")
    with open(tmp_path / "m.keras", "w") as text, told:
        stack().save(text)


@pytest.mark.parametrize("kind", [ModelFileError, ValueError, OSError, FileNotFoundError])
def test_missing_file(kind, tmp_path):
    with pytest.raises(kind, match="there is no such file to load: '.*nothing.keras'"):
        load_model(tmp_path / "nothing.keras")


def test_safe_mode_enables_nothing(tmp_path):
    stack().save(tmp_path / "m.keras")
    assert load_model(tmp_path / "m.keras", safe_mode=False)
