"""The nets that rows of the training table are made of."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

Make = Callable[[Any], Any]


def stack(units: int, activation: Any = None, hidden: Any = "tanh", **options: Any) -> Make:
    """Return a maker of 13-17-units; `options` are those of the hidden layer.

    Options that are functions of the module (`lambda k: ...`) are called when the net is made.
    """

    def make(k: Any) -> Any:
        made = {name: v(k) if callable(v) else v for name, v in options.items()}
        return k.Sequential([
            k.Input((13,)),
            k.layers.Dense(17, activation=hidden, name="hidden", **made),
            k.layers.Dense(units, activation=activation, name="out"),
        ])  # fmt: skip

    return make


def wide_and_deep(k: Any) -> Any:
    """Two inputs, two outputs: one number, and scores of five classes."""
    wide, deep = k.Input((3,), name="wide"), k.Input((13,), name="deep")
    hidden = k.layers.Dense(11, activation="tanh", name="hidden")(deep)
    joined = k.layers.Concatenate(name="joined")([wide, hidden])
    main = k.layers.Dense(1, name="main")(joined)
    return k.Model([wide, deep], [main, k.layers.Dense(5, name="aux")(hidden)])


def plain(loss: Any, rate: float = 0.05, **more: Any) -> Callable[[Any], dict[str, Any]]:
    """Return compile arguments with plain descent, and momentum that carries every gradient on."""

    def compiled(k: Any) -> dict[str, Any]:
        made = {name: v(k) if callable(v) else v for name, v in more.items()}
        optimizer = k.optimizers.SGD(rate, momentum=0.5)
        return {"optimizer": optimizer, "loss": loss(k) if callable(loss) else loss, **made}

    return compiled
