"""TerminateOnNaN: end training when the loss is no longer a number."""

from __future__ import annotations

import math

from ..graph.errors import LossError
from .callback import Callback, Logs
from .screen import say


class TerminateOnNaN(Callback):
    """Stops training after the batch in which the loss turns NaN or infinite.

    Args:
        raise_error: whether to raise instead; default False: say so and stop.

    Raises:
        LossError: a RuntimeError, with `raise_error`.

    Example:
        >>> TerminateOnNaN().watches_batches("train")
        True

    Source: keras.callbacks.TerminateOnNaN.
    """

    def __init__(self, raise_error: bool = False) -> None:
        super().__init__()
        self.raise_error = raise_error

    def on_batch_end(self, batch: int, logs: Logs | None = None) -> None:
        loss = (logs or {}).get("loss")
        if loss is None or math.isfinite(loss):
            return
        text = f"Batch {batch}: the loss is {loss}, training ends"
        if self.raise_error:
            raise LossError(
                f"{text}. A smaller learning rate, scaled inputs, or clipnorm=1.0 in the "
                "optimizer usually help."
            )
        say(text)
        self.model.stop_training = True
