"""Initializers: bounds, variances, fans, seeds, configs and look-up."""

import math

import numpy as np
import pytest

from ranvier import initializers
from ranvier.graph.errors import (
    ArgumentError,
    ArgumentTypeError,
    DTypeError,
    ShapeError,
)
from ranvier.random import SeedGenerator, set_random_seed

SHAPE = (300, 200)
SCALED = [
    # name, variance, bound in standard deviations before the cut
    ("glorot_uniform", 2 / 500, math.sqrt(3)),
    ("glorot_normal", 2 / 500, 2 / 0.87962566),
    ("he_uniform", 2 / 300, math.sqrt(3)),
    ("he_normal", 2 / 300, 2 / 0.87962566),
    ("lecun_uniform", 1 / 300, math.sqrt(3)),
    ("lecun_normal", 1 / 300, 2 / 0.87962566),
]


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("name, variance, bound", SCALED)
def test_variance_and_bound(name: str, variance: float, bound: float, dtype: str) -> None:
    w = initializers.get(name)(SHAPE, dtype)
    std = math.sqrt(variance)
    assert w.shape == SHAPE and w.dtype == dtype
    # Five standard errors for 60,000 values.
    assert abs(w.mean()) < 5 * std / math.sqrt(60000)
    assert abs(w.std() / std - 1) < 0.02
    assert 0.98 * bound * std < abs(w).max() <= bound * std * (1 + 1e-6)


@pytest.mark.parametrize(
    "shape, fans",
    [
        ((), (1, 1)),
        ((5,), (5, 5)),
        ((3, 4), (3, 4)),
        ((7, 3, 4), (21, 28)),
        ((3, 3, 16, 32), (144, 288)),
    ],
)
def test_fans(shape: tuple[int, ...], fans: tuple[int, int]) -> None:
    assert initializers.compute_fans(shape) == fans


def test_fans_of_chosen_axes() -> None:
    assert initializers.compute_fans((2, 3, 5), [0], [1, 2]) == (2, 15)
    w = initializers.HeUniform(seed=1, input_axes=[1], output_axes=[0])((1000, 6))
    assert 0.99 < abs(w).max() <= 1


def test_variance_scaling_modes() -> None:
    for mode, fan in (("fan_in", 300), ("fan_out", 200), ("fan_avg", 250)):
        for kind in ("uniform", "normal", "truncated_normal", "untruncated_normal"):
            w = initializers.VarianceScaling(3.0, mode, kind, seed=1)(SHAPE)
            assert abs(w.std() / math.sqrt(3 / fan) - 1) < 0.02


@pytest.mark.parametrize(
    "arguments, words",
    [
        ({"scale": 0}, "`scale`: got 0"),
        ({"scale": math.nan}, "`scale`: got nan"),
        ({"mode": "fan_inn"}, "Did you mean 'fan_in'"),
        ({"distribution": "unifrom"}, "Did you mean 'uniform'"),
    ],
)
def test_variance_scaling_refuses(arguments: dict[str, object], words: str) -> None:
    with pytest.raises(ArgumentError, match=words):
        initializers.VarianceScaling(**arguments)  # type: ignore[arg-type]


def test_plain_distributions() -> None:
    normal = initializers.RandomNormal(2.0, 0.5, seed=1)(SHAPE)
    assert abs(normal.mean() - 2) < 0.02 and abs(normal.std() - 0.5) < 0.02
    cut = initializers.TruncatedNormal(2.0, 0.5, seed=1)(SHAPE)
    assert cut.min() >= 1 and cut.max() <= 3 and abs(cut.std() - 0.5 * 0.8796) < 0.01
    even = initializers.RandomUniform(-1.0, 3.0, seed=1)(SHAPE)
    assert even.min() >= -1 and even.max() < 3 and abs(even.mean() - 1) < 0.03


@pytest.mark.parametrize("shape", [(4, 4), (6, 3), (3, 6), (2, 2, 3)])
def test_orthogonal(shape: tuple[int, ...]) -> None:
    q = np.asarray(initializers.Orthogonal(2.0, seed=1)(shape)).reshape(-1, shape[-1])
    small = q @ q.T if q.shape[0] < q.shape[1] else q.T @ q
    assert np.allclose(small, 4 * np.eye(len(small)), atol=1e-5)


def test_without_chance() -> None:
    assert (initializers.Zeros()((2, 3), "int32") == 0).all()
    assert (initializers.Ones()((2, 3)) == 1).all()
    assert initializers.Ones()((2,), "bool").dtype == "bool"
    assert initializers.Constant([1.0, 2.0])((3, 2)).tolist() == [[1.0, 2.0]] * 3
    assert initializers.Identity(3.0)((2, 3)).tolist() == [[3, 0, 0], [0, 3, 0]]


def test_names_of_keras_for_the_same_classes() -> None:
    assert initializers.IdentityInitializer is initializers.Identity
    assert initializers.OrthogonalInitializer is initializers.Orthogonal


def test_shapes_and_dtypes_refused() -> None:
    with pytest.raises(ShapeError, match="Identity, `shape`: got .3,."):
        initializers.Identity()((3,))
    with pytest.raises(ShapeError, match="Orthogonal, `shape`: got .3,."):
        initializers.Orthogonal()((3,))
    with pytest.raises(ShapeError, match="GlorotUniform, `shape`: got .None, 3."):
        initializers.GlorotUniform()((None, 3))  # type: ignore[arg-type]
    with pytest.raises(ShapeError, match="Constant"):
        initializers.Constant([1.0, 2.0])((2, 3))
    with pytest.raises(ArgumentTypeError, match="Constant, `value`: got None, expected a number"):
        initializers.Constant(None)((2,))
    with pytest.raises(ArgumentTypeError, match="Zeros, `shape`: got None, expected a tuple"):
        initializers.Zeros()(None)  # type: ignore[arg-type]
    with pytest.raises(DTypeError, match="HeNormal, `dtype`: got 'int32'"):
        initializers.HeNormal()((2, 3), "int32")
    assert initializers.HeNormal()((0, 3)).shape == (0, 3)


def test_seeds() -> None:
    same = initializers.HeNormal(seed=3)
    assert (same(SHAPE) == same(SHAPE)).all()
    assert (same(SHAPE) == initializers.HeNormal(seed=3)(SHAPE)).all()
    assert (initializers.HeNormal()(SHAPE) != initializers.HeNormal()(SHAPE)).any()
    moving = initializers.HeNormal(seed=SeedGenerator(3))
    assert (moving(SHAPE) == same(SHAPE)).all() and (moving(SHAPE) != same(SHAPE)).any()
    set_random_seed(1)
    first = initializers.get("glorot_uniform")(SHAPE)
    set_random_seed(1)
    assert (initializers.get("glorot_uniform")(SHAPE) == first).all()
    with pytest.raises(ArgumentTypeError, match="HeNormal, `seed`: got 1.5"):
        initializers.HeNormal(seed=1.5)


def test_clone_of_an_unseeded_one_draws_anew() -> None:
    one = initializers.HeNormal()
    assert (one(SHAPE) != one.clone()(SHAPE)).any()
    assert initializers.HeNormal(seed=3).clone().seed == 3


@pytest.mark.parametrize("cls", sorted(set(initializers.CATALOG.values()), key=str))
def test_config_round_trip(cls: type[initializers.Initializer]) -> None:
    one = cls(seed=5) if issubclass(cls, initializers.RandomInitializer) else cls()
    config = initializers.serialize(one)
    assert config["module"] == "keras.initializers" and config["registered_name"] is None
    again = initializers.deserialize(config)
    assert type(again) is cls and (again((4, 4)) == one((4, 4))).all()
    assert initializers.CATALOG[cls.__name__] is cls


def test_seed_generator_in_a_config() -> None:
    one = initializers.HeNormal(seed=SeedGenerator(4))
    again = initializers.deserialize(initializers.serialize(one))
    assert isinstance(again.seed, SeedGenerator)
    assert (again((3, 3)) == initializers.HeNormal(seed=4)((3, 3))).all()


def test_get() -> None:
    assert initializers.get(None) is None
    assert isinstance(initializers.get("he_normal"), initializers.HeNormal)
    assert isinstance(initializers.get(initializers.HeNormal), initializers.HeNormal)
    assert initializers.he_normal is initializers.HeNormal
    own = initializers.get(lambda shape, dtype=None: np.full(shape, 2.0))
    assert own is not None and own((2,)).tolist() == [2.0, 2.0]
    given = initializers.get(np.array([1.0, 2.0]))
    assert given is not None and given((2,)).dtype == "float32"
    with pytest.raises(ShapeError, match="array of shape"):
        given((3,))
    with pytest.raises(ArgumentError, match="initializer: got 'he_norma'. Did you mean 'he_nor"):
        initializers.get("he_norma")
    with pytest.raises(ArgumentError, match="expected a name"):
        initializers.get(3)


def test_own_class_needs_no_get_config() -> None:
    class Half(initializers.RandomNormal):
        def __init__(self, factor: float = 0.5, **kwargs: object) -> None:
            self.factor = factor
            super().__init__(**kwargs)  # type: ignore[arg-type]

    config = Half(0.25, stddev=2.0, seed=1).get_config()
    assert config == {"factor": 0.25, "mean": 0.0, "stddev": 2.0, "seed": 1}
