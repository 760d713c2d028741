"""Graph -> Plan: groups nodes into kernels, gives arrays their places, orders the work."""

from __future__ import annotations

import math
from dataclasses import replace
from itertools import accumulate
from typing import Any

from ..graph.constant import number
from ..graph.graph import Graph
from ..graph.node import CONST, INPUT, ROWS, VARIABLE, Node
from ..graph.shape import Shape, is_open, round_up, size
from ..graph.variable import Variable
from . import zeros
from .arena import place
from .group import HEIGHT, Group, Grouping
from .layout import storage_orders
from .letters import Form
from .plan import Access, Buffer, Copy, Input, Kernel, Loop, Pack, Plan, Product, Recur, Special
from .slopes import APART, slopes
from .split import is_long, meet, split
from .view import View, dense, elements, natural, strides_of, whole
from .windows import windows

#: Numbers of a loop's operands in the turns of its buffers: the value, scratch, what is read.
_TARGET, _FIRST = 0, 2

#: Vectors of rows that go through a loop together: enough of them hide how long a sum takes.
_PART = 2
#: Kinds of ops whose every row comes of the same row, where rows are left.
_BY_ROW = ("map", "reduce", "contract", "move")

#: Elements of both operands from which a sum over them is done in parts: a core's second cache
#: holds fewer, and all sums would read them from memory again.
_NEAR = 1 << 18


def build(graph: Graph, capacity: int, lanes: int) -> Plan:
    """Return the plan of a graph for batches of up to `capacity` rows on vectors of `lanes`."""
    return _Builder(graph, capacity, lanes).plan()


class _Builder:
    """Turns groups of nodes into kernels on buffers."""

    def __init__(self, graph: Graph, capacity: int, lanes: int) -> None:
        self.graph, self.lanes = graph, lanes
        self.capacity, self.rows = capacity, round_up(max(capacity, 1), lanes)
        self.orders = storage_orders(graph)
        self.grouping = Grouping(graph, self.orders, self.rows, lanes)
        self.buffers: dict[Any, Buffer] = {}
        self.homes: dict[Variable, Buffer] = {}
        self.inputs = {n: Input(n) for n in graph.inputs}
        self.kernels: list[Kernel] = []
        #: Inputs of a loop's step: they lie in operands of the loop.
        self.bound: set[Node] = set()

    def plan(self) -> Plan:
        for variable in self.graph.variables:
            order = self.orders.get(variable, natural(variable.shape))
            count = elements(variable.shape, order, self.rows, self.lanes)
            self.homes[variable] = Buffer(variable.shape, order, variable.dtype, count, variable)
        self.grouping.groups()
        late = self._bind_updates()
        late = [(v, self._saved(n)) for v, n in late]
        outputs = [self._output(n) for n in self.graph.outputs]
        for group in self.grouping.ordered():
            self.kernels.append(self._kernel(group))
        self.kernels.extend(copy for _, _, copy in outputs if copy is not None)
        self.kernels.extend(self._copy(n, self.homes[v]) for v, n in late)
        for node, entry in self.inputs.items():
            if entry.plain is None and entry.packed is None:
                self._buffer(node)
        plan = Plan(self.graph, self.capacity, self.rows, self.lanes, self.kernels,
                    list(self.inputs.values()), [(n, b) for n, b, _ in outputs],
                    [*dict.fromkeys([*self.buffers.values(), *self.homes.values()])])  # fmt: skip
        return place(meet(split(plan)))

    # --- buffers --------------------------------------------------------------------------------
    def _buffer(self, base: Any) -> Buffer:
        """Return the buffer of a node that lies in memory, or of a packed copy."""
        if base in self.buffers:
            return self.buffers[base]
        if base.op is VARIABLE:
            return self.homes[base.attrs["variable"]]
        order = self.orders.get(base, natural(base.shape))
        count = elements(base.shape, order, self.rows, self.lanes)
        buffer = Buffer(base.shape, order, base.dtype, count)
        if base.op is CONST:
            buffer.value = base.attrs["value"].array
        self.buffers[base] = buffer
        if base.op is INPUT:
            self.inputs[base].plain = buffer
        return buffer

    def _access(self, view: View) -> Access:
        return Access(self._buffer(view.base), view.offset, view.strides, view.padded)

    def _read(self, node: Node) -> Access:
        return self._access(self.grouping.view(node))

    def _source(self, node: Node) -> Access | float:
        """Return what a copy takes: a number that is known, else where the value lies."""
        known = number(node)
        return self._read(node) if known is None else known

    # --- updates and outputs --------------------------------------------------------------------
    def _bind_updates(self) -> list[tuple[Variable, Node | Buffer]]:
        """Let nodes write straight into the variables they update; return those that cannot."""
        late: list[tuple[Variable, Node | Buffer]] = []
        moved = {self.grouping.view(n).base for _, n in self.graph.updates if n.op is VARIABLE}
        for variable, node in self.graph.updates:
            if node.op is VARIABLE and node.attrs["variable"] is variable:
                continue
            group = self.grouping.home.get(node)
            fits = (
                group is not None and group.kind in ("loop", "product")
                and node not in self.buffers
                and not any(b.attrs["variable"] is variable for b in moved)
                and self.grouping.order(node) == self.homes[variable].order
                and self.grouping.may_overwrite(group, variable)
            )  # fmt: skip
            if fits and group is not None:
                self.buffers[node] = self.homes[variable]
                self.grouping.overwrites(group, variable)
            else:
                late.append((variable, node))
        return late

    def _copy(self, node: Node | Buffer, target: Buffer) -> Copy:
        """Return a copy of a whole array into a buffer of its shape."""
        strides = strides_of(target.shape, target.order, self.rows, self.lanes)
        if isinstance(node, Buffer):
            own = strides_of(node.shape, node.order, self.rows, self.lanes)
            source: Access | float = Access(node, 0, own)
        else:
            source = self._source(node)
        return Copy(shape=target.shape, source=source, target=Access(target, 0, strides))

    def _saved(self, node: Node | Buffer) -> Node | Buffer:
        """Return what a late update reads: a variable's old numbers are set aside at the start."""
        if isinstance(node, Buffer) or self.grouping.view(node).base.op is not VARIABLE:
            return node
        buffer = self._fresh(node)
        self.kernels.append(self._copy(node, buffer))
        return buffer

    def _fresh(self, node: Node) -> Buffer:
        order = natural(node.shape)
        count = elements(node.shape, order, self.rows, self.lanes)
        buffer = Buffer(node.shape, order, node.dtype, count)
        self.buffers["fresh", node, len(self.buffers)] = buffer
        return buffer

    def _output(self, node: Node) -> tuple[Node, Buffer, Copy | None]:
        """Return where an output's value lies in its natural order, and the copy that needs."""
        view = self.grouping.view(node)
        base, plain = view.base, whole(node, natural(node.shape), self.rows, self.lanes)
        own = view.same(plain) and node.op not in (VARIABLE, INPUT) and node not in self.buffers
        if own and number(node) is None and node.op is not ROWS and node not in self.orders:
            return node, self._buffer(node), None
        buffer = self._fresh(node)
        copy = self._copy(node, buffer)
        if base.op is VARIABLE:
            self.kernels.append(copy)
            return node, buffer, None
        return node, buffer, copy

    # --- kernels --------------------------------------------------------------------------------
    def _kernel(self, group: Group) -> Kernel:
        if group.kind == "copy":
            return self._move(group)
        if group.kind == "special":
            return self._special(group)
        if group.kind == "recur":
            return self._recur(group)
        if group.kind == "tiles":
            return self._tiles(group)
        kernel = self._product(group) if group.kind == "product" else Loop(
            shape=group.shape, order=group.order, reduced=group.reduced,
            reductions=list(group.reductions))  # fmt: skip
        kernel.body = list(group.members)
        for node in [*group.members, *group.reductions]:
            for side, x in enumerate(node.inputs):
                if not group.holds(x) and number(x) is None and x.op is not ROWS:
                    key = (x, side) if group.letters else x
                    kernel.reads[key] = self._spread(self._read(x), side, x, group)
        for node in group.stored(self.grouping):
            kernel.writes.append((node, self._write(node, group)))
        return kernel

    def _spread(self, access: Access, side: int, node: Node, group: Group) -> Access:
        """Return an access with one stride an axis of the group's space."""
        if group.letters:
            return self._by_letter(access, side, group)
        lead = len(group.shape) - len(node.shape)
        strides = tuple(
            0 if i < lead or (node.shape[i - lead] == 1 and group.shape[i] != 1)
            else access.strides[i - lead] for i in range(len(group.shape))
        )  # fmt: skip
        return Access(access.buffer, access.offset, strides, access.padded)

    def _by_letter(self, access: Access, side: int, group: Group) -> Access:
        spec = next(iter(group.reductions)).attrs["spec"]
        mine = spec.split("->")[0].split(",")[side]
        strides = tuple(
            access.strides[mine.index(c)] if c in mine else 0 for c in group.letters
        )  # fmt: skip
        return Access(access.buffer, access.offset, strides, access.padded)

    def _write(self, node: Node, group: Group) -> Access:
        if node in self.grouping.settled:
            return self._read(node)
        buffer = self._buffer(node)
        own = strides_of(node.shape, buffer.order, self.rows, self.lanes)
        if node not in group.reductions:
            return Access(buffer, 0, own)
        if group.letters:
            out = node.attrs["spec"].split("->")[1]
            return Access(buffer, 0, tuple(
                own[out.index(c)] if c in out else 0 for c in group.letters))  # fmt: skip
        kept = iter(own)
        strides = []
        for axis in range(len(group.shape)):
            if axis in group.reduced:
                if node.attrs["keepdims"]:
                    next(kept)
                strides.append(0)
            else:
                strides.append(next(kept))
        return Access(buffer, 0, tuple(strides))

    def _product(self, group: Group) -> Product:
        form = group.form
        assert form is not None and group.node is not None
        # The parts of a loop's batch share what its step has of its own.
        about = None if self.bound else slopes(group.node, form, self.lanes)
        left, right = (self._operand(form, side, about is not None) for side in range(2))
        kernel = Product(
            node=group.node, sizes=form.sizes, vector=form.vector, row=form.row, outer=form.outer,
            sums=form.sums, left=left, right=right, out=form.out, across=form.across,
            slopes=about,
            added=[(x, self._added(x, group, 1)) for x in group.added],
        )  # fmt: skip
        if group.added:
            kernel.height = HEIGHT
        elif form.zeros >= 0:
            kernel.zeros, kernel.height = form.zeros, zeros.HEIGHT
        elif kernel.slopes is None and not self.bound:
            kernel.windows = windows(kernel, self.rows, self.lanes)
        own = kernel.windows or kernel.slopes
        count = 0 if own is None else own.size
        if kernel.by_row:
            count = zeros.PARTS * self.rows * round_up(form.sizes[form.row] or 1, self.lanes)
        if count:
            private = not kernel.by_row
            buffer = Buffer((count,), (0,), group.node.dtype, count, private=private)
            self.buffers["scratch", group.node] = buffer
            kernel.scratch = buffer, {}
            if kernel.by_row:
                ahead = self._ahead((left, right)[form.zeros][0])
                self.kernels.append(replace(kernel, body=[], reads={}, writes=[], ahead=ahead))
                kernel.ends = True
            return kernel
        fixed = [c for c in form.sums if form.sizes[c] is not None and form.sizes[c] != 1]
        streams = any(form.sizes[c] is None for c in form.sums)
        if fixed and streams and form.outer and left[0].size + right[0].size > _NEAR:
            kernel.part = fixed[0]
        if kernel.part or form.across:
            kernel.scratch = self._scratch(group.node, form)
        return kernel

    def _ahead(self, rows: Buffer) -> Buffer | None:
        """Return where it stands which rows come after these, if they come from the caller."""
        for node, entry in self.inputs.items():
            if entry.packed is rows:
                words = Buffer((4,), (0,), "int64", 4, private=True)
                entry.ahead = self.buffers.setdefault(("ahead", node), words)
                return entry.ahead
        return None

    def _added(self, x: Node, product: Group, rows: int) -> Access:
        """Return where tiles of `HEIGHT` rows write their sums, at steps of so many rows."""
        row, column = product.order
        width = round_up(product.shape[column] or 0, max(HEIGHT, self.lanes))
        key = ("added", x)
        if key not in self.buffers:
            count = -(-(product.shape[row] or 0) // HEIGHT) * width
            self.buffers[key] = Buffer((count,), (0,), x.dtype, count)
        strides = tuple(width * rows // HEIGHT if axis == row else 1 for axis in range(2))
        return Access(self.buffers[key], 0, strides)

    def _tiles(self, group: Group) -> Loop:
        """Return the loop that adds up what the tiles of a product have added up of their rows."""
        loop = Loop(shape=group.shape, order=group.order, reduced=group.reduced,
                    reductions=list(group.reductions))  # fmt: skip
        for node in group.reductions:
            (x,) = node.inputs
            loop.reads[x] = self._added(x, self.grouping.home[x], HEIGHT)
            loop.writes.append((node, self._write(node, group)))
        return loop

    def _scratch(self, node: Node, form: Form) -> tuple[Buffer, dict[str, int]]:
        """Return room for the sums of a contraction: as its result would lie, or a vector each."""
        shape, order = node.shape, self.grouping.order(node)
        if form.across:
            shape, order = (*shape, self.lanes), (*order, len(shape))
        count = elements(shape, order, self.rows, self.lanes)
        buffer = Buffer(shape, order, node.dtype, count)
        self.buffers["scratch", node] = buffer
        strides = strides_of(shape, order, self.rows, self.lanes)
        return buffer, dict(zip(form.out, strides, strict=False))

    def _operand(self, form: Form, side: int, by_row: bool) -> tuple[Buffer, int, dict[str, int]]:
        """Return where an operand lies, with its strides; `by_row` as in `_packed_places`."""
        view, letters = form.operands[side]
        if form.pack == side:
            counts = [form.sizes[c] or 0 for c in letters[1:]]
            places = self._packed_places(view, letters, counts, by_row)
            return self._packed(view, letters, counts) if places is None else places
        access = self._access(view)
        return access.buffer, access.offset, dict(zip(letters, view.strides, strict=True))

    def _packed(
        self, view: View, letters: str, counts: list[int]
    ) -> tuple[Buffer, int, dict[str, int]]:
        """Return a batch-major copy of an operand: its features as neighbours."""
        *shape, features = counts
        *strides, stride = view.strides[1:]
        width = round_up(features, self.lanes)
        there = dense(tuple(shape), width * self.rows)
        lead = tuple(zip(shape, strides, there, strict=True))
        key = ("pack", view.base, view.offset, lead, features, stride)
        inner = dict(zip(letters, (width, *there, 1), strict=True))
        step = width * self.rows * math.prod(shape)
        if key not in self.buffers:
            buffer = Buffer((None, *counts), (), view.base.dtype, step + self.lanes)
            self.buffers[key] = buffer
            direct = view.base.op is INPUT and not lead and stride == self.rows
            direct = direct and view.base not in self.bound
            if direct and features == size(view.base.shape):
                self.inputs[view.base].packed = buffer
            else:
                self.kernels.append(Pack(
                    lead=lead, features=features, stride=stride, source=self._access(view),
                    target=buffer, width=width))  # fmt: skip
        return self.buffers[key], 0, inner

    def _packed_places(
        self, view: View, letters: str, counts: list[int], by_row: bool
    ) -> tuple[Buffer, int, dict[str, int]] | None:
        """Return windows over a packed copy of all places, where windows share numbers.

        Windows are seen in the copy as they are in the array: a place, of all rows and channels,
        is `step` away from the next in both. `by_row`, each row of the batch has its places
        together; else each place its rows.
        """
        base = view.base
        if len(base.shape) < 3 or math.prod(counts) <= size(base.shape):
            return None
        places, channels = size(base.shape[1:-1]), base.shape[-1]
        width = round_up(channels, self.lanes)
        step = channels * self.rows
        row, there = (places * width + APART, width) if by_row else (width, width * self.rows)
        inner, reach = {letters[0]: row}, view.offset % step
        for letter, stride, count in zip(letters[1:], view.strides[1:], counts, strict=True):
            if stride % step == 0:
                inner[letter] = stride // step * there
            elif stride % self.rows == 0 and 0 < stride < step:
                inner[letter] = stride // self.rows
                reach += (count - 1) * stride
            else:
                return None
        if inner[letters[-1]] != 1 or reach >= step:  # beyond a place, the copy has padding
            return None
        key = ("places", base, by_row)
        if key not in self.buffers:
            count = places * width * self.rows + self.rows * APART + self.lanes
            self.buffers[key] = Buffer((None, places, channels), (), base.dtype, count)
            own = Access(self._buffer(base), 0, (1, step, self.rows))
            self.kernels.append(Pack(
                lead=((places, step, there),), features=channels, stride=self.rows, source=own,
                target=self.buffers[key], width=row))  # fmt: skip
        place, channel = divmod(view.offset, step)
        return self.buffers[key], place * there + channel // self.rows, inner

    def _move(self, group: Group) -> Copy:
        node, part = group.node, group.part
        assert node is not None and part is not None
        buffer = self._buffer(node)
        if group.dense:
            target = Access(buffer, 0, part.strides, padded=False)
            return Copy(shape=group.shape, source=self._read(part.base), target=target)
        # A part of a padded row must not run over its neighbour.
        target = Access(buffer, part.offset, part.strides, padded=is_open(node.shape))
        source = self._read(part.base) if part.base is not None else 0.0
        return Copy(shape=group.shape, source=source, target=target, adds=group.adds)

    def _special(self, group: Group) -> Special:
        node = group.node
        assert node is not None
        buffer = self._buffer(node)
        own = strides_of(node.shape, buffer.order, self.rows, self.lanes)
        return Special(node=node, operands=[self._read(x) for x in node.inputs],
                       target=Access(buffer, 0, own))  # fmt: skip

    # --- recurrences ----------------------------------------------------------------------------
    def _recur(self, group: Group) -> Recur:
        """Return the loop over a step planned like a graph of its own, its inputs in ours."""
        node = group.node
        assert node is not None
        n, m = node.attrs["sequences"], node.attrs["states"]
        graph, buffer = node.attrs["body"].graph, self._buffer(node)
        own = strides_of(node.shape, buffer.order, self.rows, self.lanes)
        ends = [0, *accumulate(size(y.shape[1:]) for y in graph.outputs)]
        operands = [self._read(x) for i, x in enumerate(node.inputs) if not n <= i < n + m]
        for i, x in enumerate(node.inputs[n : n + m]):
            target = Access(buffer, ends[i] * own[2], _part(x.shape, own), is_open(x.shape))
            self.kernels.append(Copy(shape=x.shape, target=target, source=self._source(x)))
        step = _Builder(graph, self.capacity, self.lanes)
        for i, x in enumerate(graph.inputs):
            at = i if i < n else i - m
            if n <= i < n + m:
                turn = (_TARGET, ends[i - n] * own[2], own[1])
                step.bind(x, _part(x.shape, own), turn, is_open(x.shape))
            elif i < n:
                strides = operands[at].strides
                step.bind(
                    x, (strides[0], *strides[2:]), (_FIRST + at, 0, strides[1]), is_open(x.shape)
                )
            else:
                step.bind(x, operands[at].strides, (_FIRST + at, 0, 0), operands[at].padded)
        turns = [(_TARGET, own[1] + end * own[2], own[1]) for end in ends]
        inner = step.step_plan(turns, own)
        target = Access(buffer, 0, own)
        for held in inner.buffers:
            if held.value is not None:  # it lies among ours, filled before the first step
                outer = Buffer(held.shape, held.order, held.dtype, held.size, value=held.value)
                self.buffers["step", node, len(self.buffers)] = outer
                held.value, held.turn = None, (_FIRST + len(operands), 0, 0)
                operands.append(Access(outer, 0, ()))
        self.buffers["scratch", node] = scratch = Buffer((inner.arena,), (0,), "bool", inner.arena)
        parts = self._parts(inner)
        inner.rows //= parts
        return Recur(node=node, plan=inner, operands=operands, target=target, parts=parts,
                     scratch=Access(scratch, 0, (1,)))  # fmt: skip

    def _parts(self, step: Plan) -> int:
        """Return into how many parts of rows a loop falls: 1 where its step may mix rows.

        Where threads gain by it, one vector is a part if there are too few for two.
        """
        nodes = [node for node in step.graph.nodes if node.inputs]
        alone = all(node.op.kind in _BY_ROW and is_open(node.shape) for node in nodes)
        counts = any(node.op is ROWS or node.op.name == "iota" for node in step.graph.nodes)
        packs = any(isinstance(kernel, Pack) for kernel in step.kernels)
        if counts or packs or not alone:
            return 1
        vectors = self.rows // self.lanes
        if vectors > _PART and vectors % _PART == 0:
            return vectors // _PART
        return vectors if is_long(step.kernels, step) else 1

    def bind(self, node: Node, strides: tuple[int, ...], turn: tuple[int, int, int],
             padded: bool) -> None:  # fmt: skip
        """Let an input of a step lie in an operand of its loop."""
        self.buffers[node] = Buffer(node.shape, natural(node.shape), node.dtype, 0, turn=turn)
        self.bound.add(node)
        self.grouping.bind(node, View(node, 0, strides, padded))

    def step_plan(self, turns: list[tuple[int, int, int]], own: tuple[int, ...]) -> Plan:
        """Return the plan of a step: outputs go to their place in the loop's value."""
        self.grouping.groups()
        late = []
        for y, turn in zip(self.graph.outputs, turns, strict=False):
            slot = Buffer(y.shape, natural(y.shape), y.dtype, 0, turn=turn)
            plain = whole(y, natural(y.shape), self.rows, self.lanes)
            free = y not in self.buffers and y in self.grouping.home and number(y) is None
            if free and is_open(y.shape) and self.grouping.view(y).same(plain):
                self.buffers[y] = slot
            else:
                late.append((y, slot))
        for group in self.grouping.ordered():
            self.kernels.append(self._kernel(group))
        for y, slot in late:
            target = Access(slot, 0, _part(y.shape, own), is_open(y.shape))
            self.kernels.append(Copy(shape=y.shape, target=target, source=self._source(y)))
        buffers = [*dict.fromkeys(self.buffers.values())]
        return place(Plan(self.graph, self.capacity, self.rows, self.lanes, self.kernels, [], [],
                          buffers))  # fmt: skip


def _part(shape: Shape, own: tuple[int, ...]) -> tuple[int, ...]:
    """Return the strides of one output of a step within the value of its loop."""
    return (own[0], *dense(shape[1:], own[2]))
