"""The network that an estimator's parameters describe: dense layers and one output a head."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ranvier import Input, Model, Sequential, layers, optimizers, regularizers
from ranvier.errors import ArgumentError, RanvierError

from .head import Head

#: scikit-learn's names of activations.
_ACTIVATIONS = {"identity": "linear", "logistic": "sigmoid"}


def widths(given: Any) -> list[int]:
    """Return the widths of hidden layers from one number or several."""
    return [given] if not hasattr(given, "__iter__") else list(given)


def build(
    estimator: Any, shape: tuple[int, ...], heads: Sequence[Head], weight: float, dtype: str
) -> Any:
    """Return a new network.

    Args:
        estimator: what has the parameters.
        shape: of a row.
        heads: its outputs.
        weight: the sum of the sample weights of a batch, by which scikit-learn divides alpha.
        dtype: the float type of all layers.
    """
    activation = _ACTIVATIONS.get(estimator.activation, estimator.activation)
    words: dict[str, Any] = {"kernel_regularizer": penalty_of(estimator, weight), "dtype": dtype}
    hidden = [
        layers.Dense(width, activation=activation, **words)
        for width in widths(estimator.hidden_layer_sizes)
    ]
    out = [layers.Dense(head.units, activation=head.activation, **words) for head in heads]
    if len(out) == 1:
        model: Any = Sequential([Input(shape, dtype=dtype), *hidden, *out])
    else:
        at = first = Input(shape, dtype=dtype)
        for layer in hidden:
            at = layer(at)
        model = Model(first, [layer(at) for layer in out])
    model.dtype_policy = dtype  # else it rounds what it is given to the default type
    return model


def penalize(model: Any, penalty: Any) -> None:
    """Give a network's kernels another penalty, before it is compiled again."""
    for layer in model.layers:
        if hasattr(layer, "kernel_regularizer"):
            layer.kernel_regularizer = layer.kernel.regularizer = penalty


def penalty_of(estimator: Any, weight: float) -> Any:
    """Return alpha's penalty where the rows of a batch count so much together."""
    return regularizers.L2(estimator.alpha / (2 * weight)) if estimator.alpha else None


def compile_for(estimator: Any, model: Any, heads: Sequence[Head], dtype: str = "float32") -> None:
    """Compile a network with the estimator's solver and the losses of its heads."""
    made = [head.made_loss(dtype) for head in heads]
    losses, factors = [loss for loss, _ in made], [factor for _, factor in made]
    weigh = None if set(factors) == {1.0} else factors
    model.compile(optimizer=solver(estimator), loss=losses, loss_weights=weigh)


def solver(estimator: Any) -> Any:
    """Return a new optimizer: "adam" and "sgd" as scikit-learn has them, or any of Ranvier's."""
    given = estimator.solver
    rate = estimator.learning_rate_init
    if given == "sgd":
        nesterov = estimator.nesterovs_momentum and estimator.momentum > 0
        return optimizers.SGD(rate, momentum=estimator.momentum, nesterov=nesterov)
    if given == "adam":
        return optimizers.Adam(
            rate, beta_1=estimator.beta_1, beta_2=estimator.beta_2, epsilon=estimator.epsilon
        )
    if isinstance(given, optimizers.Optimizer):
        return type(given).from_config(given.get_config())
    try:
        found: Any = optimizers.get(given)
    except RanvierError as error:
        words = str(error).removeprefix("`optimizer`: ")
        raise ArgumentError(f"{type(estimator).__name__}, `solver`: {words}") from error
    found.learning_rate = rate
    return found
