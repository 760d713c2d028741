"""Ranvier: neural networks on ordinary CPUs, the Keras interface compiled.

Every public name is resolved at its first use, so that an import loads only what is used.
"""

from importlib import import_module as _import_module

__version__ = "0.1.0"

#: Each public name, the module that holds it, and its name there (None: the module itself).
#: `__init__.pyi` says the same to type checkers.
_PUBLIC = {
    # modules
    "activations": ("activations", None),
    "backend": ("backend", None),
    "callbacks": ("callbacks", None),
    "config": ("config", None),
    "constraints": ("constraints", None),
    "datasets": ("datasets", None),
    "errors": ("errors", None),
    "initializers": ("initializers", None),
    "layers": ("layers", None),
    "learn": ("learn", None),
    "losses": ("losses", None),
    "metrics": ("metrics", None),
    "models": ("models", None),
    "ops": ("ops", None),
    "optimizers": ("optimizers", None),
    "preprocessing": ("preprocessing", None),
    "random": ("random", None),
    "regularizers": ("regularizers", None),
    "saving": ("saving", None),
    "utils": ("utils", None),
    "wrappers": ("wrappers", None),
    # classes and functions
    "Function": ("layers", "Function"),
    "Functional": ("model", "Functional"),
    "GradientTape": ("transform", "GradientTape"),
    "Initializer": ("initializers", "Initializer"),
    "Input": ("layers", "Input"),
    "InputSpec": ("layers", "InputSpec"),
    "KerasTensor": ("layers", "KerasTensor"),
    "Layer": ("layers", "Layer"),
    "Loss": ("losses", "Loss"),
    "Metric": ("metrics", "Metric"),
    "Model": ("model", "Model"),
    "Optimizer": ("optimizers", "Optimizer"),
    "Regularizer": ("regularizers", "Regularizer"),
    "SeedGenerator": ("random", "SeedGenerator"),
    "Sequential": ("model", "Sequential"),
    "Variable": ("graph", "Variable"),
    "fit_many": ("model", "fit_many"),
    "function": ("model", "function"),
    "grad": ("transform", "grad"),
    "value_and_grad": ("transform", "value_and_grad"),
    "version": ("config", "version"),
}

__all__ = ["__version__", *_PUBLIC]


#: What to use in place of modules that Keras or TensorFlow has here.
_GONE = {
    "applications": "pretrained weights do not come with it. Save the model in Keras, "
    "model.save('net.keras'), and open it here with ranvier.models.load_model.",
    "keras": "it is what tf.keras is. Write `import ranvier as keras`, and keras.layers for "
    "tf.keras.layers.",
    "mixed_precision": "everything computes in float32 or float64, which `dtype=` of a layer says.",
}


def __getattr__(name: str) -> object:
    if name not in _PUBLIC:
        from importlib.util import find_spec

        from .graph.errors import absent

        homes: list[str] = []
        # Private names are asked for by tools, our own modules by `from .. import save`.
        if not name.startswith("_") and find_spec(f"ranvier.{name}") is None:
            rooms = [f"ranvier.{room}" for room, (_, part) in _PUBLIC.items() if part is None]
            homes = [room for room in rooms if name in dir(_import_module(room))]
        ways = {name: f"it is {' or '.join(f'{h}.{name}' for h in homes)}."} if homes else {}
        return absent("ranvier", _PUBLIC, ways | _GONE)(name)
    place, attribute = _PUBLIC[name]
    value = _import_module(f".{place}", __name__)
    if attribute is not None:
        value = getattr(value, attribute)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *_PUBLIC})
