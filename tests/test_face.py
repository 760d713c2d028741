"""The face: every public name, the forms in which books import, and what type checkers read."""

from __future__ import annotations

import ast
import importlib.util
import subprocess
import sys
from operator import attrgetter
from pathlib import Path
from types import ModuleType

import pytest

import ranvier

ROOT = Path(__file__).parent.parent


@pytest.mark.parametrize("name", ranvier.__all__)
def test_every_public_name_is_there(name: str) -> None:
    assert getattr(ranvier, name) is not None
    assert name in dir(ranvier)


def test_type_checkers_read_the_same_names() -> None:
    stub = ast.parse((ROOT / "ranvier" / "__init__.pyi").read_text(encoding="utf-8"))
    told: dict[str, tuple[str, str | None]] = {}
    for node in stub.body:
        if isinstance(node, ast.ImportFrom):
            for alias in node.names:
                assert alias.asname is not None, "only `as` makes a name public in a stub"
                told[alias.asname] = (
                    (node.module, alias.name) if node.module else (alias.name, None)
                )
    assert told == ranvier._PUBLIC


def test_an_unknown_name_offers_the_nearest() -> None:
    with pytest.raises(AttributeError, match=r"no 'Sequental'. Did you mean 'Sequential'\?"):
        ranvier.Sequental  # noqa: B018


def test_what_is_not_here_says_what_to_use_instead() -> None:
    with pytest.raises(AttributeError, match="pretrained weights .*load_model"):
        ranvier.applications.resnet50  # noqa: B018
    with pytest.raises(AttributeError, match="TensorFlow's own files.*load_model"):
        ranvier.layers.TFSMLayer("folder")
    with pytest.raises(AttributeError, match="legacy': the optimizers .* take `lr`"):
        ranvier.optimizers.legacy.SGD(0.1)


@pytest.mark.parametrize(
    ("room", "name", "words"),
    [
        ("", "keras", "Write `import ranvier as keras`"),
        ("", "Dense", r"it is ranvier\.layers\.Dense\."),
        ("", "square", r"it is ranvier\.backend\.square or ranvier\.ops\.square\."),
        ("", "nonesuch", r"dir\(ranvier\) lists"),
        ("layers", "Desne", "Did you mean 'Dense'"),
        ("callbacks", "EarlyStoping", "Did you mean 'EarlyStopping'"),
        ("random", "set_seed", "set_random_seed"),
        ("utils", "np_utils", "to_categorical"),
        ("ops", "squre", "Did you mean 'square'"),
        ("ops", "while_loop", "no loops of unknown length"),
        ("ops.image", "elastic_transform", "map_coordinates"),
        ("config", "enable_flash_attention", "one way of attention"),
        ("layers", "Sequential", r"it is ranvier\.Sequential\."),
        ("layers", "maxpooling2d", "Did you mean 'MaxPooling2D'"),
        ("", "tree", "optree"),
        ("backend", "xyzzy", r"dir\(ranvier\.backend\) lists"),
    ],
)
def test_an_absent_name_says_where_to_look(room: str, name: str, words: str) -> None:
    place = f"ranvier.{room}".rstrip(".")
    with pytest.raises(AttributeError, match=f"{place} has no '{name}'.*{words}"):
        attrgetter(f"{room}.{name}".lstrip("."))(ranvier)


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("layers.dense", "Did you mean 'Dense'"),
        ("layers.lstm", "Did you mean 'LSTM'"),
        ("optimizers.adam", "Did you mean 'Adam'"),
        ("callbacks.early_stopping", "Did you mean 'EarlyStopping'"),
        ("metrics.mean", "Did you mean 'Mean'"),
    ],
)
def test_a_file_called_in_place_of_a_class_says_so(name: str, words: str) -> None:
    with pytest.raises(TypeError, match=f"has no '.*{words}"):
        attrgetter(name)(ranvier)(10)


@pytest.mark.parametrize(
    ("form", "words"),
    [
        ("from ranvier.optimizers import legacy", "legacy': the optimizers .* take `lr`"),
        ("from ranvier.optimizers.legacy import Adam", "legacy': the optimizers .* take `lr`"),
        ("from ranvier.callbacks import EarlyStoping", "Did you mean 'EarlyStopping'"),
        ("from ranvier.models import Sequental", "Did you mean 'Sequential'"),
        ("from ranvier import Dense", r"it is ranvier\.layers\.Dense\."),
        ("from ranvier.applications.vgg16 import VGG16", "pretrained weights"),
        ("import ranvier.applications.vgg16", "pretrained weights"),
        ("from ranvier.utils import np_utils", "to_categorical"),
        ("from ranvier.utils.np_utils import to_categorical", "to_categorical"),
        ("from ranvier.wrappers.scikit_learn import KerasClassifier", "SKLearnClassifier"),
        ("from ranvier.preprocessing.text import Tokenizer", "TextVectorization"),
        ("from ranvier.preprocessing.image import ImageDataGenerator", "RandomFlip"),
        ("from ranvier.preprocessing.sequence import TimeseriesGenerator", "timeseries_dataset"),
        ("from ranvier.layers.experimental.preprocessing import Rescaling", "layers itself"),
        ("from ranvier.layers.core import Dense", "layers itself"),
        ("from ranvier.layers.recurrent import LSTM", "layers itself"),
        (
            "from ranvier.layers.normalization import BatchNormalization",
            r"is ranvier\.layers\.Batch",
        ),
        ("from ranvier.layers.pooling import MaxPooling2D", r"is ranvier\.layers\.MaxPooling2D"),
        ("from ranvier.layers.merge import concatenate", r"is ranvier\.layers\.concatenate"),
        ("from ranvier.engine.topology import Layer", "names of ranvier itself"),
        ("from ranvier.src.layers import Dense", "rooms themselves"),
        ("from ranvier.tree import flatten", "optree"),
        ("import ranvier.saving.legacy", r"dir\(ranvier\.saving\) lists"),
        ("import ranvier.engines.nonesuch", "No module named 'ranvier.engines.nonesuch'"),
        ("import ranvier._nonesuch", "No module named 'ranvier._nonesuch'"),
    ],
)
def test_an_import_of_what_is_absent_says_where_to_look(form: str, words: str) -> None:
    with pytest.raises(ImportError, match=words):
        exec(form, {})


@pytest.mark.parametrize(
    "name", ["nonesuch", "applications", "optimizers.legacy", "utils.np_utils"]
)
def test_who_asks_whether_a_module_is_there_is_told_no(name: str) -> None:
    assert importlib.util.find_spec(f"ranvier.{name}") is None


def test_rooms_inside_of_rooms_are_no_functions() -> None:
    assert not callable(ranvier.ops.image) and not callable(ranvier.optimizers.schedules)


def test_tools_that_ask_for_private_names_are_told_at_once() -> None:
    assert not hasattr(ranvier, "__wrapped__") and not hasattr(ranvier.layers, "__wrapped__")


def test_version() -> None:
    assert ranvier.version() == ranvier.__version__


FORMS = (
    "import ranvier as keras; keras.Sequential, keras.layers.Dense, keras.backend.clear_session",
    "import ranvier.layers; ranvier.layers.Dense",
    "import ranvier.backend as K; K.square, K.get_value, K.set_value, K.epsilon, K.floatx",
    "from ranvier import layers, models, optimizers; models.Sequential, optimizers.SGD",
    "from ranvier.layers import Dense, Dropout, Flatten, Input, LeakyReLU, concatenate",
    "from ranvier.models import Model, Sequential, load_model, clone_model, save_model",
    "from ranvier.optimizers import Adam, RMSprop, schedules; schedules.ExponentialDecay",
    "from ranvier.optimizers.schedules import PiecewiseConstantDecay",
    "from ranvier.utils import to_categorical, set_random_seed",
    "from ranvier.datasets import fashion_mnist, mnist, california_housing",
    "from ranvier.callbacks import Callback, EarlyStopping, LambdaCallback, ModelCheckpoint",
    "from ranvier.preprocessing.sequence import pad_sequences",
    "from ranvier.regularizers import l2; from ranvier.constraints import max_norm",
    "from ranvier.losses import Loss, mse; from ranvier.metrics import Mean, Metric",
    "from ranvier.initializers import HeNormal; from ranvier.activations import relu, get",
    "from ranvier.saving import register_keras_serializable, load_model",
    "from ranvier import Variable, KerasTensor, SeedGenerator, Function, ops, random, config",
)


@pytest.mark.parametrize("form", FORMS)
def test_books_import_like_this(form: str) -> None:
    exec(form, {})


def test_forms_work_in_a_fresh_process() -> None:
    code = "\n".join(FORMS)
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", code], capture_output=True, text=True, cwd=ROOT
    )
    assert done.returncode == 0, done.stderr


def test_modules_are_modules() -> None:
    names = [n for n, (_, attribute) in ranvier._PUBLIC.items() if attribute is None]
    assert all(isinstance(getattr(ranvier, n), ModuleType) for n in names)


def test_keras_2_functions_of_the_backend() -> None:
    k = ranvier.backend
    v = k.variable([1.0, 2.0])
    k.set_value(v, [3.0, 4.0])
    assert k.get_value(v).tolist() == [3.0, 4.0]
    assert k.square(k.constant([2.0])).tolist() == [4.0]
    assert k.transpose(k.constant([[1.0, 2.0]])).shape == (2, 1)
