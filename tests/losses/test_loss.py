"""Loss objects: reductions, weights, masks, dtypes, own classes, configs and look-up."""

import numpy as np
import pytest

from ranvier import losses, ops
from ranvier.engines.reference import ReferenceEngine
from ranvier.graph.errors import ArgumentError, ArgumentTypeError, ShapeError
from ranvier.graph.graph import Graph
from ranvier.graph.node import input_node
from ranvier.graph.registry import custom_object_scope

T = np.array([[1.0, 2.0], [3.0, 5.0], [0.0, 0.0]])
P = np.array([[1.0, 3.0], [1.0, 1.0], [0.5, 0.5]])
EACH = np.array([0.5, 10.0, 0.25])
WEIGHT = np.array([2.0, 0.0, 4.0])


@pytest.mark.parametrize(
    "reduction, plain, weighted",
    [
        ("sum_over_batch_size", EACH.sum() / 3, 2 / 3),
        ("auto", EACH.sum() / 3, 2 / 3),
        ("mean", EACH.sum() / 3, 2 / 3),
        ("sum", EACH.sum(), 2.0),
        ("mean_with_sample_weight", EACH.sum() / 3, 2 / 6),
    ],
)
def test_reductions(reduction: str, plain: float, weighted: float) -> None:
    loss = losses.MeanSquaredError(reduction=reduction)
    assert float(loss(T, P)) == pytest.approx(plain)
    assert float(loss(T, P, WEIGHT)) == pytest.approx(weighted)
    assert float(loss(T, P, WEIGHT[:, None])) == pytest.approx(weighted)


@pytest.mark.parametrize("reduction", ["none", None])
def test_no_reduction(reduction: str | None) -> None:
    loss = losses.MeanSquaredError(reduction=reduction)
    assert loss(T, P).tolist() == EACH.tolist()
    assert loss(T, P, WEIGHT).tolist() == (EACH * WEIGHT).tolist()


def test_masks() -> None:
    mask = np.array([True, False, True])
    assert float(losses.MeanSquaredError()(T, P, mask=mask)) == pytest.approx(0.75 / 2)
    total = losses.MeanSquaredError(reduction="sum")
    assert float(total(T, P, mask=mask)) == pytest.approx(0.75)
    weighted = losses.MeanSquaredError(reduction="mean_with_sample_weight")
    assert float(weighted(T, P, WEIGHT, mask)) == pytest.approx(2 / 6)
    assert float(losses.MeanSquaredError()(T, P, mask=np.zeros(3, bool))) == 0


def test_weights_that_sum_to_zero() -> None:
    loss = losses.MeanSquaredError(reduction="mean_with_sample_weight")
    assert float(loss(T, P, np.zeros(3))) == 0


def test_unknown_reduction() -> None:
    with pytest.raises(ArgumentError, match="loss, `reduction`: got 'summ'. Did you mean 'sum'"):
        losses.MeanSquaredError(reduction="summ")


@pytest.mark.parametrize(
    ("name", "arguments"),
    [
        ("Huber", {"delta": "1"}),
        ("BinaryCrossentropy", {"label_smoothing": "1"}),
        ("CategoricalCrossentropy", {"label_smoothing": [0.1]}),
        ("BinaryFocalCrossentropy", {"gamma": None}),
        ("CategoricalFocalCrossentropy", {"label_smoothing": "1"}),
        ("CategoricalGeneralizedCrossEntropy", {"q": "1"}),
        ("Circle", {"margin": None}),
        ("Tversky", {"beta": "1"}),
    ],
)
def test_what_is_no_number_is_named(name: str, arguments: dict[str, object]) -> None:
    words = f"{name}, `{next(iter(arguments))}`: got .* of type .*, expected a number"
    with pytest.raises(ArgumentTypeError, match=words):
        getattr(losses, name)(**arguments)


def test_weights_that_fit_no_value() -> None:
    words = r"sample_weight: got shape \(3, 2\), but the loss has values of shape \(3,\)"
    with pytest.raises(ShapeError, match=words):
        losses.MeanSquaredError()(T, P, sample_weight=np.ones((3, 2)))
    with pytest.raises(ShapeError, match=r"a row, shape \(3, 1\), or one a value, shape \(3, 2\)"):
        losses.MeanSquaredError()(T[..., None], P[..., None], sample_weight=np.ones(3))


def test_weights_that_fit_no_value_of_those_that_a_mask_leaves() -> None:
    labels, scores = np.array([[0, 1], [1, 1], [0, 0]]), np.full((3, 2, 2), 0.5)
    with pytest.raises(ShapeError, match=r"sample_weight: got shape \(3,\), .* \(3, 2\)"):
        losses.SparseCategoricalCrossentropy(ignore_class=0)(labels, scores, np.ones(3))


def test_ranks_are_brought_together() -> None:
    flat = np.array([1.0, 0.0, 1.0])
    column = np.array([[0.9], [0.2], [0.6]])
    for name in ("mse", "mae", "binary_crossentropy", "huber", "hinge"):
        loss = losses.LossFunctionWrapper(losses.CATALOG[name])
        assert float(loss(flat, column)) == pytest.approx(float(loss(flat[:, None], column)))


def test_dtype() -> None:
    assert losses.MeanSquaredError()(T, P).dtype == "float32"
    assert losses.MeanSquaredError(dtype="float64")(T, P).dtype == "float64"


def test_large_class_numbers_stay_whole() -> None:
    # 2**24 + 1 is no float32: the label would become its neighbour.
    y = np.array([2**24 + 1])
    got = losses.LossFunctionWrapper(_same_label)(y, np.zeros((1, 1)))
    assert float(got) == 1


def _same_label(y_true: np.ndarray, y_pred: np.ndarray) -> np.ndarray:
    return ops.cast(ops.equal(y_true, 2**24 + 1), "float32")


_same_label.takes_labels = True  # type: ignore[attr-defined]


class Threshold(losses.Loss):
    """The custom loss of the books: one argument, the rest handed on."""

    def __init__(self, threshold: float = 1.0, **kwargs: object) -> None:
        self.threshold = threshold
        super().__init__(**kwargs)  # type: ignore[arg-type]

    def call(self, y_true: np.ndarray, y_pred: np.ndarray) -> np.ndarray:
        error = y_true - y_pred
        small = ops.absolute(error) < self.threshold
        linear = self.threshold * ops.absolute(error) - self.threshold**2 / 2
        return ops.where(small, ops.square(error) / 2, linear)


def test_own_class() -> None:
    loss = Threshold(2.0)
    want = losses.Huber(2.0)(T, P)
    assert float(loss(T, P)) == pytest.approx(float(want))
    assert float(loss(T.astype(int), P)) == pytest.approx(float(want))
    config = loss.get_config()
    assert config["threshold"] == 2.0 and config["reduction"] == "sum_over_batch_size"
    assert config["name"].startswith("threshold")
    saved = losses.serialize(loss)
    assert losses.deserialize(saved, {"Threshold": Threshold}).threshold == 2.0
    with custom_object_scope({"Threshold": Threshold}):
        assert losses.get(saved).threshold == 2.0  # type: ignore[union-attr]
    with pytest.raises(ArgumentError, match="Threshold"):
        losses.deserialize(saved)


def test_own_function_in_the_wrapper() -> None:
    def cubic(y_true: np.ndarray, y_pred: np.ndarray, factor: float = 1.0) -> np.ndarray:
        return factor * ops.mean(ops.absolute(y_true - y_pred) ** 3.0, -1)

    loss = losses.LossFunctionWrapper(cubic, name="cubic", factor=2.0)
    assert float(loss([[0.0]], [[2.0]])) == 16
    saved = losses.serialize(loss)
    assert saved["config"]["factor"] == 2.0 and saved["config"]["fn"]["config"] == "cubic"
    with custom_object_scope({"cubic": cubic}):
        assert float(losses.deserialize(saved)([[0.0]], [[2.0]])) == 16


def test_a_loss_without_call() -> None:
    with pytest.raises(NotImplementedError, match="Loss.call.*not written yet"):
        losses.Loss()(T, P)


CLASSES = sorted(
    {c for c in losses.CATALOG.values() if isinstance(c, type)} - {losses.LossFunctionWrapper},
    key=lambda c: c.__name__,
)


@pytest.mark.parametrize("cls", CLASSES)
def test_config_round_trip(cls: type[losses.Loss]) -> None:
    saved = losses.serialize(cls(name="mine", reduction="sum"))
    assert saved["module"] == "keras.losses" and "dtype" not in saved["config"]
    again = losses.deserialize(saved)
    assert type(again) is cls and again.get_config() == saved["config"]
    assert again.name == "mine" and again.reduction == "sum"
    assert losses.CATALOG[cls.__name__] is cls and isinstance(losses.get(cls.__name__), cls)


def test_arguments_reach_the_function() -> None:
    assert losses.Huber(delta=0.3).get_config()["delta"] == 0.3
    wide, narrow = losses.Huber(delta=2.0), losses.Huber(delta=0.1)
    assert float(wide(T, P)) > float(narrow(T, P))
    with pytest.raises(ArgumentError, match="`q`: got 1.5"):
        losses.CategoricalGeneralizedCrossEntropy(q=1.5)


@pytest.mark.parametrize("cls", [losses.Dice, losses.Tversky])
def test_the_reduction_comes_before_the_axis(cls: type[losses.Loss]) -> None:
    weights = (0.3, 0.7) if cls is losses.Tversky else ()
    loss = cls(*weights, "none", "overlap", -1)
    assert (loss.reduction, loss.name) == ("none", "overlap") and loss(T, P).shape == T.shape[:-1]


def test_get() -> None:
    assert losses.get(None) is None
    assert losses.get("mse") is losses.mean_squared_error is losses.get("MSE")
    assert losses.get("logcosh") is losses.log_cosh
    assert losses.deserialize(losses.serialize(losses.mse)) is losses.mse
    with pytest.raises(ArgumentError, match="loss: got 'sparse_categorical_crossentropi'. Did"):
        losses.get("sparse_categorical_crossentropi")


def test_no_rows() -> None:
    assert losses.MeanSquaredError()(np.zeros((0, 2)), np.zeros((0, 2))).shape == (0,)


NAMES = sorted({f.__name__ for f in losses.CATALOG.values() if not isinstance(f, type)}
               - {"circle"})  # fmt: skip


@pytest.mark.parametrize("name", NAMES)
def test_traced_like_eager(name: str) -> None:
    rng = np.random.default_rng(1)
    kwargs = {"q": 0.5} if name == "categorical_generalized_cross_entropy" else {}
    loss = losses.LossFunctionWrapper(losses.CATALOG[name], **kwargs)
    takes = loss.takes_labels
    y = rng.integers(0, 4, 5) if takes else rng.integers(0, 2, (5, 4)).astype("float32")
    p = rng.dirichlet(np.ones(4), 5).astype("float32")
    weight = rng.uniform(size=5).astype("float32")
    a = input_node("y", (None,) if takes else (None, 4), "int32" if takes else "float32")
    b, w = input_node("p", (None, 4), "float32"), input_node("w", (None,), "float32")
    out = [np.zeros((), "float32")]
    graph = Graph((a, b, w), (loss(a, b, w),), ())
    ReferenceEngine().compile(graph, 8).run([y, p, weight], np.arange(5), 5, out)
    np.testing.assert_allclose(out[0], loss(y, p, weight), rtol=2e-6)
