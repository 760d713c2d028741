"""Layer: the base of all layers and models. It makes weights, is called, and describes itself."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from functools import wraps
from typing import TYPE_CHECKING, Any

import numpy as np

from .. import constraints, initializers, ops, regularizers
from ..graph import budget
from ..graph import dtype as dt
from ..graph.array import Array
from ..graph.config import arguments
from ..graph.errors import (
    ArgumentError,
    ArgumentTypeError,
    NotCalledError,
    ShapeError,
    unmade,
)
from ..graph.function import called, parameters
from ..graph.knowing import Knowing
from ..graph.live import LiveNode
from ..graph.mask import mask_of, set_mask
from ..graph.node import Node, cast
from ..graph.structure import flatten, mapped, of_shapes
from ..graph.trace import current, untraced
from ..graph.variable import Variable
from . import context, input_spec
from .added_metric import AddedMetric
from .call import Call
from .convert import converted
from .description import accepted, describe, revived
from .dtype_policy import DTypePolicy
from .holder import Holder
from .infer import infer
from .keras_tensor import KerasTensor
from .keyword import batch_shape, check_keywords, checked_name
from .mask import pass_masks, with_masks


class Layer(Holder, Knowing):
    """The base of all layers.

    A subclass makes its weights in `build(input_shape)` with `add_weight` and computes in
    `call(inputs)`, with functions of `ranvier.ops`, Python operators or other layers. The same
    `call` runs on arrays, and is traced into the compiled step of a model.

    Args:
        activity_regularizer: a penalty on the output, divided by the batch size.
        trainable: whether the weights are trained; default True.
        dtype: element type of weights and computation; default the default float type.
        name: default the class's name in snake case, numbered.
        **kwargs: `input_shape`, `input_dim`, `batch_input_shape` and `weights` as in Keras 2.

    Raises:
        ArgumentTypeError: for another keyword.

    Example:
        >>> class Double(Layer):
        ...     def call(self, inputs):
        ...         return inputs * 2
        >>> Double()([[1.0, 2.0]])
        array([[2., 4.]], dtype=float32)

    Source: keras.layers.Layer.
    """

    #: What to use in place of attributes that books have and this library has not.
    _gone: Mapping[str, str] = {"fit": "Models have it; layers that learn from data, `adapt`."}

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        if "build" in cls.__dict__:
            cls.build = _building(cls.__dict__["build"])  # type: ignore[method-assign]

    def __new__(cls, *args: Any, **kwargs: Any) -> Any:
        layer = super().__new__(cls)
        if not cls.__module__.startswith("ranvier."):
            vars(layer)["_given"] = arguments(cls, args, kwargs)
        return layer

    def __init__(
        self,
        *,
        activity_regularizer: Any = None,
        trainable: bool = True,
        dtype: Any = None,
        autocast: bool = True,
        name: str | None = None,
        **kwargs: Any,
    ) -> None:
        cls = type(self).__name__
        self._trainable_variables, self._non_trainable_variables = [], []
        self._calls: list[Call] = []
        self._losses: list[Any] = []
        self._build_shapes: dict[str, Any] | None = None
        self.built = False
        self._made_in = context.repeated_call()
        self.name = checked_name(name, cls)
        check_keywords(kwargs, cls, self.name, type(self))
        self._batch_shape_argument = batch_shape(kwargs)
        self._weights_argument = kwargs.get("weights")
        if not isinstance(trainable, (bool, np.bool_)):
            raise ArgumentTypeError(
                f"{cls} '{self.name}', `trainable`: got {trainable!r}, expected True or False."
            )
        self._trainable = bool(trainable)
        self._dtype_policy = DTypePolicy.of(dtype)
        self.autocast = autocast
        self.activity_regularizer: Any = regularizers.get(activity_regularizer)
        self.input_spec: Any = None
        self.supports_masking = False

    if not TYPE_CHECKING:  # a checker would take any name for known

        def __getattr__(self, name: str) -> Any:
            known = inspect.getattr_static(type(self), name, None)
            if isinstance(known, property):
                return known.fget(self)  # it raised an AttributeError of its own: that one is told
            if "name" not in vars(self):
                raise unmade(self, name)
            what = self._place
            words = f"{what} has no attribute {name!r}."
            if name in self._gone:
                words += f" {self._gone[name]}"
            elif vars(self).get("built") is False and not name.startswith("_"):
                words += (
                    " It is not built yet: weights are made when the layer first sees an input, "
                    "or by build(input_shape)."
                )
            raise AttributeError(words, name=name, obj=self)

    # --- types ------------------------------------------------------------------------------
    @property
    def dtype_policy(self) -> DTypePolicy:
        """The types the layer computes in and keeps its weights in."""
        return self._dtype_policy

    @dtype_policy.setter
    def dtype_policy(self, value: Any) -> None:
        self._dtype_policy = DTypePolicy.of(value)

    @property
    def dtype(self) -> str:
        """The element type of the weights."""
        return self._dtype_policy.name

    @property
    def compute_dtype(self) -> str:
        """The element type that float inputs are cast to."""
        return self._dtype_policy.name

    @property
    def variable_dtype(self) -> str:
        """The element type of the weights."""
        return self._dtype_policy.name

    # --- weights ----------------------------------------------------------------------------
    def build(self, input_shape: Any) -> None:
        """Make the weights that depend on the input's shape. Called once, before the first call."""
        self.built = True

    def _build_at_init(self) -> None:
        """Tell, at the end of `__init__`, that nothing waits to be made, unless a subclass does."""
        if type(self).build is Layer.build:
            self.built = True

    def add_weight(
        self,
        shape: Any = None,
        initializer: Any = None,
        dtype: Any = None,
        trainable: bool = True,
        autocast: bool = True,
        regularizer: Any = None,
        constraint: Any = None,
        aggregation: Any = None,
        overwrite_with_gradient: bool = False,
        name: str | None = None,
    ) -> Variable:
        """Make a weight of the layer and return it.

        Args:
            shape: its sizes; default (), one number.
            initializer: a name, an initializer, or a function (shape, dtype) -> array; default
                "glorot_uniform" for floats and "zeros" for others.
            dtype: default the layer's.
            trainable: whether optimizers change it; default True.
            autocast, aggregation: accepted; nothing depends on them.
            regularizer: a penalty added to the loss.
            constraint: a function applied after each update.
            overwrite_with_gradient: whether its gradient takes its place; default False.
            name: default "variable".

        Raises:
            ArgumentError: inside `call`, or if a size is open.
            ShapeError: if the initializer gives another shape.
        """
        if isinstance(shape, str):  # Keras 2 took the name first, then the shape
            shape, name = (), shape
            if isinstance(initializer, (list, tuple, int)):
                shape, initializer = initializer, None
        name = name or "variable"
        place = f"{type(self).__name__} '{getattr(self, 'name', '?')}', add_weight"
        again = self._made_in or context.repeated_call()
        if again:
            raise ArgumentError(
                f"{place}: called inside `call` of {again}, which runs anew for each compiled "
                "step, so that the weight would be new as well and never trained. Make weights "
                "and layers in __init__ or build, and only use them in `call`."
            )
        kind = dt.canonical(dtype) if dtype is not None else self.variable_dtype
        with untraced():
            values = _first_values(shape, initializer, kind, place, name)
            variable = Variable(values, dtype=kind, trainable=trainable, name=name)
        variable.path = context.path(variable.name) if context.in_scope(self) else (
            f"{context.path(self.name)}/{variable.name}")  # fmt: skip
        variable.regularizer = regularizers.get(regularizer)
        variable.constraint = constraints.get(constraint)
        variable.overwrite_with_gradient = overwrite_with_gradient
        self._hold(variable)
        if not self._trainable:
            variable.trainable = False
        return variable

    add_variable = add_weight

    # --- losses -----------------------------------------------------------------------------
    def add_loss(self, loss: Any) -> None:
        """Add a number (or several) to the loss of this call; used inside `call`."""
        for value in flatten(loss):
            if getattr(value, "shape", ()) != ():
                raise ArgumentError(
                    f"{self._place}, add_loss: got shape "
                    f"{tuple(value.shape)}, expected one number. Use ops.mean or ops.sum."
                )
            self._losses.append(value)

    def add_metric(
        self, value: Any, aggregation: str | None = None, name: str | None = None
    ) -> None:
        """Report a number of this call under a name, as its mean over batches; used inside `call`.

        Args:
            value: the number, or several, whose mean counts. What a metric of the layer's own
                returned needs no name: that metric is reported already.
            aggregation: accepted; always "mean".
            name: its key in logs and in the History.

        Raises:
            ArgumentError: if there is no name, and no metric of the layer's own.

        Source: Layer.add_metric of Keras 2. Keras 3 has metrics as attributes instead.
        """
        if name is None:
            if not self.metrics:
                raise ArgumentError(
                    f"{self._place}, add_metric, `name`: got None, expected "
                    "a name to report the value under, for instance name='error'."
                )
            return
        if "_added_metrics" not in self.__dict__:
            self._added_metrics: dict[str, AddedMetric] = {}
        held = self._added_metrics
        if name not in held:
            with untraced():
                held[name] = AddedMetric(name)
        if current() is not None:
            held[name].update_state(value)

    @property
    def losses(self) -> list[Any]:
        """What `add_loss` and activity regularizers added in the last call, then the penalties
        of weights. Inside a trace these are nodes."""
        traced = current() is not None
        added = [
            loss for layer in self._flat_layers() for loss in layer._losses
            if traced or isinstance(loss, LiveNode) or not isinstance(loss, Node)
        ]  # fmt: skip
        return added + [v.regularizer(v) for v in self.trainable_weights if v.regularizer]

    def _clear_losses(self) -> None:
        for layer in self._flat_layers():
            layer._losses.clear()

    # --- calling ----------------------------------------------------------------------------
    def call(self, *args: Any, **kwargs: Any) -> Any:
        """Compute the outputs; every layer defines this."""
        raise NotImplementedError(
            f"{type(self).__name__} has no `call`. Define call(self, inputs) and return the result."
        )

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """Call the layer on arrays, or on KerasTensors to extend a functional model."""
        if "_calls" not in self.__dict__:
            raise ArgumentError(
                f"{type(self).__name__} was called, but never initialized. Call "
                "super().__init__() first in __init__."
            )
        args, kwargs = self._converted(args), self._converted(kwargs)
        leaves = flatten([args, kwargs])
        if any(isinstance(x, Layer) for x in leaves):
            self._refuse_layers(args)
        if any(isinstance(x, KerasTensor) for x in leaves):
            with context.scope(self):
                self._prepare(args, kwargs)
                outputs = self.compute_output_spec(*args, **kwargs)
            Call(self, args, kwargs, outputs)
            return outputs
        return self._run(*args, **kwargs)

    def _refuse_layers(self, inputs: Any) -> None:
        """Refuse a layer where what it returns is meant: `Dense(4)(layer)`."""
        for x in flatten(inputs):
            if isinstance(x, Layer):
                raise ArgumentTypeError(
                    f"{self._place}: got the layer {type(x).__name__} "
                    f"'{x.name}' itself as its input, expected what that layer returns. Call it "
                    f"first: x = {type(x).__name__}(...)(x)."
                )

    def _run(self, *args: Any, **kwargs: Any) -> Any:
        """Build if need be, pass `training` on, call, and add the activity penalty."""
        budget.step(2)
        if context.outermost():
            self._clear_losses()
        with context.scope(self):
            self._prepare(args, kwargs)
            args, kwargs, training = self._with_training(args, kwargs)
            first = args[0] if args else next(iter(kwargs.values()), None)
            kwargs, masks = with_masks(type(self).call, first, args, kwargs)
            if kwargs.get("mask", 0) is None and "mask" not in parameters(type(self).call):
                del kwargs["mask"]
            names = [f"input_{i + 1}" for i in range(len(args))]
            place = f"{self._place}, `call`"
            with context.calling(training, self), called(self.call, place, *names, **kwargs):
                outputs = self.call(*args, **kwargs)
                self.built = True
                self.__dict__["_ran"] = True  # nothing that programs depend on
                if self.activity_regularizer is not None:
                    self._penalize(outputs)
        if current() is None:
            outputs = mapped(_as_array, outputs)
        own = type(self).compute_mask is not Layer.compute_mask
        pass_masks(self, own, first, masks, outputs)
        return outputs

    def _with_training(
        self, args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> tuple[tuple[Any, ...], dict[str, Any], bool | None]:
        """Return the arguments with the flag in its place, and the flag.

        It is the one given, or else that of the outer call, or else the default of `call`.
        """
        known = parameters(type(self).call)
        takes = "training" in known
        at = list(known).index("training") - 1 if takes else len(args)
        flag = args[at] if at < len(args) else kwargs.get("training")
        if flag is None:
            flag = context.inherited_training()
        if flag is None and takes:
            default = known["training"]
            flag = False if default is inspect.Parameter.empty else default
        if at < len(args):
            args = (*args[:at], flag, *args[at + 1 :])
        elif takes and flag is not None:
            kwargs = {**kwargs, "training": flag}
        elif "**" not in known:
            kwargs.pop("training", None)
        return args, kwargs, flag

    #: The name of Keras' class, where it is not the public one: it stands in paths of weights.
    _word_in_files = ""

    #: Whether what lies inside passes masks on by itself, as the layers of a model do.
    _keeps_masks = False

    def _converted(self, values: Any) -> Any:
        """Return arguments with arrays, lists of numbers and frames as arrays of the right type."""
        dtype = self.compute_dtype if self.autocast else None
        return converted(values, dtype, self._place)

    def _prepare(self, args: tuple[Any, ...], kwargs: dict[str, Any]) -> None:
        """Check the first input against `input_spec`, and build once."""
        first = args[0] if args else next(iter(kwargs.values()), None)
        if self.input_spec is not None:
            input_spec.check(self.input_spec, first, self._place)
        if self.built:
            return
        if type(self).build is Layer.build:
            return  # no weights of its own: `call` builds the layers inside
        names = [n for n in list(parameters(type(self).build))[1:] if n != "**"]
        with untraced():
            if len(names) <= 1:
                place = f"{self._place}, `build`"
                with called(self.build, place, "input_shape"):
                    self.build(mapped(input_spec.shape_of, first))
            else:
                self.build(**self._shapes_by_name(names, args, kwargs))

    def _shapes_by_name(self, names: list[str], args: Any, kwargs: Any) -> dict[str, Any]:
        bound = inspect.signature(self.call).bind_partial(*args, **kwargs).arguments
        shapes = {
            f"{key}_shape": mapped(input_spec.shape_of, value) for key, value in bound.items()
        }
        defaults = parameters(type(self).build)
        for name in names:
            if name not in shapes and defaults[name] is inspect.Parameter.empty:
                raise ArgumentTypeError(
                    f"{self._place}, `{name.removesuffix('_shape')}`: got "
                    f"none, only {', '.join(map(repr, bound))}. Its weights depend on it: give it "
                    "as an argument of its own, not in a list."
                )
        return {name: shapes[name] for name in names if name in shapes}

    def _penalize(self, outputs: Any) -> None:
        for y in flatten(outputs):
            if hasattr(y, "shape"):
                loss = self.activity_regularizer(y)
                self.add_loss(ops.divide(loss, _rows(y)) if len(y.shape) else loss)

    # --- shapes -----------------------------------------------------------------------------
    def compute_output_spec(self, *args: Any, **kwargs: Any) -> Any:
        """Return KerasTensors shaped like the outputs, found by tracing `call`."""
        outputs = infer(self._run, args, kwargs, self._place)
        if context.outermost():
            self._clear_losses()  # those of the trace, which stand for no numbers
        return outputs

    def compute_output_shape(self, input_shape: Any) -> Any:
        """Return the shape of the output for an input shape (or a list or dict of shapes)."""
        tensors = of_shapes(input_shape, lambda s: KerasTensor(s, self.compute_dtype))
        with context.scope(self):
            self._prepare((tensors,), {})
            return mapped(lambda y: y.shape, self.compute_output_spec(tensors))

    def takes(self, argument: str) -> bool:
        """Tell whether `call` has a parameter of this name."""
        return argument in parameters(type(self).call)

    def compute_mask(self, inputs: Any, previous_mask: Any = None) -> Any:
        """Return the mask of the output: the input's, as it is."""
        return previous_mask

    def _first_call(self, what: str) -> Call:
        if not self._calls:
            raise NotCalledError(
                f"{self._place} has no {what}: it was not called on an "
                "Input yet. Call it on one, or put it into a Sequential with an Input."
            )
        return self._calls[0]

    @property
    def input(self) -> Any:
        """The KerasTensor (or several) of the layer's first symbolic call."""
        return self._first_call("input").input_struct()

    @property
    def output(self) -> Any:
        """The KerasTensor (or several) that the layer's first symbolic call returned."""
        return self._first_call("output").output_struct()

    @property
    def input_shape(self) -> Any:
        """The shape of `input`."""
        return mapped(lambda x: x.shape, self.input)

    @property
    def output_shape(self) -> Any:
        """The shape of `output`."""
        return mapped(lambda x: x.shape, self.output)

    # --- description ------------------------------------------------------------------------
    @property
    def path(self) -> str | None:
        """The names of the layers around this one and its own, once it is built."""
        return self.__dict__.get("_path")

    def get_config(self) -> dict[str, Any]:
        """Return the arguments the layer was made with, as plain data."""
        return describe(self, Layer)

    @classmethod
    def from_config(cls, config: dict[str, Any]) -> Any:
        """Return a new layer from the result of `get_config`, here or in Keras."""
        return cls(**{key: revived(value) for key, value in accepted(cls, config).items()})

    def get_build_config(self) -> dict[str, Any] | None:
        """Return the shapes the layer was built with, or None."""
        shapes = self._build_shapes
        if shapes is None:
            return None
        if len(shapes) == 1:
            return {"input_shape": next(iter(shapes.values()))}
        return {"shapes_dict": shapes}

    def build_from_config(self, config: dict[str, Any] | None) -> None:
        """Build the layer from the result of `get_build_config`."""
        if config and "input_shape" in config:
            self.build(_as_shape(config["input_shape"]))
        elif config and "shapes_dict" in config:
            self.build(**{k: _as_shape(v) for k, v in config["shapes_dict"].items()})

    def __repr__(self) -> str:
        return f"<{type(self).__name__} name={self.name}, built={self.built}>"


def _building(original: Callable[..., None]) -> Callable[..., None]:
    """Wrap a class's `build`: names get their path, and the layer knows that it is built."""

    @wraps(original)
    def build(self: Layer, *args: Any, **kwargs: Any) -> None:
        made = self._trainable_variables or self._non_trainable_variables
        if self.built and self._build_shapes is not None and made:
            shapes = list(self._build_shapes.values())
            raise ArgumentError(
                f"{self._place}, `build`: its weights are made already, for inputs of shape "
                f"{shapes[0] if len(shapes) == 1 else shapes}. Call the layer, or make a new one."
            )
        with context.scope(self), untraced():
            self._path = context.path("")[:-1]
            original(self, *args, **kwargs)
            names = list(parameters(original))[1:]
            self._build_shapes = dict(zip(names, args, strict=False)) | kwargs
            self.built = True
            given, self._weights_argument = self._weights_argument, None
            if given is not None:
                self.set_weights(given)

    return build


def _first_values(shape: Any, initializer: Any, dtype: str, place: str, name: str) -> Any:
    """Return what a weight begins with."""
    given = () if shape is None else shape if isinstance(shape, (list, tuple)) else (shape,)
    if not all(isinstance(s, (int, np.integer)) and s >= 0 for s in given):
        raise ArgumentError(
            f"{place}, `shape`: got {shape!r}, expected ints of at least 0. A weight cannot "
            "have an open size: give the layer an input whose sizes are known."
        )
    sizes = tuple(int(s) for s in given)
    budget.charge(sizes, dtype)
    if initializer is None:
        initializer = "glorot_uniform" if dt.is_float(dtype) else "zeros"
    make: Any = initializers.get(initializer)
    if budget.is_blank():
        make = initializers.get("zeros")
    values = make(sizes, dtype=dtype)
    if tuple(np.shape(values)) != sizes:
        raise ShapeError(
            f"{place} of '{name}', `initializer`: {make!r:.60} gave shape "
            f"{tuple(np.shape(values))}, expected {sizes}. Return an array of the shape "
            "that is asked for."
        )
    return values


def _as_array(y: Any) -> Any:
    return set_mask(Array.of(y), mask_of(y)) if isinstance(y, np.ndarray) else y


def _rows(y: Any) -> Any:
    return cast(ops.shape(y)[0], str(y.dtype))


def _as_shape(shapes: Any) -> Any:
    """Return shapes read from a file, where tuples became lists, as tuples again."""
    return of_shapes(shapes, tuple)
