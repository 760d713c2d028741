"""The books' ladder of models for Fashion-MNIST: how each is made, and what the book prints."""

from __future__ import annotations

import time
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from . import signals

if TYPE_CHECKING:
    import numpy as np

#: Of `ranvier.optimizers`, for the network of 300 and 100; plain ones with the books' rates.
OPTIMIZERS = ("sgd", "momentum", "nesterov", "adagrad", "rmsprop", "adam", "adamax", "nadam",
              "adamw")  # fmt: skip


@dataclass(frozen=True)
class Rung:
    """One model of the ladder.

    Attributes:
        name: what options call it.
        title: what the table calls it.
        make: returns a compiled model or, where `estimator`, an estimator of scikit-learn's kind
            for so many epochs.
        figure: the accuracy that the book prints, None where it prints none.
        source: where.
    """

    name: str
    title: str
    make: Callable[..., Any]
    figure: float | None = None
    source: str = ""
    estimator: bool = False


@dataclass(frozen=True)
class Result:
    """What a rung reached: an accuracy a fold, and the seconds of all folds together."""

    rung: Rung
    accuracies: np.ndarray
    seconds: float


def rungs() -> tuple[Rung, ...]:
    """Return the ladder from bottom to top."""
    hg, hands_on = "Hon-gong", "Hands-On 3"
    return (
        Rung("sgd-sklearn", "logistic regression by SGD, scikit-learn's", _sklearn, 0.8194,
             f"{hg} 7-1, 5 epochs", True),
        Rung("sgd", "logistic regression by SGD, ranvier's", _logistic, 0.8194,
             f"{hg} 7-1, 5 epochs", True),
        Rung("softmax", "one dense softmax layer", lambda: dense(()), 0.8458,
             f"{hg} 7-1, 5 epochs"),
        Rung("sigmoid-100", "100 sigmoid", lambda: dense((100,), "sigmoid"), 0.8759,
             f"{hg} 7-2, 5 epochs, on the rows that train"),
        Rung("relu-100", "100 ReLU", lambda: dense((100,)), 0.8665, f"{hg} 7-2, 5 epochs"),
        Rung("relu-100-adam", "100 ReLU, Adam", lambda: dense((100,), optimizer="adam"), 0.8726,
             f"{hg} 7-2, 5 epochs"),
        *(_deep(name, hands_on) for name in OPTIMIZERS),
        Rung("convnet", "convnet 32-64-100", convnet, 0.9201, f"{hg} 8-2, 8 epochs"),
    )  # fmt: skip


def climb(
    rung: Rung, x: np.ndarray, y: np.ndarray, folds: int, epochs: int, batch: int, seed: int,
    tell: Callable[[int], None] = lambda done: None,
) -> Result:  # fmt: skip
    """Cross-validate one rung.

    Args:
        rung: the model.
        x: images with values from 0 to 1.
        y: labels.
        folds, epochs, batch, seed: of the cross-validation; `batch` of networks.
        tell: told how many epochs of a network's folds are done.

    Raises:
        KeyboardInterrupt: on a signal, also where some folds are done: a rung counts with all.
    """
    from ranvier import callbacks, learn

    done = 0

    def count(*_: Any) -> None:
        nonlocal done
        done += 1
        tell(done)

    begun = time.perf_counter()
    if rung.estimator:
        from sklearn.model_selection import cross_val_score

        estimator = rung.make(epochs, seed)
        found = cross_val_score(estimator, x.reshape(len(x), -1), y, cv=folds)
    else:
        with warnings.catch_warnings():
            warnings.filterwarnings("ignore", message="cross_validate: interrupted")
            result = learn.cross_validate(
                rung.make, x, y, cv=folds, epochs=epochs, batch_size=batch, seed=seed, verbose=0,
                return_predictions=False,
                callbacks=lambda: [callbacks.LambdaCallback(on_epoch_end=count)],
            )  # fmt: skip
        if result.interrupted:
            raise signals.again()
        found = result.scores["accuracy"]
    return Result(rung, found, time.perf_counter() - begun)


def dense(hidden: tuple[int, ...], activation: str = "relu", optimizer: Any = "rmsprop") -> Any:
    """Return a dense network, compiled as the books do."""
    from ranvier import Input, Sequential, layers

    stack = [layers.Dense(width, activation=activation) for width in hidden]
    model = Sequential([
        Input((28, 28)), layers.Flatten(), *stack, layers.Dense(10, activation="softmax")
    ])  # fmt: skip
    return _compiled(model, optimizer)


def convnet() -> Any:
    """Return the Hon-gong book's convolutional network."""
    from ranvier import Input, Sequential, layers

    model = Sequential([
        Input((28, 28)), layers.Reshape((28, 28, 1)),
        layers.Conv2D(32, 3, activation="relu", padding="same"), layers.MaxPooling2D(2),
        layers.Conv2D(64, 3, activation="relu", padding="same"), layers.MaxPooling2D(2),
        layers.Flatten(), layers.Dense(100, activation="relu"), layers.Dropout(0.4),
        layers.Dense(10, activation="softmax"),
    ])  # fmt: skip
    return _compiled(model, "adam")


def _deep(name: str, book: str) -> Rung:
    told = (0.8894, f"{book} 10, 30 epochs") if name == "sgd" else (None, "")
    return Rung(f"300-100-{name}", f"300-100 ReLU, {name}",
                lambda: dense((300, 100), optimizer=_optimizer(name)), *told)  # fmt: skip


def _optimizer(name: str) -> Any:
    from ranvier import optimizers

    if name in ("momentum", "nesterov"):
        return optimizers.SGD(0.01, momentum=0.9, nesterov=name == "nesterov")
    return optimizers.Adagrad(0.01) if name == "adagrad" else optimizers.get(name)


def _compiled(model: Any, optimizer: Any) -> Any:
    model.compile(optimizer, "sparse_categorical_crossentropy", metrics=["accuracy"])
    return model


def _sklearn(epochs: int, seed: int) -> Any:
    from sklearn.linear_model import SGDClassifier

    return SGDClassifier(loss="log_loss", max_iter=epochs, tol=None, random_state=seed)


def _logistic(epochs: int, seed: int) -> Any:
    from ranvier import learn

    return learn.LogisticRegressionSGD(max_iter=epochs, tol=None, random_state=seed)
