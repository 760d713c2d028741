"""Runs Keras' optimizers on a small problem; a script of its own, for float64 needs JAX's x64.

python keras_oracle.py IN.npz CASES.json OUT.npz: trains every case for the steps asked for and
writes the weights and the optimizer's variables after some of them.
"""

import json
import os
import sys

os.environ["KERAS_BACKEND"] = "jax"
os.environ["JAX_ENABLE_X64"] = "1"

import jax
import jax.numpy as jnp
import keras
import numpy as np


def loss(weights, x, y):
    kernel, bias = weights
    return jnp.mean(jnp.square(jnp.tanh(x @ kernel + bias) - y))


gradient = jax.jit(jax.grad(loss))


def train(case, data, dtype, marks):
    keras.config.set_floatx(dtype)
    x, y = (jnp.asarray(data[k], dtype) for k in ("x", "y"))
    weights = [keras.Variable(data[k], dtype=dtype, name=k) for k in ("kernel", "bias")]
    optimizer = getattr(keras.optimizers, case["class"]).from_config(dict(case["arguments"]))
    if case.get("spared"):
        optimizer.exclude_from_weight_decay(var_names=case["spared"])
    if case.get("constraint"):
        weights[0].constraint = keras.constraints.NonNeg()
    optimizer.build(weights)

    @jax.jit
    def step(values, state):
        return optimizer.stateless_apply(state, gradient(values, x, y), values)

    values, state = [w.value for w in weights], [v.value for v in optimizer.variables]
    out = {}
    for number in range(1, max(marks) + 1):
        values, state = step(values, state)
        if number in marks:
            out.update({f"{number}/{i}": np.asarray(v) for i, v in enumerate(values)})
            out.update({f"{number}/state/{i}": np.asarray(v) for i, v in enumerate(state)})
    return out, np.array([v.name for v in optimizer.variables])


def main(source, cases, target):
    data = np.load(source)
    out = {}
    with open(cases) as file:
        for case in json.load(file):
            for dtype, marks in (("float32", (1, 20)), ("float64", (20, 200))):
                found, out[f"{case['name']}/names"] = train(case, data, dtype, marks)
                out.update({f"{case['name']}/{dtype}/{k}": v for k, v in found.items()})
    np.savez(target, **out)


if __name__ == "__main__":
    main(*sys.argv[1:])
