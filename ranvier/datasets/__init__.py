"""Data sets of the textbooks: each has `load_data()` and a `SOURCE` with its licence."""

from typing import TYPE_CHECKING

from ranvier.datasets import (
    boston_housing,
    california_housing,
    cifar10,
    cifar100,
    fashion_mnist,
    imdb,
    mnist,
    reuters,
)
from ranvier.datasets.cache import root as cache_folder
from ranvier.datasets.california_housing import fetch_california_housing
from ranvier.datasets.get_file import get_file
from ranvier.datasets.source import locate
from ranvier.graph.errors import absent as _absent

CATALOG = {
    "fashion_mnist": fashion_mnist,
    "mnist": mnist,
    "california_housing": california_housing,
    "boston_housing": boston_housing,
    "cifar10": cifar10,
    "cifar100": cifar100,
    "imdb": imdb,
    "reuters": reuters,
}

__all__ = [
    "CATALOG",
    "boston_housing",
    "cache_folder",
    "california_housing",
    "cifar10",
    "cifar100",
    "fashion_mnist",
    "fetch_california_housing",
    "get_file",
    "imdb",
    "locate",
    "mnist",
    "reuters",
]

if not TYPE_CHECKING:  # a checker would take any name for known
    __getattr__ = _absent(__name__, dict.fromkeys(CATALOG))
