"""Sequential: layers one after the other."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from ..graph.errors import ArgumentError, ArgumentTypeError, DataError, NotBuiltError
from ..graph.foreign import instead
from ..graph.naming import auto_name
from ..graph.structure import is_shape, numbered
from ..layers.call import Call
from ..layers.function import Function
from ..layers.input_layer import InputLayer
from ..layers.keras_tensor import KerasTensor
from ..layers.layer import Layer
from ..layers.preparation import Preparation
from .front import row_shape
from .model import Model


class Sequential(Model):
    """A stack of layers, each taking what the one before gives.

    Its weights are made as soon as the input's shape is known: from an `Input`, from
    `input_shape=` on the first layer, by `build`, or from the first data.

    Args:
        layers: a list of layers, or one layer alone.
        trainable: whether the weights are trained; default True.
        name: any text; default "sequential", numbered.

    Example:
        >>> from ranvier.layers import Dense, Input
        >>> Sequential([Input(shape=(4,)), Dense(3), Dense(2)]).count_params()
        23

    Source: keras.Sequential; one layer alone is accepted as in Keras 2.
    """

    _unheld = Model._unheld | {"_function"}
    _public_name = ("keras", "Sequential")

    def __init__(
        self,
        layers: Layer | Iterable[Layer] | None = None,
        trainable: bool = True,
        name: str | None = None,
    ) -> None:
        if isinstance(trainable, (Layer, KerasTensor)):
            raise ArgumentTypeError(
                "Sequential: got several layers, expected one list of them. Write "
                "Sequential([layer, layer])."
            )
        Layer.__init__(self, name=name or auto_name("sequential"), trainable=trainable)
        self._prepare_model()
        self._stack: list[Layer] = []
        self._function: Function | None = None
        if isinstance(layers, (Layer, KerasTensor)):
            layers = [layers]  # type: ignore[list-item]
        for layer in layers or ():
            self._append(layer)
        self._build_if_known()
        if not trainable:
            self.trainable = False

    # --- the stack --------------------------------------------------------------------------
    def add(self, layer: Any, rebuild: bool = True) -> None:
        """Put a layer on top.

        Raises:
            ArgumentTypeError: if it is no layer.
            ArgumentError: if its name is taken, or a second Input is added.
        """
        if isinstance(rebuild, Layer):
            raise ArgumentTypeError(
                f"Sequential '{self.name}', add: got several layers, expected one. Call add once "
                "for each."
            )
        self._append(layer)
        self.forget_programs()
        if self._function is not None:
            self._extend(self._stack[-1])
        elif rebuild:
            self._build_if_known()

    def pop(self, rebuild: bool = True) -> Layer:
        """Take the last layer off, and return it.

        Raises:
            ArgumentError: if there is none.
        """
        if not self.layers:
            raise ArgumentError(f"Sequential '{self.name}', pop: the model has no layers.")
        layer = self._stack.pop()
        self.forget_programs()
        self._function = self._entry = None
        self.built = False
        if rebuild and self._stack:
            self._build_if_known()
        return layer

    def _append(self, layer: Any) -> None:
        if isinstance(layer, KerasTensor) and layer.history is not None:
            origin = layer.history[0].layer
            if not isinstance(origin, InputLayer):
                raise ArgumentTypeError(
                    f"Sequential '{self.name}': got the output of {type(origin).__name__} "
                    f"'{origin.name}', called on something already, expected the layer itself. "
                    "Add the layer without calling it, or build Model(inputs, outputs)."
                )
            layer = origin
        if not isinstance(layer, Layer):
            raise ArgumentTypeError(
                f"Sequential '{self.name}': got {layer!r:.60} of type {type(layer).__name__}, "
                f"expected a layer, for instance Dense(10).{instead(layer)}"
            )
        shape = layer._batch_shape_argument
        if not self._stack and shape is not None and not isinstance(layer, InputLayer):
            self._stack.append(InputLayer(batch_shape=shape, dtype=_entry_dtype(layer)))
        if isinstance(layer, InputLayer) and self._stack:
            raise ArgumentError(
                f"Sequential '{self.name}': got the Input '{layer.name}' after other layers. "
                "Only the first one can be an Input."
            )
        if any(layer.name == other.name and layer is not other for other in self._stack):
            raise ArgumentError(
                f"Sequential '{self.name}': two layers have the name '{layer.name}'. Give each a "
                "name of its own with name=."
            )
        self._stack.append(layer)

    @property
    def layers(self) -> list[Layer]:
        """The layers, without the Input."""
        skip = 1 if self._stack and isinstance(self._stack[0], InputLayer) else 0
        return list(self._stack[skip:])

    # --- building ---------------------------------------------------------------------------
    def _build_if_known(self) -> None:
        if not self._stack:
            return
        first = self._stack[0]
        if isinstance(first, InputLayer):
            if len(self._stack) > 1:
                self.build(first.batch_shape)
        elif isinstance(first, Model) and len(first.given_inputs()) == 1 and len(self._stack) > 1:
            self.build(first.given_inputs()[0].shape)

    def build(self, input_shape: Any = None) -> None:
        """Make all weights for inputs of this shape, batch axis (None) first.

        Raises:
            ArgumentError: if there are no layers, or an Input says otherwise.
        """
        if not self._stack:
            raise ArgumentError(
                f"Sequential '{self.name}' has no layers. Add one: model.add(Dense(10))."
            )
        first = self._stack[0]
        if input_shape is None and isinstance(first, InputLayer):
            input_shape = first.batch_shape
        if not is_shape(input_shape):
            return  # several inputs: the layers are called one after the other
        shape = tuple(input_shape)
        if isinstance(first, InputLayer):
            if tuple(first.batch_shape[1:]) != shape[1:]:
                raise ArgumentError(
                    f"Sequential '{self.name}', build: got shape {shape}, but its Input has "
                    f"{tuple(first.batch_shape)}."
                )
        else:
            entry = InputLayer(batch_shape=(None, *shape[1:]), dtype=_entry_dtype(first))
            self._stack.insert(0, entry)
        x = y = self._stack[0].output
        for layer in self._stack[1:]:
            y = layer(y)
        self._set_function(Function(x, y))

    def _extend(self, layer: Layer) -> None:
        assert self._function is not None
        self._set_function(Function(self._stack[0].output, layer(self._function.output_struct)))

    def _set_function(self, function: Function) -> None:
        auto_name("functional")  # Keras builds a Functional here, which counts in default names
        self._function = function
        self._enter_function(function)
        self.output_form = numbered(function.output_struct)

    @property
    def takes_several(self) -> bool:
        """Whether a list of arrays may be several inputs: the first layer has one."""
        return False

    def build_on(self, x: Sequence[Any]) -> None:
        """Make the weights, where they are not made yet, for arrays like `x`."""
        if self._function is None:
            if len(x) == 1:
                self.build((None, *x[0].shape[1:]))
            else:
                super().build_on(x)

    def _begins_with_preparation(self) -> bool:
        first = next(iter(self.layers), None)
        inner = first.layers[:1] if isinstance(first, Sequential) else [first]
        return any(isinstance(layer, Preparation) for layer in inner)

    def prepared(self, x: Any) -> Any:
        """Return the inputs that the compiled steps take, for those that a user gives."""
        if self._function is None and self._begins_with_preparation():
            self.build(row_shape(x))
        return super().prepared(x)

    @property
    def prepares(self) -> bool:
        """Whether layers at the beginning run before the compiled steps."""
        return self._front is not None or self._begins_with_preparation()

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """Call the model on arrays (or text, where it begins so), or on KerasTensors."""
        if args and self._function is None and self._begins_with_preparation():
            is_tensor = isinstance(args[0], KerasTensor)
            self.build(args[0].shape if is_tensor else row_shape(args[0]))
        return super().__call__(*args, **kwargs)

    def call(self, inputs: Any, training: bool | None = None, mask: Any = None) -> Any:
        """Compute the outputs, layer by layer."""
        if self._front is not None:
            return self._front.run(inputs, training, mask)
        if self._function is not None:
            from .functional import fit_rank

            (tensor,) = self._function.inputs
            return self._function.run(fit_rank(self._only(inputs, tensor), tensor), training, mask)
        for layer in self.layers:
            inputs = layer(inputs)
        return inputs

    def _only(self, inputs: Any, tensor: KerasTensor) -> Any:
        """Return the one array that a call is about, also from a list or a dict that holds it."""
        if isinstance(inputs, dict) and list(inputs) == [tensor.name]:
            return inputs[tensor.name]
        if not isinstance(inputs, (list, tuple, dict)):
            return inputs
        if isinstance(inputs, dict) or len(inputs) != 1:
            what = f"a dict of {list(inputs)}" if isinstance(inputs, dict) else (
                f"a {type(inputs).__name__} of {len(inputs)} arrays")  # fmt: skip
            raise DataError(
                f"Sequential '{self.name}': got {what}, expected one array. If each is a row, give "
                "np.stack(x); a model of several inputs is Model(inputs, outputs)."
            )
        return inputs[0]

    def _known(self, what: str) -> Function:
        if self._function is None:
            raise NotBuiltError(
                f"Sequential '{self.name}' has no {what} yet: it does not know its input's shape. "
                "Begin with Input(shape=...), or call build((None, ...))."
            )
        return self._function

    @property
    def calls(self) -> list[Call] | None:
        """None: a stack needs no table of connections."""
        return None

    @property
    def inputs(self) -> list[KerasTensor]:
        """The input tensor, in a list."""
        return list(self._known("inputs").inputs)

    @property
    def outputs(self) -> list[KerasTensor]:
        """The output tensors, flat."""
        return list(self._known("outputs").outputs)

    @property
    def input(self) -> Any:
        """What the model was first called on as a part of another, else its own input tensor."""
        return super().input if self._calls else self._known("input").input_struct

    @property
    def output(self) -> Any:
        """What its first call as a part of another returned, else its own output tensor."""
        return super().output if self._calls else self._known("output").output_struct

    @property
    def input_names(self) -> list[str]:
        """The name of the input, in a list."""
        return [x.name for x in self._known("input_names").inputs]

    @property
    def output_names(self) -> list[str]:
        """The names of the layers that make the outputs."""
        return [y.history[0].layer.name for y in self._known("output_names").outputs if y.history]

    def get_config(self) -> dict[str, Any]:
        """Return the name and the layers' configs."""
        from .network_config import sequential_config

        return sequential_config(self, self._stack)

    @classmethod
    def from_config(cls, config: dict[str, Any]) -> Any:
        """Return a new model from the result of `get_config`."""
        from .network_config import sequential_from_config

        return sequential_from_config(cls, config)


def _entry_dtype(layer: Layer) -> str:
    if isinstance(layer, Sequential) and layer.layers:
        return _entry_dtype(layer.layers[0])
    return layer.input_dtype if isinstance(layer, Preparation) else layer.compute_dtype
