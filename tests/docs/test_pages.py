"""The examples of pages that run as they stand."""

from __future__ import annotations

import doctest
from pathlib import Path

import pytest

DOCS = Path(__file__).parents[2] / "docs"


@pytest.mark.parametrize("page", ["learn.md", "logic-networks.md", "scikit-learn.md"])
def test_examples_run(page: str) -> None:
    found = doctest.testfile(
        str(DOCS / page), module_relative=False,
        optionflags=doctest.NORMALIZE_WHITESPACE | doctest.ELLIPSIS, encoding="utf-8",
    )  # fmt: skip
    assert found.attempted > 0 and found.failed == 0
