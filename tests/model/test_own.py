"""Steps in words of the user's own: traced, compiled, and the same numbers as the usual ones."""

from __future__ import annotations

import numpy as np
import pytest

from ranvier import GradientTape, callbacks, losses, metrics, ops, optimizers, random, utils
from ranvier.errors import ArgumentError, ArgumentTypeError, TraceError
from ranvier.layers import Dense, Dropout, Input
from ranvier.model import Model, Sequential


class Net(Model):
    """Two layers, with a penalty."""

    def __init__(self):
        super().__init__()
        self.hidden = Dense(5, "tanh", kernel_regularizer="l2")
        self.out = Dense(1)

    def call(self, inputs, training=None):
        return self.out(self.hidden(inputs))


class OwnSteps(Net):
    """The usual steps, in words of its own."""

    def train_step(self, data):
        x, y, weight = utils.unpack_x_y_sample_weight(data)
        with GradientTape() as tape:
            y_pred = self(x, training=True)
            loss = self.compute_loss(x, y, y_pred, weight)
        variables = self.trainable_variables
        self.optimizer.apply_gradients(zip(tape.gradient(loss, variables), variables, strict=True))
        for metric in self.metrics:
            if metric.name == "loss":
                metric.update_state(loss, sample_weight=ops.cast(ops.shape(x)[0], "float32"))
            else:
                metric.update_state(y, y_pred)
        return {m.name: m.result() for m in self.metrics}

    def test_step(self, data):
        x, y = data
        for metric in self.metrics[1:]:
            metric.update_state(y, self(x))
        return {"nested": {m.name: m.result() for m in self.metrics[1:]}, "one": 1.0}

    def predict_step(self, data):
        return {"y": self(data), "double": 2 * self(data)}


def made(kind, **arguments):
    random.set_random_seed(3)
    model = kind()
    model.compile("adam", "mse", metrics=["mae"], **arguments)
    return model


@pytest.mark.parametrize("eager", [False, True])
def test_the_usual_steps_in_own_words(numbers, eager):
    usual, own = made(Net), made(OwnSteps, run_eagerly=eager)
    kept = [m.fit(*numbers, epochs=2, shuffle=False, verbose=0).history for m in (usual, own)]
    assert kept[0].keys() == kept[1].keys()
    for key in kept[0]:
        assert kept[0][key] == pytest.approx(kept[1][key], rel=1e-5)
    for a, b in zip(usual.get_weights(), own.get_weights(), strict=True):
        assert np.allclose(a, b, atol=1e-6)
    found = own.evaluate(*numbers, verbose=0, return_dict=True)
    assert found == {"mae": pytest.approx(usual.evaluate(*numbers, verbose=0)[1]), "one": 1}
    y = own.predict(numbers[0], batch_size=32, verbose=0)
    assert y.keys() == {"y", "double"} and np.allclose(y["double"], 2 * y["y"])
    assert np.allclose(y["y"], usual.predict(numbers[0], verbose=0), atol=1e-5)
    assert own.train_on_batch(*numbers, return_dict=True).keys() == {"loss", "mae"}


def test_validation_and_callbacks_see_what_the_steps_return(numbers):
    seen = []
    watch = callbacks.LambdaCallback(on_train_batch_end=lambda batch, logs: seen.append(logs))
    model = made(OwnSteps)
    history = model.fit(*numbers, validation_split=0.2, verbose=0, callbacks=[watch]).history
    assert set(history) == {"loss", "mae", "val_mae", "val_one"}
    assert len(seen) == 2 and seen[-1]["mae"] == history["mae"][0]


def test_parts_of_the_usual_step(numbers):
    class Parts(Net):
        def compute_loss(self, x=None, y=None, y_pred=None, sample_weight=None):
            return 2 * super().compute_loss(x, y, y_pred, sample_weight)

        def compute_metrics(self, x, y, y_pred, sample_weight=None):
            return {**super().compute_metrics(x, y, y_pred, sample_weight), "rows": 1.0}

    usual, own = made(Net), made(Parts)
    a = usual.evaluate(*numbers, verbose=0, return_dict=True)
    b = own.evaluate(*numbers, verbose=0, return_dict=True)
    assert b == {"loss": pytest.approx(2 * a["loss"]), "mae": pytest.approx(a["mae"]), "rows": 1}
    assert own.fit(*numbers, verbose=0).history.keys() == {"loss", "mae", "rows"}


def test_super_gives_the_usual_step(numbers):
    class More(Net):
        def train_step(self, data):
            return {**super().train_step(data), "norm": ops.sum(ops.square(self.out.kernel))}

        def test_step(self, data):
            return super().test_step(data)

    usual, own = made(Net), made(More)
    a, b = (m.fit(*numbers, shuffle=False, verbose=0, validation_data=numbers,
                  sample_weight=np.ones(70)).history for m in (usual, own))  # fmt: skip
    norm = b.pop("norm")
    assert norm[0] == pytest.approx(float(np.sum(own.out.kernel.numpy() ** 2)))
    assert a.keys() == b.keys() and all(a[key] == pytest.approx(b[key], rel=1e-5) for key in a)


@pytest.mark.parametrize("eager", [False, True])
def test_weights_without_a_loss_decay_as_in_the_usual_step(numbers, eager):
    class Own(Model):
        def compute_loss(self, x=None, y=None, y_pred=None, sample_weight=None):
            return super().compute_loss(x, y, y_pred, sample_weight)

    found = []
    for kind in (Model, Own):
        random.set_random_seed(3)
        inputs = Input((4,))
        model = kind(inputs, [Dense(1, name="seen")(inputs), Dense(2, name="unseen")(inputs)])
        model.compile(
            optimizers.AdamW(weight_decay=0.1), ["mse", None], run_eagerly=eager and kind is Own
        )
        before = model.get_layer("unseen").kernel.numpy()
        model.fit(numbers[0], [numbers[1], np.zeros((70, 2))], shuffle=False, verbose=0)
        found.append(model.get_weights())
        assert np.all(np.abs(model.get_layer("unseen").kernel.numpy()) < np.abs(before))
    for a, b in zip(*found, strict=True):
        assert np.allclose(a, b, atol=1e-6)


def test_two_nets_two_optimizers_and_no_call(numbers):
    """A net that makes rows and a net that tells them from real ones."""

    class Game(Model):
        def __init__(self):
            super().__init__()
            self.judge = Sequential([Input((4,)), Dense(8, "relu"), Dropout(0.1), Dense(1)])
            self.maker = Sequential([Input((3,)), Dense(8, "relu"), Dense(4)])
            self.seeds = random.SeedGenerator(5)
            self.judged, self.made = metrics.Mean(name="judged"), metrics.Mean(name="made")

        def compile(self, first, second, loss):
            super().compile()
            self.first, self.second, self.loss_of = first, second, loss

        def train_step(self, real):
            rows = ops.shape(real)[0]
            noise = random.normal((rows, 3), seed=self.seeds)
            with GradientTape() as tape:
                both = self.loss_of(ops.ones((rows, 1)), self.judge(real, training=True))
                both = both + self.loss_of(
                    ops.zeros((rows, 1)), self.judge(self.maker(noise), training=True)
                )
            weights = self.judge.trainable_weights
            self.first.apply(tape.gradient(both, weights), weights)
            with GradientTape() as tape:
                fooled = self.loss_of(ops.ones((rows, 1)), self.judge(self.maker(noise)))
            weights = self.maker.trainable_weights
            self.second.apply(tape.gradient(fooled, weights), weights)
            self.judged.update_state(both)
            self.made.update_state(fooled)
            return {m.name: m.result() for m in self.metrics if m is not self.metrics[0]}

    model = Game()
    before = model.get_weights()
    loss = losses.BinaryCrossentropy(from_logits=True)
    model.compile(optimizers.Adam(0.01), optimizers.SGD(0.1), loss)
    history = model.fit(numbers[0], epochs=2, batch_size=32, verbose=0).history
    assert history.keys() == {"judged", "made"} and np.isfinite(history["made"]).all()
    after = model.get_weights()
    assert not any(np.array_equal(a, b) for a, b in zip(before, after, strict=True))
    model.second.learning_rate = 0.0
    held = model.maker.get_weights()
    model.fit(numbers[0], verbose=0)
    assert all(np.array_equal(a, b) for a, b in zip(held, model.maker.get_weights(), strict=True))


def test_targets_of_another_form_than_the_outputs(numbers):
    class Two(Net):
        def train_step(self, data):
            x, y = data
            with GradientTape() as tape:
                loss = ops.mean(ops.square(self(x)[:, 0] - y["a"] * y["b"]))
            weights = self.trainable_variables
            self.optimizer.apply(tape.gradient(loss, weights), weights)
            return {"error": loss}

    x, y = numbers
    model = Two()
    model.compile("sgd")
    history = model.fit(x, {"a": y, "b": y}, epochs=3, verbose=0).history["error"]
    assert len(history) == 3 and all(np.isfinite(history))


def test_steps_in_the_words_of_keras_2(numbers):
    class Old(Net):
        def train_step(self, data):
            x, y = data
            with GradientTape() as tape:
                y_pred = self(x, training=True)
                loss = self.compiled_loss(y, y_pred, regularization_losses=self.losses)
            weights = self.trainable_variables
            self.optimizer.apply_gradients(zip(tape.gradient(loss, weights), weights, strict=True))
            self.compiled_metrics.update_state(y, y_pred)
            return {m.name: m.result() for m in self.metrics}

    usual, own = made(Net), made(Old)
    a, b = (m.fit(*numbers, shuffle=False, verbose=0).history for m in (usual, own))
    assert a.keys() == b.keys() and all(a[key] == pytest.approx(b[key], rel=1e-5) for key in a)
    assert [m.name for m in own.compiled_metrics] == ["mae"]


@pytest.mark.parametrize("eager", [False, True])
def test_metrics_that_layers_add(numbers, eager):
    class Reports(Dense):
        def call(self, inputs, training=None):
            outputs = super().call(inputs)
            self.add_metric(ops.mean(outputs), name="level")
            return outputs

    class Unnamed(Dense):
        def call(self, inputs, training=None):
            self.add_metric(1.0)
            return inputs

    x, y = numbers
    model = Sequential([Input((4,)), Reports(1)])
    model.compile(optimizers.SGD(0.0), "mse", run_eagerly=eager)
    for _ in range(2):
        found = model.evaluate(x, y, batch_size=70, verbose=0, return_dict=True)
        assert found["level"] == pytest.approx(model.predict(x, verbose=0).mean(), rel=1e-4)
    assert model.fit(x, y, verbose=0).history.keys() == {"loss", "level"}
    with pytest.raises(ArgumentError, match="name='error'"):
        Unnamed(1)(x)


def test_dicts_in_and_out_more_than_once(numbers):
    class Dicts(Model):
        def __init__(self):
            super().__init__()
            self.parts = {"low": [Dense(3)], "high": (Dense(1),)}

        def call(self, inputs):
            z = self.parts["high"][0](self.parts["low"][0](inputs["u"]))
            return {"p": z, "q": z + inputs["v"][:, :1]}

    x, y = numbers
    model = Dicts()
    model.compile("sgd", {"p": "mse", "q": "mae"})
    for _ in range(2):
        model.fit({"u": x, "v": x}, {"p": y, "q": y}, verbose=0)
        found = model.predict({"v": x, "u": x}, verbose=0)
        assert np.allclose(found["q"] - found["p"], x[:, :1], atol=1e-5)
    assert len(model.weights) == 4


def test_mistakes(numbers):
    class Wrong(Net):
        def train_step(self, data):
            return 1.0

        def test_step(self, data):
            return {"rows": data[1]}

        def compute_loss(self, **given):
            return None

    model = made(Wrong)
    with pytest.raises(ArgumentTypeError, match=r"Wrong.train_step: returned float"):
        model.fit(*numbers, verbose=0)
    with pytest.raises(ArgumentError, match="one number a row"):
        model.evaluate(*numbers, verbose=0)

    class NoLoss(Net):
        def compute_loss(self, **given):
            return None

    with pytest.raises(ArgumentError, match="compute_loss: returned None"):
        made(NoLoss).fit(*numbers, verbose=0)

    class Looks(Net):
        def train_step(self, data):
            return {"mean": float(np.mean(data[0]))}

    line = r"run_eagerly=True(.|\n)*In train_step, .*test_own.py, line \d+: return .*np\.mean"
    with pytest.raises(TraceError, match=line):
        made(Looks).fit(*numbers, verbose=0)
    assert made(Looks, run_eagerly=True).fit(*numbers, verbose=0).history.keys() == {"mean"}


@pytest.mark.oracle
def test_parts_against_keras(numbers):
    import keras

    import ranvier

    def run(k):
        class Parts(k.Model):
            def __init__(self):
                super().__init__()
                self.layer = k.layers.Dense(1, kernel_regularizer="l2")
                self.worst = k.metrics.Mean(name="worst")

            def call(self, inputs):
                return self.layer(inputs)

            def compute_loss(self, x=None, y=None, y_pred=None, sample_weight=None, training=True):
                loss = super().compute_loss(x, y, y_pred, sample_weight, training)
                return loss + 0.1 * k.ops.mean(k.ops.abs(y_pred))

            def compute_metrics(self, x, y, y_pred, sample_weight=None):
                self.worst.update_state(k.ops.max(k.ops.abs(y - y_pred)))
                found = super().compute_metrics(x, y, y_pred, sample_weight)
                return {**found, "worst": self.worst.result()}

        x, y = numbers[0].astype("float32"), numbers[1].astype("float32")[:, None]
        model = Parts()
        model(x)
        model.set_weights([np.full((4, 1), 0.1), np.zeros(1)])
        model.compile("adam", "mse", metrics=["mae"])
        history = model.fit(x, y, epochs=3, shuffle=False, verbose=0).history
        weights = [np.asarray(v.value) for v in model.weights]
        return history, weights, model.evaluate(x, y, verbose=0, return_dict=True)

    (a, weights, found), (b, others, told) = run(ranvier), run(keras)
    assert a.keys() == b.keys() and found.keys() == told.keys()
    for key in a:
        assert a[key] == pytest.approx(b[key], rel=1e-4), key
        assert found[key] == pytest.approx(told[key], rel=1e-4), key
    for one, other in zip(weights, others, strict=True):
        assert np.allclose(one, other, atol=1e-5)


@pytest.mark.parametrize("eager", [False, True])
@pytest.mark.parametrize(
    ("returned", "said"),
    [
        (None, "returned None, expected a dict of numbers by name. End it with `return {m.name:"),
        (1.0, "returned float, expected a dict"),
        ({"loss": None}, "'loss' is None, expected a number. Leave it out."),
        ({"a": {"b": "c"}}, "'b' is 'c', expected a number"),
        ({"a": metrics.Mean("m")}, "'a' is <Mean name=m>, expected a number. Give its `result"),
    ],
)
def test_steps_that_return_no_numbers(numbers, eager, returned, said):
    class Wrong(Net):
        def train_step(self, data):
            return returned

        def compute_metrics(self, x, y, y_pred, sample_weight=None):
            return returned

    model = made(Wrong, run_eagerly=eager)
    with pytest.raises(ArgumentTypeError) as caught:
        model.fit(*numbers, verbose=0)
    assert f"Wrong.train_step: {said}" in str(caught.value)
    with pytest.raises(ArgumentTypeError) as caught:
        model.evaluate(*numbers, verbose=0)
    assert f"Wrong.compute_metrics: {said}" in str(caught.value)


@pytest.mark.parametrize("eager", [False, True])
def test_a_predict_step_that_returns_nothing(numbers, eager):
    class Silent(Net):
        def predict_step(self, data):
            self(data)

    with pytest.raises(ArgumentTypeError, match="Silent.predict_step: returned None, expected an"):
        made(Silent, run_eagerly=eager).predict(numbers[0], verbose=0)
