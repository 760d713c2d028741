"""Files of Keras 3 open here and predict the same; files made here open there and do."""

import os

import numpy as np
import pytest

import ranvier.layers
import ranvier.losses
import ranvier.metrics
import ranvier.optimizers
from ranvier import constraints, initializers, regularizers
from ranvier.model import Model, Sequential
from ranvier.model.load import load_model
from tests.model.test_load import EXPRESSIONS

pytestmark = [
    pytest.mark.oracle,
    # Keras reads its own variables in a way that NumPy 2 warns about.
    pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning"),
]

RNG = np.random.default_rng(3)
X = RNG.random((8, 6)).astype("float32")
# Both sides compute in float32, in another order of sums.
CLOSE = {"rtol": 1e-5, "atol": 1e-6}

#: Layers of one input, with arguments that are no defaults.
LAYERS = [
    ("Activation", {"activation": "gelu"}), ("ActivityRegularization", {"l1": 0.1}),
    ("AlphaDropout", {"rate": 0.3}),
    ("Dense", {"units": 3, "activation": "selu", "kernel_regularizer": "l2",
               "kernel_initializer": "he_normal", "bias_constraint": "non_neg"}),
    ("Dropout", {"rate": 0.3, "seed": 1}), ("ELU", {"alpha": 0.5}), ("Flatten", {}),
    ("EinsumDense", {"equation": "...b,cb->...c", "output_shape": 4, "bias_axes": "c"}),
    ("GaussianDropout", {"rate": 0.3}), ("GaussianNoise", {"stddev": 0.3}), ("Identity", {}),
    ("LeakyReLU", {"negative_slope": 0.2}), ("Normalization", {}),
    ("Normalization", {"mean": 0.5, "variance": 2.0}), ("PReLU", {"alpha_initializer": "ones"}),
    ("ReLU", {"max_value": 0.7, "negative_slope": 0.1, "threshold": 0.2}),
    ("RepeatVector", {"n": 2}), ("Rescaling", {"scale": 0.5, "offset": -1.0}),
    ("Reshape", {"target_shape": (2, 3)}), ("Softmax", {}),
]  # fmt: skip
#: Layers of places along 1, 2 or 3 axes, with arguments that are no defaults.
PLACES = {1: (12, 4), 2: (6, 4, 2), 3: (4, 3, 2, 2), 4: (2, 3, 2, 2, 2)}
WINDOWS = {
    "Conv": {"filters": 3, "kernel_size": 2, "padding": "same"},
    "AveragePooling": {"pool_size": 2, "padding": "same"}, "MaxPooling": {"pool_size": 2},
    "AdaptiveAveragePooling": {"output_size": 2}, "AdaptiveMaxPooling": {"output_size": 2},
    "GlobalAveragePooling": {"keepdims": True}, "GlobalMaxPooling": {},
    "Cropping": {}, "UpSampling": {"size": 2}, "ZeroPadding": {"padding": 2},
}  # fmt: skip
FILTERS = [
    (f"{name}{rank}D{end}", {"kernel_size": 2, **arguments}, rank)
    for name, end, ranks, arguments in (
        ("Conv", "Transpose", (1, 2, 3), {"filters": 3, "strides": 2}),
        ("DepthwiseConv", "", (1, 2), {"depth_multiplier": 2}),
        ("SeparableConv", "", (1, 2), {"filters": 3, "activation": "relu"}),
    )
    for rank in ranks
]
SHAPED = [
    *((f"{name}{rank}D", {**arguments, **({"cropping": 1} if rank == 1 and name == "Cropping"
       else {"cropping": (1, *[0] * (rank - 1))} if name == "Cropping" else {})}, rank)
      for name, arguments in WINDOWS.items() for rank in (1, 2, 3)),
    *FILTERS,
    ("CenterCrop", {"height": 3, "width": 2}, 2),
    ("Resizing", {"height": 3, "width": 5, "interpolation": "nearest"}, 2),
    ("RandomBrightness", {"factor": 0.2}, 2), ("RandomContrast", {"factor": 0.2}, 2),
    ("RandomFlip", {"mode": "vertical"}, 2),
    ("RandomRotation", {"factor": 0.2, "fill_mode": "nearest"}, 2),
    ("RandomTranslation", {"height_factor": 0.1, "width_factor": 0.2}, 2),
    ("RandomZoom", {"height_factor": 0.1}, 2),
    ("SimpleRNN", {"units": 3, "return_sequences": True}, 1),
    ("LSTM", {"units": 3, "unit_forget_bias": False}, 1),
    ("GRU", {"units": 3, "reset_after": False, "go_backwards": True}, 1),
    ("ConvLSTM1D", {"filters": 2, "kernel_size": 2, "return_sequences": True}, 2),
    ("ConvLSTM2D", {"filters": 2, "kernel_size": 2, "padding": "same", "unroll": True}, 3),
    ("ConvLSTM3D", {"filters": 2, "kernel_size": 2, "use_bias": False}, 4),
]  # fmt: skip
#: Layers that are tried in `wrapped`, and those that tests/layers/test_preparation.py and
#: test_image.py try: of text, of keys, and one whose pictures Keras leaves whole in `predict`.
WRAPPED = ["Bidirectional", "Embedding", "GRUCell", "LSTMCell", "Masking", "RNN", "SimpleRNNCell",
           "StackedRNNCells", "TimeDistributed"]  # fmt: skip
ELSEWHERE = ["CategoryEncoding", "Discretization", "HashedCrossing", "Hashing", "IntegerLookup",
             "RandomCrop", "StringLookup", "TextVectorization"]  # fmt: skip
MERGES = ["Add", "Average", "Concatenate", "Dot", "Maximum", "Minimum", "Multiply", "Subtract"]
#: Layers of queries and values.
ATTENTIONS = {
    "Attention": {"use_scale": True, "score_mode": "concat"}, "AdditiveAttention": {},
    "MultiHeadAttention": {"num_heads": 2, "key_dim": 3, "value_dim": 2, "dropout": 0.2,
                           "use_gate": True, "output_shape": 4, "attention_axes": 1},
    "GroupQueryAttention": {"head_dim": 2, "num_query_heads": 4, "num_key_value_heads": 2,
                            "use_gate": True, "sliding_window": 2},
}  # fmt: skip
#: Layers of the net in `normalized`.
NORMALIZING = [
    "BatchNormalization", "GroupNormalization", "LayerNormalization", "RMSNormalization",
    "SpatialDropout1D", "SpatialDropout2D", "SpatialDropout3D", "SpectralNormalization",
    "UnitNormalization",
]  # fmt: skip


@pytest.fixture(scope="module")
def keras():
    os.environ.setdefault("KERAS_BACKEND", "jax")
    return pytest.importorskip("keras")


def exchange(model, load, path, x=X):
    """Save on one side, load on the other; the predictions agree."""
    model.save(path)
    again = load(path)
    wanted, found = model.predict(x, verbose=0), again.predict(x, verbose=0)
    np.testing.assert_allclose(found, wanted, **CLOSE)
    return again


def test_every_layer_is_tried():
    tried = {name for name, _ in LAYERS} | set(MERGES) | {"InputLayer", "Lambda", "Permute"}
    tried |= {*ATTENTIONS, *NORMALIZING, *WRAPPED, *ELSEWHERE, *(name for name, *_ in SHAPED)}
    assert set(ranvier.layers.CATALOG) <= tried, "add them to LAYERS, or to the list that fits"


@pytest.mark.parametrize(("name", "arguments"), LAYERS)
def test_layers_both_ways(keras, tmp_path, name, arguments):
    for side, model, load in (
        (keras.layers, keras.Sequential, load_model),
        (ranvier.layers, Sequential, keras.models.load_model),
    ):
        layer = getattr(side, name)(**arguments)
        built = model([side.Input((6,)), side.Dense(6), layer, side.Flatten(), side.Dense(2)])
        again = exchange(built, load, tmp_path / "m.keras")
        assert [x.name for x in again.layers] == [x.name for x in built.layers]


@pytest.mark.parametrize(("name", "arguments", "rank"), SHAPED)
def test_layers_of_places_both_ways(keras, tmp_path, name, arguments, rank):
    x = np.random.default_rng(rank).random((8, *PLACES[rank])).astype("float32")
    for side, model, load in (
        (keras.layers, keras.Sequential, load_model),
        (ranvier.layers, Sequential, keras.models.load_model),
    ):
        layer = getattr(side, name)(**arguments)
        built = model([side.Input(PLACES[rank]), layer, side.Flatten(), side.Dense(2)])
        exchange(built, load, tmp_path / "m.keras", x)


def masked(side):
    """Return the layers of a net that skips steps of numbers."""
    return [side.Input((7, 3)), side.Masking(2.0), side.LSTM(3), side.Dense(2)]


def wrapped(side):
    """Return the layers of a net that uses every wrapper and cell, and skips words."""
    cells = [side.LSTMCell(3), side.SimpleRNNCell(4, activation="relu"), side.GRUCell(2)]
    return [
        side.Input((7,)), side.Embedding(9, 4, mask_zero=True),
        side.Bidirectional(side.LSTM(3, return_sequences=True), merge_mode="sum"),
        side.TimeDistributed(side.Dense(5, activation="tanh")),
        side.RNN(side.StackedRNNCells(cells), return_sequences=True),
        side.RNN(side.GRUCell(3)), side.Dense(2),
    ]  # fmt: skip


@pytest.mark.parametrize(("layers", "skipped"), [(wrapped, 0), (masked, 2)])
def test_wrappers_cells_and_masks_both_ways(keras, tmp_path, layers, skipped):
    x = np.random.default_rng(0).integers(3, 9, (8, 7))
    x = x.astype("int32") if layers is wrapped else np.stack([x] * 3, -1).astype("float32")
    x[:, -2:] = skipped
    for side, model, load in (
        (keras.layers, keras.Sequential, load_model),
        (ranvier.layers, Sequential, keras.models.load_model),
    ):
        exchange(model(layers(side)), load, tmp_path / "m.keras", x)


def test_states_and_models_within_layers_both_ways(keras, tmp_path):
    """Keras writes the shapes of the states beside those of the steps."""
    x = RNG.random((8, 5, 4)).astype("float32")
    for side, sequential, make, load in (
        (keras.layers, keras.Sequential, keras.Model, load_model),
        (ranvier.layers, Sequential, Model, keras.models.load_model),
    ):
        steps = side.Input((5, 4))
        last, *states = side.LSTM(3, return_state=True)(steps)
        both = side.Bidirectional(side.GRU(3))(steps, initial_state=[last, states[1]])
        each = side.TimeDistributed(sequential([side.Input((4,)), side.Dense(3)]))(steps)
        outputs = [side.LSTM(3)(each, initial_state=states), both]
        net = make(steps, side.Concatenate()(outputs))
        exchange(net, load, tmp_path / "m.keras", x)


@pytest.mark.parametrize("name", [*MERGES, "Permute"])
def test_merges_both_ways(keras, tmp_path, name):
    arguments = {"Dot": {"axes": 1}, "Permute": {"dims": (2, 1)}}.get(name, {})
    for side, make, load in (
        (keras.layers, keras.Model, load_model),
        (ranvier.layers, Model, keras.models.load_model),
    ):
        x = side.Input((6,))
        a, b = side.Dense(4)(x), side.Dense(4)(x)
        layer = getattr(side, name)(**arguments)
        y = layer(side.Reshape((2, 2))(a)) if name == "Permute" else layer([a, b])
        exchange(make(x, side.Dense(1)(side.Flatten()(y))), load, tmp_path / "m.keras")


# The softmax in Keras' heads leaves its mask on their weights, of which Flatten complains there.
@pytest.mark.filterwarnings("ignore:Layer 'flatten:UserWarning")
@pytest.mark.parametrize("name", ATTENTIONS)
def test_attentions_both_ways(keras, tmp_path, name):
    for side, make, load in (
        (keras.layers, keras.Model, load_model),
        (ranvier.layers, Model, keras.models.load_model),
    ):
        x = side.Input((6,))
        # Keras takes the weights of heads for square while it builds: as many values as queries.
        a, b = (side.Reshape((3, 4))(side.Dense(12)(x)) for _ in range(2))
        layer = getattr(side, name)(**ATTENTIONS[name])
        both = {"return_attention_scores": True, "use_causal_mask": True}
        given = (a, b) if name in ("GroupQueryAttention", "MultiHeadAttention") else ([a, b],)
        y, weights = layer(*given, **both)
        joined = side.Concatenate()([side.Flatten()(y), side.Flatten()(weights)])
        exchange(make(x, side.Dense(1)(joined)), load, tmp_path / "m.keras")


def normalized(side, sequential):
    model = sequential([
        side.Input((6,)), side.Dense(8), side.BatchNormalization(momentum=0.5),
        side.GroupNormalization(groups=4), side.RMSNormalization(epsilon=0.01),
        side.BatchNormalization(renorm=True, scale=False, trainable=False),
        side.UnitNormalization(), side.LayerNormalization(center=False), side.Reshape((2, 4)),
        side.LayerNormalization(axis=[1, 2]), side.SpatialDropout1D(0.2), side.Reshape((2, 2, 2)),
        side.SpatialDropout2D(0.2, data_format="channels_first"), side.Reshape((2, 2, 2, 1)),
        side.SpatialDropout3D(0.2, seed=3), side.Flatten(),
        side.SpectralNormalization(side.Dense(3), power_iterations=2), side.Dense(2),
    ])  # fmt: skip
    model.compile("sgd", "mse")
    return model


@pytest.mark.parametrize("ours", [True, False])
def test_normalized_nets_both_ways(keras, tmp_path, ours):
    sides = [(keras.layers, keras.Sequential), (ranvier.layers, Sequential)]
    (side, make), (other, make_other) = reversed(sides) if ours else sides
    model = normalized(side, make)
    model.fit(X, X[:, :2], epochs=2, batch_size=3, verbose=0)
    exchange(model, keras.models.load_model if ours else load_model, tmp_path / "m.keras")
    model.save_weights(tmp_path / "m.weights.h5")
    again = normalized(other, make_other)
    again.load_weights(tmp_path / "m.weights.h5")
    wanted = model.predict(X, verbose=0)
    np.testing.assert_allclose(again.predict(X, verbose=0), wanted, **CLOSE)


def network(side, sequential, make):
    a, b = side.Input((6,), name="a"), side.Input((6,), name="b")
    shared = side.Dense(3, activation="tanh")
    inner = sequential([side.Dense(3), side.PReLU()], name="inner")
    left = side.Add()([shared(a), inner(b) * 2.0])
    right = side.Concatenate()([left, 1.0 - shared(b)])
    return make([a, b], {"x": side.Dense(2, name="x")(right), "y": side.Dense(1, name="y")(left)})


def test_networks_both_ways(keras, tmp_path):
    for side, sequential, make, load in (
        (keras.layers, keras.Sequential, keras.Model, load_model),
        (ranvier.layers, Sequential, Model, keras.models.load_model),
    ):
        model = network(side, sequential, make)
        model.compile("rmsprop", {"x": "mse", "y": "mae"}, loss_weights={"x": 1.0, "y": 0.5})
        model.fit([X, X], {"x": X[:, :2], "y": X[:, :1]}, verbose=0)
        model.save(tmp_path / "m.keras")
        again = load(tmp_path / "m.keras")
        wanted, found = model.predict([X, X], verbose=0), again.predict([X, X], verbose=0)
        for key in ("x", "y"):
            np.testing.assert_allclose(found[key], wanted[key], **CLOSE)


def test_models_in_models_both_ways(keras, tmp_path):
    """Calls of functional models are counted in a way of their own where they are outputs."""
    for side, sequential, make, load in (
        (keras.layers, keras.Sequential, keras.Model, load_model),
        (ranvier.layers, Sequential, Model, keras.models.load_model),
    ):
        z, x = side.Input((6,)), side.Input((6,))
        net = make(z, side.Dense(6, activation="tanh")(z), name="net")
        inner = sequential([side.Input((6,)), side.Dense(6)], name="inner")
        y = net(x)
        model = make(x, [net(inner(y)), inner(net(y)), y])
        model.save(tmp_path / "m.keras")
        again = load(tmp_path / "m.keras")
        for found, wanted in zip(again.predict(X, verbose=0), model.predict(X, verbose=0),
                                 strict=True):  # fmt: skip
            np.testing.assert_allclose(found, wanted, **CLOSE)


def test_operations_both_ways(keras, tmp_path):
    for side, make, load in (
        (keras, keras.Model, load_model),
        (ranvier, Model, keras.models.load_model),
    ):
        x = side.layers.Input((4,))
        every = [one(x, side.ops) for one in EXPRESSIONS]
        exchange(
            make(x, side.ops.concatenate(every, axis=-1)), load, tmp_path / "m.keras", X[:, :4]
        )


@pytest.mark.filterwarnings("ignore:Explicitly requested dtype float64:UserWarning")
def test_inputs_of_another_float_type(keras, tmp_path):
    x = ranvier.Input((6,), dtype="float64")
    exchange(Model(x, ranvier.layers.Dense(2)(x)), keras.models.load_model, tmp_path / "m.keras")


OPTIMIZERS = {
    "SGD": {"momentum": 0.9, "nesterov": True, "clipnorm": 1.0}, "RMSprop": {"centered": True},
    "Adam": {"amsgrad": True, "weight_decay": 0.01}, "AdamW": {}, "Nadam": {}, "Adamax": {},
    "Adagrad": {}, "Adadelta": {}, "Lion": {}, "Ftrl": {}, "Adafactor": {},
    "Lamb": {},
}  # fmt: skip


def numbers(optimizer):
    return [np.asarray(v.numpy() if hasattr(v, "numpy") else v) for v in optimizer.variables]


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_optimizers_both_ways(keras, tmp_path, name):
    """State, step number and learning rate arrive; the next steps then agree."""
    y = RNG.random((8, 2)).astype("float32")
    for side, rates, make, load in (
        (keras, keras.optimizers, keras.Sequential, load_model),
        (ranvier, ranvier.optimizers, Sequential, keras.models.load_model),
    ):
        layers = side.layers
        model = make([layers.Input((6,)), layers.Dense(3, activation="tanh"), layers.Dense(2)])
        model.compile(getattr(rates, name)(learning_rate=0.01, **OPTIMIZERS[name]), "mse")
        model.fit(X, y, epochs=2, verbose=0, shuffle=False)
        again = exchange(model, load, tmp_path / "m.keras")
        mine, theirs = numbers(model.optimizer), numbers(again.optimizer)
        assert len(mine) == len(theirs)
        for one, two in zip(mine, theirs, strict=True):
            np.testing.assert_allclose(one, two, rtol=1e-6)
        if name not in ("SGD", "Adam"):
            continue  # the rest of each optimizer is compared in its own room
        for net in (model, again):
            net.fit(X, y, epochs=2, verbose=0, shuffle=False)
        for one, two in zip(model.get_weights(), again.get_weights(), strict=True):
            np.testing.assert_allclose(one, two, rtol=1e-4, atol=1e-6)


def test_schedules_both_ways(keras, tmp_path):
    for side, make, load in (
        (keras, keras.Sequential, load_model),
        (ranvier, Sequential, keras.models.load_model),
    ):
        model = make([side.layers.Input((6,)), side.layers.Dense(2)])
        schedule = side.optimizers.schedules.ExponentialDecay(0.1, 3, 0.9, staircase=True)
        model.compile(side.optimizers.Adam(schedule), "mse")
        model.fit(X, X[:, :2], verbose=0)
        again = exchange(model, load, tmp_path / "m.keras")
        assert type(again.optimizer._learning_rate).__name__ == "ExponentialDecay"
        assert again.optimizer._learning_rate.get_config()["decay_steps"] == 3


@pytest.mark.parametrize(
    ("loss", "metrics"),
    [
        ("sparse_categorical_crossentropy", ["accuracy"]),
        (("SparseCategoricalCrossentropy", {"from_logits": True}), [
            ("SparseTopKCategoricalAccuracy", {"k": 2})]),
        (("Huber", {"delta": 1.0}), ["mae", ("RootMeanSquaredError", {})]),
        (("MeanSquaredError", {"reduction": "sum"}), [("R2Score", {})]),
        (("BinaryCrossentropy", {"label_smoothing": 0.1}), [
            ("BinaryAccuracy", {"threshold": 0.4}), ("AUC", {"num_thresholds": 50}),
            ("Precision", {}), ("Recall", {"name": "found"})]),
    ],
)  # fmt: skip
def test_what_compile_was_given_both_ways(keras, tmp_path, loss, metrics):
    for side, make, load in (
        (keras, keras.Sequential, load_model),
        (ranvier, Sequential, keras.models.load_model),
    ):

        def made(given, room):
            return given if isinstance(given, str) else getattr(room, given[0])(**given[1])

        units = 3 if "parse" in str(loss) else 1
        model = make([side.layers.Input((6,)), side.layers.Dense(units, activation="sigmoid")])
        model.compile(
            "sgd", made(loss, side.losses), metrics=[made(m, side.metrics) for m in metrics]
        )
        y = np.arange(8) % (3 if units == 3 else 2)
        y = y if units == 3 else y[:, None].astype("float32")
        wanted = model.evaluate(X, y, verbose=0, return_dict=True)
        found = exchange(model, load, tmp_path / "m.keras").evaluate(
            X, y, verbose=0, return_dict=True
        )
        assert set(found) == set(wanted)
        for key, value in wanted.items():
            np.testing.assert_allclose(found[key], value, rtol=1e-4)


#: What metrics need to be made.
GIVEN = {
    "BinaryIoU": {"target_class_ids": [0, 1], "threshold": 0.4},
    "FBetaScore": {"beta": 2.0}, "IoU": {"num_classes": 2, "target_class_ids": [0]},
    "MeanIoU": {"num_classes": 2}, "OneHotIoU": {"num_classes": 2, "target_class_ids": [1]},
    "OneHotMeanIoU": {"num_classes": 2}, "PrecisionAtRecall": {"recall": 0.5},
    "RecallAtPrecision": {"precision": 0.5}, "SensitivityAtSpecificity": {"specificity": 0.5},
    "SpecificityAtSensitivity": {"sensitivity": 0.5},
}  # fmt: skip
#: Not for `compile`: what users extend or feed by hand.
BASES = {"Mean", "MeanMetricWrapper", "Sum", "LossFunctionWrapper"}


@pytest.mark.parametrize("what", ["loss", "metrics"])
def test_every_loss_and_metric_goes_there_and_back(keras, tmp_path, what):
    """Keras' own config comes back from a file that was loaded and saved here."""
    room = {"loss": ranvier.losses, "metrics": ranvier.metrics}[what]
    names = {v.__name__ for v in room.CATALOG.values() if isinstance(v, type)} - BASES
    theirs = {"loss": keras.losses, "metrics": keras.metrics}[what]
    for name in sorted(names):
        one = getattr(theirs, name)(**GIVEN.get(name, {}))
        model = keras.Sequential([keras.layers.Input((6,)), keras.layers.Dense(2)])
        model.compile("sgd", **{what: one if what == "loss" else [one]})
        model.save(tmp_path / "m.keras")
        load_model(tmp_path / "m.keras").save(tmp_path / "n.keras")
        again = keras.models.load_model(tmp_path / "n.keras")
        assert again.get_compile_config()[what] == model.get_compile_config()[what], name


@pytest.mark.parametrize("room", [initializers, regularizers, constraints])
def test_arguments_of_layers_both_ways(keras, tmp_path, room):
    """Every initializer, regularizer and constraint that both sides make without arguments."""
    kind = room.__name__.rpartition(".")[2]
    argument = f"kernel_{kind[:-1]}"
    names = sorted({v.__name__ for v in room.CATALOG.values() if isinstance(v, type)})
    for side, others, make, load in (
        (keras.layers, getattr(keras, kind), keras.Sequential, load_model),
        (ranvier.layers, room, Sequential, keras.models.load_model),
    ):
        layers = [side.Input((6,))]
        for name in names:
            try:
                value = getattr(others, name)()
                layers.append(side.Dense(6, name=name.lower(), **{argument: value}))
            except (TypeError, AttributeError, ValueError):
                continue  # base classes, and those that need arguments
        assert len(layers) > 3
        again = exchange(make(layers), load, tmp_path / "m.keras")
        for one, two in zip(layers[1:], again.layers, strict=True):
            mine, theirs = getattr(one, argument), getattr(two, argument)
            assert type(mine).__name__ == type(theirs).__name__


class Book:
    """The same model as a class, for either side."""

    @staticmethod
    def of(side, model):
        class Net(model):
            def __init__(self, units=3, **kwargs):
                super().__init__(**kwargs)
                self.units = units
                self.second, self.first = side.Dense(units), side.Dense(units)
                self._last = side.Dense(1)
                self.many = [side.Dense(units), {"a": side.Dense(units)}]

            def call(self, inputs):
                y = self.second(self.first(inputs))
                return self._last(self.many[1]["a"](self.many[0](y)))

            def get_config(self):
                return {"units": self.units}

        return Net


def test_weights_of_a_class_both_ways(keras, tmp_path):
    """The paths under attributes, lists and dicts are those of Keras."""
    theirs, mine = Book.of(keras.layers, keras.Model)(), Book.of(ranvier.layers, Model)()
    path = tmp_path / "m.weights.h5"
    for one, two in ((theirs, mine), (mine, theirs)):
        for model in (one, two):
            model.predict(X, verbose=0)
        one.set_weights([w + 0.5 for w in one.get_weights()])
        one.save_weights(path)
        two.load_weights(path)
        np.testing.assert_allclose(two.predict(X, verbose=0), one.predict(X, verbose=0), **CLOSE)
