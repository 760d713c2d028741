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


def __getattr__(name: str) -> object:
    if name == "applications":
        raise AttributeError(
            "ranvier has no `applications`: pretrained weights do not come with it. Save the model "
            "in Keras, model.save('net.keras'), and open it here with ranvier.models.load_model."
        )
    if name not in _PUBLIC:
        from .graph.errors import nearest

        raise AttributeError(f"ranvier has no {name!r}. {nearest(name, _PUBLIC)}")
    place, attribute = _PUBLIC[name]
    value = _import_module(f".{place}", __name__)
    if attribute is not None:
        value = getattr(value, attribute)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *_PUBLIC})
