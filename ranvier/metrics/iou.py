"""Intersection over union: IoU, MeanIoU, BinaryIoU and their one-hot forms."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from .. import ops
from ..graph import budget
from ..graph.dtype import epsilon
from ..graph.errors import ArgumentError, ArgumentTypeError, ShapeError
from ..graph.number import check_numbers, is_number
from ..graph.whole import whole
from .metric import Metric
from .rank import check_weights


class IoU(Metric):
    """The mean over some classes of hits over all that is or is called so.

    true_positives / (true_positives + false_positives + false_negatives)

    Args:
        num_classes: how many classes there are.
        target_class_ids: the classes whose mean is wanted.
        name: default "io_u", as Keras has it.
        dtype: in which weights count: an int type (default int32) cuts their fraction off.
        ignore_class: labels of this class are left out; default None.
        sparse_y_true: whether labels are class numbers, else one-hot; default True.
        sparse_y_pred: whether predictions are class numbers, else scores; default True.
        axis: of the classes, in one-hot labels and scores; default -1.

    Raises:
        ArgumentError: if a class id is no class.

    Example:
        >>> round(float(IoU(2, [0])([0, 0, 1, 1], [0, 1, 0, 1])), 4)
        0.3333

    Source: keras.metrics.IoU.
    """

    direction = "up"

    def __init__(
        self,
        num_classes: int,
        target_class_ids: Sequence[int],
        name: str | None = None,
        dtype: object = None,
        ignore_class: int | None = None,
        sparse_y_true: bool = True,
        sparse_y_pred: bool = True,
        axis: int = -1,
    ) -> None:
        super().__init__(name=name, dtype=dtype or "int32")
        place = type(self).__name__
        num_classes = whole(f"{place}, `num_classes`", num_classes, 1)
        budget.charge((num_classes, num_classes), "float64")  # before all classes are listed
        if not isinstance(target_class_ids, Iterable):
            raise ArgumentTypeError(
                f"{place}, `target_class_ids`: got {target_class_ids!r:.60}, expected a list, for "
                "instance [0]."
            )
        wrong = [i for i in target_class_ids if not (is_number(i) and 0 <= i < num_classes)]
        if wrong:
            raise ArgumentError(
                f"{place}, `target_class_ids`: got {wrong}, expected numbers from 0 to "
                f"{num_classes - 1}."
            )
        self.num_classes = num_classes
        self.target_class_ids = list(target_class_ids)
        self.ignore_class = ignore_class
        self.sparse_y_true = sparse_y_true
        self.sparse_y_pred = sparse_y_pred
        self.axis = axis
        self.total_cm = self.add_variable(
            (num_classes, num_classes), dtype="float64", name="total_confusion_matrix"
        )

    def update_state(self, y_true: Any, y_pred: Any, sample_weight: Any = None) -> None:
        """Add a batch to the matrix of (label, prediction) counts."""
        label = self._numbers(y_true, self.sparse_y_true)
        guess = self._numbers(y_pred, self.sparse_y_pred)
        if len(label.shape) != len(guess.shape):
            raise ShapeError(
                f"{type(self).__name__}: got labels of shape {tuple(label.shape)} and predictions "
                f"of shape {tuple(guess.shape)}, expected equal shapes."
            )
        # A class outside of the range is a row of zeros, so that it counts nowhere.
        rows = ops.one_hot(label, self.num_classes, dtype="float32")
        columns = ops.one_hot(guess, self.num_classes, dtype="float32")
        if self.ignore_class is not None:
            kept = ops.cast(ops.not_equal(label, self.ignore_class), "float32")
            rows = ops.multiply(rows, ops.expand_dims(kept, -1))
        if sample_weight is not None:
            weight = ops.cast(ops.cast(ops.convert_to_tensor(sample_weight), self.dtype), "float32")
            while 0 < len(weight.shape) < len(label.shape):
                weight = ops.expand_dims(weight, -1)
            if len(weight.shape) == len(label.shape) + 1 and weight.shape[-1] == 1:
                weight = ops.squeeze(weight, -1)  # as labels and predictions above
            check_weights(type(self).__name__, weight, label)
            rows = ops.multiply(rows, ops.expand_dims(weight, -1) if weight.shape else weight)
        letters = "abcdefg"[: len(label.shape)]
        found = ops.einsum(f"{letters}i,{letters}j->ij", rows, columns)
        self.total_cm.assign_add(ops.cast(found, "float64"))

    def _numbers(self, y: Any, sparse: bool) -> Any:
        y = ops.convert_to_tensor(y)
        if not sparse:
            return ops.argmax(y, self.axis)
        y = ops.cast(y, "int32")
        return ops.squeeze(y, -1) if len(y.shape) > 1 and y.shape[-1] == 1 else y

    def result(self) -> Any:
        """Return the mean over the wanted classes that occurred."""
        hits = ops.diag(self.total_cm)
        union = ops.sum(self.total_cm, 0) + ops.sum(self.total_cm, 1) - hits
        hits, union = (ops.take(x, self.target_class_ids) for x in (hits, union))
        occurred = ops.greater(union, 1e-9)
        each = ops.where(occurred, ops.divide(hits, union + epsilon()), 0.0)
        count = ops.sum(ops.cast(occurred, "float64"))
        return ops.cast(ops.divide(ops.sum(each), count + epsilon()), "float32")


class MeanIoU(IoU):
    """The mean over all classes of intersection over union; see `IoU`.

    Args:
        num_classes: how many classes there are.
        name: default "mean_io_u".
        dtype: in which weights count; default int32.
        ignore_class: labels of this class are left out; default None.
        sparse_y_true: whether labels are class numbers; default True.
        sparse_y_pred: whether predictions are class numbers; default True.
        axis: of the classes, in one-hot labels and scores; default -1.

    Example:
        >>> round(float(MeanIoU(2)([0, 0, 1, 1], [0, 1, 0, 1])), 4)
        0.3333

    Source: keras.metrics.MeanIoU.
    """

    def __init__(
        self,
        num_classes: int,
        name: str | None = None,
        dtype: object = None,
        ignore_class: int | None = None,
        sparse_y_true: bool = True,
        sparse_y_pred: bool = True,
        axis: int = -1,
    ) -> None:
        classes = range(whole(f"{type(self).__name__}, `num_classes`", num_classes, 1))
        super().__init__(
            num_classes, classes, name, dtype, ignore_class, sparse_y_true, sparse_y_pred, axis
        )


class BinaryIoU(IoU):
    """The mean of intersection over union of class 0 and class 1, from probabilities.

    Args:
        target_class_ids: default both classes.
        threshold: probabilities from it on count as class 1; default 0.5.
        name: default "binary_io_u".
        dtype: in which weights count; default int32.

    Example:
        >>> round(float(BinaryIoU(threshold=0.3)([0, 1, 0, 1], [0.1, 0.2, 0.4, 0.7])), 4)
        0.3333

    Source: keras.metrics.BinaryIoU.
    """

    def __init__(
        self,
        target_class_ids: Sequence[int] = (0, 1),
        threshold: float = 0.5,
        name: str | None = None,
        dtype: object = None,
    ) -> None:
        check_numbers("BinaryIoU", threshold=threshold)
        super().__init__(2, target_class_ids, name, dtype)
        self.threshold = threshold

    def update_state(self, y_true: Any, y_pred: Any, sample_weight: Any = None) -> None:
        """Add a batch to the matrix of (label, prediction) counts."""
        guess = ops.greater_equal(ops.convert_to_tensor(y_pred, "float32"), self.threshold)
        super().update_state(y_true, ops.cast(guess, "int32"), sample_weight)


class OneHotIoU(IoU):
    """Intersection over union for one-hot labels; see `IoU`.

    Args:
        num_classes: how many classes there are.
        target_class_ids: the classes whose mean is wanted.
        name: default "one_hot_io_u".
        dtype: in which weights count; default int32.
        ignore_class: labels of this class are left out; default None.
        sparse_y_pred: whether predictions are class numbers, else scores; default False.
        axis: of the classes; default -1.

    Example:
        >>> m = OneHotIoU(2, [1])
        >>> round(float(m([[0, 1], [1, 0]], [[0.2, 0.8], [0.9, 0.1]])), 4)
        1.0

    Source: keras.metrics.OneHotIoU.
    """

    def __init__(
        self,
        num_classes: int,
        target_class_ids: Sequence[int],
        name: str | None = None,
        dtype: object = None,
        ignore_class: int | None = None,
        sparse_y_pred: bool = False,
        axis: int = -1,
    ) -> None:
        super().__init__(
            num_classes, target_class_ids, name, dtype, ignore_class, False, sparse_y_pred, axis
        )


class OneHotMeanIoU(MeanIoU):
    """The mean over all classes of intersection over union for one-hot labels; see `IoU`.

    Args:
        num_classes: how many classes there are.
        name: default "one_hot_mean_io_u".
        dtype: in which weights count; default int32.
        ignore_class: labels of this class are left out; default None.
        sparse_y_pred: whether predictions are class numbers, else scores; default False.
        axis: of the classes; default -1.

    Example:
        >>> m = OneHotMeanIoU(2)
        >>> round(float(m([[0, 1], [1, 0]], [[0.2, 0.8], [0.9, 0.1]])), 4)
        1.0

    Source: keras.metrics.OneHotMeanIoU.
    """

    def __init__(
        self,
        num_classes: int,
        name: str | None = None,
        dtype: object = None,
        ignore_class: int | None = None,
        sparse_y_pred: bool = False,
        axis: int = -1,
    ) -> None:
        super().__init__(num_classes, name, dtype, ignore_class, False, sparse_y_pred, axis)
