"""The Case record: one row of the op table, and how its numbers are drawn."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from ranvier import ops
from ranvier.graph import Node, input_node

Shape = tuple[int | None, ...]
Signature = tuple[Shape, ...]

#: Sizes that are no multiple of a vector's width, open batches, no axis at all.
ONE: tuple[Signature, ...] = (
    ((),), ((1,),), ((3,),), ((7,),), ((17,),), ((33,),), ((2, 3, 5),), ((None,),), ((None, 7),),
    ((None, 2, 3),),
)  # fmt: skip
TWO: tuple[Signature, ...] = (
    ((33,), (33,)), ((7,), ()), ((), ()), ((3, 1), (1, 5)), ((2, 3), (3,)), ((None,), (None,)),
    ((None, 7), (7,)), ((None, 1), (None, 3)), ((None, 3), (None, 1)), ((), (None,)),
    ((None, 1), (1, 3)), ((None, 17), ()),
)  # fmt: skip


@dataclass(frozen=True)
class In:
    """What one input holds: numbers from low to high of a kind."""

    low: float = -3.0
    high: float = 3.0
    dtype: str = "float"

    def name(self, float_type: str) -> str:
        return float_type if self.dtype == "float" else self.dtype


@dataclass(frozen=True)
class Case:
    """One row of the op table.

    Attributes:
        op: the primitive that the row is for, or the composed function.
        formula: NumPy or plain Python on float64 arrays, independent of the op's own eval.
        inputs: what each input holds.
        signatures: shapes of the inputs; None is an open batch.
        attrs: of the op.
        call: what to call; the op with its attrs unless said.
        specials: values (one an input) that must be among the numbers: kinks, ties, NaN, inf.
        kinks: where the slope jumps: central differences stay away from it.
        apart: no two inputs may tie for the gradient.
        gradient: whether central differences check the vjp.
        rtol, atol: float32 tolerance.
        exact: of float64, a factor on rounding (1e-13).
        why: the reason for a tolerance that is not the usual one.
        bad: (arguments of call, words of the error).
    """

    op: str
    formula: Callable[..., Any]
    inputs: tuple[In, ...] = (In(),)
    signatures: tuple[Signature, ...] = ONE
    attrs: dict[str, Any] = field(default_factory=dict)
    call: Callable[..., Any] | None = None
    specials: tuple[tuple[float, ...], ...] = ()
    kinks: tuple[float, ...] = ()
    apart: bool = False
    gradient: bool = True
    rtol: float = 1e-6
    atol: float = 1e-6
    exact: float = 1.0
    why: str = ""
    label: str = ""
    bad: tuple[tuple[tuple[Any, ...], str], ...] = ()

    @property
    def id(self) -> str:
        return f"{self.op}{'-' + self.label if self.label else ''}"

    def apply(self, *xs: Any) -> Any:
        function = self.call or ops.ALL[self.op]
        return function(*xs, **self.attrs)

    def nodes(self, signature: Signature, float_type: str) -> list[Node]:
        """Return graph inputs of one signature."""
        return [
            input_node(f"x{i}", shape, spec.name(float_type))
            for i, (shape, spec) in enumerate(zip(signature, self.inputs, strict=True))
        ]

    def draw(
        self, signature: Signature, float_type: str, rows: int, smooth: bool = False
    ) -> list[np.ndarray]:
        """Return arrays of one signature: with the special values, or `smooth`, without any."""
        # The same numbers in any process, whatever tests run before.
        rng = np.random.default_rng([len(self.id), sum(map(ord, self.id)), rows])
        arrays = [
            _numbers(rng, [rows if s is None else s for s in shape], spec, place, self, smooth)
            for place, (shape, spec) in enumerate(zip(signature, self.inputs, strict=True))
        ]
        if not smooth and len({a.shape for a in arrays}) == 1 and arrays[0].size:
            for at, values in enumerate(self.specials[: arrays[0].size]):
                for array, value in zip(arrays, values, strict=True):
                    array.reshape(-1)[at] = value
        return [a.astype(s.name(float_type)) for a, s in zip(arrays, self.inputs, strict=True)]


def _numbers(
    rng: np.random.Generator, shape: Sequence[int], spec: In, place: int, case: Case, smooth: bool
) -> np.ndarray:
    count = int(np.prod(shape))
    if spec.dtype != "float":
        return rng.integers(int(spec.low), int(spec.high) + 1, shape)
    line = np.linspace(spec.low, spec.high, count + 2)[1:-1]
    if smooth and case.apart:
        # Inputs keep to grids of their own, so that no two come nearer than 0.05.
        line = np.round(line, 1) + 0.05 * place
    values = rng.permutation(line + 0.0037 * place)
    if smooth:
        for kink in case.kinks:
            near = np.abs(values - kink) < 0.02
            values = np.where(near, kink + 0.02 + 0.01 * np.arange(count) / max(count, 1), values)
    return values.reshape(shape)


def each(function: Callable[..., float], kind: Any = np.float64) -> Callable[..., np.ndarray]:
    """Return a function of Python numbers, from the math module, as one of arrays."""
    return np.vectorize(function, otypes=[kind])
