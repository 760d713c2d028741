"""What all optimizers share: arguments, learning rates, variables, configs, resuming."""

import json
from typing import Any

import numpy as np
import pytest

from ranvier import ops, optimizers
from ranvier.engines.reference import ReferenceEngine
from ranvier.graph import Graph, Trace, Variable
from ranvier.graph.errors import ArgumentError, ArgumentTypeError, NotBuiltError
from ranvier.optimizers.schedules import ExponentialDecay

G = np.float32([[0.5, -2.0], [0.0, 1.5]])


def weight() -> Variable:
    return Variable(np.float32([[1.0, -1.0], [0.25, 3.0]]), name="kernel")


def traced(optimizer: Any, variables: list[Variable], gradients: list[Any]) -> Any:
    """Return a function that runs one step of the traced update."""
    with Trace() as trace:
        optimizer.apply(gradients, variables)
    program = ReferenceEngine().compile(Graph((), (), tuple(trace.updates.items())), 1)
    return lambda: program.run([], np.arange(1), 1)


@pytest.mark.parametrize("name", optimizers.CATALOG)
def test_eager_and_traced_steps_give_the_same_bits(name: str) -> None:
    one, two = weight(), weight()
    eager, compiled = optimizers.get(name), optimizers.get(name)
    step = traced(compiled, [two], [G])
    for _ in range(5):
        eager.apply_gradients([(G, one)])
        step()
    np.testing.assert_array_equal(one.numpy(), two.numpy())
    assert not np.array_equal(one.numpy(), weight().numpy())
    assert int(eager.iterations) == int(compiled.iterations) == 5


@pytest.mark.parametrize("name", sorted(set(optimizers.CATALOG) - {"ftrl"}))
def test_a_zero_gradient_changes_nothing(name: str) -> None:
    w = weight()
    optimizer = optimizers.CATALOG[name]()
    optimizer.weight_decay = None
    for _ in range(3):
        optimizer.apply([np.zeros((2, 2), np.float32)], [w])
    np.testing.assert_array_equal(w.numpy(), weight().numpy())


@pytest.mark.parametrize("name", optimizers.CATALOG)
def test_training_resumes_from_saved_variables(name: str) -> None:
    options: dict[str, Any] = {"use_ema": True, "gradient_accumulation_steps": 2}
    whole, w = optimizers.CATALOG[name](**options), weight()
    for i in range(7):
        whole.apply([G * (i + 1)], [w])
    first, a = optimizers.CATALOG[name](**options), weight()
    for i in range(3):
        first.apply([G * (i + 1)], [a])
    store: dict[str, Any] = {}
    first.save_own_variables(store)
    second, b = optimizers.deserialize(optimizers.serialize(first)), Variable(a, name="kernel")
    second.build([b])
    second.load_own_variables(store)
    for i in range(3, 7):
        second.apply([G * (i + 1)], [b])
    np.testing.assert_array_equal(b.numpy(), w.numpy())
    for v, u in zip(whole.variables, second.variables, strict=True):
        np.testing.assert_array_equal(v.numpy(), u.numpy())


@pytest.mark.parametrize("name", optimizers.CATALOG)
def test_configs_come_back_whole_and_as_json(name: str) -> None:
    optimizer = optimizers.CATALOG[name](learning_rate=0.25, clipnorm=1.5, name="mine")
    config = json.loads(json.dumps(optimizers.serialize(optimizer)))
    assert config["module"] == "keras.optimizers" and config["registered_name"] is None
    again = optimizers.deserialize(config)
    assert type(again) is type(optimizer)
    assert again.get_config() == optimizer.get_config()
    assert again.clipnorm == 1.5 and float(again.learning_rate) == 0.25 and again.name == "mine"


def test_names_are_those_of_the_classes() -> None:
    assert all(k == c.__name__.lower() for k, c in optimizers.CATALOG.items())


def test_get_takes_names_classes_configs_and_optimizers() -> None:
    assert type(optimizers.get("Adam")) is type(optimizers.get("adam")) is optimizers.Adam
    assert type(optimizers.get(optimizers.SGD)) is optimizers.SGD
    config = {"class_name": "sgd", "config": {"learning_rate": 0.5}}
    assert float(optimizers.get(config).learning_rate) == 0.5
    ready = optimizers.Lion()
    assert optimizers.get(ready) is ready and optimizers.get(None) is None
    with pytest.raises(ArgumentError, match="`optimizer`: got 'adm'. Did you mean 'adam'"):
        optimizers.get("adm")
    with pytest.raises(ArgumentTypeError, match="got 3, expected a name such as 'adam'"):
        optimizers.get(3)


# --- learning rate ------------------------------------------------------------------------------
def test_the_learning_rate_is_read_and_assigned_while_training() -> None:
    w, optimizer = weight(), optimizers.SGD(1)
    assert optimizer.learning_rate.numpy() == 1.0 and float(optimizer.learning_rate) == 1.0
    step = traced(optimizer, [w], [G])
    revision = optimizer.revision
    step()
    np.testing.assert_array_equal(w.numpy(), weight().numpy() - G)
    optimizer.learning_rate = 0.5
    step()
    np.testing.assert_array_equal(w.numpy(), weight().numpy() - G * 1.5)
    optimizer.learning_rate.assign(np.float32(0.25))
    step()
    np.testing.assert_array_equal(w.numpy(), weight().numpy() - G * 1.75)
    optimizer.lr = np.float64(0.0)
    step()
    np.testing.assert_array_equal(w.numpy(), weight().numpy() - G * 1.75)
    assert optimizer.revision == revision, "numbers in a variable leave a compiled step valid"


def test_a_schedule_is_traced_into_the_step() -> None:
    w = weight()
    optimizer = optimizers.SGD(ExponentialDecay(1.0, decay_steps=1, decay_rate=0.5))
    step = traced(optimizer, [w], [G])
    for _ in range(3):
        step()
    np.testing.assert_array_equal(w.numpy(), weight().numpy() - G * 1.75)
    assert float(optimizer.learning_rate) == 0.125 and optimizer.learning_rate.numpy() == 0.125
    assert [v.name for v in optimizer.variables] == ["iteration"]
    again = optimizers.SGD.from_config(optimizer.get_config())
    assert float(again.learning_rate) == 1.0
    with pytest.raises(ArgumentTypeError, match="learning rate follows ExponentialDecay"):
        optimizer.learning_rate = 0.1


def test_a_number_may_give_way_to_a_schedule() -> None:
    optimizer = optimizers.SGD(0.1)
    revision = optimizer.revision
    optimizer.learning_rate = ExponentialDecay(1.0, 1, 0.5)
    assert optimizer.revision > revision, "the compiled step is stale"
    assert [v.name for v in optimizer.variables] == ["iteration"]


def test_a_function_without_arguments_gives_the_rate() -> None:
    w = weight()
    optimizers.SGD(lambda: 0.5).apply([G], [w])
    np.testing.assert_array_equal(w.numpy(), weight().numpy() - G / 2)


def test_keras_2_names_mean_what_they_meant() -> None:
    assert float(optimizers.SGD(lr=0.5).learning_rate) == 0.5
    optimizer, w = optimizers.SGD(lr=1.0, decay=1.0), weight()
    for _ in range(2):
        optimizer.apply([G], [w])
    np.testing.assert_array_equal(w.numpy(), weight().numpy() - G * 1.5)
    assert float(optimizers.Adam(decay=0.0).learning_rate) == np.float32(0.001)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ({"learning_rat": 0.1}, "SGD: got an unknown argument `learning_rat`. Did you mean 'learn"),
        ({"learning_rate": "fast"}, "SGD, `learning_rate`: got 'fast', expected a number such as"),
        ({"learning_rate": -1.0}, "SGD, `learning_rate`: got -1.0, expected 0 or more"),
        ({"learning_rate": float("nan")}, "SGD, `learning_rate`: got nan"),
        ({"momentum": 2.0}, "SGD, `momentum`: got 2.0, expected a number from 0 to 1"),
        ({"clipnorm": 1.0, "clipvalue": 1.0}, "at most one kind of clipping"),
        ({"clipnorm": -1.0}, "SGD, `clipnorm`: got -1.0, expected a number above 0"),
        ({"gradient_accumulation_steps": 1}, "`gradient_accumulation_steps`: got 1, expected an"),
        ({"use_ema": True, "ema_momentum": 1.5}, "`ema_momentum`: got 1.5"),
        ({"use_ema": True, "ema_overwrite_frequency": 0}, "`ema_overwrite_frequency`: got 0"),
        ({"decay": 0.1, "learning_rate": ExponentialDecay(1.0, 1, 0.5)}, "Give one schedule"),
    ],
)
def test_wrong_arguments_are_named(arguments: dict[str, Any], words: str) -> None:
    with pytest.raises((ArgumentError, ArgumentTypeError)) as error:
        optimizers.SGD(**arguments)
    assert words in str(error.value)


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda: optimizers.AdamW(weight_decay=None), "AdamW, `weight_decay`: got None"),
        (lambda: optimizers.Lion(beta_1=0.0), "Lion, `beta_1`: got 0"),
        (lambda: optimizers.Ftrl(learning_rate_power=1.0), "`learning_rate_power`: got 1.0"),
        (lambda: optimizers.Adagrad(initial_accumulator_value=-1.0), "got -1.0, expected 0 or"),
        (lambda: optimizers.Adam(beta_1=1.5), "Adam, `beta_1`: got 1.5"),
    ],
)
def test_wrong_hyperparameters_are_named(make: Any, words: str) -> None:
    with pytest.raises(ArgumentError) as error:
        make()
    assert words in str(error.value)


# --- a step -------------------------------------------------------------------------------------
def test_weights_and_gradients_must_fit() -> None:
    optimizer, w = optimizers.SGD(), weight()
    with pytest.raises(NotBuiltError, match="got gradients without weights"):
        optimizer.apply([G])
    with pytest.raises(ArgumentError, match="got 2 gradients for 1 weights"):
        optimizer.apply([G, G], [w])
    optimizer.apply([G], [w])
    optimizer.apply([G])
    with pytest.raises(ArgumentError, match="'other', which it was not built with"):
        optimizer.apply([G], [Variable(G, name="other")])
    with pytest.raises(ArgumentError, match="no weight has a gradient"):
        optimizer.apply([None], [w])


def test_pairs_of_gradient_and_weight_are_asked_for() -> None:
    w, g = Variable([1.0, 2.0]), np.ones(2, np.float32)
    with pytest.raises(ArgumentTypeError, match=r"in place of a pair.*zip\(gradients"):
        optimizers.SGD().apply_gradients([g, g])
    with pytest.raises(ArgumentTypeError, match=r"in place of a weight. Gradients come first"):
        optimizers.SGD().apply_gradients([(w, g)])
    with pytest.raises(
        ArgumentError, match=r"no weight has a gradient.*NumPy and .numpy\(\) leave"
    ):
        optimizers.SGD().apply_gradients([(None, w)])


def test_a_weight_without_gradient_stays_with_a_warning() -> None:
    w, other = weight(), Variable([1.0], name="alone")
    with pytest.warns(UserWarning, match=r"does not depend on \['alone'\]"):
        optimizers.SGD(1.0).apply([G, None], [w, other])
    assert other.numpy() == 1.0 and not np.array_equal(w.numpy(), weight().numpy())


def test_constraints_hold_after_the_update() -> None:
    w = weight()
    w.constraint = lambda value: ops.maximum(value, 0.0)
    optimizers.SGD(1.0).apply([G], [w])
    np.testing.assert_array_equal(w.numpy(), np.maximum(weight().numpy() - G, 0))


def test_averages_are_put_into_the_weights_at_the_end() -> None:
    w = weight()
    optimizer = optimizers.SGD(1.0, use_ema=True, ema_momentum=0.5)
    optimizer.apply([G], [w])
    optimizer.apply([G], [w])
    optimizer.finalize_variable_values([w])
    np.testing.assert_allclose(w.numpy(), weight().numpy() - 1.5 * G)


def test_accumulation_updates_once_a_round_with_the_mean() -> None:
    w = weight()
    optimizer = optimizers.SGD(1.0, gradient_accumulation_steps=2)
    optimizer.apply([G], [w])
    np.testing.assert_array_equal(w.numpy(), weight().numpy())
    optimizer.apply([G * 3], [w])
    np.testing.assert_array_equal(w.numpy(), weight().numpy() - G * 2)
    assert int(optimizer.iterations) == 1


def test_spared_weights_do_not_decay() -> None:
    w, bias = weight(), Variable([2.0], name="bias")
    optimizer = optimizers.SGD(0.5, weight_decay=0.5)
    optimizer.exclude_from_weight_decay(var_names=["bias"])
    optimizer.apply([G * 0, np.float32([0])], [w, bias])
    np.testing.assert_array_equal(w.numpy(), weight().numpy() * 0.75)
    assert bias.numpy() == 2.0


def test_the_update_of_a_weight_is_a_chain_of_maps_with_shared_scalars() -> None:
    one, two = weight(), Variable(np.float32([1.0, 2.0]), name="bias")
    for name in ("sgd", "rmsprop", "adam", "adamw", "nadam", "adamax", "adagrad", "adadelta",
                 "lion", "ftrl"):  # fmt: skip
        with Trace() as trace:
            optimizers.get(name).apply([G, np.float32([1, 2])], [one, two])
        nodes = Graph((), (), tuple(trace.updates.items())).nodes
        assert {n.op.kind for n in nodes if n.shape} <= {"leaf", "map"}
        scalars = [n for n in nodes if n.shape == () and n.op.kind == "map"]
        powers = [n for n in scalars if n.op.name == "power"]
        assert len(powers) <= 3, (name, len(powers))
        assert len(scalars) <= 25, (name, len(scalars))


# --- subclasses ---------------------------------------------------------------------------------
class Momentum(optimizers.Optimizer):
    """Written as the documentation of Keras shows it."""

    def __init__(self, learning_rate: float = 0.1, momentum: float = 0.9, **kwargs: Any) -> None:
        super().__init__(learning_rate=learning_rate, **kwargs)
        self.momentum = momentum

    def build(self, variables: Any) -> None:
        super().build(variables)
        self.momentums = []
        for v in variables:
            self.momentums.append(self.add_variable_from_reference(v, name="momentum"))

    def update_step(self, gradient: Any, variable: Variable, learning_rate: Any) -> None:
        learning_rate = ops.cast(learning_rate, variable.dtype)
        m = self.momentums[self._get_variable_index(variable)]
        self.assign(m, ops.subtract(ops.multiply(m, self.momentum), gradient * learning_rate))
        self.assign_add(variable, m)


def test_a_subclass_written_for_keras_trains_like_the_built_in_one() -> None:
    mine, theirs = Momentum(0.1, 0.5), optimizers.SGD(0.1, momentum=0.5)
    one, two = weight(), weight()
    step = traced(mine, [one], [G])
    for _ in range(3):
        step()
        theirs.apply([G], [two])
    np.testing.assert_allclose(one.numpy(), two.numpy(), 1e-6)
    assert [v.path for v in mine.variables][2] == f"{mine.name}/kernel_momentum"
    config = optimizers.serialize(mine)
    assert config["config"]["momentum"] == 0.5 and config["registered_name"] == "Momentum"
    again = optimizers.deserialize(config, custom_objects={"Momentum": Momentum})
    assert again.get_config() == mine.get_config()
    with pytest.raises(ArgumentError, match="optimizers.deserialize: got 'Momentum'"):
        optimizers.deserialize(config)


def test_a_subclass_without_update_step_or_super_says_so() -> None:
    class Bare(optimizers.Optimizer):
        pass

    with pytest.raises(NotImplementedError, match="'Bare' has no update_step"):
        Bare().apply([G], [weight()])

    class Early(optimizers.Optimizer):
        def __init__(self) -> None:
            self.momentum = 0.5

    with pytest.raises(NotBuiltError, match="sets `momentum` before super"):
        Early()


def test_a_subclass_is_built_once():
    class Heavy(optimizers.Optimizer):
        def build(self, variables):
            super().build(variables)
            self.speeds = [self.add_variable_from_reference(v, "speed") for v in variables]

        def update_step(self, gradient, variable, learning_rate):
            speed = self.speeds[self._get_variable_index(variable)]
            self.assign(speed, 0.9 * speed - learning_rate * gradient)
            self.assign_add(variable, speed)

    weight, optimizer = Variable([1.0]), Heavy(0.1)
    optimizer.build([weight])
    optimizer.build(iter([weight]))
    optimizer.apply([np.float32([1.0])], [weight])
    optimizer.apply([np.float32([1.0])], [weight])
    assert len(optimizer.variables) == 3
    assert weight.numpy() == pytest.approx(1 - 0.1 - 0.19)
