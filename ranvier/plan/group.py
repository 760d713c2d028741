"""Which nodes share a kernel.

Nodes are taken in order. A map joins the first kernel over the same space that may run after all
it reads; a contraction opens a kernel that cheap maps on its result join (its epilogue: bias,
activation, the optimizer's update); a reduction ends the loop that feeds it. Afterwards maps that
a single later kernel uses sink into it, so that nothing is stored only to be read once.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from ..graph.constant import number
from ..graph.graph import Graph
from ..graph.node import CONST, INPUT, ROWS, VARIABLE, Node
from ..graph.shape import Shape, is_open, size
from ..graph.variable import Variable
from .letters import Form, arrange
from .view import View, dense, moved, natural, reshaped, strides_of, whole, windowed

_LEAVES = (INPUT, VARIABLE, CONST, ROWS)

#: Maps of more than a few words; in registers of a tile they would be written out many times.
_COSTLY = frozenset(
    ("exp", "expm1", "log", "log1p", "logaddexp", "sigmoid", "softplus", "tanh", "erf", "erfinv",
     "sin", "cos", "tan", "arctan", "arcsin", "arccos", "arctan2", "sinh", "cosh", "arcsinh",
     "arccosh", "arctanh", "power", "philox", "mod", "floor_divide", "iota")
)  # fmt: skip
_EPILOGUE = 64
_SMALL = 4096
#: Rows of a product's tile whose values are added up before they are written, where only sums over
#: rows are asked for, and results from which that pays.
HEIGHT = 4
_MANY = 1 << 14


@dataclass(eq=False)
class Group:
    """Nodes that one kernel computes. Sets of nodes are dicts: nodes compare as expressions."""

    kind: str
    at: int
    shape: Shape
    order: tuple[int, ...]
    node: Node | None = None
    members: dict[Node, None] = field(default_factory=dict)
    reductions: dict[Node, None] = field(default_factory=dict)
    reduced: tuple[int, ...] = ()
    added: dict[Node, Group] = field(default_factory=dict)
    letters: str = ""
    form: Form | None = None
    part: View | None = None
    dense: bool = False
    adds: bool = False
    before: set[Group] = field(default_factory=set)

    def holds(self, node: Node) -> bool:
        """Tell whether the node's value is in a register of this kernel's loop."""
        return node is self.node and self.kind == "product" or node in self.members

    def stored(self, grouping: Grouping) -> list[Node]:
        """Return what the kernel must write to memory."""
        own = [*self.members, *self.reductions]
        if self.kind == "product" and self.node is not None:
            own.insert(0, self.node)
        return [n for n in own if n in grouping.needed]


class Grouping:
    """The groups of a graph, and where each node's value lies."""

    def __init__(self, graph: Graph, orders: dict, rows: int, lanes: int) -> None:
        self.graph, self.orders, self.rows, self.lanes = graph, orders, rows, lanes
        self.home: dict[Node, Group] = {}
        self.makers: dict[Node, list[Group]] = {}
        self.needed: set[Node] = set()
        self._views: dict[Node, View] = {}
        self._groups: list[Group] = []
        self._readers: dict[Variable, dict[Group, None]] = {}
        self._spaces: dict[tuple[Shape, tuple[int, ...]], list[Group]] = {}
        #: Nodes that are computed where they are put among zeros.
        self.settled = _settled(graph, orders, rows, lanes)
        self._views.update(self.settled)
        self._place = {n: i for i, n in enumerate(_schedule(graph))}

    def groups(self) -> list[Group]:
        """Group every node; returns the groups, not yet in order."""
        for node in self._place:
            if node.op in _LEAVES or number(node) is not None:
                continue
            {"map": self._map, "reduce": self._reduce, "contract": self._contract,
             "move": self._move, "scan": self._special, "index": self._special,
             "loop": self._recur}[node.op.kind](node)  # fmt: skip
        self._sink()
        self._groups = [g for g in self._groups if g.members or g.reductions or g.node is not None]
        self._connect()
        return self._groups

    # --- places ---------------------------------------------------------------------------------
    def order(self, node: Node) -> tuple[int, ...]:
        return self.orders.get(node, natural(node.shape))

    def view(self, node: Node) -> View:
        """Return where the node's value lies."""
        if node not in self._views:
            order = self.order(node)
            if node.op is VARIABLE:
                order = self.orders.get(node.attrs["variable"], order)
            known = node
            while number(node) is not None and known.op is not CONST:
                known = known.inputs[0]
            if known is node:
                self._views[node] = whole(node, order, self.rows, self.lanes)
            else:  # one number, read again and again: nobody writes it out
                self._views[node] = View(known, 0, (0,) * len(node.shape), padded=False)
        return self._views[node]

    def bind(self, node: Node, view: View) -> None:
        """Say where the value of an input lies: the inputs of a loop's step lie elsewhere."""
        self._views[node] = view

    # --- grouping -------------------------------------------------------------------------------
    def _open(self, kind: str, shape: Shape, order: tuple[int, ...], **more: object) -> Group:
        group = Group(kind, len(self._groups), shape, order, **more)  # type: ignore[arg-type]
        self._groups.append(group)
        if kind in ("loop", "product") and not group.letters:
            self._spaces.setdefault((shape, order), []).append(group)
        return group

    def _earliest(self, node: Node, shape: Shape) -> int:
        """Return the first position at which all inputs can be read."""
        first = 0
        for x in node.inputs:
            if number(x) is None and x.op not in _LEAVES:
                base = self.view(x).base
                for group in self.makers.get(base, []):
                    same = base is x and group.shape == shape and group.holds(x)
                    first = max(first, group.at + (0 if same else 1))
        return first

    def _own(self, node: Node, group: Group) -> None:
        self.home[node] = group
        base = self.settled[node].base if node in self.settled else node
        assert base is not None
        self.makers.setdefault(base, []).append(group)

    def _map(self, node: Node) -> None:
        order = self.order(node)
        first = self._earliest(node, node.shape)
        for group in self._spaces.get((node.shape, order), []):
            if group.at >= first and self._takes(group, node):
                break
        else:
            group = self._open("loop", node.shape, order)
        group.members[node] = None
        self._own(node, group)

    def _takes(self, group: Group, node: Node) -> bool:
        if group.kind != "product":
            return True
        lane = 0 if is_open(group.shape) else group.order[-1]
        near = all(
            number(x) is not None or x.op is ROWS or group.holds(x)
            or self._stride(x, group, lane) in (0, 1) for x in node.inputs
        )  # fmt: skip
        return near and node.op.name not in _COSTLY and len(group.members) < _EPILOGUE

    def _stride(self, x: Node, group: Group, axis: int) -> int:
        at = axis - (len(group.shape) - len(x.shape))
        return 0 if at < 0 or x.shape[at] == 1 else self.view(x).strides[at]

    def _reduce(self, node: Node) -> None:
        x = node.inputs[0]
        if self._adds_up(node):
            return
        order = self.order(x) if self.view(x).base is x else natural(x.shape)
        axes = node.attrs["axis"]
        first = self._earliest(node, x.shape)
        for group in self._spaces.get((x.shape, order), []):
            free = not group.reductions or group.reduced == axes
            if group.kind == "loop" and group.at >= first and free:
                break
        else:
            group = self._open("loop", x.shape, order)
        group.reduced = axes
        group.reductions[node] = None
        self._own(node, group)

    def _adds_up(self, node: Node) -> bool:
        """Let the tiles of a product add up their rows of what a sum is given, where they can.

        Writing a whole matrix for a sum to read costs more than finding it does. How rows fall
        into tiles is part of the plan then: results must not depend on engines' threads.
        """
        x, axes = node.inputs[0], node.attrs["axis"]
        product = self.home.get(x)
        form = product.form if product is not None and product.holds(x) else None
        if product is None or form is None or node.op.name != "sum" or form.across:
            return False
        shape = [form.sizes[c] for c in form.out]
        row = form.out.find(form.row or " ")
        if row not in axes or len(shape) != 2 or None in shape or size(tuple(shape)) < _MANY:
            return False
        shape[row] = -(-(shape[row] or 0) // HEIGHT)
        group = next((g for g in product.added.values() if g.reduced == axes), None)
        if group is None:
            group = self._open("tiles", tuple(shape), product.order, reduced=axes)
            group.before.add(product)
        group.reductions[node] = None
        product.added.setdefault(x, group)
        self._own(node, group)
        return True

    def _contract(self, node: Node) -> None:
        left, right = (self.view(x) for x in node.inputs)
        form = arrange(node, left, right, self.order(node))
        if form is not None:
            group = self._open("product", node.shape, self.order(node), node=node, form=form)
        else:
            group = self._plain_product(node)
        self._own(node, group)

    def _plain_product(self, node: Node) -> Group:
        """A contraction as a plain loop over all letters, the batch or last kept one last."""
        inputs, out = node.attrs["spec"].split("->")
        sizes: dict[str, int | None] = {}
        for x, mine in zip(node.inputs, inputs.split(","), strict=True):
            sizes.update(zip(mine, x.shape, strict=True))
        letters = sorted(sizes, key=lambda c: (sizes[c] is not None, c not in out))
        shape = tuple(sizes[c] for c in letters)
        reduced = tuple(i for i, c in enumerate(letters) if c not in out)
        return self._open("loop", shape, natural(shape), reductions={node: None}, reduced=reduced,
                          letters="".join(letters))  # fmt: skip

    def _special(self, node: Node) -> None:
        self._own(node, self._open("special", node.shape, natural(node.shape), node=node))

    def _recur(self, node: Node) -> None:
        self._own(node, self._open("recur", node.shape, natural(node.shape), node=node))

    def _move(self, node: Node) -> None:
        name = node.op.name
        if name in ("concat", "put", "overlap"):
            self._join(node)
            return
        x = node.inputs[0]
        view = moved(self.view(x), node)
        if view is None:
            fixed = not is_open(x.shape)
            units = dense(x.shape) if fixed else strides_of(
                x.shape, natural(x.shape), self.rows, self.lanes)  # fmt: skip
            group = self._open("copy", x.shape, natural(x.shape), node=node, dense=True,
                               part=View(x, 0, units, not fixed))  # fmt: skip
            self._own(node, group)
            view = whole(node, natural(node.shape), self.rows, self.lanes)
            if fixed:
                view = View(node, 0, dense(node.shape), padded=False)
        self._views[node] = view

    def _join(self, node: Node) -> None:
        """Copies into parts of one buffer: joined, put among zeros, or added up where they lie."""
        own = strides_of(node.shape, natural(node.shape), self.rows, self.lanes)
        adds = node.op.name == "overlap"
        if node.op.name != "concat":
            for shape, offset in _around(node, own):
                self._own(node, self._open("copy", shape, natural(shape), node=node,
                                           part=View(None, offset, own)))  # fmt: skip
        pieces: list[tuple[Node, int, tuple[int, ...]]]
        if adds:
            pieces = [(node.inputs[0], 0, windowed(own, node.attrs))]
        elif node.op.name == "put":
            filled = any(view.base is node for view in self.settled.values())
            pieces = [] if filled else [(node.inputs[0], *_part(node, own))]
        else:
            pieces, at = [], 0
            for x in node.inputs:
                axis = node.attrs["axis"]
                pieces.append((x, at * own[axis], own))
                at += x.shape[axis] or 0
        for x, offset, strides_ in pieces:
            self._own(node, self._open("copy", x.shape, natural(x.shape), node=node,
                                       part=View(x, offset, tuple(strides_)),
                                       adds=adds))  # fmt: skip

    # --- sinking --------------------------------------------------------------------------------
    def _sink(self) -> None:
        users: dict[Node, list[Node]] = {}
        for node in self._place:
            for x in node.inputs:
                users.setdefault(x, []).append(node)
        roots = set(self.graph.roots)
        for node in reversed(self._place):
            group = self.home.get(node)
            if group is None or node.op.kind != "map" or node in roots or group.node is node:
                continue
            homes = {self.home.get(u) if u.op.kind in ("map", "reduce") else None
                     for u in users.get(node, [])}  # fmt: skip
            target = homes.pop() if len(homes) == 1 else None
            if target is None or target is group or target.kind not in ("loop", "product"):
                continue
            same = (target.shape, target.order) == (node.shape, self.order(node))
            if same and not target.letters and self._takes(target, node):
                del group.members[node]
                target.members[node] = None
                self.home[node] = target
                self.makers[node] = [target]
        for group in self._groups:
            group.members = dict.fromkeys(sorted(group.members, key=self._place.__getitem__))

    # --- dependencies ---------------------------------------------------------------------------
    def reads(self, group: Group) -> list[Node]:
        """Return what lies in memory and is read by the group: bases of views."""
        nodes: list[Node] = []
        for node in [*group.members, *group.reductions]:
            nodes.extend(x for x in node.inputs if not group.holds(x) and group.kind != "tiles")
        if group.kind in ("product", "special", "recur") and group.node is not None:
            nodes.extend(group.node.inputs)
        if group.kind == "copy" and group.part is not None and group.part.base is not None:
            nodes.append(group.part.base)
        return [self.view(x).base for x in nodes if number(x) is None and x.op is not ROWS]

    def _connect(self) -> None:
        for group in self._groups:
            for base in self.reads(group):
                self.needed.add(base)
                if base.op is VARIABLE:
                    self._readers.setdefault(base.attrs["variable"], {})[group] = None
                group.before.update(g for g in self.makers.get(base, []) if g is not group)
        for root in self.graph.roots:
            if number(root) is None and root.op is not ROWS:
                self.needed.add(self.view(root).base)
        self.needed.update(x for x, view in self.settled.items() if view.base in self.needed)
        for makers in self.makers.values():
            for earlier, later in zip(makers, makers[1:], strict=False):
                later.before.add(earlier)

    def may_overwrite(self, group: Group, variable: Variable) -> bool:
        """Tell whether the group may write into the variable: all other readers can run before."""
        for reader in self._readers.get(variable, ()):
            if reader is group:
                if not self._reads_in_place(group, variable):
                    return False
            elif _needs(reader, group):
                return False
        return True

    def _reads_in_place(self, group: Group, variable: Variable) -> bool:
        if group.kind in ("special", "copy", "recur"):
            return False
        if group.kind == "product" and group.node is not None and any(
            _is_leaf(self.view(x).base, variable) for x in group.node.inputs
        ):  # fmt: skip
            return False
        for node in [*group.members, *group.reductions]:
            for x in node.inputs:
                if number(x) is None and _is_leaf(self.view(x).base, variable):
                    same = x.op is VARIABLE and x.shape == group.shape
                    if not same or not self.view(x).same(
                        whole(x, group.order, self.rows, self.lanes)
                    ):
                        return False
        return not any(n.shape == variable.shape for n in group.reductions)

    def overwrites(self, group: Group, variable: Variable) -> None:
        """Make every other reader of the variable run before the group."""
        group.before.update(g for g in self._readers.get(variable, ()) if g is not group)

    def ordered(self) -> list[Group]:
        """Return the groups, each after those it needs, else as they were opened."""
        done: set[Group] = set()
        result: list[Group] = []
        for start in self._groups:
            stack = [start]
            while stack:
                group = stack[-1]
                waiting = [g for g in group.before if g not in done]
                if group in done or not waiting:
                    stack.pop()
                    if group not in done:
                        done.add(group)
                        result.append(group)
                else:
                    stack.append(min(waiting, key=lambda g: g.at))
        return result


def _settled(graph: Graph, orders: dict, rows: int, lanes: int) -> dict[Node, View]:
    """Return maps whose value can be computed where it is put among zeros, and where that is."""
    roots = set(graph.roots)
    found: dict[Node, View] = {}
    for node in graph.nodes:
        if node.op.name != "put" or not is_open(node.shape) or node in orders:
            continue
        offset, strides = _part(node, strides_of(node.shape, natural(node.shape), rows, lanes))
        view: View | None = View(node, offset, strides)
        (x,) = node.inputs
        while x.op.name == "reshape" and view is not None:
            view, x = reshaped(view, x.shape, x.inputs[0].shape), x.inputs[0]
        near = all(part is None or part[2] == 1 for part in node.attrs["parts"])
        free = x.op.kind == "map" and x not in roots and x not in orders and number(x) is None
        if view is not None and near and free and node.attrs["parts"][0] is None:
            found.setdefault(x, view)
    return found


def _part(put: Node, own: tuple[int, ...]) -> tuple[int, tuple[int, ...]]:
    """Return offset and strides of what is put among zeros."""
    parts = [part or (0, 0, 1) for part in put.attrs["parts"]]
    offset = sum(part[0] * one for part, one in zip(parts, own, strict=True))
    return offset, tuple(part[2] * one for part, one in zip(parts, own, strict=True))


def _around(node: Node, own: tuple[int, ...]) -> list[tuple[Shape, int]]:
    """Return (shape, offset) of the places to fill with zeros: those around what is put."""
    if node.op.name != "put" or any(part and part[2] != 1 for part in node.attrs["parts"]):
        return [(node.shape, 0)]
    found, shape, offset = [], list(node.shape), 0
    for axis, part in enumerate(node.attrs["parts"]):
        if part is None:
            continue
        low, high, size = part[0], part[1], node.shape[axis] or 0
        for start, stop in ((0, low), (high, size)):
            if stop > start:
                strip = tuple(stop - start if a == axis else s for a, s in enumerate(shape))
                found.append((strip, offset + start * own[axis]))
        shape[axis], offset = high - low, offset + low * own[axis]
    return found


def _is_leaf(node: Node, variable: Variable) -> bool:
    return node.op is VARIABLE and node.attrs["variable"] is variable


def _needs(group: Group, earlier: Group) -> bool:
    """Tell whether `group` can only run after `earlier`."""
    stack, seen = [group], {group}
    while stack:
        for g in stack.pop().before:
            if g is earlier:
                return True
            if g not in seen:
                seen.add(g)
                stack.append(g)
    return False


def _schedule(graph: Graph) -> list[Node]:
    """Return nodes in an order that takes small ones that need no data first.

    Learning rates and bias corrections so lie ready when a weight's gradient is made, and the
    update can join its product.
    """
    early: list[Node] = []
    late: list[Node] = []
    tied: set[Node] = set()
    for node in graph.nodes:
        large = is_open(node.shape) or size(node.shape) > _SMALL
        if node.op is INPUT or large and node.inputs or any(x in tied for x in node.inputs):
            tied.add(node)
            late.append(node)
        else:
            early.append(node)
    return early + late
