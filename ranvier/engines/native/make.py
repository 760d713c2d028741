"""Makes machine code: graph -> plan -> IR -> object.

Loaded only where no code is at hand yet: a warm start needs none of what this needs.
"""

from __future__ import annotations

import base64
from collections.abc import Sequence
from typing import Any

from ...graph.graph import Graph, Pass
from ...graph.variable import Variable
from ...plan import Plan, build
from ...plan.plan import Buffer
from .compile import compile_all
from .gather import Form, write_gathers
from .home import aligned, apart, laid_out
from .layout import Layout
from .machine import Machine, compile_object
from .run import home_buffers
from .step import write_step


def make_step(
    graph: Graph, passes: Pass, capacity: int, lanes: int, machine: Machine
) -> tuple[Layout, bytes]:
    """Return the layout and the object code of a graph's program."""
    plan = build(passes(graph), capacity, lanes)
    codes = compile_all(write_step(plan, machine), machine)
    return layout_of(plan, graph.variables, codes), b"".join(codes)


def make_gathers(forms: Sequence[tuple[Any, ...]], machine: Machine) -> bytes:
    """Return the object code of gathers, each form as a plain tuple."""
    text = write_gathers([Form(*form) for form in forms], machine.attributes)
    return compile_object(text, machine)


def layout_of(plan: Plan, variables: list[Variable], codes: Sequence[bytes]) -> Layout:
    """Return what a program with these variables must know of a plan's code."""
    constants = []
    for buffer in plan.buffers:
        if buffer.value is not None:
            flat = aligned(buffer.size, buffer.dtype)
            shape = buffer.value.shape
            laid_out(flat, shape, buffer.order, plan.lanes)[...] = buffer.value
            text = base64.b64encode(flat.tobytes()).decode()
            constants.append((buffer.offset, text))
    places = {variable: i for i, variable in enumerate(variables)}
    return Layout(
        arena=plan.arena, private=apart(plan.private), shared=plan.shared, rows=plan.rows,
        lanes=plan.lanes, variables=[places[v] for v in plan.graph.variables],
        homes=[list(b.order) for b in home_buffers(plan)],
        inputs=[(_place(e.plain), _place(e.packed)) for e in plan.inputs],
        outputs=[b.offset for _, b in plan.outputs], constants=constants,
        codes=[len(code) for code in codes],
    )  # fmt: skip


def _place(buffer: Buffer | None) -> int:
    return -1 if buffer is None else buffer.offset
