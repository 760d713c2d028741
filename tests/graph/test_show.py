"""Tests of the printed form: stable, whole, and the same in every process."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from ranvier.graph.show import show
from tests.golden.step import dense_step

ROOT = Path(__file__).parent.parent.parent


def test_the_text_is_the_same_for_a_graph_built_anew() -> None:
    assert show(dense_step()) == show(dense_step())


def test_the_text_is_the_same_in_another_process() -> None:
    code = (
        "from tests.golden.step import dense_step; from ranvier.graph.show import show; "
        "print(show(dense_step()), end='')"
    )
    env = {**os.environ, "PYTHONHASHSEED": "7"}
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT, env=env, check=True
    )
    assert done.stdout == show(dense_step())


def test_every_node_has_a_line() -> None:
    graph = dense_step()
    lines = show(graph).splitlines()
    assert sum(line.startswith("%") for line in lines) == len(graph.nodes)
    assert sum(line.startswith("set ") for line in lines) == len(graph.updates)
