"""The list of data sets against the files in the room."""

import importlib
from pathlib import Path

from ranvier import datasets


def test_every_set_is_in_the_list_and_says_whose_it_is() -> None:
    room = Path(datasets.__file__).parent
    found = {
        path.stem
        for path in room.glob("[a-z]*.py")
        if hasattr(importlib.import_module(f"ranvier.datasets.{path.stem}"), "load_data")
    }
    assert found == set(datasets.CATALOG)
    for name, module in datasets.CATALOG.items():
        assert module.SOURCE.name == name.replace("_", "-")
        assert module.SOURCE.licence and module.SOURCE.homepage and module.SOURCE.contents
