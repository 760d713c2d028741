"""Data that scikit-learn would misread: refused with the place, by every estimator."""

from __future__ import annotations

import datetime

import numpy as np
import pandas as pd
import polars as pl
import pytest
from scipy.sparse import csr_matrix

from ranvier import Sequential, layers
from ranvier.learn import LogisticRegressionSGD, RanvierClassifier, RanvierRegressor
from ranvier.wrappers import SKLearnRegressor, SKLearnTransformer

pytestmark = pytest.mark.oracle  # scikit-learn's import takes a second

X = np.arange(8.0).reshape(4, 2) / 8
Y = np.array([0, 1, 0, 1])
MASKED = np.ma.masked_array(X, X > 0.7)
RECORDS = np.zeros(4, dtype=[("a", "f8"), ("b", "f8")])


def regressor():
    def build(X, y):
        model = Sequential([layers.Input((2,)), layers.Dense(y.shape[1])])
        model.compile("sgd", "mse")
        return model

    return SKLearnRegressor(build, fit_kwargs={"verbose": 0})


ALL = pytest.mark.parametrize(
    "make",
    [lambda: RanvierClassifier(max_iter=1, tol=None), LogisticRegressionSGD, regressor,
     lambda: RanvierRegressor(max_iter=1, tol=None)],
    ids=["classifier", "linear", "wrapper", "regressor"],
)  # fmt: skip


@ALL
@pytest.mark.parametrize("x, message", [
    (MASKED, r"X: got a masked array with 2 masked entries.*X.filled\("),
    (RECORDS, "X: got a structured array.*structured_to_unstructured"),
    (csr_matrix(X), r"X: got a sparse csr_matrix.*X.toarray\(\).*sparse_threshold=0"),
    (pd.DataFrame(X).astype(pd.SparseDtype("float64")), r"X: got a sparse frame.*to_dense\(\)"),
    (pl.DataFrame(X).lazy(), r"X: got a LazyFrame. Write X.collect\(\)"),
    (pd.DataFrame({"a": pd.period_range("2020", periods=4)}), "X: column 'a' holds Period.*row 0"),
    (np.array([[1.0, datetime.date(2020, 1, 1)]] * 4, dtype=object), "X: column 1 holds datetime"),
    (pd.DataFrame({"a": [0.0, 1.0, [2], 3.0]}), r"X: column 'a' holds \[2\] in row 2"),
], ids=["masked", "records", "sparse", "frame", "lazy", "periods", "objects", "lists"])  # fmt: skip
def test_rows(make, x, message):
    with pytest.raises(TypeError, match=message):
        make().fit(x, Y)
    if getattr(x, "shape", None) == X.shape and not isinstance(x, pd.DataFrame):
        with pytest.raises(TypeError, match=message):
            make().fit(X, Y).predict(x)


@ALL
def test_a_masked_array_without_masked_entries_is_its_numbers(make):
    np.testing.assert_array_equal(
        make().fit(np.ma.masked_array(X), Y).predict(X).shape, make().fit(X, Y).predict(X).shape
    )


@ALL
@pytest.mark.parametrize("y, message", [
    (np.ma.masked_array(Y, Y == 1), "y: got a masked array with 2 masked entries"),
    (csr_matrix(Y[:, None]), r"y: got a sparse csr_matrix.*Write y.toarray\(\)\.$"),
    (None, "y: this estimator requires y to be passed, but the target y is None"),
], ids=["masked", "sparse", "none"])  # fmt: skip
def test_targets(make, y, message):
    with pytest.raises((TypeError, ValueError), match=message):
        make().fit(X, y)


@pytest.mark.parametrize("make", [regressor, RanvierRegressor], ids=["wrapper", "regressor"])
@pytest.mark.parametrize("y, message", [
    (pd.Series(pd.date_range("2020", periods=4)), "y: holds dates, expected numbers"),
    (np.arange(4).astype("m8[s]"), "y: holds dates, expected numbers"),
    (pd.DataFrame({"a": Y, "b": pd.date_range("2020", periods=4)}), "y: column 'b' holds dates"),
    (np.array(["1.5", "2", "x", "3"]), "y: holds .*'x'.* in row 2, expected numbers"),
    (["1.5", "2", "x", "3"], "y: holds 'x' in row 2, expected numbers"),
    ([pd.Timestamp("2020")] * 4, "argument must be a string or a real number"),
    (pd.Series([0.5, None, 1.0, 2.0], dtype=object), "y: row 1 has None, a missing value"),
    (np.array([0.5, np.nan, 1.0, np.nan]), r"y: row 1 has nan \(2 such rows in all\)"),
    (pd.Series([0.5, 1.0, np.inf, 2.0]), "y: row 2 has inf, .* y contains infinity or a value too"),
    ([0.5, 1.0, float("nan"), 2.0], "y: row 2 has nan, .* Input y contains NaN: drop those rows"),
], ids=["dates", "times", "column", "text", "list", "objects", "missing", "nan", "inf",
        "floats"])  # fmt: skip
def test_targets_that_are_no_numbers(make, y, message):
    with pytest.raises((TypeError, ValueError), match=message):
        make().fit(X, y)


@pytest.mark.parametrize("y, message", [
    (Y.astype(object), r"y: holds Python objects \(int\) .*Unknown label type.*np.array\(y.tolist"),
    (np.array(list("abab")).astype(np.dtypes.StringDType()), r"StringDType.*y.astype\(str\)"),
    (["a", "b", float("nan"), "a"], "y: row 2 has nan, a missing value"),
    (["a", "b", 1, "a"], "y: has text and numbers in one column"),
    (np.array(["2020", "2021", "NaT", "2020"], "M8[D]"), "y: row 2 has None, a missing value"),
], ids=["objects", "strings", "list", "mixed", "dates"])  # fmt: skip
def test_labels_that_cannot_be(y, message):
    for estimator in (RanvierClassifier(), LogisticRegressionSGD()):
        with pytest.raises((TypeError, ValueError), match=message):
            estimator.fit(X, y)


def test_labels_that_are_a_list_of_text_of_numpy():
    labels = list(np.array(["b", "a", "b", "a"]))
    fitted = RanvierClassifier(max_iter=1, tol=None).fit(X, labels)
    assert fitted.classes_.tolist() == ["a", "b"]


def test_masked_weights():
    with pytest.raises(TypeError, match="sample_weight: got a masked array with 2 masked"):
        RanvierClassifier().fit(X, Y, sample_weight=np.ma.masked_array(np.ones(4), Y == 1))


def test_a_transformer_needs_targets():
    with pytest.raises(ValueError, match="the target y is None"):
        SKLearnTransformer(regressor().model).fit(X, None)
