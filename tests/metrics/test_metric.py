"""What all metrics share: state, names, functions, subclasses, messages."""

from typing import Any

import numpy as np
import pytest

from ranvier import metrics, ops
from ranvier.engines.reference import ReferenceEngine
from ranvier.graph import Graph, Trace, Variable, input_node
from ranvier.graph.errors import ArgumentError, ArgumentTypeError, ShapeError
from ranvier.graph.naming import reset_names
from ranvier.transform.dedupe import dedupe
from ranvier.transform.fold import fold

Y, P = np.int32([0, 2, 1]), np.float32([[0.8, 0.1, 0.1], [0.2, 0.5, 0.3], [0.1, 0.6, 0.3]])


def test_functions_are_listed() -> None:
    assert {n for n in metrics.__all__ if n.islower()} - {"get", "serialize", "deserialize"} == (
        set(metrics.FUNCTIONS) | {"accuracy", "cosine_similarity"}
    )


def test_every_function_is_one() -> None:
    assert [n for n in metrics.__all__ if n.islower() and not callable(getattr(metrics, n))] == []
    assert all(callable(f) for f in metrics.FUNCTIONS.values())


def test_get_takes_names_classes_configs_functions_and_metrics() -> None:
    assert type(metrics.get("mse")) is type(metrics.get("MeanSquaredError"))
    assert type(metrics.get("root_mean_squared_error")) is metrics.RootMeanSquaredError
    assert type(metrics.get("sparse_top_k_categorical_accuracy")).__name__.startswith("SparseTop")
    assert type(metrics.get(metrics.AUC)) is metrics.AUC
    assert metrics.get({"class_name": "AUC", "config": {"curve": "PR"}}).curve == "PR"
    assert metrics.get("huber")([[0.0]], [[2.0]]) == 1.5
    ready = metrics.Recall()
    assert metrics.get(ready) is ready and metrics.get(None) is None
    with pytest.raises(ArgumentError, match="got 'acuracy'. Did you mean 'accuracy'"):
        metrics.get("acuracy")
    with pytest.raises(ArgumentTypeError, match="got 3, expected a name such as 'accuracy'"):
        metrics.get(3)


def test_accuracy_of_a_batch_is_a_handful_of_nodes() -> None:
    y, p = input_node("y", (None,), "int32"), input_node("p", (None, 10), "float32")
    metric = metrics.SparseCategoricalAccuracy()
    with Trace() as trace:
        metric.update_state(y, p)
    graph = dedupe(fold(Graph((y, p), (), tuple(trace.updates.items()))))
    names = [n.op.name for n in graph.nodes if n.op.kind != "leaf"]
    assert sorted(names) == sorted(["argmax", "equal", "cast", "sum", "cast", "add", "cast", "add"])


def test_sums_count_beyond_what_float32_can() -> None:
    metric = metrics.Mean()
    metric.count.assign(2.0**24)
    metric.total.assign(2.0**24)
    for _ in range(3):
        metric.update_state(np.float32([1.0]))
    assert float(metric.count) == 2.0**24 + 3 and metric.result() == 1.0
    assert metric.result().dtype == np.float32


def test_results_before_the_first_batch_are_zero() -> None:
    for name in ("Mean", "Sum", "Precision", "AUC", "F1Score", "SparseCategoricalAccuracy"):
        assert float(getattr(metrics, name)().result()) == 0


def test_names_count_up_and_paths_tell_whose_a_variable_is() -> None:
    reset_names()
    first, second = metrics.Precision(), metrics.Precision()
    assert (first.name, second.name) == ("precision", "precision_1")
    assert [v.path for v in first.variables] == [
        "precision/true_positives",
        "precision/false_positives",
    ]
    assert repr(metrics.Mean(name="m")) == "<Mean name=m>"


# --- weights ------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("values", "weight", "expected"),
    [
        ([1.0, 2.0, 3.0], None, 2.0),
        ([1.0, 2.0, 3.0], [1.0, 0.0, 1.0], 2.0),
        ([1.0, 2.0, 3.0], [[1.0], [0.0], [3.0]], 2.5),
        ([1.0, 2.0, 3.0], 2.0, 2.0),
        ([[1.0, 3.0], [5.0, 7.0]], [1.0, 3.0], 5.0),
        ([[1.0, 3.0], [5.0, 7.0]], [[1.0, 1.0], [0.0, 2.0]], 4.5),
        (4.0, 3.0, 4.0),
        (4.0, None, 4.0),
    ],
)
def test_weights_of_every_rank(values: Any, weight: Any, expected: float) -> None:
    assert float(metrics.Mean()(values, sample_weight=weight)) == pytest.approx(expected)


def test_weights_of_another_length_are_refused() -> None:
    with pytest.raises(ShapeError, match=r"`sample_weight`: got shape \(2,\) for values of shape"):
        metrics.Mean()([1.0, 2.0, 3.0], sample_weight=[1.0, 2.0])
    with pytest.raises(ShapeError, match="one weight a row, or one a value"):
        metrics.MeanSquaredError()([[1.0], [2.0]], [[1.0], [2.0]], np.ones((2, 3)))


# --- functions ----------------------------------------------------------------------------------
def test_a_function_becomes_a_metric() -> None:
    def off(y_true: Any, y_pred: Any, by: float = 1.0) -> Any:
        return ops.absolute(y_true - y_pred) * by

    metric = metrics.MeanMetricWrapper(off, name="off", by=2.0)
    assert float(metric(np.float32([1.0, 2.0]), np.float32([1.5, 1.0]))) == 1.5
    known = metrics.MeanMetricWrapper(metrics.binary_accuracy, name="b", threshold=0.9)
    again = metrics.deserialize(metrics.serialize(known))
    assert again.fn is metrics.binary_accuracy and again.get_config() == known.get_config()


def test_functions_equal_their_formulas() -> None:
    np.testing.assert_array_equal(metrics.sparse_categorical_accuracy(Y, P), [1, 0, 1])
    np.testing.assert_array_equal(metrics.categorical_accuracy(np.eye(3)[Y], P), [1, 0, 1])
    np.testing.assert_array_equal(metrics.sparse_top_k_categorical_accuracy(Y, P, k=2), [1, 1, 1])
    np.testing.assert_array_equal(metrics.binary_accuracy([1, 0, 1, 0], [0.6, 0.6, 0.5, 0.1]),
                                  [1, 0, 0, 1])  # fmt: skip
    rng = np.random.default_rng(0)
    a, b = rng.normal(size=(2, 9)), rng.normal(size=(2, 9))
    expected = [np.corrcoef(x, y)[0, 1] for x, y in zip(a, b, strict=True)]
    np.testing.assert_allclose(metrics.pearson_correlation(a, b), expected, 1e-5)


def test_the_area_under_the_curve_is_the_share_of_pairs_in_order() -> None:
    rng = np.random.default_rng(1)
    y, p = rng.integers(0, 2, 200), (rng.integers(0, 199, 200) + 0.5) / 199.0
    pairs = p[y == 1][:, None] - p[y == 0][None, :]
    exact = np.mean((pairs > 0) + 0.5 * (pairs == 0))
    assert float(metrics.AUC()(y, p)) == pytest.approx(exact, abs=1e-6)


def test_class_ids_below_0_count_from_the_end() -> None:
    labels = np.eye(3)[Y]
    for name in ("Precision", "Recall"):
        last, same = getattr(metrics, name)(class_id=-1), getattr(metrics, name)(class_id=2)
        assert float(last(labels, P)) == float(same(labels, P))
    assert float(metrics.Recall(class_id=-2)(labels, P)) == 1
    assert float(metrics.Recall(thresholds=0.25, class_id=-1)(labels, P)) == 1


def test_a_weight_for_each_score_is_that_of_the_class_looked_at() -> None:
    labels, weight = np.eye(3)[Y], np.arange(9.0).reshape(3, 3)
    for class_id in range(3):
        part = slice(class_id, class_id + 1)
        whole = metrics.Recall(thresholds=0.25, class_id=class_id)
        alone = metrics.Recall(thresholds=0.25)
        whole.update_state(labels, P, weight)
        alone.update_state(labels[:, part], P[:, part], weight[:, part])
        assert whole.true_positives.numpy() == alone.true_positives.numpy()
        assert whole.false_negatives.numpy() == alone.false_negatives.numpy()


def test_weights_of_class_numbers_in_a_column() -> None:
    weight, column = np.array([1, 2, 4]), Y[:, None]
    plain = float(metrics.MeanIoU(3)(Y, [0, 1, 1], weight))
    assert float(metrics.MeanIoU(3)(column, [0, 1, 1], weight[:, None])) == plain


# --- messages -----------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda: metrics.Precision(thresholds=1.5), "Precision, `thresholds`: got 1.5, expected n"),
        (lambda: metrics.AUC(curve="RCO"), "AUC, `curve`: got 'RCO'. Did you mean 'ROC'"),
        (lambda: metrics.AUC(num_thresholds=1), "AUC, `num_thresholds`: got 1"),
        (lambda: metrics.AUC(num_labels=2), "without multi_label=True"),
        (lambda: metrics.AUC(thresholds=[2.0]), "AUC, `thresholds`: got [2.0]"),
        (lambda: metrics.F1Score(average="mean"), "F1Score, `average`: got 'mean'"),
        (lambda: metrics.FBetaScore(beta=0.0), "FBetaScore, `beta`: got 0.0"),
        (lambda: metrics.IoU(2, [2]), "IoU, `target_class_ids`: got [2], expected numbers from 0"),
        (lambda: metrics.R2Score(num_regressors=-1), "`num_regressors`: got -1"),
        (lambda: metrics.TopKCategoricalAccuracy(k=0), "`k`: got 0"),
        (lambda: metrics.PrecisionAtRecall(1.5), "PrecisionAtRecall: got 1.5 as the least rate"),
        (lambda: metrics.RecallAtPrecision("a"), "RecallAtPrecision: got 'a' as the least rate"),
        (lambda: metrics.Recall(thresholds="a"), "Recall, `thresholds`: got 'a', expected numbers"),
        (lambda: metrics.AUC(thresholds=["a"]), "AUC, `thresholds`: got ['a'], expected numbers"),
        (lambda: metrics.AUC(multi_label=True, num_labels=0), "AUC, `num_labels`: got 0"),
        (lambda: metrics.F1Score(threshold="a"), "F1Score, `threshold`: got 'a'"),
        (lambda: metrics.R2Score(num_regressors="a"), "R2Score, `num_regressors`: got 'a' of type"),
        (lambda: metrics.MeanIoU(0), "MeanIoU, `num_classes`: got 0, expected a positive int"),
        (lambda: metrics.IoU("2", [0]), "IoU, `num_classes`: got '2' of type str"),
        (lambda: metrics.IoU(2, 0), "IoU, `target_class_ids`: got 0, expected a list"),
        (lambda: metrics.BinaryIoU(threshold="a"), "BinaryIoU, `threshold`: got 'a' of type str"),
        (lambda: metrics.BinaryAccuracy(threshold=None), "BinaryAccuracy, `threshold`: got None"),
        (lambda: metrics.BinaryCrossentropy(label_smoothing="a"), "`label_smoothing`: got 'a'"),
        (lambda: metrics.CategoricalCrossentropy(label_smoothing="a"), "`label_smoothing`: got"),
        (lambda: metrics.MeanMetricWrapper(3), "metric: got 3, expected a function of (y_true, "),
        (lambda: metrics.Recall(class_id=1.0)(P, P), "Recall, `class_id`: got 1.0 of type float"),
        (
            lambda: metrics.Recall(class_id=3)(P, P),
            "`class_id`: got 3 for predictions of 3",
        ),
        (lambda: metrics.Recall(class_id=-4)(P, P), "`class_id`: got -4 for predictions of 3"),
    ],
)
def test_wrong_arguments_are_named(make: Any, words: str) -> None:
    with pytest.raises(ArgumentError) as error:
        make()
    assert words in str(error.value)


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: metrics.SparseCategoricalAccuracy()(np.eye(3), P), "For one-hot labels use categ"),
        (lambda: metrics.Accuracy()([1, 2], [1, 2, 3]), "accuracy: got y_true of shape (2,) and"),
        (lambda: metrics.Precision()(Y, P), "Class numbers become rows of 0 and 1 by"),
        (lambda: metrics.F1Score()(Y, P), "F1Score: got y_true of shape (3,)"),
        (lambda: metrics.R2Score()(Y, P[None]), "expected both (rows, outputs)"),
        (lambda: metrics.AUC()(Y[:, None], P), "AUC: got y_true of shape (3, 1) and y_pred of"),
        (lambda: metrics.Recall()(P, P[:1]), "Recall: got y_true of shape (3, 3) and y_pred of"),
        (lambda: metrics.F1Score()(Y[:, None], P), "F1Score: got y_true of shape (3, 1)"),
        (lambda: metrics.CategoricalAccuracy()(Y, P), "class numbers use sparse_categorical_accu"),
        (lambda: metrics.CategoricalAccuracy()(Y[:, None], P), "got labels of shape (3, 1) for"),
        (lambda: metrics.TopKCategoricalAccuracy()(Y, P), "use sparse_top_k_categorical_accuracy"),
        (lambda: metrics.AUC(multi_label=True, num_labels=2)(P, P), "AUC, `num_labels`: got 2 lab"),
        (lambda: metrics.AUC(label_weights=[1, 2])(P, P), "AUC, `label_weights`: got 2 labels for"),
        (
            lambda: metrics.Precision()(P[:, :1], P[:, :1], [Y]),
            "Precision, `sample_weight`: got",
        ),
        (lambda: metrics.MeanIoU(3)(Y, Y, [Y]), "MeanIoU, `sample_weight`: got shape (1, 3)"),
        (lambda: metrics.Recall(class_id=1)([1], [1.0]), "Recall, `class_id`: got predictions of"),
    ],
)
def test_wrong_shapes_are_named(call: Any, words: str) -> None:
    with pytest.raises(ShapeError) as error:
        call()
    assert words in str(error.value)


# --- subclasses ---------------------------------------------------------------------------------
class HuberMetric(metrics.Metric):
    """As in the book's chapter 12."""

    def __init__(self, threshold: float = 1.0, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.threshold = threshold
        self.total = self.add_weight("total", initializer="zeros")
        self.count = self.add_weight(name="count", initializer="zeros", shape=())

    def update_state(self, y_true: Any, y_pred: Any, sample_weight: Any = None) -> None:
        error = ops.absolute(ops.subtract(y_true, y_pred))
        small = ops.square(error) / 2
        linear = self.threshold * error - self.threshold**2 / 2
        self.total.assign_add(ops.sum(ops.where(error < self.threshold, small, linear)))
        self.count.assign_add(ops.cast(ops.size(y_true), "float32"))

    def result(self) -> Any:
        return self.total / self.count

    def get_config(self) -> dict[str, Any]:
        return {**super().get_config(), "threshold": self.threshold}


class HuberMean(metrics.Mean):
    """As in the book: attributes before super().__init__, state inherited."""

    def __init__(self, threshold: float = 1.0, name: str = "HuberMean", dtype: Any = None) -> None:
        self.threshold = threshold
        super().__init__(name=name, dtype=dtype)

    def update_state(self, y_true: Any, y_pred: Any, sample_weight: Any = None) -> None:  # type: ignore[override]
        super().update_state(ops.huber(y_true, y_pred) if hasattr(ops, "huber") else
                             ops.absolute(ops.subtract(y_true, y_pred)), sample_weight)  # fmt: skip

    def get_config(self) -> dict[str, Any]:
        return {**super().get_config(), "threshold": self.threshold}


def test_the_books_metrics_stream_eagerly_and_traced() -> None:
    reset_names()
    HuberMetric()
    metric = HuberMetric(2.0)
    assert metric.name == "huber_metric_1"
    assert float(metric([[2.0]], [[10.0]])) == 14.0
    assert float(metric(np.float32([[0.0], [5.0]]), np.float32([[1.0], [9.25]]))) == 7.0
    assert [v.name for v in metric.variables] == ["total", "count"]
    metric.reset_state()
    assert not any(v.numpy() for v in metric.variables)
    y, p = input_node("y", (None, 1), "float32"), input_node("p", (None, 1), "float32")
    with Trace() as trace:
        metric.update_state(y, p)
    program = ReferenceEngine().compile(Graph((y, p), (), tuple(trace.updates.items())), 2)
    program.run([np.float32([[2], [0], [5]]), np.float32([[10], [1], [9.25]])], np.arange(3), 2)
    assert float(metric.result()) == 7.0
    config = metrics.serialize(metric)
    assert config["config"]["threshold"] == 2.0
    assert metrics.deserialize(config, {"HuberMetric": HuberMetric}).threshold == 2.0
    assert HuberMean(0.5).get_config()["threshold"] == 0.5
    assert float(HuberMean()([[0.0]], [[0.5]])) > 0


def test_a_metric_inside_of_a_metric_shares_its_state() -> None:
    class Both(metrics.Metric):
        def __init__(self) -> None:
            super().__init__(name="both")
            self.mean = metrics.Mean()
            self.own = Variable(np.float32(0), trainable=False)

        def update_state(self, y_true: Any, y_pred: Any, sample_weight: Any = None) -> None:
            self.mean.update_state(y_pred)

        def result(self) -> Any:
            return {"mean": self.mean.result()}

    both = Both()
    assert both([0.0], [4.0]) == {"mean": 4.0} and len(both.variables) == 3
    both.reset_state()
    assert float(both.mean.count) == 0


def test_a_subclass_without_its_methods_says_so() -> None:
    with pytest.raises(NotImplementedError, match="has no update_state"):
        metrics.Metric(name="bare").update_state()
    with pytest.raises(NotImplementedError, match="has no result"):
        metrics.Metric(name="bare").result()
    with pytest.raises(ArgumentError, match="got 'he_normal' for state"):
        metrics.Metric(name="bare").add_weight(initializer="he_normal")


def test_results_answer_numpy() -> None:
    precision = metrics.Precision()
    assert precision([0, 1, 1], [1, 1, 0]).numpy() == 0.5
    assert metrics.TruePositives()([0, 1], [1, 1]).numpy() == 1.0
