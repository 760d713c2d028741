"""History: what `fit` returns."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from ..graph.errors import ArgumentError, nearest
from .callback import Callback, Logs
from .record import Record


class History(Callback):
    """Keeps loss and metrics of each epoch; `fit` makes one and returns it.

    Attributes:
        history: name -> list with one float an epoch.
        epoch: the epochs' numbers, from 0.
        params: `verbose`, `epochs` and `steps`.

    Example:
        >>> h = History()
        >>> h.on_train_begin()
        >>> h.on_epoch_end(0, {"loss": 0.5})
        >>> h.history, h.epoch
        ({'loss': [0.5]}, [0])

    Source: keras.callbacks.History.
    """

    def __init__(self) -> None:
        super().__init__()
        self.history: dict[str, list[Any]] = Record()
        self.epoch: list[int] = []

    if not TYPE_CHECKING:  # a checker would take any name for known

        def __getattr__(self, name: str) -> Any:
            words = f"'History' object has no attribute {name!r}."
            model = None if name.startswith("_") else self.model
            if hasattr(type(model), name):
                words += (
                    f" The model has it: fit returns the history, so write history = "
                    f"model.fit(...), and model.{name} after it."
                )
            elif name in self.__dict__.get("history", ()):
                words += f" Write history.history[{name!r}]."
            raise AttributeError(words, name=name, obj=self)

    def on_train_begin(self, logs: Logs | None = None) -> None:
        self.epoch = []

    def on_epoch_end(self, epoch: int, logs: Logs | None = None) -> None:
        self.epoch.append(epoch)
        for key, value in (logs or {}).items():
            self.history.setdefault(key, []).append(value)
        if self.model is not None:
            self.model.history = self

    def plot(self, metrics: str | Sequence[str] | None = None, axes: Any = None) -> Any:
        """Draw the learning curves with matplotlib: a panel a metric, training and validation.

        Args:
            metrics: names without "val_", in the order of the panels; default all, loss first.
            axes: matplotlib axes to draw on, as many as metrics; default a new figure.

        Returns: the axes, a list. `axes[0].figure.savefig("curves.png")` keeps the picture.

        Raises:
            ArgumentError: for a name that the history does not have, or too few axes.

        Example:
            >>> h = History()
            >>> h.history, h.epoch = {"loss": [1.0, 0.5], "val_loss": [1.1, 0.7]}, [0, 1]
            >>> [axis.get_title() for axis in h.plot()]  # doctest: +SKIP
            ['loss']

        Source: the figures of learning curves in both books.
        """
        names = self._panels(metrics)
        if axes is None:
            import matplotlib.pyplot as plt

            axes = plt.subplots(
                1, len(names), figsize=(5.0 * len(names), 3.8), squeeze=False, tight_layout=True
            )[1][0]
        panels = list(axes) if hasattr(axes, "__len__") else [axes]
        if len(panels) < len(names):
            raise ArgumentError(
                f"History.plot, `axes`: got {len(panels)} for {len(names)} metrics, expected one "
                f"each. Name those to draw: metrics={names[: len(panels)]}."
            )
        for name, panel in zip(names, panels, strict=False):
            for key, label in ((name, "training"), (f"val_{name}", "validation")):
                if key in self.history:
                    values = self.history[key]
                    panel.plot(self._epochs_of(values), values, label=label, marker=".")
            panel.set(title=name, xlabel="epoch")
            panel.grid(True, alpha=0.3)
            panel.legend()
        return panels[: len(names)]

    def _panels(self, metrics: str | Sequence[str] | None) -> list[str]:
        known = list(dict.fromkeys(key.removeprefix("val_") for key in self.history))
        if not known:
            raise ArgumentError("History.plot: there is no epoch to draw. Call fit first.")
        if metrics is None:
            return sorted(known, key=lambda name: name != "loss")
        names = [metrics] if isinstance(metrics, str) else list(metrics)
        for name in names:
            if name not in known:
                raise ArgumentError(
                    f"History.plot, `metrics`: got {name!r}. {nearest(name, known)}"
                )
        return names

    def _epochs_of(self, values: Sequence[Any]) -> list[int]:
        """The epochs, from 1, of a list that may have an entry every few epochs only."""
        every = max(1, len(self.epoch) // max(1, len(values)))
        epochs = [epoch + 1 for epoch in self.epoch][every - 1 :: every][: len(values)]
        return epochs if len(epochs) == len(values) else list(range(1, len(values) + 1))
