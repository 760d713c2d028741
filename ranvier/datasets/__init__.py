"""Data sets of the textbooks: each has `load_data()` and a `SOURCE` with its licence."""

from ranvier.datasets import california_housing, fashion_mnist, mnist
from ranvier.datasets.california_housing import fetch_california_housing

CATALOG = {
    "fashion_mnist": fashion_mnist,
    "mnist": mnist,
    "california_housing": california_housing,
}

__all__ = [
    "CATALOG",
    "california_housing",
    "fashion_mnist",
    "fetch_california_housing",
    "mnist",
]
