"""SwapEMAWeights: judge a model by the moving averages of its weights."""

from __future__ import annotations

from typing import Any

from ..graph.errors import ArgumentError
from .callback import Callback, Logs


class SwapEMAWeights(Callback):
    """Puts the moving averages into the weights while the model is evaluated or predicts.

    Afterwards weights and averages change places again. The optimizer must keep averages:
    `SGD(use_ema=True)`.

    Args:
        swap_on_epoch: whether the averages are also in the weights from the end of an epoch to
            the beginning of the next, for a ModelCheckpoint that comes after; default False.

    Raises:
        ArgumentError: if the optimizer keeps no averages.

    Example:
        >>> SwapEMAWeights(swap_on_epoch=True).swap_on_epoch
        True

    Source: keras.callbacks.SwapEMAWeights, which leaves the averages in after `predict`, and
    loses them where training stops early with swap_on_epoch.
    """

    def __init__(self, swap_on_epoch: bool = False) -> None:
        super().__init__()
        self.swap_on_epoch = swap_on_epoch
        self._inside = False

    def on_train_begin(self, logs: Logs | None = None) -> None:
        self._inside = False

    def on_epoch_begin(self, epoch: int, logs: Logs | None = None) -> None:
        if self.swap_on_epoch:
            self._put_back()

    def on_epoch_end(self, epoch: int, logs: Logs | None = None) -> None:
        if self.swap_on_epoch:
            self._put_in()

    def on_train_end(self, logs: Logs | None = None) -> None:
        self._inside = False  # `fit` has left the averages in the weights

    def on_test_begin(self, logs: Logs | None = None) -> None:
        self._put_in()

    def on_test_end(self, logs: Logs | None = None) -> None:
        self._put_back()

    def on_predict_begin(self, logs: Logs | None = None) -> None:
        self._put_in()

    def on_predict_end(self, logs: Logs | None = None) -> None:
        self._put_back()

    def _put_in(self) -> None:
        if not self._inside:
            self._inside = bool(self._optimizer().swap_averages())

    def _put_back(self) -> None:
        if self._inside:
            self._optimizer().swap_averages()
            self._inside = False

    def _optimizer(self) -> Any:
        optimizer = self.model.optimizer
        if not getattr(optimizer, "use_ema", False):
            raise ArgumentError(
                f"SwapEMAWeights: the optimizer {type(optimizer).__name__} keeps no moving "
                f"averages. Make it with use_ema=True: {type(optimizer).__name__}(use_ema=True)."
            )
        return optimizer
