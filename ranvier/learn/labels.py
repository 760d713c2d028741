"""Labels of any kind and what a network learns of them: targets, outputs, and back."""

from __future__ import annotations

from typing import Any

import numpy as np
from sklearn.utils.multiclass import check_classification_targets, type_of_target

from ranvier.errors import ArgumentError, DataError

from .head import Head
from .refusal import is_missing

#: What scikit-learn calls the labels that there are.
_KINDS = ("binary", "multiclass", "multiclass-multioutput", "multilabel-indicator")


class Labels:
    """The classes that a classifier knows.

    Args:
        kind: "binary", "multiclass", "multilabel" (0 or 1 in each column) or "multioutput"
            (a column of classes each).
        classes: sorted labels, one array a column of y.

    Attributes:
        heads: one output of the network each: a unit for two classes, else one a class.
    """

    def __init__(self, kind: str, classes: list[np.ndarray]) -> None:
        self.kind, self.classes = kind, classes
        if kind == "multilabel":
            self.heads = [Head(len(classes), "sigmoid")]
        else:
            self.heads = [_head(len(c)) for c in classes]

    @classmethod
    def of(cls, y: np.ndarray, given: Any = None) -> Labels:
        """Return the classes in y, or those given for `partial_fit`.

        Columns of 0 and 1 are several labels a row, unless `given` has classes a column.

        Raises:
            DataError: for a column with one class.
        """
        found = _kind(y)
        if found not in _KINDS:
            check_classification_targets(y)  # which says why not
        apart = _are_apart(given)
        # scikit-learn calls any two numbers an indicator, 1 and 2 too
        if found == "multilabel-indicator" and not apart and np.isin(y, (0, 1)).all():
            return cls("multilabel", [np.array([0, 1])] * y.shape[1])
        if y.ndim == 2:
            if given is not None and not (apart and len(given) == y.shape[1]):
                raise ArgumentError(
                    f"partial_fit, `classes`: got {given!r:.80}, expected a list of the labels of "
                    f"each of the {y.shape[1]} columns of y, for instance [['a', 'b'], [0, 1, 2]]."
                )
            columns = [np.unique(column) for column in (y.T if given is None else given)]
            for number, column in enumerate(columns):
                need_two(column, f"y, column {number}")
            return cls("multioutput", columns)
        classes = np.unique(y if given is None else given)
        need_two(classes, "y")
        return cls("binary" if len(classes) == 2 else "multiclass", [classes])

    @property
    def public(self) -> Any:
        """What scikit-learn calls `classes_`."""
        if self.kind == "multilabel":
            return np.arange(len(self.classes))
        return list(self.classes) if self.kind == "multioutput" else self.classes[0]

    def agrees(self, given: Any) -> bool:
        """Say whether a later `partial_fit` names the same classes."""
        if self.kind != "multioutput":
            found = np.unique(given)
            column = self.kind == "multilabel" and np.array_equal(found, (0, 1))
            return column or np.array_equal(found, self.public)
        return (
            _are_apart(given)
            and len(given) == len(self.classes)
            and all(
                np.array_equal(np.unique(a), b) for a, b in zip(given, self.classes, strict=True)
            )
        )

    def targets(self, y: np.ndarray) -> list[np.ndarray]:
        """Return what each head is trained on.

        Raises:
            DataError: for a label that is not known, or another number of columns.
        """
        columns = y.T if y.ndim == 2 else y[np.newaxis]
        if len(columns) != len(self.classes):
            raise DataError(
                f"y: got {len(columns)} columns, expected {len(self.classes)} as in the first fit."
            )
        if self.kind == "multilabel":
            return [np.asarray(y, np.float32)]
        return [numbers_of(c, known) for c, known in zip(columns, self.classes, strict=True)]

    def chances(self, outputs: list[np.ndarray]) -> Any:
        """Return what scikit-learn calls `predict_proba`."""
        if self.kind == "multilabel":
            return outputs[0]
        found = [_both(out) for out in outputs]
        return found if self.kind == "multioutput" else found[0]

    def answers(self, outputs: list[np.ndarray]) -> np.ndarray:
        """Return the likeliest labels."""
        if self.kind == "multilabel":
            return (outputs[0] > 0.5).astype(int)
        found = [c[_both(o).argmax(1)] for c, o in zip(self.classes, outputs, strict=True)]
        return np.column_stack(found) if self.kind == "multioutput" else found[0]


def check_classes(estimator: Any, classes: Any) -> None:
    """Refuse a first `partial_fit` that does not say which labels will come."""
    if classes is None and not hasattr(estimator, "model_"):  # which a fit that failed may lack
        raise ArgumentError(
            "partial_fit, `classes`: got None at the first call, expected all labels that will "
            "come, for instance classes=np.unique(y)."
        )
    if classes is None:
        return
    listed = isinstance(classes, (list, tuple, range)) or hasattr(classes, "shape")
    labels = [c for one in classes for c in (one if np.ndim(one) else [one])] if listed else []
    if not labels or any(map(is_missing, labels)):
        raise ArgumentError(
            f"partial_fit, `classes`: got {classes!r:.80}, expected a list of all labels that will "
            "come, none of them missing, for instance classes=np.unique(y)."
        )


def check_same_classes(same: bool, given: Any, estimator: Any) -> None:
    """Refuse a later `partial_fit` that names other classes."""
    if not same:
        raise DataError(
            f"partial_fit, `classes`: got {given!r}, expected {estimator.classes_!r}, as at the "
            "first call."
        )


def check_weighed(estimator: Any, labels: np.ndarray) -> None:
    """Refuse labels of one class where weights of 0 leave no other."""
    if len(np.unique(labels)) < 2:
        raise DataError(
            f"{type(estimator).__name__}: sample_weight or class_weight leaves rows of only one "
            "class above 0, and a classifier can't train when only one class is present."
        )


def _kind(y: np.ndarray) -> str:
    """Return scikit-learn's word for labels, also of columns of text beside columns of numbers."""
    if y.ndim == 2 and any(isinstance(one, str) for one in y[0]):
        kinds = {type_of_target(np.array(column.tolist()), input_name="y") for column in y.T}
        if kinds <= {"binary", "multiclass"}:
            return "multiclass-multioutput"
    return str(type_of_target(y, input_name="y"))


def _are_apart(given: Any) -> bool:
    """Say whether classes are given a column each."""
    return given is not None and len(given) > 0 and all(np.ndim(one) == 1 for one in given)


def _head(classes: int) -> Head:
    return Head(1, "sigmoid") if classes == 2 else Head(classes, "softmax")


def _both(output: np.ndarray) -> np.ndarray:
    """Return a chance for each class: of two, a network gives that of the second alone."""
    return np.hstack([1 - output, output]) if output.shape[1] == 1 else output


def numbers_of(column: np.ndarray, classes: np.ndarray) -> np.ndarray:
    """Return the place of each label among the sorted classes.

    Raises:
        DataError: for a label that is none of them.
    """
    if column.dtype.kind in "US" and classes.dtype.kind not in "USO":
        column = column.astype(object)
        places, wrong = np.zeros(len(column), np.int32), np.arange(len(column))
    else:
        places = np.searchsorted(classes, column).clip(0, len(classes) - 1)
        wrong = np.flatnonzero(classes[places] != column)
    if wrong.size:
        raise DataError(
            f"y: row {wrong[0]} has the label {column[wrong[:1]].tolist()[0]!r}, which is not in "
            f"`classes_`: {classes[:10].tolist()}. All classes must be known from the first "
            "fit on: give partial_fit(X, y, classes=...) all of them."
        )
    return places.astype(np.int32)


def need_two(classes: np.ndarray, place: str) -> None:
    """Refuse labels of one class."""
    if len(classes) < 2:
        raise DataError(
            f"{place}: has only one class, {classes[0]}; a classifier can't train when only one "
            "class is present. Stratify the folds, or leave that column out."
        )
