"""Programs of the native engine: compiled code, an arena, and calls that run many steps."""

from __future__ import annotations

import ctypes
import functools
import os
import threading
import time
from collections import OrderedDict
from collections.abc import Sequence
from typing import Any

import numpy as np

from ...graph.dtype import converted, floatx, is_integer
from ...graph.errors import ArgumentError, ShapeError
from ...graph.graph import Graph, Pass, unchanged
from ...graph.shape import size
from ...graph.show import show
from ...graph.variable import Variable
from ..setting import threads as thread_count
from . import cache
from .arena import Arena, Arenas, arenas_of
from .call import BEGUN, HEAD, MAX_THREADS, PER_INPUT, SLEEP
from .choice import Choice
from .feed import feature_step
from .home import NativeHome
from .layout import Layout
from .machine import Loaded, host

_RUN = ctypes.CFUNCTYPE(
    None, ctypes.c_void_p, ctypes.c_void_p, ctypes.c_void_p, ctypes.c_int64, ctypes.c_int64
)


class NativeEngine:
    """Compiles a graph to machine code at run time."""

    name = "native"

    def compile(self, graph: Graph, capacity: int, passes: Pass = unchanged) -> NativeProgram:
        """Return a program for batches of up to `capacity` rows."""
        machine = host()
        lanes = machine.lanes(float_type(graph))
        through = f"{passes.__module__}.{passes.__qualname__}"
        name = cache.key("step", show(graph), through, capacity, lanes, machine)
        layout, code, choice = _compiled(name, graph, passes, capacity, lanes)
        return NativeProgram(graph, capacity, layout, code, arenas_of(layout), choice)


def float_type(graph: Graph) -> str:
    """Return the float type that products of the graph have: it decides how many lanes fit."""
    kinds = {n.dtype for n in graph.nodes if n.op.kind == "contract"}
    if not kinds:
        kinds = {floatx()}
    return "float64" if kinds == {"float64"} else "float32"


#: Code of the programs made last, by key, and what is known of it with several threads: the next
#: model with the same code need not find that out. Programs keep their own alive; a process that
#: makes thousands of different nets must not keep the code of all.
_CODE: OrderedDict[str, tuple[Layout, Loaded, Choice]] = OrderedDict()
_KEPT = 256
#: Held while code is looked up.
_LOOK = [threading.Lock()]
#: Held while the code of a key is made: threads that want the same get it from the first, while
#: those that want other code make theirs.
_MAKING: dict[str, threading.RLock] = {}


def _forget_holders() -> None:
    """Let a forked child begin with locks that no thread holds."""
    _LOOK[0] = threading.Lock()
    _MAKING.clear()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_forget_holders)


def _compiled(
    name: str, graph: Graph, passes: Pass, capacity: int, lanes: int
) -> tuple[Layout, Loaded, Choice]:
    """Return code from this process, from disk, or made anew."""
    with _LOOK[0]:
        if name in _CODE:
            _CODE.move_to_end(name)
            return _CODE[name]
        making = _MAKING.setdefault(name, threading.RLock())
    with making:
        found = _CODE.get(name)
        try:
            found = found or _loaded(name, graph, passes, capacity, lanes)
        finally:
            with _LOOK[0]:
                _MAKING.pop(name, None)
                if found is not None:
                    _CODE[name] = found
                if len(_CODE) > _KEPT:
                    _CODE.popitem(last=False)
        return found


def _loaded(
    name: str, graph: Graph, passes: Pass, capacity: int, lanes: int
) -> tuple[Layout, Loaded, Choice]:
    machine = host()
    found = cache.load(name)
    if found is not None:
        layout, content = Layout.from_text(found[0]), found[1]
    else:
        from .make import make_step  # a warm start does not load the generator

        layout, content = make_step(graph, passes, capacity, lanes, machine)
        cache.keep(name, layout.text(), content)
    return layout, Loaded(layout.split(content), machine), Choice()


@functools.lru_cache(_KEPT)
def _gathers(*forms: tuple[Any, ...]) -> tuple[list[int], Loaded]:
    """Return the addresses of gathers of these forms, and what keeps their code alive."""
    machine = host()
    name = cache.key("gathers", forms, machine)
    found = cache.load(name)
    if found is None:
        from .make import make_gathers

        content = make_gathers(forms, machine)
        cache.keep(name, "", content)
    else:
        content = found[1]
    loaded = Loaded([content], machine)
    return [loaded.address(f"gather{i}") for i in range(len(forms))], loaded


class NativeProgram:
    """A compiled graph; each call borrows an arena, which programs of the same code share."""

    def __init__(
        self, graph: Graph, capacity: int, layout: Layout, code: Loaded, arenas: Arenas,
        choice: Choice,
    ) -> None:  # fmt: skip
        self.graph, self.capacity, self.layout = graph, capacity, layout
        self._code, self._arenas, self._choice = code, arenas, choice
        self._run = _RUN(code.address("run"))
        self._arena: Arena
        self._variables: list[Variable] = [graph.variables[i] for i in layout.variables]
        self._homes: list[Any] = [None] * len(self._variables)
        self._table = np.zeros(len(self._variables) + 1, np.int64)
        count = HEAD + PER_INPUT * len(graph.inputs) + len(graph.outputs)
        self._call = np.zeros(count, np.int64)
        self._lock = threading.Lock()
        self._readers: dict[Any, tuple[list[tuple[int, int]], Loaded | None] | None] = {}
        self._own = (self._table.ctypes.data, self._call.ctypes.data)
        self._opened = [i for i, node in enumerate(graph.inputs) if node.shape[:1] == (None,)]
        self._fixed = [i for i in range(len(graph.inputs)) if i not in self._opened]
        nodes = (*graph.inputs, *graph.outputs)
        self._closed = not any(None in node.shape[:1] for node in nodes)
        self._updated = [variable for variable, _ in graph.updates]

    def run(
        self,
        data: Sequence[np.ndarray],
        order: np.ndarray,
        batch: int,
        out: Sequence[np.ndarray] = (),
    ) -> None:
        """Run the steps; see `engines.api.Program.run`."""
        with self._lock:
            self._arena = self._arenas.take()
            try:
                self._addresses = (self._arena.address, *self._own)
                if self._closed and 0 < len(order) <= batch <= self.capacity:
                    self._run_closed(data, len(order), out)
                else:
                    self._run_locked(data, order, batch, out)
            finally:
                self._arenas.give(self._arena)

    def _run_closed(self, data: Sequence[np.ndarray], rows: int,
                    out: Sequence[np.ndarray]) -> None:  # fmt: skip
        """Run one step on arrays of fixed sizes, which are copied: little else takes time then."""
        self._bind()
        for i, (_, array) in enumerate(zip(self.graph.inputs, data, strict=True)):
            self._copy(i, array)
        self._call[1:3] = rows, rows
        self._steps(1, rows)
        self._end(out)

    def _run_locked(self, data: Sequence[np.ndarray], order: np.ndarray, batch: int,
                    out: Sequence[np.ndarray]) -> None:  # fmt: skip
        if batch > self.capacity:
            raise ArgumentError(
                f"A step: got a batch of {batch} rows, expected at most {self.capacity}."
            )
        self._bind()
        order = np.ascontiguousarray(order, np.int64)
        if not self._feed(data):
            self._run_staged(data, order, batch, out)
            return
        call = self._call
        call[:3] = order.ctypes.data, len(order), batch
        first = HEAD + PER_INPUT * len(self.graph.inputs)
        copies = []
        for i, node in enumerate(self.graph.outputs):
            if node.shape[:1] == (None,):
                target = out[i] if out else None
                call[first + i] = 0
                if target is not None:
                    if target.shape != (len(order), *node.shape[1:]):
                        raise ShapeError(
                            f"Output {i} of a step: got an array of shape {target.shape}, "
                            f"expected {(len(order), *node.shape[1:])}."
                        )
                    direct = target.flags.c_contiguous and target.dtype == node.dtype
                    row = np.empty(target.shape, node.dtype) if not direct else target
                    call[first + i] = row.ctypes.data
                    if not direct:
                        copies.append((target, row))
        self._steps(-(-len(order) // batch), batch)
        for target, row in copies:
            target[...] = row
        self._end(out)

    def _copy(self, i: int, array: np.ndarray) -> None:
        """Copy an input of fixed sizes to where the code reads it."""
        node = self.graph.inputs[i]
        if array.dtype.kind == "f" and is_integer(node.dtype):
            array = converted(array, node.dtype)
        for place in self.layout.inputs[i]:
            if place >= 0:
                self._arena.view(place, node)[...] = array

    def _end(self, out: Sequence[np.ndarray]) -> None:
        """Hand out results of fixed sizes, and note that variables have changed."""
        nodes, places = self.graph.outputs, self.layout.outputs
        for array, node, place in zip(out, nodes, places, strict=bool(out)):
            if node.shape[:1] != (None,):
                array[...] = self._arena.view(place, node)
        for variable in self._updated:
            variable.version += 1

    def _steps(self, steps: int, batch: int) -> None:
        """Run the steps that the call block tells of, on as many threads as pays."""
        most = min(thread_count(), MAX_THREADS) if self.layout.shared else 1
        if most == 1:
            self._share(1)
            return
        rows = int(self._call[1])
        while steps > 0:
            count, part = self._choice.pick(most, steps)
            self._call[1] = min(part * batch, rows)
            begin = time.perf_counter()
            count = self._share(count)
            self._choice.learn(count, time.perf_counter() - begin, part)
            steps, rows = steps - part, rows - part * batch
            self._advance(part * batch)

    def _share(self, count: int) -> int:
        """Let so many threads run, or one where others share; return how many did."""
        self._arena.counter[0] = self._call[BEGUN] = 0
        if count == 1:
            self._start(0, 1)
            return 1
        from .threads import share, sleep  # a short first call needs no other thread

        self._call[SLEEP] = sleep()
        return share(self._start, count)

    def _run_staged(self, data: Sequence[np.ndarray], order: np.ndarray, batch: int,
                    out: Sequence[np.ndarray]) -> None:  # fmt: skip
        """Run steps on copies of some rows at a time."""
        from . import stage  # few data need it

        nodes, results = self.graph.inputs, self.graph.outputs
        opened = [None in n.shape[:1] for n in nodes]
        for first, end, part in stage.staged(data, opened, [n.dtype for n in nodes], order, batch):
            here = [
                o[first:end] if None in n.shape[:1] else o
                for o, n in zip(out, results, strict=bool(out))
            ]
            self._run_locked(part, np.arange(end - first), batch, here)

    def _start(self, thread: int, count: int) -> None:
        if thread or not self._call[BEGUN]:  # the first thread may be asked again
            self._run(*self._addresses, thread, count)

    def _advance(self, rows: int) -> None:
        """Let the next steps go on behind rows that are done."""
        self._call[0] += 8 * rows
        first = HEAD + PER_INPUT * len(self.graph.inputs)
        for i, node in enumerate(self.graph.outputs):
            if node.shape[:1] == (None,) and self._call[first + i]:
                self._call[first + i] += rows * size(node.shape) * np.dtype(node.dtype).itemsize

    def _bind(self) -> None:
        """Let every variable live where the code expects it."""
        for i, variable in enumerate(self._variables):
            home = variable.home
            if home is self._homes[i]:
                continue
            order = tuple(self.layout.homes[i])
            if not isinstance(home, NativeHome) or (home.order, home.lanes) != (
                order, self.layout.lanes):  # fmt: skip
                home = NativeHome(home.seen, order, self.layout.lanes)
                variable.home = home
            self._homes[i] = home
            self._table[i] = home.address

    def _feed(self, data: Sequence[np.ndarray]) -> bool:
        """Point the inputs of the step at arrays; tell whether all of them can be read in place."""
        rows = [data[i] for i in self._opened]
        form = tuple([(a.dtype, a.shape[1:], a.strides, a.flags.aligned) for a in rows])
        if form not in self._readers:
            self._readers[form] = self._reader(rows)
        reader = self._readers[form]
        if reader is None:
            return False
        for i in self._fixed:
            self._copy(i, data[i])
        for i, array, (step, address) in zip(self._opened, rows, reader[0], strict=True):
            at = HEAD + PER_INPUT * i
            self._call[at : at + PER_INPUT] = array.ctypes.data, array.strides[0], step, address
        return True

    def _reader(
        self, rows: Sequence[np.ndarray]
    ) -> tuple[list[tuple[int, int]], Loaded | None] | None:
        """Return (step between features, address of a gather) an array; None if one is staged.

        Beside them stands what keeps the code alive.
        """
        steps, forms = [], []
        for i, array in zip(self._opened, rows, strict=True):
            node = self.graph.inputs[i]
            plain, packed = self.layout.inputs[i]
            if array.shape[1:] != node.shape[1:] and size(array.shape[1:]) != size(node.shape):
                raise ShapeError(
                    f"Input {i} of a step: got rows of shape {array.shape[1:]}, expected "
                    f"{node.shape[1:]}. Give an array with one such row a sample."
                )
            step = feature_step(array)
            if step is None:
                return None
            steps.append(step)
            forms.append((
                array.dtype.name, node.dtype, size(node.shape), step == array.itemsize,
                self.layout.rows, plain >= 0, packed >= 0, self.layout.lanes,
            ))  # fmt: skip
        addresses, code = _gathers(*forms) if forms else ([], None)
        return list(zip(steps, addresses, strict=True)), code
