"""Where the boxes of a network stand: in layers, each below those it gets its inputs from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from statistics import fmean

#: Space between boxes of one layer, and between layers.
ASIDE, APART = 24.0, 36.0
_SWEEPS = 8

Point = tuple[float, float]
Edge = tuple[int, int]


@dataclass
class Layout:
    """The places of boxes and the bends of edges.

    Attributes:
        centers: the middle of each box.
        paths: for each edge the points it passes, from its box to the other.
        size: width and height of the whole.
    """

    centers: list[Point] = field(default_factory=list)
    paths: dict[Edge, list[Point]] = field(default_factory=dict)
    size: Point = (0.0, 0.0)


def layered(sizes: Sequence[Point], edges: Sequence[Edge]) -> Layout:
    """Return places for boxes of these sizes, so that edges lead down and boxes never overlap.

    Boxes come in layers by their longest way from a box without inputs; an edge that spans
    layers gets a bend in each. Bends and boxes of a layer are ordered by the mean place of their
    neighbours, then moved below or above them as far as there is room.

    Args:
        sizes: width and height of each box.
        edges: pairs of boxes; one that leads back counts the other way round.

    Example:
        >>> layered([(10, 10), (10, 10)], [(0, 1)]).centers
        [(5.0, 5.0), (5.0, 51.0)]

    Source: Sugiyama, Tagawa, Toda, "Methods for Visual Understanding of Hierarchical System
    Structures" (1981).
    """
    return _Layers(sizes, edges).result()


class _Layers:
    """One layout in the making: points are boxes first, then bends."""

    def __init__(self, sizes: Sequence[Point], edges: Sequence[Edge]) -> None:
        self.sizes, self.edges = list(sizes), list(dict.fromkeys(e for e in edges if e[0] != e[1]))
        self.widths = [width for width, _ in sizes]
        self.rank = self._ranks()
        self.above: list[list[int]] = [[] for _ in sizes]
        self.below: list[list[int]] = [[] for _ in sizes]
        self.chains = {edge: self._chain(*edge) for edge in self.edges}
        self.layers = self._ordered()
        self.x = self._places()

    def _ranks(self) -> list[int]:
        rank = [0] * len(self.sizes)
        down = sorted((min(edge), max(edge)) for edge in self.edges)
        for source, target in down:  # sources in their order, so each is final when it is used
            rank[target] = max(rank[target], rank[source] + 1)
        # What nothing leads to stands right above what it leads to: inputs of late layers.
        for box in range(len(rank)):
            targets = [rank[b] for a, b in down if a == box]
            if targets and not any(b == box for _, b in down):
                rank[box] = min(targets) - 1
        return rank

    def _chain(self, source: int, target: int) -> list[int]:
        """Return the points of an edge from its upper to its lower box, bends made on the way."""
        upper, lower = min(source, target), max(source, target)
        chain = [upper]
        for rank in range(self.rank[upper] + 1, self.rank[lower]):
            chain.append(len(self.widths))
            self.widths.append(2.0)
            self.rank.append(rank)
            self.above.append([])
            self.below.append([])
        chain.append(lower)
        for a, b in zip(chain, chain[1:], strict=False):
            self.below[a].append(b)
            self.above[b].append(a)
        return chain

    def _ordered(self) -> list[list[int]]:
        layers: list[list[int]] = [[] for _ in range(max(self.rank, default=-1) + 1)]
        for point, rank in enumerate(self.rank):
            layers[rank].append(point)
        for sweep in range(_SWEEPS):
            place = {p: i / max(len(layer), 1) for layer in layers for i, p in enumerate(layer)}
            beside = self.below if sweep % 2 else self.above
            for layer in reversed(layers) if sweep % 2 else layers:
                mean = {p: fmean(place[q] for q in beside[p]) if beside[p] else place[p]
                        for p in layer}  # fmt: skip
                layer.sort(key=mean.__getitem__)
                place.update((p, i / len(layer)) for i, p in enumerate(layer))
        return layers

    def _places(self) -> list[float]:
        x = [0.0] * len(self.widths)
        for layer in self.layers:
            at = 0.0
            for point in layer:
                x[point] = at + self.widths[point] / 2
                at += self.widths[point] + ASIDE
            for point in layer:  # each layer about a common middle
                x[point] -= (at - ASIDE) / 2
        for sweep in range(2 * _SWEEPS):
            beside = self.below if sweep % 2 else self.above
            for layer in reversed(self.layers) if sweep % 2 else self.layers:
                wanted = [fmean(x[q] for q in beside[p]) if beside[p] else x[p] for p in layer]
                for point, place in zip(layer, self._apart(layer, wanted), strict=True):
                    x[point] = place
        left = min((x[p] - self.widths[p] / 2 for p in range(len(x))), default=0.0)
        return [place - left for place in x]

    def _apart(self, layer: list[int], wanted: list[float]) -> list[float]:
        """Return places as near to the wanted ones as boxes side by side can be.

        Boxes that touch form a block, which stands at the mean of what its boxes want.
        """
        blocks: list[tuple[list[int], float]] = []  # indices, and where the first one stands
        for index, place in enumerate(wanted):
            members, start = [index], place
            while blocks and start < blocks[-1][1] + self._span(layer, [*blocks[-1][0], index]):
                members = blocks.pop()[0] + members
                start = fmean(
                    wanted[i] - self._span(layer, members[: n + 1]) for n, i in enumerate(members)
                )
            blocks.append((members, start))
        return [
            start + self._span(layer, members[: n + 1])
            for members, start in blocks for n in range(len(members))
        ]  # fmt: skip

    def _span(self, layer: list[int], members: list[int]) -> float:
        """Return how far apart the middles of the first and the last of these must be."""
        widths = [self.widths[layer[i]] for i in members]
        return sum(widths) - (widths[0] + widths[-1]) / 2 + ASIDE * (len(widths) - 1)

    def result(self) -> Layout:
        count = len(self.sizes)
        heights = [
            max((self.sizes[p][1] for p in layer if p < count), default=0.0)
            for layer in self.layers
        ]  # fmt: skip
        tops = [sum(heights[:i]) + APART * i for i in range(len(heights))]
        layout = Layout()
        for p in range(count):
            layout.centers.append((self.x[p], tops[self.rank[p]] + heights[self.rank[p]] / 2))
        for edge, chain in self.chains.items():
            points: list[Point] = []
            for p in chain:
                top, bottom = tops[self.rank[p]], tops[self.rank[p]] + heights[self.rank[p]]
                if p < count:  # straight past the taller boxes of its layer, too
                    half = self.sizes[p][1] / 2
                    top, bottom = (
                        (layout.centers[p][1] + half, bottom) if p == chain[0]
                        else (top, layout.centers[p][1] - half)
                    )  # fmt: skip
                points += [(self.x[p], round(top, 6)), (self.x[p], round(bottom, 6))]
            points = [p for i, p in enumerate(points) if i == 0 or p != points[i - 1]]
            layout.paths[edge] = points if edge[0] == chain[0] else points[::-1]
        right = max((self.x[p] + self.widths[p] / 2 for p in range(len(self.x))), default=0.0)
        layout.size = (right, tops[-1] + heights[-1] if tops else 0.0)
        return layout
