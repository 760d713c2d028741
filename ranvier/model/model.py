"""Model: a layer that can be compiled, trained, evaluated and asked for predictions."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, nullcontext
from typing import Any

from .. import data
from ..graph import Graph
from ..graph import dtype as dt
from ..graph.errors import ArgumentError, ArgumentTypeError, nearest
from ..graph.naming import auto_name
from ..graph.node import Node
from ..graph.structure import flatten, joined, numbered, of_shapes, packed, paths
from ..layers.function import Function
from ..layers.inventory import opened
from ..layers.keras_tensor import KerasTensor
from ..layers.layer import Layer
from ..optimizers import Optimizer
from . import kept
from .draws import traced_once
from .eager import EagerProgram
from .front import Front
from .own import body_of, is_own
from .program import StepProgram
from .saver import Saver
from .step import Specs, traced
from .summary import print_summary
from .trainer import Trainer


class Model(Trainer, Saver, Layer):
    """Layers with a way to train them.

    `Model(inputs, outputs)` is the functional form: KerasTensors and what layers made of them. A
    subclass writes its layers in `__init__` and what they compute in `call`.

    Args:
        inputs: a KerasTensor from `Input`, or a list, tuple or dict of them.
        outputs: KerasTensors computed from them.
        name: default "functional" or the class's name, numbered.
        trainable: whether the weights are trained; default True.

    Example:
        >>> from ranvier.layers import Dense, Input
        >>> x = Input(shape=(4,))
        >>> Model(x, Dense(2)(x)).count_params()
        10

    Source: keras.Model.
    """

    _unheld = Layer._unheld | {
        "compiled_step",
        "history",
        "position",
        "_input_form",
        "output_form",
        "_entry",
        "target_form",
        "predicted_form",
        "own_logs",
        "_front",
        "_zeros",
        "_finite",
    }

    #: Where a run stands.
    _passing = frozenset({
        "history", "position", "stop_training", "stop_evaluating", "stop_predicting", "_one_row",
        "_zeros", "_finite",
    })  # fmt: skip

    _gone = {
        "fit_generator": "`fit` takes generators, too.",
        "evaluate_generator": "`evaluate` takes generators, too.",
        "predict_generator": "`predict` takes generators, too.",
        "predict_proba": "`predict` gives probabilities where the last activation does.",
        "to_yaml": "Write `to_json`.",
    }

    _public_name: tuple[str, str] | None = ("keras", "Model")
    _keeps_masks = True

    #: What runs before the compiled steps, on text and keys; None where nothing does.
    _front: Front | None = None

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        if not cls.__module__.startswith("ranvier."):
            cls._public_name = None

    def __new__(cls, *args: Any, **kwargs: Any) -> Any:
        if cls is Model and _is_functional(args, kwargs):
            from .functional import Functional  # Functional is a Model

            return Layer.__new__(Functional)
        return Layer.__new__(cls, *args, **kwargs)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        from .functional import Functional

        if _is_functional(args, kwargs) and not isinstance(self, Functional):
            # A subclass that hands inputs and outputs on becomes a functional model, too.
            cls = type(self)
            self.__class__ = type(cls.__name__, (cls, Functional), {"__module__": cls.__module__})
            Functional.__init__(self, *args, **kwargs)  # type: ignore[arg-type]
            return
        if args:
            raise ArgumentTypeError(
                f"{type(self).__name__}: got {len(args)} positional arguments. For the functional "
                "form give both: Model(inputs, outputs)."
            )
        functional = [k for k in kwargs if k in ("input", "output", "inputs", "outputs")]
        if functional:
            raise ArgumentTypeError(
                f"{type(self).__name__}: got the keyword `{functional[0]}`. For the functional "
                "form give both: Model(inputs=..., outputs=...)."
            )
        if kwargs.get("name") is None:
            kwargs["name"] = auto_name(type(self).__name__)
        Layer.__init__(self, **kwargs)
        self._prepare_model()

    # --- layers -----------------------------------------------------------------------------
    @property
    def layers(self) -> list[Layer]:
        """The layers directly in the model."""
        return [layer for layer in self._sublayers() if isinstance(layer, Layer)]

    def get_layer(self, name: str | None = None, index: int | None = None) -> Layer:
        """Return a layer by its name or by its place.

        Raises:
            ArgumentError: if there is none, or if not exactly one of both is given.
        """
        layers = self.layers
        if (name is None) == (index is None):
            raise ArgumentError(
                f"get_layer: got name={name!r} and index={index!r}, expected one of both."
            )
        if index is not None:
            if not -len(layers) <= index < len(layers):
                raise ArgumentError(
                    f"get_layer, `index`: got {index}, but the model has {len(layers)} layers."
                )
            return layers[index]
        for layer in layers:
            if layer.name == name:
                return layer
        way = nearest(name, [layer.name for layer in layers])
        if isinstance(name, int):
            way = f"Write get_layer(index={name})."
        raise ArgumentError(f"get_layer, `name`: got {name!r}. {way}")

    # --- what goes in and comes out -----------------------------------------------------------
    def known_inputs(self) -> list[Any]:
        """Return the input tensors, flat; none while they are unknown."""
        return [] if self._entry is None else self._entry[0]

    def known_outputs(self) -> list[Any]:
        """Return the output tensors, flat; none while they are unknown."""
        return [] if self._entry is None else self._entry[1]

    @property
    def takes_several(self) -> bool:
        """Whether a list of arrays may be several inputs: `call` of a subclass decides."""
        return True

    def _enter_function(self, function: Function) -> None:
        """Let compiled steps begin where calls on text and keys end."""
        self._front = Front.of(function)
        starts = function.inputs if self._front is None else self._front.tensors
        self._entry = (starts, function.outputs)

    def given_inputs(self) -> list[Any]:
        """Return the tensors of what a user gives, flat: text may be among them."""
        return self.known_inputs() if self._front is None else self._front.function.inputs

    def prepared(self, x: Any) -> Any:
        """Return the inputs that the compiled steps take, for those that a user gives."""
        if self._front is None:
            return x
        values = self._front.prepared(x, f"Model '{self.name}'")
        return values[0] if len(values) == 1 else values

    @property
    def prepares(self) -> bool:
        """Whether layers at the beginning run before the compiled steps."""
        return self._front is not None

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """Call the model on arrays (or text, where it begins so), or on KerasTensors."""
        front = self._front
        if front is None or not args:
            return super().__call__(*args, **kwargs)
        x, *rest = args
        leaves = flatten(x)
        if any(isinstance(leaf, KerasTensor) for leaf in leaves):
            # Text is no input of a layer that is traced, so the layers join the outer model.
            return front.function.run(x, kwargs.get("training"), kwargs.get("mask"))
        if any(isinstance(leaf, Node) for leaf in leaves) or front.is_prepared(x):
            return super().__call__(x, *rest, **kwargs)
        return super().__call__(self.prepared(x), *rest, **kwargs)

    def take_form(self, x: Any, count: int) -> None:
        """Learn from the first data in which structure `call` wants its inputs."""
        if self._entry is None:
            several = isinstance(x, dict) or count > 1
            self._input_form = numbered(x) if several else None

    def build(self, input_shape: Any) -> None:
        """Make the weights for inputs of this shape (the batch axis, None, first)."""
        tensors = of_shapes(input_shape, lambda s: KerasTensor((None, *s[1:]),
                                                                self.compute_dtype))  # fmt: skip
        if flatten(tensors) != [tensors]:
            self._input_form = numbered(tensors)
        self._enter(flatten(tensors))

    def _prepare(self, args: tuple[Any, ...], kwargs: dict[str, Any]) -> None:
        # `call` builds the layers inside; only a `build` of the user's own has to run before.
        if type(self).build is not Model.build and not self._entering:
            super()._prepare(args, kwargs)

    def build_on(self, x: Sequence[Any]) -> None:
        """Make the weights, where they are not made yet, for arrays like `x`."""
        if self._entry is not None:
            return
        tensors = [
            KerasTensor((None, *a.shape[1:]),
                        dt.floatx() if a.dtype.kind == "f" else dt.canonical(a.dtype))
            for a in x
        ]  # fmt: skip
        if type(self).build is not Model.build and not self.built:
            shapes = [t.shape for t in tensors]
            self.build(shapes[0] if self._input_form is None else packed(self._input_form, shapes))
        if self._entry is None and type(self).call is Layer.call and is_own(self, "train"):
            self._entry, self.built = (tensors, []), True  # its steps say all there is
        if self._entry is None:
            self._enter(tensors)

    def _enter(self, tensors: list[Any]) -> None:
        """Trace `call` on placeholders, which makes all weights and shows the outputs."""
        form = self._input_form
        if isinstance(form, dict):  # data are given under these names
            for tensor, path in zip(tensors, paths(form), strict=True):
                tensor.name = joined(path)
        self._entering = True
        try:
            outputs = self.compute_output_spec(
                tensors[0] if form is None else packed(form, tensors)
            )
        finally:
            self._entering = False
        self.output_form = numbered(outputs)
        self._entry = (tensors, flatten(outputs))
        self.built = True

    def summary(
        self,
        line_length: int | None = None,
        positions: Sequence[float] | None = None,
        print_fn: Callable[[str], Any] | None = None,
        expand_nested: bool = False,
        show_trainable: bool = False,
        layer_range: Sequence[str] | None = None,
    ) -> None:
        """Print the layers with their output shapes and numbers of weights.

        Args:
            line_length: cells a line; default what fits the terminal.
            positions: where the columns end, as parts of a line.
            print_fn: gets the text instead of the terminal.
            expand_nested: whether inner models are opened.
            show_trainable: whether to tell which layers are trained.
            layer_range: names (or patterns) of the first and last layer to show.

        Source: keras.Model.summary.
        """
        print_summary(
            self, print_fn, line_length=line_length, positions=positions,
            expand_nested=expand_nested, show_trainable=show_trainable, layer_range=layer_range,
        )  # fmt: skip

    def _repr_html_(self) -> str:
        from .html import summary_html

        return summary_html(self)

    # --- steps ------------------------------------------------------------------------------
    def forward(self, x: Sequence[Any], training: bool) -> list[Any]:
        """Return the outputs, flattened, for inputs, flattened."""
        form = self._input_form
        if self._front is not None:
            outputs = Layer.__call__(self, list(x), training=training)
        else:
            outputs = self(x[0] if form is None else packed(form, list(x)), training=training)
        self.output_form = numbered(outputs)
        return flatten(outputs)

    def step_losses(self) -> list[Any]:
        """Return what `add_loss` and regularizers added in the last forward pass."""
        return self.losses

    @property
    def step_input_names(self) -> list[str]:
        """One name an input: a dict's keys, or the names of the tensors."""
        tensors, form = self.known_inputs(), self._input_form
        if isinstance(form, dict) and self._front is None:
            return [joined(path) for path in paths(form)]
        return [tensor.name for tensor in tensors]

    @property
    def input_paths(self) -> list[tuple[Any, ...]]:
        """The keys and places that lead to each input, as for `output_paths`."""
        return paths(self._input_form) if self._front is None else [()] * len(self.known_inputs())

    @property
    def step_output_names(self) -> list[str]:
        """One name an output: a dict's keys, the names of the output layers, or numbers."""
        form = self.output_form
        names = getattr(self, "output_names", None)
        count = len(flatten(form))
        if isinstance(form, dict):
            flat = count == len(form)
            return [joined(path[:1] if flat else path) for path in paths(form)]
        if names is None or len(names) != count:
            return [f"output_{i + 1}" for i in range(count)]
        return list(names)

    @property
    def names_its_outputs(self) -> bool:
        """Whether the outputs have names of their own: layers or keys of a dict give them."""
        return isinstance(self.output_form, dict) or hasattr(self, "output_names")

    @property
    def output_paths(self) -> list[tuple[Any, ...]]:
        """The keys and places that lead to each output: ("a", 0) of {"a": [output]}."""
        return paths(self.output_form)

    def by_output(self, given: Any) -> Any:
        """Return what is given in the structure of nested outputs as a list, one an output."""
        found, there = None, self.output_paths
        if any(len(path) > 1 for path in there):
            found = data.follow(given, there)
        return given if found is None else found

    def program(
        self, kind: str, specs: Specs, batch: int, first: int | None = None, exact: bool = False
    ) -> StepProgram | EagerProgram:
        """Return the step of a kind ("train", "test", "predict"), compiled now if need be.

        It takes up to `batch` rows; the first batch has `first`, by default as many. For `exact`
        see `StepProgram`.
        """
        with self._as_compiled(kind):
            return self._program(kind, specs, batch, batch if first is None else first, exact)

    def _as_compiled(self, kind: str) -> AbstractContextManager[None]:
        """Let layers be as frozen as they were at `compile`."""
        if kind == "predict" or self.compiled_step is None or self.compiled_step.run_eagerly:
            return nullcontext()
        return self.compiled_step.frozen.restored(self)

    def _program(
        self, kind: str, specs: Specs, batch: int, first: int, exact: bool
    ) -> StepProgram | EagerProgram:
        key: tuple[Any, ...] = (kind, specs, batch, exact, repr(self._input_form))
        compiled = self.compiled_step
        if kind != "predict":
            variables = tuple(map(id, self.trainable_variables))
            key += (variables, compiled.version, compiled.optimizer.revision)
        if is_own(self, kind):
            revisions = [x.revision for x in opened(vars(self)) if is_optimizer(x)]
            key += (repr(self.target_form), *revisions)
        if compiled is not None and compiled.run_eagerly:
            return EagerProgram(self, body_of(self, kind), specs, kind == "predict")

        def graph(rows: int | None) -> Graph:
            with self._as_compiled(kind):  # exact sizes are traced later
                step = traced_once(self, lambda: traced(body_of(self, kind), self, specs, rows))
            metrics = compiled.all_metrics if compiled is not None and compiled.built else []
            return kept.whole(step, [*self._flat_layers(), *metrics])

        return self._programs.get(key, lambda: StepProgram(graph, batch, first, exact))

    def reset_states(self) -> None:
        """Set the states of stateful recurrent layers to 0, as Keras 2 did.

        Source: in Keras 3, `layer.reset_state()` of each layer.
        """
        for layer in self._flat_layers():
            if getattr(layer, "stateful", False) and hasattr(layer, "reset_state"):
                layer.reset_state()

    @classmethod
    def from_config(cls, config: dict[str, Any]) -> Any:
        """Return a new model from the result of `get_config`."""
        if "input_layers" in config:
            from .network_config import network_from_config  # it makes models

            return network_from_config(cls, config)
        return cls(**config)


def is_optimizer(x: Any) -> bool:
    """Tell whether x is an optimizer, one of several that a model of the user's own may keep."""
    return isinstance(x, Optimizer)


def _is_functional(args: Sequence[Any], kwargs: dict[str, Any]) -> bool:
    return len(args) >= 2 or (len(args) == 1 and "outputs" in kwargs) or (
        "inputs" in kwargs and "outputs" in kwargs
    )  # fmt: skip
