"""The pages: examples run as they stand, and what they name is there."""

from __future__ import annotations

import doctest
import re
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


PAGES = sorted([*DOCS.rglob("*.md"), *DOCS.parent.glob("*.md")])


@pytest.mark.parametrize("page", PAGES, ids=lambda p: str(p.relative_to(DOCS.parent)))
def test_links_lead_to_files(page: Path) -> None:
    links = re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", page.read_text(encoding="utf-8"))
    assert [link for link in links if not (page.parent / link).exists()] == []


def test_files_that_the_architecture_names_are_there() -> None:
    text = (DOCS / "architecture.md").read_text(encoding="utf-8")
    rooms = [DOCS, *(DOCS.parent / room for room in ("ranvier", "tests", "scripts"))]
    there = {f"/{p.relative_to(DOCS.parent)}" for room in rooms for p in room.rglob("*.*")}
    named = {f"/{name}" for name in re.findall(r"`([\w/]+\.(?:py|md|tsv))`", text)}
    assert named and [x for x in named if not any(p.endswith(x) for p in there)] == []
