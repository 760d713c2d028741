"""Data sets as tasks."""

import click
import numpy as np
import pytest

from ranvier.cli import task


def test_names_are_those_of_the_catalog() -> None:
    assert {"fashion-mnist", "mnist", "california-housing"} <= set(task.names())


@pytest.mark.parametrize("given", ["fashion-mnist", "fashion_mnist", "Fashion-MNIST"])
def test_a_name_may_be_written_in_several_ways(given: str) -> None:
    assert task.DatasetName().convert(given, None, None) == "fashion-mnist"


def test_a_misspelt_name_is_offered_the_nearest() -> None:
    with pytest.raises(click.BadParameter, match=r"got 'fashon'.*Did you mean 'fashion-mnist'\?"):
        task.DatasetName().convert("fashon", None, None)
    with pytest.raises(click.BadParameter, match="Known: fashion-mnist, mnist"):
        task.DatasetName().convert("zzz", None, None)
    with pytest.raises(click.BadParameter, match=r"in Python: ranvier.datasets.cifar10.load_data"):
        task.DatasetName().convert("cifar10", None, None)


def test_class_names_tell_classes_from_numbers() -> None:
    assert task.class_names("fashion-mnist")[9] == "Ankle boot"
    assert task.class_names("mnist") == tuple("0123456789")
    assert task.class_names("california-housing") == task.class_names("boston-housing") == ()


def test_housing_is_a_task_for_a_number_near_one() -> None:
    loaded = task.load("california-housing", rows=100)
    assert not loaded.classifies and not loaded.has_images
    assert loaded.x_train.shape == (100, 8) and loaded.x_test.shape == (4128, 8)
    assert 0.5 < np.mean(loaded.y_train) < 5
    assert loaded.unit == "100,000 dollars"
