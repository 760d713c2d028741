"""Sums over all steps of a recurrence, taken after the loop from whole sequences."""

from __future__ import annotations

import string
from collections.abc import Sequence
from typing import Any

from ..graph.errors import GradientError
from ..graph.node import Node, order
from ..ops.elementwise import add, multiply, negative
from ..ops.reduce import sum as sum_over
from ..ops.reshape import reshape, transpose_
from ..ops.window import windows_


class Totals:
    """Finds how gradients of shared inputs are summed over all steps after the loop.

    Args:
        changing: what differs from step to step.
        emitted: what the loop gives already; more is added.
    """

    def __init__(
        self, changing: Sequence[Node], emitted: list[Any], length: int, rows: int | None
    ) -> None:
        self.changing, self.emitted = set(changing), emitted
        self.length, self.rows = length, rows
        self._varies: dict[Node, bool] = {}

    def varies(self, node: Node) -> bool:
        """Tell whether a node differs from step to step."""
        for one in order([node]):
            if one not in self._varies:
                self._varies[one] = one in self.changing or any(self._varies[x] for x in one.inputs)
        return self._varies[node]

    def _kept(self, node: Node) -> int:
        for i, one in enumerate(self.emitted):
            if one is node:
                return i
        self.emitted.append(node)
        return len(self.emitted) - 1

    def total(self, node: Node) -> Any:
        """Return a function (sequences) -> the sum of `node` over all steps."""
        if not self.varies(node):
            return lambda _: multiply(node, float(self.length))
        if node.op is add and all(x.shape == node.shape for x in node.inputs):
            parts = [self.total(x) for x in node.inputs]
            return lambda given: add(parts[0](given), parts[1](given))
        if node.op.name == "contract":
            return self._contraction(node)
        if node.op.name == "sum" and 0 in node.attrs["axis"]:
            at, attrs = self._kept(node.inputs[0]), node.attrs
            axes = (0, 1, *(a + 1 for a in attrs["axis"] if a))
            return lambda given: reshape(sum_over(given[at], axes), node.shape)
        if node.shape and node.shape[0] == self.rows and self._by_row(node):
            return self._added_up(node)
        return self._linear(node)

    def _added_up(self, node: Node) -> Any:
        """The loop gives the node itself, one value a step."""
        at = self._kept(node)
        return lambda given: sum_over(given[at], 1)

    def _by_row(self, node: Node) -> bool:
        """Tell whether the first axis is that of rows, and not one of the same size."""
        return self.rows is None or all(
            x.shape[:1] == node.shape[:1] for x in node.inputs if self.varies(x)
        )

    def _varying(self, node: Node) -> list[int]:
        return [i for i, x in enumerate(node.inputs) if self.varies(x)]

    def _linear(self, node: Node) -> Any:
        varying = self._varying(node)
        linear = node.op in (negative, transpose_, multiply) or node.op.kind == "move"
        if len(varying) != 1 or not linear:
            raise GradientError(
                f"A recurrent cell: the gradient of what all steps share goes through "
                f"`{node.op.name}`, which cannot be summed after the loop. Give the layer "
                "unroll=True."
            )
        return self._through(node, varying[0])

    def _through(self, node: Node, side: int) -> Any:
        """The sum passes through what is linear in the one operand that differs."""
        inner = self.total(node.inputs[side])
        return lambda given: node.op(
            *(inner(given) if i == side else x for i, x in enumerate(node.inputs)), **node.attrs
        )

    def _contraction(self, node: Node) -> Any:
        spec = node.attrs["spec"]
        left, out = spec.split("->")
        letters = left.split(",")
        first = [one[:1] for one in letters]
        summed = first[0] == first[1] and first[0] not in out
        varying = self._varying(node)
        if len(varying) == 1:
            side = varying[0]
            if not summed and first[side] == out[:1] and self._by_row(node):
                return self._added_up(node)
            return self._through(node, side)
        if summed:  # over rows and steps at once
            t = next(c for c in string.ascii_letters if c not in spec)
            seen = [self._seen(x) for x in node.inputs]
            terms = [one[0] + t + one[1:] for one in letters]
            return lambda given: node.op(
                *(one(given) for one in seen), spec=f"{terms[0]},{terms[1]}->{out}"
            )
        if first[0] == first[1] == out[:1]:
            return self._added_up(node)
        raise GradientError(
            f"A recurrent cell: the product {spec} cannot be summed over the steps. Give the "
            "layer unroll=True."
        )

    def _seen(self, node: Node) -> Any:
        """Return a function (sequences) -> `node` at all steps; windows are a view again."""
        if node.op is windows_ and node.attrs["axis"]:
            inner, attrs = self._seen(node.inputs[0]), node.attrs
            return lambda given: windows_(inner(given), **{**attrs, "axis": attrs["axis"] + 1})
        at = self._kept(node)
        return lambda given: given[at]
