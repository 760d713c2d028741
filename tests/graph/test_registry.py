"""The caller's own classes and functions by name."""

import threading

import pytest

from ranvier.graph.errors import ArgumentError, ArgumentTypeError
from ranvier.graph.registry import (
    CustomObjectScope,
    custom_object_scope,
    get_custom_objects,
    get_registered_name,
    get_registered_object,
    register_keras_serializable,
)


@pytest.fixture(autouse=True)
def forget():
    before = dict(get_custom_objects())
    yield
    get_custom_objects().clear()
    get_custom_objects().update(before)


def test_registered_by_package_and_name():
    @register_keras_serializable("pack", "other")
    class Mine:
        def get_config(self):
            return {}

    @register_keras_serializable()
    def plain(x):
        return x

    assert (
        get_registered_name(Mine) == "pack>other" and get_registered_name(plain) == "Custom>plain"
    )
    assert get_registered_object("pack>other") is Mine
    assert get_registered_object("Custom>plain") is plain
    assert get_registered_object("plain") is None
    assert get_registered_name(dict) == "dict"


def test_a_class_must_have_a_config():
    with pytest.raises(ArgumentError, match="class 'Bare' has no `get_config` method. Give it one"):

        @register_keras_serializable()
        class Bare:
            pass

    with pytest.raises(ArgumentTypeError, match="got 3, expected a class or a named function"):
        register_keras_serializable()(3)


def test_scopes_nest_and_end():
    with custom_object_scope({"a": 1, "b": 2}, {"c": 3}):
        with CustomObjectScope(custom_objects={"a": 10}):
            assert [get_registered_object(n) for n in "abc"] == [10, 2, 3]
        assert get_registered_object("a") == 1
    assert get_registered_object("a") is None
    assert get_registered_object("a", {"a": 5}, {"a": 6}) == 5
    assert get_registered_object("a", None, {"a": 6}) == 6


def test_a_scope_is_of_one_thread():
    seen = []
    with custom_object_scope({"a": 1}):
        thread = threading.Thread(target=lambda: seen.append(get_registered_object("a")))
        thread.start()
        thread.join()
    assert seen == [None]
