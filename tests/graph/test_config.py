"""Configs read from signatures."""

from typing import Any

import pytest

from ranvier.graph.config import init_config, parameters
from ranvier.graph.errors import ArgumentError


class Base:
    def __init__(self, name: str = "base") -> None:
        self.name = name


class Child(Base):
    def __init__(self, units: int, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.units = units


class Closed(Base):
    def __init__(self, size: int) -> None:
        super().__init__()


def test_base_names_follow_where_kwargs_pass_them_on() -> None:
    assert parameters(Child) == ("units", "name")
    assert parameters(Closed) == ("size",)
    assert init_config(Child(3, name="x")) == {"units": 3, "name": "x"}


def test_an_argument_that_was_not_kept_is_named() -> None:
    with pytest.raises(ArgumentError, match=r"Closed.get_config: argument `size`.*self.size = "):
        init_config(Closed(3))
    assert init_config(Closed(3), overridden=True) == {}
