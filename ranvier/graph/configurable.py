"""Objects with configs, and what a user may give in their place: a name, a dict, a class."""

from __future__ import annotations

import inspect
from collections.abc import Mapping
from typing import Any, TypeVar

from . import catalog as room
from .config import parameters
from .errors import ArgumentError, ArgumentTypeError, nearest
from .foreign import instead
from .function import takes
from .knowing import Knowing
from .registry import get_registered_name, get_registered_object, name_in_file

T = TypeVar("T")

#: Rooms that Keras has elsewhere than under their own name.
_PLACES = {"schedules": "keras.optimizers.schedules"}


class Configurable(Knowing):
    """Something whose config is read from the signature of `__init__`.

    Each parameter is taken from the attribute of its name. `**kwargs` stand for the parameters of
    the base class, so that a subclass that adds one argument writes no `get_config`.

    Example:
        >>> class Scale(Configurable):
        ...     def __init__(self, factor=2.0):
        ...         self.factor = factor
        >>> Scale(3.0).get_config()
        {'factor': 3.0}
    """

    #: Parameters that configs leave out.
    unsaved: tuple[str, ...] = ()

    def get_config(self) -> dict[str, Any]:
        """Return the arguments that make an equal object, fit for JSON."""
        cls: Any = type(self)
        names = [n for n in parameters(cls) if n not in self.unsaved and hasattr(self, n)]
        return {name: plain(getattr(self, name)) for name in names}

    @classmethod
    def from_config(cls: type[T], config: Mapping[str, Any]) -> T:
        """Return a new object made from a config."""
        return cls(**config)

    def __repr__(self) -> str:
        shown = ", ".join(f"{k}={v!r}" for k, v in self.get_config().items())
        return f"{type(self).__name__}({shown})"


def plain(value: Any) -> Any:
    """Return a value as JSON can hold it: NumPy numbers become Python's, objects their configs."""
    if hasattr(value, "get_config") or inspect.isfunction(value):
        return written(value)
    if hasattr(value, "__ranvier_value__"):
        value = value.numpy()
    if type(value).__module__ == "numpy" or hasattr(value, "__array_interface__"):
        return value.tolist()
    if isinstance(value, (list, tuple)):
        return [plain(v) for v in value]
    if isinstance(value, Mapping):
        return {k: plain(v) for k, v in value.items()}
    return value


def written(obj: Any) -> dict[str, Any]:
    """Return the dict that Keras writes for an object or a function.

    Args:
        obj: an object with `get_config`, or a function.
    """
    cls = type(obj)
    if inspect.isfunction(obj) or not hasattr(obj, "get_config"):
        return {"module": "builtins", "class_name": "function",
                "config": name_in_file(obj), "registered_name": "function"}  # fmt: skip
    # Keras names modules by room: ranvier.losses.regression holds keras.losses.Huber.
    own = cls.__module__.startswith("ranvier.")
    module = _PLACES.get(cls.__module__.split(".")[1], "") if own else cls.__module__
    module = module or f"keras.{cls.__module__.split('.')[1]}"
    module, name = getattr(cls, "_public_name", None) or (module, cls.__name__)  # models have one
    return {
        "module": module,
        "class_name": name,
        "config": obj.get_config(),
        "registered_name": None if own else get_registered_name(cls),
    }


def restored(
    config: Any,
    catalog: Mapping[str, Any],
    place: str,
    custom_objects: Mapping[str, Any] | None = None,
) -> Any:
    """Return what a name or a dict of Keras' form describes.

    Names are looked up among what the caller registered or hands over, then in `catalog`; a
    module named in the dict is never imported.

    Raises:
        ArgumentError: if the name is unknown or the dict has another form.
    """
    if isinstance(config, str):
        known = get_registered_object(config, custom_objects)
        return room.find(config, catalog, place) if known is None else known
    if not isinstance(config, Mapping) or not isinstance(config.get("class_name"), str):
        raise ArgumentError(
            f"{place}: got {config!r:.80}, expected a name or a dict with 'class_name' and "
            "'config'."
        )
    if config["class_name"] == "function":
        return restored(config.get("config"), catalog, place, custom_objects)
    cls = get_registered_object(str(config.get("registered_name")), custom_objects)
    if cls is None:
        cls = restored(config["class_name"], catalog, place, custom_objects)
    inner = config.get("config") or {}
    if not isinstance(inner, Mapping):
        raise ArgumentError(f"{place}, `config`: got {inner!r:.80}, expected a dict of arguments.")
    return cls.from_config(dict(inner)) if hasattr(cls, "from_config") else cls(**inner)


def resolved(
    identifier: Any, catalog: Mapping[str, Any], place: str, *names: str, **keywords: Any
) -> Any:
    """Return the object meant by a name, a dict, a class (called without arguments) or itself.

    Args:
        identifier: what the user gave.
        catalog: the room's names.
        place: how messages call the argument, for instance "activation".
        names, keywords: the arguments that a function of the user's gets; see `takes`.

    Raises:
        ArgumentError: if it is unknown, or nothing that can be called.
        ArgumentTypeError: if it takes other arguments.
    """
    obj = identifier
    if isinstance(identifier, (str, Mapping)):
        obj = restored(identifier, catalog, place)
    if not callable(obj) and hasattr(identifier, "shape"):
        raise ArgumentError(
            f"{place}: got numbers of shape {tuple(identifier.shape)}, expected a name, an object "
            "or a function. If they are a layer's input, make the layer first and call it on them: "
            "Dense(10)(x)."
        )
    if not callable(obj):
        raise ArgumentError(
            f"{place}: got {identifier!r:.80}, expected a name, an object or a function. "
            f"{nearest(identifier, catalog)}"
        )
    check_own(obj, place)
    if inspect.isclass(obj):
        return obj()
    return takes(obj, place, *names, **keywords) if names and obj is identifier else obj


def check_own(obj: Any, place: str) -> None:
    """Refuse an object, class or function of Keras, which cannot compute with Ranvier's values."""
    way = instead(obj)
    if way:
        raise ArgumentTypeError(f"{place}: got {obj!r:.60}, expected one of Ranvier's.{way}")
