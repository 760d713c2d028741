"""Rows of the op table: reductions, moves, contractions, positions and running sums."""

from __future__ import annotations

from itertools import product
from math import inf, nan
from typing import Any

import numpy as np

from ranvier import ops
from ranvier.graph import Trace
from tests.cases.case import Case, In, Signature

INT = In(-9, 9, "int32")
BOOL = In(0, 1, "bool")


def _reduced(x: np.ndarray, axis: tuple[int, ...], keepdims: bool, start: Any, step: Any) -> Any:
    """Reduce with Python's own loop, element by element."""
    kept = [i for i in range(x.ndim) if i not in axis]
    lines = np.transpose(x, kept + list(axis)).reshape([x.shape[i] for i in kept] + [-1])
    out = np.empty(lines.shape[:-1], lines.dtype)
    for place in product(*map(range, lines.shape[:-1])):
        total = start
        for value in lines[place]:
            total = value if total is None else step(total, value)
        out[place] = total
    return out.reshape([1 if i in axis else s for i, s in enumerate(x.shape)]) if keepdims else out


def _reduction(op: str, start: Any, step: Any, **more: Any) -> list[Case]:
    rows: list[Case] = []
    plans: list[tuple[Signature, tuple[int, ...]]] = [
        (((7,),), (0,)), (((1,),), (0,)), (((33,),), (0,)), (((3, 7),), (1,)), (((3, 7),), (0,)),
        (((17, 3),), (0, 1)), (((2, 3, 5),), (1,)), (((2, 3, 5),), (0, 2)), (((None,),), (0,)),
        (((None, 7),), (1,)), (((None, 7),), (0,)), (((None, 3),), (0, 1)),
        (((None, 3, 2),), (1, 2)), (((None, 3, 5),), (2,)), (((None, 2, 3),), (0, 2)),
    ]  # fmt: skip
    for signature, axis in plans:
        for keepdims in (False, True):
            rows.append(Case(
                op,
                lambda x, *, a=axis, k=keepdims: _reduced(x, a, k, start, step),
                signatures=(signature,),
                attrs={"axis": axis, "keepdims": keepdims},
                label=f"{signature[0]}-{axis}-{keepdims}".replace(" ", ""),
                **more,
            ))  # fmt: skip
    return rows


def _nan_wins(better: Any) -> Any:
    return lambda a, b: nan if a != a or b != b else (a if better(a, b) else b)


_TIES = ((2.0,), (2.0,), (-1.0,), (-1.0,))
_SUMMED = "sums are added in another order"
REDUCE = (
    *_reduction("sum", 0.0, lambda a, b: a + b, atol=1e-5, why=_SUMMED, exact=10),
    *_reduction("max", None, _nan_wins(lambda a, b: a >= b), specials=_TIES),
    *_reduction("min", None, _nan_wins(lambda a, b: a <= b), specials=_TIES),
    *_reduction("prod", 1.0, lambda a, b: a * b, inputs=(In(-1.6, 1.7),), rtol=1e-5, exact=100,
                why="products are taken in another order"),
    Case("max", lambda x: np.array([nan, inf, 3.0]), signatures=(((3, 3),),),
         attrs={"axis": (1,), "keepdims": False}, gradient=False, label="nan-and-inf",
         specials=((nan,), (1.0,), (inf,), (inf,), (2.0,), (-inf,), (3.0,), (3.0,), (-inf,)),
         bad=(((np.ones((2, 0)),), "holds no element"),)),
    Case("sum", lambda x: x.sum((0, 1)), (INT,), (((None, 3),), ((7, 3),)),
         {"axis": (0, 1), "keepdims": False}, gradient=False, label="int"),
    Case("max", lambda x: x.max(1), (INT,), (((None, 33),), ((7, 3),)),
         {"axis": (1,), "keepdims": False}, gradient=False, label="int"),
)  # fmt: skip


def _first(best: Any) -> Any:
    def find(x: np.ndarray) -> np.ndarray:
        lines = x.reshape(-1, x.shape[-1]).tolist()
        found = [line.index(best(line)) for line in lines]
        return np.array(found, np.int32).reshape(x.shape[:-1])

    return find


_ROWS: tuple[Signature, ...] = (((None, 7),), ((3, 33),), ((None, 2, 3),), ((5, 1),))
ARG = tuple(
    Case(op, _first(best), signatures=(signature,), gradient=False, specials=_TIES,
         attrs={"axis": (len(signature[0]) - 1,), "keepdims": False},
         label=f"{signature[0]}".replace(" ", ""),
         bad=(((np.ones((2, 2, 0)),), "holds no element|outside"),) if len(signature[0]) == 3
         else ())
    for op, best in (("argmax", max), ("argmin", min))
    for signature in _ROWS
)  # fmt: skip
ARG += tuple(
    Case("argmax", lambda x: _first(max)(x.reshape(len(x), -1)), signatures=(signature,),
         gradient=False, specials=_TIES, attrs={"axis": (1, 2), "keepdims": False},
         label=f"axes-{signature[0]}".replace(" ", ""))
    for signature in (((None, 3, 5),), ((3, 5, 7),))
)  # fmt: skip


def _running(x: np.ndarray, axis: int) -> np.ndarray:
    out = np.array(x)
    lines = np.moveaxis(out, axis, 0)
    for i in range(1, len(lines)):
        lines[i] = lines[i - 1] + lines[i]
    return out


SCAN = (
    *(Case("cumsum", lambda x, *, a=axis: _running(x, a), signatures=(signature,),
           attrs={"axis": axis}, label=f"{signature[0]}-{axis}".replace(" ", ""), atol=1e-5,
           why=_SUMMED, exact=10)
      for signature, axis in ((((17,),), 0), (((3, 7),), 0), (((None, 7),), 1),
                              (((None, 3, 2),), 1))),
    *(Case("argsort", lambda x, *, a=axis: np.argsort(x, a, kind="stable").astype(np.int32),
           signatures=(signature,), attrs={"axis": axis}, gradient=False, specials=_TIES,
           label=f"{signature[0]}-{axis}".replace(" ", ""))
      for signature, axis in ((((17,),), 0), (((3, 7),), 0), (((None, 7),), 1),
                              (((None, 3, 2),), 1), (((None, 1),), 1))),
)  # fmt: skip


def _case(op: str, of: Any, formula: Any, /, **attrs: Any) -> Case:
    name = f"{of}-{attrs}".replace(" ", "")
    return Case(op, formula, signatures=((of,),), attrs=attrs, label=name)


def _joined(xs: Any, axis: int) -> np.ndarray:
    lines = [np.moveaxis(x, axis, 0).tolist() for x in xs]
    return np.moveaxis(np.array([part for line in lines for part in line]), 0, axis)


MOVE = (
    _case("reshape", (6, 7), lambda x: x.reshape(2, 21), shape=(2, 21)),
    _case("reshape", (), lambda x: x.reshape(1, 1), shape=(1, 1)),
    _case("reshape", (None, 2, 3), lambda x: x.reshape(-1, 6), shape=(None, 6)),
    _case("reshape", (None,), lambda x: x.reshape(-1, 1), shape=(None, 1)),
    _case("reshape", (None, 6), lambda x: x.reshape(-1, 3, 2), shape=(None, 3, 2)),
    _case("transpose", (3, 7), lambda x: np.array(list(zip(*x, strict=True))), axes=(1, 0)),
    _case("transpose", (None, 3, 5), lambda x: np.swapaxes(x, 1, 2), axes=(0, 2, 1)),
    _case("transpose", (2, 3, 5), lambda x: np.moveaxis(x, 0, 2), axes=(1, 2, 0)),
    _case("broadcast", (), lambda x: np.full(7, x), shape=(7,)),
    _case("broadcast", (3, 1), lambda x: np.tile(x, (2, 1, 5)), shape=(2, 3, 5)),
    _case("broadcast", (None, 1), lambda x: np.tile(x, (1, 7)), shape=(None, 7)),
    _case("slice", (17,), lambda x: x[2:15:3], parts=((2, 15, 3),)),
    _case("slice", (3, 7), lambda x: x[:, ::-1], parts=(None, (6, -1, -1))),
    _case("slice", (None, 7), lambda x: x[:, 1:4], parts=(None, (1, 4, 1))),
    _case("slice", (None, 5, 3), lambda x: x[:, 4:0:-2, 1:2], parts=(None, (4, 0, -2), (1, 2, 1))),
    _case("put", (3,), lambda x: np.array([0, *x, 0, 0, 0]), shape=(7,), parts=((1, 4, 1),)),
    _case("put", (None, 2), lambda x: np.insert(x, [0, 1, 2], 0, 1), shape=(None, 5),
          parts=(None, (1, 5, 2))),
    _case("put", (3, 3), lambda x: x[:, ::-1], shape=(3, 3), parts=(None, (2, -1, -1))),
    *(Case("concat", lambda *xs, a=axis: _joined(xs, a),
           tuple(In() for _ in signature), (signature,), {"axis": axis},
           label=f"{signature}-{axis}".replace(" ", ""))
      for signature, axis in (
          (((3,), (1,), (7,)), 0), (((2, 3), (2, 4)), 1), (((None, 3), (None, 1)), 1),
          (((None, 2, 3), (None, 2, 3), (None, 2, 1)), 2))),
)  # fmt: skip


def _windowed(x: np.ndarray, axis: int, size: Any, step: Any, dilation: Any) -> np.ndarray:
    """Take windows element by element."""
    rest = range(axis, axis + len(size))
    counts = [(x.shape[a] - (k - 1) * d - 1) // t + 1
              for a, k, t, d in zip(rest, size, step, dilation, strict=True)]  # fmt: skip
    out = np.empty((*x.shape[:axis], *counts, *size, *x.shape[axis + len(size) :]))
    for place in product(*map(range, counts)):
        for k in product(*map(range, size)):
            at = [p * t + i * d for p, t, i, d in zip(place, step, k, dilation, strict=True)]
            out[(slice(None),) * axis + place + k] = x[(slice(None),) * axis + tuple(at)]
    return out


def _overlapped(g: np.ndarray, shape: Any, **attrs: Any) -> np.ndarray:
    """Add windows up: each place of the result gets what windows took from there."""
    sizes = [len(g) if s is None else s for s in shape]
    numbers = np.arange(np.prod(sizes)).reshape(sizes)
    taken = _windowed(numbers, **attrs).astype(int)
    return np.bincount(taken.ravel(), g.ravel(), numbers.size).reshape(sizes)


_WINDOWS: tuple[tuple[Any, Any, dict[str, Any]], ...] = (
    ((7,), (5, 3), {"axis": 0, "size": (3,), "step": (1,), "dilation": (1,)}),
    ((None, 7, 2), (None, 3, 2, 2), {"axis": 1, "size": (2,), "step": (2,), "dilation": (2,)}),
    (
        (None, 4, 5, 2),
        (None, 2, 2, 3, 2, 2),
        {"axis": 1, "size": (3, 2), "step": (1, 3), "dilation": (1, 1)},
    ),
    ((3, 4, 5), (3, 2, 4, 3, 2), {"axis": 1, "size": (3, 2), "step": (1, 1), "dilation": (1, 1)}),
    ((None, 2, 5), (None, 2, 3, 3), {"axis": 2, "size": (3,), "step": (1,), "dilation": (1,)}),
)
WINDOW = (
    *(Case("windows", lambda x, *, a=attrs: _windowed(x, **a), signatures=((shape,),), attrs=attrs,
           label=f"{shape}".replace(" ", ""),
           bad=(((np.ones(2),), "do not fit into"),) if shape == (7,) else ())
      for shape, _, attrs in _WINDOWS),
    *(Case("overlap", lambda g, *, s=shape, a=attrs: _overlapped(g, s, **a),
           signatures=((given,),), attrs={"shape": shape, **attrs}, atol=1e-5, why=_SUMMED,
           exact=10, label=f"{given}".replace(" ", ""))
      for shape, given, attrs in _WINDOWS),
    *(c for c in _reduction("peak", None, _nan_wins(lambda a, b: a >= b))
      if c.signatures[0][0][0] is not None or 0 not in c.attrs["axis"]),
)  # fmt: skip


def _letters(spec: str) -> Any:
    """Sum products letter by letter, in Python."""

    def total(x: np.ndarray, y: np.ndarray) -> np.ndarray:
        (a, b), out = spec.split("->")[0].split(","), spec.split("->")[1]
        sizes = {**dict(zip(a, x.shape, strict=True)), **dict(zip(b, y.shape, strict=True))}
        every = list(sizes)
        result = np.zeros([sizes[c] for c in out])
        for place in product(*(range(sizes[c]) for c in every)):
            at = dict(zip(every, place, strict=True))
            left, right = x[tuple(at[c] for c in a)], y[tuple(at[c] for c in b)]
            result[tuple(at[c] for c in out)] += left * right
        return result

    return total


CONTRACT = tuple(
    Case("contract", _letters(spec), (In(), In()), ((left, right),), {"spec": spec},
         label=f"{spec}-{left}-{right}".replace(" ", ""), rtol=2e-5, atol=2e-5, why=_SUMMED,
         exact=100,
         bad=(((np.ones((2, 3)), np.ones((4, 2))), "3 and 4 differ"),) if spec == "yk,kz->yz"
         else ())
    for spec, left, right in (
        ("yk,kz->yz", (3, 7), (7, 5)), ("yk,kz->yz", (None, 7), (7, 3)),
        ("yk,kz->yz", (None, 1), (1, 1)), ("yk,kz->yz", (None, 33), (33, 17)),
        ("yk,kz->yz", (None, 3), (3, 1)), ("yz,kz->yk", (None, 7), (3, 7)),
        ("yk,yz->kz", (None, 7), (None, 3)), ("yk,yz->kz", (None, 1), (None, 17)),
        ("k,kz->z", (7,), (7, 3)), ("yk,k->y", (None, 7), (7,)), ("a,a->", (17,), (17,)),
        ("a,a->", (None,), (None,)), ("a,b->ab", (None,), (3,)), ("a,b->ab", (3,), (7,)),
        ("ayk,akz->ayz", (None, 2, 3), (None, 3, 5)), ("ayk,kz->ayz", (None, 2, 3), (3, 5)),
        ("yk,yk->y", (None, 7), (None, 7)), ("abk,kz->abz", (2, 3, 5), (5, 7)),
    )
)  # fmt: skip


def _taken(x: np.ndarray, index: np.ndarray) -> np.ndarray:
    last = len(x) - 1
    inside = [min(max(i if i >= 0 else i + len(x), 0), last) for i in index.reshape(-1).tolist()]
    return np.array([x[i] for i in inside]).reshape(index.shape + x.shape[1:])


def _added(shape: tuple[int, ...]) -> Any:
    def total(g: np.ndarray, index: np.ndarray) -> np.ndarray:
        out = np.zeros(shape)
        for row, i in zip(g.reshape(-1, *shape[1:]), index.reshape(-1).tolist(), strict=True):
            out[min(max(i if i >= 0 else i + len(out), 0), len(out) - 1)] += row
        return out

    return total


def _along(x: np.ndarray, index: np.ndarray) -> np.ndarray:
    lines, places = x.reshape(-1, x.shape[-1]), index.reshape(-1, index.shape[-1])
    n = x.shape[-1]
    found = [[line[min(max(i if i >= 0 else i + n, 0), n - 1)] for i in place]
             for line, place in zip(lines, places.tolist(), strict=True)]  # fmt: skip
    return np.array(found).reshape(index.shape)


def _put_along(n: int) -> Any:
    def total(g: np.ndarray, index: np.ndarray) -> np.ndarray:
        out = np.zeros((*index.shape[:-1], n)).reshape(-1, n)
        rows = zip(g.reshape(-1, g.shape[-1]), index.reshape(-1, g.shape[-1]), strict=True)
        for line, (values, places) in zip(out, rows, strict=True):
            for value, i in zip(values, places.tolist(), strict=True):
                line[min(max(i if i >= 0 else i + n, 0), n - 1)] += value
        return out.reshape(*index.shape[:-1], n)

    return total


ID = In(-2, 8, "int32")


def _counted(axis: int) -> Any:
    """Call iota for the shape of an input, inside a trace, where it makes a node."""

    def call(x: Any) -> Any:
        with Trace():
            return ops.iota(x.shape, axis)

    return call


INDEX = (
    *(Case("iota", lambda x, *, a=axis: np.array(
               [i[a] for i in product(*map(range, x.shape))], np.int32).reshape(x.shape),
           signatures=((shape,),), call=_counted(axis), gradient=False, label=f"{shape}-{axis}")
      for shape, axis in (((3, 7), 1), ((17,), 0), ((None, 7), 1), ((None, 3), 0), ((2, 3, 5), 1))),
    *(Case("take", _taken, (In(), ID), (signature,), label=f"{signature}".replace(" ", ""),
           specials=(), bad=(((np.ones((0, 3)), np.ones(2, np.int32)), "holds no element"),))
      for signature in (((5,), (7,)), ((5, 3), (None,)), ((5, 3), (None, 2)), ((7, 1), ()))),
    *(Case("rows_add", _added(shape), (In(), ID), (signature,), {"shape": shape}, atol=1e-5,
           why=_SUMMED, label=f"{signature}".replace(" ", ""), exact=10,
           bad=(((np.ones((3, 2)), np.ones(4, np.int32)), "do not fit a table"),))
      for signature, shape in ((((7,), (7,)), (5,)), (((None, 3), (None,)), (5, 3)),
                               (((None, 2, 3), (None, 2)), (5, 3)))),
    *(Case("take_along", _along, (In(), ID), (signature,), {"axis": len(signature[0]) - 1},
           label=f"{signature}".replace(" ", ""),
           bad=(((np.ones((3, 2)), np.ones((4, 2), np.int32)), "do not fit"),
                ((np.ones((3, 0)), np.ones((3, 2), np.int32)), "holds no element"))
           if len(signature[0]) == 2 else ())
      for signature in (((7,), (3,)), ((None, 7), (None, 2)), ((None, 2, 5), (None, 2, 17)))),
    *(Case("put_along", _put_along(5), (In(), ID), (signature,),
           {"axis": len(signature[0]) - 1, "shape": (*signature[0][:-1], 5)}, atol=1e-5,
           why=_SUMMED, label=f"{signature}".replace(" ", ""), exact=10)
      for signature in (((7,), (7,)), ((None, 3), (None, 3)), ((None, 2, 7), (None, 2, 7)))),
)  # fmt: skip


def _philox(index: Any, stream: Any, seed: Any, step: Any) -> np.ndarray:
    """Philox 4x32-10 on Python's whole numbers, word 1."""

    def one(i: int, t: int, k: int, s: int) -> int:
        c, key = [i, s, t, 0], [k, 0]
        for _ in range(10):
            a, b = c[0] * 0xD2511F53, c[2] * 0xCD9E8D57
            c = [(b >> 32) ^ c[1] ^ key[0], b & 0xFFFFFFFF, (a >> 32) ^ c[3] ^ key[1],
                 a & 0xFFFFFFFF]  # fmt: skip
            key = [(key[0] + 0x9E3779B9) & 0xFFFFFFFF, (key[1] + 0xBB67AE85) & 0xFFFFFFFF]
        return c[1]

    parts = (np.asarray(v, object) for v in (index, stream, seed, step))
    return np.asarray(np.frompyfunc(one, 4, 1)(*parts)).astype(np.uint32)


BITS = In(0, 2**32 - 1, "uint32")
RANDOM = (
    Case("philox", _philox, (BITS, BITS, BITS, BITS),
         (((33,), (), (), ()), ((None, 7), (), (), ()), ((3,), (3,), (), ()), ((), (), (), ())),
         {"word": 1}, gradient=False),
)  # fmt: skip

CASES = (*REDUCE, *ARG, *SCAN, *MOVE, *WINDOW, *CONTRACT, *INDEX, *RANDOM)
