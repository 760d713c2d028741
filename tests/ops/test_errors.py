"""Mistakes with ops: each is told in words that name it and the way out."""

from __future__ import annotations

import pickle
from collections.abc import Callable

import numpy as np
import pytest

from ranvier import ops
from ranvier.graph import input_node
from ranvier.graph.errors import (
    ArgumentError,
    ArgumentTypeError,
    DTypeError,
    OpenBatchError,
    RanvierError,
    ShapeError,
    TraceError,
)

X = input_node("x", (None, 6), "float32")
M = input_node("m", (4, 6), "float32")
K = input_node("k", (None,), "int32")

MISTAKES: list[tuple[Callable[[], object], type[Exception], str]] = [
    (lambda: ops.reshape(X, (3, 4)), OpenBatchError, r"\(None, 6\) to \(3, 4\).*\(-1, 6\)"),
    (lambda: ops.zeros_like(M, dtype="32"), DTypeError, "dtype: got '32'"),
    (lambda: ops.reshape(M, (5, 5)), ShapeError, r"`newshape`: got \(5, 5\).*24 elements"),
    (lambda: ops.reshape(M, (-1, 5)), ShapeError, "in place of -1"),
    (lambda: ops.ravel(X), OpenBatchError, "mixes rows"),
    (lambda: ops.transpose(X), OpenBatchError, "leave the first axis where it is"),
    (lambda: ops.transpose(M, (0, 0)), ShapeError, r"`axes`: got \(0, 0\)"),
    (lambda: ops.broadcast_to(M, (3, 6)), ShapeError, r"\(4, 6\) and \(3, 6\)"),
    (lambda: ops.concatenate([M, M[:, :3]], 0), ShapeError, "differ on another axis"),
    (lambda: ops.concatenate([X, X], 0), OpenBatchError, "mixes batches"),
    (lambda: ops.stack([M, M[:2]]), ShapeError, "differ on another axis"),
    (lambda: X[0], OpenBatchError, "single rows"),
    (lambda: X[1:], OpenBatchError, "single rows"),
    (lambda: ops.norm(M, ord=2), ArgumentError, "`ord`: got 2 over 2 axes.*'fro', 1, -1"),
    (lambda: ops.moveaxis(M, (0, 1), 1), ShapeError, r"`source` and `destination`.*as many"),
    (lambda: ops.top_k(M, 7), ArgumentError, "`k`: got 7 for rows of 6 elements"),
    (lambda: M[0, 0, 0], ShapeError, "too many indices for an array of 2 axes"),
    (lambda: M[9], ShapeError, "got 9 for an axis of size 4"),
    (lambda: M[M > 0], ArgumentError, "where"),
    (lambda: M[[0], [1]], ArgumentError, "take_along_axis"),
    (lambda: ops.flip(X, 0), OpenBatchError, "flip"),
    (lambda: ops.split(M, 5, 1), ShapeError, "got 5 parts.*array_split"),
    (lambda: ops.split(X, 2), OpenBatchError, "split"),
    (lambda: ops.pad(X, 1), OpenBatchError, "pad"),
    (lambda: ops.pad(M, 1, "circle"), ArgumentError, "`mode`: got 'circle', expected.*'reflect'"),
    (lambda: ops.pad(M, 1, "edge", 0), ArgumentError, "`constant_values`: got 0 for mode 'edge'"),
    (lambda: ops.pad(M, -1), ArgumentError, "`pad_width`: got -1, expected ints of at least 0"),
    (lambda: ops.pad(M, 1.5), ArgumentError, "`pad_width`: got 1.5, expected ints"),
    (lambda: ops.pad(X, 1, "reflect"), OpenBatchError, "pad"),
    (
        lambda: ops.pad(M[:0], 1, "edge"),
        ShapeError,
        r"no element to begin with along axis 0.*\(0, 6\)",
    ),
    (lambda: ops.tile(X, (2, 1)), OpenBatchError, "tile"),
    (lambda: ops.repeat(X, 2, 0), OpenBatchError, "repeat"),
    (lambda: ops.squeeze(M, 0), ShapeError, r"axis 0 of shape \(4, 6\), expected size 1"),
    (lambda: ops.sum(M, 2), ShapeError, "got 2 for an array of 2 axes"),
    (lambda: ops.argmax(X, 0), OpenBatchError, "argmax"),
    (lambda: ops.sort(X, 0), OpenBatchError, "sorting"),
    (lambda: ops.cumsum(X, 0), OpenBatchError, "cumsum"),
    (lambda: ops.roll(X, 1, 0), OpenBatchError, "roll"),
    (lambda: ops.diff(X, axis=0), OpenBatchError, "diff"),
    (lambda: ops.cumprod(X, 0), OpenBatchError, "cumprod"),
    (lambda: ops.unstack(X), OpenBatchError, "unstack"),
    (lambda: ops.median(X), OpenBatchError, "quantile"),
    (lambda: ops.take(X, [0], 0), OpenBatchError, "take"),
    (lambda: X @ ops.zeros((5, 2)), ShapeError, "summed sizes 6 and 5 differ"),
    (lambda: ops.einsum("ii->i", M), ShapeError, r"'i' stands for sizes 4 and 6 of.*\(4, 6\)"),
    (lambda: ops.einsum("ii->i", X), ShapeError, "none of them the batch's"),
    (lambda: ops.einsum("ij->ik", M), ArgumentError, "whose result has 'k'"),
    (lambda: ops.einsum("ij->ii", M), ArgumentError, "whose result has 'i'"),
    (lambda: ops.einsum("ij,jk", M), ArgumentError, "'ij,jk' for 1 operands"),
    (lambda: ops.einsum("...ijk", M), ShapeError, r"got 'ijk'.*\(4, 6\).*a letter for each axis"),
    (lambda: ops.cast(M, "flaot32"), DTypeError, "Did you mean 'float32'"),
    (lambda: X + ops.zeros((4, 6)), OpenBatchError, "batch axis meets a fixed size"),
    (lambda: ops.quantile(M, 2.0), ArgumentError, "`q`: got 2.0, expected a number from 0 to 1,"),
    (
        lambda: ops.percentile(M, 200),
        ArgumentError,
        "`q`: got 200, expected a number from 0 to 100",
    ),
    (lambda: ops.quantile(M, [[0.5]]), ArgumentError, "or a list of them"),
    (lambda: ops.median(M[:0]), ShapeError, r"`axis`: None of shape \(0, 6\) holds no element"),
    (lambda: ops.max(M[:0]), ShapeError, "holds no element"),
    (lambda: ops.sum(M, (0, -2)), ShapeError, r"`axis`: got \(0, -2\) .* one of them twice"),
    (lambda: ops.norm(M, 1, (0, 0)), ShapeError, "one of them twice"),
    (lambda: ops.norm(M[0], "fro"), ArgumentError, "`ord`: got 'fro' over 1 axes"),
    (lambda: ops.squeeze(M, 1.5), ArgumentTypeError, "`axis`: got 1.5, expected an int"),
    (lambda: ops.expand_dims(M, (0, 0)), ShapeError, "one of them twice"),
    (lambda: ops.cross(M, M), ShapeError, r"cross, `axisa`: got shape \(4, 6\), expected 2 or 3"),
    (lambda: ops.vander(M), ShapeError, r"vander, `x`: got shape \(4, 6\), expected one axis"),
    (lambda: ops.kron(X, M), OpenBatchError, "kron"),
    (lambda: ops.tri(2, k=0.5), ArgumentTypeError, "tri, `k`: got 0.5"),
    (lambda: ops.triu(M, "a"), ArgumentTypeError, "triu, `k`: got 'a'"),
    (lambda: ops.eye(2, k=0.5), ArgumentTypeError, "eye, `k`: got 0.5"),
    (lambda: ops.diag(M[0], "a"), ArgumentTypeError, "diag, `k`: got 'a'"),
    (lambda: ops.diagonal(M, 0.5), ArgumentTypeError, "diagonal, `offset`: got 0.5"),
    (lambda: ops.rot90(M, axes=(0, 0)), ArgumentError, "rot90, `axes`: got .* two different axes"),
    (lambda: ops.rot90(M, 0.5), ArgumentTypeError, "rot90, `k`: got 0.5"),
    (lambda: ops.round(M, 0.5), ArgumentTypeError, "round, `decimals`: got 0.5"),
    (lambda: ops.zeros(None), ArgumentTypeError, "shape: got None"),
    (lambda: ops.take(M, 0.5), DTypeError, "take, `indices`: got float32.*'int32'"),
    (lambda: ops.take_along_axis(M, M, 0), DTypeError, "take_along_axis, `indices`: got float32"),
    (lambda: ops.take_along_axis(M, [[[0]]], 0), ShapeError, "do not fit"),
    (lambda: ops.take_along_axis(M, [[0]]), ShapeError, "`axis`: got None, .*axis=-1"),
    (lambda: ops.bitwise_not(M), DTypeError, "bitwise_not, `x`: got float32, expected whole"),
    (lambda: ops.left_shift(K, 1.0), DTypeError, "left_shift, `y`: got float32"),
    (lambda: ops.right_shift(M, 1), DTypeError, "right_shift, `x`: got float32"),
    *(
        (lambda k=k: X[k], ArgumentError, "where a bool is no place. None adds an axis")
        for k in (True, (0, np.False_))
    ),
    (lambda: ops.ldexp(M, M), DTypeError, "ldexp, `x2`: got float32"),
    (lambda: ops.select([M > 0], [M, M]), ArgumentError, "`choicelist`: got 2 choices for 1"),
    (lambda: ops.repeat(M, [1, 2], 0), ArgumentError, "`repeats`: got 2 of them for 4 elements"),
    (lambda: ops.tensordot(M, M, ((0,), (0, 1))), ArgumentError, "tensordot, `axes`"),
    (lambda: ops.tensordot(M, M, 0.5), ArgumentTypeError, "tensordot, `axes`: got 0.5"),
    (
        lambda: ops.dot_product_attention(*[M[None, None]] * 3, attn_logits_soft_cap=0),
        ArgumentError,
        "`attn_logits_soft_cap`: got 0, expected a number above 0",
    ),
    (lambda: ops.quantile(M, 0.5, method="best"), ArgumentError, "`method`: got 'best'"),
    (lambda: ops.bincount(K), TraceError, "Give minlength"),
    (lambda: ops.segment_sum(X, K), TraceError, "`num_segments`"),
    (lambda: ops.norm(M, 3), ArgumentError, "`ord`: got 3 over 2 axes"),
    (lambda: ops.linspace(0, 1, -1), ArgumentError, "`num`: got -1"),
    (lambda: ops.one_hot(K, -1), ArgumentError, "one_hot, `num_classes`: got -1, .*at least 0"),
    (lambda: ops.one_hot(K, 1.5), ArgumentTypeError, "Write num_classes=int"),
    (lambda: ops.one_hot(K, None), ArgumentTypeError, "one_hot, `num_classes`: got None"),
    (lambda: ops.multi_hot(M, -1), ArgumentError, "multi_hot, `num_classes`: got -1"),
    (lambda: ops.unravel_index([1], (2, 0)), ShapeError, "`shape`: got .2, 0., expected positive"),
    (lambda: ops.rearrange(M, "a b -> a"), ArgumentError, "the same names on both sides of '->'"),
    (lambda: ops.rearrange(M, "a b -> b a", c=2), ArgumentError, "the same names on both sides"),
    (lambda: ops.correlate(M[0], M[1], "all"), ArgumentError, "correlate, `mode`: got 'all'"),
    (lambda: ops.hanning(-1), ArgumentError, "hanning, `x`: got -1"),
    (lambda: ops.arange("a"), ArgumentError, "arange: got start='a'"),
    (lambda: ops.arange(0, 1, 0), ArgumentError, "a step other than 0"),
    (lambda: ops.eye(-1), ArgumentError, "eye, `N`: got -1"),
    (lambda: ops.identity("a"), ArgumentTypeError, "eye, `N`: got 'a'"),
    (lambda: ops.eye(2, -1), ArgumentError, "eye, `M`: got -1"),
    (lambda: ops.tri(2, -1), ArgumentError, "tri, `M`: got -1"),
    (lambda: ops.zeros((2, -1)), ShapeError, r"shape: got \(2, -1\), expected sizes of at least 0"),
    (lambda: ops.ones(1.5), ArgumentTypeError, "shape: got 1.5, expected whole numbers"),
    (lambda: ops.bincount([1], minlength=-1), ArgumentError, "bincount, `minlength`: got -1"),
    (lambda: ops.segment_sum(M, [0] * 4, 1.5), ArgumentTypeError, "`num_segments`: got 1.5"),
    (
        lambda: ops.histogram(M, 0),
        ArgumentError,
        "histogram, `bins`: got 0, expected a positive int",
    ),
    (lambda: ops.repeat(M, -1), ArgumentError, "repeat, `repeats`: got -1"),
    (lambda: ops.tile(M, (1, 0.5)), ArgumentTypeError, "tile, `repeats`: got 0.5"),
    (lambda: ops.split(M, 0), ArgumentError, "split, `indices_or_sections`: got 0"),
    (lambda: ops.split(M, "a"), ArgumentTypeError, "split, `indices_or_sections`: got 'a'"),
    (lambda: ops.array_split(M, -1), ArgumentError, "array_split, `indices_or_sections`: got -1"),
    (lambda: ops.vander(M[0], -1), ArgumentError, "vander, `N`: got -1"),
    (lambda: ops.diff(M, -1), ArgumentError, "diff, `n`: got -1"),
    (lambda: ops.top_k(M, 1.5), ArgumentTypeError, "top_k, `k`: got 1.5"),
    (lambda: ops.in_top_k([0] * 4, M, -1), ArgumentError, "in_top_k, `k`: got -1"),
    (lambda: ops.roll(M, 0.5, 1), ArgumentTypeError, "roll, `shift`: got 0.5"),
    (
        lambda: ops.roll(M, (1, 2), 1),
        ArgumentError,
        r"`shift` and `axis`: got \(1, 2\) and 1",
    ),
    (lambda: ops.sum(M, "a"), ArgumentTypeError, "`axis`: got 'a', expected an int"),
    (lambda: ops.stack([M], 0.5), ArgumentTypeError, "`axis`: got 0.5, expected an int"),
    (lambda: ops.stack([]), ArgumentError, "stack, `x`: got no arrays"),
    (lambda: ops.concatenate([]), ArgumentError, "concatenate, `xs`: got no arrays"),
    (lambda: ops.meshgrid(M[0], indexing="ab"), ArgumentError, "'xy' or 'ij'"),
    (lambda: ops.searchsorted([1.0], M, "up"), ArgumentError, "`side`: got 'up'"),
    (lambda: ops.diagonal(M, 9), ShapeError, "`offset`: 9"),
    (lambda: ops.trace(M[0]), ShapeError, "at least two axes"),
    (lambda: ops.convert_to_numpy(X), TraceError, "run_eagerly"),
    (lambda: ops.add(M, "a"), DTypeError, "Give numbers"),
    (lambda: ops.add(M, None), DTypeError, "None cannot enter a computation"),
    (lambda: ops.exp([1.0, [2.0, 3.0]]), ShapeError, "unequal length"),
    (lambda: ops.exp(1j), DTypeError, "complex128"),
    (lambda: ops.zeros((2, "a")), ArgumentTypeError, "expected whole numbers"),
    (lambda: ops.exp(M, axis=1), ArgumentTypeError, r"exp: got 1 operand and the options \['axis"),
    (lambda: ops.exp(M, M), ArgumentTypeError, "exp: got 2 operands.*expected 1 operand"),
    (lambda: ops.add(M), ArgumentTypeError, "add: got 1 operand.*expected 2 operands"),
    (lambda: ops.where(M > 0), ArgumentError, "np.nonzero"),
    (lambda: ops.average(M, 1, [1.0, 2.0, 3.0]), ShapeError, "do not broadcast"),
    (lambda: ops.glu(M[:, :3]), ShapeError, "even size"),
    (lambda: f"{X:.2f}", TraceError, "text"),
    (lambda: ops.reshape(M, (-1, -1)), ShapeError, r"got \(-1, -1\), expected at most one -1"),
    (lambda: ops.reshape(X, (-1, 2, 12)), OpenBatchError, r"to \(-1, 2, 12\) mixes rows"),
    (lambda: ops.diagonal(X), OpenBatchError, "diagonal"),
    (lambda: ops.trace(X), OpenBatchError, "diagonal"),
    (lambda: ops.diag(K), OpenBatchError, "diag"),
    (lambda: ops.vander(K), OpenBatchError, "vander.*`N`"),
    (lambda: ops.glu(X, 0), OpenBatchError, "glu"),
    (lambda: ops.scatter_update(X, [[0, 0]], [1.0]), OpenBatchError, "scatter"),
    (lambda: ops.searchsorted(M, [1.0]), ShapeError, r"`sorted_sequence`: got shape \(4, 6\)"),
    (lambda: ops.bincount([1.5]), DTypeError, "bincount, `x`: got float32.*histogram"),
    (lambda: ops.add(K, 2**31), DTypeError, "2147483648 is none of int32.*cast"),
    (lambda: ops.equal([1, 2], -(2**40)), DTypeError, "-1099511627776 is none of int32"),
]


@pytest.mark.parametrize(("mistake", "kind", "words"), MISTAKES)
def test_a_mistake_is_told(
    mistake: Callable[[], object], kind: type[Exception], words: str
) -> None:
    assert issubclass(kind, RanvierError)
    with pytest.raises(kind, match=words):
        mistake()


@pytest.mark.parametrize(
    ("name", "way_out"), [("T", "ops.transpose"), ("sum", "ops.sum"), ("astype", "ops.cast")]
)
def test_methods_of_arrays_point_to_their_functions(name: str, way_out: str) -> None:
    with pytest.raises(AttributeError, match=way_out):
        getattr(X, name)


def test_an_error_keeps_its_words_through_pickle() -> None:
    error = OpenBatchError("flip.")
    assert str(pickle.loads(pickle.dumps(error))) == str(error)


def test_numbers_outside_of_a_table_take_the_nearest_row() -> None:
    table = np.arange(6.0).reshape(3, 2)
    assert ops.take(table, [5, -9], 0).tolist() == [[4, 5], [0, 1]]


def test_what_leaves_an_array_as_it_is_gives_an_array_of_ours() -> None:
    x = np.ones((2, 3))
    for same in (ops.transpose(x, (0, 1)), ops.reshape(x, (2, 3)), ops.einsum("ij->ij", x)):
        assert same.numpy().tolist() == x.tolist()


def test_branches_return_values_of_one_form():
    x = np.ones((4, 3), "float32")
    pair = ops.cond(False, lambda: {"a": x, "b": [x]}, lambda: {"a": -x, "b": [2 * x]})
    assert pair["a"][0, 0] == -1 and pair["b"][0][0, 0] == 2
    with pytest.raises(ArgumentError, match="cond: one function returns 2 values, another 1"):
        ops.cond(True, lambda: (x, x), lambda: x)
    with pytest.raises(ShapeError, match=r"cond: what the functions return .* one shape.*\(4, 2\)"):
        ops.cond(True, lambda: x, lambda: x[:, :2])
    with pytest.raises(ShapeError, match="switch: what the functions return"):
        ops.switch(0, [lambda a: a, lambda a: a[:, :2]], x)
    with pytest.raises(ArgumentError, match="switch, `branches`: got none"):
        ops.switch(0, [], x)


def test_a_loop_runs_as_often_as_is_known():
    count = input_node("count", (), "int32")
    with pytest.raises(TraceError, match="fori_loop, `upper`: got a traced value"):
        ops.fori_loop(0, count, lambda i, value: value + i, 0)
    assert ops.fori_loop(0, np.int32(3), lambda i, value: value + i, 0) == 3
