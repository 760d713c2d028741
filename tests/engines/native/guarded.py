"""Runs compiled code on guarded memory; any stray touch ends this process.

    python -m tests.engines.native.guarded cases|training|products|broken FIRST STRIDE all|some

The name of each program is printed before it runs, so that the last line tells which one died.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Sequence

import numpy as np

os.environ["RANVIER_CACHE"] = "off"

from ranvier.engines.native import NativeEngine, arena, home, layout
from ranvier.engines.native import program as native_program
from ranvier.engines.native.call import MAX_THREADS
from ranvier.engines.native.choice import Choice
from ranvier.engines.reference import ReferenceEngine
from ranvier.engines.setting import set_threads
from ranvier.graph import Graph
from ranvier.optimizers import SGD, Adam
from ranvier.plan import build as _face  # noqa: F401  (the room must be loaded to be patched)
from ranvier.plan import group, split
from ranvier.plan import slopes as plan_slopes
from ranvier.plan import windows as plan_windows
from ranvier.plan import zeros as plan_zeros
from tests.cases import CASES
from tests.cases.engine import CAPACITY
from tests.engines.native.page import Spread, guarded, guarded_like, guarded_strided
from tests.engines.nets import Net, convolutions, passing, pooled
from tests.engines.run import close, starts
from tests.ops.test_cases import close as close_case
from tests.ops.test_cases import stepwise, with_gradients

Place = Callable[[np.ndarray], np.ndarray]


def compiled(graph: Graph, capacity: int, at_end: bool) -> native_program.NativeProgram:
    """Return a program whose arena and variables are guarded."""
    spread = Spread(at_end)
    sys.modules["ranvier.plan.build"].place = spread.place  # type: ignore[attr-defined]
    layout.aligned = lambda count, dtype: guarded(  # type: ignore[assignment]
        count * np.dtype(dtype).itemsize, False).view(dtype)  # fmt: skip
    home.aligned = lambda count, dtype: guarded(  # type: ignore[assignment]
        count * np.dtype(dtype).itemsize, at_end).view(dtype)  # fmt: skip
    native_program._CODE.clear()
    arena._ARENAS.clear()
    program = NativeEngine().compile(graph, capacity)
    spread.close(program, MAX_THREADS)
    return program


def run(program: native_program.NativeProgram, graph: Graph, data: Sequence[np.ndarray],
        order: np.ndarray, batch: int, place: Place) -> list[np.ndarray]:  # fmt: skip
    """Run on guarded data, row numbers and outputs."""
    out = [
        place(np.full([len(order) if s is None else s for s in n.shape], 7, n.dtype))
        for n in graph.outputs
    ]
    program.run(list(data), place(order), batch, out)
    return out


def cases(first: int, stride: int, everything: bool) -> None:
    """Run every op: its forward and its gradient."""
    for case in CASES[first::stride] if everything else CASES[first :: 5 * stride]:
        one = case.signatures[len(case.id) % len(case.signatures)]
        for signature in case.signatures if everything else (one,):
            # Code that reaches too far back does so with any types: one pair of them shows it.
            for at_end in (True, False) if everything and signature is one else (True,):
                print(case.id, signature, "end" if at_end else "start", flush=True)
                inputs = case.nodes(signature, "float32")
                graph, data = with_gradients(case, signature, inputs, "float32")
                program = compiled(graph, CAPACITY, at_end)
                place: Place = lambda a, e=at_end: guarded_like(a, e)  # noqa: E731
                held = [place(a) for a in data]
                total = 2 * CAPACITY + 3
                # The last row of the data is gathered first.
                order = np.arange(total, dtype=np.int64)[::-1]
                for rows in (1, CAPACITY, total):
                    got = run(program, graph, held, order[:rows], CAPACITY, place)
                    for a, b in zip(got, stepwise(graph, data, order[:rows]), strict=True):
                        close_case(case, a, b, "float32", 8.0)


FORMS: dict[str, Callable[[np.ndarray, bool], np.ndarray]] = {
    "plain": guarded_like,
    "uint8": lambda a, e: guarded_like(np.abs(3 * a).astype(np.uint8), e),
    "float64": lambda a, e: guarded_like(a.astype(np.float64), e),
    "bool": lambda a, e: guarded_like(a > 0, e),
    "apart": lambda a, e: guarded_strided(a, (2, 3)[: a.ndim], e),
    "backwards": lambda a, e: guarded_strided(a, (-1, -1)[: a.ndim], e),
    "rows backwards": lambda a, e: guarded_strided(
        np.abs(a).astype(np.uint8), (-2, 1)[: a.ndim], e
    ),
    "swapped bytes": lambda a, e: guarded_like(a.astype(a.dtype.newbyteorder()), e),
}


def training(first: int, stride: int, everything: bool) -> None:
    """Run steps of nets of odd sizes, shared among threads too, on data of many forms."""
    split._PRODUCT = split._ELEMENTS = group._MANY = 1
    Choice.pick = lambda self, most, steps: (most, steps)  # type: ignore[method-assign]
    makers = (SGD, Adam, lambda: SGD(momentum=0.9, nesterov=True, global_clipnorm=1.0))
    runs = [
        (sizes, make, batch, dtype, at_end)
        for sizes in ((784, 17, 3), (5, 3, 2), (17, 33, 16, 1))
        for make in makers for batch in (1, 3, 17, 33) for dtype in ("float32", "float64")
        for at_end in (True, False)
    ]  # fmt: skip
    runs = runs if everything else runs[::53]
    shared = list(FORMS)[::2] if everything else ["apart"]
    for sizes, make, batch, dtype, at_end in runs[first::stride]:
        net = Net(sizes, make, 0.25, dtype)  # type: ignore[arg-type]
        rows = 2 * batch + 1
        kinds = [("train", net.train())]
        if make is SGD:  # no optimizer has a part in the others
            kinds += [("test", net.test()), ("predict", net.predict())]
        for kind, graph in kinds:
            print(kind, sizes, batch, dtype, "end" if at_end else "start", flush=True)
            program = compiled(graph, batch, at_end)
            begin = starts(graph)
            order = np.arange(rows, dtype=np.int64)[::-1]
            for form, shape in FORMS.items():
                print(" ", form, flush=True)
                plain = net.data(rows)[: len(graph.inputs)]
                data = [shape(a, at_end) for a in plain]
                held = [np.array(a) for a in data]
                found = []
                for engine in (program, ReferenceEngine().compile(graph, batch)):
                    for variable, value in zip(graph.variables, begin, strict=True):
                        variable.assign(value)
                    set_threads(1 + (form in shared))
                    given = data if engine is program else held
                    out = run(engine, graph, given, order, batch,  # type: ignore[arg-type]
                              lambda a, e=at_end: guarded_like(a, e))  # type: ignore[misc]  # fmt: skip
                    found.append([*out, *starts(graph)])
                close(*found, tolerance=2e-3 if dtype == "float32" else 1e-7)


def products(first: int, stride: int, everything: bool) -> None:
    """Run what has a way of its own: windows, layers on mostly zeros, and what comes of pooling."""
    split._PRODUCT = split._ELEMENTS = group._MANY = 1
    Choice.pick = lambda self, most, steps: (most, steps)  # type: ignore[method-assign]
    plan_windows._PLACES = plan_windows._CHANNELS = 0
    plan_zeros._OUTPUTS = plan_zeros._INPUTS = plan_slopes._PAIRS = 1
    runs: list[tuple[Callable[..., Graph], tuple[int, ...]]] = [
        (convolutions, (5, 6, 9, 17, True)), (passing, (33, 50)), (pooled, ((7, 9), 9, 17)),
        (passing, (5, 3)), (passing, (130, 150)), (convolutions, (6, 7, 16, 8, False)),
        (convolutions, (7, 7, 33, 13, True)), (pooled, ((6, 20), 33, 70)),
        (pooled, ((33,), 20, 5, 5, 4, False)), (pooled, ((4, 5, 6), 3, 4)),
    ]  # fmt: skip
    for make, sizes in runs if everything else runs[:3]:
        for at_end in (True, False):
            print(make.__name__, sizes, "end" if at_end else "start", flush=True)
            graph = make(*sizes)
            program = compiled(graph, 37, at_end)
            rng, shape = np.random.default_rng(4), (40, *graph.inputs[0].shape[1:])
            data = rng.normal(size=shape) * (rng.random(shape) < 0.5)
            held, begin = guarded_like(data.astype(np.float32), at_end), starts(graph)
            # The second of four batches asks for as many rows as are left: 48, as vectors go.
            order = np.arange(122 if make is passing else 40, dtype=np.int64) % 40
            found = []
            for engine in (program, ReferenceEngine().compile(graph, 37)):
                for variable, value in zip(graph.variables, begin, strict=True):
                    variable.assign(value)
                set_threads(2)
                out = run(engine, graph, [held], order, 37,  # type: ignore[arg-type]
                          lambda a, e=at_end: guarded_like(a, e))  # type: ignore[misc]  # fmt: skip
                found.append([*out, *starts(graph)])
            close(*found, tolerance=2e-3)


def broken(first: int, stride: int, everything: bool) -> None:
    """Read one row past the data, to see that this is noticed."""
    graph = Net((5, 3)).predict()
    program = compiled(graph, 3, True)
    order = np.arange(4, dtype=np.int64)
    print("one row too many", flush=True)
    data = [guarded_like(np.ones((3, 5), np.float32), True)]
    run(program, graph, data, order, 3, lambda a: guarded_like(a, True))
    print("not noticed", flush=True)


if __name__ == "__main__":
    works = {"cases": cases, "training": training, "products": products, "broken": broken}
    work = works[sys.argv[1]]
    work(int(sys.argv[2]), int(sys.argv[3]), sys.argv[4] == "all")
    print("done", flush=True)
