"""Data sets of the textbooks: each has `load_data()` and a `SOURCE` with its licence."""

from ranvier.datasets import california_housing, fashion_mnist, mnist
from ranvier.datasets.cache import root as cache_folder
from ranvier.datasets.california_housing import fetch_california_housing
from ranvier.datasets.source import locate

CATALOG = {
    "fashion_mnist": fashion_mnist,
    "mnist": mnist,
    "california_housing": california_housing,
}

__all__ = [
    "CATALOG",
    "cache_folder",
    "california_housing",
    "fashion_mnist",
    "fetch_california_housing",
    "locate",
    "mnist",
]
