"""EinsumEquation: which letters of EinsumDense stand for which axes, and the sizes that follow."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from ..graph.errors import ArgumentError, ShapeError

_FORM = re.compile(r"(\.\.\.)?([a-zA-Z]+)(\.\.\.)?,([a-zA-Z]+)->(\.\.\.)?([a-zA-Z]+)(\.\.\.)?")


@dataclass(frozen=True)
class EinsumEquation:
    """The letters of input, kernel and output, and on which side "..." stands, if anywhere.

    Example:
        >>> EinsumEquation.of("...x,xy->...y", "EinsumDense 'it'")
        EinsumEquation(inputs='x', kernel='xy', outputs='y', open='left')
    """

    inputs: str
    kernel: str
    outputs: str
    open: str

    @classmethod
    def of(cls, text: Any, place: str) -> EinsumEquation:
        """Read an equation, or raise ArgumentError."""
        found = _FORM.fullmatch(text.replace(" ", "")) if isinstance(text, str) else None
        if found:
            left, inputs, right, kernel, left_out, outputs, right_out = found.groups()
            known = all(c in inputs + outputs for c in kernel)
            known &= all(c in inputs + kernel for c in outputs)
            if left == left_out and right == right_out and not (left and right) and known:
                return cls(inputs, kernel, outputs, "left" if left else "right" if right else "")
        raise ArgumentError(
            f"{place}, `equation`: got {text!r}, expected 'inputs,kernel->outputs' with a letter "
            "an axis, each in two of them, and '...' at most at one end of inputs and outputs: "
            "for instance 'abc,cd->abd' or '...x,xy->...y'."
        )

    def output_shape(
        self, shape: Sequence[int | None], sizes: Sequence[int | None], place: str
    ) -> tuple[int | None, ...]:
        """Return the whole output's shape; sizes of None are those of the input's letter.

        Args:
            shape: the input's shape.
            sizes: the output's sizes without the batch and what "..." stands for.
            place: the layer, for errors.
        """
        hidden = len(shape) - len(self.inputs)
        before = hidden if self.open == "left" else 0
        after = tuple(shape)[len(shape) - hidden :] if self.open == "right" and hidden else ()
        whole = (shape[0], *tuple(shape)[1:before], *sizes, *after)
        if hidden < 0 or (hidden and not self.open) or len(whole) != hidden + len(self.outputs):
            raise ShapeError(
                f"{place}: got an input of shape {tuple(shape)} and `output_shape` "
                f"{tuple(sizes)}, expected {len(self.inputs)} axes of the input "
                f"({self.inputs!r}) and {len(self.outputs)} of the output ({self.outputs!r}), "
                "the batch included."
            )
        known = dict(zip(self.inputs, tuple(shape)[before:], strict=False))
        for i, letter in enumerate(self.outputs, before):
            size = known.get(letter)
            if whole[i] is None:
                whole = (*whole[:i], size, *whole[i + 1 :])
            elif letter in known and size is not None and size != whole[i]:
                raise ShapeError(
                    f"{place}: axis {letter!r} has {size} places in the input of shape "
                    f"{tuple(shape)} and {whole[i]} in `output_shape`, expected as many."
                )
        return whole

    def weight_shapes(
        self,
        shape: Sequence[int | None],
        output_shape: Sequence[int | None],
        bias_axes: str | None,
        place: str,
    ) -> tuple[tuple[int, ...], tuple[int, ...] | None]:
        """Return the shape of the kernel, and that of the bias, or None."""
        hidden = len(shape) - len(self.inputs)
        before = hidden if self.open == "left" else 0
        sizes = dict(zip(self.inputs, tuple(shape)[before:], strict=False))
        sizes |= dict(zip(self.outputs, tuple(output_shape)[before:], strict=False))
        bias: tuple[Any, ...] | None = None
        if bias_axes:
            first = min(self.outputs.find(c) for c in bias_axes)
            if first < 0:
                raise ArgumentError(
                    f"{place}, `bias_axes`: got {bias_axes!r}, expected letters of the output "
                    f"{self.outputs!r}."
                )
            bias = tuple(sizes[c] if c in bias_axes else 1 for c in self.outputs[first:])
            bias += (1,) * (hidden if self.open == "right" else 0)
        kernel: tuple[Any, ...] = tuple(sizes[c] for c in self.kernel)
        if None in kernel or None in (bias or ()):
            raise ShapeError(
                f"{place}: the weights would have shapes {kernel} and {bias}: an axis is open. "
                "Give `output_shape` and Input every size that the kernel and the bias have."
            )
        return kernel, bias

    @property
    def fans(self) -> tuple[list[int], list[int]]:
        """The kernel's axes that are summed over, and those of the output."""
        kernel = list(enumerate(self.kernel))
        return (
            [i for i, c in kernel if c not in self.outputs],
            [i for i, c in kernel if c in self.outputs],
        )
