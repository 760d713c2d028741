"""California housing: 20,640 block groups of the 1990 census, shipped with the package."""

from __future__ import annotations

import functools
import gzip
import hashlib
from dataclasses import dataclass
from importlib import resources
from typing import Any

import numpy as np

from ranvier.datasets.source import Source
from ranvier.datasets.split import check_split, order
from ranvier.graph.errors import ArgumentError, DatasetError

SOURCE = Source(
    name="california-housing",
    title="California housing",
    contents="20,640 rows of 8 features; the target is the median house value",
    licence="public domain counts of the 1990 US census; published by StatLib without a licence",
    homepage="https://lib.stat.cmu.edu/datasets/",
)

feature_names = [
    "MedInc",
    "HouseAge",
    "AveRooms",
    "AveBedrms",
    "Population",
    "AveOccup",
    "Latitude",
    "Longitude",
]
target_names = ["MedHouseVal"]

_FILE = "cal_housing.data.gz"
_SHA256 = "534365b6c3c9b07c2b7d88e0ff9f1b41725d8b799748f5c0b80e1067f51c8ab3"
_SMALL_ROWS = 600


@dataclass(frozen=True)
class Housing:
    """All rows with their names, the fields that scikit-learn's `fetch_california_housing` has."""

    data: Any
    target: Any
    feature_names: list[str]
    target_names: list[str]
    frame: Any
    DESCR: str


def load_data(
    version: str = "large",
    path: str = "california_housing.npz",
    test_split: float = 0.2,
    seed: int = 113,
) -> tuple[tuple[np.ndarray, np.ndarray], tuple[np.ndarray, np.ndarray]]:
    """Load California housing, shuffled and split.

    Args:
        version: "large" for all 20,640 rows, "small" for the first 600 rows of the file.
        path: accepted as in Keras and not used, since the data come with the package.
        test_split: the share of rows kept for the test, 0 <= test_split < 1.
        seed: of the shuffle.
    Shape: x (rows, 8), y (rows,).
    Returns:
        `(x_train, y_train), (x_test, y_test)`, float32; y in dollars. The columns are those of
        `feature_names`, unscaled.
    Raises:
        ArgumentError: an unknown version, or a test_split outside [0, 1).
        DatasetError: the file in the package is damaged.
    Example:
        >>> from ranvier.datasets import california_housing
        >>> (x_train, y_train), (x_test, y_test) = california_housing.load_data()
        >>> x_train.shape, x_test.shape
        ((16512, 8), (4128, 8))

    Source: Pace and Barry 1997; equals `keras.datasets.california_housing.load_data`.
    """
    if version not in ("large", "small"):
        raise ArgumentError(
            f"california_housing.load_data, `version`: got {version!r}, expected 'large' "
            f"(20,640 rows) or 'small' ({_SMALL_ROWS} rows)."
        )
    check_split(test_split, "california_housing.load_data")
    x, y = _rows()
    rows = len(x) if version == "large" else _SMALL_ROWS
    shuffled = order(rows, seed)
    x, y = x[shuffled].astype(np.float32), y[shuffled].astype(np.float32)
    cut = int(rows * (1 - test_split))
    return (x[:cut], y[:cut]), (x[cut:], y[cut:])


def fetch_california_housing(
    *, return_X_y: bool = False, as_frame: bool = False
) -> Housing | tuple[Any, Any]:
    """Return all rows in the order of the file, as scikit-learn's function of this name does.

    Args:
        return_X_y: give only `(data, target)`.
        as_frame: give a pandas frame and series in place of arrays; needs pandas.
    Shape: data (20640, 8), target (20640,).
    Returns:
        `Housing` with `data` (float64), `target` (float64, in 100,000 dollars), `feature_names`,
        `target_names`, `frame` (None without `as_frame`) and `DESCR`.
    Raises:
        DatasetError: the file in the package is damaged.
    Example:
        >>> from ranvier.datasets import fetch_california_housing
        >>> housing = fetch_california_housing()
        >>> housing.data.shape, housing.target[0].item()
        ((20640, 8), 4.526)

    Source: equals `sklearn.datasets.fetch_california_housing`, without its download.
    """
    x, y = _rows()
    data: Any = x.copy()
    target: Any = y / 100_000
    frame = None
    if as_frame:
        import pandas

        frame = pandas.DataFrame(data, columns=feature_names)
        frame[target_names[0]] = target
        data, target = frame[feature_names], frame[target_names[0]]
    if return_X_y:
        return data, target
    return Housing(data, target, list(feature_names), list(target_names), frame, _describe())


def _describe() -> str:
    return f"{SOURCE.title}: {SOURCE.contents}. {SOURCE.licence}. {SOURCE.homepage}"


@functools.cache
def _rows() -> tuple[np.ndarray, np.ndarray]:
    """Read the file once: the eight features and the value in dollars, both float64."""
    content = gzip.decompress(resources.files(__package__).joinpath(_FILE).read_bytes())
    found = hashlib.sha256(content).hexdigest()
    if found != _SHA256:
        raise DatasetError(
            f"{SOURCE.title}, '{_FILE}': got SHA-256 {found}, expected {_SHA256}. "
            "The file in the package is damaged; install ranvier again."
        )
    lines = content.decode("ascii").splitlines()
    columns = np.loadtxt(lines[1:], delimiter=",").T
    longitude, latitude, age, rooms, bedrooms, population, households, income, value = columns
    features = [
        income,
        age,
        rooms / households,
        bedrooms / households,
        population,
        population / households,
        latitude,
        longitude,
    ]
    return np.stack(features, axis=1), value
