"""`compile` in every form, and the names under which values are reported."""

from __future__ import annotations

import numpy as np
import pytest

from ranvier import losses, metrics, ops, optimizers
from ranvier.graph.errors import (
    ArgumentError,
    ArgumentTypeError,
    DataError,
    GradientError,
    TraceError,
)
from ranvier.layers import Dense, Input
from ranvier.model import Model, Sequential, load_model

X = np.random.default_rng(0).normal(size=(20, 4))
CLASSES = np.arange(20) % 3


def classifier():
    return Sequential([Input((4,)), Dense(3, activation="softmax")])


def keys(model, y=CLASSES):
    return sorted(model.fit(X, y, verbose=0).history)


def my_loss(y_true, y_pred):
    return ops.mean(ops.square(ops.cast(ops.expand_dims(y_true, -1), "float32") - y_pred), axis=-1)


def my_metric(y_true, y_pred):
    return ops.max(y_pred, axis=-1)


@pytest.mark.parametrize(
    "loss",
    [
        "sparse_categorical_crossentropy",
        ["sparse_categorical_crossentropy"],
        losses.SparseCategoricalCrossentropy(),
        losses.sparse_categorical_crossentropy,
        "crossentropy",
        {"out": "sparse_categorical_crossentropy"},
    ],
)
def test_one_loss_in_every_form(loss):
    model = Sequential([Input((4,)), Dense(3, activation="softmax", name="out")])
    model.compile("sgd", loss)
    reference = model.evaluate(X, CLASSES, verbose=0)
    p = model.predict(X, verbose=0)
    assert reference == pytest.approx(-np.log(p[np.arange(20), CLASSES]).mean(), rel=1e-5)


def test_custom_loss_and_metric_are_compiled_like_any():
    model = classifier()
    model.compile("sgd", my_loss, metrics=[my_metric])
    assert keys(model) == ["loss", "my_metric"]
    loss, top = model.evaluate(X, CLASSES, verbose=0)
    p = model.predict(X, verbose=0)
    assert loss == pytest.approx(np.mean((CLASSES[:, None] - p) ** 2), rel=1e-5)
    assert top == pytest.approx(p.max(1).mean(), rel=1e-5)


def MeanOfScores(y_true, y_pred):
    return ops.mean(y_pred, axis=-1)


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ("accuracy", ["accuracy", "loss"]),
        (["accuracy"], ["accuracy", "loss"]),
        (["acc"], ["acc", "loss"]),
        ([["accuracy"]], ["accuracy", "loss"]),
        ({"out": "accuracy"}, ["accuracy", "loss"]),
        ([metrics.SparseCategoricalAccuracy()], ["loss", "sparse_categorical_accuracy"]),
        ([metrics.SparseCategoricalAccuracy(name="mine")], ["loss", "mine"]),
        (["accuracy", "accuracy"], ["accuracy", "accuracy_1", "loss"]),
        (metrics.sparse_categorical_accuracy, ["loss", "sparse_categorical_accuracy"]),
        ([lambda y, p: ops.mean(p)], ["lambda", "loss"]),
        ([MeanOfScores], ["loss", "mean_of_scores"]),
        ([], ["loss"]),
        (None, ["loss"]),
    ],
)
def test_names_of_metrics(given, expected):
    model = Sequential([Input((4,)), Dense(3, activation="softmax", name="out")])
    model.compile("sgd", "sparse_categorical_crossentropy", metrics=given)
    assert keys(model) == expected


def test_accuracy_fits_itself_to_the_output():
    one_hot = np.eye(3)[CLASSES]
    for units, y, activation, kind in (
        (3, CLASSES, "softmax", metrics.SparseCategoricalAccuracy),
        (3, CLASSES[:, None], "softmax", metrics.SparseCategoricalAccuracy),
        (3, one_hot, "softmax", metrics.CategoricalAccuracy),
        (1, CLASSES % 2, "sigmoid", metrics.BinaryAccuracy),
    ):
        model = Sequential([Input((4,)), Dense(units, activation=activation)])
        model.compile("sgd", "crossentropy", metrics="accuracy")
        model.fit(X, y, verbose=0)
        assert type(model.compiled_step.output_metrics[0].metric) is kind


def test_weighted_metrics_of_the_same_name():
    model = classifier()
    model.compile("sgd", "sparse_categorical_crossentropy", metrics=["accuracy"],
                  weighted_metrics=["accuracy"])  # fmt: skip
    assert keys(model) == ["accuracy", "loss", "weighted_accuracy"]


def two():
    a = Input((4,), name="a")
    return Model(a, [Dense(1, name="p")(a), Dense(1, name="q")(a)])


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ({"loss": "mse"}, ["loss", "p_loss", "q_loss"]),
        ({"loss": ["mse", "mae"]}, ["loss", "p_loss", "q_loss"]),
        ({"loss": ["mse", None]}, ["loss"]),
        ({"loss": {"p": "mse", "q": "mae"}, "metrics": {"q": ["mae", "mse"]}},
         ["loss", "p_loss", "q_loss", "q_mae", "q_mse"]),
        ({"loss": "mse", "metrics": ["mae", "mse"]}, ["loss", "p_loss", "p_mae", "q_loss",
                                                      "q_mse"]),
        ({"loss": "mse", "metrics": [["mae"], []]}, ["loss", "p_loss", "p_mae", "q_loss"]),
        ({"loss": "mse", "metrics": ["mae"]}, ["loss", "p_loss", "p_mae", "q_loss", "q_mae"]),
        ({"loss": "mse", "metrics": "mae"}, ["loss", "p_loss", "p_mae", "q_loss", "q_mae"]),
    ],
)  # fmt: skip
def test_names_with_two_outputs(options, expected):
    model = two()
    model.compile("sgd", **options)
    y = X[:, 0]
    assert keys(model, [y, y]) == expected


@pytest.mark.parametrize("weights", [[2.0, 0.5], (2.0, 0.5), {"p": 2.0, "q": 0.5}])
def test_loss_weights(weights):
    model = two()
    model.compile("sgd", "mse", loss_weights=weights)
    y = [X[:, 0], X[:, 1]]
    total, p, q = model.evaluate(X, y, verbose=0)
    assert total == pytest.approx(2 * p + 0.5 * q, rel=1e-6)


def test_targets_may_leave_out_an_output_without_a_loss():
    model = two()
    model.compile("sgd", {"p": "mse"})
    assert keys(model, [X[:, 0], None]) == ["loss"]
    assert keys(model, {"p": X[:, 0]}) == ["loss"]
    assert keys(model, [X[:, 0]]) == ["loss"]


def test_default_optimizer_is_rmsprop():
    model = classifier()
    model.compile(loss="sparse_categorical_crossentropy")
    assert type(model.optimizer) is optimizers.RMSprop
    assert float(model.optimizer.learning_rate) == pytest.approx(0.001)


def test_attributes_that_compile_sets():
    model = classifier()
    assert not model.compiled
    assert model.optimizer is None
    model.compile("adam", "mse", steps_per_execution=4, jit_compile=True)
    assert model.compiled
    assert model.loss == "mse"
    assert model.steps_per_execution == 4
    assert model.jit_compile
    assert not model.run_eagerly


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"optimizer": "adm"}, "adam"),
        ({"loss": "sparse_crossentropy"}, "sparse_categorical_crossentropy"),
        ({"metrics": ["acuracy"]}, "accuracy"),
        ({"loss": ["mse", "mae"]}, r"got 2 entries for 1 output \('dense',\)"),
        ({"loss": {"exit": "mse"}}, "no output has that name"),
        ({"loss": "mse", "loss_weights": "big"}, "loss_weights"),
        ({"loss": "mse", "loss_weights": ["accuracy"]}, r"third argument: write metrics="),
        ({"loss": "mse", "metrics": 3}, "metrics"),
        ({"loss": "mse", "metrics": [3]}, "metric"),
        ({"loss": "mse", "steps_per_execution": 0}, "steps_per_execution"),
    ],
)
def test_what_compile_cannot_use(options, words):
    model = classifier()
    options.setdefault("loss", "sparse_categorical_crossentropy")
    with pytest.raises((ArgumentError, TypeError), match=words):
        model.compile(**options)
        model.fit(
            X, CLASSES if "crossentropy" in str(options["loss"]) else abs(X[:, :3]) % 1, verbose=0
        )


@pytest.mark.parametrize(
    "options",
    [
        {"loss": "msee"},
        {"metrics": [["acuracy"]]},
        {"metrics": ["ce"]},
        {"weighted_metrics": {"dense": "maee"}},
    ],
)
def test_a_misspelt_name_is_told_by_compile_itself(options):
    with pytest.raises(ArgumentError, match="Did you mean"):
        classifier().compile("sgd", **{"loss": "mse", **options})


@pytest.mark.parametrize(
    ("loss", "words"),
    [
        (lambda y, p: None, "returned None.*`return`"),
        (lambda y, p: 3.0, "gave 3 whatever the model's output"),
        (lambda y, p: ops.sum(y - p) / p.shape[0], r"None cannot enter .*ops.shape\(x\)\[0\]"),
        (lambda y, p: ops.mean(y), "no weight has a gradient"),
        (lambda y, p: ops.mean(ops.cast(ops.round(p) != y, "float32")), "no weight.*round"),
        (lambda y, p: ops.mean(ops.cast(ops.argmax(p, -1), "float32")), "no weight.*argmax"),
    ],
)
def test_what_no_loss_can_be(loss, words):
    model = classifier()
    model.compile("sgd", loss)
    with pytest.raises((ArgumentError, GradientError, TypeError), match=words):
        model.fit(X, X[:, :3], verbose=0)


def test_compile_again_starts_anew():
    model = classifier()
    model.compile("adam", "sparse_categorical_crossentropy")
    model.fit(X, CLASSES, verbose=0)
    model.compile("sgd", "sparse_categorical_crossentropy", metrics=["accuracy"])
    assert int(model.optimizer.iterations.numpy()) == 0
    assert keys(model) == ["accuracy", "loss"]


def test_reset_metrics_and_their_results():
    model = classifier()
    model.compile("sgd", "sparse_categorical_crossentropy", metrics=["accuracy"])
    model.fit(X, CLASSES, verbose=0)
    found = model.get_metrics_result()
    assert found["loss"] > 0
    assert list(found.values()) == [float(m.result()) for m in model.metrics]
    model.reset_metrics()
    assert model.get_metrics_result() == {"loss": 0.0, "accuracy": 0.0}
    assert model.metrics_names == ["loss", "accuracy"]


def test_a_layer_may_add_a_loss():
    from ranvier.layers import Layer

    class Penalty(Layer):
        def call(self, inputs):
            self.add_loss(0.1 * ops.mean(ops.square(inputs)))
            return inputs

    model = Sequential([Input((4,)), Dense(2), Penalty()])
    model.compile("sgd")
    history = model.fit(X, epochs=5, verbose=0).history["loss"]
    assert history[-1] < history[0]
    p = model.predict(X, verbose=0)
    assert model.evaluate(X, verbose=0) == pytest.approx(0.1 * np.mean(p**2), rel=1e-4)


def test_compile_config_round_trip():
    model = classifier()
    model.compile(optimizers.Adam(0.01), "sparse_categorical_crossentropy", metrics=["accuracy"])
    model.fit(X, CLASSES, verbose=0)
    copy = classifier()
    copy.compile_from_config(model.get_compile_config())
    assert type(copy.optimizer) is optimizers.Adam
    assert float(copy.optimizer.learning_rate) == pytest.approx(0.01)
    assert copy.optimizer.built
    assert keys(copy) == ["accuracy", "loss"]
    assert classifier().get_compile_config() == {}


def nested(form, own=False):
    x = Input((3,))
    a, b, c = (Dense(1 + (name == "b"), name=name, kernel_initializer="ones") for name in "abc")

    class Own(Model):
        def compute_loss(self, x=None, y=None, y_pred=None, sample_weight=None, training=True):
            return super().compute_loss(x, y, y_pred, sample_weight)

    return (Own if own else Model)(x, form(a(x), b(x), c(x)))


FORMS = {
    "lists": (lambda a, b, c: [a, (b, c)], ["a_loss", "1/b_loss", "1/c_loss"]),
    "dicts": (lambda a, b, c: {"x": a, "y": {"p": b, "q": c}}, ["x_loss", "y/p_loss", "y/q_loss"]),
    "mixed": (lambda a, b, c: {"x": a, "y": [b, c]}, ["x_loss", "y/b_loss", "y/c_loss"]),
}


@pytest.mark.parametrize("own", [False, True])
@pytest.mark.parametrize("form", FORMS)
def test_what_is_given_in_the_structure_of_nested_outputs(form, own):
    form, losses = FORMS[form]
    rng = np.random.default_rng(0)
    x = rng.normal(size=(9, 3)).astype("float32")
    y = [rng.normal(size=(9, n)).astype("float32") for n in (1, 2, 1)]
    w = [rng.uniform(size=9).astype("float32") for _ in y]
    flat, deep = nested(lambda *all: list(all)), nested(form, own)
    one = ("mse", "mae", "mse"), ([], ["mse", "mae"], "mae"), (0.5, 1.0, 2.0)
    flat.compile("sgd", list(one[0]), list(one[2]), list(one[1]))
    deep.compile("sgd", form(*one[0]), form(*one[2]), form(*one[1]))
    expected = flat.fit(x, y, sample_weight=w, validation_data=(x, y), shuffle=False,
                        batch_size=4, verbose=0)  # fmt: skip
    history = deep.fit(x, form(*y), sample_weight=form(*w), validation_data=(x, form(*y)),
                       shuffle=False, batch_size=4, verbose=0)  # fmt: skip
    names = ["loss", *losses, "b_mse", "b_mae", "c_mae"]
    assert set(history.history) == {*names, *(f"val_{name}" for name in names)}
    assert history.history["val_loss"] == expected.history["val_loss"]
    assert history.history["b_mae"] == expected.history["b_mae"]
    parts = [(x[i : i + 4], form(*(one[i : i + 4] for one in y))) for i in (0, 4, 8)]
    flat.fit(x, y, batch_size=4, shuffle=False, verbose=0)
    deep.fit(iter(parts), verbose=0)
    assert all(map(np.array_equal, deep.get_weights(), flat.get_weights()))
    assert deep.test_on_batch(x, form(*y))[0] == flat.test_on_batch(x, y)[0]


def test_nested_losses_may_leave_outputs_out_and_are_saved(tmp_path):
    form = FORMS["dicts"][0]
    model, x = nested(form), np.ones((9, 3), "float32")
    model.compile("sgd", {"x": "mse", "y": {"q": "mae"}})
    y = {"x": x[:, :1], "y": {"q": x[:, :1]}}
    assert set(model.fit(x, y, verbose=0).history) == {"loss", "x_loss", "y/q_loss"}
    model.save(tmp_path / "m.keras")
    again = load_model(tmp_path / "m.keras")
    assert again.evaluate(x, y, verbose=0) == model.evaluate(x, y, verbose=0)
    with pytest.raises(DataError, match=r"y: the keys \['x'\] are missing"):
        model.fit(x, {"y": {"q": x[:, :1]}}, verbose=0)


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"optimizer": "mse", "loss": "adam"}, "`loss`: got 'adam'. That is an optimizer: opt"),
        ({"optimizer": "mse"}, "`optimizer`: got 'mse'. That is a loss: loss='mse'"),
        ({"optimizer": "accuracy"}, "`optimizer`: got 'accuracy'. That is a metric: metrics=\\['a"),
        ({"loss": "accuracy"}, "`loss`: got 'accuracy'. That is a metric: metrics=\\['accuracy"),
        ({"loss": {"dense": "rmse"}}, "`loss`: got 'rmse'. Write 'mse'"),
        ({"metrics": ["adam"]}, "`metrics`: got 'adam'. That is an optimizer"),
        ({"metrics": ["loss"]}, "`metrics`: got 'loss'. The loss is reported"),
        ({"weighted_metrics": ["rmse"]}, "`weighted_metrics`: .* Write 'RootMeanSquaredError'"),
        ({"metrics": ["roc_auc"]}, "`metrics`: got 'roc_auc'. Write 'AUC'"),
        ({"loss": "r2"}, "`loss`: got 'r2'. That is a metric: metrics=\\['R2Score"),
    ],
)
def test_a_name_of_another_argument_is_told_as_such(options, words):
    with pytest.raises(ArgumentError, match=words):
        classifier().compile(**{"optimizer": "sgd", "loss": "mse", **options})


def test_functions_of_scikit_learn_say_which_metric_is_here():
    scores = pytest.importorskip("sklearn.metrics")
    for argument, name, words in (
        ("metrics", "accuracy_score", "Write 'accuracy'"),
        ("weighted_metrics", "roc_auc_score", "Write 'AUC'"),
        ("loss", "mean_squared_error", "Write 'mse'"),
        ("loss", "log_loss", "Write 'binary_crossentropy'"),
        ("loss", "f1_score", r"That is a metric: metrics=\['f1_score'\]"),
        ("metrics", "confusion_matrix", r"Write a function of \(y_true, y_pred\)"),
    ):
        score = getattr(scores, name)
        given = score if argument == "loss" else {"dense": [score]}
        told = f"compile, `{argument}`: got {name} of scikit-learn, .* {words}.* model.predict"
        with pytest.raises(ArgumentTypeError, match=told):
            classifier().compile("sgd", **{"loss": "mse", argument: given})
    scorer = scores.make_scorer(scores.f1_score)
    with pytest.raises(ArgumentTypeError, match="got _Scorer of scikit-learn"):
        classifier().compile("sgd", "mse", metrics=[scorer])

    def accuracy_of_classes(y_true, y_pred):
        return scores.accuracy_score(y_true, y_pred)

    model = classifier()
    model.compile("sgd", "sparse_categorical_crossentropy", metrics=[accuracy_of_classes])
    with pytest.raises(TraceError, match="In accuracy_of_classes, .*accuracy_score"):
        model.fit(X, CLASSES, verbose=0)


def test_every_score_of_scikit_learn_that_is_named_is_here():
    from ranvier import metrics
    from ranvier.model.compiled import _SCORES

    for name in set(_SCORES.values()):
        assert callable(metrics.get(name))
