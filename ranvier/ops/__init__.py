"""The ops. `ALL` names every primitive; the functions here are what users call.

They work on arrays (and return arrays) and while a step is traced (and build its graph).
"""

# isort: off
from ..graph.node import OPERATORS, cast
from . import activation, contract, elementwise, index, reduce
from . import reshape as _moves
from .activation import (
    celu, elu, gelu, glu, hard_shrink, hard_sigmoid, hard_silu, hard_tanh, leaky_relu,
    log_sigmoid, log_softmax, mish, relu, relu6, selu, silu, soft_shrink, softmax, softplus,
    softsign, sparse_plus, sparse_sigmoid, sparsemax, squareplus, tanh_shrink, threshold,
)  # fmt: skip
from .contract import dot, einsum, matmul, outer, tensordot
from .elementwise import (
    absolute, add, arccos, arcsin, arctan, arctan2, ceil, clip, cos, cosh, divide, equal, erf,
    exp, expm1, floor, floor_divide, greater, greater_equal, isfinite, isinf, isnan, less,
    less_equal, log, log1p, logical_and, logical_not, logical_or, logical_xor, maximum, minimum,
    mod, multiply, negative, not_equal, power, reciprocal, rint, rsqrt, sigmoid, sign, sin, sinh, square,
    stop_gradient, subtract, tan, tanh, trunc, where,
)  # fmt: skip
from .elementwise import sqrt_ as sqrt
from .index import (
    arange, argsort, eye, full, full_like, in_top_k, iota, one_hot, ones, ones_like, sort, take,
    take_along_axis, top_k, zeros, zeros_like,
)  # fmt: skip
from .recording import recording
from .random import next_state, random_bits, random_normal, random_uniform
from .reduce import (
    all, any, argmax, argmin, cumsum, logsumexp, max, mean, min, norm, prod, std, sum, var,
)  # fmt: skip
from .reshape import (
    broadcast_to, concatenate, expand_dims, flip, getitem, moveaxis, ndim, pad, ravel, repeat,
    reshape, shape, split, squeeze, stack, swapaxes, tile, transpose,
)  # fmt: skip

ALL = {
    op.name: op
    for family in (elementwise, activation, reduce, _moves, contract, index)
    for op in family.OPS
}

OPERATORS.update(
    add=add, subtract=subtract, multiply=multiply, divide=divide, true_divide=divide,
    floor_divide=floor_divide, mod=mod, remainder=mod, power=power, matmul=matmul,
    negative=negative, absolute=absolute, less=less, less_equal=less_equal, greater=greater,
    greater_equal=greater_equal, equal=equal, not_equal=not_equal, logical_and=logical_and,
    logical_or=logical_or, logical_xor=logical_xor, logical_not=logical_not, getitem=getitem,
    exp=exp, expm1=expm1, log=log, log1p=log1p, sqrt=sqrt, square=square, tanh=tanh, sin=sin,
    cos=cos, tan=tan, arctan=arctan, arcsin=arcsin, arccos=arccos, sinh=sinh, cosh=cosh,
    arctan2=arctan2, sign=sign, maximum=maximum, minimum=minimum, floor=floor, ceil=ceil,
    rint=rint, trunc=trunc, isnan=isnan, isinf=isinf, isfinite=isfinite, reciprocal=reciprocal,
)  # fmt: skip

globals().update(recording(globals()))
