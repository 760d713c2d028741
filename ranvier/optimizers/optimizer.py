"""Optimizer, the base of all optimizers."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import wraps
from typing import Any

import numpy as np

from .. import ops, schedules
from ..graph import Variable, dial
from ..graph.config import init_config
from ..graph.dtype import floatx
from ..graph.errors import ArgumentTypeError, NotBuiltError
from ..graph.function import called, takes
from ..graph.naming import auto_name
from ..schedules import LearningRateSchedule
from . import argument, average, clip, pair
from .memory import Memory
from .option import Rate

#: Setting these leaves a compiled step valid: numbers in variables, and the optimizer's own marks.
_NO_REVISION = ("revision", "built", "learning_rate", "lr")


class Optimizer(Memory):
    """Changes weights step by step so that the loss falls. Subclass it to write your own.

    Write `update_step(gradient, variable, learning_rate)` with `ranvier.ops`, giving new values
    by `variable.assign`: the same code runs eagerly and is traced into the compiled step. Name
    the memory it needs in `slot_groups`, or make it in `build` as in Keras.

    One step, in this order: gradients are unscaled, averaged over accumulated steps, clipped;
    weights decay; `update_step` for each weight; moving averages; constraints; `iterations` + 1.

    Args:
        learning_rate: a number, a schedule (a function of `iterations`), or a function without
            arguments. Default 0.01 here; each optimizer has its own.
        weight_decay: before each update, weights lose this share times the learning rate;
            default None.
        clipnorm: largest norm of each gradient; default None.
        clipvalue: largest size of each number in a gradient; default None.
        global_clipnorm: largest norm of all gradients taken together; default None. At most one
            of the three may be given.
        use_ema: keep a moving average of every weight, which `fit` puts into the weights at its
            end; default False.
        ema_momentum: share of the old average that a step keeps, 0 to 1; default 0.99.
        ema_overwrite_frequency: put the averages into the weights every so many steps; default
            None: only at the end.
        loss_scale_factor: the loss is multiplied by this and the gradients divided; default None.
        gradient_accumulation_steps: update the weights once every so many steps, with the mean
            of their gradients; at least 2; default None.
        name: default the class in snake case.
        **legacy: `lr` and `decay` are taken as Keras 2 meant them: the learning rate, and
            InverseTimeDecay(learning_rate, 1, decay).

    Raises:
        ArgumentError: if a value cannot work, or an argument is unknown.

    Example:
        >>> class Plain(Optimizer):
        ...     def update_step(self, gradient, variable, learning_rate):
        ...         variable.assign_sub(gradient * learning_rate)
        >>> w = Variable([1.0, 2.0])
        >>> Plain(0.5).apply([np.float32([1.0, 1.0])], [w])
        >>> w.numpy()
        array([0.5, 1.5], dtype=float32)

    Source: keras.optimizers.Optimizer. A learning rate may also be an int; `iterations` is int64;
    changing a hyperparameter (`optimizer.clipnorm = 1.0`) acts from the next `fit` on, where
    Keras keeps what was compiled.
    """

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        if "build" in cls.__dict__:
            cls.build = _once_only(cls.__dict__["build"])  # type: ignore[method-assign]

    def __init__(
        self,
        learning_rate: Rate = 0.01,
        weight_decay: float | None = None,
        clipnorm: float | None = None,
        clipvalue: float | None = None,
        global_clipnorm: float | None = None,
        use_ema: bool = False,
        ema_momentum: float = 0.99,
        ema_overwrite_frequency: int | None = None,
        loss_scale_factor: float | None = None,
        gradient_accumulation_steps: int | None = None,
        name: str | None = None,
        **legacy: Any,
    ) -> None:
        #: Counts changes of hyperparameters: a step compiled at another revision is stale.
        self.revision = 0
        self.name = name or auto_name(type(self).__name__)
        self.weight_decay = weight_decay
        self.clipnorm = clipnorm
        self.clipvalue = clipvalue
        self.global_clipnorm = global_clipnorm
        self.use_ema = use_ema
        self.ema_momentum = ema_momentum
        self.ema_overwrite_frequency = ema_overwrite_frequency
        self.loss_scale_factor = loss_scale_factor
        self.gradient_accumulation_steps = gradient_accumulation_steps
        self.built = False
        super().__init__()
        self._targets: list[Variable] = []
        self._averages: list[Variable | None] = []
        self._swapped = False  # whether the averages are in the weights
        self._sums: list[Variable] = []
        self._once: dict[Any, Any] | None = None
        self._spared: tuple[frozenset[int], re.Pattern[str] | None] = (frozenset(), None)
        self._iterations = self.new_variable(np.int64(0), "iteration")
        self._learning_rate = self._rate(argument.legacy_rate(self, learning_rate, legacy))
        argument.check(self)

    def _rate(self, rate: Any) -> Any:
        """Return what to keep for a learning rate: a variable for a number."""
        if isinstance(rate, Mapping):
            rate = schedules.deserialize(rate)
        if argument.is_function(rate):
            names = ("step",) if isinstance(rate, LearningRateSchedule) else ()
            return takes(rate, f"{type(self).__name__}, `learning_rate`", *names)
        return self.new_variable(argument.rate(self, rate), "learning_rate", floatx())

    def __setattr__(self, name: str, value: Any) -> None:
        if not name.startswith("_") and name not in _NO_REVISION:
            if "revision" not in self.__dict__:
                raise NotBuiltError(
                    f"{type(self).__name__}.__init__ sets `{name}` before super().__init__() ran. "
                    "Call super().__init__(...) first."
                )
            self.__dict__["revision"] += 1
        if isinstance(value, Variable) and "_variables" in self.__dict__:
            self._track(value)
        super().__setattr__(name, value)

    # --- learning rate and state ----------------------------------------------------------------
    @property
    def learning_rate(self) -> Any:
        """The learning rate: a variable to read and assign, or the schedule's value now."""
        rate = self._learning_rate
        if isinstance(rate, LearningRateSchedule):
            return rate(self._iterations)
        return rate() if not isinstance(rate, Variable) else rate

    @learning_rate.setter
    def learning_rate(self, rate: Any) -> None:
        old = self._learning_rate
        if isinstance(rate, Mapping) or argument.is_function(rate):
            if isinstance(old, Variable):
                self._variables = [v for v in self._variables if v is not old]
            self._learning_rate = self._rate(rate)
            self.revision += 1
        elif isinstance(old, Variable):
            old.assign(rate if hasattr(rate, "shape") else argument.rate(self, rate))
        else:
            raise ArgumentTypeError(
                f"{type(self).__name__}: its learning rate follows {type(old).__name__}, so the "
                f"number {rate!r} has no place. Give a number when making the optimizer, or "
                "assign another schedule."
            )

    @property
    def lr(self) -> Any:
        """The learning rate, by its name in Keras 2."""
        return self.learning_rate

    @lr.setter
    def lr(self, rate: Any) -> None:
        self.learning_rate = rate

    @property
    def iterations(self) -> Any:
        """Updates made so far; with gradient accumulation, whole rounds."""
        if self.gradient_accumulation_steps:
            return ops.floor_divide(self._iterations, self.gradient_accumulation_steps)
        return self._iterations

    # --- variables ------------------------------------------------------------------------------
    def slot_groups(self) -> Sequence[Mapping[str, float]]:
        """Return the memory this optimizer needs: groups of {slot name: initial value}.

        Each group is made weight by weight, one group after the other (this fixes the order of
        `variables`, which files rely on).
        """
        return ()

    def build(self, variables: Iterable[Variable]) -> None:
        """Make the slots for the weights to be trained; `apply` calls it the first time."""
        if self.built:
            return
        self._targets = list(variables)
        self._index = {v: i for i, v in enumerate(self._targets)}
        if self.use_ema:
            self._averages = self.add_optimizer_variables(self._targets, "average")
        if self.gradient_accumulation_steps:
            self._sums = [
                self.add_variable_from_reference(v, "gradient_accumulator") for v in self._targets
            ]
        for group in self.slot_groups():
            made = self.add_optimizer_variables(self._targets, list(group), list(group.values()))
            self._slots.update(zip(group, made, strict=True))
        self.built = True

    def _get_variable_index(self, variable: Variable) -> int:
        return self._index[variable]

    # --- one step -------------------------------------------------------------------------------
    def update_step(self, gradient: Any, variable: Variable, learning_rate: Any) -> None:
        """Change one weight, given its gradient and the learning rate. Write this one."""
        raise NotImplementedError(
            f"Optimizer '{type(self).__name__}' has no update_step. Write `def update_step(self, "
            "gradient, variable, learning_rate)` that calls variable.assign(...)."
        )

    def apply_gradients(self, grads_and_vars: Iterable[tuple[Any, Variable]]) -> Variable:
        """Update weights by (gradient, weight) pairs; returns the counter of iterations."""
        self.apply(*pair.halves(type(self).__name__, grads_and_vars))
        return self._iterations

    def apply(
        self, grads: Sequence[Any], trainable_variables: Iterable[Variable] | None = None
    ) -> None:
        """Update weights by their gradients, eagerly or into the running trace.

        Args:
            grads: one gradient a weight; None where there is none.
            trainable_variables: the weights; default those of `build`.

        Raises:
            NotBuiltError: if no weights are given and none are known.
            ArgumentError: if a weight is not one of those the optimizer was built with, or no
                weight has a gradient.
        """
        grads = list(grads)
        if not grads:
            return
        pairs = self._pairs(grads, trainable_variables)
        for g, v in pairs:
            if v.overwrite_with_gradient:
                v.assign(g)
        pairs = [(g, v) for g, v in pairs if not v.overwrite_with_gradient]
        if pairs:
            if self.loss_scale_factor is not None:
                pairs = [(g / self.loss_scale_factor, v) for g, v in pairs]
            self._once = {}
            try:
                self._update(pairs)
            finally:
                self._once = None
            for _, v in pairs:
                if v.constraint is not None:
                    v.assign(_value(v.constraint(v)))
        self._iterations.assign_add(1)

    def _pairs(
        self, grads: list[Any], variables: Iterable[Variable] | None
    ) -> list[tuple[Any, Variable]]:
        """Return the weights that have a gradient with it; build for the first ones seen."""
        place = type(self).__name__
        variables = self._targets if variables is None and self.built else variables
        pairs = pair.matched(place, grads, variables)
        if not self.built:
            revision = self.revision
            self.build([v for _, v in pairs])
            self.built, self.revision = True, revision
        pair.check_known(place, pairs, self._index)
        return pair.with_gradient(place, pairs)

    def _update(self, pairs: list[tuple[Any, Variable]]) -> None:
        if self.gradient_accumulation_steps:
            self._update_when_due(pairs, self.gradient_accumulation_steps)
        else:
            self._update_now(pairs)
        if self.use_ema:
            average.follow(self._targets, self._averages, self.ema_momentum, self.iterations)
            every = self.ema_overwrite_frequency
            if every is not None:
                due = ops.equal(ops.mod(self.iterations + 1, every), 0)
                average.overwrite(self._targets, self._averages, due)

    def _update_now(self, pairs: list[tuple[Any, Variable]]) -> None:
        variables = [v for _, v in pairs]
        grads = self._clipped([g for g, _ in pairs])
        rate = self.learning_rate
        if self.weight_decay is not None:
            for v in variables:
                if self._decays(v):
                    decay = self.dial("weight_decay", v.dtype)
                    v.assign(v - v * decay * self.rate(rate, v.dtype))
        self.begin_step(rate)
        place, names = f"{type(self).__name__}.update_step", ("gradient", "variable", "rate")
        with called(self.update_step, place, *names):
            for g, v in zip(grads, variables, strict=True):
                self.update_step(g, v, rate)

    def _update_when_due(self, pairs: list[tuple[Any, Variable]], steps: int) -> None:
        """Update with the mean gradient at the last step of a round, else keep everything."""
        due = ops.equal(ops.mod(self._iterations + 1, steps), 0)
        sums = [self._sums[self._index[v]] for _, v in pairs]
        totals = [ops.add(g, s) for (g, _), s in zip(pairs, sums, strict=True)]
        held = {id(v) for v in (self._iterations, self._learning_rate, *self._sums)}
        state = [v for v in self._variables if id(v) not in held] + [v for _, v in pairs]
        before = [v.value for v in state]
        self._update_now([(t / steps, v) for t, (_, v) in zip(totals, pairs, strict=True)])
        for v, old in zip(state, before, strict=True):
            if v.value is not old:
                v.assign(ops.where(due, v, old))
        for s, total in zip(sums, totals, strict=True):
            s.assign(ops.where(due, 0.0, total))

    def begin_step(self, learning_rate: Any) -> None:
        """Change what all weights share, before the first `update_step` of a step."""

    def once(self, key: str, dtype: str, make: Callable[[], Any]) -> Any:
        """Return a number that all weights of a step share, made for the first that asks.

        Bias corrections and the like are scalars: made once, they are one node of the step, and
        the update of each weight stays a chain of elementwise ops.
        """
        if self._once is None:
            return make()
        if (key, dtype) not in self._once:
            self._once[key, dtype] = make()
        return self._once[key, dtype]

    def dial(self, name: str, dtype: str) -> Any:
        """Return a hyperparameter as a number that compiled steps read: its value needs no code."""
        return self.once(name, dtype, lambda: dial(getattr(self, name), dtype))

    def rate(self, learning_rate: Any, dtype: str) -> Any:
        """Return the learning rate in the dtype of a weight."""
        return self.once("learning_rate", dtype, lambda: ops.cast(learning_rate, dtype))

    def count(self, dtype: str) -> Any:
        """Return the number of this step, counted from 1, in the dtype of a weight."""
        return self.once("count", dtype, lambda: ops.cast(self.iterations + 1, dtype))

    def power(self, base: float, dtype: str) -> Any:
        """Return base ** count: how much of a moving average is still its initial zero."""
        return self.once(f"power {base}", dtype, lambda: ops.power(base, self.count(dtype)))

    def _clipped(self, grads: list[Any]) -> list[Any]:
        if self.clipnorm:
            return clip.clip_norm(grads, self.clipnorm)
        if self.global_clipnorm:
            return clip.clip_global_norm(grads, self.global_clipnorm)
        if self.clipvalue:
            return clip.clip_value(grads, self.clipvalue)
        return grads

    def assign(self, variable: Variable, value: Any) -> None:
        """Give a variable a new value, as `variable.assign` does."""
        variable.assign(_value(value))

    def assign_add(self, variable: Variable, value: Any) -> None:
        """Add to a variable, as `variable.assign_add` does."""
        variable.assign_add(value)

    def assign_sub(self, variable: Variable, value: Any) -> None:
        """Subtract from a variable, as `variable.assign_sub` does."""
        variable.assign_sub(value)

    # --- around the step ------------------------------------------------------------------------
    def scale_loss(self, loss: Any) -> Any:
        """Return the loss times `loss_scale_factor`, of which gradients are to be taken."""
        return loss if self.loss_scale_factor is None else loss * self.loss_scale_factor

    def finalize_variable_values(self, var_list: Iterable[Variable]) -> None:
        """Put the moving averages into the weights, as the end of training does (use_ema).

        Before the first step there are none.
        """
        if not self.use_ema or not self._has_averages():
            return
        if self._swapped:
            self.swap_averages()
        known = [v for v in var_list if v in self._index]
        average.overwrite(known, [self._averages[self._index[v]] for v in known])

    def swap_averages(self) -> bool:
        """Exchange the weights and their moving averages (use_ema); say whether that was done.

        Before the first step there are no averages yet, and nothing is exchanged.
        """
        if not self._has_averages():
            return False
        for variable, mean in zip(self._targets, self._averages, strict=True):
            if mean is not None:
                old = variable.numpy()
                variable.assign(mean.numpy())
                mean.assign(old)
        self._swapped = not self._swapped
        return True

    def _has_averages(self) -> bool:
        return bool(self.built and int(self._iterations))

    def exclude_from_weight_decay(
        self,
        var_list: Iterable[Variable] | None = None,
        var_names: Iterable[str] | None = None,
    ) -> None:
        """Spare weights from weight decay.

        Args:
            var_list: the weights themselves.
            var_names: patterns; a weight whose name contains one is spared: ["bias"].
        """
        names = sorted(set(var_names or ()))
        pattern = re.compile("|".join(names)) if names else None
        self._spared = (frozenset(id(v) for v in var_list or ()), pattern)
        self.revision += 1

    def _decays(self, variable: Variable) -> bool:
        spared, pattern = self._spared
        named = pattern is not None and pattern.search(variable.name) is not None
        return id(variable) not in spared and not named

    # --- config ---------------------------------------------------------------------------------
    def get_config(self) -> dict[str, Any]:
        """Return the arguments to make this optimizer again, without its state."""
        rate: Any = self._learning_rate
        if isinstance(rate, LearningRateSchedule):
            rate = schedules.serialize(rate)
        elif isinstance(rate, Variable):
            rate = float(rate.numpy())
        config = init_config(self, type(self).get_config is not Optimizer.get_config)
        return {**config, "learning_rate": rate}

    @classmethod
    def from_config(
        cls, config: Mapping[str, Any], custom_objects: Mapping[str, Any] | None = None
    ) -> Optimizer:
        """Return an optimizer made with the arguments in `config`."""
        config = dict(config)
        if isinstance(config.get("learning_rate"), Mapping):
            config["learning_rate"] = schedules.deserialize(config["learning_rate"], custom_objects)
        return cls(**config)


def _once_only(original: Callable[..., None]) -> Callable[..., None]:
    """Wrap a class's `build`: whoever calls it again leaves the slots as they are."""

    @wraps(original)
    def build(self: Optimizer, variables: Iterable[Variable]) -> None:
        if not self.built:
            original(self, list(variables))

    return build


def _value(x: Any) -> Any:
    return x.value if isinstance(x, Variable) else x
