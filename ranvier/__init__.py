"""Ranvier: neural networks on ordinary CPUs, the Keras interface compiled.

Every public name is resolved at its first use, so that an import loads only what is used.
"""

import sys as _sys
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
    "api": "what it holds is in the rooms themselves, as ranvier.layers.",
    "engine": "its Layer, InputSpec, Model and Sequential are names of ranvier itself. How numbers "
    "are computed, ranvier.config.set_engine says.",
    "keras": "it is what tf.keras is. Write `import ranvier as keras`, and keras.layers for "
    "tf.keras.layers.",
    "mixed_precision": "everything computes in float32 or float64, which `dtype=` of a layer says.",
    "src": "what it holds is in the rooms themselves, as ranvier.layers.",
}


def __getattr__(name: str) -> object:
    if name not in _PUBLIC:
        from importlib.machinery import PathFinder

        from .graph.errors import absent

        homes: list[str] = []
        # Private names are asked for by tools, our own modules by `from .. import save`.
        if not name.startswith("_") and not PathFinder.find_spec(f"ranvier.{name}", __path__):
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
    return sorted({*__all__, *(name for name in globals() if name.startswith("__"))})


class _Absent:
    """The finder that is asked last: `import` says of a missing name what its module says of it.

    Of its own, Python tells neither `from ranvier.optimizers import legacy` nor
    `import ranvier.applications.vgg16` more than that there is no such name.
    """

    @staticmethod
    def find_spec(name: str, path: object = None, target: object = None) -> None:
        if _sys._getframe(2).f_code.co_name != "_find_and_load_unlocked":
            return  # no import, but `importlib.util.find_spec`, to which "no" is an answer
        room, _, part = name.rpartition(".")
        module = _sys.modules.get(room)
        if room.partition(".")[0] != __name__ or part.startswith("_") or module is None:
            return
        if "__getattr__" in vars(module):
            try:
                getattr(module, part)
            except AttributeError as error:
                # Without `name=`, by which `from ... import` would take it for its own to tell.
                raise ModuleNotFoundError(str(error)) from None


_sys.meta_path.append(_Absent)
