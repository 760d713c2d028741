"""Configs: the dicts by which Keras describes objects, and the objects that they describe."""

from __future__ import annotations

import inspect
from collections.abc import Iterator, Mapping
from contextvars import ContextVar
from typing import Any

import numpy as np

from ..graph.config import parameters
from ..graph.errors import ArgumentError, ModelFileError, RanvierError
from ..graph.registry import (
    custom_object_scope,
    get_registered_name,
    get_registered_object,
    lambdas_numbered,
    name_in_file,
)
from .known import known_class, known_function, public_name

#: What Keras calls a tensor between two layers, and where it keeps operations such as `x + y`.
TENSOR, OPERATIONS = "__keras_tensor__", "keras.src.ops."
_CODE = {"__lambda__": "a lambda", "Lambda": "a Lambda layer", "__typespec__": "a TensorFlow type"}
# Arguments of Keras that Ranvier does not have, and values at which they change nothing.
# Others are left out only where they are None or False.
_NEUTRAL = {"renorm_momentum": (0.99,)}
_FEATURES = "keras.src.layers.preprocessing.feature_space"
# Models live beyond this room; these are the names that Keras has for them.
_MODELS = {
    "ranvier.model.sequential.Sequential": ("keras", "Sequential", None),
    "ranvier.model.functional.Functional": (
        "keras.src.models.functional", "Functional", "Functional",
    ),
    "ranvier.layers.dtype_policy.DTypePolicy": ("keras", "DTypePolicy", None),
    "ranvier.model.feature_space.FeatureSpace": ("keras.utils", "FeatureSpace", None),
    "ranvier.model.feature.Feature": (_FEATURES, "Feature", "Feature"),
    "ranvier.model.feature.Cross": (_FEATURES, "Cross", "Cross"),
}  # fmt: skip
#: What a config may break where an object is made or compiled from it.
BROKEN = (RanvierError, ArithmeticError, AssertionError, AttributeError, LookupError, TypeError,
          ValueError, RuntimeError, MemoryError)  # fmt: skip
_READER: ContextVar[Reader | None] = ContextVar("reader", default=None)


def serialize(obj: Any) -> Any:
    """Return an object as plain data, in the form that Keras 3 writes.

    Args:
        obj: an object with `get_config`, a named function, or nested lists and dicts of these and
            of numbers, strings and arrays.

    Returns:
        For an object a dict with "module", "class_name", "config" and "registered_name"; a layer
        adds "build_config", a compiled model "compile_config".

    Raises:
        ArgumentError: for what has no config.

    Source: keras.saving.serialize_keras_object; of a lambda only a name is written, "<lambda>",
    then "<lambda_1>" and so on, since files never hold code.
    """
    with lambdas_numbered():
        return _written(obj)


def _written(obj: Any) -> Any:
    if obj is None or isinstance(obj, (bool, int, float, str)):
        return obj
    if isinstance(obj, (list, tuple)):
        return type(obj)([serialize(part) for part in obj])
    if isinstance(obj, Mapping):
        return {key: serialize(value) for key, value in obj.items()}
    special = _special(obj)
    if special is not None:
        return special
    if (
        inspect.isfunction(obj)
        or inspect.isbuiltin(obj)
        or (public_name(obj) is not None and not isinstance(obj, type))
    ):
        return _function(obj)
    if not hasattr(obj, "get_config") or isinstance(obj, type):
        raise ArgumentError(
            f"serialize: got {obj!r:.80}, which has no config. Give its class a `get_config` that "
            "returns the arguments of `__init__` as a dict."
        )
    return _object(obj)


def _special(obj: Any) -> Any:
    if isinstance(obj, np.generic):
        return obj.item()
    if isinstance(obj, np.ndarray) or hasattr(obj, "__ranvier_value__"):
        array = np.asarray(obj)
        value = {"value": array.tolist(), "dtype": array.dtype.name}
        return {"class_name": "__numpy__", "config": value} if array.ndim else array.item()
    if isinstance(obj, bytes):
        return {"class_name": "__bytes__", "config": {"value": obj.decode("utf-8")}}
    if isinstance(obj, slice):
        ends = {"start": obj.start, "stop": obj.stop, "step": obj.step}
        return {"class_name": "__slice__", "config": serialize(ends)}
    if obj is Ellipsis:
        return {"class_name": "__ellipsis__", "config": {}}
    return None


def _function(function: Any) -> dict[str, Any]:
    public = public_name(function)
    name = public[1] if public else name_in_file(function)
    return {
        "module": "builtins",
        "class_name": "function",
        "config": name,
        "registered_name": "function",
    }


def _object(obj: Any) -> dict[str, Any]:
    module, name, registered = _names(type(obj))
    config = {
        "module": module,
        "class_name": name,
        "config": serialize(obj.get_config()),
        "registered_name": registered,
    }
    for kind in ("build", "compile"):
        extra = getattr(obj, f"get_{kind}_config", lambda: None)()
        if extra is not None:
            config[f"{kind}_config"] = serialize(extra)
    return config


def _names(cls: type) -> tuple[str | None, str, str | None]:
    """Return module, name and registered name of a class, as Keras writes them."""
    model = _MODELS.get(f"{cls.__module__}.{cls.__name__}")
    if model is not None:
        return model
    public = public_name(cls)
    if public is not None:
        return (*public, None)
    module = cls.__module__ if cls.__module__ != "__main__" else None
    return module, cls.__name__, get_registered_name(cls)


def deserialize(
    config: Any,
    custom_objects: Mapping[str, Any] | None = None,
    models: Mapping[str, type] | None = None,
    name: str = "config",
) -> Any:
    """Return what plain data describe, as `serialize` or Keras 3 wrote them.

    Names are looked up among our own and the caller's; modules are never imported, and code in a
    config is never run.

    Args:
        config: plain data.
        custom_objects: the caller's classes and functions by name.
        models: classes by name that live beyond this room, with a `from_config` that takes the
            config as it is.
        name: what errors call the file.

    Raises:
        ModelFileError: if a name is unknown, or an object cannot be made from its config.

    Example:
        >>> deserialize({"module": "keras.regularizers", "class_name": "L2", "config": {"l2": 0.5},
        ...              "registered_name": None}).get_config()
        {'l2': 0.5}
    """
    outer = _READER.get()
    if outer is not None:  # a model reads its layers while it is read itself
        outer.models = {**(models or {}), **outer.models}
        return outer.revived(config)
    reader = Reader(custom_objects or {}, models or {}, name)
    token = _READER.set(reader)
    try:
        with custom_object_scope(reader.custom_objects):
            reader.check(config)
            return reader.revived(config)
    finally:
        _READER.reset(token)


def own_names(config: Any, models: Mapping[str, type]) -> list[str]:
    """Return the names in a config that are neither known here nor registered.

    A file with such names loads only where they are handed over.

    Args:
        config: plain data, as `serialize` gives it.
        models: as for `deserialize`.
    """
    return sorted(set(Reader({}, models, "config").unknown(config)))


class Reader:
    """Makes objects from configs, with one set of names.

    Args:
        custom_objects, models, name: as for `deserialize`.
    """

    def __init__(
        self, custom_objects: Mapping[str, Any], models: Mapping[str, type], name: str
    ) -> None:
        self.custom_objects = custom_objects
        self.models = models
        self.name = name
        self._shared: dict[Any, Any] = {}

    def check(self, config: Any) -> None:
        """Raise the error that lists all unknown names at once, before anything is made."""
        unknown = sorted(set(self.unknown(config)))
        if unknown:
            listed = ", ".join(repr(one) for one in unknown)
            raise ModelFileError(
                f"{self.name}: names that are not known here: {listed}. If they are your own, "
                f"hand them over: custom_objects={{{unknown[0]!r}: ...}}, or decorate them with "
                "@ranvier.saving.register_keras_serializable() before loading."
            )

    def unknown(self, value: Any) -> Iterator[str]:
        """Give the names in plain data that lead to nothing; refuse code."""
        if isinstance(value, (list, tuple)):
            for part in value:
                yield from self.unknown(part)
        elif isinstance(value, Mapping):
            if _is_object(value):
                word = value["class_name"]
                special = _is_special(word) or is_operation(value)
                if not special and self._find(value) is None:
                    if word in _CODE:
                        raise ModelFileError(
                            f"{self.name}: it holds {_CODE[word]}, that is code, which is never "
                            "run from a file. Write it as a layer or function of your own, and "
                            f"hand that over: custom_objects={{{word!r}: ...}}."
                        )
                    yield str(value["config"] if word == "function" else _called(value))
            for part in value.values():
                yield from self.unknown(part)

    def revived(self, value: Any) -> Any:
        """Return plain data with the objects that they describe."""
        if isinstance(value, (list, tuple)):
            return [self.revived(part) for part in value]
        if not isinstance(value, Mapping):
            return value
        if not _is_object(value):
            return {key: self.revived(part) for key, part in value.items()}
        if value["class_name"] == TENSOR or is_operation(value):
            return value  # the functional model that holds it knows what it means
        if _is_special(value["class_name"]):
            return self._guarded(value, lambda: self._special(value))
        found = self._find(value)
        if found is None:
            self.check(value)
        if value["class_name"] == "function" or not isinstance(found, type):
            return found
        number = value.get("shared_object_id")
        if isinstance(number, int) and number in self._shared:
            return self._shared[number]
        made = self._guarded(value, lambda: self._made(found, value))
        if isinstance(number, int):
            self._shared[number] = made
        return made

    def _find(self, value: Mapping[str, Any]) -> Any:
        """Return the class or function that a config names, or None."""
        word = value["class_name"]
        if word == "function":
            return self._custom(value["config"]) or known_function(value["config"])
        module, registered = value.get("module"), value.get("registered_name")
        if isinstance(module, str) and module.split(".")[0] == "keras":
            if registered in (None, word):
                known = self.models.get(word) or known_class(module, word)
                if known is not None:
                    return known
        return self._custom(registered) or self._custom(word)

    def _custom(self, name: Any) -> Any:
        if not isinstance(name, str):
            return None
        found = get_registered_object(name, self.custom_objects)
        if found is None and ">" not in name:  # Keras before 3.7 left out the package
            found = next(
                (v for k, v in self.custom_objects.items() if k.endswith(f">{name}")), None
            )
        return found

    def _made(self, cls: type, value: Mapping[str, Any]) -> Any:
        inner = value["config"] or {}
        if not isinstance(inner, Mapping):
            raise ModelFileError(f"its config is {inner!r:.60}, expected a dict.")
        if cls in self.models.values() or _reads_itself(cls):
            arguments = dict(inner)
        else:
            arguments = {key: self.revived(part) for key, part in inner.items()}
            if public_name(cls):
                arguments = dict(_accepted(cls, arguments))
        if hasattr(cls, "set_vocabulary"):
            _check_no_file(arguments)
        made = cls.from_config(arguments) if hasattr(cls, "from_config") else cls(**arguments)
        shapes = value.get("build_config")
        if shapes and hasattr(made, "build_from_config") and not made.built:
            made.build_from_config(shapes)
        return made

    def _special(self, value: Mapping[str, Any]) -> Any:
        word, inner = value["class_name"], value["config"]
        if word in ("__numpy__", "__tensor__"):
            kind = np.dtype(inner["dtype"])
            if kind.kind not in "biuf":
                raise ModelFileError(f"an array of {inner['dtype']}, expected numbers.")
            return np.array(inner["value"], kind)
        if word == "__bytes__":
            return inner["value"].encode("utf-8")
        if word == "__slice__":
            return slice(*(self.revived(inner[key]) for key in ("start", "stop", "step")))
        if word == "__ellipsis__":
            return Ellipsis
        return inner["name"]  # a DTypePolicy is as good as its name

    def _guarded(self, value: Mapping[str, Any], make: Any) -> Any:
        """Make an object; whatever its config breaks is the file's fault, in one kind of error."""
        try:
            return make()
        except ModelFileError as error:
            if str(error).startswith(self.name):
                raise
            raise ModelFileError(f"{self.name}: {_place(value)}: {error}") from error
        except BROKEN as error:
            raise ModelFileError(f"{self.name}: {_place(value)}: {error}") from error


def _is_object(value: Mapping[str, Any]) -> bool:
    return isinstance(value.get("class_name"), str) and "config" in value


def _is_special(word: str) -> bool:
    return word in ("__numpy__", "__tensor__", "__bytes__", "__slice__", "__ellipsis__",
                    TENSOR, "DTypePolicy")  # fmt: skip


def is_operation(value: Mapping[str, Any]) -> bool:
    """Tell whether a config is that of an operation of Keras, which is no layer."""
    return str(value.get("module")).startswith(OPERATIONS)


def _called(value: Mapping[str, Any]) -> str:
    """Return the name by which the caller can hand a class over."""
    registered = value.get("registered_name")
    return registered if isinstance(registered, str) else value["class_name"]


def _place(value: Mapping[str, Any]) -> str:
    inner = value["config"]
    name = inner.get("name") if isinstance(inner, Mapping) else None
    return value["class_name"] + (f" '{name}'" if isinstance(name, str) else "")


def _reads_itself(cls: type) -> bool:
    """Tell whether a class of the caller's own reads its config in a `from_config` of its own."""
    for base in cls.__mro__:
        if "from_config" in vars(base):
            return not base.__module__.startswith("ranvier.")
    return False


def _check_no_file(arguments: Mapping[str, Any]) -> None:
    """Refuse a path in place of words: a file must not make the reader open another."""
    path = arguments.get("vocabulary")
    if isinstance(path, str):
        raise ModelFileError(
            f"argument `vocabulary`: it names the file {path!r:.60}, which is never opened. "
            "Load a model with its words as a list, or call set_vocabulary yourself."
        )


def _accepted(cls: type, arguments: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    """Give the arguments that a class of ours takes; what Keras adds is left out or refused."""
    known = (*parameters(cls), "name", "dtype", "trainable", *getattr(cls, "config_notes", ()))
    for key, value in arguments.items():
        if key in known:
            yield key, value
        elif value is not None and value is not False and value not in _NEUTRAL.get(key, ()):
            raise ModelFileError(
                f"argument `{key}`: got {value!r:.60}, which {cls.__name__} has no equal of here."
            )
