"""CallbackList: several callbacks called as one."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from ..graph.errors import ArgumentTypeError
from ..graph.function import takes
from .callback import HOOKS, Callback, overrides
from .history import History
from .progbar_logger import ProgbarLogger
from .record import Record

#: Logs, or a function that reads them when someone wants to know.
LazyLogs = dict[str, Any] | Callable[[], dict[str, Any]] | None


class CallbackList:
    """Calls each hook of several callbacks in their order, with the same sorted plain floats.

    Hooks that no callback overrides cost nothing. `logs` may be a function; it is called only if
    some callback looks at them (a progress bar that is not due does not).

    Args:
        callbacks: callbacks, or a nested list of them.
        add_history: add a History at the end unless there is one.
        add_progbar: add a ProgbarLogger at the end unless there is one.
        model: handed to each callback.
        params: `verbose`, `epochs` and `steps`, handed to each callback.

    Attributes:
        history: the History, if any.

    Example:
        >>> calls = CallbackList([], add_history=True)
        >>> calls.watches_batches("train")
        False

    Source: keras.callbacks.CallbackList.
    """

    def __init__(
        self,
        callbacks: Any = None,
        add_history: bool = False,
        add_progbar: bool = False,
        model: Any = None,
        **params: Any,
    ) -> None:
        self.callbacks: list[Any] = list(_flat(callbacks))
        if add_history and not any(isinstance(c, History) for c in self.callbacks):
            self.callbacks.append(History())
        if add_progbar and not any(isinstance(c, ProgbarLogger) for c in self.callbacks):
            self.callbacks.append(ProgbarLogger())
        self.history = next((c for c in self.callbacks if isinstance(c, History)), None)
        self.model: Any = None
        self.params: dict[str, Any] = {}
        self.set_model(model)
        self.set_params(params)
        self._hooks: dict[str, list[tuple[Any, Any]]] = {}

    def append(self, callback: Any) -> None:
        """Add a callback."""
        self.callbacks += _flat([callback])
        self._hooks.clear()

    def set_params(self, params: dict[str, Any]) -> None:
        """Hand `verbose`, `epochs` and `steps` to each callback."""
        self.params = params
        if params:
            for callback in self.callbacks:
                callback.set_params(params)

    def set_model(self, model: Any) -> None:
        """Hand the model to each callback."""
        if model is None:
            return
        self.model = model
        if self.history is not None:
            model.history = self.history
        for callback in self.callbacks:
            callback.set_model(model)

    def watches_batches(self, mode: str) -> bool:
        """Tell whether some callback must hear of each batch; `mode`: train, test or predict."""
        return any(_watches(callback, mode) for callback in self.callbacks)

    def hears(self, hooks: Iterable[str], callbacks: Sequence[Any] | None = None) -> bool:
        """Tell whether some callback, or one of `callbacks`, overrides one of the hooks."""
        heard = self.callbacks if callbacks is None else callbacks
        return any(_listeners(heard, hook) for hook in hooks)

    def on_epoch_begin(self, epoch: int, logs: LazyLogs = None) -> None:
        self._call("on_epoch_begin", logs, epoch)

    def on_epoch_end(self, epoch: int, logs: LazyLogs = None) -> None:
        self._call("on_epoch_end", logs, epoch)

    def on_batch_begin(self, batch: int, logs: LazyLogs = None) -> None:
        self._call("on_batch_begin", logs, batch)

    def on_batch_end(self, batch: int, logs: LazyLogs = None) -> None:
        self._call("on_batch_end", logs, batch)

    def on_train_batch_begin(self, batch: int, logs: LazyLogs = None) -> None:
        self._call("on_train_batch_begin", logs, batch)

    def on_train_batch_end(self, batch: int, logs: LazyLogs = None) -> None:
        self._call("on_train_batch_end", logs, batch)

    def on_test_batch_begin(self, batch: int, logs: LazyLogs = None) -> None:
        self._call("on_test_batch_begin", logs, batch)

    def on_test_batch_end(self, batch: int, logs: LazyLogs = None) -> None:
        self._call("on_test_batch_end", logs, batch)

    def on_predict_batch_begin(self, batch: int, logs: LazyLogs = None) -> None:
        self._call("on_predict_batch_begin", logs, batch)

    def on_predict_batch_end(self, batch: int, logs: LazyLogs = None) -> None:
        self._call("on_predict_batch_end", logs, batch)

    def on_train_begin(self, logs: LazyLogs = None) -> None:
        self._call("on_train_begin", logs)

    def on_train_end(self, logs: LazyLogs = None) -> None:
        self._call("on_train_end", logs)

    def on_test_begin(self, logs: LazyLogs = None) -> None:
        self._call("on_test_begin", logs)

    def on_test_end(self, logs: LazyLogs = None) -> None:
        self._call("on_test_end", logs)

    def on_predict_begin(self, logs: LazyLogs = None) -> None:
        self._call("on_predict_begin", logs)

    def on_predict_end(self, logs: LazyLogs = None) -> None:
        self._call("on_predict_end", logs)

    def _call(self, hook: str, logs: LazyLogs, *args: int) -> None:
        if hook not in self._hooks:
            self._hooks[hook] = _listeners(self.callbacks, hook)
        values: dict[str, Any] | None = None
        for callback, method in self._hooks[hook]:
            if "_batch_" in hook and isinstance(callback, ProgbarLogger) and not callback.due():
                callback.skip(hook, args[0])
                continue
            if values is None:
                values = plain(logs() if callable(logs) else logs)
            method(*args, values)


def plain(logs: dict[str, Any] | None) -> dict[str, Any]:
    """Return logs sorted by name, numbers as floats, nested ones side by side.

    Example:
        >>> plain({"loss": 1, "accuracy": 0.5})
        {'accuracy': 0.5, 'loss': 1.0}
    """
    result = Record()
    for key, value in sorted((logs or {}).items()):
        if isinstance(value, dict):
            result.update(plain(value))
        else:
            try:
                result[key] = float(value)
            except (TypeError, ValueError):
                result[key] = value
    return result


def _listeners(callbacks: Iterable[Any], hook: str) -> list[tuple[Any, Any]]:
    older = {"on_train_batch_begin": "on_batch_begin", "on_train_batch_end": "on_batch_end"}
    names = [hook, older[hook]] if hook in older else [hook]
    return [(c, getattr(c, hook)) for c in callbacks if any(overrides(c, name) for name in names)]


def _watches(callback: Any, mode: str) -> bool:
    if hasattr(callback, "watches_batches"):
        return bool(callback.watches_batches(mode))
    return Callback.watches_batches(callback, mode)


def _flat(callbacks: Any) -> Iterable[Any]:
    if callbacks is None:
        return
    if not isinstance(callbacks, (list, tuple)):
        callbacks = [callbacks]
    for item in callbacks:
        if isinstance(item, (list, tuple)):
            yield from _flat(item)
        elif inspect.isclass(item):
            raise ArgumentTypeError(
                f"callbacks: got the class {item.__name__}, expected a callback made from it. "
                f"Write {item.__name__}()."
            )
        elif not hasattr(item, "set_model") or not hasattr(item, "on_epoch_end"):
            raise ArgumentTypeError(
                f"callbacks: got {item!r} of type {type(item).__name__}, expected a Callback. For "
                "a function write LambdaCallback(on_epoch_end=function)."
            )
        else:
            if not type(item).__module__.startswith("ranvier."):
                _check_hooks(item)
            yield item


def _check_hooks(callback: Any) -> None:
    """Refuse hooks that take other arguments than they get: at once, not after an epoch."""
    for hook, names in HOOKS.items():
        if overrides(callback, hook):
            takes(getattr(callback, hook), f"{type(callback).__name__}.{hook}", *names)
