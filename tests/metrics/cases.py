"""Every metric with its options and the data it takes, for Keras and for Ranvier alike."""

from typing import Any

import numpy as np

ROWS, BATCH = 44, 16  # two whole batches and a partial one


def data(kind: str) -> tuple[np.ndarray, np.ndarray]:
    """Return labels and predictions of one kind."""
    rng = np.random.default_rng(7)
    if kind == "values":
        return rng.normal(size=(ROWS, 3)), rng.normal(size=(ROWS, 3))
    if kind == "positive":
        return rng.uniform(0.1, 3, (ROWS, 3)), rng.uniform(0.1, 3, (ROWS, 3))
    if kind == "column":
        return rng.normal(size=ROWS), rng.normal(size=(ROWS, 1))
    if kind == "binary":
        return rng.integers(0, 2, ROWS), rng.uniform(0, 1, (ROWS, 1))
    if kind == "grid":  # scores that lie on thresholds
        return rng.integers(0, 2, (ROWS, 1)), rng.integers(0, 11, (ROWS, 1)) / 10
    if kind == "labels":
        return rng.integers(0, 2, (ROWS, 4)), rng.uniform(0, 1, (ROWS, 4))
    if kind == "logits":
        return rng.integers(0, 2, (ROWS, 4)), rng.normal(size=(ROWS, 4)) * 2
    scores = rng.uniform(0, 1, (ROWS, 5))
    scores = scores / scores.sum(1, keepdims=True)
    classes = rng.integers(0, 5, ROWS)
    if kind == "onehot":
        return np.eye(5)[classes], scores
    if kind == "sparse":
        return classes, scores
    if kind == "sparse-column":
        return classes[:, None], scores
    if kind == "signs":
        return rng.choice([-1, 1], (ROWS, 3)), rng.normal(size=(ROWS, 3))
    if kind == "ids":
        return classes, rng.integers(0, 5, ROWS)
    if kind == "sequence":
        return rng.integers(0, 5, (ROWS, 6)), rng.uniform(0, 1, (ROWS, 6, 5))
    assert kind == "ranked", kind
    return classes, np.stack([rng.permutation(5) for _ in range(ROWS)])


#: (class, arguments, kind of data)
CASES: list[tuple[str, dict[str, Any], str]] = [
    ("MeanSquaredError", {}, "values"),
    ("MeanSquaredError", {}, "column"),
    ("RootMeanSquaredError", {}, "values"),
    ("RootMeanSquaredError", {}, "column"),
    ("MeanAbsoluteError", {}, "values"),
    ("MeanAbsolutePercentageError", {}, "values"),
    ("MeanSquaredLogarithmicError", {}, "positive"),
    ("LogCoshError", {}, "values"),
    ("CosineSimilarity", {}, "values"),
    ("KLDivergence", {}, "onehot"),
    ("Poisson", {}, "positive"),
    ("R2Score", {}, "values"),
    ("R2Score", {"class_aggregation": None}, "values"),
    ("R2Score", {"class_aggregation": "variance_weighted_average"}, "values"),
    ("R2Score", {"num_regressors": 2}, "values"),
    ("PearsonCorrelation", {}, "values"),
    ("ConcordanceCorrelation", {}, "values"),
    ("Accuracy", {}, "ids"),
    ("BinaryAccuracy", {}, "binary"),
    ("BinaryAccuracy", {"threshold": 0.3}, "labels"),
    ("CategoricalAccuracy", {}, "onehot"),
    ("SparseCategoricalAccuracy", {}, "sparse"),
    ("SparseCategoricalAccuracy", {}, "sparse-column"),
    ("SparseCategoricalAccuracy", {}, "sequence"),
    ("TopKCategoricalAccuracy", {"k": 2}, "onehot"),
    ("SparseTopKCategoricalAccuracy", {"k": 3}, "sparse"),
    ("SparseTopKCategoricalAccuracy", {"k": 2, "from_sorted_ids": True}, "ranked"),
    ("BinaryCrossentropy", {}, "grid"),
    ("BinaryCrossentropy", {"from_logits": True, "label_smoothing": 0.1}, "logits"),
    ("CategoricalCrossentropy", {"label_smoothing": 0.1}, "onehot"),
    ("CategoricalCrossentropy", {"from_logits": True}, "onehot"),
    ("SparseCategoricalCrossentropy", {}, "sparse"),
    ("SparseCategoricalCrossentropy", {"from_logits": True}, "sparse-column"),
    ("Hinge", {}, "signs"),
    ("SquaredHinge", {}, "signs"),
    ("CategoricalHinge", {}, "onehot"),
    ("TruePositives", {}, "binary"),
    ("FalsePositives", {"thresholds": 0.2}, "labels"),
    ("TrueNegatives", {"thresholds": [0.2, 0.9]}, "labels"),
    ("FalseNegatives", {"thresholds": [0.0, 0.25, 0.5, 0.75, 1.0]}, "binary"),
    ("FalseNegatives", {"thresholds": [0.0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0]},
     "grid"),
    ("Precision", {}, "binary"),
    ("Precision", {"thresholds": [0.3, 0.6]}, "labels"),
    ("Precision", {"top_k": 2}, "labels"),
    ("Precision", {"class_id": 1}, "labels"),
    ("Recall", {}, "binary"),
    ("Recall", {"top_k": 3, "class_id": 2}, "labels"),
    ("Recall", {"thresholds": 0.5}, "grid"),
    ("F1Score", {}, "onehot"),
    ("F1Score", {"average": "macro", "threshold": 0.3}, "labels"),
    ("FBetaScore", {"average": "micro", "beta": 2.0, "threshold": 0.5}, "labels"),
    ("FBetaScore", {"average": "weighted", "beta": 0.5}, "onehot"),
    ("AUC", {}, "binary"),
    ("AUC", {"num_thresholds": 11}, "grid"),
    ("AUC", {"curve": "PR"}, "binary"),
    ("AUC", {"curve": "PR", "summation_method": "majoring"}, "labels"),
    ("AUC", {"curve": "PRGAIN"}, "binary"),
    ("AUC", {"summation_method": "minoring"}, "labels"),
    ("AUC", {"thresholds": [0.1, 0.5, 0.8]}, "binary"),
    ("AUC", {"multi_label": True, "num_labels": 4}, "labels"),
    ("AUC", {"multi_label": True, "label_weights": [1.0, 2.0, 0.5, 0.0], "curve": "PR"}, "labels"),
    ("AUC", {"label_weights": [1.0, 2.0, 0.5, 0.0]}, "labels"),
    ("AUC", {"from_logits": True}, "logits"),
    ("SensitivityAtSpecificity", {"specificity": 0.5}, "binary"),
    ("SpecificityAtSensitivity", {"sensitivity": 0.7, "num_thresholds": 50}, "binary"),
    ("PrecisionAtRecall", {"recall": 0.4}, "binary"),
    ("RecallAtPrecision", {"precision": 0.5, "class_id": 1}, "labels"),
    ("RecallAtPrecision", {"precision": 0.5, "num_thresholds": 1}, "binary"),
    ("IoU", {"num_classes": 5, "target_class_ids": [0, 2]}, "ids"),
    ("MeanIoU", {"num_classes": 5}, "ids"),
    ("MeanIoU", {"num_classes": 4, "ignore_class": 1, "dtype": "float32"}, "ids"),
    ("BinaryIoU", {"threshold": 0.4}, "binary"),
    ("OneHotIoU", {"num_classes": 5, "target_class_ids": [1]}, "onehot"),
    ("OneHotMeanIoU", {"num_classes": 5}, "onehot"),
]  # fmt: skip
