"""A dense network for a task: scaling, hidden layers, one output for each class."""

from __future__ import annotations

from typing import Any

from .task import Task


def build(
    task: Task, hidden: tuple[int, ...] = (100,), activation: str = "relu", dropout: float = 0.0
) -> Any:
    """Return a model that takes the rows of a task as they come: it scales them itself.

    Args:
        task: what there is to learn.
        hidden: the width of each hidden layer.
        activation: of every hidden layer, by name.
        dropout: the share of each hidden layer's outputs that is dropped while training.
    """
    from ranvier import Input, Sequential, layers

    model = Sequential(name=task.model_name)
    model.add(Input(shape=task.x_train.shape[1:]))
    if task.has_images:
        model.add(layers.Rescaling(1 / 255))
        model.add(layers.Flatten())
    else:
        scaling = layers.Normalization()
        scaling.adapt(task.x_train)
        model.add(scaling)
    for width in hidden:
        model.add(layers.Dense(width, activation=activation))
        if dropout:
            model.add(layers.Dropout(dropout))
    if task.classifies:
        model.add(layers.Dense(len(task.class_names), activation="softmax"))
    else:
        model.add(layers.Dense(1))
    return model


def compile_for(task: Task, model: Any, optimizer: str, learning_rate: float | None) -> None:
    """Compile a model with the loss and the metric of its task."""
    from ranvier import optimizers

    chosen: Any = optimizers.get(optimizer)
    if learning_rate is not None:
        chosen.learning_rate = learning_rate
    if task.classifies:
        model.compile(
            optimizer=chosen, loss="sparse_categorical_crossentropy", metrics=["accuracy"]
        )
    else:
        model.compile(optimizer=chosen, loss="mse", metrics=["mae"])


def describe(model: Any) -> str:
    """Return the widths of a dense network from input to output, such as "784-100-10"."""
    dense = [layer for layer in model.layers if type(layer).__name__ == "Dense"]
    widths = [dense[0].kernel.shape[0], *(layer.units for layer in dense)]
    return "-".join(str(width) for width in widths)
