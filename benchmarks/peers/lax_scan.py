"""The same training step written by hand with `jax.lax.scan`: one epoch is one compiled call."""

import jax
import jax.numpy as jnp
import numpy as np
from data import load
from turns import TURN_SECONDS, serve, timed

BATCH = 32


def start(net, rng):
    """Glorot-uniform weights and zero biases."""
    layers = []
    for inputs, outputs in zip(net, net[1:], strict=False):
        limit = (6 / (inputs + outputs)) ** 0.5
        weight = rng.uniform(-limit, limit, (inputs, outputs)).astype(np.float32)
        layers.append((jnp.asarray(weight), jnp.zeros(outputs, jnp.float32)))
    return layers


def loss_and_hits(layers, x, y):
    """Softmax cross-entropy of a ReLU network, and how many rows it has right."""
    for weight, bias in layers[:-1]:
        x = jax.nn.relu(x @ weight + bias)
    logits = x @ layers[-1][0] + layers[-1][1]
    chosen = jnp.take_along_axis(jax.nn.log_softmax(logits), y[:, None], 1)
    return -chosen.mean(), (logits.argmax(1) == y).sum()


def sgd(param, grad, slots, step):
    return param - 0.01 * grad, slots


def rmsprop(param, grad, slots, step):
    velocity = 0.9 * slots[0] + 0.1 * grad * grad
    return param - 0.001 * grad / (jnp.sqrt(velocity) + 1e-7), (velocity,)


def adam(param, grad, slots, step):
    first = 0.9 * slots[0] + 0.1 * grad
    second = 0.999 * slots[1] + 0.001 * grad * grad
    rate = 0.001 * jnp.sqrt(1 - 0.999**step) / (1 - 0.9**step)
    return param - rate * first / (jnp.sqrt(second) + 1e-7), (first, second)


RULES = {"sgd": (sgd, 0), "rmsprop": (rmsprop, 1), "adam": (adam, 2)}


def prepare(job):
    """Compile one epoch; a turn shuffles and runs it."""
    x, y = load(job)
    rng = np.random.default_rng(7)
    steps = len(x) // BATCH
    layers = start(job["net"], rng)
    rule, count = RULES[job["optimizer"]]
    slots = jax.tree.map(lambda p: tuple(jnp.zeros_like(p) for _ in range(count)), layers)
    x, y = jnp.asarray(x), jnp.asarray(y.astype(np.int32))

    def one_step(carry, rows):
        layers, slots, step = carry
        step = step + 1
        task = jax.value_and_grad(loss_and_hits, has_aux=True)
        (loss, hits), grads = task(layers, x[rows], y[rows])
        new_layers, new_slots = [], []
        for params, gradients, memory in zip(layers, grads, slots, strict=True):
            pairs = [rule(*parts, step) for parts in zip(params, gradients, memory, strict=True)]
            new_layers.append(tuple(p for p, _ in pairs))
            new_slots.append(tuple(s for _, s in pairs))
        return (new_layers, new_slots, step), (loss, hits)

    @jax.jit
    def epoch(carry, order):
        carry, (losses, hits) = jax.lax.scan(one_step, carry, order)
        return carry, losses.mean(), hits.sum()

    state = {"carry": (layers, slots, jnp.float32(0))}

    def run():
        order = rng.permutation(len(x))[: steps * BATCH].astype(np.int32).reshape(steps, BATCH)
        state["carry"], loss, hits = epoch(state["carry"], order)
        jax.block_until_ready((state["carry"], loss, hits))
        state["accuracy"] = float(hits) / (steps * BATCH)

    run()
    return (lambda: {"us": timed(run, steps, TURN_SECONDS), "accuracy": state["accuracy"]}), {
        "version": jax.__version__
    }


if __name__ == "__main__":
    serve(prepare)
