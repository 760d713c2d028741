"""OneCycleScheduler: the learning rate up, down, and then out."""

from __future__ import annotations

from ..graph.errors import ArgumentError
from .callback import Callback, Logs


class OneCycleScheduler(Callback):
    """Raises the learning rate over the first half of training and lowers it over the second.

    In straight lines from `start_lr` to `max_lr` and back, then over the last steps down to
    `last_lr`, where it stays.

    Args:
        iterations: steps of the whole training: epochs times batches an epoch.
        max_lr: the rate at the top, default 1e-3.
        start_lr: the rate at the start, default max_lr / 10.
        last_iterations: steps of the last part, default iterations // 10 + 1.
        last_lr: the rate at the end, default start_lr / 1000.

    Raises:
        ArgumentError: if there are too few iterations for all three parts.

    Example:
        >>> OneCycleScheduler(100, max_lr=0.1).rate(44)
        0.1

    Source: Smith, "A disciplined approach to neural network hyper-parameters" (2018), as the
    Hands-On Machine Learning notebooks write it.
    """

    def __init__(
        self,
        iterations: int,
        max_lr: float = 1e-3,
        start_lr: float | None = None,
        last_iterations: int | None = None,
        last_lr: float | None = None,
    ) -> None:
        super().__init__()
        self.iterations, self.max_lr = iterations, max_lr
        self.start_lr = start_lr or max_lr / 10
        self.last_iterations = last_iterations or iterations // 10 + 1
        self.half_iteration = (iterations - self.last_iterations) // 2
        self.last_lr = last_lr or self.start_lr / 1000
        self.iteration = 0
        if self.half_iteration < 1:
            raise ArgumentError(
                f"OneCycleScheduler, `iterations`: got {iterations}, of which the last part takes "
                f"{self.last_iterations}, expected at least 2 more. Give epochs times batches an "
                "epoch."
            )

    def rate(self, iteration: int) -> float:
        """Return the learning rate of a step, counted from 0."""
        half, end = self.half_iteration, self.iterations
        if iteration < half:
            return _between(iteration, 0, half, self.start_lr, self.max_lr)
        if iteration < 2 * half:
            return _between(iteration, half, 2 * half, self.max_lr, self.start_lr)
        return _between(min(iteration, end), 2 * half, end, self.start_lr, self.last_lr)

    def on_train_batch_begin(self, batch: int, logs: Logs | None = None) -> None:
        self.model.optimizer.learning_rate = self.rate(self.iteration)
        self.iteration += 1


def _between(at: int, start: int, stop: int, first: float, last: float) -> float:
    return (last - first) * (at - start) / (stop - start) + first
