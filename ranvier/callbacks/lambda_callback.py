"""LambdaCallback: functions as hooks."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ..graph.errors import ArgumentTypeError, nearest
from ..graph.function import takes
from .callback import HOOKS, Callback

Hook = Callable[..., Any] | None


class LambdaCallback(Callback):
    """A callback made of functions.

    Args:
        on_epoch_begin, on_epoch_end: `function(epoch, logs)`.
        on_train_begin, on_train_end: `function(logs)`.
        on_train_batch_begin, on_train_batch_end: `function(batch, logs)`.
        hooks: any other hook of Callback, by name.

    Raises:
        ArgumentTypeError: for a name that is no hook, something that cannot be called, or a
            function of other arguments.

    Example:
        >>> told = LambdaCallback(on_epoch_end=lambda epoch, logs: print(epoch, logs["loss"]))
        >>> told.on_epoch_end(0, {"loss": 0.5})
        0 0.5

    Source: keras.callbacks.LambdaCallback.
    """

    def __init__(
        self,
        on_epoch_begin: Hook = None,
        on_epoch_end: Hook = None,
        on_train_begin: Hook = None,
        on_train_end: Hook = None,
        on_train_batch_begin: Hook = None,
        on_train_batch_end: Hook = None,
        **hooks: Hook,
    ) -> None:
        super().__init__()
        hooks |= {
            "on_epoch_begin": on_epoch_begin, "on_epoch_end": on_epoch_end,
            "on_train_begin": on_train_begin, "on_train_end": on_train_end,
            "on_train_batch_begin": on_train_batch_begin, "on_train_batch_end": on_train_batch_end,
        }  # fmt: skip
        for name, function in hooks.items():
            if name not in HOOKS:
                raise ArgumentTypeError(
                    f"LambdaCallback: got `{name}`, which is no hook. {nearest(name, HOOKS)}"
                )
            if function is None:
                continue
            if not callable(function):
                raise ArgumentTypeError(
                    f"LambdaCallback, `{name}`: got {function!r}, expected a function."
                )
            setattr(self, name, takes(function, f"LambdaCallback, `{name}`", *HOOKS[name]))
